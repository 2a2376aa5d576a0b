"""The key file: slots that each wrap the root key, so that any one way in opens the store.

A slot's header (format, store, slot, kind, cost, user) is the associated data of its wrap: it cannot be moved,
weakened or swapped. A checksum per slot tells damage from a wrong passphrase. Replacing the file is atomic: a crash
leaves the old one or the new one, and both open the store.
"""

from __future__ import annotations

import base64
import binascii
import json
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError, StoreError
from dpo_app.files import read_limited, write_bytes
from dpo_app.store.keys import crypto
from dpo_app.store.keys.crypto import KdfCost

FORMAT = 1
LIMIT_BYTES = 1_000_000
_ID_BYTES = 16
_WRAPPED_BYTES = crypto.NONCE_BYTES + crypto.KEY_BYTES + crypto.TAG_BYTES


class SlotKind(StrEnum):
    """A way to unlock."""

    PASSPHRASE = "passphrase"
    RECOVERY = "recovery"
    KEYRING = "keyring"


@dataclass(frozen=True)
class Slot:
    """One wrapped root key. `used`: it has unlocked the store once. `note` is for the officer: where the sheet is
    kept is not noted here but in the store; a keyring slot notes its backend."""

    id: str
    kind: SlotKind
    salt: bytes
    wrapped: bytes
    cost: KdfCost | None = None
    user: str = "1"
    used: bool = False
    note: str = ""

    def header(self, store_id: str) -> bytes:
        """Return the canonical header that the wrap is bound to."""
        fields: dict[str, Any] = {
            "format": FORMAT,
            "id": self.id,
            "kind": self.kind.value,
            "salt": self.salt.hex(),
            "store": store_id,
            "user": self.user,
        }
        if self.cost is not None:
            fields["kdf"] = [self.cost.passes, self.cost.memory_kib, self.cost.lanes]
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class KeyFile:
    """All slots of a store; `store_id` is 32 hex digits. Room for a second generation (rotation) is in `format`.

    `whole` is False if a part was damaged and left out: the store opens by what is left, and the officer is told.
    """

    store_id: str
    slots: tuple[Slot, ...]
    whole: bool = True

    def of_kind(self, kind: SlotKind) -> tuple[Slot, ...]:
        """Return the slots of a kind."""
        return tuple(slot for slot in self.slots if slot.kind is kind)

    def with_slot(self, slot: Slot) -> KeyFile:
        """Return the key file with `slot` in the place of one with its id, or added."""
        kept = tuple(each for each in self.slots if each.id != slot.id)
        return replace(self, slots=(*kept, slot))

    def without(self, slot_id: str) -> KeyFile:
        """Return the key file without a slot. Raises StoreError("last_way_in") if nothing else would open it."""
        kept = tuple(each for each in self.slots if each.id != slot_id)
        if not any(each.kind is not SlotKind.KEYRING for each in kept):
            raise StoreError("last_way_in")
        return replace(self, slots=kept)


def ready_for_persons(keys: KeyFile) -> bool:
    """Tell whether two ways in have each unlocked once, one of them passphrase or recovery (security.md P3)."""
    used = [slot for slot in keys.slots if slot.used]
    return len(used) >= 2 and any(slot.kind is not SlotKind.KEYRING for slot in used)


def passphrase_bytes(text: str) -> bytes:
    """Return a passphrase as it is stretched: NFC, so that two keyboards type the same."""
    return unicodedata.normalize("NFC", text).encode()


def make_slot(
    kind: SlotKind, secret: bytes, root: bytes, store_id: str, cost: KdfCost | None = None, note: str = ""
) -> Slot:
    """Return a new slot that wraps `root` under `secret`: stretched if `cost` is given (passphrase), else used as it
    is (32 random bytes). The wrap is opened again before it counts."""
    slot = Slot(crypto.random_code(8), kind, crypto.random_bytes(crypto.SALT_BYTES), b"", cost, note=note)
    key = crypto.stretch(secret, slot.salt, cost) if cost else secret
    slot = replace(slot, wrapped=crypto.wrap(key, root, slot.header(store_id)))
    if crypto.unwrap(key, slot.wrapped, slot.header(store_id)) != root:
        raise StoreError("slot_not_verified")
    return slot


