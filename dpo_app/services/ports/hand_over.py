"""Handing files to a print house, closed by a passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol


class HandOver(Protocol):
    """Closes files into one archive that a print house can open, and reads it back. `seen` is told of bytes done."""

    def close(
        self, members: Sequence[Path], out: BinaryIO, passphrase: str, seen: Callable[[int], None]
    ) -> Mapping[str, str]:
        """Write the archive; returns the SHA-256 of what was read of each file, by its name. Raises as reading does."""

    def digests(self, archive: Path, passphrase: str, seen: Callable[[int], None]) -> Iterator[tuple[str, str]]:
        """Open the archive and yield (name, SHA-256) of each file in it. Raises InputError("hand_over_unreadable")."""
