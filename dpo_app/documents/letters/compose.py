"""Where the blocks of a letter fall on its pages.

A composition depends only on the form and on how many lines the personal blocks take, so it is worked out once for
many letters. Blocks without slots are set once; of each page what stands the same for all its letters is one form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.letter import BODY_PT
from dpo_app.core.notices.notice import Block, BlockKind, Slot
from dpo_app.documents.fonts import REGULAR, Face
from dpo_app.documents.letters.typeset import MM, Line, Style, lines_stream, set_block, styles

#: Tried in turn when the text runs over by a few lines: each saves a sheet (letters-and-email.md 3.4).
TIGHTER_PT = (10.5, 10.0, 9.5)
SMALL_OVERFLOW_LINES = 11
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
    """A form set for a layout: lines of the blocks that are the same for all, by body size. `language` is that of its
    words, for their hyphens; `colour` are the operators that choose the titles' colour, or ""."""

    blocks: Sequence[Block]
    layout: Layout
    fonts: Sequence[Face]
    language: str = ""
    size: float = BODY_PT
    colour: str = ""
    _lines: dict[float, dict[int, tuple[Line, ...]]] = field(default_factory=dict)
    _known: dict[tuple[int, ...], Composition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.personal = tuple(place for place, block in enumerate(self.blocks) if block.personal)
        self._languages = [self.language_of(place) for place in range(len(self.blocks))]
        self._bullet = self.fonts[REGULAR].word("\N{BULLET}").glyphs

    def static_lines(self, size: float) -> Mapping[int, tuple[Line, ...]]:
        """Return the lines of the blocks without slots."""
        if size not in self._lines:
            self._lines[size] = {
                place: set_block(block, self.layout.text_width, size, {}, self.fonts, self._languages[place])
                for place, block in enumerate(self.blocks)
                if not block.personal
            }
        return self._lines[size]

    def personal_lines(self, slots: Mapping[Slot, str], size: float) -> list[tuple[Line, ...]]:
        """Return the lines of the blocks with slots, for one person."""
        width = self.layout.text_width
        return [
            set_block(self.blocks[place], width, size, slots, self.fonts, self._languages[place])
            for place in self.personal
        ]

    def language_of(self, place: int) -> str:
        """Return the language of a block: a form in several changes it at each page break."""
        names = self.language.split("+")
        breaks = sum(block.kind is BlockKind.PAGE_BREAK for block in self.blocks[:place])
        return names[min(breaks, len(names) - 1)]

    def compose(self, slots: Mapping[Slot, str]) -> tuple[Composition, list[tuple[Line, ...]]]:
        """Return the pages of one person's letter and the lines of its personal blocks."""
        lines = self.personal_lines(slots, self.size)
        counts = tuple(map(len, lines))
        composition = self._known.get(counts)
        if composition is None:
            composition = self._known[counts] = self._work_out(slots, counts)
        if composition.size != self.size:
            lines = self.personal_lines(slots, composition.size)
        return composition, lines

    def _work_out(self, slots: Mapping[Slot, str], counts: tuple[int, ...]) -> Composition:
        pages = self._paginate(self.size, counts)
        small = len(pages) > 1 and sum(p.last - p.first for p in pages[-1]) < SMALL_OVERFLOW_LINES
        # Large print stays large: who asked for it cannot read the smaller one.
        if small and self.size == BODY_PT:
            for size in TIGHTER_PT:
                tighter = self._paginate(size, tuple(map(len, self.personal_lines(slots, size))))
                if len(tighter) < len(pages):
                    return self._finished(size, tighter)
        return self._finished(self.size, pages)

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
        shown = lines_stream(lines, left, placed.top, style, self._bullet if bullet else "") if lines else ""
        if self.colour and self.blocks[placed.block].kind is BlockKind.TITLE:
            return f"q {self.colour} {shown}Q\n"
        return shown

    def _paginate(self, size: float, counts: Sequence[int]) -> list[list[Placed]]:
        """Fill pages from the top; a heading stays with what it heads, the signature with the text before it, and a
        paragraph that is parted leaves two lines on both sides."""
        lines = dict(zip(self.personal, counts, strict=True))
        lines |= {place: len(block) for place, block in self.static_lines(size).items()}
        filler = _Filler(self.layout, [styles(size)[block.kind] for block in self.blocks], lines, self._gaps(size))
        for group in self._groups():
            if self.blocks[group[0]].kind is BlockKind.PAGE_BREAK:
                filler.turn()
            else:
                filler.add(group)
        return filler.pages

    def _gaps(self, size: float) -> list[float]:
        """Return the space before each block in points: a list ends as a paragraph does, the lines of a signature
        stand close."""
        own = styles(size)
        gaps, before = [], None
        for block in self.blocks:
            gap = own[block.kind].before
            if before is BlockKind.BULLET and block.kind is not BlockKind.BULLET:
                gap += own[BlockKind.PARAGRAPH].after - own[BlockKind.BULLET].after
            if before is BlockKind.SIGNATURE and block.kind is BlockKind.SIGNATURE:
                gap = 0.0
            gaps.append(gap)
            before = block.kind
        return gaps

    def _groups(self) -> list[list[int]]:
        """Return blocks that stay together: headings and the salutation with the block after them, the signature with
        the block before it, so that it never stands alone on a page."""
        groups: list[list[int]] = []
        together = False
        for place, block in enumerate(self.blocks):
            signature = block.kind is BlockKind.SIGNATURE
            parted = BlockKind.PAGE_BREAK in (block.kind, self.blocks[place - 1].kind if place else None)
            if groups and not parted and (together or signature):
                groups[-1].append(place)
            else:
                groups.append([place])
            heading = block.kind in (BlockKind.TITLE, BlockKind.SUBHEADING)
            together = heading or self._greets(place)
        return groups

    def _greets(self, place: int) -> bool:
        """Tell whether a block is the salutation: it calls the person by name right after the title."""
        before = self.blocks[place - 1].kind if place else BlockKind.PAGE_BREAK
        named = any(run.slot is Slot.FULL_NAME for run in self.blocks[place].runs)
        return named and before in (BlockKind.TITLE, BlockKind.PAGE_BREAK)


class _Filler:
    """Pages being filled; `lines` and `gaps` by block, lengths in points from the sheet's bottom edge."""

    def __init__(self, layout: Layout, own: Sequence[Style], lines: Mapping[int, int], gaps: Sequence[float]) -> None:
        self.pages: list[list[Placed]] = [[]]
        self._styles, self._lines, self._gaps = own, lines, gaps
        self._bottom = layout.margin["bottom"] * MM
        self._next_top = (layout.page[1] - layout.next_top) * MM
        self._top = (layout.page[1] - layout.first_top) * MM

    def add(self, group: Sequence[int]) -> None:
        """Place a group: whole on this page, else parted, else whole or parted from the next page on."""
        if self._fits(group):
            self._place_all(group)
        elif not self._part(group):
            if self.pages[-1]:
                self.turn()
            if self._fits(group) or not self._part(group):
                self._place_all(group)

    def _fits(self, group: Sequence[int]) -> bool:
        # The space after the last line may hang over the margin.
        return self._height(group) - self._styles[group[-1]].after <= self._top - self._bottom + 0.01

    def _height(self, group: Sequence[int]) -> float:
        height = sum(self._lines[b] * self._styles[b].leading + self._styles[b].after for b in group)
        first = 0 if self.pages[-1] else 1
        return height + sum(self._gaps[b] for b in group[first:])

    def _place_all(self, group: Sequence[int]) -> None:
        for block in group:
            self._place(block, 0, self._lines[block])

    def _place(self, block: int, first: int, last: int) -> None:
        style = self._styles[block]
        if self.pages[-1] and first == 0:
            self._top -= self._gaps[block]
        self.pages[-1].append(Placed(block, first, last, self._top))
        self._top -= (last - first) * style.leading
        if last == self._lines[block]:
            self._top -= style.after

    def turn(self) -> None:
        """Go on at the top of a new page."""
        self.pages.append([])
        self._top = self._next_top

    def _part(self, group: Sequence[int]) -> bool:
        """Part the last block of the group that may be parted; return whether that was possible."""
        partable = [place for place, block in enumerate(group) if not self._styles[block].whole]
        if not partable:
            return False
        heads, block, tails = group[: partable[-1]], group[partable[-1]], group[partable[-1] + 1 :]
        taken = self._height(heads) if heads else 0.0
        gap = self._gaps[block] if heads or self.pages[-1] else 0.0
        fit = self._lines_in(block, self._top - taken - gap)
        if fit < LEAST_TOGETHER:
            return False
        self._place_all(heads)
        self._place(block, 0, fit)
        done = fit
        while True:
            self.turn()
            rest = Placed(block, done, self._lines[block], self._next_top)
            if self._rest_fits(rest, tails):
                break
            fit = self._lines_in(block, self._top, done)
            if fit < LEAST_TOGETHER:
                break
            self._place(block, done, done + fit)
            done += fit
        self._place(block, done, self._lines[block])
        self._place_all(tails)
        return True

    def _lines_in(self, block: int, top: float, done: int = 0) -> int:
        """Return how many lines from `done` on go between `top` and the margin when two are left for the next page."""
        room = int((top - self._bottom + 0.01) // self._styles[block].leading)
        return min(room, self._lines[block] - done - LEAST_TOGETHER)

    def _rest_fits(self, rest: Placed, tails: Sequence[int]) -> bool:
        style = self._styles[rest.block]
        height = (rest.last - rest.first) * style.leading
        for tail in tails:
            own = self._styles[tail]
            height += self._gaps[tail] + self._lines[tail] * own.leading
        height += style.after if tails else 0.0
        return height <= self._top - self._bottom + 0.01
