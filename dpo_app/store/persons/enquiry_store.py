"""Enquiries on one connection: written, closed, forgotten with their person; and what the desk reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, delete, func, insert, select, type_coerce, update

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, EnquiryId, PersonId, enquiry_ref
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.enquiry import EnquiryState
from dpo_app.core.persons.enquiry_load import Wave
from dpo_app.services.lines import CodeLine, EnquiryLine
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import delivery, delivery_event, enquiry, notice, person

#: The events with which somebody is told; the first of a delivery counts.
_TOLD = (DeliveryState.ACCEPTED, DeliveryState.REPORTED_SENT, DeliveryState.POSTED)
_HOUR_MS = 3_600_000


class SqlEnquiryStore:
    """See `services.ports.store.EnquiryStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, values: dict[str, Any]) -> EnquiryId:
        """Add an enquiry, every column but its number given."""
        result = self._connection.execute(insert(enquiry).values(values))
        assert result.inserted_primary_key is not None
        return EnquiryId(result.inserted_primary_key[0])

    def close(self, enquiry_id: EnquiryId, outcome: str, by: str, at: datetime) -> bool:
        """Close an open enquiry; tells whether it was open."""
        changed = self._connection.execute(
            update(enquiry)
            .where(enquiry.c.id == enquiry_id, enquiry.c.state == EnquiryState.OPEN.value)
            .values(state=EnquiryState.CLOSED.value, outcome=outcome, closed_by=by, closed_at=at)
        )
        return changed.rowcount == 1

    def forget(self, person_ids: Sequence[PersonId]) -> int:
        """Remove the enquiries of persons who are erased; returns how many."""
        count = 0
        for chunk in chunks(person_ids, 500):
            count += self._connection.execute(delete(enquiry).where(enquiry.c.person_id.in_(chunk))).rowcount
        return count


class EnquiryQueries:
    """Reading enquiries; mixed into `queries.SqlQueries`."""

    _connection: Connection

    def enquiries(
        self, breach_id: BreachId, state: EnquiryState | None = None, person_id: PersonId | None = None,
        limit: int = 500,
    ) -> list[EnquiryLine]:  # fmt: skip
        """Return enquiries, newest first; open ones by due day first if only those are asked for."""
        statement = _lines().where(enquiry.c.breach_id == breach_id)
        if state is not None:
            statement = statement.where(enquiry.c.state == state.value)
        if person_id is not None:
            statement = statement.where(enquiry.c.person_id == person_id)
        order: list[Any] = [enquiry.c.id.desc()]
        if state is EnquiryState.OPEN:
            order = [enquiry.c.due_on.is_(None), enquiry.c.due_on, *order]
        rows = self._connection.execute(statement.order_by(*order).limit(limit))
        return [EnquiryLine(*row) for row in rows]

    def enquiry(self, enquiry_id: EnquiryId) -> EnquiryLine:
        """Return one enquiry. Raises InputError("no_such_enquiry")."""
        row = self._connection.execute(_lines().where(enquiry.c.id == enquiry_id)).one_or_none()
        if row is None:
            raise InputError("no_such_enquiry", enquiry=enquiry_ref(enquiry_id))
        return EnquiryLine(*row)

    def enquiry_uid(self, enquiry_id: EnquiryId) -> str:
        """Return the opaque reference of an enquiry."""
        return str(self._connection.scalar(select(enquiry.c.uid).where(enquiry.c.id == enquiry_id)) or "")

    def enquiry_counts(self, breach_id: BreachId) -> tuple[int, int]:
        """Return how many enquiries are open, and how many there are."""
        rows = self._connection.execute(
            select(enquiry.c.state, func.count()).where(enquiry.c.breach_id == breach_id).group_by(enquiry.c.state)
        )
        counts = {row[0]: row[1] for row in rows}
        return counts.get(EnquiryState.OPEN.value, 0), sum(counts.values())

    def enquiries_by_hour(self, breach_id: BreachId, since: datetime) -> dict[int, int]:
        """Return {hour since 1970 UTC: enquiries that began in it}."""
        hour = type_coerce(enquiry.c.began_at, BigInteger) / _HOUR_MS
        rows = self._connection.execute(
            select(type_coerce(func.floor(hour), BigInteger), func.count())
            .where(enquiry.c.breach_id == breach_id, enquiry.c.began_at >= since)
            .group_by(func.floor(hour))
        )
        return {int(row[0]): row[1] for row in rows}

    def told_waves(self, breach_id: BreachId) -> list[tuple[str, Wave]]:
        """Return (channel, persons told in one hour), by the first event that told them."""
        first = (
            select(delivery_event.c.delivery_id, func.min(delivery_event.c.at).label("at"))
            .join(delivery, delivery.c.id == delivery_event.c.delivery_id)
            .where(delivery.c.breach_id == breach_id, delivery_event.c.state.in_([state.value for state in _TOLD]))
            .group_by(delivery_event.c.delivery_id)
            .subquery()
        )
        hour = func.floor(type_coerce(first.c.at, BigInteger) / _HOUR_MS)
        rows = self._connection.execute(
            select(delivery.c.channel, func.min(first.c.at), func.count())
            .join(delivery, delivery.c.id == first.c.delivery_id)
            .group_by(delivery.c.channel, hour)
        )
        return [(Channel(row[0]).value, Wave(row[1], row[2])) for row in rows]

    def code_line(self, token: str) -> CodeLine | None:
        """Return the delivery that bears a code, with what may be told of it once identity is established."""
        row = self._connection.execute(
            select(
                delivery.c.id, delivery.c.breach_id, delivery.c.person_id, delivery.c.channel, delivery.c.state,
                delivery.c.state_at, delivery.c.language, notice.c.version,
            )
            .join(notice, notice.c.id == delivery.c.notice_id)
            .where(delivery.c.token == token)
        ).one_or_none()  # fmt: skip
        return CodeLine._make(row) if row is not None else None


def _lines() -> Any:
    own = enquiry.c
    return select(
        own.id, own.breach_id, own.person_id, person.c.code, person.c.family_name, person.c.given_names,
        func.coalesce(person.c.protected, False), own.way, own.kind, own.caller, own.identity, own.code_check,
        own.began_at, own.saved_at, own.taken_by, own.answer, own.note, own.state, own.due_on, own.closed_at,
        own.closed_by, own.outcome, own.seconds,
    ).select_from(enquiry.outerjoin(person, person.c.id == own.person_id))  # fmt: skip
