"""Runs through a mail server, and the arming that lets them leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, literal, select, update

from dpo_app.core.delivery import DeliveryEvent, DeliveryState, moved
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.core.mail.arming import Arming
from dpo_app.services.mail.run_lines import RunningTry
from dpo_app.store.tables import arming, batch, delivery, delivery_event, handover

_WAITING = [DeliveryState.QUEUED.value, DeliveryState.DEFERRED.value]


class SqlSendingStore:
    """`services.ports.store.SendingStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def arm(self, breach_id: BreachId, given: Arming) -> None:
        """Let messages of a breach leave until an instant."""
        self._connection.execute(
            insert(arming).values(
                breach_id=breach_id, armed_by=given.armed_by, armed_at=given.armed_at, until=given.until, ended_by=""
            )
        )

    def disarm(self, breach_id: BreachId, at: datetime, by: str) -> bool:
        """End the newest arming now; returns whether one held."""
        holds = (arming.c.breach_id == breach_id, arming.c.ended_at.is_(None), arming.c.until > at)
        return self._connection.execute(update(arming).where(*holds).values(ended_at=at, ended_by=by)).rowcount > 0

    def set_run(self, batch_id: BatchId, state: str, facts: Mapping[str, Any]) -> None:
        """Set the state of a run and add to what is known of it."""
        known = self._connection.scalar(select(batch.c.facts).where(batch.c.id == batch_id)) or {}
        self._connection.execute(
            update(batch).where(batch.c.id == batch_id).values(state=state, facts={**known, **facts})
        )

    def cancel_waiting(self, batch_id: BatchId, reason: str, at: datetime, actor: str) -> int:
        """Cancel all members that wait; returns how many."""
        return self._move_all(batch_id, _WAITING, DeliveryState.CANCELLED, reason, at, actor)

    def release_held(self, batch_id: BatchId, at: datetime, actor: str) -> int:
        """Let all held members wait again; returns how many."""
        return self._move_all(batch_id, [DeliveryState.HELD.value], DeliveryState.QUEUED, "mended", at, actor)

    def _move_all(
        self, batch_id: BatchId, states: Sequence[str], to: DeliveryState, reason: str, at: datetime, actor: str
    ) -> int:
        these = (delivery.c.batch_id == batch_id, delivery.c.state.in_(states))
        source = select(
            delivery.c.id, literal(at, delivery_event.c.at.type), literal(to.value), literal("operator"),
            literal(actor), literal(reason),
        ).where(*these)  # fmt: skip
        columns = ["delivery_id", "at", "state", "source", "actor", "reason"]
        self._connection.execute(insert(delivery_event).from_select(columns, source))
        return self._connection.execute(
            update(delivery).where(*these).values(state=to.value, state_at=at, reason=reason, next_try_at=None)
        ).rowcount

    def end_tries(self, tries: Sequence[RunningTry], at: datetime, actor: str) -> None:
        """End tries that a crash left without an answer."""
        for each in tries:
            event = DeliveryEvent.FOUND_AFTER_DOT if each.stage == "dot" else DeliveryEvent.FOUND_BEFORE_DOT
            state = moved(DeliveryState.HANDING_OVER, event)
            assert state is not None
            self._connection.execute(
                update(handover)
                .where(handover.c.delivery_id == each.delivery_id, handover.c.attempt == each.attempt)
                .values(ended_at=at, step=each.stage, kind="interrupted")
            )
            changed = self._connection.execute(
                update(delivery)
                .where(delivery.c.id == each.delivery_id, delivery.c.state == DeliveryState.HANDING_OVER.value)
                .values(state=state.value, state_at=at, reason="interrupted")
            ).rowcount
            if changed:
                self._connection.execute(
                    insert(delivery_event).values(
                        delivery_id=each.delivery_id, at=at, state=state.value, source="program", actor=actor,
                        reason="interrupted",
                    )
                )  # fmt: skip
