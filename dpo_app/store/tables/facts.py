"""Evidence files in chunks, and assessments of the risk: neither is ever changed once it is kept."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from dpo_app.store.tables.base import Digest, Id, JsonText, UtcDateTime, metadata

evidence = Table(
    "evidence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("received_on", Date),
    Column("size", Integer, nullable=False),
    Column("sha256", Digest, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    UniqueConstraint("breach_id", "sha256"),
)

evidence_chunk = Table(
    "evidence_chunk",
    metadata,
    Column("evidence_id", ForeignKey("evidence.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

assessment = Table(
    "assessment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("revision_id", ForeignKey("revision.id"), nullable=False),
    Column("method", String(40), nullable=False),
    Column("level", String(12), nullable=False),
    Column("quarters", Integer, nullable=False),
    # What the method says, and what the officer decided: the second may be less, with its reason in the document.
    Column("outcome", String(16), nullable=False),
    Column("decided", String(16), nullable=False),
    Column("document", JsonText, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_assessment_breach", "breach_id", "id"),
)
