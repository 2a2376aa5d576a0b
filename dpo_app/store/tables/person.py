"""Persons of a breach, their keys, how they came in, and what each revision says of them.

Made for a million persons in a breach: lists are ordered by an index, matching goes by indexed keys, and the wide row
is read by its number only.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from dpo_app.store.tables.base import Digest, Id, JsonText, UtcDateTime, metadata

import_run = Table(
    "import_run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    # staged | accepted | undone | discarded
    Column("state", String(12), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("staged_at", UtcDateTime, nullable=False),
    Column("accepted_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
    Column("accepted_by", Text, nullable=False, default=""),
    Column("rows", Integer, nullable=False, default=0),
    Column("new", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("duplicate", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    # How the file was read: encoding, delimiter, header row, sheet, column map.
    Column("reading", JsonText, nullable=False),
    Index("ix_import_run_breach", "breach_id", "state"),
)

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("import_id", ForeignKey("import_run.id"), nullable=False),
    Column("row_number", Integer, nullable=False),
    # Eight signs of `core.ids.CODE_ALPHABET`: how the officer and a caller name this person.
    Column("code", String(8), nullable=False),
    Column("customer_number", Text, nullable=False, default=""),
    Column("family_name", Text, nullable=False, default=""),
    Column("given_names", Text, nullable=False, default=""),
    # Folded family and given names: the order of lists.
    Column("sort_key", Text, nullable=False),
    # Folded name tokens and birth date, "" without either: equal keys are surely the same person.
    Column("match_key", Text, nullable=False, default=""),
    Column("national_id", Text, nullable=False, default=""),
    # Dates as they are known: YYYY-MM-DD, YYYY-MM, YYYY or "".
    Column("born", String(10), nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("email", Text, nullable=False, default=""),
    Column("phone", Text, nullable=False, default=""),
    Column("care_of", Text, nullable=False, default=""),
    Column("street", Text, nullable=False, default=""),
    Column("postcode", Text, nullable=False, default=""),
    Column("town", Text, nullable=False, default=""),
    Column("country", String(2), nullable=False, default=""),
    Column("registered", String(10), nullable=False, default=""),
    Column("removed", String(10), nullable=False, default=""),
    Column("deceased", Boolean, nullable=False, default=False),
    Column("protected", Boolean, nullable=False, default=False),
    Column("guardian", Text, nullable=False, default=""),
    Column("extra", JsonText, nullable=False),
    # Codes of what the import noted about this row, comma separated: shown in the person pane.
    Column("noted", Text, nullable=False, default=""),
    # What they need of a letter: 16 points, texts in easy language.
    Column("large_print", Boolean, nullable=False, default=False, server_default="0"),
    Column("easy_language", Boolean, nullable=False, default=False, server_default="0"),
    Index("ix_person_code", "code", unique=True),
    Index("ix_person_list", "breach_id", "sort_key", "id"),
    Index("ix_person_import", "import_id"),
    Index("ix_person_customer_number", "breach_id", "customer_number"),
    Index("ix_person_national_id", "breach_id", "national_id"),
    Index("ix_person_match_key", "breach_id", "match_key"),
    # The few with a protected address: left out of every batch and list by this index.
    Index(
        "ix_person_protected",
        "breach_id",
        "id",
        sqlite_where=text("protected = 1"),
        postgresql_where=text("protected"),
    ),
    # Lists ordered by these show their first rows at once, a million persons or not.
    Index("ix_person_born", "breach_id", "born", "sort_key", "id"),
    Index("ix_person_postcode", "breach_id", "postcode", "sort_key", "id"),
    Index("ix_person_language", "breach_id", "language", "sort_key", "id"),
)

person_key = Table(
    "person_key",
    metadata,
    Column("person_id", Id, primary_key=True, autoincrement=False),
    # Random: the person's name in the audit trail. It stays there after the person is erased and says nothing.
    Column("uid", LargeBinary(16), nullable=False, unique=True),
    # Random: commitments in the trail are HMACs under it and prove nothing once it is gone (security.md section 5).
    Column("key", Digest, nullable=False),
)

person_plan = Table(
    "person_plan",
    metadata,
    Column("revision_id", ForeignKey("revision.id"), primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("exposure", String(12), nullable=False),
    # Bit i is set if the i-th window of the revision overlaps the person's time in the register.
    Column("windows", Integer, nullable=False),
    Column("exposure_reason", String(20), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("channel_reason", String(20), nullable=False),
    # Whole years on the day of planning, NULL if unknown.
    Column("age", Integer),
    Index("ix_person_plan_states", "revision_id", "exposure", "channel", "person_id"),
)
