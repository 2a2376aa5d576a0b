"""Fonts that are embedded: which signs they have, how wide words are, and the bytes that go into a file.

Whole fonts are embedded, packed once a program run: a batch of 2,000 letters grows by about a tenth, and no glyph can
be missing from a subset; a font for another script goes only into files that use it. Glyph numbers are the character codes in the file (Identity-H), text stays searchable by a
ToUnicode map.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from reportlab.pdfbase.ttfonts import TTFontFile

from dpo_app.documents.letters.shaping import SCRIPTS, Glyph, advances, one_direction, operators, right_to_left, shape
from dpo_app.paths import resources

FACES = ("NotoSans-Regular", "NotoSans-Bold", *SCRIPTS)
REGULAR, BOLD, SHAPED = 0, 1, 2
_Value = TypeVar("_Value")
#: Words kept measured, for each face: names of a million persons must not fill the memory.
_KEPT_WORDS = 100_000


class Word(NamedTuple):
    """A word set in a face: width in thousandths of the size, glyph numbers as hex; in the font of a script the text
    itself."""

    width: float
    glyphs: str


class _BySign(dict[str, _Value], Generic[_Value]):
    """A table that works out a sign when it is first asked for."""

    def __init__(self, work_out: Callable[[str], _Value]) -> None:
        self._work_out = work_out

    def __missing__(self, sign: str) -> _Value:
        value = self._work_out(sign)
        self[sign] = value
        return value


class Face:
    """One font file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._file = TTFontFile(str(resources() / "fonts" / f"{name}.ttf"))
        self._widths: dict[int, float] = self._file.charWidths
        self._glyphs: dict[int, int] = self._file.charToGlyph
        self._default: float = self._file.defaultWidth
        self._words: dict[str, Word] = {}
        self._shapes: dict[str, tuple[Glyph, ...]] = {}
        # By sign and not by code: a line is measured by two maps without a step of Python for each sign.
        self._sign_width = _BySign(lambda sign: self._widths.get(ord(sign), self._default)).__getitem__
        self._sign_glyph = _BySign(lambda sign: f"{self._glyphs.get(ord(sign), 0):04x}").__getitem__

    def word(self, text: str) -> Word:
        """Return a word's width and glyphs; the same word is measured once, a whole line (with blanks) is not kept."""
        known = self._words.get(text)
        if known is None:
            if self.name in SCRIPTS:
                # Shaped when it is written: words of a line that stand beside each other are one stretch.
                return Word(sum(glyph.advance for glyph in self.shaped(text)), text)
            known = Word(sum(map(self._sign_width, text)), "".join(map(self._sign_glyph, text)))
            if len(self._words) < _KEPT_WORDS and (text == " " or " " not in text):
                self._words[text] = known
        return known

    def has(self, sign: str) -> bool:
        """Tell whether the font has a sign."""
        return ord(sign) in self._glyphs

    def shaped(self, text: str) -> tuple[Glyph, ...]:
        """Return the glyphs of a stretch in this font's script."""
        known = self._shapes.get(text)
        if known is None:
            known = shape(self.name, text)
            if len(self._shapes) < _KEPT_WORDS:
                self._shapes[text] = known
        return known

    def operators(self, text: str, size: float) -> str:
        """Return the operators that show a stretch in this font's script, at a size in points."""
        return operators(self.shaped(text), advances(self.name), text, size)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Return the font's bounding box in thousandths."""
        left, bottom, right, top = (round(value) for value in self._file.bbox)
        return left, bottom, right, top

    @property
    def ascent(self) -> int:
        """Return the ascent in thousandths."""
        return int(round(self._file.ascent))

    @property
    def descent(self) -> int:
        """Return the descent in thousandths, negative."""
        return int(round(self._file.descent))

    @lru_cache(maxsize=1)  # noqa: B019 - faces live as long as the program
    def packed(self) -> bytes:
        """Return the font file, deflated."""
        return zlib.compress((resources() / "fonts" / f"{self.name}.ttf").read_bytes(), 9)

    @property
    def length(self) -> int:
        """Return the font file's length in bytes."""
        return (resources() / "fonts" / f"{self.name}.ttf").stat().st_size

    @lru_cache(maxsize=1)  # noqa: B019
    def widths_array(self) -> str:
        """Return the widths of all glyphs for a CIDFont's W entry."""
        by_glyph: dict[int, float] = {}
        for code, glyph in self._glyphs.items():
            by_glyph.setdefault(glyph, self._widths.get(code, self._default))
        if self.name in SCRIPTS:
            by_glyph = dict(enumerate(advances(self.name)))
        parts = []
        run: list[str] = []
        start = previous = -2
        for glyph in sorted(by_glyph):
            if glyph != previous + 1:
                if run:
                    parts.append(f"{start} [{' '.join(run)}]")
                start, run = glyph, []
            run.append(f"{by_glyph[glyph]:.0f}")
            previous = glyph
        parts.append(f"{start} [{' '.join(run)}]")
        return " ".join(parts)

    @lru_cache(maxsize=1)  # noqa: B019
    def to_unicode(self) -> bytes:
        """Return the ToUnicode map, deflated: text that is copied or searched is what was meant."""
        by_glyph: dict[int, int] = {}
        for code in sorted(self._glyphs):
            if code <= 0xFFFF:
                by_glyph.setdefault(self._glyphs[code], code)
        rows = [f"<{glyph:04x}> <{code:04x}>" for glyph, code in sorted(by_glyph.items())]
        blocks = []
        for start in range(0, len(rows), 100):
            part = rows[start : start + 100]
            blocks.append(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar")
        text = (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            + "\n".join(blocks)
            + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        )
        return zlib.compress(text.encode(), 9)


@lru_cache(maxsize=1)
def faces() -> tuple[Face, ...]:
    """Return the faces of letters, loaded once."""
    return tuple(Face(name) for name in FACES)


@lru_cache(maxsize=4096)
def _face_of(sign: str) -> int | None:
    """Return the number of the first face that has a sign; the fonts of scripts have one weight only."""
    return next((n for n, face in enumerate(faces()) if n != BOLD and face.has(sign)), None)


@lru_cache(maxsize=20_000)
def stretches(text: str, face: int) -> tuple[tuple[int, str], ...]:
    """Return a text cut into (face, part): what `face` has stays in it, the rest goes to the fonts of its scripts.

    A blank or hyphen between two stretches of the same right-to-left script goes with them.
    """
    own = faces()[face]
    chosen = [face if own.has(sign) else _face_of(sign) or face for sign in text]
    for place, sign in enumerate(text):
        following = next((n for n in chosen[place:] if n != face), face)
        mark = bool(unicodedata.combining(sign)) and place > 0
        between = place > 0 and chosen[place - 1] >= SHAPED and following == chosen[place - 1]
        inside = faces()[chosen[place - 1]].has(sign) if place else False
        if chosen[place] == face and inside and (mark or (between and sign in " -'\u2019" and right_to_left(text))):
            chosen[place] = chosen[place - 1]
    parts: list[tuple[int, str]] = []
    for number, sign in zip(chosen, text, strict=True):
        if parts and parts[-1][0] == number:
            parts[-1] = (number, parts[-1][1] + sign)
        else:
            parts.append((number, sign))
    return tuple(parts)


def line_width(text: str, face: int = REGULAR) -> float:
    """Return the width of a line in thousandths of its size."""
    if text.isascii():
        return faces()[face].word(text).width
    return sum(faces()[number].word(part).width for number, part in stretches(text, face))


def missing_sign(text: str) -> str | None:
    """Return the Unicode name of the first sign of `text` that letters cannot print, or None; of a line whose
    directions cannot be told apart, its first right-to-left sign."""
    if text.isascii():
        return None
    for sign in text:
        if _face_of(sign) is None:
            return unicodedata.name(sign, f"U+{ord(sign):04X}")
    if not one_direction(text) or sum(number >= SHAPED for number, _ in stretches(text, REGULAR)) > 1:
        first = next((s for s in text if right_to_left(s)), text[0])
        return unicodedata.name(first, f"U+{ord(first):04X}") if right_to_left(text) else None
    return None
