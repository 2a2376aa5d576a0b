"""Recording a breach and what is learned later, and what the organisation says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, QDateTime
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
)

from dpo_app import bootstrap
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.facts.breach_document import document_from_revision
from dpo_app.core.facts.fact_catalogue import BY_KEY, FactGroup
from dpo_app.core.facts.fact_choices import FactState
from dpo_app.core.organisation import Organisation
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.facts.difference_view import DifferenceView
from dpo_app.gui.widgets.day_fields import DayField
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.store import vault
from tests.builders import a_revision, an_organisation
from tests.gui.conftest import Hand, ScriptedDialogs


@pytest.fixture
def main(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> Any:
    """The window of a store without a breach."""
    desk = bootstrap.build(opened, "Tester")
    save_organisation(desk, an_organisation())
    desktop.use(opened, bootstrap.build(opened, "Tester"), opened.folder)
    hand.until(lambda: desktop.main is not None and not desktop.runner.busy())
    return desktop.main


def _dialog(main: Any, hand: Hand, name: str) -> QDialog:
    hand.until(lambda: main.findChild(QDialog, name) is not None)
    return main.findChild(QDialog, name)


def _said(main: Any) -> str:
    return " | ".join(each.text() for each in main.findChildren(QLabel) if each.isVisible())


def test_a_breach_is_recorded_and_its_clock_runs(desktop: Desktop, main: Any, hand: Hand) -> None:
    hand.click("new_breach")
    box = _dialog(main, hand, "breach_dialog")
    box.findChild(QPushButton, "breach_go").click()
    assert "Title" in box.findChild(QLabel, "breach_error").text()
    hand.until(lambda: any(each.text() == "Esimerkki Oy" for each in box.findChildren(QLineEdit)))
    title = next(each for each in box.findChildren(QLineEdit) if each.objectName() == "breach_title")
    hand.qtbot.keyClicks(title, "Register copied")
    box.findChild(QPushButton, "breach_go").click()
    hand.until(lambda: main.breach_id is not None and "Register copied" in _said(main))
    hand.until(lambda: "left" in _said(main) or "late" in _said(main))
    hand.until(lambda: not desktop.runner.busy())
    assert "100 %" not in _said(main)


def test_a_second_breach_takes_the_place_of_the_first_on_the_page_in_front(
    desktop: Desktop, main: Any, hand: Hand
) -> None:
    first = add_breach(desktop.office.desk, a_revision()).breach_id
    main.reload()
    hand.until(lambda: main.breach_id == first and not desktop.runner.busy())
    page = main.page("overview")
    hand.click("new_breach")
    box = _dialog(main, hand, "breach_dialog")
    hand.until(lambda: any(each.text() == "Esimerkki Oy" for each in box.findChildren(QLineEdit)))
    hand.qtbot.keyClicks(box.findChild(QLineEdit, "breach_title"), "Another one")
    box.findChild(QPushButton, "breach_go").click()
    hand.until(lambda: main.breach_id not in (None, first) and not desktop.runner.busy())
    hand.until(lambda: page.breach_id == main.breach_id and not desktop.runner.busy())
    assert main.title.toolTip() == "Another one" or "Another one" in _said(main)
    assert not page.timeline.isVisible()


def _facts(desktop: Desktop, main: Any, hand: Hand) -> Any:
    """Record a breach and show its facts."""
    add_breach(desktop.office.desk, a_revision())
    main.reload()
    hand.until(lambda: main.breach_id is not None)
    hand.click("tab_facts")
    hand.until(lambda: "Revision 1" in _said(main))
    return main.page("facts")


def _save(main: Any, hand: Hand, *seen: str) -> None:
    """Save the draft; the sheet before it says what follows."""
    hand.click("form_save")
    sheet = _dialog(main, hand, "follows_sheet")
    said = " | ".join(each.text() for each in sheet.findChildren(QLabel))
    for each in seen:
        assert each in said, said
    sheet.findChild(QPushButton, "follows_save").click()


def test_a_revision_shows_what_follows_then_what_changed_and_older_ones_stay(
    desktop: Desktop, main: Any, hand: Hand
) -> None:
    _facts(desktop, main, hand)
    assert not hand.shown("revision_picker") and not hand.shown("compare_revisions")
    hand.click("new_revision")
    hand.until(lambda: "Draft of revision 2" in _said(main))
    hand.type("title", "")
    hand.type("source", "Second report")
    hand.click("form_save")
    hand.until(lambda: bool(hand.text("form_error")))
    hand.type("title", "Register and log files copied")
    _save(main, hand, "Facts that differ: 1", "Persons who move: 0 of 0")
    hand.until(lambda: "Revision 2 beside revision 1" in _said(main))
    hand.until(lambda: "Register and log files copied" in _said(main))
    hand.click("compare_revisions")
    hand.until(lambda: "Revision 2 beside" not in _said(main) and hand.shown("rail_awareness"))
    picker = hand.find(QComboBox, "revision_picker")
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    hand.until(lambda: "Revision 2 counts now" in _said(main))
    hand.click("new_revision")
    hand.click("form_cancel")
    hand.until(lambda: hand.shown("revision_picker"))
    hand.until(lambda: not desktop.runner.busy())


def test_a_number_that_is_none_is_told_at_its_field(desktop: Desktop, main: Any, hand: Hand) -> None:
    page = _facts(desktop, main, hand)
    hand.click("new_revision")
    hand.type("source", "Report")
    hand.click("rail_persons")
    hand.type("data_persons", "many")
    hand.click("rail_nature")
    hand.click("form_save")
    hand.until(lambda: "whole number" in hand.text("form_error"))
    hand.until(lambda: hand.shown("data_persons"))
    assert "whole number" in page.form._fields["data.persons"].error.text()
    hand.click("form_cancel")
    hand.until(lambda: not desktop.runner.busy())
    with desktop.office.desk.read() as queries:
        assert len(queries.revisions(1)) == 1


def test_a_window_that_ends_before_it_begins_and_awareness_before_the_breach(
    desktop: Desktop, main: Any, hand: Hand
) -> None:
    _facts(desktop, main, hand)
    hand.click("new_revision")
    hand.type("source", "Report")
    hand.click("rail_windows")
    hand.find(DayField, "window_to_1").setDate(QDate(2018, 10, 1))
    hand.click("form_save")
    hand.until(lambda: "ends before it begins" in hand.text("form_error"))
    hand.find(DayField, "window_to_1").setDate(QDate(2018, 11, 30))
    hand.click("rail_awareness")
    hand.find(QDateTimeEdit, "awareness_at").setDateTime(QDateTime(2017, 1, 1, 12, 0, 0))
    hand.click("form_save")
    hand.until(lambda: "before the first window" in hand.text("form_error"))
    hand.find(QDateTimeEdit, "awareness_at").setDateTime(QDateTime(2030, 1, 1, 12, 0, 0))
    hand.click("form_save")
    hand.until(lambda: "later than the date" in hand.text("form_error"))
    hand.click("form_cancel")
    hand.until(lambda: not desktop.runner.busy())


def test_a_fact_that_is_not_yet_known_says_why_and_is_no_longer_open(desktop: Desktop, main: Any, hand: Hand) -> None:
    _facts(desktop, main, hand)
    assert "Data (2)" in hand.text("rail_data")
    hand.click("new_revision")
    hand.type("source", "Report")
    hand.click("rail_data")
    hand.click("state_data_records_not_yet_known")
    hand.type("reason_data_records", "The investigators count.")
    hand.until(lambda: "Data (1)" in hand.text("rail_data"))
    hand.click("more_data_text")
    hand.find(QPlainTextEdit, "data_text").setPlainText("Names and notes of visits.")
    hand.type("source_data_text", "Head of IT")
    hand.until(lambda: "(" not in hand.text("rail_data"))
    hand.click("rail_parties")
    hand.click("state_party_not_applicable")
    _save(main, hand, "State of: Number of records")
    hand.until(lambda: "Revision 2 beside revision 1" in _said(main) and not desktop.runner.busy())
    with desktop.office.desk.read() as queries:
        facts = queries.newest_revision(1).facts
    assert {each.key: each.state for each in facts.facts} == {
        "data.records": FactState.NOT_YET_KNOWN, "data.text": FactState.KNOWN, "party": FactState.NOT_APPLICABLE,
    }  # fmt: skip
    assert facts.fact("data.records").reason == "The investigators count."
    assert facts.fact("data.text").source == "Head of IT" and facts.data_text == "Names and notes of visits."


def test_rows_are_added_and_removed(desktop: Desktop, main: Any, hand: Hand) -> None:
    _facts(desktop, main, hand)
    hand.click("new_revision")
    hand.type("source", "Report")
    hand.click("rail_parties")
    hand.click("add_party")
    hand.click("add_party")
    hand.type("party_name_2", "Host Oy")
    hand.click("drop_party_1")
    hand.click("rail_statements")
    hand.click("add_statement")
    hand.type("statement_author_1", "Expert A")
    hand.find(QPlainTextEdit, "statement_text_1").setPlainText("From outside.")
    hand.click("rail_windows")
    hand.click("drop_window_2")
    _save(main, hand, "Other party: Host Oy", "Statement: Expert A", "Window: second")
    hand.until(lambda: "Revision 2 beside revision 1" in _said(main) and not desktop.runner.busy())
    with desktop.office.desk.read() as queries:
        facts = queries.newest_revision(1).facts
    assert [each.name for each in facts.parties] == ["Host Oy"] and [each.author for each in facts.statements] == [
        "Expert A"
    ]
    assert [each.name for each in facts.windows] == ["copy"]


def test_evidence_is_kept_checked_and_written_out_in_the_window(
    desktop: Desktop, main: Any, hand: Hand, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    _facts(desktop, main, hand)
    report = tmp_path / "report.txt"
    report.write_bytes(b"The way in was open.")
    hand.click("rail_evidence")
    dialogs.will("open_file", report)
    hand.until(lambda: hand.shown("add_evidence"))
    hand.click("add_evidence")
    sheet = _dialog(main, hand, "evidence_sheet")
    sheet.findChild(QLineEdit, "evidence_title").setText("Report of the investigators")
    sheet.findChild(QPushButton, "evidence_keep").click()
    hand.until(lambda: hand.shown("save_E1"))
    assert "Report of the investigators" in _said(main)
    hand.click("verify_evidence")
    hand.until(lambda: not desktop.runner.busy())
    dialogs.will("save_file", tmp_path / "again.txt")
    hand.click("save_E1")
    hand.until(lambda: (tmp_path / "again.txt").exists() and not desktop.runner.busy())
    assert (tmp_path / "again.txt").read_bytes() == b"The way in was open."
    with desktop.office.desk.read() as queries:
        assert {each.action for each in queries.trail.lines(limit=4)} >= {"evidence_verified", "evidence_saved"}


def test_every_group_of_the_form_can_be_opened_and_changes_nothing_by_itself(
    desktop: Desktop, main: Any, hand: Hand
) -> None:
    page = _facts(desktop, main, hand)
    hand.click("new_revision")
    before = document_from_revision(page.form._old)
    for group in FactGroup:
        hand.click(f"rail_{group.value}")
    after = page.form.document()
    assert set(page.form._fields) == set(BY_KEY)
    differing = {key for key in before if before[key] != after[key]} - {"known_as_of", "source"}
    assert not differing
    hand.click("form_cancel")
    hand.until(lambda: not desktop.runner.busy())


def test_the_organisation_is_kept_unless_a_field_cannot_be_read(desktop: Desktop, main: Any, hand: Hand) -> None:
    main.organisation()
    box = _dialog(main, hand, "organisation_dialog")
    zone = box.findChild(QLineEdit, "organisation_time_zone")
    hand.until(lambda: zone.text() == "Europe/Helsinki")
    zone.setText("Europe/Helsingfors")
    box.findChild(QPushButton, "organisation_go").click()
    hand.until(lambda: "no such time zone" in box.findChild(QLabel, "organisation_error").text())
    assert zone.selectedText()
    zone.setText("Europe/Stockholm")
    box.findChild(QPushButton, "organisation_go").click()
    hand.until(lambda: not box.isVisible())
    with desktop.office.desk.read() as queries:
        assert Organisation.from_document(queries.setting("organisation")).time_zone == "Europe/Stockholm"


def test_who_is_owed_more_leads_to_a_follow_up(qtbot: Any, qapp: Any) -> None:
    made = SavedRevision(1, 1, 1, "Tester", a_revision().known_as_of, a_revision())
    later = SavedRevision(2, 1, 2, "Tester", a_revision().known_as_of, a_revision(summary="Copied twice."))
    view = DifferenceView()
    qtbot.addWidget(view)
    found = {"new": later, "old": made, "moves": {("not_exposed", "possible"): 3}, "owed": 2, "told": ("FI",)}
    view.show_found(found | {"exposure": {}})
    said = " ".join(each.text() for each in view.findChildren(QLabel))
    assert "2 persons who were told are owed more" in said and "FI" in said and "3 persons move" in said
    with qtbot.waitSignal(view.follow_up_wanted, timeout=1000):
        view.findChild(QPushButton, "draft_follow_up").click()
    view.show_found(found | {"owed": 0, "exposure": {}})
    assert not [each for each in view.findChildren(QPushButton, "draft_follow_up") if not each.isHidden()]
