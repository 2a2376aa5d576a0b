"""What passed between the controller and authorities, and the files of it; notices themselves are in `notice`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from dpo_app.store.tables.base import Id, UtcDateTime, metadata

authority_event = Table(
    "authority_event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    # Id of the directory: FI, DE-NW.
    Column("authority", String(12), nullable=False),
    # submitted | attempted | received | sent | call | order
    Column("kind", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("by", Text, nullable=False),
    Column("notice_id", ForeignKey("notice.id")),
    Column("phase", String(10), nullable=False, default=""),
    Column("withdraw", Boolean, nullable=False, default=False),
    # The authority's own number.
    Column("reference", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    # Why it was late.
    Column("reason", Text, nullable=False, default=""),
    Column("corrects", ForeignKey("authority_event.id")),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index("ix_authority_event_breach", "breach_id", "at"),
)

authority_file = Table(
    "authority_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    # Of an entry, or the frozen PDF of a notice.
    Column("event_id", ForeignKey("authority_event.id")),
    Column("notice_id", ForeignKey("notice.id")),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("ix_authority_file_event", "event_id"),
    Index("ix_authority_file_notice", "notice_id"),
)
