"""What use-cases ask of the store: one unit of work for a change, one snapshot for reading.

A `UnitOfWork` is one transaction with one obligation: a write without an audit entry refuses to commit. Sets stay
sets: everything about persons is a statement or a stream, never an object at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from dpo_app.core.clocks.clock_record import ClockRecord
from dpo_app.core.delivery import DeliveryState
from dpo_app.core.facts.breach import Revision, SavedRevision
from dpo_app.core.ids import BatchId, BreachId, EnquiryId, ImportId, NoticeId, PersonId, RevisionId
from dpo_app.core.notices.notice import Notice, Reader
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.enquiry import EnquiryState
from dpo_app.core.persons.enquiry_load import Wave
from dpo_app.core.proof.audit import AuditAction, KeptEntry
from dpo_app.services.lines import (
    BatchLine,
    BreachLine,
    CareLine,
    CodeLine,
    DateGroup,
    DecisionLine,
    DeliveryLine,
    EnquiryLine,
    ImportLine,
    InHand,
    MessageRow,
    PersonFilter,
    PersonLine,
    PersonView,
    PlanRow,
    PlanSource,
    RefusedLine,
    SentCount,
    SentLine,
    Standings,
    ToldGroup,
    TrailLine,
)
from dpo_app.services.ports.audit import AuditRecorder
from dpo_app.services.ports.authority import AuthorityQueries, AuthorityStore
from dpo_app.services.ports.corrections import CorrectionQueries, CorrectionStore
from dpo_app.services.ports.facts import AssessmentStore, EvidenceStore, FactQueries
from dpo_app.services.ports.linkage import LinkQueries, LinkStore
from dpo_app.services.ports.post import PostPersons, PostQueries
from dpo_app.services.ports.returned import ReturnedMailQueries, ReturnedMailStore
from dpo_app.services.ports.runs import RunQueries, SendingStore
from dpo_app.services.ports.staging import StagingQueries


class BreachStore(Protocol):
    """Breaches and their revisions."""

    def add(self, uid: str, created_at: datetime) -> BreachId:
        """Add an empty breach under its opaque reference."""

    def add_revision(self, breach_id: BreachId, facts: Revision, author: str, recorded_at: datetime) -> SavedRevision:
        """Add the next revision; numbers run from 1 without holes."""


class ClockStore(Protocol):
    """What the officer records so that clocks can be told."""

    def add(self, breach_id: BreachId, record: ClockRecord) -> None:
        """Add a record in the place of the one of its kind and key that counted so far."""


class PersonStore(PostPersons, Protocol):
    """Persons as sets: plans and decisions. Persons themselves come in through the staging area."""

    def plan_sources(self, breach_id: BreachId) -> Iterator[PlanSource]:
        """Stream what decides exposure and rung, by person number."""

    def replace_plan(self, revision_id: RevisionId, rows: Iterable[PlanRow]) -> int:
        """Replace the plan of a revision; returns the number of rows."""

    def set_dates(self, person_id: PersonId, registered: str, removed: str) -> tuple[bytes, bytes] | None:
        """Write other dates of a person; returns (uid, key), None if there is no such person."""

    def decide(
        self, breach_id: BreachId, person_ids: Sequence[PersonId], kind: str, value: str, reason: str,
        decided_by: str, decided_at: datetime,
    ) -> int:  # fmt: skip
        """Record one decision (`exposure`, `channel` or `excuse`) for each person; the older one no longer counts."""


class CareStore(Protocol):
    """Marks of care, and what the plan found."""

    def mark(
        self, breach_id: BreachId, person_ids: Sequence[PersonId], rule: CareRule, value: str, reason: str,
        marked_by: str, marked_at: datetime, *, off: bool = False,
    ) -> int:  # fmt: skip
        """Put a mark on persons of this breach, or take it off; the older mark of its rule no longer counts."""

    def replace_found(self, breach_id: BreachId, rows: Iterable[tuple[int, CareRule]]) -> None:
        """Keep which rules the plan found, in the place of what the last one did."""

    def in_hand(self, person_ids: Sequence[PersonId]) -> list[InHand]:
        """Return messages to these persons that are made and not gone: only the officer can take them out."""

    def waiting_ids(self, person_ids: Sequence[PersonId]) -> list[int]:
        """Return the deliveries to these persons that the program itself can still stop."""

    def protected_among(self, person_ids: Sequence[PersonId]) -> int:
        """Return how many of these persons have a protected address."""

    def forget(self, person_ids: Sequence[PersonId]) -> None:
        """Remove what is kept about the care of persons who are erased."""


class EnquiryStore(Protocol):
    """The log of those who ask."""

    def add(self, values: dict[str, Any]) -> EnquiryId:
        """Add an enquiry, every column but its number given."""

    def close(self, enquiry_id: EnquiryId, outcome: str, by: str, at: datetime) -> bool:
        """Close an open enquiry; tells whether it was open."""

    def forget(self, person_ids: Sequence[PersonId]) -> int:
        """Remove the enquiries of persons who are erased; returns how many."""


class NoticeStore(Protocol):
    """Notices to persons."""

    def add(self, uid: str, notice: Notice, created_at: datetime) -> NoticeId:
        """Add a draft; its version is given by the caller."""

    def address(self, notice_id: NoticeId, kind: str, person_ids: Iterable[int]) -> None:
        """Say that a draft is for these persons only, and of which kind they are."""

    def save(self, notice_id: NoticeId, notice: Notice) -> None:
        """Replace a draft's texts. Raises RuleError("notice_frozen") for an approved one."""

    def freeze(self, notice_id: NoticeId, notice: Notice, canonical: bytes) -> None:
        """Keep the approved text and its bytes; older approved versions of the same phase become superseded."""


