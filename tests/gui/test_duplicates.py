"""Duplicates in the window: the import's step by keyboard, and persons of the register side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from dpo_app import bootstrap
from dpo_app.core.ids import BreachId
from dpo_app.gui.desktop import Desktop
from dpo_app.services.manage_store import save_organisation
from dpo_app.services.record_breach import add_breach
from dpo_app.store import vault
from tests.builders import a_revision, an_organisation
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import go_to
from tests.services.test_linkage import AGAIN, ONE, TWIN, with_birth


@pytest.fixture
def desk(opened: vault.OpenStore) -> Any:
    save_organisation(bootstrap.build(opened, "Tester"), an_organisation())
    made = bootstrap.build(opened, "Tester")
    add_breach(made, a_revision())
    return made


def quiet(desktop: Desktop, hand: Hand) -> None:
    hand.until(lambda: not desktop.runner.busy())


def persons(desk: Any) -> int:
    with desk.read() as queries:
        return int(queries.count_persons(BreachId(1)))


def shown_texts(widget: QWidget) -> set[str]:
    return {each.text() for each in widget.findChildren(QLabel) if each.isVisible()}


def press(hand: Hand, key: Qt.Key) -> None:
    review = hand.find(QWidget, "pair_review")
    hand.until(review.isEnabled)
    hand.qtbot.keyClick(review, key)


def test_a_file_is_cleaned_by_four_keys(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Any, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    page = go_to(desktop, hand, opened, desk, "persons")
    hand.click("empty_action")
    dialogs.will("open_file", with_birth(tmp_path / "r.csv", ONE, AGAIN, TWIN, {"born": "2.2.1990"}))
    hand.click("import_next")
    hand.until(lambda: hand.text("import_next") == "Go on to problems")
    hand.click("import_next")
    hand.until(lambda: "4 new" in hand.text("import_sum"))
    hand.click("import_next")
    hand.until(lambda: "3 new + 0 changed + 1 duplicate" in hand.text("import_sum"))
    quiet(desktop, hand)
    assert "Likeness" in hand.text("pair_why") and "Differs: Given names" in hand.text("pair_why")
    hand.until(lambda: {"Aino Maria", "Eeva", "differs"} <= shown_texts(page.wizard))
    press(hand, Qt.Key.Key_Down)
    hand.until(lambda: "2 new + 0 changed + 2 duplicate" in hand.text("import_sum"))
    quiet(desktop, hand)
    press(hand, Qt.Key.Key_Backspace)
    hand.until(lambda: "3 new" in hand.text("import_sum"))
    quiet(desktop, hand)
    press(hand, Qt.Key.Key_Up)
    hand.until(lambda: not hand.shown("pair_why"))
    quiet(desktop, hand)
    hand.click("kind_sure")
    step = page.wizard.duplicates_step
    hand.until(lambda: step.table.rowCount() == 1)
    step.table.selectRow(0)
    hand.click("take_apart")
    hand.until(lambda: "4 new" in hand.text("import_sum"))
    quiet(desktop, hand)
    hand.click("import_next")
    hand.until(lambda: hand.text("import_next") == "Accept 4 persons")
    hand.click("import_back")
    hand.click("import_back")
    hand.click("import_next")
    assert "4 new" in hand.text("import_sum"), "nothing is decided anew by looking back"
    hand.click("import_next")
    hand.click("import_next")
    hand.until(lambda: hand.shown("person_table"))
    quiet(desktop, hand)
    assert persons(desk) == 4
