"""Breaches, their revisions, the officer's decisions about persons, and settings of the organisation."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from dpo_app.store.tables.base import Id, JsonText, UtcDateTime, metadata

breach = Table(
    "breach",
    metadata,
    Column("id", Id, primary_key=True),
    # The opaque reference under which the audit trail speaks of this breach: 32 hex digits.
    Column("uid", String(32), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("controller", Text, nullable=False),
    Column("known_as_of", UtcDateTime, nullable=False),
    Column("author", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("document", JsonText, nullable=False),
    UniqueConstraint("breach_id", "number"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("person_id", Id, nullable=False),
    # exposure | channel | excuse; the newest of a kind counts, `value` empty takes it back.
    Column("kind", String(12), nullable=False),
    Column("value", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("current", Boolean, nullable=False, default=True),
    Index("ix_decision_person", "person_id", "kind", "current"),
    Index("ix_decision_breach", "breach_id", "kind", "current"),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", JsonText, nullable=False),
)