class DeliveryStore(Protocol):
    """Attempts to reach persons, in batches."""

    def open_batch(
        self, uid: str, breach_id: BreachId, notice_id: NoticeId, channel: Channel, made_at: datetime,
        made_by: str, facts: Mapping[str, Any], rows: Iterable[MessageRow],
    ) -> BatchId:  # fmt: skip
        """Freeze the members of a batch: a delivery each in state *rendered*, with token, number and attempt."""

    def close_batch(
        self, batch_id: BatchId, state: DeliveryState, batch_state: str, at: datetime, actor: str,
        records: Iterable[tuple[int, str, int]], *, pages: int, sheets: int, merkle_root: str,
        files: Sequence[Mapping[str, Any]],
    ) -> None:  # fmt: skip
        """Take what was made: (number, sha256, pages) for each member; members move to `state`."""

    def move_batch(
        self, batch_id: BatchId, state: DeliveryState, batch_state: str, at: datetime, actor: str, *,
        reason: str = "", settled_on: date | None = None,
    ) -> int:  # fmt: skip
        """Move all members that are still active; returns how many."""

    def refuse(
        self, breach_id: BreachId, notice_id: NoticeId, channel: Channel,
        refused: Iterable[tuple[MessageRow, str]], at: datetime, actor: str,
    ) -> int:  # fmt: skip
        """Record a refused attempt with its code for each person; returns how many."""

    def move_ones(
        self, delivery_ids: Sequence[int], state: DeliveryState, reason: str, at: datetime, actor: str,
        source: str = "operator",
    ) -> None:  # fmt: skip
        """Move single deliveries to a state with the code of why, and leave an event for each that says who told us."""


class SettingStore(Protocol):
    """Settings that live in the store, by name."""

    def get(self, name: str) -> Any | None:
        """Return the document kept under `name`, or None."""

    def put(self, name: str, value: Any) -> None:
        """Keep a document of plain values under `name`."""

    def put_filter(self, name: str, document: Any) -> None:
        """Keep a filter under a name, in the place of an older one."""

    def drop_filter(self, name: str) -> bool:
        """Forget a filter; tells whether there was one."""


