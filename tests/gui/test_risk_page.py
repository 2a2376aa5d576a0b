"""The risk page: the sum as it grows, what it would change, what does not convince, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QRadioButton

from dpo_app.core.facts.fact_choices import Answer
from dpo_app.core.risk.risk import Owed, Question
from dpo_app.gui.desktop import Desktop
from dpo_app.services.facts.record_breach import revise_breach
from tests.builders import a_revision
from tests.gui.conftest import Hand


@pytest.fixture
def page(open_window: Desktop, hand: Hand) -> Any:
    """The risk page of a breach that was not assessed."""
    hand.until(lambda: hand.text("risk_chip").strip() == "Risk not assessed")
    hand.click("risk_chip")
    hand.until(lambda: hand.shown("risk_score"))
    return open_window.main.page("risk")


def said(page: Any, name: str) -> str:
    """Return what a label of the page says now: the sum is made anew with each answer."""
    found = [each for each in page.findChildren(QLabel, name) if not each.isHidden()]
    return str(found[-1].text()) if found else ""


def press(hand: Hand, kind: Any, name: str) -> None:
    """Press a radio button or a tick."""
    hand.find(kind, name).click()


def test_an_officer_assesses_and_keeps(page: Any, open_window: Desktop, hand: Hand) -> None:
    hand.until(lambda: said(page, "risk_score") == "= 5" and "R3" in said(page, "risk_open"))
    hand.click("step_circumstances")
    press(hand, QRadioButton, "malicious_no")
    press(hand, QRadioButton, "confidentiality_known_recipients")
    hand.until(lambda: said(page, "risk_score") == "= 4.25")
    hand.click("step_identifying")
    press(hand, QRadioButton, "level_2")
    hand.until(lambda: said(page, "risk_score") == "= 2.25")
    hand.click("step_questions")
    hand.click("ask_readable_yes")
    hand.until(lambda: "R7" in said(page, "risk_open") and "R3" not in said(page, "risk_open"))
    hand.click("keep_assessment")
    hand.until(lambda: "Medium risk" in hand.text("risk_chip"))
    with open_window.office.desk.read() as queries:
        kept = queries.assessment(1)
    assert kept.quarters == 9 and kept.decided is Owed.PERSONS
    assert kept.document["answers"][Question.READABLE.value] == Answer.YES.value
    hand.click("step_identifying")
    press(hand, QRadioButton, "level_4")
    hand.until(lambda: "Kept so far: 2.25" in said(page, "risk_before"))


def test_less_than_the_method_says_needs_a_sentence(page: Any, open_window: Desktop, hand: Hand) -> None:
    hand.click("step_decision")
    press(hand, QRadioButton, "decide_authority")
    hand.click("step_kind")
    hand.click("keep_assessment")
    hand.until(lambda: "reason" in said(page, "risk_error"))
    hand.until(lambda: hand.shown("decision_reason"))  # the page goes to the field that lacks something
    hand.type("decision_reason", "The copy came back under control.")
    hand.click("keep_assessment")
    hand.until(lambda: not open_window.runner.busy() and said(page, "risk_error") == "")
    with open_window.office.desk.read() as queries:
        assert queries.assessment(1).decided is Owed.AUTHORITY


def test_without_any_kind_of_data_nothing_is_worked_out(page: Any, open_window: Desktop, hand: Hand) -> None:
    for kind in ("simple", "sensitive"):
        press(hand, QCheckBox, f"kind_{kind}")
    hand.until(lambda: not said(page, "risk_score"))
    hand.click("keep_assessment")
    hand.until(lambda: "No kind of data" in said(page, "risk_error"))
    hand.click("risk_anew")
    hand.until(lambda: said(page, "risk_score") == "= 5")
    hand.click("risk_back")
    hand.until(lambda: open_window.main.stack.currentWidget().key == "overview")


def test_newer_facts_ask_for_a_new_look(page: Any, open_window: Desktop, hand: Hand) -> None:
    hand.click("keep_assessment")
    hand.until(lambda: "Very high risk" in hand.text("risk_chip"))
    made = revise_breach(open_window.office.desk, 1, a_revision(summary="Copied twice."))
    open_window.office.changed.emit(made.changes)
    hand.until(lambda: "on revision 1" in hand.text("risk_chip"))
    hand.until(lambda: any("older facts" in each.text() for each in page.findChildren(QLabel, "banner_text")))
