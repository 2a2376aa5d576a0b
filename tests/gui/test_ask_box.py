"""The box that asks for one line keeps it until it can be taken."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dpo_app.core.letters.postage import parse_prices
from dpo_app.gui.ask_box import AskBox, a_day, a_number, anything, some_text
from dpo_app.gui.pages.sending.letters_part import price_lines


def test_a_wrong_answer_stays_with_what_is_wrong(qtbot: QtBot, qapp: object) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    box = AskBox(parent, "Release held ones", "What was mended?", "", some_text)
    box.open()
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert box.isVisible() and box.wrong.isVisible() and box.wrong.text()
    qtbot.keyClicks(box.field, "the signature")
    assert not box.wrong.isVisible(), "what is typed anew is not wrong yet"
    box.findChild(QPushButton, "ask_go").click()
    assert not box.isVisible() and box.answer() == "the signature"
    assert box.result() == AskBox.DialogCode.Accepted


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [(some_text, "x", "  "), (a_number, "1 200", "two"), (a_day, "6.11.2026", "soon"), (anything, "", None)],
)
def test_what_is_taken(check: object, right: str, wrong: str | None) -> None:
    assert callable(check) and not check(right)
    assert wrong is None or check(wrong)


def test_prices_with_commas_are_read_as_they_are_written() -> None:
    kept = parse_prices(price_lines("home 50 2,75, world 50 3.50; europe 20 1,90")).prices
    assert [(each.zone, each.cents) for each in kept] == [("home", 275), ("world", 350), ("europe", 190)]
