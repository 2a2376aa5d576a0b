"""A store is one folder, `NAME.dpo/`: database, key file, anchor, lock, and what may be known before unlocking.

Open sequence (security.md section 4): folder and file checks, lock, key file, key, schema version, quick check, anchor,
and only then anything that writes. Any failure closes everything and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from dpo_app.core.digests import same
from dpo_app.core.errors import InputError, StoreError
from dpo_app.files import make_folder, write_bytes
from dpo_app.logs import log
from dpo_app.store.anchor import Anchor, AnchorFinding, AnchorState
from dpo_app.store.engine import make_engine
from dpo_app.store.faults import translated
from dpo_app.store.folder import (
    ANCHOR,
    DATABASE,
    FACE,
    KEYS,
    LOCK,
    PLAIN,
    Face,
    appear,
    beside,
    check_file,
    check_folder,
    clear,
    face_of,
    first_bytes,
    tidy,
)
from dpo_app.store.keys import crypto, keyfile, recovery
from dpo_app.store.keys.crypto import KdfCost, Subkeys
from dpo_app.store.keys.keyfile import KeyFile, SlotKind
from dpo_app.store.lock import StoreLock
from dpo_app.store.migrations.runner import SchemaState, bring_up_to_date, create_schema, schema_state
from dpo_app.store.write_stop import WriteStop

_NO_HEAD = b"\x00" * 32


@dataclass(frozen=True)
class Secret:
    """What the officer unlocks with: a passphrase, the lines of the recovery sheet, or the keyring's key."""

    kind: SlotKind
    passphrase: str = field(default="", repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    key: bytes = field(default=b"", repr=False)


@dataclass
class OpenStore:
    """An unlocked store. `finding` tells how it stands to its anchor; `read_only` follows from it. `migrated_from` is
    the schema that was found and brought up to date at this opening, `way` what it was opened with."""

    folder: Path
    face: Face
    keys: KeyFile
    subkeys: Subkeys = field(repr=False)
    engine: Engine
    anchor: Anchor
    lock: StoreLock
    finding: AnchorFinding
    root: bytes = field(repr=False)
    way: SlotKind = SlotKind.PASSPHRASE
    migrated_from: str = ""
    stop: WriteStop = field(default_factory=WriteStop, repr=False)

    @property
    def read_only(self) -> bool:
        """Tell whether the store may only be read, because it is not the one that was closed last."""
        return self.finding.state is not AnchorState.WHOLE

    def close(self) -> None:
        """Put everything into the database file, forget the key, give the lock back; twice does no harm.

        A disk that refuses now takes nothing away: what was acknowledged is in the log beside the database, and the
        next opening takes it over.
        """
        if not self.root:
            return
        try:
            if not self.read_only and not self.stop.cause:
                with translated(), self.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except StoreError as error:
            log.warning("checkpoint_failed %s", error.facts.get("cause", error.code))
        finally:
            self.engine.dispose()
            if self.read_only:
                tidy(self.folder, frozenset())
            self.root = b""
            self.lock.release()


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
    clear(building)
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
        if first_bytes(building / DATABASE).startswith(PLAIN):
            raise StoreError("plain_driver")
        face = {"name": folder.stem, "organisation": organisation, "store": store_id, "example": example}
        write_bytes(building / FACE, json.dumps(face, ensure_ascii=False).encode() + b"\n")
        Anchor(building / ANCHOR, subkeys.anchor_mac, store_id).write(0, _NO_HEAD, datetime.now(timezone.utc))
        appear(building, folder)
    except BaseException:
        clear(building)
        raise
    opened = open_store(folder, Secret(SlotKind.PASSPHRASE, passphrase=passphrase))
    return opened, recovery.to_lines(sheet, store_id)


def open_store(folder: Path, secret: Secret) -> OpenStore:
    """Open a store. Raises StoreError: "no_store", "store_in_use", "wrong_passphrase", "wrong_recovery",
    "wrong_keyring", "no_such_way_in", "key_file_missing", "key_file_damaged", "key_file_newer", "schema_newer",
    "store_damaged", "store_missing", "store_io", "folder_unsafe", "plain_driver", "older_and_rolled_back" (an older
    schema, and not the state that was closed last: nothing is migrated then); InputError("recovery_line").

    A store behind its anchor opens for reading only; the finding says how many entries are missing.
    """
    face = face_of(folder)
    check_folder(folder)
    lock = StoreLock(folder / LOCK)
    engine: Engine | None = None
    before = beside(folder)
    try:
        keys = keyfile.load(folder / KEYS)
        root, slot_id = _unlock(keys, secret)
        subkeys = crypto.derive(root, bytes.fromhex(keys.store_id))
        database = folder / DATABASE
        check_file(database)
        state, found = schema_state(database, subkeys.store)
        anchor = Anchor(folder / ANCHOR, subkeys.anchor_mac, keys.store_id)
        finding = _finding(database, subkeys.store, anchor)
        whole, older = finding.state is AnchorState.WHOLE, state is SchemaState.OLDER
        if older and not whole:
            raise StoreError("older_and_rolled_back")
        bring_up_to_date(database, subkeys.store, state)
        engine = make_engine(database, subkeys.store, read_only=not whole)
        if whole:
            keys = mark_used(folder, keys, slot_id)
    except BaseException:
        if engine is not None:
            engine.dispose()
        tidy(folder, before)
        lock.release()
        raise
    return OpenStore(
        folder, face, keys, subkeys, engine, anchor, lock, finding, root, secret.kind,
        found if older else "",
    )  # fmt: skip


def accept_state(opened: OpenStore) -> None:
    """Let a store be written to that is not the one its anchor knows. The caller records the officer's reason at once;
    the anchor follows that entry."""
    reading = opened.engine
    opened.engine = make_engine(opened.folder / DATABASE, opened.subkeys.store)
    opened.finding = AnchorFinding(AnchorState.WHOLE)
    reading.dispose()


def refuse_state(opened: OpenStore, finding: AnchorFinding) -> None:
    """Go back to reading only: the acceptance could not be recorded."""
    writing, opened.finding = opened.engine, finding
    opened.engine = make_engine(opened.folder / DATABASE, opened.subkeys.store, read_only=True)
    writing.dispose()


def keep_keys(opened: OpenStore, changed: KeyFile) -> None:
    """Write the key file. If that fails, what counts from now on is what lies on the disk: a later change must not
    bring in by the way what the officer was told had failed.

    Raises StoreError: "disk_full", "cannot_write" (the old key file stands), "keys_unconfirmed" (the new one stands,
    but the disk did not confirm it).
    """
    try:
        keyfile.save(opened.folder / KEYS, changed)
    except StoreError:
        opened.keys = keyfile.load(opened.folder / KEYS)
        if opened.keys == changed:
            raise StoreError("keys_unconfirmed") from None
        raise
    opened.keys = replace(changed, whole=True)


def confirm(opened: OpenStore, secret: Secret) -> None:
    """Check a way in against a store that is open: nothing is opened or written. Raises StoreError "wrong_passphrase",
    "wrong_recovery", "wrong_keyring", "no_such_way_in"; InputError("recovery_line")."""
    root, _slot = _unlock(opened.keys, secret)
    if not opened.root or not same(root, opened.root):
        raise StoreError(_WRONG[secret.kind])


def mark_used(folder: Path, keys: KeyFile, slot_id: str) -> KeyFile:
    """Note that a slot has opened the store once; two such ways are wanted before persons come in."""
    slot = next(each for each in keys.slots if each.id == slot_id)
    if slot.used or not keys.whole:
        # Writing a damaged key file anew would drop its damaged part, which a person may still mend.
        return keys
    changed = keys.with_slot(replace(slot, used=True))
    keyfile.save(folder / KEYS, changed)
    return changed


def change_passphrase(opened: OpenStore, old: str | None, new: str, cost: KdfCost | None = None) -> None:
    """Put a new passphrase in the place of the old one. The old slot opens the store until the very rename of the key
    file. `old` is None for an officer who has lost it and opened the store with the recovery sheet.

    Raises StoreError("wrong_passphrase"), InputError("passphrase_weak"), those of `keep_keys`.
    """
    check_passphrase(new)
    if old is not None:
        replaced = [_unlock(opened.keys, Secret(SlotKind.PASSPHRASE, passphrase=old))[1]]
    elif opened.way is SlotKind.RECOVERY:
        replaced = [slot.id for slot in opened.keys.of_kind(SlotKind.PASSPHRASE)]
    else:
        raise StoreError("wrong_passphrase")
    slot = keyfile.make_slot(
        SlotKind.PASSPHRASE, keyfile.passphrase_bytes(new), opened.root, opened.keys.store_id,
        cost or crypto.calibrated_cost(),
    )  # fmt: skip
    changed = opened.keys.with_slot(replace(slot, used=True))
    for slot_id in replaced:
        changed = changed.without(slot_id)
    keep_keys(opened, changed)
    opened.way = SlotKind.PASSPHRASE


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
    keep_keys(opened, keys)
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
    if not slot.used:
        keep_keys(opened, opened.keys.with_slot(replace(slot, used=True)))


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


def _finding(database: Path, key: bytes, anchor: Anchor) -> AnchorFinding:
    """Compare store and anchor by a connection that cannot write: what is found out of order stays as it is."""
    engine = make_engine(database, key, read_only=True)
    try:
        with translated(), engine.connect() as connection:
            if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
                raise StoreError("store_damaged", cause="quick_check")
            head_at = _head_reader(connection)
            row = connection.execute(text("SELECT seq, head FROM audit_entry ORDER BY seq DESC LIMIT 1")).first()
            return anchor.check((row[0], row[1]) if row else None, head_at)
    finally:
        engine.dispose()


def _head_reader(connection: Connection) -> Callable[[int], bytes | None]:
    def head_at(seq: int) -> bytes | None:
        if seq == 0:
            return _NO_HEAD
        head: bytes | None = connection.execute(
            text("SELECT head FROM audit_entry WHERE seq = :seq"), {"seq": seq}
        ).scalar()
        return head

    return head_at
