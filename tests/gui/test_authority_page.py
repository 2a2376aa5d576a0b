"""Authority in the window: from a message to a first notice as PDF and JSON, and to a follow-up after a new revision."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
)

from dpo_app import bootstrap
from dpo_app.core.facts.breach import Awareness, Basis, Count
from dpo_app.core.ids import BreachId
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.form_assistant import FormAssistant
from dpo_app.gui.pages.authority.authority_page import AuthorityPage
from dpo_app.gui.pages.authority.directory_sheet import DirectorySheet
from dpo_app.services.authority.tell_authority import draft_authority_notice
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.builders import a_revision, an_organisation
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import go_to

BREACH = BreachId(1)


@pytest.fixture
def desk(opened: vault.OpenStore) -> Desk:
    """A store whose breach became known three hours ago."""
    save_organisation(bootstrap.build(opened, "Tester"), an_organisation(sector="private", size="sme"))
    made = bootstrap.build(opened, "Tester")
    now = made.clock.now()
    add_breach(made, a_revision(awareness=Awareness(now - timedelta(hours=3), "Message"), known_as_of=now, windows=()))
    return made


class Sheets:
    """The sheet in front, as the officer uses it."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    def front(self, name: str) -> QDialog:
        found = [each for each in self.hand.window.findChildren(QDialog, name) if each.isVisible()]
        assert found, f"no sheet {name}"
        return found[-1]

    def fill(self, sheet: QDialog) -> None:
        """Give the field of a sheet an answer of its kind: the first real option, a tick, some words."""
        for combo in sheet.findChildren(QComboBox, "field_choice"):
            combo.setCurrentIndex(1)
        ticks = [each for each in sheet.findChildren(QCheckBox) if each.objectName().startswith("tick_")]
        if ticks and not any(each.isChecked() for each in ticks):
            ticks[0].setChecked(True)
        for edit in sheet.findChildren(QPlainTextEdit, "field_text"):
            self.hand.qtbot.keyClicks(edit, "In plain words.")
        for line in sheet.findChildren(QLineEdit, "field_line"):
            self.hand.qtbot.keyClicks(line, "28.9.2020")

    def press(self, sheet: QDialog, name: str) -> None:
        button = sheet.findChild(QPushButton, name)
        assert button is not None and button.isEnabled(), name
        button.click()
        self.hand.until(lambda: not sheet.isVisible() and not self.hand.desktop.runner.busy())


def press(hand: Hand, name: str) -> None:
    """Press what the page may only be about to show."""
    hand.until(lambda: hand.shown(name))
    hand.click(name)


def settle(hand: Hand, page: AuthorityPage) -> None:
    """Answer what must be answered, field by field from the banner, and leave the rest open."""
    sheets = Sheets(hand)
    for _turn in range(30):
        hand.until(lambda: not hand.desktop.runner.busy())
        assert page.view is not None and page.view.case is not None
        case = page.view.case
        if not [gap for gap in case.filled.gaps if not case.template.field(gap.key).open]:
            break
        key = next(gap.key for gap in case.filled.gaps if not case.template.field(gap.key).open)
        place = next(n for n, part in enumerate(page.parts, 1) if key in {f.key for f in part.fields})
        press(hand, f"part_{place}")
        press(hand, f"write_{key}")
        sheet = sheets.front("field_sheet")
        sheets.fill(sheet)
        sheets.press(sheet, "field_go")
    if case.filled.gaps:
        press(hand, "banner_act_1")
        sheet = sheets.front("open_sheet")
        hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "rest_reason"), "The investigation goes on")
        hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "rest_due"), "31.1.2099")
        sheets.press(sheet, "rest_go")
    hand.until(lambda: page.act.isEnabled() and not hand.desktop.runner.busy())


def approve(hand: Hand, page: AuthorityPage, dialogs: ScriptedDialogs, folder: Path) -> None:
    dialogs.will("folder", folder)
    hand.click("authority_act")
    sheet = Sheets(hand).front("approve_authority_sheet")
    go = sheet.findChild(QPushButton, "approve_authority_go")
    assert go is not None and not go.isEnabled()
    tick = sheet.findChild(QCheckBox, "authority_read")
    assert tick is not None
    tick.setChecked(True)
    Sheets(hand).press(sheet, "approve_authority_go")
    hand.until(lambda: not hand.desktop.runner.busy() and "Record" in page.act.text())


def hand_in(hand: Hand, page: AuthorityPage, dialogs: ScriptedDialogs, receipt: Path, reference: str) -> None:
    hand.click("authority_act")
    sheet = Sheets(hand).front("handed_in_sheet")
    hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "handed_in_number"), reference)
    dialogs.will("open_file", receipt)
    choose = sheet.findChild(QPushButton, "handed_in_file")
    assert choose is not None
    choose.click()
    Sheets(hand).press(sheet, "handed_in_go")
    hand.until(lambda: not hand.desktop.runner.busy() and "follow-up" in page.act.text())


