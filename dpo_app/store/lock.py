"""One writer: a lock of the operating system on a file in the store's folder, held for life.

The system releases it when the process ends, however it ends; there is no pid file and nothing in the temporary folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dpo_app.core.errors import StoreError


class StoreLock:
    """The lock of one store folder. Raises StoreError("store_in_use") if another process holds it,
    StoreError("store_io") if it cannot be taken for any other reason: without a lock no store is opened."""

    def __init__(self, path: Path) -> None:
        try:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            self._descriptor: int | None = os.open(path, flags, 0o600)
        except OSError:
            raise StoreError("store_io", cause="lock") from None
        try:
            self._take()
        except OSError:
            self.release()
            raise StoreError("store_in_use") from None

    def _take(self) -> None:
        assert self._descriptor is not None
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
