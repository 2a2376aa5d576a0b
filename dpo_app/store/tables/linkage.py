"""Who may be one person, who was merged, and what was corrected; each can be taken back."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from dpo_app.store.tables.base import Id, JsonText, UtcDateTime, metadata

#: Pairs that linkage found: rows of an import among each other and with persons, or persons of the register.
link_pair = Table(
    "link_pair",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    # NULL for pairs of persons.
    Column("import_id", ForeignKey("import_run.id")),
    # Of each side either the row or the person.
    Column("left_row", Integer),
    Column("left_person", Id),
    Column("right_row", Integer),
    Column("right_person", Id),
    # Probability that both are one person, in thousandths, and the levels of agreement (core.linkage.compare).
    Column("likeness", Integer, nullable=False),
    Column("pattern", Integer, nullable=False),
    Column("sure", Boolean, nullable=False),
    # "" while open, else a member of core.persons.linkage.verdict.Verdict.
    Column("verdict", String(10), nullable=False, default=""),
    # Order of the decisions of one import, so that the last one can be taken back.
    Column("decided", Integer, nullable=False, default=0),
    # What staged rows were before: {row: {column: value}}.
    Column("before", JsonText),
    Index("ix_link_pair_open", "breach_id", "import_id", "verdict"),
)

#: A person who was found to be another one. The row as it was is kept here and leaves with the one it became part of.
person_merge = Table(
    "person_merge",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("kept_id", Id, nullable=False),
    Column("gone_id", Id, nullable=False),
    # The code under which the one who went may still be named, on paper and on the telephone.
    Column("code", String(8), nullable=False),
    Column("gone", JsonText, nullable=False),
    Column("kept_before", JsonText, nullable=False),
    # {table: [keys of rows that speak of the one who went]}
    Column("moved", JsonText, nullable=False),
    Column("reason", Text, nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
    Column("merged_by", Text, nullable=False),
    Column("undone_at", UtcDateTime),
    Index("ix_person_merge_kept", "kept_id"),
    Index("ix_person_merge_gone", "gone_id"),
    Index("ix_person_merge_code", "code"),
    Index("ix_person_merge_breach", "breach_id"),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    # file | bulk
    Column("source", String(8), nullable=False),
    Column("file_name", Text, nullable=False, default=""),
    Column("file_sha256", String(64), nullable=False, default=""),
    Column("persons", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("undone_at", UtcDateTime),
    Index("ix_correction_breach", "breach_id"),
)

correction_change = Table(
    "correction_change",
    metadata,
    Column("correction_id", ForeignKey("correction.id"), primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("before", JsonText, nullable=False),
    Column("after", JsonText, nullable=False),
    Index("ix_correction_change_person", "person_id"),
)
