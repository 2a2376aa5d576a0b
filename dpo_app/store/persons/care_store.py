"""Care on one connection: the officer's marks, and the rules that the last plan found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BreachId, PersonId
from dpo_app.core.persons.care import CareRule
from dpo_app.services.lines import InHand
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import care_mark, delivery, person, person_care

#: A message on its way that only the officer can still stop, by hand.
_IN_HAND = (DeliveryState.RENDERED, DeliveryState.BATCHED, DeliveryState.PRINTED, DeliveryState.EXPORTED)
#: Columns of the register that say the same as a mark.
_FLAGS = {
    CareRule.PROTECTED: "protected", CareRule.DECEASED: "deceased", CareRule.LARGE_PRINT: "large_print",
    CareRule.EASY_LANGUAGE: "easy_language",
}  # fmt: skip


class SqlCareStore:
    """See `services.ports.store.CareStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(
        self, breach_id: BreachId, person_ids: Sequence[PersonId], rule: CareRule, value: str, reason: str,
        marked_by: str, marked_at: datetime, *, off: bool = False,
    ) -> int:  # fmt: skip
        """Put a mark on persons of this breach, or take it off; the older mark of its rule no longer counts."""
        count = 0
        for chunk in chunks(person_ids, 500):
            own = select(person.c.id).where(person.c.breach_id == breach_id, person.c.id.in_(chunk))
            found = list(self._connection.scalars(own))
            self._connection.execute(
                update(care_mark)
                .where(care_mark.c.person_id.in_(own), care_mark.c.rule == rule.value, care_mark.c.current)
                .values(current=False)
            )
            if found:
                self._connection.execute(
                    insert(care_mark),
                    [
                        {
                            "breach_id": breach_id, "person_id": number, "rule": rule.value, "value": value,
                            "reason": reason, "marked_by": marked_by, "marked_at": marked_at, "taken_off": off,
                            "current": not off,
                        }
                        for number in found
                    ],
                )  # fmt: skip
            if rule in _FLAGS:
                self._connection.execute(update(person).where(person.c.id.in_(own)).values({_FLAGS[rule]: not off}))
            count += len(found)
        return count

    def replace_found(self, breach_id: BreachId, rows: Iterable[tuple[int, CareRule]]) -> None:
        """Keep which rules the plan found, in the place of what the last one did."""
        self._connection.execute(delete(person_care).where(person_care.c.breach_id == breach_id))
        for chunk in chunks(rows):
            self._connection.execute(
                insert(person_care),
                [{"breach_id": breach_id, "person_id": number, "rule": rule.value} for number, rule in chunk],
            )

    def in_hand(self, person_ids: Sequence[PersonId]) -> list[InHand]:
        """Return messages to these persons that are made and not gone: only the officer can take them out."""
        rows = self._connection.execute(
            select(person.c.code, delivery.c.batch_id, delivery.c.number, delivery.c.channel)
            .join(person, person.c.id == delivery.c.person_id)
            .where(delivery.c.person_id.in_(person_ids), delivery.c.state.in_([s.value for s in _IN_HAND]))
            .order_by(delivery.c.batch_id, delivery.c.number)
        )
        return [InHand(row[0], row[1] or 0, row[2], row[3]) for row in rows]

    def waiting_ids(self, person_ids: Sequence[PersonId]) -> list[int]:
        """Return the deliveries to these persons that the program itself can still stop."""
        states = (DeliveryState.PLANNED, DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.DEFERRED)
        return list(
            self._connection.scalars(
                select(delivery.c.id).where(
                    delivery.c.person_id.in_(person_ids), delivery.c.state.in_([s.value for s in states])
                )
            )
        )

    def protected_among(self, person_ids: Sequence[PersonId]) -> int:
        """Return how many of these persons have a protected address."""
        count = 0
        for chunk in chunks(person_ids, 500):
            count += int(
                self._connection.scalar(select(func.count()).where(person.c.id.in_(chunk), person.c.protected)) or 0
            )
        return count

    def forget(self, person_ids: Sequence[PersonId]) -> None:
        """Remove what is kept about the care of persons who are erased."""
        for chunk in chunks(person_ids, 500):
            for table in (care_mark, person_care):
                self._connection.execute(delete(table).where(table.c.person_id.in_(chunk)))
