"""What came back by e-mail: one row a message that concerns us or that somebody has to look at."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from dpo_app.store.tables.base import Id, UtcDateTime, metadata

returned_mail = Table(
    "returned_mail",
    metadata,
    Column("id", Id, primary_key=True),
    # The same for the same message however it came here: reading it twice changes nothing.
    Column("identity", String(64), nullable=False, unique=True),
    Column("read_at", UtcDateTime, nullable=False),
    # file | imap | window
    Column("source", String(8), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("reason", String(14), nullable=False, default=""),
    Column("status", String(12), nullable=False, default=""),
    Column("proof", String(12), nullable=False),
    # Of the delivery it is tied to, or that it suggests while nobody has decided.
    Column("breach_id", ForeignKey("breach.id")),
    Column("delivery_id", Id),
    # applied | noted | undecided | dismissed | taken_back
    Column("outcome", String(12), nullable=False),
    # State of the delivery before this message moved it, "" if it did not.
    Column("state_before", String(14), nullable=False, default=""),
    Column("host", Text, nullable=False, default=""),
    # Kept only while undecided: a person has to read it.
    Column("address", Text, nullable=False, default=""),
    Column("subject", Text, nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    Column("decided_by", Text, nullable=False, default=""),
    Column("decided_at", UtcDateTime),
    Index("ix_returned_mail_outcome", "outcome", "breach_id"),
    Index("ix_returned_mail_delivery", "delivery_id"),
)
