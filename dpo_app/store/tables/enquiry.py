"""Calls, mails and visits of those who ask; a row goes with its person when they are erased."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from dpo_app.store.tables.base import Id, UtcDateTime, metadata

enquiry = Table(
    "enquiry",
    metadata,
    Column("id", Id, primary_key=True),
    # The opaque reference under which the audit trail speaks of it: 32 hex digits.
    Column("uid", String(32), nullable=False, unique=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    # NULL: nobody, or not established who it was.
    Column("person_id", Id),
    Column("way", String(10), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("caller", String(12), nullable=False),
    Column("identity", String(16), nullable=False),
    # What the code in the caller's hand was: "" not asked, genuine, not_ours, not_sent.
    Column("code_check", String(10), nullable=False),
    Column("delivery_id", Id),
    Column("began_at", UtcDateTime, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("taken_by", Text, nullable=False),
    # id@version/language of the ready answer that was given, "" for none.
    Column("answer", String(60), nullable=False),
    Column("note", Text, nullable=False),
    # open | closed
    Column("state", String(6), nullable=False),
    Column("due_on", Date),
    Column("closed_at", UtcDateTime),
    Column("closed_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("seconds", Integer, nullable=False),
    Index("ix_enquiry_breach", "breach_id", "state", "id"),
    Index("ix_enquiry_person", "person_id", "id"),
)
