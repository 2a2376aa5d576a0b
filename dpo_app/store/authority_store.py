"""Notices to authorities, the log of what passed between, and the figures of the ledger that a notice tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_log import AuthorityEvent, AuthorityTold, ContactKind, KeptFile, told
from dpo_app.core.authority.authority_notice import (
    AuthorityNotice,
    answer_document,
    answer_from_document,
    own_document,
    own_from_document,
)
from dpo_app.core.delivery import STANDING_OF, Standing
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, NoticeId, RevisionId
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.store.tables import (
    authority_event,
    authority_file,
    delivery,
    delivery_event,
    notice,
    person,
    person_plan,
)

RECIPIENT = "authority"
_TOLD = [state.value for state, standing in STANDING_OF.items() if standing is Standing.TOLD]


class SqlAuthorityStore:
    """Writing notices to authorities and the log (`services.ports.authority.AuthorityStore`)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, uid: str, value: AuthorityNotice, created_at: datetime) -> NoticeId:
        """Add a draft."""
        row = notice_to_row(value) | {"uid": uid, "created_at": created_at, "recipient": RECIPIENT}
        return NoticeId(_key(self._connection.execute(insert(notice).values(row))))

    def save(self, notice_id: NoticeId, value: AuthorityNotice) -> None:
        """Replace a draft. Raises RuleError("notice_frozen") for an approved one."""
        self._replace(notice_id, notice_to_row(value))

    def freeze(self, notice_id: NoticeId, value: AuthorityNotice, canonical: bytes, pdf: bytes) -> None:
        """Keep the approved notice with its published form and its paper. Raises RuleError("notice_frozen")."""
        self._replace(notice_id, notice_to_row(value) | {"canonical": canonical})
        self._file(value.breach_id, f"notice-N{notice_id}.pdf", pdf, notice_id=notice_id)

    def supersede(self, notice_id: NoticeId) -> None:
        """Take an approved notice that was not handed in out of use: a newer one stands in its place."""
        self._connection.execute(
            update(notice)
            .where(notice.c.id == notice_id, notice.c.recipient == RECIPIENT, notice.c.state == NoticeState.APPROVED)
            .values(state=NoticeState.SUPERSEDED)
        )

    def record(self, uid: str, value: AuthorityEvent, files: Sequence[tuple[str, bytes]]) -> int:
        """Add an entry to the log with its files; returns its number."""
        row = {
            "uid": uid, "breach_id": value.breach_id, "authority": value.authority, "kind": value.kind.value,
            "at": value.at, "channel": value.channel.value, "by": value.by, "notice_id": value.notice_id or None,
            "phase": value.phase.value if value.phase else "", "withdraw": value.withdraw,
            "reference": value.reference, "note": value.note, "reason": value.reason,
            "corrects": value.corrects or None, "recorded_at": value.recorded_at, "recorded_by": value.recorded_by,
        }  # fmt: skip
        event_id = _key(self._connection.execute(insert(authority_event).values(row)))
        for name, data in files:
            self._file(value.breach_id, name, data, event_id=event_id)
        return event_id

    def _file(self, breach_id: int, name: str, data: bytes, **where: int) -> None:
        row = {"breach_id": breach_id, "name": name, "sha256": sha256_hex(data), "size": len(data), "data": data}
        self._connection.execute(insert(authority_file).values(row | where))

    def _replace(self, notice_id: NoticeId, row: dict[str, Any]) -> None:
        changed = self._connection.execute(
            update(notice)
            .where(notice.c.id == notice_id, notice.c.recipient == RECIPIENT, notice.c.state == NoticeState.DRAFT)
            .values(row)
        )
        if changed.rowcount != 1:
            self._refuse(notice_id)

    def _refuse(self, notice_id: NoticeId) -> None:
        found = self._connection.scalar(
            select(notice.c.id).where(notice.c.id == notice_id, notice.c.recipient == RECIPIENT)
        )
        if found is None:
            raise InputError("no_such_notice", notice=f"N{notice_id}")
        raise RuleError("notice_frozen", notice=f"N{notice_id}")


