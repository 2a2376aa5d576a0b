"""Distinct messages of a notice: which combinations of texts its readers get, each compiled once."""

from __future__ import annotations

from dataclasses import dataclass, field

from dpo_app.core.breach import Revision
from dpo_app.core.channel import Channel
from dpo_app.core.notice import Block, Notice, Reader
from dpo_app.core.notice_text import compile_form, texts_for
from dpo_app.services.ports.wording import Wordings


@dataclass
class Forms:
    """Compiles forms on demand and numbers them; readers with the same texts share one."""

    notice: Notice
    revision: Revision
    wording: Wordings
    fields: dict[str, dict[str, str]]
    blocks: list[tuple[Block, ...]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    _numbers: dict[tuple[int, ...], int] = field(default_factory=dict)
    _by_reader: dict[Reader, int] = field(default_factory=dict)

    def number(self, reader: Reader, channel: Channel) -> int:
        """Return the number of the form that a reader gets through a channel."""
        seen = reader._replace(channel=channel)
        known = self._by_reader.get(seen)
        if known is not None:
            return known
        categories = frozenset(category.value for category in self.revision.categories)
        places = texts_for(self.notice, seen, categories)
        number = self._numbers.get(places)
        if number is None:
            texts = [self.notice.texts[place] for place in places]
            frame = self.wording.frame(seen.language)
            self.blocks.append(compile_form(texts, self.fields[seen.language], frame.titles))
            self.languages.append(seen.language)
            number = self._numbers[places] = len(self.blocks) - 1
        self._by_reader[seen] = number
        return number
