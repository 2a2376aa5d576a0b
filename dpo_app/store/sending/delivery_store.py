"""Batches and the deliveries in them: members are frozen first, made next, moved together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, literal, select, update

from dpo_app.core.delivery import ACTIVE, DeliveryState
from dpo_app.core.ids import BatchId, BreachId, NoticeId
from dpo_app.core.persons.channel import Channel
from dpo_app.services.lines import MessageRow
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import batch, delivery, delivery_event, person, person_plan, told_plan


class SqlDeliveryStore:
    """Attempts to reach persons. Every change of state leaves a row in `delivery_event`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_batch(
        self, uid: str, breach_id: BreachId, notice_id: NoticeId, channel: Channel, made_at: datetime,
        made_by: str, facts: Mapping[str, Any], rows: Iterable[MessageRow],
    ) -> BatchId:  # fmt: skip
        """Freeze the members of a batch: a delivery each in state *rendered*, with token, number and attempt."""
        result = self._connection.execute(
            insert(batch).values(
                uid=uid, breach_id=breach_id, notice_id=notice_id, channel=channel.value, state="making",
                made_at=made_at, made_by=made_by, members=0, facts=dict(facts), files=[],
            )
        )  # fmt: skip
        assert result.inserted_primary_key is not None
        batch_id = BatchId(result.inserted_primary_key[0])
        members = 0
        for chunk in chunks(rows):
            self._connection.execute(
                insert(delivery),
                [
                    {
                        "breach_id": breach_id, "person_id": row.person_id, "notice_id": notice_id,
                        "channel": channel.value, "attempt": row.attempt, "token": row.token,
                        "state": DeliveryState.RENDERED.value, "state_at": made_at, "language": row.language,
                        "batch_id": batch_id, "number": row.number, "pages": 0, "sha256": "", "reason": "",
                    }
                    for row in chunk
                ],
            )  # fmt: skip
            members += len(chunk)
        self._connection.execute(update(batch).where(batch.c.id == batch_id).values(members=members))
        if "revision" in facts:
            self._keep_told(batch_id, notice_id, int(facts["revision"]))
        self._note(batch_id, DeliveryState.RENDERED, made_at, made_by)
        return batch_id

    def _keep_told(self, batch_id: BatchId, notice_id: NoticeId, revision_id: int) -> None:
        """Keep the exposure that the members of a batch are told, as planned now, and whether in easy language."""
        members = select(delivery.c.person_id).where(delivery.c.batch_id == batch_id)
        own = told_plan.c
        self._connection.execute(delete(told_plan).where(own.notice_id == notice_id, own.person_id.in_(members)))
        plan = person_plan.c
        source = (
            select(
                plan.person_id, literal(notice_id), plan.revision_id, plan.exposure, plan.windows, person.c.easy_language
            )
            .join(person, person.c.id == plan.person_id)
            .where(plan.revision_id == revision_id, plan.person_id.in_(members))
        )  # fmt: skip
        names = ["person_id", "notice_id", "revision_id", "exposure", "windows", "easy"]
        self._connection.execute(insert(told_plan).from_select(names, source))

    def close_batch(
        self, batch_id: BatchId, state: DeliveryState, batch_state: str, at: datetime, actor: str,
        records: Iterable[tuple[int, str, int]], *, pages: int, sheets: int, merkle_root: str,
        files: Sequence[Mapping[str, Any]],
    ) -> None:  # fmt: skip
        """Take what was made: (number, sha256, pages) for each member; members move to `state`."""
        statement = (
            update(delivery)
            .where(delivery.c.batch_id == batch_id, delivery.c.number == bindparam("b_number"))
            .values(sha256=bindparam("b_sha256"), pages=bindparam("b_pages"))
        )
        for chunk in chunks(records):
            self._connection.execute(
                statement, [dict(zip(("b_number", "b_sha256", "b_pages"), r, strict=True)) for r in chunk]
            )
        self._connection.execute(
            update(batch)
            .where(batch.c.id == batch_id)
            .values(pages=pages, sheets=sheets, merkle_root=merkle_root, files=[dict(f) for f in files])
        )
        self.move_batch(batch_id, state, batch_state, at, actor)

    def move_batch(
        self, batch_id: BatchId, state: DeliveryState, batch_state: str, at: datetime, actor: str, *,
        reason: str = "", settled_on: date | None = None,
    ) -> int:  # fmt: skip
        """Move all members that are still active; returns how many."""
        active = [each.value for each in ACTIVE]
        self._note(batch_id, state, at, actor, reason)
        moved = self._connection.execute(
            update(delivery)
            .where(delivery.c.batch_id == batch_id, delivery.c.state.in_(active))
            .values(state=state.value, state_at=at)
        ).rowcount
        values: dict[str, Any] = {"state": batch_state}
        if settled_on is not None:
            values["settled_on"] = settled_on
        self._connection.execute(update(batch).where(batch.c.id == batch_id).values(values))
        return moved

    def _note(self, batch_id: BatchId, state: DeliveryState, at: datetime, actor: str, reason: str = "") -> None:
        """Write the event of a common move for all active members, in one statement."""
        source = select(
            delivery.c.id,
            literal(at, delivery_event.c.at.type),
            literal(state.value),
            literal("operator"),
            literal(actor),
            literal(reason),
        ).where(delivery.c.batch_id == batch_id, delivery.c.state.in_([each.value for each in ACTIVE]))
        columns = ["delivery_id", "at", "state", "source", "actor", "reason"]
        self._connection.execute(insert(delivery_event).from_select(columns, source))

    def move_ones(
        self, delivery_ids: Sequence[int], state: DeliveryState, reason: str, at: datetime, actor: str,
        source: str = "operator",
    ) -> None:  # fmt: skip
        """Move single deliveries to a state with the code of why, and leave an event for each that says who told us."""
        for part in chunks(delivery_ids, 500):
            self._connection.execute(
                update(delivery)
                .where(delivery.c.id.in_(part))
                .values(state=state.value, state_at=at, reason=reason, next_try_at=None)
            )
            self._connection.execute(
                insert(delivery_event),
                [
                    {"delivery_id": each, "at": at, "state": state.value, "source": source, "actor": actor,
                     "reason": reason}
                    for each in part
                ],
            )  # fmt: skip

    def refuse(
        self, breach_id: BreachId, notice_id: NoticeId, channel: Channel,
        refused: Iterable[tuple[MessageRow, str]], at: datetime, actor: str,
    ) -> int:  # fmt: skip
        """Record a refused attempt with its code for each person; returns how many."""
        count = 0
        for chunk in chunks(refused):
            rows = [
                {
                    "breach_id": breach_id, "person_id": row.person_id, "notice_id": notice_id,
                    "channel": channel.value, "attempt": row.attempt, "token": row.token,
                    "state": DeliveryState.REFUSED.value, "state_at": at, "language": row.language,
                    "batch_id": None, "number": 0, "pages": 0, "sha256": "", "reason": code,
                }
                for row, code in chunk
            ]  # fmt: skip
            self._connection.execute(insert(delivery), rows)
            tokens = [row["token"] for row in rows]
            source = select(
                delivery.c.id, delivery.c.state_at, delivery.c.state, literal("render"), literal(actor),
                delivery.c.reason,
            )  # fmt: skip
            for part in chunks(tokens, 500):
                self._connection.execute(
                    insert(delivery_event).from_select(
                        ["delivery_id", "at", "state", "source", "actor", "reason"],
                        source.where(delivery.c.token.in_(part)),
                    )
                )
            count += len(rows)
        return count