class AuthorityQueries:
    """Reading notices to authorities and the log; mixed into `queries.SqlQueries`."""

    _connection: Connection

    def recipient_of(self, notice_id: NoticeId) -> str:
        """Return to whom a notice is: persons, authority or public. Raises InputError("no_such_notice")."""
        found = self._connection.scalar(select(notice.c.recipient).where(notice.c.id == notice_id))
        if found is None:
            raise InputError("no_such_notice", notice=f"N{notice_id}")
        return str(found)

    def authority_notices(self, breach_id: BreachId) -> list[tuple[NoticeId, AuthorityNotice]]:
        """Return the notices to authorities, oldest first."""
        rows = self._connection.execute(
            select(notice)
            .where(notice.c.breach_id == breach_id, notice.c.recipient == RECIPIENT)
            .order_by(notice.c.version)
        )
        return [(NoticeId(row.id), notice_from_row(row)) for row in rows]

    def authority_notice(self, notice_id: NoticeId) -> AuthorityNotice:
        """Return one notice to an authority. Raises InputError("no_such_notice")."""
        row = self._connection.execute(
            select(notice).where(notice.c.id == notice_id, notice.c.recipient == RECIPIENT)
        ).one_or_none()
        if row is None:
            raise InputError("no_such_notice", notice=f"N{notice_id}")
        return notice_from_row(row)

    def authority_form(self, notice_id: NoticeId) -> bytes:
        """Return the frozen published form of an approved notice; nothing for a draft."""
        return bytes(self._connection.scalar(select(notice.c.canonical).where(notice.c.id == notice_id)) or b"")

    def authority_events(self, breach_id: BreachId) -> list[AuthorityEvent]:
        """Return the log, as recorded, with what their files are called."""
        files: dict[int, list[KeptFile]] = {}
        own = authority_file.c
        for row in self._connection.execute(
            select(own.event_id, own.id, own.name, own.sha256, own.size)
            .where(own.breach_id == breach_id, own.event_id.isnot(None))
            .order_by(own.id)
        ):
            files.setdefault(row[0], []).append(KeptFile(*row[1:]))
        rows = self._connection.execute(
            select(authority_event).where(authority_event.c.breach_id == breach_id).order_by(authority_event.c.id)
        )
        return [_event(row, files.get(row.id, [])) for row in rows]

    def authority_told(self, breach_id: BreachId) -> tuple[AuthorityTold, ...]:
        """Return what was handed in to authorities, oldest first; entries that were replaced do not count."""
        return told(self.authority_events(breach_id))

    def authority_paper(self, notice_id: NoticeId) -> bytes:
        """Return the frozen PDF of an approved notice; nothing for a draft."""
        return bytes(
            self._connection.scalar(select(authority_file.c.data).where(authority_file.c.notice_id == notice_id)) or b""
        )

    def authority_file(self, file_id: int) -> tuple[str, bytes]:
        """Return name and bytes of a kept file. Raises InputError("no_such_kept_file")."""
        row = self._connection.execute(
            select(authority_file.c.name, authority_file.c.data).where(authority_file.c.id == file_id)
        ).one_or_none()
        if row is None:
            raise InputError("no_such_kept_file")
        return str(row[0]), bytes(row[1])

    def persons_by_country(self, revision_id: RevisionId) -> dict[str, int]:
        """Return {country: persons in scope}, "" where no country is known."""
        rows = self._connection.execute(
            select(person.c.country, func.count())
            .join(person_plan, person_plan.c.person_id == person.c.id)
            .where(
                person_plan.c.revision_id == revision_id,
                person_plan.c.exposure != ExposureState.NOT_EXPOSED.value,
            )
            .group_by(person.c.country)
        )
        return {row[0]: row[1] for row in rows}

    def minors_in_scope(self, revision_id: RevisionId) -> int:
        """Return how many persons in scope are under 18, of those whose age is known."""
        return int(
            self._connection.scalar(
                select(func.count()).where(
                    person_plan.c.revision_id == revision_id, person_plan.c.age < 18,
                    person_plan.c.exposure != ExposureState.NOT_EXPOSED.value,
                )
            )
            or 0
        )  # fmt: skip

    def first_told_at(self, breach_id: BreachId) -> datetime | None:
        """Return when the first message that counts as told left; None if nobody is told."""
        found: datetime | None = self._connection.scalar(
            select(func.min(delivery_event.c.at))
            .join(delivery, delivery.c.id == delivery_event.c.delivery_id)
            .where(delivery.c.breach_id == breach_id, delivery.c.state.in_(_TOLD), delivery_event.c.state.in_(_TOLD))
        )
        return found


def notice_to_row(value: AuthorityNotice) -> dict[str, Any]:
    """Return the columns of a notice but its identity, creation and published form."""
    return {
        "breach_id": value.breach_id, "revision_id": value.revision_id, "version": value.number,
        "phase": value.phase.value, "state": value.state.value, "sha256": value.sha256,
        "approved_by": value.approved_by, "approved_at": value.approved_at,
        "document": {
            "authority": value.authority, "language": value.language, "template": value.template,
            "withdraw": value.withdraw, "earlier": value.earlier,
            "own": {key: own_document(own) for key, own in value.own.items()},
            "answers": [answer_document(each) for each in value.answers],
            "texts": dict(value.texts),
        },
    }  # fmt: skip


def notice_from_row(row: Row[Any]) -> AuthorityNotice:
    """Return the notice of a row of `notice`."""
    document = row.document
    return AuthorityNotice(
        row.breach_id, row.revision_id, row.version, document["authority"], document["language"],
        document["template"], NoticePhase(row.phase), document["withdraw"], NoticeState(row.state),
        document["earlier"], {key: own_from_document(own) for key, own in document["own"].items()}, row.approved_by,
        row.approved_at, row.sha256, tuple(answer_from_document(each) for each in document["answers"]),
        document["texts"],
    )  # fmt: skip


def _event(row: Row[Any], files: Sequence[KeptFile]) -> AuthorityEvent:
    return AuthorityEvent(
        row.breach_id, row.authority, ContactKind(row.kind), row.at, AuthorityChannel(row.channel), row.by,
        row.notice_id or 0, NoticePhase(row.phase) if row.phase else None, row.withdraw, row.reference, row.note,
        row.reason, row.corrects or 0, row.id, row.recorded_at, row.recorded_by, tuple(files),
    )  # fmt: skip


def _key(result: Any) -> int:
    return int(result.inserted_primary_key[0])
