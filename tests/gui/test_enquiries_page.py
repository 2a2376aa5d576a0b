"""The enquiry desk as the officer uses it: by keyboard alone, and with nothing shown before identity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QPushButton

from dpo_app import bootstrap
from dpo_app.core.ids import BatchId, PersonId, grouped, parse_ref
from dpo_app.gui.desktop import Desktop
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.builders import a_register, a_revision, a_row, an_organisation
from tests.conftest import bring_in
from tests.gui.conftest import Hand, ScriptedDialogs

ROWS = [a_row(1, Ensikäynti="3.2.2012"), a_row(2)]


@pytest.fixture
def told(desktop: Desktop, hand: Hand, opened: vault.OpenStore, tmp_path: Path) -> str:
    """The window with two persons told; returns the code of the first one's message."""
    desk = bootstrap.build(opened, "Tester")
    save_organisation(desk, an_organisation())
    desk = bootstrap.build(opened, "Tester")
    breach_id = add_breach(desk, a_revision()).breach_id
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", ROWS))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    made = export_emails(desk, breach_id, tmp_path / "mail")
    confirm_sent(desk, BatchId(parse_ref(made.reference, "L") or 0), made.planned)
    with desk.read() as queries:
        (person,) = queries.find_persons(breach_id, "A1001")
        token = queries.person_deliveries(PersonId(person))[0].token
    desktop.use(opened, desk, opened.folder)
    hand.until(lambda: desktop.main.breach_id is not None and not desktop.runner.busy())
    hand.click("tab_enquiries")
    hand.until(lambda: not desktop.runner.busy())
    return grouped(token)


@pytest.fixture
def quiet(desktop: Desktop, hand: Hand) -> Any:
    return lambda: hand.until(lambda: not desktop.runner.busy())


def shown_texts(hand: Hand) -> str:
    page = hand.desktop.main.page("enquiries")
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def test_from_ring_to_saved_by_keyboard_alone(desktop: Desktop, hand: Hand, told: str, quiet: Any) -> None:
    field = hand.find(QLineEdit, "enquiry_code")
    assert QApplication.focusWidget() is field or field.hasFocus() or not desktop.main.isActiveWindow()
    hand.qtbot.keyClicks(field, told)
    hand.qtbot.keyClick(field, Qt.Key.Key_Return)
    hand.until(lambda: hand.shown("code_result"))
    quiet()
    assert hand.text("code_result") == "The message is genuine"
    assert "Sukunenb" not in shown_texts(hand) and "fi" in hand.find(QComboBox, "answer_language").currentData()
    fact = hand.find(QLineEdit, "fact_customer_number")
    hand.qtbot.keyClicks(fact, "a1001")
    hand.qtbot.keyClick(fact, Qt.Key.Key_Return)
    hand.until(lambda: hand.shown("aside_name"))
    quiet()
    assert hand.text("identity_verdict") == "Established: code and a fact"
    form = desktop.main.page("enquiries").form
    hand.qtbot.keyClick(form, Qt.Key.Key_4)
    quiet()
    assert "uuden osoitteenne" in hand.text("answer")
    note = hand.find(QPlainTextEdit, "enquiry_note")
    hand.qtbot.keyClicks(note, "Kotikatu 7, 33100 Tampere 123")
    hand.qtbot.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: "All 1" in hand.text("enquiries_all"))
    quiet()
    assert not hand.shown("aside_name") and hand.text("enquiry_code") == "" and not note.toPlainText()
    with desktop.office.desk.read() as queries:
        (line,) = queries.enquiries(1)
    assert (line.kind, line.way, line.identity) == ("new_address", "call", "code_and_fact")
    assert line.person_id is not None and line.note.endswith("123") and line.answer == "new_address@1.0/fi"


def test_a_code_that_is_not_ours_and_a_name_say_nothing(hand: Hand, told: str, quiet: Any) -> None:
    field = hand.find(QLineEdit, "enquiry_code")
    hand.qtbot.keyClicks(field, "K7Q2-M9X4-T3AB")
    hand.qtbot.keyClick(field, Qt.Key.Key_Return)
    hand.until(lambda: hand.shown("code_result"))
    quiet()
    assert hand.text("code_result") == "Not one of our codes"
    for name in ("Sukunenb", "Nobody at all"):
        field.clear()
        hand.qtbot.keyClicks(field, name)
        hand.click("compare")
        quiet()
        assert not hand.shown("code_result") and not hand.shown("aside_name")
        assert hand.text("identity_verdict") == "Not established"
    hand.qtbot.keyClick(hand.desktop.main.page("enquiries").form, Qt.Key.Key_2)
    quiet()
    assert "kyllä enkä ei" in hand.text("answer")


def test_rare_kinds_follow_zero_and_bad_entries_are_refused(hand: Hand, told: str, quiet: Any) -> None:
    hand.click("save_enquiry")
    assert "Choose a kind" in hand.text("enquiry_error")
    form = hand.desktop.main.page("enquiries").form
    hand.qtbot.keyClick(form, Qt.Key.Key_0)
    hand.until(lambda: hand.shown("kind_why_late"))
    hand.qtbot.keyClick(form, Qt.Key.Key_2)
    quiet()
    assert "28. syyskuuta 2020" in hand.text("answer")
    hand.find(QComboBox, "answer_language").setCurrentIndex(1)
    quiet()
    assert "28 september 2020" in hand.text("answer")
    hand.type("enquiry_due", "31.2.2030")
    hand.click("save_enquiry")
    assert "no date" in hand.text("enquiry_error")


def test_a_request_is_open_until_it_is_closed(
    desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, told: str, quiet: Any, tmp_path: Path
) -> None:
    hand.qtbot.keyClicks(hand.find(QLineEdit, "enquiry_code"), told)
    hand.qtbot.keyClick(hand.find(QLineEdit, "enquiry_code"), Qt.Key.Key_Return)
    hand.until(lambda: hand.shown("code_result"))
    hand.type("fact_customer_number", "A1001")
    hand.click("compare")
    hand.until(lambda: hand.shown("aside_record"))
    dialogs.will("save_file", tmp_path / "record.pdf")
    hand.click("aside_record")
    hand.until(lambda: (tmp_path / "record.pdf").exists())
    quiet()
    hand.click("kind_access")
    quiet()
    hand.click("save_enquiry")
    hand.until(lambda: "Open 1" in hand.text("enquiries_open"))
    hand.until(lambda: hand.find(QPushButton, "tab_enquiries").accessibleName() == "Enquiries, 1")
    quiet()
    listed = hand.find(QListWidget, "enquiry_list")
    assert listed.currentRow() == -1, listed.currentRow()
    listed.setCurrentRow(0)
    dialogs.will("text", "sent the record by post")
    hand.until(lambda: hand.shown("close_enquiry"))
    hand.click("close_enquiry")
    hand.until(lambda: "Open 0" in hand.text("enquiries_open"))
    hand.until(lambda: hand.find(QPushButton, "tab_enquiries").accessibleName() == "Enquiries")
    quiet()
    hand.click("enquiries_all")
    quiet()
    assert hand.find(QListWidget, "enquiry_list").count() == 1
