"""Opening and locking a store from the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from dpo_app import bootstrap
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.start.unlock_page import pause_after
from dpo_app.store import vault
from tests.builders import PASSPHRASE, a_revision
from tests.gui.conftest import Hand


@pytest.fixture
def store(tmp_path: Path, cheap: None) -> tuple[Path, tuple[str, ...]]:
    """A closed store and the lines of its sheet."""
    folder = tmp_path / "clinic.dpo"
    opened, lines = vault.create(folder, "Esimerkki Oy", PASSPHRASE)
    vault.confirm_recovery(opened, {1: lines[1], 4: lines[4]})
    from dpo_app.services.facts.record_breach import add_breach

    desk = bootstrap.build(opened, "Tester")
    add_breach(desk, a_revision())
    opened.close()
    return folder, lines


def _give(hand: Hand, passphrase: str) -> None:
    field = hand.find(QLineEdit, "passphrase")
    field.clear()
    hand.qtbot.keyClicks(field, passphrase)
    hand.qtbot.keyClick(field, Qt.Key.Key_Return)


def test_the_right_passphrase_opens_and_lock_comes_back_to_the_page(
    desktop: Desktop, hand: Hand, store: tuple[Path, tuple[str, ...]]
) -> None:
    desktop.start(store[0])
    hand.until(lambda: hand.text("store_title") == "Esimerkki Oy")
    _give(hand, PASSPHRASE)
    hand.until(lambda: desktop.main is not None and desktop.main.breach_id is not None)
    hand.click("tab_facts")
    assert desktop.main.stack.currentWidget().key == "facts"
    hand.click("lock")
    assert desktop.main is None and hand.shown("passphrase")
    assert hand.find(QLineEdit, "passphrase").text() == ""
    _give(hand, PASSPHRASE)
    hand.until(lambda: desktop.main is not None)
    hand.until(lambda: getattr(desktop.main.stack.currentWidget(), "key", "") == "facts")


def test_a_wrong_passphrase_says_so_and_keeps_the_field_selected(
    desktop: Desktop, hand: Hand, store: tuple[Path, tuple[str, ...]]
) -> None:
    desktop.start(store[0])
    _give(hand, "quite another sentence")
    hand.until(lambda: "does not open" in desktop.shell.findChild(QLineEdit, "passphrase").window()
               .findChild(object, "unlock_error").text())  # fmt: skip
    field = hand.find(QLineEdit, "passphrase")
    assert field.selectedText() and not field.isReadOnly()
    assert "1 of 5" in hand.text("unlock_error")


def test_after_five_wrong_tries_it_waits(desktop: Desktop, hand: Hand, store: tuple[Path, tuple[str, ...]]) -> None:
    desktop.start(store[0])
    for _try in range(5):
        field = hand.find(QLineEdit, "passphrase")
        _give(hand, "quite another sentence")
        hand.until(lambda f=field: not f.isReadOnly())
    button = desktop.shell.findChild(QPushButton, "unlock")
    assert not button.isEnabled() and "Wait" in button.text()
    hand.until(lambda: button.isEnabled())


def test_pauses_grow_to_a_minute() -> None:
    assert [pause_after(n) for n in (0, 4, 5, 6, 7, 10, 11, 12, 500)] == [0, 0, 1, 2, 4, 32, 60, 60, 60]


def test_the_sheet_opens_and_a_slip_is_named(desktop: Desktop, hand: Hand, store: tuple[Path, tuple[str, ...]]) -> None:
    folder, lines = store
    desktop.start(folder)
    hand.click("use_sheet")
    for number, line in enumerate(lines, 1):
        hand.type(f"line_{number}", line)
    hand.type("line_3", "2222-2222-2222")
    hand.click("unlock")
    hand.until(lambda: hand.shown("unlock_error"))
    assert "Line 3" in hand.text("unlock_error")
    hand.type("line_3", lines[2].lower())
    hand.click("unlock")
    hand.until(lambda: desktop.main is not None)


@pytest.mark.parametrize("damage", ["keys", "database", "nothing"])
def test_damage_is_told_from_a_wrong_passphrase(
    desktop: Desktop, hand: Hand, store: tuple[Path, tuple[str, ...]], damage: str
) -> None:
    folder = store[0]
    if damage == "keys":
        (folder / "keys.json").write_text("{")
    elif damage == "database":
        (folder / "store.db").unlink()
    else:
        folder = folder.with_name("gone.dpo")
    before = {each.name: each.read_bytes() for each in folder.glob("*") if each.name != "lock"}
    desktop.start(folder)
    if damage != "nothing":
        _give(hand, PASSPHRASE)
    hand.until(lambda: hand.shown("unlock_error"))
    assert not hand.shown("unlock") and not hand.shown("passphrase")
    assert "passphrase does not open" not in hand.text("unlock_error")
    assert before == {each.name: each.read_bytes() for each in folder.glob("*") if each.name != "lock"}


def test_escape_gives_the_opening_up(desktop: Desktop, hand: Hand, store: tuple[Path, tuple[str, ...]]) -> None:
    desktop.start(store[0])
    _give(hand, PASSPHRASE)
    hand.qtbot.keyClick(desktop.shell.findChild(QLineEdit, "passphrase"), Qt.Key.Key_Escape)
    hand.until(lambda: not desktop.runner.busy())
    assert desktop.main is None and hand.find(QPushButton, "unlock").isEnabled()
    _give(hand, PASSPHRASE)
    hand.until(lambda: desktop.main is not None)


def test_what_is_typed_in_the_wrong_case_is_noticed(
    desktop: Desktop, hand: Hand, store: tuple[Path, tuple[str, ...]]
) -> None:
    desktop.start(store[0])
    hand.type("passphrase", "a")
    assert not hand.shown("caps_lock")
    hand.qtbot.keyClick(hand.find(QLineEdit, "passphrase"), Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert hand.find(QLineEdit, "passphrase").echoMode() is QLineEdit.EchoMode.Password