def test_from_a_message_to_a_first_notice_and_to_a_follow_up(
    desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, opened: vault.OpenStore, desk: Desk, tmp_path: Path
) -> None:
    page: AuthorityPage = go_to(desktop, hand, opened, desk, "authority")
    assert "1" in hand.text("tab_authority"), "the badge says that something waits"
    hand.click("empty_other")
    hand.until(lambda: hand.shown("authority_act") and not desktop.runner.busy())
    assert not page.act.isEnabled() and page.act.toolTip()
    settle(hand, page)
    out = tmp_path / "out"
    out.mkdir()
    approve(hand, page, dialogs, out)
    assert sorted(each.suffix for each in out.iterdir()) == [".json", ".pdf"]
    document = json.loads(next(out.glob("*.json")).read_text("utf-8"))
    assert document["phase"] == "initial" and document["completeness"] == "incomplete"
    receipt = tmp_path / "receipt.txt"
    receipt.write_text("received")
    hand_in(hand, page, dialogs, receipt, "2026/4471")
    with desk.read() as queries:
        told = queries.authority_told(BREACH)
        assert [(each.authority, each.reference) for each in told] == [("FI", "2026/4471")]
        assert queries.authority_events(BREACH)[0].files[0].name == "receipt.txt"
        facts = queries.newest_revision(BREACH).facts
    hand.until(lambda: hand.text("tab_authority").strip() == "Authority")
    newer = replace(facts, persons=Count(900, Basis.EXACT), known_as_of=desk.clock.now(), summary="More is known.")
    revise_breach(desk, BREACH, newer)
    desktop.main.office.told("", *page.topics)
    hand.until(lambda: "1" in hand.text("tab_authority") and not desktop.runner.busy())
    hand.click("authority_act")
    hand.until(lambda: hand.shown("part_changed") and not desktop.runner.busy())
    assert hand.text("section_title").startswith("Changed") and "500" in hand.text("was_persons")
    assert hand.text("value_persons") == "900"
    settle(hand, page)
    approve(hand, page, dialogs, out)
    assert len(list(out.iterdir())) == 4
    hand_in(hand, page, dialogs, receipt, "2026/4471-2")


def test_fields_are_copied_and_a_change_is_seen(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk
) -> None:
    draft_authority_notice(desk, BREACH)
    page: AuthorityPage = go_to(desktop, hand, opened, desk, "authority")
    place = next(n for n, part in enumerate(page.parts, 1) if "summary" in {f.key for f in part.fields})
    press(hand, f"part_{place}")
    press(hand, "copy_summary")
    assert QGuiApplication.clipboard().text() == "Copied."
    assert "x-kde-passwordManagerHint" in QGuiApplication.clipboard().mimeData().formats()
    hand.until(lambda: hand.shown("mark_summary"))
    assert hand.text("mark_summary").startswith("copied") and hand.text("copied_count").startswith("1 of")
    hand.click("write_summary")
    sheet = Sheets(hand).front("field_sheet")
    edit = sheet.findChild(QPlainTextEdit, "field_text")
    assert edit is not None
    edit.setPlainText("Otherwise.")
    Sheets(hand).press(sheet, "field_go")
    hand.until(lambda: hand.shown("mark_summary") and hand.text("mark_summary") == "changed since copied")
    hand.click("tab_overview")
    hand.until(lambda: not desktop.runner.busy())
    with desk.read() as queries:
        assert queries.setting("copied.N1")["summary"][0] == "Copied.", "what was copied outlives the window"
    desktop.main.close()
    assert QGuiApplication.clipboard().text() != "Copied.", "the clipboard is emptied when the store is left"


def test_the_assistant_hands_over_one_field_at_a_time(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk
) -> None:
    draft_authority_notice(desk, BREACH)
    page: AuthorityPage = go_to(desktop, hand, opened, desk, "authority")
    hand.click("form_assistant_open")
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, FormAssistant))
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint

    def said(name: str) -> str:
        found = window.findChild(QLabel, name)
        assert found is not None
        return found.text()

    first = said("assistant_name")
    total = said("assistant_progress").split()[2]
    assert said("assistant_progress").startswith("0 of") and int(total) > 10
    with hand.qtbot.waitActive(window):
        window.activateWindow()
    hand.qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert said("assistant_progress").startswith("1 of") and said("assistant_state").startswith("copied")
    assert QGuiApplication.clipboard().text() == said("assistant_value")
    hand.qtbot.keyClick(window, Qt.Key.Key_Down)
    assert said("assistant_name") != first and said("assistant_state") == "not copied yet"
    hand.qtbot.keyClick(window, Qt.Key.Key_Up)
    assert said("assistant_name") == first
    for _turn in range(int(total)):
        window.step(1)
        assert said("assistant_value"), said("assistant_name")
    assert page.copied.text().startswith("1 of")
    window.close()
    hand.until(lambda: not desktop.runner.busy())
    with desk.read() as queries:
        assert len(queries.setting("copied.N1")) == 1


