"""A new passphrase and quick unlock, from the window."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton

from dpo_app import bootstrap
from dpo_app.core.errors import StoreError
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.words import full_moment
from dpo_app.store import vault
from dpo_app.store.keys import keyfile, keyring_slot
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


def test_a_lost_passphrase_is_replaced_after_the_recovery_sheet_opened_the_store(
    desktop: Desktop, hand: Hand, tmp_path: Path
) -> None:
    store, lines = vault.create(tmp_path / "lost.dpo", "Oy", PASSPHRASE)
    store.close()
    desktop.show_unlock(tmp_path / "lost.dpo")
    hand.click("use_sheet")
    for place, line in enumerate(lines):
        hand.type(f"line_{place + 1}", line)
    hand.click("unlock")
    hand.until(lambda: desktop.main is not None)
    assert "If the passphrase is lost" in hand.text("banner_text")
    desktop.main.findChild(QPushButton, "banner_act_0").click()
    box = _box(desktop, hand, "passphrase_dialog")
    assert not box.findChild(QLineEdit, "old_passphrase").isVisible()
    for name in ("new_passphrase", "again_passphrase"):
        hand.qtbot.keyClicks(box.findChild(QLineEdit, name), NEW)
    box.findChild(QPushButton, "passphrase_dialog_go").click()
    hand.until(lambda: desktop.main.findChild(QDialog, "passphrase_dialog") is None)
    desktop.lock()
    hand.until(lambda: hand.shown("passphrase"))
    hand.type("passphrase", NEW)
    hand.click("unlock")
    hand.until(lambda: desktop.main is not None)
    assert not hand.shown("banner_text")


def _put_back(opened: vault.OpenStore) -> Path:
    """Put yesterday's database in the place of today's, as a restored backup does."""
    folder = opened.folder
    opened.close()
    old = (folder / "store.db").read_bytes()
    store, desk = bootstrap.open_desk(folder, "Tester", passphrase=PASSPHRASE)
    bootstrap.close_desk(store, desk)
    (folder / "store.db").write_bytes(old)
    return folder


def _unlock(desktop: Desktop, hand: Hand, folder: Path) -> None:
    desktop.show_unlock(folder)
    hand.type("passphrase", PASSPHRASE)
    hand.click("unlock")
    hand.until(lambda: desktop.main is not None)


def test_an_older_store_says_how_many_entries_are_missing_and_since_when(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore
) -> None:
    folder = _put_back(opened)
    day = json.loads((folder / "anchor.json").read_text("utf-8"))["at"]
    _unlock(desktop, hand, folder)
    said = hand.text("banner_text")
    assert full_moment(datetime.fromisoformat(day)) in said and "2 entries of the trail are missing" in said
    assert not desktop.main.findChild(QPushButton, "new_breach").isEnabled()
    desktop.office.failed.emit(StoreError("store_busy"), None)
    assert "busy" in hand.text("banner_text")
    hand.click("banner_close")
    hand.until(lambda: "2 entries" in hand.text("banner_text"))
    desktop.main.findChild(QPushButton, "banner_act_1").click()
    hand.until(lambda: desktop.main is None and hand.shown("create"))


def test_an_older_store_is_gone_on_with_for_a_reason(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    _unlock(desktop, hand, _put_back(opened))
    desktop.main.findChild(QPushButton, "banner_act_0").click()
    box = _box(desktop, hand, "state_dialog")
    box.findChild(QPushButton, "state_dialog_go").click()
    hand.until(lambda: "reason" in box.findChild(QLabel, "state_dialog_error").text())
    assert desktop.opened.read_only
    hand.qtbot.keyClicks(box.findChild(QLineEdit, "state_reason"), "Backup of Monday restored")
    box.findChild(QPushButton, "state_dialog_go").click()
    hand.until(lambda: not desktop.office.desk.read_only)
    hand.until(lambda: desktop.main.findChild(QPushButton, "new_breach").isEnabled() and not hand.shown("banner_text"))
    with desktop.office.desk.read() as queries:
        facts = queries.trail.lines(limit=1)[0].facts
    assert facts["missing"] == 2 and facts["found"] == "behind" and facts["reason"] == "Backup of Monday restored"
    desktop.lock()
    hand.until(lambda: hand.shown("passphrase"))
    _unlock(desktop, hand, desktop.folder)
    assert not hand.shown("banner_text")


def test_a_damaged_part_of_the_key_file_is_told_and_mended(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore
) -> None:
    opened.close()
    keys = opened.folder / "keys.json"
    document = json.loads(keys.read_text("utf-8"))
    next(slot for slot in document["slots"] if slot["kind"] == "recovery")["salt"] = "00" * 16
    keys.write_text(json.dumps(document), "utf-8")
    before = keys.read_bytes()
    _unlock(desktop, hand, opened.folder)
    assert "part of the key file is damaged" in hand.text("banner_text") and keys.read_bytes() == before
    bootstrap.new_sheet(desktop.opened, desktop.office.desk)
    assert keyfile.load(keys).whole and len(keyfile.load(keys).slots) == 2
