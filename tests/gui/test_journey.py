"""The main job in the window, as the officer does it: import, look, write, approve, make, confirm, prove."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTableView

from dpo_app import bootstrap
from dpo_app.gui.desktop import Desktop
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.store import vault
from tests.builders import a_register, a_revision, a_row, an_organisation
from tests.gui.conftest import Hand, ScriptedDialogs

ROWS = [
    a_row(1), a_row(2, **{"Sähköposti": ""}), a_row(3, **{"Sähköposti": "", "Kieli": "sv"}), a_row(4),
    a_row(5, **{"Turvakielto": "x"}), a_row(4), a_row(7, **{"Ensikäynti": "31.2.2012"}),
]  # fmt: skip


@pytest.fixture
def main(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> Any:
    """The window of a store with an organisation and a breach."""
    desk = bootstrap.build(opened, "Tester")
    save_organisation(desk, an_organisation())
    desk = bootstrap.build(opened, "Tester")
    add_breach(desk, a_revision())
    desktop.use(opened, desk, opened.folder)
    hand.until(lambda: desktop.main.breach_id is not None and not desktop.runner.busy())
    return desktop.main


@pytest.fixture
def quiet(desktop: Desktop, hand: Hand) -> Any:
    """Wait until nothing runs."""
    return lambda: hand.until(lambda: not desktop.runner.busy())


def _standing(desktop: Desktop) -> Any:
    with desktop.office.desk.read() as queries:
        saved = queries.newest_revision(1)
        return queries.standings(1, saved.id)


def _bring_in(hand: Hand, dialogs: ScriptedDialogs, quiet: Any, path: Path) -> None:
    hand.click("tab_persons")
    quiet()
    hand.click("import_persons") if not hand.shown("empty_action") else hand.click("empty_action")
    dialogs.will("open_file", path)
    hand.click("import_next")
    hand.until(lambda: hand.text("import_next") == "Go on to problems")


def test_the_whole_way_in_the_window(
    desktop: Desktop, main: Any, hand: Hand, dialogs: ScriptedDialogs, quiet: Any, tmp_path: Path
) -> None:
    _bring_in(hand, dialogs, quiet, a_register(tmp_path / "register.csv", ROWS))
    hand.click("import_next")
    hand.until(lambda: "7 rows = 5 new" in hand.text("import_sum"))
    assert "1 duplicate + 1 rejected" in hand.text("import_sum")
    for said in ("Go on", "Accept 5 persons"):
        hand.click("import_next")
        hand.until(lambda said=said: hand.text("import_next") == said)
    assert hand.text("import_next") == "Accept 5 persons"
    hand.click("import_next")
    hand.until(lambda: hand.shown("person_table"))
    quiet()
    table = hand.find(QTableView, "person_table")
    assert table.model().rowCount() == 5
    hand.click("filter_care")
    hand.until(lambda: table.model().rowCount() == 1)
    hand.click("filter_all")
    hand.until(lambda: table.model().rowCount() == 5)
    hand.type("person_search", "sukunenb")
    hand.until(lambda: table.model().rowCount() == 1)
    table.selectRow(0)
    hand.until(lambda: hand.shown("pane_more"))
    hand.type("person_search", "")
    _write(desktop, main, hand, quiet)
    _send(desktop, hand, dialogs, quiet, tmp_path)
    _prove(desktop, hand, dialogs, quiet, tmp_path)


def _write(desktop: Desktop, main: Any, hand: Hand, quiet: Any) -> None:
    hand.click("tab_notices")
    quiet()
    hand.click("empty_action")
    hand.until(lambda: hand.shown("approve"))
    quiet()
    hand.until(lambda: hand.shown("preview_page") or hand.shown("preview_mail"))
    hand.click("language_sv")
    quiet()
    hand.click("language_fi")
    quiet()
    hand.until(lambda: hand.find(QPushButton, "approve").isEnabled())
    hand.click("approve")
    sheet = main.findChild(object, "approve_sheet")
    go = sheet.findChild(QPushButton, "approve_go")
    assert not go.isEnabled()
    for tick in sheet.findChildren(QCheckBox):
        tick.setChecked(True)
    assert not go.isEnabled()
    hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "approved_by"), "Maija Mallikas")
    go.click()
    hand.until(lambda: hand.shown("new_version"))
    quiet()
    assert not hand.shown("approve")


def _send(desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, quiet: Any, tmp_path: Path) -> None:
    hand.click("tab_sending")
    quiet()
    hand.click("part_letters")
    hand.until(lambda: hand.find(QPushButton, "make_letters").isEnabled())
    dialogs.will("folder", tmp_path / "letters")
    hand.click("make_letters")
    hand.until(lambda: hand.shown("confirm_posted"))
    quiet()
    assert len(list((tmp_path / "letters").rglob("*.pdf"))) >= 1
    hand.click("part_email")
    dialogs.will("folder", tmp_path / "mail")
    hand.click("make_emails")
    hand.until(lambda: _standing(desktop).on_the_way == 4)
    quiet()
    assert len(list((tmp_path / "mail").rglob("*.eml"))) == 2
    hand.click("part_letters")
    dialogs.will("text", "no date")
    hand.click("confirm_posted")
    assert "no date" in dialogs.wrong[-1]
    dialogs.will("text", date.today().isoformat())
    hand.click("confirm_posted")
    hand.until(lambda: _standing(desktop).told == 2)
    quiet()
    standing = _standing(desktop)
    assert standing.in_scope == 5 == standing.told + standing.on_the_way + standing.open
    assert "5 in scope = told 2 + on the way 2 + open 1 + unknown 0 + excused 0" in hand.text("sum_line")


def _prove(desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, quiet: Any, tmp_path: Path) -> None:
    hand.click("tab_overview")
    quiet()
    assert "2" in hand.find(QPushButton, "figure_told").accessibleName()
    hand.click("tab_audit")
    quiet()
    hand.click("verify_now")
    page = desktop.main.page("audit")
    hand.until(lambda: page.verdict.text() == "The trail is complete and unchanged")
    assert '"action"' in hand.window.findChild(QPlainTextEdit, "canonical").toPlainText()
    dialogs.will("save_file", tmp_path / "audit.pdf")
    hand.click("audit_pdf")
    hand.until(lambda: (tmp_path / "audit.pdf").exists())
    quiet()
    document = pypdfium2.PdfDocument(tmp_path / "audit.pdf")
    assert len(document) > 3
    document.close()


def test_a_file_that_is_no_table_is_told_where_it_was_chosen(
    main: Any, hand: Hand, dialogs: ScriptedDialogs, quiet: Any, tmp_path: Path
) -> None:
    hand.click("tab_persons")
    quiet()
    hand.click("empty_action")
    for name, data in (("empty.csv", b""), ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(500)),
                       ("cut.xlsx", b"PK\x03\x04" + bytes(60))):  # fmt: skip
        (tmp_path / name).write_bytes(data)
        dialogs.will("open_file", tmp_path / name)
        hand.click("import_next")
        hand.until(lambda: bool(hand.text("import_error")))
        quiet()
        assert hand.find(QPushButton, "import_next").isEnabled()
    hand.click("import_cancel")
    quiet()
    assert hand.shown("empty_action")


def test_a_column_is_corrected_a_row_mended_and_the_import_undone(
    desktop: Desktop, main: Any, hand: Hand, dialogs: ScriptedDialogs, quiet: Any, tmp_path: Path
) -> None:
    _bring_in(hand, dialogs, quiet, a_register(tmp_path / "register.csv", ROWS))
    wizard = desktop.main.page("persons").wizard
    choices = [wizard.columns.cellWidget(n, 2) for n in range(wizard.columns.rowCount())]
    assert all(isinstance(each, QComboBox) for each in choices)
    hand.click("import_next")
    hand.until(lambda: "1 rejected" in hand.text("import_sum"))
    quiet()
    hand.click("kind_date_not_exist")
    quiet()
    assert wizard.problems.item(0, 0).text() == "8" and "31.2.2012" in wizard.problems.item(0, 2).text()
    field = wizard.problems.cellWidget(0, 4)
    hand.qtbot.keyClicks(field, "28.2.2012")
    hand.qtbot.keyClick(field, Qt.Key.Key_Return)
    hand.until(lambda: "6 new" in hand.text("import_sum"))
    quiet()
    hand.click("import_next")
    hand.until(lambda: hand.text("import_next") == "Go on")
    hand.click("import_next")
    hand.type("profile_name", "clinic export")
    hand.click("import_next")
    hand.until(lambda: hand.shown("undo_import"))
    quiet()
    dialogs.will("confirm", True)
    hand.click("undo_import")
    hand.until(lambda: hand.shown("empty_action"))
    quiet()
    assert _standing(desktop).in_scope == 0
    said = [each.text() for each in main.findChildren(QLabel) if each.isVisible()]
    assert not any("100 %" in text for text in said)
