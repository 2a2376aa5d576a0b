"""What the officer recorded so that clocks can be told; see `core.clocks.clock_record`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from dpo_app.store.tables.base import Id, JsonText, UtcDateTime, metadata

clock_record = Table(
    "clock_record",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    # anchor | done | reason | target | law | fact | contract
    Column("kind", String(10), nullable=False),
    Column("key", String(60), nullable=False),
    Column("at", UtcDateTime),
    Column("zone", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("document", JsonText, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    # The newest of a kind and key counts.
    Column("current", Boolean, nullable=False),
    Index("ix_clock_record_breach", "breach_id", "current"),
)
