"""The desk for returned mail without a mouse: scanner, digits, taking back, pictures, a better address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from dpo_app.core.delivery import ReturnReason
from dpo_app.core.ids import BatchId, BreachId, grouped
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.widgets.scan_field import ScanField
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import confirm_posted, make_letters
from dpo_app.services.lines import MessageRow
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.builders import a_register, a_row
from tests.conftest import bring_in
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import a_desk, go_to


def posted(desk: Desk, tmp_path: Path, count: int) -> list[MessageRow]:
    """Bring in persons without e-mail, write and post their letters; returns them by number."""
    rows = [a_row(100 + number, **{"Sähköposti": "", "Kieli": "fi"}) for number in range(count)]
    bring_in(desk, BreachId(1), a_register(tmp_path / "post.csv", rows))
    make_plan(desk, BreachId(1))
    made = make_letters(desk, BreachId(1), tmp_path / "post")
    found: list[MessageRow] = []
    for place in range(1, len(made.batches) + 1):
        confirm_posted(desk, BatchId(place), desk.clock.now().date())
        with desk.read() as queries:
            found.extend(queries.batch_rows(BatchId(place)))
    return found


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    return a_desk(opened, tmp_path, approved=True)


def at_the_desk(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> Any:
    page = go_to(desktop, hand, opened, desk, "sending")
    hand.qtbot.keyClick(desktop.main, Qt.Key.Key_F7)
    hand.until(lambda: hand.shown("returned_code") and hand.find(QLineEdit, "returned_code").isEnabled())
    return page


def back(desk: Desk) -> dict[str, int]:
    with desk.read() as queries:
        found = queries.letters_back(BreachId(1))
    return {reason: count for reason, count in found.items() if reason}


def test_scan_reasons_doubles_and_strangers(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk, tmp_path: Path
) -> None:
    rows = posted(desk, tmp_path, 4)
    at_the_desk(desktop, hand, opened, desk)
    code = hand.find(ScanField, "returned_code")
    hand.until(code.hasFocus)

    def scan(text: str, said: str) -> None:
        hand.qtbot.keyClicks(code, text)
        hand.qtbot.keyClick(code, Qt.Key.Key_Return)
        hand.until(lambda: hand.text("returned_answer").startswith(said) and not desktop.runner.busy())

    scan(grouped(rows[0].token).lower(), "✓ Known: Sukunen")
    assert "letter 1" in hand.text("returned_answer")
    scan(rows[0].token, "▲")
    scan("K7Q2-M9X4-T3AB", "✕")
    hand.qtbot.keyClicks(code, "2")
    hand.until(lambda: hand.find(QPushButton, "reason_moved").isChecked())
    assert code.text() == ""
    scan(rows[1].token, "✓")
    assert back(desk) == {"unknown": 1, "moved": 1}
    # Ctrl+Z takes the last one back, and the next scan of it counts again.
    hand.qtbot.keyClick(code, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: hand.text("returned_answer").startswith("↶") and not desktop.runner.busy())
    assert back(desk) == {"unknown": 1}
    scan(rows[1].token, "✓")
    hand.until(lambda: hand.text("back_returned") == "2" and not desktop.runner.busy())
    assert (hand.text("back_public"), hand.text("back_again")) == ("1", "1")
    assert hand.find(QTableWidget, "returned_list").rowCount() == 5


def test_a_code_that_begins_with_a_digit_and_is_typed_slowly(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk, tmp_path: Path
) -> None:
    rows = posted(desk, tmp_path, 60)
    row = next(row for row in rows if row.token[0] in "23456789")
    at_the_desk(desktop, hand, opened, desk)
    code = hand.find(ScanField, "returned_code")
    hand.qtbot.keyClicks(code, row.token[0])
    hand.until(lambda: code.text() == "")
    hand.qtbot.keyClicks(code, row.token[1:])
    hand.qtbot.keyClick(code, Qt.Key.Key_Return)
    hand.until(lambda: hand.text("returned_answer").startswith("✓") and not desktop.runner.busy())
    assert back(desk) == {"unknown": 1}, "the digit was no reason"


def _returns(qtbot: QtBot, desktop: Desktop, hand: Hand, desk: Desk, rows: list[MessageRow]) -> None:
    code = hand.find(ScanField, "returned_code")
    for place, row in enumerate(rows):
        if place == len(rows) // 2:
            qtbot.keyClicks(code, "5")
            hand.until(lambda: hand.find(QPushButton, "reason_refused").isChecked())
        qtbot.keyClicks(code, row.token)
        qtbot.keyClick(code, Qt.Key.Key_Return)
    hand.until(lambda: sum(back(desk).values()) == len(rows) and not desktop.runner.busy())
    half = len(rows) // 2
    assert back(desk) == {ReturnReason.UNKNOWN.value: half, ReturnReason.REFUSED.value: len(rows) - half}


def test_fifty_returns_without_the_mouse(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = posted(desk, tmp_path, 50)
    at_the_desk(desktop, hand, opened, desk)
    _returns(qtbot, desktop, hand, desk, rows)


@pytest.mark.slow
def test_a_thousand_returns_without_the_mouse(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = posted(desk, tmp_path, 1_000)
    at_the_desk(desktop, hand, opened, desk)
    _returns(qtbot, desktop, hand, desk, rows)


def test_a_list_from_the_post_and_a_better_address(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk, tmp_path: Path, dialogs: ScriptedDialogs
) -> None:
    rows = posted(desk, tmp_path, 3)
    at_the_desk(desktop, hand, opened, desk)
    lines = ["Viite;Syy", f"{rows[0].token};muuttanut", "AAAABBBBCCCC;tuntematon"]
    (tmp_path / "list.csv").write_text("\n".join(lines), "utf-8")
    dialogs.will("open_file", tmp_path / "list.csv")
    hand.click("returned_pile")
    hand.until(lambda: "1 letter came back" in hand.text("returned_note") and not desktop.runner.busy())
    assert "1 unknown" in hand.text("returned_note")
    table = hand.find(QTableWidget, "returned_list")
    table.selectRow(1)
    hand.click("better_address")
    hand.until(lambda: hand.shown("address_save") and hand.find(QPushButton, "address_save").isEnabled())
    hand.click("address_save")
    hand.until(lambda: "reason" in hand.text("address_error").lower() and not desktop.runner.busy())
    hand.type("address_street", "Uusikatu 7")
    hand.type("address_reason", "the person called")
    hand.click("address_save")
    hand.until(lambda: not desktop.runner.busy() and not desktop.main.findChild(QDialog, "address_dialog").isVisible())
    with desk.read() as queries:
        waiting = queries.post_order(
            BreachId(1), queries.newest_revision(BreachId(1)).id, queries.approved_notice(BreachId(1))[0]
        )
    assert rows[0].person_id in waiting
