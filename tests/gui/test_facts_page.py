"""Recording a breach and what is learned later, and what the organisation says about itself."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPushButton

from dpo_app import bootstrap
from dpo_app.core.organisation import Organisation
from dpo_app.gui.desktop import Desktop
from dpo_app.services.manage_store import save_organisation
from dpo_app.services.record_breach import add_breach
from dpo_app.store import vault
from tests.builders import a_revision, an_organisation
from tests.gui.conftest import Hand


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


def test_a_revision_shows_what_changed_and_older_ones_stay(desktop: Desktop, main: Any, hand: Hand) -> None:
    add_breach(desktop.office.desk, a_revision())
    main.reload()
    hand.until(lambda: main.breach_id is not None)
    hand.click("tab_facts")
    hand.until(lambda: "Revision 1" in _said(main))
    assert not hand.shown("revision_picker")
    hand.click("new_revision")
    hand.type("title", "")
    hand.type("source", "Second report")
    hand.click("form_save")
    hand.until(lambda: bool(hand.text("form_error")))
    hand.type("title", "Register and log files copied")
    hand.click("form_save")
    hand.until(lambda: "Revision 2 beside revision 1" in _said(main))
    hand.until(lambda: "Register and log files copied" in _said(main))
    picker = hand.find(QComboBox, "revision_picker")
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    hand.until(lambda: "Revision 2 counts now" in _said(main))
    hand.click("new_revision")
    hand.click("form_cancel")
    hand.until(lambda: hand.shown("revision_picker"))
    hand.until(lambda: not desktop.runner.busy())


def test_a_window_that_ends_before_it_begins_is_told_in_the_form(desktop: Desktop, main: Any, hand: Hand) -> None:
    add_breach(desktop.office.desk, a_revision())
    main.reload()
    hand.until(lambda: main.breach_id is not None)
    hand.click("tab_facts")
    hand.until(lambda: "Revision 1" in _said(main))
    hand.click("new_revision")
    hand.type("source", "Report")
    hand.type("person_count", "many")
    hand.click("form_save")
    hand.until(lambda: bool(hand.text("form_error")))
    hand.click("form_cancel")
    hand.until(lambda: not desktop.runner.busy())
    with desktop.office.desk.read() as queries:
        assert len(queries.revisions(1)) == 1


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
