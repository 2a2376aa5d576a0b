"""Corrections of persons on one connection: what was is kept beside what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection, Row, delete, exists, func, insert, or_, select, update

from dpo_app.core.delivery import STANDING_OF, Standing
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId
from dpo_app.core.persons.household import email_key
from dpo_app.services.ports.corrections import CorrectionLine, NewChange
from dpo_app.services.ports.staging import PERSON_FIELDS
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import (
    correction,
    correction_change,
    delivery,
    delivery_event,
    person,
    person_merge,
    person_plan,
)

_STREAMED = {"yield_per": 5_000}
_SENT = [state.value for state, standing in STANDING_OF.items() if standing is not Standing.OPEN]


class SqlCorrectionStore:
    """See `services.ports.corrections`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contact_values(self, breach_id: BreachId) -> Iterator[tuple[int, dict[str, Any]]]:
        """Stream (person, values by column and the code) of a breach, in order."""
        names = (*(name for name in PERSON_FIELDS if name != "extra"), "code")
        rows = self._connection.execute(
            select(person.c.id, *(person.c[name] for name in names))
            .where(person.c.breach_id == breach_id)
            .order_by(person.c.id),
            execution_options=_STREAMED,
        )
        for row in rows:
            yield row[0], dict(zip(names, row[1:], strict=True))

    def shared_mails(self, breach_id: BreachId) -> frozenset[str]:
        """Return the mail addresses that several persons of a breach have, in small letters."""
        mail = func.lower(person.c.email)
        return frozenset(
            self._connection.scalars(
                select(mail)
                .where(person.c.breach_id == breach_id, person.c.email != "")
                .group_by(mail)
                .having(func.count() > 1)
            )
        )

    def correction(self, correction_id: int) -> CorrectionLine:
        """Return a correction. Raises InputError("no_such_correction")."""
        row = self._connection.execute(select(correction).where(correction.c.id == correction_id)).one_or_none()
        return _line(row) if row is not None else _missing("no_such_correction", correction=f"C{correction_id}")

    def corrections(self, breach_id: BreachId) -> list[CorrectionLine]:
        """Return the corrections of a breach that count, newest first."""
        rows = self._connection.execute(
            select(correction)
            .where(correction.c.breach_id == breach_id, correction.c.undone_at.is_(None))
            .order_by(correction.c.id.desc())
        )
        return [_line(row) for row in rows]

    def persons_by(self, breach_id: BreachId, column: str, values: Sequence[str]) -> dict[str, list[int]]:
        """Return {value: persons} of those who have one of these values in a column."""
        found: dict[str, list[int]] = {}
        for part in chunks(values, 500):
            rows = self._connection.execute(
                select(person.c[column], person.c.id)
                .where(person.c.breach_id == breach_id, person.c[column].in_(part))
                .order_by(person.c.id)
            )
            for value, number in rows:
                found.setdefault(value, []).append(number)
        return found

    def mail_owners(self, breach_id: BreachId, mails: AbstractSet[str]) -> dict[str, set[int]]:
        """Return {mail address in small letters: persons} of those who have one of these, read in one go."""
        found: dict[str, set[int]] = {}
        if not mails:
            return found
        rows = self._connection.execute(
            select(person.c.id, person.c.email).where(person.c.breach_id == breach_id, person.c.email != ""),
            execution_options=_STREAMED,
        )
        for number, email in rows:
            if (key := email_key(email)) in mails:
                found.setdefault(key, set()).add(number)
        return found

    def protected_contacts(self, breach_id: BreachId) -> list[tuple[int, str, str, str, str]]:
        """Return (person, street, postcode, town, mail address) of those with a protected address."""
        own = person.c
        rows = self._connection.execute(
            select(own.id, own.street, own.postcode, own.town, own.email).where(
                own.breach_id == breach_id, own.protected
            )
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

    def add_correction(self, values: Mapping[str, Any], changes: Sequence[NewChange]) -> int:
        """Change persons, keep what they were and drop their place in the plan; returns the correction's number."""
        result = self._connection.execute(insert(correction).values(dict(values)))
        assert result.inserted_primary_key is not None
        number = int(result.inserted_primary_key[0])
        for part in chunks(changes, 500):
            self._connection.execute(
                insert(correction_change),
                [
                    {
                        "correction_id": number,
                        "person_id": c.person_id,
                        "before": dict(c.before),
                        "after": dict(c.after),
                    }
                    for c in part
                ],
            )
            for change in part:
                self._set(change.person_id, change.after)
            self._drop_plan([change.person_id for change in part])
        return number

    def _set(self, person_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(update(person).where(person.c.id == person_id).values(dict(values)))

    def _drop_plan(self, person_ids: Sequence[int]) -> None:
        self._connection.execute(delete(person_plan).where(person_plan.c.person_id.in_(person_ids)))

    def undo_correction(self, correction_id: int, at: datetime) -> int:
        """Put persons back as they were, but for values that were changed since; returns how many."""
        rows = self._connection.execute(
            select(correction_change).where(correction_change.c.correction_id == correction_id)
        ).all()
        names = PERSON_FIELDS
        for part in chunks(rows, 500):
            numbers = [row.person_id for row in part]
            now = {
                row[0]: dict(zip(names, row[1:], strict=True))
                for row in self._connection.execute(
                    select(person.c.id, *(person.c[name] for name in names)).where(person.c.id.in_(numbers))
                )
            }
            for row in part:
                known = now.get(row.person_id, {})
                back = {n: v for n, v in row.before.items() if n in known and known[n] == row.after[n]}
                if back:
                    self._set(row.person_id, back)
            self._drop_plan(numbers)
        self._connection.execute(update(correction).where(correction.c.id == correction_id).values(undone_at=at))
        return len(rows)

    def forget(self, person_ids: Sequence[int]) -> None:
        """Remove what corrections keep of persons who are erased."""
        for part in chunks(person_ids, 500):
            self._connection.execute(delete(correction_change).where(correction_change.c.person_id.in_(part)))

    def sent_since(self, correction_id: int) -> int:
        """Return to how many of the corrected persons something was sent, or set on its way, since."""
        made = select(correction.c.made_at).where(correction.c.id == correction_id).scalar_subquery()
        moved = exists().where(delivery_event.c.delivery_id == delivery.c.id, delivery_event.c.at >= made)
        return int(
            self._connection.scalar(
                select(func.count(delivery.c.person_id.distinct())).where(
                    delivery.c.person_id.in_(_persons(correction_id)),
                    delivery.c.state.in_(_SENT),
                    or_(delivery.c.state_at >= made, moved),
                )
            )
            or 0
        )

    def corrected_since(self, correction_id: int) -> list[int]:
        """Return the later corrections that count and concern the same persons, lowest first."""
        return list(
            self._connection.scalars(
                select(correction_change.c.correction_id)
                .join(correction, correction.c.id == correction_change.c.correction_id)
                .where(
                    correction_change.c.correction_id > correction_id,
                    correction.c.undone_at.is_(None),
                    correction_change.c.person_id.in_(_persons(correction_id)),
                )
                .distinct()
                .order_by(correction_change.c.correction_id)
            )
        )

    def merged_since(self, correction_id: int) -> int:
        """Return how many of the corrected persons became part of another one since."""
        made = select(correction.c.made_at).where(correction.c.id == correction_id).scalar_subquery()
        return int(
            self._connection.scalar(
                select(func.count()).where(
                    person_merge.c.gone_id.in_(_persons(correction_id)),
                    person_merge.c.undone_at.is_(None),
                    person_merge.c.merged_at >= made,
                )
            )
            or 0
        )


def _persons(correction_id: int) -> Any:
    return select(correction_change.c.person_id).where(correction_change.c.correction_id == correction_id)


def _line(row: Row[Any]) -> CorrectionLine:
    return CorrectionLine(
        row.id, row.breach_id, row.source, row.file_name, row.persons, row.made_at, row.made_by, row.undone_at
    )


def _missing(code: str, **facts: Any) -> NoReturn:
    raise InputError(code, **facts)
