"""The keyring as one half of a key: what it holds, what it may answer, and that nothing hangs or leaks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from dpo_app.core.errors import StoreError
from dpo_app.store import vault
from dpo_app.store.folder import KEYS
from dpo_app.store.keys import keyfile, keyring_slot, quick_unlock
from dpo_app.store.keys.keyfile import SlotKind
from dpo_app.store.keys.keyring_slot import Answer, Entry
from tests.builders import PASSPHRASE

KEY = bytes(range(32))
ENTRY = Entry("ab" * 16, "SLOT0001")


class Keyring:
    """A keyring as a backend of its own class; `trouble` is what it does instead of answering."""

    priority = 5
    kept: dict[tuple[str, str], str]
    trouble: type[Exception] | None = None
    forgets = False

    def __init__(self) -> None:
        self.kept = {}

    def set_password(self, service: str, account: str, value: str) -> None:
        if self.trouble is not None:
            raise self.trouble(value)
        if not self.forgets:
            self.kept[service, account] = value

    def get_password(self, service: str, account: str) -> str | None:
        if self.trouble is not None:
            raise self.trouble("secret")
        return self.kept.get((service, account))

    def delete_password(self, service: str, account: str) -> None:
        del self.kept[service, account]


class KeyringLocked(Exception):
    pass


NAME = f"{Keyring.__module__}.{Keyring.__qualname__}"


class FakeComputer:
    """Answers as the child would, from one keyring in memory."""

    def __init__(self, *allowed: str) -> None:
        self.keyring, self.allowed, self.asked = Keyring(), allowed or (NAME,), list[Answer]()
        self.here = NAME

    def load(self, name: str) -> Any:
        if name != self.here:
            raise RuntimeError("not on this system")
        return self.keyring

    def __call__(self, request: Answer) -> Answer:
        self.asked.append(request)
        return keyring_slot.answer(request, self.load, self.allowed)


@pytest.fixture
def computer() -> FakeComputer:
    return FakeComputer()


def code(call: Any) -> str:
    with pytest.raises(StoreError) as caught:
        call()
    assert KEY.hex() not in str(caught.value) + repr(caught.value.facts)
    return caught.value.code


def test_a_key_is_kept_read_back_and_found_again(computer: FakeComputer) -> None:
    assert keyring_slot.keep(ENTRY, KEY, computer) == NAME
    assert [each["act"] for each in computer.asked] == ["choose", "keep", "fetch"]
    assert keyring_slot.fetch(ENTRY, NAME, computer) == KEY
    assert keyring_slot.forget(ENTRY, NAME, computer) and not computer.keyring.kept
    assert code(lambda: keyring_slot.fetch(ENTRY, NAME, computer)) == "keyring_empty"
    assert not keyring_slot.forget(ENTRY, NAME, computer)


def test_a_keyring_that_swallows_the_key_gets_none(computer: FakeComputer) -> None:
    computer.keyring.forgets = True
    assert code(lambda: keyring_slot.keep(ENTRY, KEY, computer)) == "keyring_not_kept"
    assert computer.asked[-1]["act"] == "forget"


@pytest.mark.parametrize(("value", "expected"), [
    ("dpo1:" + "cd" * 16 + f":SLOT0001:{KEY.hex()}", "keyring_foreign"),
    ("dpo1:" + "ab" * 16 + f":SLOT0002:{KEY.hex()}", "keyring_foreign"),
    ("dpo2:" + "ab" * 16 + f":SLOT0001:{KEY.hex()}", "keyring_wrong"),
    ("dpo1:" + "ab" * 16 + f":SLOT0001:{KEY.hex()[2:]}", "keyring_wrong"),
    ("dpo1:" + "ab" * 16 + ":SLOT0001:no hex", "keyring_wrong"),
    ("somebody else's password", "keyring_wrong"),
])  # fmt: skip
def test_what_is_not_ours_is_told(computer: FakeComputer, value: str, expected: str) -> None:
    computer.keyring.kept[ENTRY.service, ENTRY.slot_id] = value
    assert code(lambda: keyring_slot.fetch(ENTRY, NAME, computer)) == expected


@pytest.mark.parametrize(("trouble", "expected"), [
    (KeyringLocked, "keyring_locked"), (OSError, "keyring_failed"), (ValueError, "keyring_failed"),
])  # fmt: skip
def test_trouble_becomes_a_code_without_its_words(
    computer: FakeComputer, trouble: type[Exception], expected: str
) -> None:
    computer.keyring.trouble = trouble
    assert code(lambda: keyring_slot.keep(ENTRY, KEY, computer)) == expected


def test_only_keyrings_of_the_list_are_asked(computer: FakeComputer) -> None:
    computer.allowed = ("keyring.backends.SecretService.Keyring",)
    assert code(lambda: keyring_slot.keep(ENTRY, KEY, computer)) == "keyring_missing"
    assert code(lambda: keyring_slot.fetch(ENTRY, NAME, computer)) == "keyring_refused"
    computer.allowed, computer.here = (NAME, "another.Keyring"), "another.Keyring"
    assert code(lambda: keyring_slot.fetch(ENTRY, NAME, computer)) == "keyring_refused"
    for names in keyring_slot.ALLOWED.values():
        assert not any(bad in name for name in names for bad in ("null", "fail", "chainer", "file", "alt"))


def test_the_child_answers_without_a_keyring_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started for real: on a machine without a desktop there is none, and that is an answer, not a traceback."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert keyring_slot.ask_child({"act": "choose"}, 30)["error"] in ("keyring_missing", "keyring_refused")


def test_a_silent_keyring_is_left_after_its_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stuck = tmp_path / "stuck"
    stuck.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    stuck.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stuck))
    assert keyring_slot.ask_child({"act": "choose"}, 0.3) == {"error": "keyring_silent"}
    stuck.write_text("#!/bin/sh\necho not json\n")
    assert keyring_slot.ask_child({"act": "choose"})["error"] == "keyring_failed"


def test_the_key_is_no_argument_and_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    class Done:
        stdout = b"{}"

    def run(command: list[str], **options: Any) -> Done:
        seen.update(options, command=command)
        return Done()

    monkeypatch.setattr(keyring_slot.subprocess, "run", run)
    keyring_slot.ask_child({"act": "keep", "value": ENTRY.seal(KEY)})
    assert KEY.hex() not in " ".join(seen["command"]) + str(seen["env"])
    assert KEY.hex().encode() in seen["input"]
    assert not any(name.startswith(("PYTHON_KEYRING_", "KEYRING_PROPERTY_")) for name in seen["env"])


def test_quick_unlock_opens_the_store_and_can_be_taken_back(opened: vault.OpenStore, computer: FakeComputer) -> None:
    folder = opened.folder
    assert not quick_unlock.has_quick_unlock(folder)
    assert quick_unlock.add_quick_unlock(opened, computer) == NAME
    opened.close()
    assert quick_unlock.has_quick_unlock(folder)
    again = vault.open_store(folder, quick_unlock.keyring_secret(folder, computer))
    assert keyfile.load(folder / KEYS).of_kind(SlotKind.KEYRING)[0].used
    quick_unlock.remove_quick_unlock(again, computer)
    again.close()
    assert not computer.keyring.kept and not quick_unlock.has_quick_unlock(folder)
    assert code(lambda: quick_unlock.keyring_secret(folder, computer)) == "no_such_way_in"
    vault.open_store(folder, vault.Secret(SlotKind.PASSPHRASE, passphrase=PASSPHRASE)).close()


def test_a_keyring_that_fails_leaves_the_key_file_as_it_was(opened: vault.OpenStore, computer: FakeComputer) -> None:
    before = (opened.folder / KEYS).read_bytes()
    computer.keyring.trouble = OSError
    assert code(lambda: quick_unlock.add_quick_unlock(opened, computer)) == "keyring_failed"
    assert (opened.folder / KEYS).read_bytes() == before


def test_a_full_disk_takes_the_key_out_of_the_keyring_again(
    opened: vault.OpenStore, computer: FakeComputer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreError("disk_full")

    monkeypatch.setattr(keyfile, "save", full)
    assert code(lambda: quick_unlock.add_quick_unlock(opened, computer)) == "disk_full"
    assert not computer.keyring.kept


def test_a_second_keyring_takes_the_place_of_the_first(opened: vault.OpenStore, computer: FakeComputer) -> None:
    quick_unlock.add_quick_unlock(opened, computer)
    quick_unlock.add_quick_unlock(opened, computer)
    assert len(keyfile.load(opened.folder / KEYS).of_kind(SlotKind.KEYRING)) == 1
    assert len(computer.keyring.kept) == 1


def test_the_key_of_another_store_opens_nothing(opened: vault.OpenStore, computer: FakeComputer) -> None:
    quick_unlock.add_quick_unlock(opened, computer)
    opened.close()
    slot = keyfile.load(opened.folder / KEYS).of_kind(SlotKind.KEYRING)[0]
    entry = Entry(opened.keys.store_id, slot.id)
    computer.keyring.kept[entry.service, slot.id] = entry.seal(KEY)
    secret = quick_unlock.keyring_secret(opened.folder, computer)
    assert code(lambda: vault.open_store(opened.folder, secret)) == "wrong_keyring"
