"""Tags in what reportlab writes: paragraphs, tables and pictures that tell the canvas what they are.

reportlab has no call for marked content. Everything on a page stands in an artifact from its first operator to its last;
what is read steps out of it for as long as it is painted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from dpo_app.documents.tags import ARTIFACT, END, Element, Structure


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas with a structure. `shut` ends a page, at the latest before it is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.structure = Structure(kwargs.get("lang") or "")
        self.structure.turn()
        super().__init__(*args, **kwargs)

    def tag(self, element: Element) -> None:
        """Begin what is read; what is painted until `untag` belongs to it."""
        self._code.extend((END, self.structure.begin(element)))

    def untag(self) -> None:
        """Go back to what readers leave out."""
        self._code.extend((END, ARTIFACT))

    def shut(self) -> None:
        """Put the page's first and last operator around everything that was painted."""
        self._code.insert(0, ARTIFACT)
        self._code.append(END)


@dataclass(eq=False)
class _Place:
    """Where a paragraph stands in the tree: its element, known before it is painted if it stands in a table (then `tree`
    is the table's). What is `repeated` stands on every page that the table goes on to, and is read once."""

    element: Element | None = None
    tree: Element | None = None
    repeated: bool = False


class Tagged(Paragraph):  # type: ignore[misc]
    """A paragraph with a tag; its parts, if it goes on over the page, are one element."""

    kind = "P"
    place: _Place | None = None

    def as_kind(self, kind: str) -> Tagged:
        """Return it as a heading or an item of a list."""
        self.kind, self.place = kind, _Place()
        return self

    def split(self, *size: float) -> list[Any]:
        """Return the parts, each with the place of the whole."""
        parts: list[Any] = super().split(*size)
        self.place = self.place or _Place()
        for part in parts:
            part.kind, part.place = self.kind, self.place
        return parts

    def draw(self) -> None:
        """Paint it as marked content."""
        place = self.place = self.place or _Place()
        structure: Structure = self.canv.structure
        if place.tree is not None:
            structure.adopt(place.tree)
        if place.element is None:
            place.element = structure.block(self.kind)
        elif place.repeated and place.element.kids:
            super().draw()
            return
        self.canv.tag(place.element)
        super().draw()
        self.canv.untag()


class Picture(Flowable):  # type: ignore[misc]
    """A drawing with words for those who cannot see it."""

    def __init__(self, drawing: Drawing, alternative: str) -> None:
        super().__init__()
        self._drawing, self._alternative = drawing, alternative

    def wrap(self, *size: float) -> tuple[float, float]:
        """Return the size."""
        found: tuple[float, float] = self._drawing.wrap(*size)
        return found

    def draw(self) -> None:
        """Paint it as one figure."""
        element = self.canv.structure.block("Figure")
        element.alternative = self._alternative
        self.canv.tag(element)
        self._drawing.drawOn(self.canv, 0, 0)
        self.canv.untag()


def as_grid(rows: Sequence[Sequence[Any]], *, head: bool = False, row_head: int | None = None) -> None:
    """Give each paragraph in a table's cells its place: a row each, cells in it; the first row are heads of columns, or
    the cells of one column heads of their rows."""
    tree = Element("Table")
    for number, row in enumerate(rows):
        line = tree.add("TR")
        for column, cell in enumerate(row):
            over = head and number == 0
            box = line.add("TH" if over or column == row_head else "TD")
            box.scope = "Column" if over else "Row" if column == row_head else ""
            _put(cell, box, tree, repeated=over)


def as_groups(groups: Iterable[Iterable[Any]]) -> None:
    """Give the paragraphs of a table that only arranges them their places: group after group."""
    tree = Element("Div")
    for group in groups:
        own = tree.add("Div")
        for cell in group:
            _put(cell, own, tree)


def _put(cell: Any, into: Element, tree: Element, *, repeated: bool = False) -> None:
    for each in cell if isinstance(cell, list | tuple) else [cell]:
        if isinstance(each, Tagged):
            each.place = _Place(into.add(each.kind), tree, repeated)
