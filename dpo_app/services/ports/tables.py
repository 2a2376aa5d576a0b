"""Reading a register as it was exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

#: A row's number as the officer's spreadsheet program shows it, and its cells as text.
NumberedRow = tuple[int, Sequence[str]]


class FileHead(NamedTuple):
    """What a file is: kind (text or sheet), how it is read, where the headings stand (from 1), its first rows."""

    kind: str
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    hidden_sheets: int
    header_row: int
    headings: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]


class Tables(Protocol):
    """Bytes to rows; judges nothing. Options: encoding, delimiter, sheet, header_row."""

    def head(self, path: Path, options: Mapping[str, Any]) -> FileHead:
        """Return what a file is, its headings and first rows. Raises InputError."""

    def rows(self, path: Path, options: Mapping[str, Any]) -> Iterator[NumberedRow]:
        """Yield (row number, cells) after the headings. Raises InputError."""

    def sha256(self, path: Path) -> str:
        """Return the file's SHA-256, hex."""
