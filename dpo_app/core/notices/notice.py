"""A notice to persons: sections, each with a text and an audience, and the blocks a text becomes.

A text is CommonMark without HTML; placeholders are written `((first name))`. `parse` turns a text into blocks once, so
that letter, e-mail, public page and check all see the same words (design.md section 4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.persons.channel import Channel


class SectionKey(StrEnum):
    """The sections of a notice, in the order in which they are read (Art. 34(2) with Art. 33(3)(b) to (d))."""

    HEADING = "heading"
    WHAT_HAPPENED = "what_happened"
    YOUR_DATA = "your_data"
    CONSEQUENCES = "consequences"
    WHAT_WE_DID = "what_we_did"
    WHAT_YOU_CAN_DO = "what_you_can_do"
    CONTACT = "contact"
    GENUINE = "genuine"
    SIGNATURE = "signature"


class Slot(StrEnum):
    """Placeholders that differ from person to person; they are filled when a message is made."""

    FIRST_NAME = "first name"
    FULL_NAME = "full name"
    CODE = "code"
    REGISTERED_ON = "registered on"


class Field(StrEnum):
    """Placeholders that are the same for everybody who reads the same language; filled once a notice."""

    AWARE_ON = "aware on"
    KNOWN_AS_OF = "known as of"
    CONTROLLER = "controller"
    PHONE = "phone"
    HOURS = "hours"
    EMAIL = "email"
    WEB_PAGE = "web page"
    DPO = "dpo"
    WINDOWS = "windows"
    WINDOWS_CONFIRMED = "confirmed windows"
    WINDOWS_OTHER = "other windows"
    WHEN = "when"
    WHEN_CONFIRMED = "when confirmed"
    WHEN_OTHER = "when other"
    DATA = "data"
    DATA_DISCREET = "data discreet"
    SIGNATORY = "signatory"
    CLOSED_ON = "closed on"
    AUTHORITY_TOLD_ON = "authority told on"
    POLICE_TOLD_ON = "police told on"
    SAFEGUARDS_TAKEN = "safeguards taken"
    SAFEGUARDS_PLANNED = "safeguards planned"


class BlockKind(StrEnum):
    """What a block is on the page."""

    TITLE = "title"
    SUBHEADING = "subheading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    SIGNATURE = "signature"
    #: Between the languages of a letter in several: what follows begins on a page of its own.
    PAGE_BREAK = "page_break"


class Run(NamedTuple):
    """A stretch of a block in one look: either `text`, or the person's `slot` (then `text` is empty)."""

    text: str
    bold: bool = False
    link: str = ""
    slot: Slot | None = None


class Block(NamedTuple):
    """One paragraph, bullet or heading, as runs. It is personal if any run is a slot."""

    kind: BlockKind
    runs: tuple[Run, ...]

    @property
    def personal(self) -> bool:
        """Tell whether the block differs from person to person."""
        return any(run.slot is not None for run in self.runs)


@dataclass(frozen=True)
class Audience:
    """Who reads a section's text; an empty set and a missing age mean *everybody*.

    `categories` are data categories of the breach of which at least one must be in use; ages are whole years, `min_age`
    included, `below_age` excluded. A person of unknown age belongs to the grown-up audience.
    """

    exposures: frozenset[ExposureState] = frozenset()
    channels: frozenset[Channel] = frozenset()
    categories: frozenset[str] = frozenset()
    min_age: int | None = None
    below_age: int | None = None
    #: In easy language: read in letters by those who need it, in the place of the section's other texts.
    easy: bool = False


EVERYBODY = Audience()


@dataclass(frozen=True)
class SectionText:
    """One text of one section in one language for one audience. `wording` is `id@version` of the ready text it
    came from, or "" for the officer's own words."""

    section: SectionKey
    language: str
    text: str
    audience: Audience = EVERYBODY
    wording: str = ""


class Reader(NamedTuple):
    """What of a person decides which texts they read; persons with equal readers get the same texts."""

    language: str
    exposure: ExposureState
    channel: Channel
    age: int | None = None
    easy: bool = False


class NoticeState(StrEnum):
    """How far a notice is. `superseded`: a newer version of it was approved."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class NoticePhase(StrEnum):
    """First notice or one that follows it (Art. 33(4))."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


@dataclass(frozen=True)
class Notice:
    """A notice to persons, written from one revision. Immutable once approved; a change is a new version.

    `sha256` is over the canonical text (`core.notices.notice_text.canonical`), 64 hex digits, empty while a draft.
    """

    breach_id: int
    revision_id: int
    version: int
    languages: tuple[str, ...]
    texts: tuple[SectionText, ...]
    phase: NoticePhase = NoticePhase.INITIAL
    state: NoticeState = NoticeState.DRAFT
    wording: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None
    sha256: str = ""
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
