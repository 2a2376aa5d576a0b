"""The staging area: rows of a file before they count. Nothing here is in the register until the officer accepts."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from dpo_app.services.ports.staging import LETTER_NEEDS, PERSON_FIELDS
from dpo_app.store.tables.base import Digest, Id, JsonText, metadata
from dpo_app.store.tables.person import person

#: A staged row has a person's columns under a person's names, so that accepting is INSERT ... SELECT.
staged_row = Table(
    "staged_row",
    metadata,
    Column("import_id", ForeignKey("import_run.id"), primary_key=True, autoincrement=False),
    # Number of the row in the file, as the officer's spreadsheet program counts it.
    Column("row_number", Integer, primary_key=True, autoincrement=False),
    # new | changed | duplicate | rejected
    Column("outcome", String(10), nullable=False),
    # The row it repeats (same file), or the person it repeats or changes.
    Column("same_as_row", Integer),
    Column("same_as_person", Id),
    # The cells as they stand in the file, of rows with a problem: shown, corrected, saved as a sheet.
    Column("cells", JsonText),
    Column("code", String(8), nullable=False),
    Column("uid", LargeBinary(16), nullable=False),
    Column("key", Digest, nullable=False),
    Column("noted", Text, nullable=False),
    *(
        Column(name, person.c[name].type, nullable=False, server_default="0" if name in LETTER_NEEDS else None)
        for name in PERSON_FIELDS
    ),
    Index("ix_staged_row_code", "code"),
    Index("ix_staged_row_person", "import_id", "same_as_person"),
)

staged_problem = Table(
    "staged_problem",
    metadata,
    Column("id", Id, primary_key=True),
    Column("import_id", ForeignKey("import_run.id"), nullable=False),
    Column("row_number", Integer, nullable=False),
    Column("column", Text, nullable=False),
    Column("code", String(40), nullable=False),
    # stop | note | info
    Column("severity", String(4), nullable=False),
    Index("ix_staged_problem_row", "import_id", "row_number"),
)

#: What an accepted import changed in persons that were there before: put back when it is undone.
person_before = Table(
    "person_before",
    metadata,
    Column("import_id", ForeignKey("import_run.id"), primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("fields", JsonText, nullable=False),
)

import_profile = Table(
    "import_profile",
    metadata,
    # SHA-256 of the folded headings: a file with the same headings is offered the same profile.
    Column("signature", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("columns", JsonText, nullable=False),
)
