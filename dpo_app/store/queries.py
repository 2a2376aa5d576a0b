"""Reading a breach: its revisions, plans, standings, notices, batches and imports, counted and ordered in SQL."""

from __future__ import annotations

from array import array
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import BigInteger, Connection, and_, func, select, type_coerce

from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.ids import BatchId, BreachId, ImportId, NoticeId, PersonId, RevisionId
from dpo_app.core.notices.notice import Notice, NoticeState
from dpo_app.core.persons.channel import Channel
from dpo_app.services.lines import (
    BatchLine,
    BreachLine,
    DecisionLine,
    ImportLine,
    SentCount,
)
from dpo_app.services.ports.corrections import CorrectionQueries
from dpo_app.services.ports.linkage import LinkQueries
from dpo_app.services.ports.staging import StagingQueries
from dpo_app.store.audit_log import AuditLog
from dpo_app.store.authority_store import RECIPIENT, AuthorityQueries
from dpo_app.store.clock_store import ClockQueries
from dpo_app.store.facts_store import FactQueries
from dpo_app.store.mapping import notice_from_row, revision_from_row
from dpo_app.store.persons.correction_store import SqlCorrectionStore
from dpo_app.store.persons.enquiry_store import EnquiryQueries
from dpo_app.store.persons.link_store import SqlLinkStore
from dpo_app.store.persons.move_queries import MoveQueries
from dpo_app.store.persons.person_queries import PersonQueries
from dpo_app.store.persons.plan_queries import PlanQueries
from dpo_app.store.persons.staging import StagingStore
from dpo_app.store.sending.message_queries import MessageQueries
from dpo_app.store.sending.returned_mail import ReturnedMailQueries
from dpo_app.store.sending.run_queries import RunQueries
from dpo_app.store.tables import (
    batch,
    breach,
    decision,
    delivery,
    delivery_event,
    import_run,
    notice,
    notice_audience,
    notice_recipient,
    revision,
    setting,
)


