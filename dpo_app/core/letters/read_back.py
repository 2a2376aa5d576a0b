"""The wrong-person guard: what a finished page shows, beside what the ledger says that it must show.

Every letter of a batch is read from its file by a library that had no part in writing it. The reading knows nothing of
what is expected; the comparison knows nothing of how the letter was made. One difference, and the batch is not
released (letters-and-email.md section 7, 6 and 29).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from dpo_app.core.digests import sha256
from dpo_app.core.letters.letter import LetterRecord

_WRAP = (1 << 64) - 1
#: Hyphens come and go with the ends of lines; they are no part of what is compared.
_HYPHENS = frozenset("-\u00ad\u2010\u2011\u0002\ufffe")


class ReadBackFault(StrEnum):
    """What of a finished letter is not as the ledger has it."""

    FILE = "file_unreadable"
    PAGES = "pages_differ"
    ADDRESS = "address_differs"
    CODE = "code_differs"
    MATRIX = "matrix_differs"
    SHEET = "sheet_differs"
    TEXT = "text_differs"


class PageReading(NamedTuple):
    """What was read on one page of a file (from 1): `windows` the lines that each envelope's window can ever show,
    `codes` the references printed, `matrix` what the Data Matrix says ("" for none), `signs` the sum of all signs,
    `sheet` what the code for inserting machines says ("" for none)."""

    page: int
    windows: tuple[tuple[str, ...], ...]
    codes: frozenset[str]
    matrix: str
    signs: int
    sheet: str = ""

    @property
    def blank(self) -> bool:
        """Tell whether nothing stands on the page."""
        return not self.signs and not self.codes and not self.matrix and not self.sheet


class ExpectedLetter(NamedTuple):
    """What the ledger says of a letter: number, token, the lines in the window, and the sum of signs of everything it
    says, without and with each further page's head and number; `sheets` what the codes for machines say, by page, ()
    if there are none."""

    number: int
    token: str
    window: tuple[str, ...]
    signs: int
    sheets: tuple[str, ...] = ()


class Mismatch(NamedTuple):
    """The first letter that is not as it must be: its number, file, page in the file, and what differs."""

    letter: int
    file: str
    page: int
    fault: ReadBackFault


def plain_line(text: str) -> str:
    """Return a line as it is compared: compatibility form, single blanks, without signs that cannot be seen. One with
    right-to-left letters is compared by its signs, since readers differ on which of them comes first."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii() and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in plain):
        return "".join(sorted(sign for sign in plain if unicodedata.category(sign)[0] not in "CZ"))
    return " ".join("".join(s for s in plain if s.isspace() or unicodedata.category(s)[0] != "C").split())


@lru_cache(maxsize=65_536)
def _value(sign: str) -> int:
    """Return the number of a sign: by hash, so that no two of a text can be exchanged for two others."""
    plain = unicodedata.normalize("NFKC", sign)
    total = 0
    for each in plain:
        if not each.isspace() and each not in _HYPHENS and unicodedata.category(each)[0] != "C":
            total += int.from_bytes(sha256(each.encode("utf-8", "surrogatepass"))[:8], "big")
    return total & _WRAP


def signs_sum(*texts: str) -> int:
    """Return a sum over the signs of texts that does not depend on their order, nor on blanks and hyphens: a page
    shows what was meant if no sign is missing and none has been added."""
    total = 0
    for text in texts:
        # Composed first: a sign and its mark are one value however the file keeps them.
        total += sum(map(_value, text if text.isascii() else unicodedata.normalize("NFKC", text)))
    return total & _WRAP


def add_signs(*sums: int) -> int:
    """Return the sum of sums."""
    return sum(sums) & _WRAP


def compare(
    file: str, pages: Iterable[PageReading], letters: Iterable[tuple[ExpectedLetter, LetterRecord]], duplex: bool
) -> Mismatch | None:
    """Walk through one file: letter by letter, page by page, nothing left over. Returns the first difference."""
    readings = iter(pages)
    at = 0
    for expected, record in letters:
        if record.number != expected.number or record.first_page != at + 1:
            return Mismatch(expected.number, file, at + 1, ReadBackFault.PAGES)
        if record.token != expected.token:
            return Mismatch(expected.number, file, at + 1, ReadBackFault.CODE)
        own: list[PageReading] = []
        for _ in range(record.pages):
            reading = next(readings, None)
            if reading is None:
                return Mismatch(expected.number, file, at + 1, ReadBackFault.PAGES)
            at += 1
            fault = _page_fault(expected, reading, len(own))
            if fault is not None:
                return Mismatch(expected.number, file, at, fault)
            own.append(reading)
        if add_signs(*(reading.signs for reading in own)) != expected.signs:
            return Mismatch(expected.number, file, record.first_page, ReadBackFault.TEXT)
        if duplex and record.pages % 2:
            back = next(readings, None)
            at += 1
            if back is None or not back.blank:
                return Mismatch(expected.number, file, at, ReadBackFault.PAGES)
    return _left_over(readings, file, at)


def _left_over(readings: Iterator[PageReading], file: str, at: int) -> Mismatch | None:
    return Mismatch(0, file, at + 1, ReadBackFault.PAGES) if next(readings, None) is not None else None


def _page_fault(expected: ExpectedLetter, reading: PageReading, page: int) -> ReadBackFault | None:
    if reading.codes != {expected.token}:
        return ReadBackFault.CODE
    if reading.sheet != (expected.sheets[page] if expected.sheets else ""):
        return ReadBackFault.SHEET
    if page > 0:
        return ReadBackFault.MATRIX if reading.matrix else None
    if any(window != expected.window for window in reading.windows):
        return ReadBackFault.ADDRESS
    return ReadBackFault.MATRIX if reading.matrix != expected.token else None
