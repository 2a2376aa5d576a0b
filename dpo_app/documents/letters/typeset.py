"""Lines of a paragraph: a greedy breaker over measured words, left-aligned, with hyphens where a line would end far
from the margin.

Without hyphens it breaks where reportlab's Platypus breaks (a test holds the two side by side) and costs a tenth of it,
because a word is measured once and text is written as glyph numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.fonts import BOLD, REGULAR, SHAPED, Face, faces, stretches
from dpo_app.documents.letters.hyphenation import places

MM = 72 / 25.4
_BLANKS = re.compile(r"[ \t\n]+")
#: A word is parted only if more than this of the line would stay empty, and never on more lines in a row than this.
_RAGGED, _HYPHENS_IN_A_ROW = 0.12, 2


class Piece(NamedTuple):
    """A stretch of a word in one face; one that is `whole` (a name, a code, a link) is never parted."""

    face: int
    text: str
    whole: bool = False


class Line(NamedTuple):
    """A set line: its pieces as (face, offset from the left in points, glyphs as hex)."""

    pieces: tuple[tuple[int, float, str], ...]


@dataclass(frozen=True)
class Style:
    """How a kind of block is set: size and leading in points, space before and after in points, indent in mm."""

    size: float
    leading: float
    before: float
    after: float
    indent: float = 0.0
    bold: bool = False
    whole: bool = False


@lru_cache(maxsize=8)
def styles(size: float) -> Mapping[BlockKind, Style]:
    """Return the styles for a body size: line distance 1.35, headings close to what they head."""
    leading = round(size * 1.35, 2)
    return {
        BlockKind.TITLE: Style(size + 2.5, round((size + 2.5) * 1.25, 2), 0, size * 0.9, bold=True, whole=True),
        BlockKind.SUBHEADING: Style(size, leading, size * 0.55, 1.5, bold=True, whole=True),
        BlockKind.PARAGRAPH: Style(size, leading, 0, size * 0.55),
        BlockKind.BULLET: Style(size, leading, 0, 2.0, indent=4.6),
        BlockKind.SIGNATURE: Style(size, leading, size * 0.35, 0, whole=True),
        BlockKind.PAGE_BREAK: Style(size, leading, 0, 0, whole=True),
    }


def words_of(runs: Sequence[Run], bold: bool, slots: Mapping[Slot, str]) -> list[tuple[Piece, ...]]:
    """Return the words of a block: what stands between blanks, in one or more faces."""
    words: list[tuple[Piece, ...]] = []
    current: list[Piece] = []
    for run in runs:
        text = slots[run.slot] if run.slot is not None else run.text
        if run.link and run.link != run.text:
            text = f"{text} ({run.link})"
        face = BOLD if bold or run.bold else REGULAR
        parts = _BLANKS.split(text)
        for place, part in enumerate(parts):
            if place > 0 and current:
                words.append(tuple(current))
                current = []
            if part:
                whole = run.slot is not None or bool(run.link)
                if part.isascii():
                    current.append(Piece(face, part, whole))
                else:
                    current.extend(Piece(number, text, whole) for number, text in stretches(part, face))
    if current:
        words.append(tuple(current))
    return words


def break_lines(
    words: Sequence[tuple[Piece, ...]], width_pt: float, size: float, fonts: Sequence[Face], language: str = ""
) -> tuple[Line, ...]:
    """Return the lines of a paragraph; with a `language`, words of it may be parted. A word wider than the line is
    broken where the line ends."""
    limit = width_pt * 1000 / size
    lines: list[Line] = []
    pieces: list[tuple[int, float, str]] = []
    used, in_a_row, hyphen = 0.0, 0, False
    space = fonts[REGULAR].word(" ").width
    todo = list(reversed(_fitting(words, limit, fonts)))
    while todo:
        word = todo.pop()
        measured = _measured(word, fonts)
        if pieces and used + space + sum(each[1] for each in measured) > limit:
            room = limit - used - space
            parts = None
            if language and todo and not hyphen and in_a_row < _HYPHENS_IN_A_ROW and room > _RAGGED * limit:
                parts = _parted(word, room, fonts, language)
            if parts is None:
                lines.append(_line(pieces, size))
                pieces, used, in_a_row, hyphen = [], 0.0, in_a_row + 1 if hyphen else 0, False
            else:
                # What is left of the word finds no room any more and begins the next line.
                todo.append(parts[1])
                measured, hyphen = _measured(parts[0], fonts), True
        if pieces:
            last_face, start, glyphs = pieces[-1]
            if last_face == measured[0][0]:
                # The blank and the word continue the same stretch: one operator for the whole line.
                blank = fonts[last_face].word(" ")
                pieces[-1] = (last_face, start, glyphs + blank.glyphs + measured[0][2])
                used += blank.width + measured[0][1]
                measured = measured[1:]
            else:
                used += space
        for face, piece_width, glyphs in measured:
            pieces.append((face, used, glyphs))
            used += piece_width
    if pieces:
        lines.append(_line(pieces, size))
    return tuple(lines)


def _measured(word: Sequence[Piece], fonts: Sequence[Face]) -> list[tuple[int, float, str]]:
    return [(piece.face, *fonts[piece.face].word(piece.text)) for piece in word]


def _parted(
    word: tuple[Piece, ...], room: float, fonts: Sequence[Face], language: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """Return a word in two parts, the first one with its hyphen and as long as `room` takes; None if it stays whole."""
    if len(word) > 1 or word[0].whole or word[0].face >= SHAPED:
        return None
    face, text, _ = word[0]
    for place in reversed(places(text, language)):
        head = text[:place] if text[place - 1] == "-" else f"{text[:place]}-"
        if fonts[face].word(head).width <= room:
            return (Piece(face, head),), (Piece(face, text[place:]),)
    return None


def _line(pieces: Sequence[tuple[int, float, str]], size: float) -> Line:
    return Line(tuple((face, start * size / 1000, glyphs) for face, start, glyphs in pieces))


def _fitting(words: Sequence[tuple[Piece, ...]], limit: float, fonts: Sequence[Face]) -> Sequence[tuple[Piece, ...]]:
    """Return the words with those that no line can hold cut into parts that fit."""
    if all(sum(fonts[p.face].word(p.text).width for p in word) <= limit for word in words):
        return words
    fitting: list[tuple[Piece, ...]] = []
    for word in words:
        part: list[Piece] = []
        used = 0.0
        for piece in word:
            for sign in piece.text:
                width = fonts[piece.face].word(sign).width
                if part and used + width > limit:
                    fitting.append(tuple(part))
                    part, used = [], 0.0
                part.append(Piece(piece.face, sign))
                used += width
        fitting.append(tuple(part))
    return fitting


def set_block(
    block: Block, width_mm: float, size: float, slots: Mapping[Slot, str], fonts: Sequence[Face], language: str = ""
) -> tuple[Line, ...]:
    """Return the lines of a block for a column of `width_mm`. Headings and signatures are never hyphenated."""
    style = styles(size)[block.kind]
    width = (width_mm - style.indent) * MM
    own = "" if style.whole else language
    return break_lines(words_of(block.runs, style.bold, slots), width, style.size, fonts, own)


def lines_stream(lines: Sequence[Line], x: float, top: float, style: Style, bullet: str = "") -> str:
    """Return the text operators of lines whose first one begins at `top` (points from the sheet's bottom edge).

    `bullet` are the glyphs of the sign before the first line.
    """
    left = x + style.indent * MM
    baseline = top - style.size * 0.98 - (style.leading - style.size) / 2 + style.size * 0.12
    out = []
    face_set = -1
    for number, line in enumerate(lines):
        y = baseline - number * style.leading
        if bullet and number == 0:
            out.append(f"/F{REGULAR} {style.size:g} Tf 1 0 0 1 {x + 1.2 * MM:.2f} {y:.2f} Tm <{bullet}> Tj")
            face_set = REGULAR
        for face, offset, glyphs in line.pieces:
            font = "" if face == face_set else f"/F{face} {style.size:g} Tf "
            face_set = face
            shown = f"<{glyphs}> Tj" if face < SHAPED else faces()[face].operators(glyphs, style.size)
            out.append(f"{font}1 0 0 1 {left + offset:.2f} {y:.2f} Tm {shown}")
    return "BT " + "\n".join(out) + " ET\n"
