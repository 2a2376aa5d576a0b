"""One letter in the order in which it is read: each block in marked content, with the tree of tags over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dpo_app.core.notices.notice import BlockKind
from dpo_app.documents.letters.compose import Composition, SetForm
from dpo_app.documents.letters.typeset import Line, styles
from dpo_app.documents.tags import ARTIFACT, END, Element, Structure

_KINDS = {
    BlockKind.TITLE: "H1", BlockKind.SUBHEADING: "H2", BlockKind.PARAGRAPH: "P", BlockKind.BULLET: "LI",
    BlockKind.SIGNATURE: "P",
}  # fmt: skip


class Part(NamedTuple):
    """Operators with what they are; "" for what readers leave out."""

    kind: str
    operators: str


def joined(parts: Iterable[Part]) -> str:
    """Return the operators alone."""
    return "".join(part.operators for part in parts)


class TaggedLetter:
    """The pages of a letter being written one after the other; `structure` is whole after the last."""

    def __init__(
        self, form: SetForm, composition: Composition, personal: Sequence[tuple[Line, ...]], language: str
    ) -> None:
        self.structure = Structure(language)
        self._form, self._composition = form, composition
        self._lines = dict(form.static_lines(composition.size)) | dict(zip(form.personal, personal, strict=True))
        self._elements: dict[int, Element] = {}
        self._sections: dict[str, Element] = {}

    def page(self, number: int, around: Iterable[Part]) -> str:
        """Return the content of a page (from 0); `around` stands beside the text."""
        self.structure.turn()
        parts = [self._shown(part.kind and self.structure.block(part.kind), part.operators) for part in around]
        own = styles(self._composition.size)
        for placed in self._composition.pages[number]:
            lines = self._lines[placed.block][placed.first : placed.last]
            style = own[self._form.blocks[placed.block].kind]
            parts.append(self._shown(self._element(placed.block), self._form.stream(lines, placed, style)))
        return "".join(parts)

    def _shown(self, element: Element | str, operators: str) -> str:
        if not operators:
            return ""
        begin = self.structure.begin(element) if isinstance(element, Element) else ARTIFACT
        return f"{begin}\n{operators}{END}\n"

    def _element(self, block: int) -> Element:
        """Return the element of a block: the same one when it goes on over the page."""
        if block not in self._elements:
            kind = _KINDS[self._form.blocks[block].kind]
            self._elements[block] = self.structure.block(kind, self._section(block))
        return self._elements[block]

    def _section(self, block: int) -> Element | None:
        """Return the section of a block's language in a letter in several."""
        if "+" not in self._form.language:
            return None
        language = self._form.language_of(block)
        if language not in self._sections:
            self._sections[language] = self.structure.root.add("Sect", language)
        return self._sections[language]