def test_a_draft_from_older_facts_takes_the_newest_over(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk
) -> None:
    draft_authority_notice(desk, BREACH)
    with desk.read() as queries:
        facts = queries.newest_revision(BREACH).facts
    revise_breach(desk, BREACH, replace(facts, summary="Newer.", known_as_of=desk.clock.now()))
    page: AuthorityPage = go_to(desktop, hand, opened, desk, "authority")
    assert "revision 2 is the newest" in hand.text("banner_text") and not page.act.isEnabled()
    press(hand, "banner_act_0")
    hand.until(lambda: page.view is not None and page.view.case is not None and not page.view.case.outdated)
    assert page.view is not None and page.view.case is not None and page.view.case.texts["summary"] == "Newer."


def test_who_is_owed_is_named_with_the_reason_and_can_be_written_to(
    desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, opened: vault.OpenStore, desk: Desk
) -> None:
    draft_authority_notice(desk, BREACH, "SE")
    page: AuthorityPage = go_to(desktop, hand, opened, desk, "authority")
    hand.until(lambda: hand.shown("owed_0"))
    assert hand.text("owed_0") == "Tietosuojavaltuutetun toimisto"
    press(hand, "write_to_FI")
    hand.until(lambda: page.view is not None and len(page.view.lines) == 2 and not desktop.runner.busy())
    press(hand, "notice_1")
    hand.until(lambda: page.view is not None and page.view.case is not None and page.view.case.authority.id == "SE")
    hand.click("log_add")
    sheet = Sheets(hand).front("log_sheet")
    note = sheet.findChild(QPlainTextEdit, "log_note")
    assert note is not None
    hand.qtbot.keyClicks(note, "They asked for the report.")
    Sheets(hand).press(sheet, "log_go")
    with desk.read() as queries:
        assert [each.note for each in queries.authority_events(BREACH)] == ["They asked for the report."]
    press(hand, "correct_1")
    sheet = Sheets(hand).front("log_sheet")
    note = sheet.findChild(QPlainTextEdit, "log_note")
    assert note is not None and note.toPlainText() == "They asked for the report."
    note.setPlainText("They asked for the minutes.")
    Sheets(hand).press(sheet, "log_go")
    hand.until(lambda: not desktop.runner.busy() and hand.shown("correct_2"))
    with desk.read() as queries:
        entries = queries.authority_events(BREACH)
    assert [(each.note, each.corrects) for each in entries][1] == ("They asked for the minutes.", 1)
    press(hand, "another_notice")
    sheet = Sheets(hand).front("draft_sheet")
    kind = sheet.findChild(QComboBox, "draft_kind")
    go = sheet.findChild(QPushButton, "draft_go")
    assert kind is not None and go is not None
    kind.setCurrentIndex(kind.count() - 1)
    go.click()
    error = sheet.findChild(QLabel, "draft_error")
    assert error is not None
    hand.until(lambda: "has not been given a first notice yet" in error.text())
    choice, language = sheet.findChild(QComboBox, "authority_choice"), sheet.findChild(QComboBox, "draft_language")
    assert choice is not None and language is not None
    kind.setCurrentIndex(0)
    choice.setCurrentIndex(choice.findData("UK"))
    language.setCurrentIndex(language.findData("sv"))
    Sheets(hand).press(sheet, "draft_go")
    hand.until(lambda: page.view is not None and page.view.case is not None and page.view.case.authority.id == "UK")
    assert page.view is not None and page.view.case is not None and page.view.case.notice.language == "sv"


def test_what_an_organisation_is_goes_into_the_notice(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk
) -> None:
    page: AuthorityPage = go_to(desktop, hand, opened, desk, "authority")
    desktop.main.organisation()
    dialog: Any = Sheets(hand).front("organisation_dialog")
    hand.until(lambda: dialog.fields["name"].text() == "Esimerkki Oy")
    hand.qtbot.keyClicks(dialog.fields["business_id"], "1234567-8")
    kind = dialog.choices["id_kind"]
    kind.setCurrentIndex(kind.findData("company_id"))
    Sheets(hand).press(dialog, "organisation_go")
    hand.click("empty_other")
    hand.until(lambda: page.view is not None and page.view.case is not None)
    assert page.view is not None and page.view.case is not None
    assert page.view.case.texts["id"] == "1234567-8" and page.view.case.texts["id_kind"] == "Y-tunnus"


def test_the_directory_is_found_by_words(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> None:
    go_to(desktop, hand, opened, desk, "authority")
    sheet = DirectorySheet(desktop.main, desktop.main.office)
    sheet.open()
    table, search = sheet.findChild(QTableWidget, "directory_table"), sheet.findChild(QLineEdit, "directory_search")
    assert table is not None and search is not None and table.rowCount() >= 50
    hand.qtbot.keyClicks(search, "bayern")
    assert [table.item(0, column).text() for column in (0, 6)] == ["DE-BY", "(unverified)"]
    sheet.accept()