class SqlQueries(
    AuthorityQueries,
    PersonQueries,
    PlanQueries,
    MessageQueries,
    MoveQueries,
    EnquiryQueries,
    ClockQueries,
    FactQueries,
    ReturnedMailQueries,
    RunQueries,
):
    """Everything that screens, commands and reports read, from one connection."""

    def __init__(self, connection: Connection, trail: AuditLog) -> None:
        self._connection, self.trail = connection, trail
        self.links: LinkQueries = SqlLinkStore(connection)
        self.corrections: CorrectionQueries = SqlCorrectionStore(connection)
        self.staging: StagingQueries = StagingStore(connection)

    def breaches(self) -> list[BreachLine]:
        """Return all breaches with their newest revision, newest breach first."""
        newest = (
            select(revision.c.breach_id, func.max(revision.c.number).label("number"))
            .group_by(revision.c.breach_id)
            .subquery()
        )
        rows = self._connection.execute(
            select(revision, breach.c.closed_at)
            .join(
                newest,
                and_(newest.c.breach_id == revision.c.breach_id, newest.c.number == revision.c.number),
            )
            .join(breach, breach.c.id == revision.c.breach_id)
            .order_by(breach.c.id.desc())
        )
        return [
            BreachLine(
                row.breach_id, row.title, row.reference, row.controller, row.id, row.number, row.known_as_of,
                datetime.fromisoformat(row.document["awareness"]["at"]), row.closed_at,
            )
            for row in rows
        ]  # fmt: skip

    def breach_uid(self, breach_id: BreachId) -> str:
        """Return the opaque reference of a breach. Raises InputError("no_such_breach")."""
        uid = self._connection.scalar(select(breach.c.uid).where(breach.c.id == breach_id))
        return str(uid) if uid is not None else _missing("no_such_breach", breach=f"B{breach_id}")

    def revisions(self, breach_id: BreachId) -> list[SavedRevision]:
        """Return all revisions, oldest first. Raises InputError("no_such_breach")."""
        rows = self._connection.execute(
            select(revision).where(revision.c.breach_id == breach_id).order_by(revision.c.number)
        ).all()
        return [revision_from_row(row) for row in rows] or _missing("no_such_breach", breach=f"B{breach_id}")

    def revision(self, revision_id: RevisionId) -> SavedRevision:
        """Return one revision."""
        row = self._connection.execute(select(revision).where(revision.c.id == revision_id)).one_or_none()
        return revision_from_row(row) if row is not None else _missing("no_such_revision")

    def newest_revision(self, breach_id: BreachId) -> SavedRevision:
        """Return the newest revision. Raises InputError("no_such_breach")."""
        row = self._connection.execute(
            select(revision).where(revision.c.breach_id == breach_id).order_by(revision.c.number.desc()).limit(1)
        ).one_or_none()
        if row is None:
            _missing("no_such_breach", breach=f"B{breach_id}")
        return revision_from_row(row)

    def imports(self, breach_id: BreachId) -> list[ImportLine]:
        """Return the imports of a breach that were not discarded, oldest first."""
        rows = self._connection.execute(
            select(import_run)
            .where(import_run.c.breach_id == breach_id, import_run.c.state != "discarded")
            .order_by(import_run.c.id)
        )
        return [_import_line(row) for row in rows]

    def import_run(self, import_id: ImportId) -> ImportLine:
        """Return one import. Raises InputError("no_such_import")."""
        row = self._connection.execute(select(import_run).where(import_run.c.id == import_id)).one_or_none()
        return _import_line(row) if row is not None else _missing("no_such_import", id=f"I{import_id}")

    def notices(self, breach_id: BreachId) -> list[tuple[NoticeId, Notice]]:
        """Return the notices to persons, oldest first."""
        rows = self._connection.execute(
            select(notice)
            .where(notice.c.breach_id == breach_id, notice.c.recipient == "persons")
            .order_by(notice.c.version)
        )
        return [(NoticeId(row.id), notice_from_row(row)) for row in rows]

    def notice(self, notice_id: NoticeId) -> Notice:
        """Return one notice to persons or the public. Raises InputError("no_such_notice")."""
        row = self._connection.execute(
            select(notice).where(notice.c.id == notice_id, notice.c.recipient != RECIPIENT)
        ).one_or_none()
        return notice_from_row(row) if row is not None else _missing("no_such_notice", notice=f"N{notice_id}")

    def notice_uid(self, notice_id: NoticeId) -> str:
        """Return the opaque reference of a notice."""
        uid = self._connection.scalar(select(notice.c.uid).where(notice.c.id == notice_id))
        return str(uid) if uid is not None else _missing("no_such_notice", notice=f"N{notice_id}")

    def approved_notice(self, breach_id: BreachId) -> tuple[NoticeId, Notice] | None:
        """Return the newest approved notice to persons, or None."""
        row = self._connection.execute(
            select(notice)
            .where(
                notice.c.breach_id == breach_id,
                notice.c.recipient == "persons",
                notice.c.state == NoticeState.APPROVED,
            )
            .order_by(notice.c.version.desc())
            .limit(1)
        ).one_or_none()
        return (NoticeId(row.id), notice_from_row(row)) if row is not None else None

    def notice_for(
        self, breach_id: BreachId, revision_id: RevisionId, channel: Channel, only: PersonId | None = None
    ) -> tuple[NoticeId, Notice] | None:
        """Return the newest approved notice that anybody on a rung, or this person, still waits for; if nobody waits,
        the newest one for everybody. None without an approved notice."""
        approved = [each for each in reversed(self.notices(breach_id)) if each[1].state is NoticeState.APPROVED]
        for notice_id, value in approved:
            if only is not None:
                rows = self.message_rows(breach_id, revision_id, channel, "", 1, notice_id, only)
                found = next(rows, None) is not None
            else:
                found = self.waiting(breach_id, revision_id, channel, notice_id) > 0
            if found:
                return notice_id, value
        for_all = [each for each in approved if self.recipients(each[0]) is None]
        return next(iter(for_all or approved), None)

    def recipient_ids(self, notice_id: NoticeId) -> array[int]:
        """Return the persons a notice is for, by number; empty if it is for everybody."""
        own = notice_recipient.c
        return array(
            "q",
            self._connection.scalars(select(own.person_id).where(own.notice_id == notice_id).order_by(own.person_id)),
        )

    def recipients(self, notice_id: NoticeId) -> int | None:
        """Return how many persons a notice is for, None if it is for everybody in scope."""
        own = select(notice_audience.c.notice_id).where(notice_audience.c.notice_id == notice_id)
        if self._connection.scalar(own) is None:
            return None
        count = select(func.count()).where(notice_recipient.c.notice_id == notice_id)
        return int(self._connection.scalar(count) or 0)

    def batches(self, breach_id: BreachId) -> list[BatchLine]:
        """Return the batches of a breach, newest first."""
        rows = self._connection.execute(select(batch).where(batch.c.breach_id == breach_id).order_by(batch.c.id.desc()))
        return [_batch_line(row) for row in rows]

    def batch(self, batch_id: BatchId) -> BatchLine:
        """Return one batch. Raises InputError("no_such_batch")."""
        row = self._connection.execute(select(batch).where(batch.c.id == batch_id)).one_or_none()
        return _batch_line(row) if row is not None else _missing("no_such_batch", batch=f"L{batch_id}")

    def sent_counts(self, breach_id: BreachId) -> list[SentCount]:
        """Return how many deliveries came to which state on which day."""
        # Milliseconds to whole days; the day of an event is the UTC day, said so in the reports.
        day = func.date(type_coerce(delivery_event.c.at, BigInteger) // 1000, "unixepoch").label("day")
        rows = self._connection.execute(
            select(day, delivery.c.channel, delivery_event.c.state, func.count())
            .join(delivery, delivery.c.id == delivery_event.c.delivery_id)
            .where(delivery.c.breach_id == breach_id)
            .group_by(day, delivery.c.channel, delivery_event.c.state)
            .order_by(day)
        )
        return [SentCount(datetime.fromisoformat(row[0]).date(), row[1], row[2], row[3]) for row in rows]

    def decisions(self, breach_id: BreachId) -> list[tuple[DecisionLine, int]]:
        """Return the decisions that count, alike ones together with how many persons they concern."""
        columns = (
            decision.c.kind,
            decision.c.value,
            decision.c.reason,
            decision.c.decided_by,
            decision.c.decided_at,
        )
        rows = self._connection.execute(
            select(*columns, func.count())
            .where(decision.c.breach_id == breach_id, decision.c.current)
            .group_by(*columns)
            .order_by(decision.c.decided_at)
        )
        return [(DecisionLine(*row[:5]), row[5]) for row in rows]

    def setting(self, name: str) -> Any | None:
        """Return the setting kept under `name`, or None."""
        return self._connection.scalar(select(setting.c.value).where(setting.c.name == name))


def _missing(code: str, **facts: Any) -> NoReturn:
    raise InputError(code, **facts)


def _import_line(row: Any) -> ImportLine:
    return ImportLine(
        row.id, row.state, row.file_name, row.file_sha256, row.staged_at, row.accepted_at, row.accepted_by,
        row.rows, row.new, row.changed, row.duplicate, row.rejected, row.reading,
    )  # fmt: skip


def _batch_line(row: Any) -> BatchLine:
    return BatchLine(
        row.id, row.notice_id, row.channel, row.state, row.made_at, row.made_by, row.settled_on, row.members,
        row.pages, row.sheets, row.merkle_root, row.facts, tuple(row.files),
    )  # fmt: skip
