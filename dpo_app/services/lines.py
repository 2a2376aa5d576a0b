"""Flat rows for lists and streams: what `Queries` selects, without detour through core values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.notices.notice import Reader
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.core.veil import veiled


class BreachLine(NamedTuple):
    """A breach in the list at the left; counts are of its newest revision."""

    id: int
    title: str
    reference: str
    controller: str
    revision_id: int
    revision_number: int
    known_as_of: datetime
    aware_at: datetime
    closed_at: datetime | None


@veiled
class PersonLine(NamedTuple):
    """A row of the person list."""

    id: int
    code: str
    family_name: str
    given_names: str
    birth_year: str
    language: str
    exposure: str
    channel: str
    channel_reason: str
    standing: str
    last_state: str
    last_at: datetime | None
    protected: bool
    deceased: bool
    age: int | None
    care: tuple[str, ...] = ()
    postcode: str = ""
    registered: str = ""
    removed: str = ""
    told_revision: int = 0
    import_id: int = 0


@veiled
@dataclass(frozen=True)
class PersonFilter:
    """Which persons of a breach a list shows; empty means all. `text` is what was typed: a part of name, code,
    customer number or mail address, words joined by *and*."""

    exposures: frozenset[ExposureState] = frozenset()
    channels: frozenset[Channel] = frozenset()
    standings: frozenset[Standing] = frozenset()
    care: bool = False
    language: str = ""
    import_id: int | None = None
    text: str = ""
    care_rules: frozenset[CareRule] = frozenset()
    window: int | None = None
    born_after: str = ""
    owed: bool = False


@veiled
class PersonView(NamedTuple):
    """Everything about one person that the pane shows, but their deliveries."""

    id: int
    uid: str
    breach_id: int
    line: PersonLine
    customer_number: str
    national_id: str
    born: str
    email: str
    phone: str
    address: PostalAddress
    registered: str
    removed: str
    guardian: str
    extra: dict[str, str]
    noted: tuple[str, ...]
    exposure_reason: str
    windows: int
    import_id: int
    row_number: int
    decisions: tuple[DecisionLine, ...]
    marks: tuple[CareLine, ...] = ()


@veiled
class DecisionLine(NamedTuple):
    """A decision of the officer about one person."""

    kind: str
    value: str
    reason: str
    decided_by: str
    decided_at: datetime


class DeliveryLine(NamedTuple):
    """One attempt to reach one person."""

    id: int
    notice_id: int
    notice_version: int
    channel: str
    attempt: int
    state: str
    state_at: datetime
    token: str
    language: str
    batch_id: int | None
    number: int
    reason: str
    sha256: str = ""


@veiled
class RefusedLine(NamedTuple):
    """A person for whom a message could not be made in the present round, and the code of why."""

    person_id: int
    code: str
    name: str
    reason: str


@veiled
class SentLine(NamedTuple):
    """A delivery found by the code on it, with the person it went to."""

    id: int
    breach_id: int
    person_id: int
    person_code: str
    name: str
    state: str
    state_at: datetime
    attempt: int
    batch_id: int | None
    reason: str
    channel: str
    number: int


@veiled
class MessageRow(NamedTuple):
    """What a message to one person is made from. `token` and `number` are empty and 0 before they are given."""

    person_id: int
    code: str
    family_name: str
    given_names: str
    email: str
    address: PostalAddress
    language: str
    exposure: str
    channel: str
    age: int | None
    registered: str
    token: str = ""
    number: int = 0
    attempt: int = 1
    protected: bool = False
    large: bool = False
    easy: bool = False

    @property
    def full_name(self) -> str:
        """Return the name as it is written on an envelope."""
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def reader(self) -> Reader:
        """Return what decides which texts this person reads."""
        return Reader(self.language, ExposureState(self.exposure), Channel(self.channel), self.age, self.easy)


class ImportLine(NamedTuple):
    """One import of a breach; rows = new + changed + duplicate + rejected."""

    id: int
    state: str
    file_name: str
    file_sha256: str
    staged_at: datetime
    accepted_at: datetime | None
    accepted_by: str
    rows: int
    new: int
    changed: int
    duplicate: int
    rejected: int
    reading: dict[str, Any]


class BatchLine(NamedTuple):
    """A batch of letters, or one export of e-mails."""

    id: int
    notice_id: int
    channel: str
    state: str
    made_at: datetime
    made_by: str
    settled_on: date | None
    members: int
    pages: int
    sheets: int
    merkle_root: str
    facts: dict[str, Any]
    files: tuple[dict[str, Any], ...]


class PlanRow(NamedTuple):
    """A person's exposure and rung under one revision."""

    person_id: int
    exposure: str
    windows: int
    exposure_reason: str
    channel: str
    channel_reason: str
    age: int | None


