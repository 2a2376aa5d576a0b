"""Quick unlock: a slot of the key file whose key lies in the system's keyring.

Whatever goes wrong with the keyring leads to passphrase or recovery sheet: never to a new key, a file or a deletion.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dpo_app.core.errors import StoreError
from dpo_app.store.folder import KEYS
from dpo_app.store.keys import crypto, keyfile, keyring_slot
from dpo_app.store.keys.keyfile import KeyFile, SlotKind
from dpo_app.store.keys.keyring_slot import Ask, Entry
from dpo_app.store.vault import OpenStore, Secret, keep_keys


def has_quick_unlock(folder: Path) -> bool:
    """Tell whether a store has a slot for the keyring; nothing is opened. False for a key file that cannot be read:
    unlocking says why."""
    try:
        return bool(keyfile.load(folder / KEYS).of_kind(SlotKind.KEYRING))
    except StoreError:
        return False


def add_quick_unlock(opened: OpenStore, ask: Ask | None = None) -> str:
    """Let the system's keyring open the store from now on, in the place of an earlier keyring; returns the backend.

    The slot is saved after the keyring gave the key back to another process. Raises StoreError as
    `keyring_slot.keep`, StoreError("slot_not_verified").
    """
    store_id, key = opened.keys.store_id, crypto.random_bytes(crypto.KEY_BYTES)
    slot = keyfile.make_slot(SlotKind.KEYRING, key, opened.root, store_id)
    entry = Entry(store_id, slot.id)
    backend = keyring_slot.keep(entry, key, ask)
    before = opened.keys
    changed = _without_keyring(before).with_slot(replace(slot, note=backend))
    try:
        keep_keys(opened, changed)
    except BaseException:
        keyring_slot.forget(entry, backend, ask)
        raise
    _forget(before, ask)
    return backend


def remove_quick_unlock(opened: OpenStore, ask: Ask | None = None) -> None:
    """Close the store to the keyring. The slot goes first: an entry that cannot be taken out opens nothing."""
    before, changed = opened.keys, _without_keyring(opened.keys)
    keep_keys(opened, changed)
    _forget(before, ask)


def keyring_secret(folder: Path, ask: Ask | None = None) -> Secret:
    """Return what the keyring holds for a store, to open it with.

    Raises StoreError: "no_such_way_in", those of `keyring_slot.fetch` and of `keyfile.load`.
    """
    keys = keyfile.load(folder / KEYS)
    slots = keys.of_kind(SlotKind.KEYRING)
    if not slots:
        raise StoreError("no_such_way_in", way=SlotKind.KEYRING.value)
    slot = slots[0]
    return Secret(SlotKind.KEYRING, key=keyring_slot.fetch(Entry(keys.store_id, slot.id), slot.note, ask))


def _without_keyring(keys: KeyFile) -> KeyFile:
    for slot in keys.of_kind(SlotKind.KEYRING):
        keys = keys.without(slot.id)
    return keys


def _forget(keys: KeyFile, ask: Ask | None) -> None:
    for slot in keys.of_kind(SlotKind.KEYRING):
        keyring_slot.forget(Entry(keys.store_id, slot.id), slot.note, ask)
