"""A new passphrase and quick unlock, from the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton

from dpo_app import bootstrap
from dpo_app.core.errors import StoreError
from dpo_app.gui.desktop import Desktop
from dpo_app.store import keyring_slot, vault
from tests.builders import PASSPHRASE
from tests.gui.conftest import Hand
from tests.store.test_keyring_slot import FakeComputer

NEW = "quite another long sentence of words"


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> FakeComputer:
    """A computer with a keyring."""
    made = FakeComputer()
    monkeypatch.setattr(keyring_slot, "ask_child", made)
    return made


@pytest.fixture
def store(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> Path:
    """A store that is open in the window."""
    desktop.use(opened, bootstrap.build(opened, "Tester"), opened.folder)
    hand.until(lambda: desktop.main is not None)
    return opened.folder


def _menu(desktop: Desktop, text: str) -> None:
    for top in desktop.main.menuBar().actions():
        for action in top.menu().actions():
            if action.text() == text:
                assert action.isEnabled()
                action.trigger()
                return
    raise AssertionError(text)


def _box(desktop: Desktop, hand: Hand, name: str) -> QDialog:
    hand.until(lambda: desktop.main.findChild(QDialog, name) is not None)
    return desktop.main.findChild(QDialog, name)


def _change(hand: Hand, box: QDialog, old: str, new: str, again: str) -> None:
    for name, text in (("old_passphrase", old), ("new_passphrase", new), ("again_passphrase", again)):
        field = box.findChild(QLineEdit, name)
        field.clear()
        hand.qtbot.keyClicks(field, text)
    box.findChild(QPushButton, "passphrase_dialog_go").click()


def test_the_passphrase_is_changed_after_every_slip_was_told(desktop: Desktop, hand: Hand, store: Path) -> None:
    _menu(desktop, "Change the passphrase…")
    box = _box(desktop, hand, "passphrase_dialog")
    said = box.findChild(QLabel, "passphrase_dialog_error")
    _change(hand, box, "", NEW, NEW)
    assert "now first" in said.text()
    _change(hand, box, PASSPHRASE, NEW, NEW + "x")
    assert "not the same" in said.text()
    _change(hand, box, "not the passphrase at all", NEW, NEW)
    hand.until(lambda: "does not open" in said.text())
    assert box.isVisible() and box.findChild(QPushButton, "passphrase_dialog_go").isEnabled()
    _change(hand, box, PASSPHRASE, "short", "short")
    hand.until(lambda: "12" in said.text())
    _change(hand, box, PASSPHRASE, NEW, NEW)
    hand.until(lambda: desktop.main.findChild(QDialog, "passphrase_dialog") is None)
    desktop.lock()
    hand.until(lambda: hand.shown("passphrase"))
    hand.type("passphrase", PASSPHRASE)
    hand.click("unlock")
    hand.until(lambda: "does not open" in hand.text("unlock_error"))
    hand.type("passphrase", NEW)
    hand.click("unlock")
    hand.until(lambda: desktop.main is not None)


def test_quick_unlock_is_switched_on_used_and_switched_off(
    desktop: Desktop, hand: Hand, store: Path, computer: FakeComputer
) -> None:
    _menu(desktop, "Quick unlock…")
    box = _box(desktop, hand, "quick_dialog")
    box.findChild(QPushButton, "quick_dialog_go").click()
    hand.until(lambda: desktop.main.findChild(QDialog, "quick_dialog") is None)
    assert bootstrap.has_quick_unlock(store)
    desktop.lock()
    hand.until(lambda: hand.shown("use_keyring"))
    hand.click("use_keyring")
    hand.until(lambda: desktop.main is not None)
    with desktop.office.desk.read() as queries:
        actions = [(line.action, line.facts.get("way")) for line in queries.trail.lines(limit=5)]
    assert ("unlocked", "keyring") in actions and ("way_in_added", "keyring") in actions
    _menu(desktop, "Quick unlock…")
    box = _box(desktop, hand, "quick_dialog")
    assert box.findChild(QPushButton, "quick_dialog_go").text() == "Switch off"
    box.findChild(QPushButton, "quick_dialog_go").click()
    hand.until(lambda: desktop.main.findChild(QDialog, "quick_dialog") is None)
    assert not bootstrap.has_quick_unlock(store) and not computer.keyring.kept


def test_a_keyring_that_fails_says_so_and_the_passphrase_still_opens(
    desktop: Desktop, hand: Hand, store: Path, computer: FakeComputer
) -> None:
    computer.keyring.forgets = True
    _menu(desktop, "Quick unlock…")
    box = _box(desktop, hand, "quick_dialog")
    box.findChild(QPushButton, "quick_dialog_go").click()
    hand.until(lambda: "did not give it back" in box.findChild(QLabel, "quick_dialog_error").text())
    box.reject()
    computer.keyring.forgets = False
    bootstrap.add_quick_unlock(desktop.opened, desktop.office.desk)
    desktop.lock()
    hand.until(lambda: hand.shown("use_keyring"))
    computer.keyring.kept.clear()
    hand.click("use_keyring")
    hand.until(lambda: "no key for this store" in hand.text("unlock_error"))
    hand.type("passphrase", PASSPHRASE)
    hand.click("unlock")
    hand.until(lambda: desktop.main is not None)


def test_without_a_slot_the_keyring_is_not_offered(desktop: Desktop, hand: Hand, store: Path) -> None:
    desktop.lock()
    hand.until(lambda: hand.shown("passphrase"))
    assert not hand.shown("use_keyring")
    with pytest.raises(StoreError):
        bootstrap.open_desk(store, "Tester")
