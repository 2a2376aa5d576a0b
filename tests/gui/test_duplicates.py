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
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.store import vault
from tests.builders import a_csv, a_revision, an_organisation
from tests.conftest import bring_in
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


def cleaned(desktop: Desktop, hand: Hand, part: str) -> Any:
    """Open a part of Clean up and wait until it has read."""
    page = desktop.main.page("persons")
    if page.clean is None:
        page.start_clean_up(part)
    else:
        hand.click(f"clean_{part}")
    quiet(desktop, hand)
    return page.clean.parts[part]


@pytest.fixture
def filled(opened: vault.OpenStore, desk: Any, tmp_path: Path) -> Any:
    """A register with a person twice, a twin, a slip in a mail address and a protected person."""
    people = (ONE, AGAIN, TWIN, {"born": "2.2.1990", "Sähköposti": "eero@hotmial.fi", "Katuosoite": "Tie 8"},
              {"born": "3.3.1960", "Turvakielto": "x", "Katuosoite": "Salakatu 7"})  # fmt: skip
    bring_in(desk, BreachId(1), with_birth(tmp_path / "r.csv", *people))
    make_plan(desk, BreachId(1))
    return desk


def test_the_register_is_cleaned_in_the_window(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, filled: Any, dialogs: ScriptedDialogs
) -> None:
    page = go_to(desktop, hand, opened, filled, "persons")
    cleaned(desktop, hand, "duplicates")
    hand.until(lambda: "5 records = 5 persons" in hand.text("record_count"))
    dialogs.will("text", "one person, two numbers")
    hand.click("clean_act")
    hand.until(lambda: "5 records = 4 persons" in hand.text("record_count"))
    quiet(desktop, hand)
    hand.click("twice_perhaps")
    quiet(desktop, hand)
    press(hand, Qt.Key.Key_Left)
    hand.until(lambda: "5 records = 3 persons" in hand.text("record_count"))
    quiet(desktop, hand)
    press(hand, Qt.Key.Key_Backspace)
    hand.until(lambda: "5 records = 4 persons" in hand.text("record_count"))
    quiet(desktop, hand)
    hand.click("twice_merged")
    quiet(desktop, hand)
    part = page.clean.parts["duplicates"]
    assert part.table.rowCount() == 1
    part.table.selectRow(0)
    hand.click("unmerge")
    hand.until(lambda: "5 records = 5 persons" in hand.text("record_count"))
    quiet(desktop, hand)
    hand.click("clean_close")
    quiet(desktop, hand)
    with filled.read() as queries:
        assert queries.is_planned(queries.newest_revision(BreachId(1)).id), "the plan is worked out on leaving"
    assert hand.shown("person_table")


def test_contact_data_are_corrected_and_taken_back_in_the_window(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, filled: Any, dialogs: ScriptedDialogs
) -> None:
    go_to(desktop, hand, opened, filled, "persons")
    part = cleaned(desktop, hand, "contacts")
    hand.until(lambda: hand.shown("doubt_email_slip"))
    hand.click("doubt_email_slip")
    quiet(desktop, hand)
    assert part.table.cellWidget(0, 3).text() == "eero@hotmail.fi"
    dialogs.will("confirm", True)
    hand.click("clean_act")
    hand.until(lambda: not hand.shown("doubt_email_slip"))
    quiet(desktop, hand)
    hand.click("contact_undo")
    hand.until(lambda: hand.shown("doubt_email_slip"))
    quiet(desktop, hand)
    hand.until(lambda: hand.shown("doubt_email_slip"))
    hand.click("doubt_email_slip")
    quiet(desktop, hand)
    field = part.table.cellWidget(0, 3)
    field.setText("no address")
    hand.qtbot.keyClick(field, Qt.Key.Key_Return)
    hand.until(lambda: bool(hand.text("clean_error")))
    quiet(desktop, hand)


def test_households_and_a_file_of_corrections_in_the_window(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, filled: Any, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    page = go_to(desktop, hand, opened, filled, "persons")
    part = cleaned(desktop, hand, "households")
    assert part.table.rowCount() == 2 and "own" in hand.text("clean_lead")
    rows = [("A1004", "Uusikatu 1"), ("A1005", "Uusikatu 2"), ("A9", "Uusikatu 3")]
    (tmp_path / "c.csv").write_text(a_csv(rows, headings=("Asiakasnumero", "Katuosoite")), "utf-8")
    part = cleaned(desktop, hand, "corrections")
    dialogs.will("open_file", tmp_path / "c.csv")
    hand.click("clean_act")
    hand.until(lambda: hand.shown("corrections_sum") and "1 changed" in hand.text("corrections_sum"))
    quiet(desktop, hand)
    part.protected_too.setChecked(True)
    hand.until(lambda: "2 changed + 0 unchanged + 1 left out" in hand.text("corrections_sum"))
    quiet(desktop, hand)
    part.protected_too.setChecked(False)
    hand.until(lambda: "1 changed" in hand.text("corrections_sum"))
    quiet(desktop, hand)
    hand.click("clean_act")
    hand.until(lambda: not hand.shown("corrections_sum"))
    quiet(desktop, hand)
    with filled.read() as queries:
        found = [values["street"] for _n, values in queries.corrections.contact_values(BreachId(1))]
    assert "Uusikatu 1" in found and "Uusikatu 2" not in found
    cleaned(desktop, hand, "households").table.selectRow(0)
    hand.click("household_show")
    hand.until(lambda: page.clean is None and hand.shown("pane_more"))
    quiet(desktop, hand)
