"""A disk that fails at the n-th call: the process is killed there, or the call answers with an error.

Calls of Python and of SQLite are counted together, in the order in which they happen. SQLite's go through the table of
system calls that its unix layer offers for tests (`xSetSystemCall`), so that no compiler and no tracer is needed.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import sqlcipher3._sqlite3 as extension

KILLED = 9
#: What Python is asked for that changes a disk; `fdopen` stands for the writing that follows it.
_PYTHON = ("open", "fdopen", "fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir")
_SIZE, _FD, _TEXT = ctypes.c_size_t, ctypes.c_int, ctypes.c_char_p
#: SQLite's, with what they return and take.
_SQLITE: dict[str, tuple[Any, ...]] = {
    "open": (_FD, _TEXT, ctypes.c_int, ctypes.c_int),
    "ftruncate": (ctypes.c_int, _FD, ctypes.c_int64),
    "write": (ctypes.c_ssize_t, _FD, ctypes.c_void_p, _SIZE),
    "pwrite": (ctypes.c_ssize_t, _FD, ctypes.c_void_p, _SIZE, ctypes.c_int64),
    "pwrite64": (ctypes.c_ssize_t, _FD, ctypes.c_void_p, _SIZE, ctypes.c_int64),
    "unlink": (ctypes.c_int, _TEXT),
}
_BEFORE_CALLS = 12  # pointers between pAppData and xCurrentTimeInt64 in sqlite3_vfs


class Mode(StrEnum):
    """What happens at the n-th call."""

    NONE = "none"
    KILL = "kill"
    FULL_ONCE = "full once"
    FULL_FROM_THEN = "full from then on"
    BROKEN_ONCE = "broken once"
    BROKEN_FROM_THEN = "broken from then on"


_ERRNO = {
    Mode.FULL_ONCE: errno.ENOSPC, Mode.FULL_FROM_THEN: errno.ENOSPC,
    Mode.BROKEN_ONCE: errno.EIO, Mode.BROKEN_FROM_THEN: errno.EIO,
}  # fmt: skip
_LASTING = (Mode.FULL_FROM_THEN, Mode.BROKEN_FROM_THEN)


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int), ("size", ctypes.c_int), ("longest", ctypes.c_int), ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p), ("data", ctypes.c_void_p), ("methods", ctypes.c_void_p * _BEFORE_CALLS),
        ("time", ctypes.c_void_p), ("set_call", ctypes.c_void_p), ("get_call", ctypes.c_void_p),
    ]  # fmt: skip


class Faults:
    """Counts calls from `arm` to `disarm`; there is one for a process."""

    def __init__(self) -> None:
        self.calls, self.at, self.mode = 0, 0, Mode.NONE
        self._armed = False
        self._kept: list[Any] = []
        for name in _PYTHON:
            setattr(os, name, self._python(getattr(os, name)))
        self._into_sqlite()

    def arm(self, mode: Mode, at: int) -> None:
        """Begin to count; the call number `at` (from 1) meets `mode`."""
        self.calls, self.at, self.mode, self._armed = 0, at, mode, True

    def disarm(self) -> int:
        """Stop counting; returns how many calls there were."""
        self._armed = False
        return self.calls

    def _fails(self) -> bool:
        if not self._armed:
            return False
        self.calls += 1
        if self.mode is Mode.KILL and self.calls == self.at:
            os._exit(KILLED)
        if self.mode in (Mode.NONE, Mode.KILL):
            return False
        return self.calls == self.at or (self.mode in _LASTING and self.calls > self.at)

    def _python(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if self._fails():
                number = _ERRNO[self.mode]
                raise OSError(number, os.strerror(number))
            return real(*args, **named)

        return call

    def _into_sqlite(self) -> None:
        library = ctypes.CDLL(extension.__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(None)
        pointer = ctypes.c_void_p
        set_call = ctypes.CFUNCTYPE(ctypes.c_int, pointer, _TEXT, pointer)(vfs.contents.set_call)
        get_call = ctypes.CFUNCTYPE(pointer, pointer, _TEXT)(vfs.contents.get_call)
        for name, kind in _SQLITE.items():
            address = get_call(ctypes.cast(vfs, pointer), name.encode())
            if not address:
                continue
            form = ctypes.CFUNCTYPE(*kind, use_errno=True)
            counted = form(self._native(form(address)))
            self._kept.append(counted)
            assert set_call(ctypes.cast(vfs, pointer), name.encode(), ctypes.cast(counted, pointer)) == 0

    def _native(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(*args: Any) -> int:
            if self._fails():
                ctypes.set_errno(_ERRNO[self.mode])
                return -1
            return real(*args)

        return call
