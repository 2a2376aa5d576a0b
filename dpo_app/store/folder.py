"""The folder of a store: what lies in it, and what is checked before anything in it is used.

Rights, owner and links are looked at before the database is opened; what is ours is repaired, anything else refused.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dpo_app.core.errors import StoreError
from dpo_app.files import explained, read_limited, sync_folder

DATABASE, KEYS, ANCHOR, LOCK, FACE = "store.db", "keys.json", "anchor.json", "lock", "store.json"
PLAIN = b"SQLite format 3"
#: What SQLite lays beside a database.
BESIDE = ("-wal", "-shm")


@dataclass(frozen=True)
class Face:
    """What is known of a store before it is unlocked."""

    name: str
    organisation: str
    store_id: str
    example: bool = False


def face_of(folder: Path) -> Face:
    """Return what is known of a store before unlocking. Raises StoreError("no_store")."""
    path = folder / FACE
    try:
        if not path.is_file():
            raise StoreError("no_store", folder=folder.name)
        document = json.loads(read_limited(path, 100_000))
        return Face(
            str(document["name"]), str(document["organisation"]), str(document["store"]),
            bool(document.get("example", False)),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreError("store_damaged", cause=FACE) from None
    except OSError as error:
        raise _unreadable(error, folder) from None


def first_bytes(path: Path) -> bytes:
    """Return the first bytes of a database file, read and closed *before* any connection: a second handle on an open
    database would drop its locks when it closes."""
    try:
        with path.open("rb") as stream:
            return stream.read(16)
    except OSError as error:
        raise _unreadable(error, path.parent) from None


def appear(building: Path, folder: Path) -> None:
    """Give a store that is complete its name, and make the name last through a power cut."""
    try:
        sync_folder(building)
        os.rename(building, folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise explained(error, folder) from None


def check_folder(folder: Path) -> None:
    """Repair the rights of our own folder and files; refuse links and what belongs to others."""
    if os.name != "posix":
        return
    try:
        for path, mode in ((folder, 0o700), *((each, 0o600) for each in folder.iterdir() if not each.is_dir())):
            found = path.lstat()
            if stat.S_ISLNK(found.st_mode) or found.st_uid != os.getuid():
                raise StoreError("folder_unsafe", file=path.name)
            # What others may read or we may not write is ours to mend: a fault at the first write comes too late.
            if stat.S_IMODE(found.st_mode) & (0o077 | mode) != mode:
                os.chmod(path, mode)
    except OSError as error:
        raise _unreadable(error, folder) from None


def _unreadable(error: OSError, folder: Path) -> StoreError:
    return StoreError("store_io", cause=errno.errorcode.get(error.errno or 0, "?"), folder=folder.name)


def beside(folder: Path) -> frozenset[Path]:
    """Return the files that SQLite has laid beside the database."""
    return frozenset(path for end in BESIDE if (path := folder / (DATABASE + end)).exists())


def tidy(folder: Path, before: frozenset[Path]) -> None:
    """Remove what reading laid beside the database and was not there before; a log with anything in it stays."""
    with suppress(OSError):  # what stays hinders nothing
        for path in beside(folder) - before:
            if path.name.endswith("-shm") or path.stat().st_size == 0:
                path.unlink(missing_ok=True)


def check_file(path: Path) -> None:
    if not path.is_file():
        raise StoreError("store_missing")
    if first_bytes(path).startswith(PLAIN):
        raise StoreError("store_not_encrypted")


def clear(building: Path) -> None:
    """Remove what an interrupted creation left: only our own part folder, and only files in it."""
    if not building.is_dir() or building.is_symlink():
        return
    try:
        for each in building.iterdir():
            each.unlink()
        building.rmdir()
    except OSError as error:
        raise explained(error, building) from None
