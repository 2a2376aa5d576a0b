"""What a bench and its children hold in memory."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path


class Memory(threading.Thread):
    """Samples what this process and its children hold together (Linux: VmRSS). The kernel's own peak of children
    counts the parent's memory from before they became another program."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_kib, self._over = 0, threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.02):
            children = "".join(path.read_text() for path in Path("/proc/self/task").glob("*/children"))
            self.peak_kib = max(self.peak_kib, sum(self._held(pid) for pid in ("self", *children.split())))

    @staticmethod
    def _held(pid: str) -> int:
        with suppress(OSError, IndexError, ValueError):
            return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0])
        return 0

    def stop(self) -> float:
        """Return the peak in MiB."""
        self._over.set()
        self.join()
        return self.peak_kib / 1024
