"""The audit trail's table. Triggers refuse to change or remove an entry."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, event
from sqlalchemy.schema import DDL

from dpo_app.store.tables.base import Digest, UtcDateTime, metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(30), nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Column("head", Digest, nullable=False),
    Column("mac", Digest, nullable=False),
)

#: By whom an entry is found again: opaque references only.
audit_subject = Table(
    "audit_subject",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("subject", String(32), primary_key=True),
    Index("ix_audit_subject_subject", "subject", "seq"),
)

#: What the officer wrote in their own words: an entry holds only a commitment to it, by which `verify` sees that it was
#: not changed. It may name persons, so unlike an entry it can be erased, with its key.
audit_remark = Table(
    "audit_remark",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("name", String(10), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
    Column("text", Text, nullable=False),
)

GUARDS = tuple(
    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    for table in ("audit_entry", "audit_subject")
    for verb in ("UPDATE", "DELETE")
)

for _table, _guards in ((audit_entry, GUARDS[:2]), (audit_subject, GUARDS[2:])):
    for _guard in _guards:
        event.listen(_table, "after_create", DDL(_guard).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
