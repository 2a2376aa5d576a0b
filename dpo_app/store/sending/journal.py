"""The journal of handing over, on a connection of its own: many lines in one durable transaction.

`synchronous = FULL` makes each commit wait for the disk; lines of several connections to the mail server share one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Dialect, Engine, bindparam, insert, literal_column, or_, select, update

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import StoreError
from dpo_app.services.ports.journal import AtDot, Claim, Line, Moved, Settled
from dpo_app.store.faults import translated
from dpo_app.store.tables import arming, delivery, delivery_event, handover
from dpo_app.store.tables.base import UtcDateTime
from dpo_app.store.write_stop import WriteStop

#: How often a write waits anew for the lock, each time as long as the driver does (`engine.BUSY_MS`).
PATIENCE = 24
WAITING = (DeliveryState.QUEUED.value, DeliveryState.DEFERRED.value)

_CLAIM = insert(handover).values(ended_at=None, stage="open", step="", code=0, enhanced="", kind="", reply="")
#: Asked in the transaction of the claim: the delivery waits, and its breach is armed, so that nothing leaves after the
#: arming was taken back.
_ARMED = (
    select(arming.c.id)
    .where(
        arming.c.breach_id == delivery.c.breach_id, arming.c.ended_at.is_(None), arming.c.armed_at <= bindparam("b_at"),
        arming.c.until > bindparam("b_at"),
    )
    .exists()
)  # fmt: skip
_TAKE = (
    update(delivery)
    .where(
        delivery.c.id == bindparam("b_id"), or_(*(delivery.c.state == literal_column(f"'{s}'") for s in WAITING)), _ARMED
    )
    .values(
        state=DeliveryState.HANDING_OVER.value, state_at=bindparam("b_at"), tries=delivery.c.tries + 1,
        next_try_at=None, sha256=bindparam("b_sha256"),
    )
)  # fmt: skip
_OF_TRY = (handover.c.delivery_id == bindparam("b_id"), handover.c.attempt == bindparam("b_attempt"))
_AT_DOT = update(handover).where(*_OF_TRY).values(stage="dot")
_END = (
    update(handover)
    .where(*_OF_TRY)
    .values(
        ended_at=bindparam("b_at"), step=bindparam("b_step"), code=bindparam("b_code"), enhanced=bindparam("b_enhanced"),
        kind=bindparam("b_kind"), reply=bindparam("b_reply"),
    )
)  # fmt: skip
_MOVE = (
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"))
    .values(
        state=bindparam("b_state"), state_at=bindparam("b_at"), reason=bindparam("b_reason"),
        next_try_at=bindparam("b_next"),
    )
)  # fmt: skip
_EVENT = insert(delivery_event).values(
    {name: bindparam(name) for name in ("delivery_id", "at", "state", "source", "actor", "reason")}
)
_NEW = ("delivery_id", "attempt", "began_at", "server", "message_id", "sender", "recipient", "sha256")
_STATEMENTS = {
    "claim": _CLAIM.values({name: bindparam(name) for name in _NEW}), "take": _TAKE, "dot": _AT_DOT, "end": _END,
    "move": _MOVE, "event": _EVENT,
}  # fmt: skip


class SqlJournal:
    """`services.ports.journal.Journal`."""

    def __init__(self, engine: Engine, stop: WriteStop) -> None:
        self._engine, self._stop = engine, stop
        self._connection: Connection | None = None
        self._texts: dict[str, _Text] = {}

    def __enter__(self) -> Self:
        with translated():
            self._connection = self._engine.connect().execution_options(dpo_write=True)
            self._texts = {name: _compiled(self._engine, statement) for name, statement in _STATEMENTS.items()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    def write(self, lines: Sequence[Line], actor: str) -> frozenset[int]:
        """Write lines in order, in one transaction."""
        self._stop.check()
        connection = self._connection
        assert connection is not None
        for left in range(PATIENCE, -1, -1):
            try:
                return self._durably(connection, lines, actor)
            except StoreError as error:
                # Somebody else writes for long, an import say: an answer that is in hand is not given up for that.
                if error.code == "store_busy" and left:
                    continue
                self._stop.note(error)
                raise
        raise AssertionError

    def _durably(self, connection: Connection, lines: Sequence[Line], actor: str) -> frozenset[int]:
        with translated():
            try:
                with connection.begin():
                    return self._write(connection, lines, actor, one_by_one=False)
            except _SomeDoNotWait:
                with connection.begin():
                    return self._write(connection, lines, actor, one_by_one=True)

    def _write(self, connection: Connection, lines: Sequence[Line], actor: str, *, one_by_one: bool) -> frozenset[int]:
        refused: frozenset[int] = frozenset()
        # Lines of one kind go together: within one write the kinds cannot depend on each other the other way round, for
        # a line to the server asks for its next step only when the one before is written.
        settled = [line for line in lines if isinstance(line, Settled)]
        self._many(connection, "end", [_end(line) for line in settled])
        moves: list[Settled | Moved] = [line for line in lines if isinstance(line, Settled | Moved)]
        self._many(connection, "move", [_move(line) for line in moves])
        self._many(connection, "event", [_event(line, actor) for line in moves])
        claims = [line for line in lines if isinstance(line, Claim)]
        if claims:
            claims, refused = self._take(connection, claims, one_by_one)
            self._many(connection, "claim", [_claim(line) for line in claims])
        dots = [line for line in lines if isinstance(line, AtDot)]
        self._many(connection, "dot", [{"b_id": line.delivery_id, "b_attempt": line.attempt} for line in dots])
        return refused

    def _take(
        self, connection: Connection, claims: list[Claim], one_by_one: bool
    ) -> tuple[list[Claim], frozenset[int]]:
        """Move deliveries to *handing over*; returns the claims that hold, and the deliveries of those that do not.
        All at once first: nearly always all hold, and if not, the transaction is begun anew to see which."""
        rows = [{"b_id": line.delivery_id, "b_at": line.at, "b_sha256": line.sha256} for line in claims]
        if not one_by_one:
            if self._many(connection, "take", rows) != len(claims):
                raise _SomeDoNotWait
            return claims, frozenset()
        held = [line for line, row in zip(claims, rows, strict=True) if self._many(connection, "take", [row]) == 1]
        return held, frozenset(line.delivery_id for line in claims) - {line.delivery_id for line in held}

    def _many(self, connection: Connection, name: str, rows: list[dict[str, Any]]) -> int:
        """Execute a statement for rows; returns how many rows of the table it touched."""
        if not rows:
            return 0
        (text, order, fixed), dialect = self._texts[name], connection.dialect
        values = [tuple(_bound(row[key] if key in row else fixed[key], dialect) for key in order) for row in rows]
        return connection.exec_driver_sql(text, values).rowcount


class _SomeDoNotWait(Exception):  # noqa: N818
    """Not every claim holds."""


_INSTANT = UtcDateTime()


class _Text(NamedTuple):
    """A statement as the driver takes it, the names of its values in order, and those that never change."""

    text: str
    order: tuple[str, ...]
    fixed: dict[str, Any]


def _compiled(engine: Engine, statement: Any) -> _Text:
    """Return a statement for the driver: compiled once for a run, as it is executed for each few messages."""
    compiled = statement.compile(dialect=engine.dialect)
    return _Text(str(compiled), tuple(compiled.positiontup), dict(compiled.params))


def _bound(value: Any, dialect: Dialect) -> Any:
    return _INSTANT.process_bind_param(value, dialect) if isinstance(value, datetime) else value


def _claim(line: Claim) -> dict[str, Any]:
    return {
        "delivery_id": line.delivery_id, "attempt": line.attempt, "began_at": line.at, "server": line.server,
        "message_id": line.message_id, "sender": line.sender, "recipient": line.recipient, "sha256": line.sha256,
    }  # fmt: skip


def _end(line: Settled) -> dict[str, Any]:
    return {
        "b_id": line.delivery_id, "b_attempt": line.attempt, "b_at": line.at, "b_step": line.step, "b_code": line.code,
        "b_enhanced": line.enhanced, "b_kind": line.kind, "b_reply": line.reply,
    }  # fmt: skip


def _move(line: Settled | Moved) -> dict[str, Any]:
    return {
        "b_id": line.delivery_id, "b_state": line.state.value, "b_at": line.at, "b_reason": line.reason,
        "b_next": line.next_try_at if isinstance(line, Settled) else None,
    }  # fmt: skip


def _event(line: Settled | Moved, actor: str) -> dict[str, Any]:
    said = f"{line.code} {line.enhanced} {line.kind}" if isinstance(line, Settled) else line.reason
    return {
        "delivery_id": line.delivery_id, "at": line.at, "state": line.state.value,
        "source": "smtp" if isinstance(line, Settled) else "program", "actor": actor, "reason": said,
    }  # fmt: skip


def opener(engine: Engine, stop: WriteStop) -> Callable[[], SqlJournal]:
    """Return what opens a journal of this store."""
    return lambda: SqlJournal(engine, stop)
