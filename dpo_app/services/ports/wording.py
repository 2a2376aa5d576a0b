"""Ready wordings: reviewed, versioned texts by language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from dpo_app.core.notices.claims import EVERY_CLAIM, Claim
from dpo_app.core.notices.notice import SectionText
from dpo_app.core.notices.notice_text import Titles


class WordingInfo(NamedTuple):
    """A ready wording: id, version, titles by language, data categories it is made for ("" fits all), leads that
    nobody has confirmed, by language."""

    id: str
    version: str
    titles: Mapping[str, str]
    fits: tuple[str, ...]
    leads: Mapping[str, tuple[str, ...]]


class PageText(NamedTuple):
    """A reviewed text for the organisation's web site: id, version, title, text with placeholders of fields."""

    id: str
    version: str
    title: str
    text: str


class Frame(NamedTuple):
    """What stands around the texts in one language: titles, neutral subject, page number, words for data
    categories (`discreet` stands for special ones in an e-mail) and for safeguards, and how periods are told: `day`,
    `range`, `ranges` (several) and `open`, each with `{when}`."""

    titles: Titles
    subject: str
    page: str
    reference: str
    categories: Mapping[str, str]
    safeguards: Mapping[str, str]
    periods: Mapping[str, str]


class Wordings(Protocol):
    """Where ready wordings come from."""

    def all(self) -> tuple[WordingInfo, ...]:
        """Return every ready wording."""

    def texts(self, wording_id: str, language: str, holds: frozenset[Claim] = EVERY_CLAIM) -> tuple[SectionText, ...]:
        """Return the texts of a wording that need nothing but what the facts hold. Raises RuleError("no_wording",
        language=…) if the language is missing: never a silent fallback."""

    def frame(self, language: str) -> Frame:
        """Return what stands around the texts. Raises RuleError("no_wording")."""

    def genuine_page(self, language: str) -> PageText:
        """Return the page on how to know genuine messages. Raises RuleError("no_page_text")."""