class UnitOfWork(Protocol):
    """One transaction. Leaving without `commit` rolls back; `commit` without an audit entry refuses."""

    breaches: BreachStore
    clocks: ClockStore
    persons: PersonStore
    notices: NoticeStore
    authorities: AuthorityStore
    deliveries: DeliveryStore
    care: CareStore
    returned_mail: ReturnedMailStore
    enquiries: EnquiryStore
    sending: SendingStore
    settings: SettingStore
    evidence: EvidenceStore
    assessments: AssessmentStore
    audit: AuditRecorder
    staging: Any
    links: LinkStore
    corrections: CorrectionStore
    queries: Queries

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None:
        """Make the change last: transaction first, then the anchor beside the store."""


class Trail(Protocol):
    """Reading the audit trail."""

    def last(self) -> tuple[int, bytes] | None:
        """Return (sequence, head) of the last entry, or None."""

    def count(self) -> int:
        """Return the number of entries."""

    def stream(self) -> Iterator[KeptEntry]:
        """Yield every entry in order, as kept."""

    def lines(
        self, *, subject: str = "", actions: Sequence[AuditAction] = (), limit: int = 200, before: int = 0
    ) -> list[TrailLine]:
        """Return a page of entries, newest first: of one subject, of some kinds, before a sequence number."""


