"""Making letters: forms are set once, letters are stamped from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.letter import BODY_PT, Letterhead, LetterRecord, LetterRow
from dpo_app.core.letters.read_back import PageReading
from dpo_app.core.notices.notice import Block


@dataclass(frozen=True)
class PressOrder:
    """What all letters of a run share: layout, forms with their languages (`fi`, or `fi+sv` for one in two), letterhead,
    printing, body size in points, and the stamp for the file's properties (title without personal data, creation as
    `YYYYMMDDHHMMSSZ`: the approval's time, so that making the letters again gives the same bytes)."""

    layout: Layout
    forms: tuple[tuple[Block, ...], ...]
    languages: tuple[str, ...]
    head: Letterhead
    duplex: bool
    created: str
    size_pt: float = BODY_PT


class Measured(NamedTuple):
    """How many pages a letter takes, or the code of why it cannot be set (then `detail` may name a sign)."""

    pages: int
    refused: str = ""
    detail: str = ""


class BatchFiles(NamedTuple):
    """What was written for a batch: files as [{name, sha256, letters, pages}], a record of each letter, and one hash
    over all of them."""

    files: tuple[dict[str, Any], ...]
    records: tuple[LetterRecord, ...]
    pages: int
    sheets: int
    merkle_root: str


class PrintedPart(NamedTuple):
    """One finished file: a record of each letter, what was read back from each page, its SHA-256; `unreadable` if the
    reading library could make nothing of it."""

    records: tuple[LetterRecord, ...]
    pages: tuple[PageReading, ...]
    sha256: str
    unreadable: bool = False


class Pressroom(Protocol):
    """Prints files, several at once if that is worth it; a context that ends its processes."""

    workers: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def submit(self, rows: Sequence[LetterRow], path: Path, reference: str) -> Future[PrintedPart]:
        """Have one file printed and read back; the result raises what printing raised."""


class Press(Protocol):
    """A run of letters with everything set that all share."""

    layout: Layout

    def measure(self, row: LetterRow) -> Measured:
        """Return how many pages a letter takes, or why it is refused."""

    def one(self, row: LetterRow) -> bytes:
        """Return a single letter as a PDF with tags; it shows what it shows in its batch."""

    def copy(self, row: LetterRow, path: Path, reference: str) -> PrintedPart:
        """Write a single letter with tags into a file of its own, and read it back."""


class LetterRenderer(Protocol):
    """Prepares runs of letters."""

    def layouts(self) -> Mapping[str, Layout]:
        """Return the layouts by id."""

    def prepare(self, order: PressOrder) -> Press:
        """Set everything that letters share."""

    def pressroom(self, press: Press, order: PressOrder, letters: int) -> Pressroom:
        """Return a room to print a run of so many letters in."""

    def logo(self, data: bytes) -> tuple[int, int]:
        """Return the size of a picture that can stand on letters. Raises InputError("bad_logo")."""

    def colour(self, colour: str) -> None:
        """Look at a colour for titles, "" for black. Raises InputError("bad_colour") if it is none or too pale."""

    def sheet(self, facts: Mapping[str, Any], layout: Layout) -> bytes:
        """Return the batch sheet: counts, hashes, fold, envelope, ruler, lines to sign."""

    def test_page(self, layout: Layout) -> bytes:
        """Return the page that is printed and folded once per layout and printer."""

    def marks_proof(self, layout: Layout, duplex: bool) -> bytes:
        """Return made-up letters of one, two and three sheets, for a trial on an inserting machine."""

    def bulletin(self, blocks: Sequence[Block], language: str, organisation: str, day: str) -> bytes:
        """Return the public notice of one language as a PDF."""

    def codes_in(self, path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (page, texts of the codes on it) of pictures of envelopes. Raises InputError("cannot_see_picture")."""

    def images(self, pdf: bytes, dpi: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield (width, height, RGBA rows) of each page."""
