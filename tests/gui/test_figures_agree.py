"""Figures that stand in two places say the same, and add up to the figure above them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox

from dpo_app import i18n
from dpo_app.core.delivery import DeliveryState
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.ids import BreachId
from dpo_app.gui import theme
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.overview.next_steps import read_found, sending_steps
from dpo_app.gui.pages.overview.overview_page import caption_of
from dpo_app.gui.pages.sending.returned_part import pace_words
from dpo_app.gui.pages.sending.tried_lists import LISTS
from dpo_app.gui.widgets.parts import ElidingLabel
from dpo_app.gui.widgets.window_timeline import lines_of
from dpo_app.gui.words import number
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.mail.sending_watch import FIGURES
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.gui.conftest import Hand
from tests.gui.paged import a_desk, go_to


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    return a_desk(opened, tmp_path, approved=True)


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> Any:
    return go_to(desktop, hand, opened, desk, "sending")


def test_refused_means_the_same_on_the_card_and_on_its_list() -> None:
    assert set(LISTS["refused"]) == set(FIGURES["rejected"]), "what came back later was accepted first"
    assert DeliveryState.BOUNCED in LISTS["bounced"]
    listed = [state for states in LISTS.values() for state in states]
    assert len(listed) == len(set(listed)), "nobody is counted in two lists"


def test_the_parts_of_a_figure_add_up() -> None:
    parts = {"email.accepted": 300, "email.reported_sent": 9, "letter.posted": 19}
    assert caption_of(parts) == "e-mail 309 · letter 19"
    assert caption_of({"has_email": 277, "child": 12, "protected": 3, "deceased": 1}).endswith("· others 4")


def test_a_caption_breaks_between_words_before_it_is_cut(qtbot: Any) -> None:
    made = ElidingLabel("", "caption", 2)
    qtbot.addWidget(made)
    made.resize(made.fontMetrics().horizontalAdvance("child under fifteen "), made.height())
    made.set_whole("child under fifteen: write to both")
    assert made.text().splitlines() == ["child under", "fifteen: write to both"] or "\n" in made.text()
    assert "…" not in made.text()


def test_one_letter_is_no_pace() -> None:
    assert (pace_words(1, 1.0), pace_words(20, 3.0)) == ("–", "–")
    assert pace_words(20, 60.0) == number(1_200)


def test_exported_emails_are_to_be_confirmed_next(desk: Desk, tmp_path: Path) -> None:
    with desk.read() as queries:
        before = [each.what for each in sending_steps(read_found(desk, queries, BreachId(1)))]
    export_emails(desk, BreachId(1), tmp_path / "mails")
    with desk.read() as queries:
        after = [each.what for each in sending_steps(read_found(desk, queries, BreachId(1)))]
    asked = "Confirm that 2 exported e-mails were sent"
    assert asked in after and asked not in before


def test_another_language_leaves_one_where_one_was(desktop: Desktop, page: Any, hand: Hand) -> None:
    hand.click("part_public")
    assert hand.find(QComboBox, "public_language").itemText(0) == "Finnish"
    before = desktop.main
    desktop._look("language", "fi")
    hand.until(lambda: desktop.main is not before and desktop.main.breach_id is not None)
    hand.until(
        lambda: getattr(desktop.main.stack.currentWidget(), "key", "") == "sending" and not desktop.runner.busy()
    )
    assert desktop.main.stack.currentWidget().place() == "public"
    hand.until(lambda: hand.find(QComboBox, "public_language").itemText(0) == "suomi")


def test_the_list_at_the_left_keeps_up_with_a_run(desktop: Desktop, page: Any, hand: Hand) -> None:
    reads: list[int] = []
    desktop.main.reload = lambda: reads.append(1)
    desktop.main._follower.follow()
    assert not reads, "nothing is being sent"
    desktop.office.live.control = SimpleNamespace()
    desktop.main._follower.follow()
    desktop.office.live.control = None
    assert reads == [1]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_stands_beside_a_bar_fits_half_a_card(qapp: Any, language: str) -> None:
    window = Window("Second intrusion", date(2024, 12, 1), date(2025, 3, 31), intrusion=Certainty.LIKELY,
                    disclosure=Certainty.POSSIBLE, identifiable=False)  # fmt: skip
    i18n.use(language)
    try:
        first, second = lines_of(window)
    finally:
        i18n.use("en")
    assert QFontMetrics(theme.font("strong")).horizontalAdvance(first) < theme.px(330), first
    assert QFontMetrics(theme.font("caption")).horizontalAdvance(second) < theme.px(330), second
