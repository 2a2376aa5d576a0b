"""Where the blocks of a letter fall on its pages.

A composition depends only on the form and on how many lines the personal blocks take, so it is worked out once for
many letters. Blocks without slots are set once; of each page what stands the same for all its letters is one form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dpo_app.core.layout import Layout
from dpo_app.core.notice import Block, BlockKind, Slot
from dpo_app.documents.fonts import REGULAR, Face
from dpo_app.documents.typeset import MM, Line, Style, lines_stream, set_block, styles

BODY_PT = 11.0
#: Tried in turn when the text runs over by a few lines: each saves a sheet (letters-and-email.md 3.4).
TIGHTER_PT = (10.5, 10.0, 9.5)
SMALL_OVERFLOW_LINES = 6
LEAST_TOGETHER = 2
MOST_PAGES = 20


class Placed(NamedTuple):
    """Lines `first` to `last` (excluded) of a block, their top in points from the sheet's bottom edge."""

    block: int
    first: int
    last: int
    top: float


@dataclass(frozen=True)
class Composition:
    """The pages of a letter: what is placed on each; `static[i]` is the content that all such letters share."""

    size: float
    pages: tuple[tuple[Placed, ...], ...]
    static: tuple[str, ...]


@dataclass
class SetForm:
    """A form set for a layout: lines of the blocks that are the same for all, by body size."""

    blocks: Sequence[Block]
    layout: Layout
    fonts: Sequence[Face]
    _lines: dict[float, dict[int, tuple[Line, ...]]] = field(default_factory=dict)
    _known: dict[tuple[int, ...], Composition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.personal = tuple(place for place, block in enumerate(self.blocks) if block.personal)
        self._bullet = self.fonts[REGULAR].word("\N{BULLET}").glyphs

    def static_lines(self, size: float) -> Mapping[int, tuple[Line, ...]]:
        """Return the lines of the blocks without slots."""
        if size not in self._lines:
            self._lines[size] = {
                place: set_block(block, self.layout.text_width, size, {}, self.fonts)
                for place, block in enumerate(self.blocks)
                if not block.personal
            }
        return self._lines[size]

    def personal_lines(self, slots: Mapping[Slot, str], size: float) -> list[tuple[Line, ...]]:
        """Return the lines of the blocks with slots, for one person."""
        width = self.layout.text_width
        return [set_block(self.blocks[place], width, size, slots, self.fonts) for place in self.personal]

    def compose(self, slots: Mapping[Slot, str]) -> tuple[Composition, list[tuple[Line, ...]]]:
        """Return the pages of one person's letter and the lines of its personal blocks."""
        lines = self.personal_lines(slots, BODY_PT)
        counts = tuple(map(len, lines))
        composition = self._known.get(counts)
        if composition is None:
            composition = self._known[counts] = self._work_out(slots, counts)
        if composition.size != BODY_PT:
            lines = self.personal_lines(slots, composition.size)
        return composition, lines

    def _work_out(self, slots: Mapping[Slot, str], counts: tuple[int, ...]) -> Composition:
        pages = self._paginate(BODY_PT, counts)
        if len(pages) > 1 and sum(p.last - p.first for p in pages[-1]) < SMALL_OVERFLOW_LINES:
            for size in TIGHTER_PT:
                tighter = self._paginate(size, tuple(map(len, self.personal_lines(slots, size))))
                if len(tighter) < len(pages):
                    return self._finished(size, tighter)
        return self._finished(BODY_PT, pages)

    def _finished(self, size: float, pages: Sequence[Sequence[Placed]]) -> Composition:
        own = styles(size)
        static = self.static_lines(size)
        contents = []
        for page in pages:
            parts = [
                self.stream(static[p.block][p.first : p.last], p, own[self.blocks[p.block].kind])
                for p in page
                if p.block in static
            ]
            contents.append("".join(parts))
        return Composition(size, tuple(map(tuple, pages)), tuple(contents))

    def stream(self, lines: Sequence[Line], placed: Placed, style: Style) -> str:
        """Return the operators of placed lines."""
        bullet = self.blocks[placed.block].kind is BlockKind.BULLET and placed.first == 0
        left = self.layout.margin["left"] * MM
        return lines_stream(lines, left, placed.top, style, self._bullet if bullet else "")

    def _paginate(self, size: float, counts: Sequence[int]) -> list[list[Placed]]:
        """Fill pages from the top; a heading stays with what it heads, the signature stays whole, and a paragraph
        that is parted leaves two lines on both sides."""
        own = styles(size)
        static = self.static_lines(size)
        personal = dict(zip(self.personal, counts, strict=True))
        height = self.layout.page[1]
        bottom = self.layout.margin["bottom"] * MM
        top = (height - self.layout.first_top) * MM
        pages: list[list[Placed]] = [[]]
        for group in self._groups(own):
            needed = sum(self._height(b, own, static, personal) for b in group)
            first = group[0]
            before = own[self.blocks[first].kind].before if pages[-1] else 0
            room = top - before - bottom
            splittable = len(group) == 1 and not own[self.blocks[first].kind].whole
            if needed - own[self.blocks[group[-1]].kind].after > room:
                lines = self._count(first, static, personal)
                leading = own[self.blocks[first].kind].leading
                fit = int(room // leading)
                if splittable and fit >= LEAST_TOGETHER and lines - fit >= LEAST_TOGETHER:
                    pages[-1].append(Placed(first, 0, fit, top - before))
                    top = (height - self.layout.next_top) * MM
                    pages.append([Placed(first, fit, lines, top)])
                    top -= (lines - fit) * leading + own[self.blocks[first].kind].after
                    continue
                pages.append([])
                top, before = (height - self.layout.next_top) * MM, 0.0
            for place in group:
                style = own[self.blocks[place].kind]
                top -= style.before if pages[-1] else 0
                lines = self._count(place, static, personal)
                pages[-1].append(Placed(place, 0, lines, top))
                top -= lines * style.leading + style.after
        return pages

    def _groups(self, own: Mapping[BlockKind, Style]) -> list[list[int]]:
        """Return blocks that must stay together: a heading with the block after it, the lines of the signature."""
        groups: list[list[int]] = []
        together = False
        for place, block in enumerate(self.blocks):
            if together and groups:
                groups[-1].append(place)
            else:
                groups.append([place])
            together = own[block.kind].keep_next
        return groups

    def _count(self, place: int, static: Mapping[int, tuple[Line, ...]], personal: Mapping[int, int]) -> int:
        return personal[place] if place in personal else len(static[place])

    def _height(
        self, place: int, own: Mapping[BlockKind, Style], static: Mapping[int, tuple[Line, ...]],
        personal: Mapping[int, int],
    ) -> float:  # fmt: skip
        style = own[self.blocks[place].kind]
        return self._count(place, static, personal) * style.leading + style.after
