"""The one module that writes files: whole or not at all, private, never over another one.

Security.md section 8: a temporary name in the same folder with mode 0600, synced, renamed without overwriting, folder
synced, removed on failure. Nothing personal is ever written to the system's temporary folder.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from dpo_app.core.errors import InputError, StoreError

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)})
MEGABYTE = 1_000_000


def safe_name(text: str, fallback: str = "file") -> str:
    """Return a file name made from free text: ASCII letters, digits, `._-`, 120 bytes at most, no leading dot or
    dash, no device name of Windows."""
    name = _UNSAFE.sub("-", text).strip("-.")[:120].strip("-.")
    return fallback if not name or name.split(".")[0].lower() in _DEVICES else name


def inside(folder: Path, name: str) -> Path:
    """Return the path of `name` directly in `folder`. Raises InputError("bad_file_name") for anything that would
    lead elsewhere."""
    path = folder / name
    if name != os.path.basename(name) or name in ("", ".", "..") or path.is_symlink():
        raise InputError("bad_file_name")
    return path


@contextmanager
def writing(path: Path, *, replace: bool = False, begun: Callable[[Path], None] | None = None) -> Iterator[BinaryIO]:
    """Open a file that appears under `path` complete or not at all. `begun` is told the temporary name before the first
    byte, so that what a crash leaves can be settled by `settle_part`.

    Raises InputError("file_exists") if it is there already and `replace` is not set, StoreError("disk_full"),
    StoreError("cannot_write").
    """
    if not replace and path.exists():
        raise InputError("file_exists", file=path.name)
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                if begun is not None:
                    begun(temporary)
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if replace:
                os.replace(temporary, path)
            else:
                _rename_new(temporary, path)
            sync_folder(path.parent)
        finally:
            with suppress(OSError):  # what is under its name by now is whole
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise explained(error, path) from error


def write_bytes(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write a whole file; see `writing`."""
    with writing(path, replace=replace) as stream:
        stream.write(data)


def _rename_new(temporary: Path, path: Path) -> None:
    """Rename without overwriting: a hard link refuses an existing name atomically; where links are not to be had
    (FAT, some network folders) an exclusive look must do."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise InputError("file_exists", file=path.name) from None
    except OSError:
        if path.exists():
            raise InputError("file_exists", file=path.name) from None
        os.replace(temporary, path)


def settle_part(part: Path, path: Path, whole: Callable[[Path], bool]) -> bool:
    """Finish or remove what a crash left of `writing`: a whole file gets its name, anything else goes. Returns whether
    the file is there. Raises StoreError("cannot_write")."""
    if not part.exists():
        return True
    try:
        there = path.exists() and part.samefile(path)
        if not there and not path.exists() and whole(part):
            _rename_new(part, path)
            there = True
        part.unlink(missing_ok=True)
        sync_folder(path.parent)
        return there
    except OSError as error:
        raise explained(error, path) from error


def explained(error: OSError, path: Path) -> StoreError:
    """Return what a failed write means: StoreError("disk_full") or StoreError("cannot_write") with its cause."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError("disk_full", needed_mb=100)
    return StoreError("cannot_write", file=path.name, cause=errno.errorcode.get(error.errno or 0, "?"))


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last through a power cut, where the system lets folders be synced."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(*paths: Path) -> None:
    """Remove files of ours that an interrupted run left. Raises StoreError("cannot_write")."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise explained(error, path) from None


def put_in_place(finished: Path, path: Path) -> None:
    """Give a file that another library has written its name, in the place of an older one, synced."""
    try:
        descriptor = os.open(finished, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(finished, path)
        sync_folder(path.parent)
    except OSError as error:
        raise explained(error, path) from error


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, if there is none, for a library that fills it."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise explained(error, path) from None


def make_folder(path: Path) -> None:
    """Make a private folder (0700). Raises InputError("file_exists") if the name is taken."""
    try:
        path.mkdir(mode=0o700, parents=False)
    except FileExistsError:
        raise InputError("file_exists", file=path.name) from None
    except OSError as error:
        raise explained(error, path) from error


def ensure_folder(path: Path) -> None:
    """Make a private folder with its parents unless it is there."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise explained(error, path) from error


def need_space(folder: Path, needed_bytes: int) -> None:
    """Refuse a big job before it begins. Raises StoreError("disk_full") if `folder` has less than twice the need."""
    free = shutil.disk_usage(folder).free
    if free < 2 * needed_bytes:
        raise StoreError("disk_full", needed_mb=2 * needed_bytes // MEGABYTE + 1)


def read_limited(path: Path, limit_bytes: int) -> bytes:
    """Return a whole small file. Raises InputError: "no_such_file", "file_too_big", "cannot_read"."""
    try:
        if path.stat().st_size > limit_bytes:
            raise InputError("file_too_big", file=path.name, limit_mb=limit_bytes // MEGABYTE)
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError("no_such_file", file=path.name) from None
    except OSError:
        raise InputError("cannot_read", file=path.name) from None


def read_chunks(path: Path, limit_bytes: int, chunk_bytes: int) -> Iterator[bytes]:
    """Yield a file piece by piece. Raises InputError: "no_such_file", "file_too_big", "cannot_read"."""
    try:
        if path.stat().st_size > limit_bytes:
            raise InputError("file_too_big", file=path.name, limit_mb=limit_bytes // MEGABYTE)
        with path.open("rb") as stream:
            left = limit_bytes
            while data := stream.read(chunk_bytes):
                left -= len(data)
                if left < 0:  # it grew while it was read
                    raise InputError("file_too_big", file=path.name, limit_mb=limit_bytes // MEGABYTE)
                yield data
    except FileNotFoundError:
        raise InputError("no_such_file", file=path.name) from None
    except OSError:
        raise InputError("cannot_read", file=path.name) from None


@contextmanager
def appearing_folder(path: Path) -> Iterator[Path]:
    """Write into a folder that appears under `path` when everything in it is complete.

    What an interrupted run left under the temporary name is removed first. Raises InputError("file_exists") if the
    name is taken, StoreError("disk_full"), StoreError("cannot_write").
    """
    if path.exists():
        raise InputError("file_exists", file=path.name)
    temporary = path.with_name(f".{path.name}.part")
    shutil.rmtree(temporary, ignore_errors=True)
    make_folder(temporary)
    try:
        yield temporary
        if not temporary.exists():  # set aside by whoever wrote it
            return
        if hasattr(os, "sync"):  # one for all: thousands of small files may have been written without their own
            os.sync()
        sync_folder(temporary)
        os.rename(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        raise explained(error, path) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def set_aside(folder: Path, path: Path) -> None:
    """Take a folder that is being written out of the way under another name, with a number if that is taken."""
    number = 1
    place = path
    while place.exists():
        number += 1
        place = path.with_name(f"{path.name}-{number}")
    try:
        os.rename(folder, place)
        sync_folder(path.parent)
    except OSError as error:
        raise explained(error, path) from error


@contextmanager
def scratch_file(folder: Path, name: str, data: bytes) -> Iterator[Path]:
    """Give a private file that is there for a block only; never in the system's temporary folder."""
    path = inside(folder, f".scratch-{os.urandom(4).hex()}-{name}")
    write_bytes(path, data)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