class Queries(AuthorityQueries, FactQueries, ReturnedMailQueries, RunQueries, PostQueries, Protocol):
    """Reading, from one snapshot. Ordered and paged in the database."""

    trail: Trail
    links: LinkQueries
    corrections: CorrectionQueries
    staging: StagingQueries

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def breaches(self) -> list[BreachLine]:
        """Return all breaches with their newest revision, newest breach first."""

    def breach_uid(self, breach_id: BreachId) -> str:
        """Return the opaque reference of a breach. Raises InputError("no_such_breach")."""

    def revisions(self, breach_id: BreachId) -> list[SavedRevision]:
        """Return all revisions, oldest first. Raises InputError("no_such_breach")."""

    def revision(self, revision_id: RevisionId) -> SavedRevision:
        """Return one revision."""

    def newest_revision(self, breach_id: BreachId) -> SavedRevision:
        """Return the newest revision. Raises InputError("no_such_breach")."""

    def clock_records(self, breach_id: BreachId) -> list[ClockRecord]:
        """Return every record about the clocks of a breach, oldest first."""

    def last_delivery_at(self, breach_id: BreachId) -> datetime | None:
        """Return when the newest state of a delivery was reached, or None if there is none."""

    def count_persons(self, breach_id: BreachId) -> int:
        """Return how many persons a breach has."""

    def is_planned(self, revision_id: RevisionId) -> bool:
        """Tell whether every person of the breach has a row in this revision's plan."""

    def exposure_counts(self, revision_id: RevisionId) -> dict[str, int]:
        """Return {exposure: persons}, every state present."""

    def channel_counts(self, revision_id: RevisionId) -> dict[str, int]:
        """Return {channel: persons}, every channel present."""

    def channel_reasons(self, revision_id: RevisionId) -> dict[tuple[str, str], int]:
        """Return {(channel, reason): persons}."""

    def window_counts(self, revision_id: RevisionId) -> dict[tuple[str, int], int]:
        """Return {(exposure, windows mask): persons}."""

    def moves(self, old: RevisionId, new: RevisionId) -> dict[tuple[str, str], int]:
        """Return {(exposure before, exposure after): persons}; persons without an older row count as new."""

    def standings(self, breach_id: BreachId, revision_id: RevisionId) -> Standings:
        """Return where everybody in scope stands."""

    def reader_counts(
        self, revision_id: RevisionId, default_language: str, recipients_of: NoticeId | None = None
    ) -> list[tuple[Reader, int]]:
        """Return each kind of reader in scope with how many there are; no language means `default_language`. With
        `recipients_of` only those whom that notice is for."""

    def enquiries(
        self, breach_id: BreachId, state: EnquiryState | None = None, person_id: PersonId | None = None,
        limit: int = 500,
    ) -> list[EnquiryLine]:  # fmt: skip
        """Return enquiries, newest first; open ones by due day first if only those are asked for."""

    def enquiry(self, enquiry_id: EnquiryId) -> EnquiryLine:
        """Return one enquiry. Raises InputError("no_such_enquiry")."""

    def enquiry_uid(self, enquiry_id: EnquiryId) -> str:
        """Return the opaque reference of an enquiry."""

    def enquiry_counts(self, breach_id: BreachId) -> tuple[int, int]:
        """Return how many enquiries are open, and how many there are."""

    def enquiries_by_hour(self, breach_id: BreachId, since: datetime) -> dict[int, int]:
        """Return {hour since 1970 UTC: enquiries that began in it}."""

    def told_waves(self, breach_id: BreachId) -> list[tuple[str, Wave]]:
        """Return (channel, persons told in one hour), by the first event that told them."""

    def code_line(self, token: str) -> CodeLine | None:
        """Return the delivery that bears a code, with what may be told of it once identity is established."""

    def date_groups(self, breach_id: BreachId, revision_id: RevisionId) -> list[DateGroup]:
        """Return persons by their dates in the register and their exposure under a revision."""

    def told_groups(self, breach_id: BreachId, revision_id: RevisionId) -> list[ToldGroup]:
        """Return those who were told: by the revision their last message was written from, their exposure then and
        under a revision, and their dates."""

    def told_group_of(self, breach_id: BreachId, revision_id: RevisionId, person_id: PersonId) -> list[ToldGroup]:
        """Return the group of one person who was told; empty if they were not."""

    def told_ids(self, breach_id: BreachId, revision_id: RevisionId, groups: Sequence[ToldGroup]) -> array[int]:
        """Return the persons of these groups, by number."""

    def recipient_ids(self, notice_id: NoticeId) -> array[int]:
        """Return the persons a notice is for, by number; empty if it is for everybody."""

    def person_ids(
        self, breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter, order: str = "name",
        descending: bool = False, limit: int | None = None,
    ) -> array[int]:  # fmt: skip
        """Return the numbers of matching persons in order; `order` is a column of the list."""

    def person_lines(self, revision_id: RevisionId, ids: Sequence[int]) -> list[PersonLine]:
        """Return the rows of the list for these persons, in the order asked."""

    def find_persons(self, breach_id: BreachId, text: str, limit: int = 20) -> list[int]:
        """Return persons by the beginning of name parts, code, customer number or mail address, by name."""

    def person(self, person_id: PersonId, revision_id: RevisionId) -> PersonView:
        """Return one person. Raises InputError("no_such_person")."""

    def person_uids(self, person_ids: Sequence[int]) -> list[str]:
        """Return the opaque references under which the trail speaks of these persons."""

    def person_by_code(self, code: str) -> int | None:
        """Return the number of the person with this code, or None; that of a person who became part of another one
        names the other."""

    def breach_of_person(self, person_id: PersonId) -> BreachId:
        """Return the breach a person belongs to."""

    def person_deliveries(self, person_id: PersonId) -> list[DeliveryLine]:
        """Return a person's deliveries, newest first."""

    def saved_filters(self) -> list[tuple[str, Any]]:
        """Return the kept filters of the person list by name."""

    def care_counts(self, breach_id: BreachId) -> dict[str, int]:
        """Return {rule of care: persons} as the last plan found them, every rule present."""

    def care_lines(self, person_id: PersonId) -> list[CareLine]:
        """Return the marks of a person, newest first."""

    def imports(self, breach_id: BreachId) -> list[ImportLine]:
        """Return the imports of a breach that were not discarded, oldest first."""

    def import_run(self, import_id: ImportId) -> ImportLine:
        """Return one import. Raises InputError("no_such_import")."""

    def notices(self, breach_id: BreachId) -> list[tuple[NoticeId, Notice]]:
        """Return the notices to persons, oldest first."""

    def notice(self, notice_id: NoticeId) -> Notice:
        """Return one notice. Raises InputError("no_such_notice")."""

    def notice_uid(self, notice_id: NoticeId) -> str:
        """Return the opaque reference of a notice."""

    def approved_notice(self, breach_id: BreachId) -> tuple[NoticeId, Notice] | None:
        """Return the newest approved notice to persons, or None."""

    def message_rows(
        self, breach_id: BreachId, revision_id: RevisionId, channel: Channel, default_language: str,
        limit: int | None = None, notice_id: NoticeId | None = None, only: PersonId | None = None,
    ) -> Iterator[MessageRow]:  # fmt: skip
        """Stream those on a rung who still have to be written to: in scope, neither told nor on the way in the
        present round, not excused, not refused in it; with the number of their next attempt. Of a notice only those
        it is for. Protected persons are never among them, but for `only`: one person asked for by themselves."""

    def waiting(
        self, breach_id: BreachId, revision_id: RevisionId, channel: Channel, notice_id: NoticeId | None = None
    ) -> int:
        """Return how many persons `message_rows` would give."""

    def notice_for(
        self, breach_id: BreachId, revision_id: RevisionId, channel: Channel, only: PersonId | None = None
    ) -> tuple[NoticeId, Notice] | None:
        """Return the newest approved notice that anybody on a rung, or this person, still waits for; if nobody waits,
        the newest one for everybody. None without an approved notice."""

    def recipients(self, notice_id: NoticeId) -> int | None:
        """Return how many persons a notice is for, None if it is for everybody in scope."""

    def message_rows_of(
        self, revision_id: RevisionId, person_ids: Sequence[int], default_language: str
    ) -> list[MessageRow]:
        """Return the rows of these persons, in the order asked."""

    def attempts(
        self, breach_id: BreachId, channel: Channel, person_ids: Sequence[int] | None = None
    ) -> dict[int, int]:
        """Return the last attempt by this channel of those who had one: of everybody, or of some."""

    def breach_of_batch(self, batch_id: BatchId) -> BreachId:
        """Return the breach a batch belongs to."""

    def batch_rows(self, batch_id: BatchId) -> Iterator[MessageRow]:
        """Stream the members of a batch by number, with token and number."""

    def frozen_row(self, delivery_id: int) -> MessageRow | None:
        """Return what one message was made from, its exposure as it was frozen; None if none was made."""

    def batches(self, breach_id: BreachId) -> list[BatchLine]:
        """Return the batches of a breach, newest first."""

    def batch(self, batch_id: BatchId) -> BatchLine:
        """Return one batch. Raises InputError("no_such_batch")."""

    def refusals(self, breach_id: BreachId, channel: Channel) -> list[tuple[str, int]]:
        """Return {code: persons} of attempts refused in the present round, most first."""

    def refused_lines(self, breach_id: BreachId, channel: Channel, limit: int = 500) -> list[RefusedLine]:
        """Return the persons refused in the present round by name; protected persons by their code alone."""

    def delivery_by_token(self, token: str) -> SentLine | None:
        """Return the delivery that bears a code (stored form, twelve signs), or None."""

    def sent_counts(self, breach_id: BreachId) -> list[SentCount]:
        """Return how many deliveries came to which state on which day."""

    def decisions(self, breach_id: BreachId) -> list[tuple[DecisionLine, int]]:
        """Return the decisions that count, alike ones together with how many persons they concern."""

    def setting(self, name: str) -> Any | None:
        """Return the setting kept under `name`, or None."""