@veiled
class PlanSource(NamedTuple):
    """What of a person decides exposure and rung. Overrules, marks and the wish are the officer's, "" for none."""

    person_id: int
    registered: str
    removed: str
    born: str
    protected: bool
    deceased: bool
    guardian: bool
    country: str
    email: str
    has_address: bool
    email_failed: bool
    letter_failed: bool
    exposure_overrule: str
    channel_overrule: str
    marks: frozenset[CareRule] = frozenset()
    wish: str = ""
    shared_mail: bool = False


class Standings(NamedTuple):
    """The five standings of those in scope; they sum to `in_scope` always. `parts` says what each is made of:
    {standing: {what: count}}, where *what* is `channel.state` or a channel's reason."""

    in_scope: int
    told: int
    on_the_way: int
    open: int
    unknown: int
    excused: int
    parts: dict[str, dict[str, int]]


class InHand(NamedTuple):
    """A message to a person that is made and has not gone: where it lies."""

    person_code: str
    batch_id: int
    number: int
    channel: str


@veiled
class CareLine(NamedTuple):
    """A mark of care on one person, or its taking off."""

    rule: str
    value: str
    reason: str
    marked_by: str
    marked_at: datetime
    taken_off: bool
    current: bool


class DateGroup(NamedTuple):
    """Persons with the same dates and exposure; exposure "" while it is not worked out."""

    registered: str
    removed: str
    exposure: str
    overruled: bool
    persons: int


class ToldGroup(NamedTuple):
    """Persons who were told from the same revision: exposure and windows mask when their message was frozen, with the
    revision whose windows the mask means (None if that is not known), the same under the revision asked for, and their
    dates."""

    told_revision: int
    plan_revision: int
    before: str | None
    before_windows: int | None
    after: str | None
    after_windows: int | None
    overruled: bool
    registered: str
    removed: str
    persons: int


@veiled
class EnquiryLine(NamedTuple):
    """One enquiry with the person it is about, if that is established; names empty if there is none."""

    id: int
    breach_id: int
    person_id: int | None
    person_code: str | None
    family_name: str | None
    given_names: str | None
    protected: bool
    way: str
    kind: str
    caller: str
    identity: str
    code_check: str
    began_at: datetime
    saved_at: datetime
    taken_by: str
    answer: str
    note: str
    state: str
    due_on: date | None
    closed_at: datetime | None
    closed_by: str
    outcome: str
    seconds: int


class CodeLine(NamedTuple):
    """A delivery found by the code on it."""

    id: int
    breach_id: int
    person_id: int
    channel: str
    state: str
    state_at: datetime
    language: str
    notice_version: int


class SentCount(NamedTuple):
    """How many deliveries of a channel came to a state on a day (UTC)."""

    day: date
    channel: str
    state: str
    messages: int


class TrailLine(NamedTuple):
    """An entry of the audit trail on the screen and in the audit PDF."""

    seq: int
    at: datetime
    actor: str
    action: str
    facts: dict[str, Any]
    subjects: int
    canonical: str
    head: str
    clock: str