def open_slot(slot: Slot, secret: bytes, store_id: str) -> bytes | None:
    """Return the root key, or None if `secret` is not the slot's."""
    key = crypto.stretch(secret, slot.salt, slot.cost) if slot.cost else secret
    return crypto.unwrap(key, slot.wrapped, slot.header(store_id))


def _slot_document(slot: Slot, store_id: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": slot.id,
        "kind": slot.kind.value,
        "user": slot.user,
        "salt": slot.salt.hex(),
        "wrapped": base64.b64encode(slot.wrapped).decode(),
        "used": slot.used,
        "note": slot.note,
    }
    if slot.cost is not None:
        document["kdf"] = [slot.cost.passes, slot.cost.memory_kib, slot.cost.lanes]
    document["checksum"] = _checksum(document, store_id)
    return document


def _checksum(document: dict[str, Any], store_id: str) -> str:
    own = {name: value for name, value in document.items() if name != "checksum"} | {"store": store_id}
    return sha256_hex(json.dumps(own, sort_keys=True, separators=(",", ":")).encode())[:16]


def _total(document: dict[str, Any]) -> str:
    own = {name: value for name, value in document.items() if name != "checksum"}
    return sha256_hex(json.dumps(own, sort_keys=True).encode())


def save(path: Path, keys: KeyFile) -> None:
    """Write the key file in the place of the old one, atomically and synced."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "store": keys.store_id,
        "slots": [_slot_document(slot, keys.store_id) for slot in keys.slots],
    }
    document["checksum"] = _total(document)
    write_bytes(path, json.dumps(document, indent=1, sort_keys=True).encode() + b"\n", replace=True)


def load(path: Path) -> KeyFile:
    """Return the key file. Raises StoreError: "key_file_missing", "key_file_damaged", "key_file_newer".

    One damaged slot does not close the others: it is left out as long as another one is whole.
    """
    if not path.is_file():
        raise StoreError("key_file_missing")
    try:
        document = json.loads(read_limited(path, LIMIT_BYTES))
        known, store_id = int(document["format"]), str(document["store"])
        if known > FORMAT:
            raise StoreError("key_file_newer")
        if known != FORMAT or len(bytes.fromhex(store_id)) != _ID_BYTES:
            raise ValueError
        parts = [_slot(each, store_id) for each in document["slots"]]
        whole = document.get("checksum") == _total(document) and None not in parts
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, InputError):
        raise StoreError("key_file_damaged", part="file") from None
    slots = tuple(each for each in parts if each is not None)
    if not slots:
        raise StoreError("key_file_damaged", part="slots")
    return KeyFile(store_id, slots, whole)


def _slot(document: dict[str, Any], store_id: str) -> Slot | None:
    """Return a slot, or None if it is damaged. The checksum finds accidents; everything else is checked because
    whoever forges a slot writes a fitting one."""
    if document.get("checksum") != _checksum(document, store_id):
        return None
    try:
        cost = KdfCost(*map(_whole_number, document["kdf"])) if "kdf" in document else None
        slot = Slot(
            str(document["id"]), SlotKind(document["kind"]), bytes.fromhex(document["salt"]),
            base64.b64decode(document["wrapped"], validate=True), cost, str(document["user"]),
            document["used"] is True, str(document["note"]),
        )  # fmt: skip
    except (binascii.Error, ValueError, TypeError, KeyError):
        return None
    if len(slot.salt) != crypto.SALT_BYTES or len(slot.wrapped) != _WRAPPED_BYTES:
        return None
    if (cost is not None) != (slot.kind is SlotKind.PASSPHRASE):
        return None
    if cost is not None:
        cost.check()
    return slot


def _whole_number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value
