"""The structure of a tagged PDF: what a screen reader is told about the pages (ISO 32000-1, 14.7 and 14.8).

Decision: papers and single letters are tagged, batches for the printer are not. In a batch a form stands on thousands
of pages, and what is shown more than once can bear no tag of its own (14.7.4.2): a whole page of text would be read as
one paragraph, in the wrong order. Nobody reads a batch on a screen; whoever asks for their letter gets the single one.
The tests walk the tree; outloud (a checker of PDF/UA-1, tried by hand: it brings a library whose licence does not fit
here) misses nothing but the declaration. PDF/UA is not declared, since it takes an extension of XMP that the validator
of PDF/A at hand refuses, nor is level A of PDF/A, for which none could be had.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

#: What begins and ends a stretch that readers leave out: lines, marks, numbers of pages.
ARTIFACT, END = "/Artifact BMC", "EMC"


class Mark(NamedTuple):
    """Marked content: its page (from 0) and number on the page."""

    page: int
    number: int


@dataclass(eq=False)
class Element:
    """A node of the structure: a standard type (Document, H1, P, L …), and what is in it. `alternative` says in words
    what a picture shows, `scope` whether a head speaks of its Column or Row."""

    kind: str
    kids: list[Element | Mark] = field(default_factory=list)
    language: str = ""
    alternative: str = ""
    scope: str = ""

    def add(self, kind: str, language: str = "") -> Element:
        """Return a new child."""
        child = Element(kind, language=language)
        self.kids.append(child)
        return child

    def walk(self) -> Iterator[Element]:
        """Yield it and everything under it, parents first."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()


class Structure:
    """A tree being filled while pages are written. `owners` has the elements of each page by the number of the mark;
    `page` (from 0) is where marks go now."""

    def __init__(self, language: str = "") -> None:
        self.root = Element("Document", language=language)
        self.owners: list[list[Element]] = []
        self.page = -1
        self._list: Element | None = None
        self._known: set[int] = set()

    def turn(self) -> None:
        """Go on to a new page."""
        self.owners.append([])
        self.page = len(self.owners) - 1

    def begin(self, element: Element) -> str:
        """Return the operator that begins marked content of an element on the present page."""
        own = self.owners[self.page]
        element.kids.append(Mark(self.page, len(own)))
        own.append(element)
        return f"/{element.kind} <</MCID {len(own) - 1}>> BDC"

    def block(self, kind: str, parent: Element | None = None) -> Element:
        """Return a new element under the parent, or the root. Items that follow each other become one list."""
        parent = parent or self.root
        if kind != "LI":
            self._list = None
            return parent.add(kind)
        if self._list is None:
            self._list = parent.add("L")
        return self._list.add("LI").add("LBody")

    def adopt(self, tree: Element) -> None:
        """Give a tree that was made before it was painted its place: after what was painted last, and once."""
        if id(tree) not in self._known:
            self._known.add(id(tree))
            self._list = None
            self.root.kids.append(tree)
