"""Distinct messages of a notice: which combinations of texts its readers get, each compiled once."""

from __future__ import annotations

from dataclasses import dataclass, field

from dpo_app.core.errors import RuleError
from dpo_app.core.facts.breach import Revision
from dpo_app.core.notices.notice import Block, BlockKind, Notice, Reader
from dpo_app.core.notices.notice_text import compile_form, texts_for
from dpo_app.core.persons.channel import Channel
from dpo_app.services.ports.wording import Wordings


@dataclass
class Forms:
    """Compiles forms on demand and numbers them; readers with the same texts share one. `also` are languages that follow
    in the same letter, each on a page of its own."""

    notice: Notice
    revision: Revision
    wording: Wordings
    fields: dict[str, dict[str, str]]
    blocks: list[tuple[Block, ...]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    also: tuple[str, ...] = ()
    _numbers: dict[tuple[int, ...], int] = field(default_factory=dict)
    _by_reader: dict[Reader, int] = field(default_factory=dict)

    def number(self, reader: Reader, channel: Channel) -> int:
        """Return the number of the form that a reader gets through a channel."""
        seen = reader._replace(channel=channel)
        known = self._by_reader.get(seen)
        if known is not None:
            return known
        own = (seen.language, *(each for each in self.also if each != seen.language))
        places = {language: self._texts(seen._replace(language=language)) for language in own}
        missing = [language for language in own[1:] if not places[language]]
        if missing:
            raise RuleError("language_missing", language=missing[0])
        key = tuple(place for each in places.values() for place in each)
        number = self._numbers.get(key)
        if number is None:
            blocks: list[Block] = []
            for language, texts in places.items():
                compiled = self._compiled(language, texts)
                blocks.extend((Block(BlockKind.PAGE_BREAK, ()), *compiled) if blocks else compiled)
            self.blocks.append(tuple(blocks))
            self.languages.append("+".join(own))
            number = self._numbers[key] = len(self.blocks) - 1
        self._by_reader[seen] = number
        return number

    def _texts(self, reader: Reader) -> tuple[int, ...]:
        categories = frozenset(category.value for category in self.revision.categories)
        return texts_for(self.notice, reader, categories)

    def _compiled(self, language: str, places: tuple[int, ...]) -> tuple[Block, ...]:
        texts = [self.notice.texts[place] for place in places]
        return compile_form(texts, self.fields[language], self.wording.frame(language).titles)
