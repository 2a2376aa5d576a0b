"""The journal of handing over, on a connection of its own: many lines in one durable transaction.

`synchronous = FULL` makes each commit wait for the disk; lines of several connections to the mail server share one. The
statements are SQLAlchemy's, compiled once for a run and given to the driver as they are: executing them anew for every
few messages costs more than the messages themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import Engine, bindparam, func, insert, literal_column, or_, select, update

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BreachId
from dpo_app.services.ports.journal import AtDot, Claim, Line, Moved, Settled
from dpo_app.store.engine import DriverError
from dpo_app.store.faults import as_store_error, translated
from dpo_app.store.tables import arming, delivery, delivery_event, handover
from dpo_app.store.tables.base import milliseconds
from dpo_app.store.write_stop import WriteStop

#: How often a write waits anew for the lock, each time as long as the driver does (`engine.BUSY_MS`).
PATIENCE = 24
WAITING = (DeliveryState.QUEUED.value, DeliveryState.DEFERRED.value)


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(f"b_{name}") for name in names}


#: Asked in the transaction of each claim and of each step to the dot: nothing leaves after the arming was taken back.
_ARMED = select(func.count()).where(
    arming.c.breach_id == bindparam("b_breach"), arming.c.ended_at.is_(None), arming.c.armed_at <= bindparam("b_at"),
    arming.c.until > bindparam("b_at"),
)  # fmt: skip
_TAKE = (
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"), or_(*(delivery.c.state == literal_column(f"'{s}'") for s in WAITING)))
    .values(
        state=literal_column(f"'{DeliveryState.HANDING_OVER.value}'"), state_at=bindparam("b_at"),
        tries=delivery.c.tries + literal_column("1"), next_try_at=None, sha256=bindparam("b_sha256"),
    )
)  # fmt: skip
_CLAIM = insert(handover).values(
    ended_at=None, stage="open", step="", code=0, enhanced="", kind="", reply="",
    **_given("delivery_id", "attempt", "began_at", "server", "message_id", "sender", "recipient", "sha256"),
)  # fmt: skip
_OF_TRY = (handover.c.delivery_id == bindparam("b_id"), handover.c.attempt == bindparam("b_attempt"))
_AT_DOT = update(handover).where(*_OF_TRY).values(stage="dot")
_END = update(handover).where(*_OF_TRY).values(**_given("ended_at", "step", "code", "enhanced", "kind", "reply"))
_MOVE = (
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"))
    .values(**_given("state", "state_at", "reason", "next_try_at"))
)
_EVENT = insert(delivery_event).values(**_given("delivery_id", "at", "state", "source", "actor", "reason"))
_STATEMENTS = {
    "armed": _ARMED, "take": _TAKE, "claim": _CLAIM, "dot": _AT_DOT, "end": _END, "move": _MOVE, "event": _EVENT,
}  # fmt: skip

Row = dict[str, Any]


class SqlJournal:
    """`services.ports.journal.Journal`."""

    def __init__(self, engine: Engine, stop: WriteStop, breach_id: BreachId) -> None:
        self._engine, self._stop, self._breach_id = engine, stop, breach_id
        self._pooled: Any = None
        self._texts: dict[str, _Text] = {}

    def __enter__(self) -> Self:
        with translated():
            self._pooled = self._engine.raw_connection()
        self._texts = {name: _compiled(self._engine, statement) for name, statement in _STATEMENTS.items()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pooled is not None:
            self._pooled.close()

    def write(self, lines: Sequence[Line], at: datetime, actor: str) -> frozenset[int]:
        """Write lines in one transaction."""
        self._stop.check()
        for left in range(PATIENCE, -1, -1):
            try:
                return self._durably(lines, at, actor)
            except DriverError as raw:
                error = as_store_error(raw)
                # Somebody else writes for long, an import say: an answer that is in hand is not given up for that.
                if error.code == "store_busy" and left:
                    continue
                self._stop.note(error)
                raise error from None
        raise AssertionError

    def _durably(self, lines: Sequence[Line], at: datetime, actor: str) -> frozenset[int]:
        cursor = self._pooled.cursor()
        try:
            try:
                return self._transaction(cursor, lines, at, actor, one_by_one=False)
            except _SomeDoNotWait:
                return self._transaction(cursor, lines, at, actor, one_by_one=True)
        finally:
            cursor.close()

    def _transaction(
        self, cursor: Any, lines: Sequence[Line], at: datetime, actor: str, *, one_by_one: bool
    ) -> frozenset[int]:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            refused = self._write(cursor, lines, milliseconds(at), actor, one_by_one)
            cursor.execute("COMMIT")
        except BaseException:
            if self._pooled.driver_connection.in_transaction:
                cursor.execute("ROLLBACK")
            raise
        return refused

    def _write(self, cursor: Any, lines: Sequence[Line], at: int, actor: str, one_by_one: bool) -> frozenset[int]:
        # Lines of one kind go together: within one write the kinds cannot depend on each other the other way round, for
        # a line to the server asks for its next step only when the one before is written.
        settled = [line for line in lines if isinstance(line, Settled)]
        self._many(cursor, "end", (_end(line, at) for line in settled))
        moves: list[Settled | Moved] = [line for line in lines if isinstance(line, Settled | Moved)]
        self._many(cursor, "move", (_move(line, at) for line in moves))
        self._many(cursor, "event", (_event(line, at, actor) for line in moves))
        claims = [line for line in lines if isinstance(line, Claim)]
        dots = [line for line in lines if isinstance(line, AtDot)]
        if (claims or dots) and not self._armed(cursor, at):
            return frozenset({line.delivery_id for line in claims} | {line.delivery_id for line in dots})
        held = self._take(cursor, claims, at, one_by_one)
        self._many(cursor, "claim", (_claim(line, at) for line in held))
        self._many(cursor, "dot", ({"b_id": line.delivery_id, "b_attempt": line.attempt} for line in dots))
        return frozenset(line.delivery_id for line in claims).difference(line.delivery_id for line in held)

    def _armed(self, cursor: Any, at: int) -> bool:
        text, order, fixed = self._texts["armed"]
        values = {**fixed, "b_breach": self._breach_id, "b_at": at}
        return bool(cursor.execute(text, tuple(values[key] for key in order)).fetchone()[0])

    def _take(self, cursor: Any, claims: list[Claim], at: int, one_by_one: bool) -> list[Claim]:
        """Move deliveries to *handing over*; returns the claims that hold. All at once first: nearly always all hold,
        and if not, the transaction is begun anew to see which."""
        rows: list[Row] = [{"b_id": line.delivery_id, "b_at": at, "b_sha256": line.sha256} for line in claims]
        if one_by_one:
            return [line for line, row in zip(claims, rows, strict=True) if self._many(cursor, "take", [row]) == 1]
        if self._many(cursor, "take", rows) != len(claims):
            raise _SomeDoNotWait
        return claims

    def _many(self, cursor: Any, name: str, rows: Iterable[Row]) -> int:
        """Execute a statement for rows; returns how many rows of the table it touched."""
        text, order, fixed = self._texts[name]
        values = [tuple([row[key] if key in row else fixed[key] for key in order]) for row in rows]
        if not values:
            return 0
        return int(cursor.executemany(text, values).rowcount)


class _SomeDoNotWait(Exception):  # noqa: N818
    """Not every claim holds."""


class _Text(NamedTuple):
    """A statement as the driver takes it, the names of its values in order, and those that never change."""

    text: str
    order: tuple[str, ...]
    fixed: Row


def _compiled(engine: Engine, statement: Any) -> _Text:
    compiled = statement.compile(dialect=engine.dialect)
    return _Text(str(compiled), tuple(compiled.positiontup), dict(compiled.params))


def _claim(line: Claim, at: int) -> Row:
    return {
        "b_delivery_id": line.delivery_id, "b_attempt": line.attempt, "b_began_at": at, "b_server": line.server,
        "b_message_id": line.message_id, "b_sender": line.sender, "b_recipient": line.recipient,
        "b_sha256": line.sha256,
    }  # fmt: skip


def _end(line: Settled, at: int) -> Row:
    return {
        "b_id": line.delivery_id, "b_attempt": line.attempt, "b_ended_at": at, "b_step": line.step, "b_code": line.code,
        "b_enhanced": line.enhanced, "b_kind": line.kind, "b_reply": line.reply,
    }  # fmt: skip


def _move(line: Settled | Moved, at: int) -> Row:
    later = line.next_try_at if isinstance(line, Settled) else None
    return {
        "b_id": line.delivery_id, "b_state": line.state.value, "b_state_at": at, "b_reason": line.reason,
        "b_next_try_at": milliseconds(later) if later is not None else None,
    }  # fmt: skip


def _event(line: Settled | Moved, at: int, actor: str) -> Row:
    said = f"{line.code} {line.enhanced} {line.kind}" if isinstance(line, Settled) else line.reason
    return {
        "b_delivery_id": line.delivery_id, "b_at": at, "b_state": line.state.value,
        "b_source": "smtp" if isinstance(line, Settled) else "program", "b_actor": actor, "b_reason": said,
    }  # fmt: skip


def opener(engine: Engine, stop: WriteStop) -> Callable[[BreachId], SqlJournal]:
    """Return what opens a journal for a run of one breach."""
    return lambda breach_id: SqlJournal(engine, stop, breach_id)
