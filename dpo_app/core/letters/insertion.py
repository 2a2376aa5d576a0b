"""Marks for inserting machines: bars that a machine counts, and a code on the front of each sheet.

Which bar means what, and where it stands, is a setting of the machine: the print house gives the list, and it is data in
the layout (letters-and-email.md 1.14). Without one there are no marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Bar(StrEnum):
    """What a bar says of its sheet. `always` stands on every sheet (start, safety and timing marks); `sheet_…` and
    `letter_…` are the bits of the number of the sheet in its letter and of the letter in its batch; `parity` makes the
    number of bars even."""

    ALWAYS = "always"
    FIRST = "first_of_set"
    NOT_FIRST = "not_first_of_set"
    END = "end_of_set"
    NOT_END = "not_end_of_set"
    SHEET_1 = "sheet_1"
    SHEET_2 = "sheet_2"
    SHEET_4 = "sheet_4"
    LETTER_1 = "letter_1"
    LETTER_2 = "letter_2"
    LETTER_4 = "letter_4"
    PARITY = "parity"


class Sheet(NamedTuple):
    """A sheet: batch (`L1`), number of its letter, place in the letter from 1, and how many the letter has."""

    job: str
    letter: int
    number: int
    of: int

    @property
    def text(self) -> str:
        """Return what its code says: batch, letter, sheet, sheets, and 1 for the last one of the letter."""
        return f"{self.job}-{self.letter:05d}-{self.number}-{self.of}-{int(self.number == self.of)}"


_BITS = {
    Bar.SHEET_1: ("number", 1), Bar.SHEET_2: ("number", 2), Bar.SHEET_4: ("number", 4),
    Bar.LETTER_1: ("letter", 1), Bar.LETTER_2: ("letter", 2), Bar.LETTER_4: ("letter", 4),
}  # fmt: skip
#: Free on all sides of what a machine reads, in mm.
QUIET_MM = 2.0
#: The longest text, of a batch of millions, takes 20 x 20 modules.
CODE_MODULES = 20


@dataclass(frozen=True)
class InsertionMarks:
    """Bars with the height of each in mm from the sheet's top edge, all `length` long from `x` and `thick` thick; and
    the place of the code (x, y, module), None without one."""

    bars: tuple[tuple[Bar, float], ...] = ()
    x: float = 5.0
    length: float = 8.0
    thick: float = 0.4
    code: tuple[float, float, float] | None = None

    def printed(self, sheet: Sheet) -> tuple[float, ...]:
        """Return the heights of the bars that stand on a sheet."""
        plain = [y for bar, y in self.bars if bar is not Bar.PARITY and _holds(bar, sheet)]
        odd = len(plain) % 2 == 1
        return tuple(sorted([*plain, *(y for bar, y in self.bars if bar is Bar.PARITY and odd)]))

    def areas(self) -> list[tuple[float, float, float, float]]:
        """Return what the marks take on every sheet, with the paper that must be free around them: left, top, right,
        bottom."""
        found = []
        if self.bars:
            heights = [y for _, y in self.bars]
            found.append((self.x, min(heights), self.x + self.length, max(heights) + self.thick))
        if self.code is not None:
            x, y, module = self.code
            side = CODE_MODULES * module
            found.append((x, y, x + side, y + side))
        return [(a - QUIET_MM, b - QUIET_MM, c + QUIET_MM, d + QUIET_MM) for a, b, c, d in found]

    def to_document(self) -> dict[str, Any]:
        """Return the marks as plain values, as a layout's file has them."""
        code = {"x": self.code[0], "y": self.code[1], "module": self.code[2]} if self.code else {}
        return {
            "bars": [[bar.value, y] for bar, y in self.bars], "x": self.x, "length": self.length, "thick": self.thick,
            "code": code,
        }  # fmt: skip


def marks_from_document(document: Mapping[str, Any]) -> InsertionMarks | None:
    """Return the marks of a layout's document, None without any. Raises ValueError, TypeError or KeyError."""
    code = document.get("code") or {}
    bars = tuple((Bar(str(name)), float(y)) for name, y in document.get("bars", ()))
    if not bars and not code:
        return None
    place = (float(code["x"]), float(code["y"]), float(code["module"])) if code else None
    made = InsertionMarks(
        bars,
        float(document.get("x", 5.0)),
        float(document.get("length", 8.0)),
        float(document.get("thick", 0.4)),
        place,
    )
    heights = sorted(y for _, y in bars)
    if min(made.length, made.thick, *(place[2:] if place else ())) <= 0:
        raise ValueError("marks")
    if any(b - a < 2 * made.thick for a, b in zip(heights, heights[1:], strict=False)):
        raise ValueError("bars")
    return made


def parse_bars(text: str) -> list[list[Any]]:
    """Return bars that were typed, one a line: its name and its height in mm. Raises ValueError."""
    found: list[list[Any]] = []
    for line in filter(str.strip, text.splitlines()):
        name, height = line.replace(",", ".").split()
        found.append([Bar(name).value, float(height)])
    return found


def _holds(bar: Bar, sheet: Sheet) -> bool:
    first, last = sheet.number == 1, sheet.number == sheet.of
    plain = {Bar.ALWAYS: True, Bar.FIRST: first, Bar.NOT_FIRST: not first, Bar.END: last, Bar.NOT_END: not last}
    if bar in plain:
        return plain[bar]
    of, bit = _BITS[bar]
    return bool(int(getattr(sheet, of)) & bit)
