"""Handing over to a mail server: the journal of every try, and the arming of a breach."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from dpo_app.store.tables.base import Id, UtcDateTime, metadata

_running = text("ended_at is null")

#: A row before the first byte of each try (security.md section 6, journal before send).
handover = Table(
    "handover",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery_id", ForeignKey("delivery.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    # open: everything but the final dot; dot: the dot may have left
    Column("stage", String(4), nullable=False),
    Column("server", String(260), nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    # The answer that settled the try: where in the dialogue, code, class, text without the address.
    Column("step", String(10), nullable=False, default=""),
    Column("code", Integer, nullable=False, default=0),
    Column("enhanced", String(12), nullable=False, default=""),
    Column("kind", String(12), nullable=False, default=""),
    Column("reply", Text, nullable=False, default=""),
    UniqueConstraint("delivery_id", "attempt"),
    Index("ix_handover_running", "delivery_id", sqlite_where=_running, postgresql_where=_running),
    Index("ix_handover_began", "began_at"),
)

arming = Table(
    "arming",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("armed_by", Text, nullable=False),
    Column("armed_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", Text, nullable=False, default=""),
    Index("ix_arming_breach", "breach_id", "id"),
)
