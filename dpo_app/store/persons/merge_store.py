"""Making one person of two, and two of one again: what speaks of the one who goes is moved over, row by row.

Any table with a column `person_id` speaks of a person, those made later included. Rows that are keyed by the person are
moved where the one who is kept has none of that key. What stays: the person's key, for the trail speaks of it, what
imports and corrections changed, and what is worked out anew. The plan of both is dropped: nothing is sent to either
before it is made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, delete, func, insert, select, update

from dpo_app.core.delivery import ACTIVE, STANDING_OF, Standing
from dpo_app.core.ids import BreachId, PersonId
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import decision, delivery, metadata, person, person_merge, person_plan

_SENT = [state.value for state, standing in STANDING_OF.items() if standing is not Standing.OPEN]


#: Tables whose rows stay; deliveries, whose attempts are counted, are moved apart.
_STAY = frozenset({"delivery", "person_key", "person_plan", "person_before", "person_care", "correction_change"})


def _speaking() -> list[Table]:
    """Return the tables whose rows speak of a person and are moved."""
    return [table for table in metadata.sorted_tables if "person_id" in table.c and table.name not in _STAY]


def _rest_of_key(table: Table) -> list[Column[Any]]:
    """Return what besides the person tells the rows of a table apart."""
    return [column for column in table.primary_key if column.name != "person_id"]


class MergeMoves:
    """The part of the link store that merges."""

    _connection: Connection

    def sent_to(self, person_ids: Sequence[int]) -> int:
        """Return to how many of these something was sent, or is on its way."""
        counts = (
            self._connection.scalar(
                select(func.count(delivery.c.person_id.distinct())).where(
                    delivery.c.person_id.in_(part), delivery.c.state.in_(_SENT)
                )
            )
            for part in chunks(person_ids, 500)
        )
        return sum(int(count or 0) for count in counts)

    def on_the_way_both(self, kept_id: PersonId, gone_id: PersonId) -> bool:
        """Tell whether the same notice is on its way to both."""
        other = delivery.alias("other")
        active = [state.value for state in ACTIVE]
        found = self._connection.scalar(
            select(delivery.c.id)
            .join(other, and_(other.c.notice_id == delivery.c.notice_id, other.c.person_id == gone_id))
            .where(delivery.c.person_id == kept_id, delivery.c.state.in_(active), other.c.state.in_(active))
            .limit(1)
        )
        return found is not None

    def add_merge(
        self, uid: str, breach_id: BreachId, kept_id: PersonId, gone_id: PersonId, changes: Mapping[str, Any],
        reason: str, at: datetime, actor: str,
    ) -> int:  # fmt: skip
        """Make one person of two and return the merge's number."""
        rows = {
            row.id: row._mapping
            for row in self._connection.execute(select(person).where(person.c.id.in_((kept_id, gone_id))))
        }
        kept, gone = rows[kept_id], dict(rows[gone_id])
        moved = self._move(kept_id, gone_id)
        self._connection.execute(delete(person).where(person.c.id == gone_id))
        if changes:
            self._connection.execute(update(person).where(person.c.id == kept_id).values(dict(changes)))
        result = self._connection.execute(
            insert(person_merge).values(
                uid=uid, breach_id=breach_id, kept_id=kept_id, gone_id=gone_id, code=gone["code"], gone=gone,
                kept_before={name: [kept[name], value] for name, value in changes.items()}, moved=moved,
                reason=reason, merged_at=at, merged_by=actor,
            )
        )  # fmt: skip
        assert result.inserted_primary_key is not None
        return int(result.inserted_primary_key[0])

    def _move(self, kept_id: int, gone_id: int) -> dict[str, list[Any]]:
        moved: dict[str, list[Any]] = {"decisions_ended": self._end_decisions(kept_id, gone_id)}
        for table in _speaking():
            keys = self._keys(table, gone_id)
            if table.c.person_id.primary_key:
                taken = self._keys(table, kept_id)
                keys = [key for key in keys if key not in taken]
            self._set_person(table, keys, gone_id, kept_id)
            moved[table.name] = keys
        moved["delivery"] = self._move_deliveries(kept_id, gone_id)
        self._connection.execute(delete(person_plan).where(person_plan.c.person_id.in_((kept_id, gone_id))))
        return moved

    def _keys(self, table: Table, person_id: int) -> list[list[Any]]:
        rows = self._connection.execute(select(*_rest_of_key(table)).where(table.c.person_id == person_id))
        return [list(row) for row in rows]

    def _set_person(self, table: Table, keys: Sequence[Sequence[Any]], before: int, after: int) -> None:
        columns = _rest_of_key(table)
        for key in keys:
            own = [column == value for column, value in zip(columns, key, strict=True)]
            self._connection.execute(update(table).where(table.c.person_id == before, *own).values(person_id=after))

    def _end_decisions(self, kept_id: int, gone_id: int) -> list[int]:
        """End decisions about the one who goes where there is one of the kind about the other: two cannot count."""
        kinds = select(decision.c.kind).where(decision.c.person_id == kept_id, decision.c.current)
        ended = list(
            self._connection.scalars(
                select(decision.c.id).where(
                    decision.c.person_id == gone_id, decision.c.current, decision.c.kind.in_(kinds)
                )
            )
        )
        if ended:
            self._connection.execute(update(decision).where(decision.c.id.in_(ended)).values(current=False))
        return ended

    def _move_deliveries(self, kept_id: int, gone_id: int) -> list[list[int]]:
        """Move deliveries behind those of the other: attempts go on counting where they would be the same."""
        own = (delivery.c.notice_id, delivery.c.channel)
        last = {
            (row[0], row[1]): row[2]
            for row in self._connection.execute(
                select(*own, func.max(delivery.c.attempt)).where(delivery.c.person_id == kept_id).group_by(*own)
            )
        }
        moved = []
        rows = self._connection.execute(
            select(delivery.c.id, *own, delivery.c.attempt)
            .where(delivery.c.person_id == gone_id)
            .order_by(delivery.c.attempt)
        ).all()
        for number, notice_id, channel, attempt in rows:
            later = last.get((notice_id, channel), 0) + attempt
            self._connection.execute(
                update(delivery).where(delivery.c.id == number).values(person_id=kept_id, attempt=later)
            )
            moved.append([number, attempt])
        return moved

    def undo_merge(self, merge_id: int, at: datetime) -> tuple[int, int]:
        """Make two persons of one again; returns their numbers. What came to the kept one since stays there, and a
        value that was changed since keeps its newer state."""
        row = self._connection.execute(select(person_merge).where(person_merge.c.id == merge_id)).one()
        kept = self._connection.execute(select(person).where(person.c.id == row.kept_id)).one()._mapping
        back = {name: before for name, (before, made) in row.kept_before.items() if kept[name] == made}
        if back:
            self._connection.execute(update(person).where(person.c.id == row.kept_id).values(back))
        self._connection.execute(insert(person).values(row.gone))
        moved = dict(row.moved)
        ended = moved.pop("decisions_ended")
        for number, attempt in moved.pop("delivery"):
            self._connection.execute(
                update(delivery).where(delivery.c.id == number).values(person_id=row.gone_id, attempt=attempt)
            )
        for name, keys in moved.items():
            self._set_person(metadata.tables[name], keys, row.kept_id, row.gone_id)
        self._connection.execute(update(decision).where(decision.c.id.in_(ended)).values(current=True))
        plans = delete(person_plan).where(person_plan.c.person_id.in_((row.kept_id, row.gone_id)))
        self._connection.execute(plans)
        self._connection.execute(update(person_merge).where(person_merge.c.id == merge_id).values(undone_at=at))
        return int(row.kept_id), int(row.gone_id)
