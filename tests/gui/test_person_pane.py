"""Everything about one person beside the list, and what may be decided there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QListWidget, QPlainTextEdit, QPushButton

from dpo_app import bootstrap
from dpo_app.core.ids import BatchId, PersonId, parse_ref
from dpo_app.core.persons.enquiry import EnquiryKind, EnquiryWay, Identity
from dpo_app.gui.desktop import Desktop
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.enquiries.log_enquiry import EnquiryDraft, log_enquiry
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.builders import a_register, a_revision, a_row, an_organisation
from tests.conftest import bring_in
from tests.gui.conftest import Hand, ScriptedDialogs

SECRET = {"Sukunimi": "Salainen", "Katuosoite": "Piilotie 7", "Turvakielto": "x"}


@pytest.fixture
def main(desktop: Desktop, hand: Hand, opened: vault.OpenStore, tmp_path: Path) -> Any:
    """The window with one told, who asked once, and one protected."""
    desk = bootstrap.build(opened, "Tester")
    save_organisation(desk, an_organisation())
    desk = bootstrap.build(opened, "Tester")
    breach_id = add_breach(desk, a_revision()).breach_id
    rows = [a_row(1, Ensikäynti="1.1.2019", Henkilötunnus="010152-901X"), a_row(2, **SECRET)]
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    made = export_emails(desk, breach_id, tmp_path / "mail")
    confirm_sent(desk, BatchId(parse_ref(made.reference, "L") or 0), made.planned)
    log_enquiry(desk, breach_id, EnquiryDraft(EnquiryWay.CALL, EnquiryKind.THREAT, desk.clock.now(), Identity.STRONG,
                                              PersonId(1)))  # fmt: skip
    desktop.use(opened, desk, opened.folder)
    hand.until(lambda: desktop.main.breach_id is not None and not desktop.runner.busy())
    return desktop.main


@pytest.fixture
def quiet(desktop: Desktop, hand: Hand) -> Any:
    return lambda: hand.until(lambda: not desktop.runner.busy())


def show(main: Any, hand: Hand, quiet: Any, person: int) -> Any:
    main.show_page("persons", {"person": person})
    quiet()
    hand.until(lambda: hand.shown("pane_more"))
    quiet()
    return main.page("persons").pane


def texts(pane: Any) -> str:
    return "\n".join(each.text() for each in pane.findChildren(QLabel) if each.isVisible())


def act(pane: Any, *path: str) -> None:
    """Choose an entry of the menu by its words."""
    menu = pane.more.menu()
    for text in path[:-1]:
        menu = next(a.menu() for a in menu.actions() if a.text() == text)
    next(a for a in menu.actions() if a.text() == path[-1]).trigger()


def test_the_text_that_was_sent_can_be_read(main: Any, hand: Hand, quiet: Any) -> None:
    pane = show(main, hand, quiet, 1)
    hand.until(lambda: "Call: Threat" in texts(pane))
    said = texts(pane)
    assert "aino1@example.com" in said and "010152-901X" not in said
    button = next(b for b in pane.findChildren(QPushButton) if b.objectName().startswith("show_message_"))
    button.click()
    hand.until(lambda: hand.shown("message_text"))
    assert "Hyvä Aino" in pane.findChild(QPlainTextEdit, "message_text").toPlainText()
    assert "the one that was kept" in hand.text("message_same")
    hand.click("close_message")
    quiet()
    with hand.desktop.office.desk.read() as queries:
        assert "message_shown" in [line.action for line in queries.trail.lines(limit=3)]


def test_a_protected_address_is_shown_by_a_click_that_is_noted(
    main: Any, hand: Hand, dialogs: ScriptedDialogs, quiet: Any, tmp_path: Path
) -> None:
    pane = show(main, hand, quiet, 2)
    assert "Piilotie" not in texts(pane)
    hand.until(lambda: hand.shown("show_address"))
    hand.click("show_address")
    quiet()
    assert "Piilotie 7" in texts(pane)
    with hand.desktop.office.desk.read() as queries:
        assert "address_shown" in [line.action for line in queries.trail.lines(limit=3)]
    dialogs.will("folder", tmp_path / "one")
    act(pane, "Write one letter to this person…")
    hand.until(lambda: bool(list((tmp_path / "one").rglob("*.pdf"))))
    quiet()
    assert "Piilotie" not in texts(pane), "hidden again"


def test_dates_show_what_they_move_before_they_are_kept(main: Any, hand: Hand, quiet: Any) -> None:
    pane = show(main, hand, quiet, 1)
    act(pane, "Correct the dates in the register…")
    hand.until(lambda: "stays" in hand.text("dates_outcome"))
    hand.type("dates_registered", "2018-11-10")
    hand.until(lambda: "Possible → Confirmed" in hand.text("dates_outcome"))
    assert "owed more: surer" in hand.text("dates_outcome") and not hand.find(QPushButton, "dates_go").isEnabled()
    hand.type("dates_registered", "10.13.2018")
    hand.until(lambda: "no date" in hand.text("dates_error"))
    hand.type("dates_registered", "2018-11-10")
    hand.until(lambda: "Confirmed" in hand.text("dates_outcome"))
    hand.type("dates_reason", "the contract says so")
    hand.click("dates_go")
    hand.until(lambda: "Exposure: Confirmed" in texts(pane))
    quiet()


def test_a_mark_says_what_it_does(main: Any, hand: Hand, dialogs: ScriptedDialogs, quiet: Any) -> None:
    pane = show(main, hand, quiet, 1)
    dialogs.will("text", "asked by telephone")
    act(pane, "Mark for care", "asked not to be written to")
    hand.until(lambda: "Asked not to be written to." in texts(pane))
    quiet()
    assert "Nothing is sent until it is decided" in texts(pane)
    dialogs.will("text", "a mistake")
    act(pane, "Take a mark off", "asked not to be written to")
    hand.until(lambda: "Asked not to be written to." not in texts(pane))
    quiet()


def test_an_enquiry_begins_from_the_pane(main: Any, hand: Hand, quiet: Any) -> None:
    pane = show(main, hand, quiet, 1)
    assert pane.isVisible()
    with hand.desktop.office.desk.read() as queries:
        code = queries.person_lines(1, [1])[0].code
    hand.click("pane_enquiry")
    quiet()
    hand.until(lambda: hand.shown("enquiry_code"))
    assert hand.text("enquiry_code").replace("-", "") == code
    hand.qtbot.keyClick(hand.window, Qt.Key.Key_Escape)


def values(main: Any) -> dict[int, dict[str, Any]]:
    with main.office.desk.read() as queries:
        found: dict[int, dict[str, Any]] = queries.links.values([1, 2])
        return found


def test_a_name_is_corrected_and_taken_back_from_the_pane(main: Any, hand: Hand, quiet: Any) -> None:
    pane = show(main, hand, quiet, 1)
    before = values(main)
    act(pane, "Correct name or contact data…")
    hand.until(lambda: hand.shown("correct_sheet"))
    assert not hand.find(QPushButton, "correct_go").isEnabled(), "nothing differs"
    hand.type("correct_email", "no address")
    hand.click("correct_go")
    hand.until(lambda: bool(hand.text("correct_error")))
    hand.type("correct_email", "uusi@example.com")
    hand.type("correct_family_name", "Uusinimi")
    hand.click("correct_go")
    hand.until(lambda: hand.shown("pane_take_back"))
    quiet()
    after = values(main)[1]
    assert (after["family_name"], after["email"]) == ("Uusinimi", "uusi@example.com")
    assert "Uusinimi" in pane.name.text()
    hand.click("pane_take_back")
    hand.until(lambda: values(main) == before)
    quiet()
    assert not hand.shown("pane_take_back")


def test_a_correction_leads_to_no_protected_address(main: Any, hand: Hand, quiet: Any) -> None:
    pane = show(main, hand, quiet, 1)
    before = values(main)
    act(pane, "Correct name or contact data…")
    hand.until(lambda: hand.shown("correct_sheet"))
    for name, text in (("street", "Piilotie 7"), ("postcode", before[2]["postcode"]), ("town", before[2]["town"])):
        hand.type(f"correct_{name}", text)
    hand.click("correct_go")
    hand.until(lambda: "Not corrected" in hand.text("correct_error"))
    assert values(main) == before
    hand.click("correct_later")
    pane = show(main, hand, quiet, 2)
    hand.until(lambda: "Salainen" in pane.name.text())
    act(pane, "Correct name or contact data…")
    hand.until(lambda: hand.shown("correct_sheet"))
    assert hand.text("correct_street") == "" and "Piilotie" not in texts(pane)
    hand.find(QCheckBox, "correct_protected").click()
    assert hand.text("correct_street") == "Piilotie 7"
    quiet()
    with main.office.desk.read() as queries:
        assert queries.trail.lines(limit=1)[0].action == "address_shown"
    hand.click("correct_later")


def test_two_persons_become_one_and_two_again_from_the_pane(main: Any, hand: Hand, quiet: Any) -> None:
    pane = show(main, hand, quiet, 1)
    before = values(main)
    act(pane, "The same person as another…")
    hand.until(lambda: hand.shown("same_sheet"))
    hand.type("same_search", "Salainen")
    found = hand.find(QListWidget, "same_found")
    hand.until(lambda: found.count() == 1)
    assert not hand.find(QPushButton, "same_go").isEnabled(), "no reason yet"
    hand.type("same_reason", "one person with two numbers")
    hand.click("same_go")
    hand.until(lambda: hand.shown("pane_take_back"))
    quiet()
    assert set(values(main)) == {1}
    hand.click("pane_take_back")
    hand.until(lambda: values(main) == before)
    quiet()
