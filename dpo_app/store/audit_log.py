"""The trail in the store: written in the transaction of the change, read in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, func, insert, select, type_coerce

from dpo_app.core.proof import audit
from dpo_app.core.proof.audit import REMARKS, AuditAction, AuditEntry, Fact, KeptEntry, Remark, ShownEntry
from dpo_app.services.lines import TrailLine
from dpo_app.services.ports.runtime import Clock
from dpo_app.store.keys.crypto import KEY_BYTES, random_bytes
from dpo_app.store.tables.audit import audit_entry, audit_remark, audit_subject

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
        remarks: Mapping[str, str] | None = None,
    ) -> int:  # fmt: skip
        """Add an entry to the current transaction; returns its sequence number."""
        context, last = self._context, self._last()
        said, unsaid = _remarks(remarks or {})
        now = context.clock.now()
        entry = AuditEntry(
            seq=last.seq + 1 if last else 1, store_id=context.store_id, at=now,
            monotonic_ms=context.clock.monotonic_ms(), boot_id=context.boot_id,
            clock=audit.clock_flag(now, last.at if last else None), actor=context.actor,
            device=context.device, program=context.program, action=action, subjects=tuple(subjects),
            facts={**(facts or {}), **unsaid},
            commitments={**(commitments or {}), **{e.name: audit.commitment(e.key, e.name, e.text) for e in said}},
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
        if said:
            self._connection.execute(insert(audit_remark), [{"seq": entry.seq, **each._asdict()} for each in said])
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
        said = self._connection.execute(
            select(audit_remark).order_by(audit_remark.c.seq), execution_options={"yield_per": PAGE}
        )
        next_said = next(said, None)
        for seq, form, head, mac, at, actor, action, subjects in result:
            shown = ShownEntry(at, actor, action, frozenset(str(subjects).split(",") if subjects else ()))
            remarks = []
            while next_said is not None and next_said.seq <= seq:
                remarks.append(Remark(next_said.name, _bytes(next_said.key), str(next_said.text)))
                next_said = next(said, None)
            yield KeptEntry(seq, _bytes(form), _bytes(head), _bytes(mac), shown, tuple(remarks))

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
        rows = self._connection.execute(statement).all()
        said: dict[int, dict[str, str]] = {}
        for start in range(0, len(rows), PAGE):
            of = audit_remark.c.seq.in_([row.seq for row in rows[start : start + PAGE]])
            for each in self._connection.execute(select(audit_remark).where(of)):
                said.setdefault(each.seq, {})[each.name] = each.text
        return [_line(row, said.get(row.seq, {})) for row in rows]


def _bytes(value: Any) -> bytes:
    """Return a kept value as bytes: whoever edits the table with tools may leave text, a number or nothing where
    bytes were, and that must be found, not crash."""
    return value if isinstance(value, bytes) else str(value).encode()


def _remarks(given: Mapping[str, str]) -> tuple[list[Remark], dict[str, Fact]]:
    """Return the officer's words, each with a key of its own, and what the entry says of those left empty."""
    for name in given:
        if name not in REMARKS:
            raise TypeError(f"{name} is no fact in the officer's own words")
    said = {name: text.strip() for name, text in given.items()}
    return (
        [Remark(name, random_bytes(KEY_BYTES), text) for name, text in said.items() if text],
        {name: "-" for name, text in said.items() if not text},
    )


def _line(row: Any, said: Mapping[str, str]) -> TrailLine:
    document = json.loads(row.canonical)
    # Of words that are erased their place stays, empty.
    facts = document["facts"] | {name: said.get(name, "") for name in document["commitments"] if name in REMARKS}
    return TrailLine(
        row.seq, row.at, row.actor, row.action, facts, len(document["subjects"]),
        row.canonical.decode(), row.head.hex(), document["clock"],
    )  # fmt: skip
