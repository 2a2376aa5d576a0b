"""A store is one folder, `NAME.dpo/`: database, key file, anchor, lock, and what may be known before unlocking.

Open sequence (security.md section 4): folder and file checks, lock, key file, key, schema version, pragmas, anchor,
quick check. Any failure closes everything and changes nothing.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from dpo_app.core.errors import InputError, StoreError
from dpo_app.files import make_folder, read_limited, write_bytes
from dpo_app.store import crypto, keyfile, recovery
from dpo_app.store.anchor import Anchor, AnchorFinding, AnchorState
from dpo_app.store.crypto import KdfCost, Subkeys
from dpo_app.store.engine import make_engine
from dpo_app.store.faults import translated
from dpo_app.store.keyfile import KeyFile, SlotKind
from dpo_app.store.lock import StoreLock
from dpo_app.store.migrations.runner import bring_up_to_date, create_schema, schema_state

DATABASE, KEYS, ANCHOR, LOCK, FACE = "store.db", "keys.json", "anchor.json", "lock", "store.json"
SUFFIX = ".dpo"
_PLAIN = b"SQLite format 3"


@dataclass(frozen=True)
class Face:
    """What is known of a store before it is unlocked."""

    name: str
    organisation: str
    store_id: str
    example: bool = False


@dataclass(frozen=True)
class Secret:
    """What the officer unlocks with: a passphrase, the lines of the recovery sheet, or the keyring's key."""

    kind: SlotKind
    passphrase: str = field(default="", repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    key: bytes = field(default=b"", repr=False)


@dataclass
class OpenStore:
    """An unlocked store. `finding` tells how it stands to its anchor; `read_only` follows from it."""

    folder: Path
    face: Face
    keys: KeyFile
    subkeys: Subkeys = field(repr=False)
    engine: Engine
    anchor: Anchor
    lock: StoreLock
    finding: AnchorFinding
    root: bytes = field(repr=False)
    failed_tries: int = 0

    @property
    def read_only(self) -> bool:
        """Tell whether the store may only be read, because it is not the one that was closed last."""
        return self.finding.state is not AnchorState.WHOLE

    def close(self) -> None:
        """Put everything into the database file, forget the key, give the lock back; twice does no harm."""
        if not self.root:
            return
        try:
            if not self.read_only:
                with self.engine.connect() as connection:
                    raw: Any = connection.connection.dbapi_connection
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.engine.dispose()
            self.root = b""
            self.lock.release()


def face_of(folder: Path) -> Face:
    """Return what is known of a store before unlocking. Raises StoreError("no_store")."""
    path = folder / FACE
    if not path.is_file():
        raise StoreError("no_store", folder=folder.name)
    try:
        document = json.loads(read_limited(path, 100_000))
        return Face(
            str(document["name"]), str(document["organisation"]), str(document["store"]),
            bool(document.get("example", False)),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise StoreError("store_damaged", cause=FACE) from None


def create(
    folder: Path, organisation: str, passphrase: str, *, cost: KdfCost | None = None, example: bool = False
) -> tuple[OpenStore, tuple[str, ...]]:
    """Make a store in a new folder and open it; returns it with the lines of its recovery sheet.

    Raises InputError("file_exists") if the folder is there (nothing is ever made over an existing store),
    InputError("passphrase_weak"), StoreError. What was begun is removed if it cannot be finished.
    """
    check_passphrase(passphrase)
    if folder.exists():
        raise InputError("file_exists", file=folder.name)
    building = folder.with_name(f".{folder.name}.part")
    _clear(building)
    make_folder(building)
    try:
        store_id, root = crypto.random_bytes(16).hex(), crypto.random_bytes(crypto.KEY_BYTES)
        sheet = crypto.random_bytes(recovery.SECRET_BYTES)
        own = cost or crypto.calibrated_cost()
        keys = KeyFile(
            store_id,
            (
                keyfile.make_slot(SlotKind.PASSPHRASE, keyfile.passphrase_bytes(passphrase), root, store_id, own),
                keyfile.make_slot(SlotKind.RECOVERY, sheet, root, store_id),
            ),
        )
        keyfile.save(building / KEYS, keys)
        subkeys = crypto.derive(root, bytes.fromhex(store_id))
        create_schema(building / DATABASE, subkeys.store)
        if _first_bytes(building / DATABASE).startswith(_PLAIN):
            raise StoreError("plain_driver")
        face = {"name": folder.stem, "organisation": organisation, "store": store_id, "example": example}
        write_bytes(building / FACE, json.dumps(face, ensure_ascii=False).encode() + b"\n")
        Anchor(building / ANCHOR, subkeys.anchor_mac, store_id).write(0, b"\x00" * 32)
        os.rename(building, folder)
    except BaseException:
        _clear(building)
        raise
    opened = open_store(folder, Secret(SlotKind.PASSPHRASE, passphrase=passphrase))
    return opened, recovery.to_lines(sheet, store_id)


def _first_bytes(path: Path) -> bytes:
    """Return the first bytes of a database file, read and closed *before* any connection: a second handle on an open
    database would drop its locks when it closes."""
    with path.open("rb") as stream:
        return stream.read(16)


def open_store(folder: Path, secret: Secret) -> OpenStore:
    """Open a store. Raises StoreError: "no_store", "store_in_use", "wrong_passphrase", "wrong_recovery",
    "wrong_keyring", "no_such_way_in", "key_file_missing", "key_file_damaged", "key_file_newer", "schema_newer",
    "store_damaged", "store_missing", "folder_unsafe", "plain_driver"; InputError("recovery_line").

    A store behind its anchor opens for reading only; the finding says how many entries are missing.
    """
    face = face_of(folder)
    _check_folder(folder)
    lock = StoreLock(folder / LOCK)
    engine: Engine | None = None
    try:
        keys = keyfile.load(folder / KEYS)
        root, slot_id = _unlock(keys, secret)
        subkeys = crypto.derive(root, bytes.fromhex(keys.store_id))
        _check_file(folder / DATABASE)
        state = schema_state(folder / DATABASE, subkeys.store)
        anchor = Anchor(folder / ANCHOR, subkeys.anchor_mac, keys.store_id)
        bring_up_to_date(folder / DATABASE, subkeys.store, state)
        engine = make_engine(folder / DATABASE, subkeys.store)
        finding = _anchor_finding(engine, anchor)
        if finding.state is not AnchorState.WHOLE:
            engine.dispose()
            engine = make_engine(folder / DATABASE, subkeys.store, read_only=True)
        elif slot_id:
            keys = mark_used(folder, keys, slot_id)
    except BaseException:
        if engine is not None:
            engine.dispose()
        lock.release()
        raise
    return OpenStore(folder, face, keys, subkeys, engine, anchor, lock, finding, root)


def mark_used(folder: Path, keys: KeyFile, slot_id: str) -> KeyFile:
    """Note that a slot has opened the store once; two such ways are wanted before persons come in."""
    slot = next(each for each in keys.slots if each.id == slot_id)
    if slot.used:
        return keys
    changed = keys.with_slot(replace(slot, used=True))
    keyfile.save(folder / KEYS, changed)
    return changed


def change_passphrase(opened: OpenStore, old: str, new: str, cost: KdfCost | None = None) -> None:
    """Put a new passphrase in the place of the old one. The old slot opens the store until the very rename of the key
    file. Raises StoreError("wrong_passphrase"), InputError("passphrase_weak")."""
    check_passphrase(new)
    _, slot_id = _unlock(opened.keys, Secret(SlotKind.PASSPHRASE, passphrase=old))
    store_id = opened.keys.store_id
    slot = keyfile.make_slot(
        SlotKind.PASSPHRASE,
        keyfile.passphrase_bytes(new),
        opened.root,
        store_id,
        cost or crypto.calibrated_cost(),
    )
    opened.keys = opened.keys.with_slot(replace(slot, used=True)).without(slot_id)
    keyfile.save(opened.folder / KEYS, opened.keys)


def renew_recovery(opened: OpenStore) -> tuple[str, ...]:
    """Make a new recovery secret in the place of the old one and return its lines; the old sheet opens nothing more.

    The new sheet does not count until two of its lines were typed back (`confirm_recovery`); the passphrase opens the
    store all the while.
    """
    store_id = opened.keys.store_id
    secret = crypto.random_bytes(recovery.SECRET_BYTES)
    keys = opened.keys.with_slot(keyfile.make_slot(SlotKind.RECOVERY, secret, opened.root, store_id))
    for old in opened.keys.of_kind(SlotKind.RECOVERY):
        keys = keys.without(old.id)
    keyfile.save(opened.folder / KEYS, keys)
    opened.keys = keys
    return recovery.to_lines(secret, store_id)


def confirm_recovery(opened: OpenStore, typed: dict[int, str]) -> None:
    """Count the recovery sheet as working once two of its lines (number from 0) were typed back from paper.

    Raises InputError("recovery_line", line=n) for a slip, InputError("recovery_two_lines") for fewer than two.
    """
    if len(typed) < 2:
        raise InputError("recovery_two_lines")
    for number, line in sorted(typed.items()):
        if not recovery.line_ok(number, line, opened.keys.store_id):
            raise InputError("recovery_line", line=number + 1)
    slot = opened.keys.of_kind(SlotKind.RECOVERY)[0]
    opened.keys = mark_used(opened.folder, opened.keys, slot.id)


def check_passphrase(text: str) -> None:
    """Refuse a passphrase of under 12 signs and under 5 words. Raises InputError("passphrase_weak")."""
    if len(text.strip()) < 12 and len(text.split()) < 5:
        raise InputError("passphrase_weak", signs=12, words=5)


_WRONG = {
    SlotKind.PASSPHRASE: "wrong_passphrase",
    SlotKind.RECOVERY: "wrong_recovery",
    SlotKind.KEYRING: "wrong_keyring",
}


def _unlock(keys: KeyFile, secret: Secret) -> tuple[bytes, str]:
    slots = keys.of_kind(secret.kind)
    if not slots:
        raise StoreError("no_such_way_in", way=secret.kind.value)
    material = secret.key
    if secret.kind is SlotKind.PASSPHRASE:
        material = keyfile.passphrase_bytes(secret.passphrase)
    elif secret.kind is SlotKind.RECOVERY:
        material = recovery.from_lines(secret.lines, keys.store_id)
    for slot in slots:
        root = keyfile.open_slot(slot, material, keys.store_id)
        if root is not None:
            return root, slot.id
    raise StoreError(_WRONG[secret.kind])


def _anchor_finding(engine: Engine, anchor: Anchor) -> AnchorFinding:
    with translated(), engine.connect() as connection:
        if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
            raise StoreError("store_damaged", cause="quick_check")
        head_at = _head_reader(connection)
        row = connection.execute(text("SELECT seq, head FROM audit_entry ORDER BY seq DESC LIMIT 1")).first()
        return anchor.check((row[0], row[1]) if row else None, head_at)


def _head_reader(connection: Connection) -> Callable[[int], bytes | None]:
    def head_at(seq: int) -> bytes | None:
        if seq == 0:
            return b"\x00" * 32
        head: bytes | None = connection.execute(
            text("SELECT head FROM audit_entry WHERE seq = :seq"), {"seq": seq}
        ).scalar()
        return head

    return head_at


def _check_folder(folder: Path) -> None:
    """Repair the rights of our own folder and files; refuse links and what belongs to others."""
    if os.name != "posix":
        return
    for path, mode in ((folder, 0o700), *((each, 0o600) for each in folder.iterdir() if not each.is_dir())):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or found.st_uid != os.getuid():
            raise StoreError("folder_unsafe", file=path.name)
        if stat.S_IMODE(found.st_mode) & 0o077:
            os.chmod(path, mode)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise StoreError("store_missing")
    if _first_bytes(path).startswith(_PLAIN):
        raise StoreError("store_not_encrypted")


def _clear(building: Path) -> None:
    """Remove what an interrupted creation left: only our own part folder, and only files in it."""
    if not building.is_dir() or building.is_symlink():
        return
    for each in building.iterdir():
        each.unlink()
    building.rmdir()
