"""The trail in the store: written in the transaction of the change, read in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, func, insert, select, type_coerce

from dpo_app.core.proof import audit
from dpo_app.core.proof.audit import AuditAction, AuditEntry, Fact, KeptEntry, ShownEntry
from dpo_app.services.lines import TrailLine
from dpo_app.services.ports.runtime import Clock
from dpo_app.store.tables.audit import audit_entry, audit_subject

PAGE = 2_000


@dataclass(frozen=True)
class AuditContext:
    """Who and what writes: the same for all entries of one session."""

    store_id: str
    mac_key: bytes = field(repr=False)
    clock: Clock
    actor: str
    device: str
    program: str
    boot_id: str


class _Last(NamedTuple):
    seq: int
    head: bytes
    at: datetime


class AuditLog:
    """The trail on one connection."""

    def __init__(self, connection: Connection, context: AuditContext) -> None:
        self._connection, self._context = connection, context

    def _last(self) -> _Last | None:
        row = self._connection.execute(
            select(audit_entry.c.seq, audit_entry.c.head, audit_entry.c.at).order_by(audit_entry.c.seq.desc()).limit(1)
        ).one_or_none()
        return _Last(*row) if row is not None else None

    def last(self) -> tuple[int, bytes] | None:
        """Return (sequence, head) of the last entry, or None."""
        last = self._last()
        return (last.seq, last.head) if last else None

    def record(
        self, action: AuditAction, *, subjects: Sequence[str] = (),
        facts: Mapping[str, Fact] | None = None, commitments: Mapping[str, str] | None = None,
    ) -> int:  # fmt: skip
        """Add an entry to the current transaction; returns its sequence number."""
        context, last = self._context, self._last()
        now = context.clock.now()
        entry = AuditEntry(
            seq=last.seq + 1 if last else 1, store_id=context.store_id, at=now,
            monotonic_ms=context.clock.monotonic_ms(), boot_id=context.boot_id,
            clock=audit.clock_flag(now, last.at if last else None), actor=context.actor,
            device=context.device, program=context.program, action=action, subjects=tuple(subjects),
            facts=dict(facts or {}), commitments=dict(commitments or {}),
        )  # fmt: skip
        form = audit.canonical(entry)
        before = last.head if last else audit.genesis(context.store_id)
        head = audit.next_head(before, audit.entry_hash(form))
        self._connection.execute(
            insert(audit_entry).values(
                seq=entry.seq, at=now, actor=entry.actor, action=action.value, canonical=form, head=head,
                mac=audit.seal(context.mac_key, head),
            )
        )  # fmt: skip
        if entry.subjects:
            self._connection.execute(
                insert(audit_subject), [{"seq": entry.seq, "subject": each} for each in set(entry.subjects)]
            )
        return entry.seq

    def stream(self) -> Iterator[KeptEntry]:
        """Yield every entry in order, as kept."""
        own = audit_entry.c
        columns = (own.seq, own.canonical, own.head, own.mac, type_coerce(own.at, BigInteger), own.actor, own.action)
        result = self._connection.execute(
            select(*columns, func.group_concat(audit_subject.c.subject))
            .outerjoin(audit_subject, audit_subject.c.seq == own.seq).group_by(own.seq).order_by(own.seq),
            execution_options={"yield_per": PAGE},
        )  # fmt: skip
        for seq, form, head, mac, at, actor, action, subjects in result:
            shown = ShownEntry(at, actor, action, frozenset(str(subjects).split(",") if subjects else ()))
            yield KeptEntry(seq, _bytes(form), _bytes(head), _bytes(mac), shown)

    def count(self) -> int:
        """Return the number of entries."""
        return int(self._connection.scalar(select(func.count()).select_from(audit_entry)) or 0)

    def lines(
        self, *, subject: str = "", actions: Sequence[AuditAction] = (), limit: int = 200, before: int = 0
    ) -> list[TrailLine]:
        """Return a page of entries, newest first: of one subject, of some kinds, before a sequence number."""
        statement = select(audit_entry).order_by(audit_entry.c.seq.desc()).limit(limit)
        if subject:
            own = select(audit_subject.c.seq).where(audit_subject.c.subject == subject)
            statement = statement.where(audit_entry.c.seq.in_(own))
        if actions:
            statement = statement.where(audit_entry.c.action.in_([each.value for each in actions]))
        if before:
            statement = statement.where(audit_entry.c.seq < before)
        return [_line(row) for row in self._connection.execute(statement)]


def _bytes(value: Any) -> bytes:
    """Return a kept value as bytes: whoever edits the table with tools may leave text, a number or nothing where
    bytes were, and that must be found, not crash."""
    return value if isinstance(value, bytes) else str(value).encode()


def _line(row: Any) -> TrailLine:
    document = json.loads(row.canonical)
    return TrailLine(
        row.seq, row.at, row.actor, row.action, document["facts"], len(document["subjects"]),
        row.canonical.decode(), row.head.hex(), document["clock"],
    )  # fmt: skip
