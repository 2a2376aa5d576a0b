"""Search as you type over names, code, customer number and mail address: SQLite's FTS5, kept by triggers.

Decision: a full-text index with prefixes. Looked at: LIKE '%x%' (64 ms and more a million rows, and no accents folded)
and a column of folded text per field (an index each, and only the first word found). FTS5 answers in about 50 ms, and
its `secure-delete` takes erased names out of the index as well. PostgreSQL would use its own full text here.
"""

from __future__ import annotations

import re

from sqlalchemy import Column, ColumnElement, Integer, String, Table, event, select
from sqlalchemy.schema import DDL

from dpo_app.store.tables.base import metadata
from dpo_app.store.tables.person import person

_FIELDS = "family_name, given_names, code, customer_number, email"
#: Statements in the order in which they are run; the first migration uses the same.
STATEMENTS = (
    f"CREATE VIRTUAL TABLE person_search USING fts5({_FIELDS}, content='person', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')",
    "INSERT INTO person_search(person_search, rank) VALUES('secure-delete', 1)",
    f"CREATE TRIGGER person_search_add AFTER INSERT ON person BEGIN INSERT INTO person_search(rowid, {_FIELDS}) "
    "VALUES (new.id, new.family_name, new.given_names, new.code, new.customer_number, new.email); END",
    "CREATE TRIGGER person_search_remove AFTER DELETE ON person BEGIN "
    f"INSERT INTO person_search(person_search, rowid, {_FIELDS}) VALUES "
    "('delete', old.id, old.family_name, old.given_names, old.code, old.customer_number, old.email); END",
    f"CREATE TRIGGER person_search_change AFTER UPDATE OF {_FIELDS} ON person BEGIN "
    f"INSERT INTO person_search(person_search, rowid, {_FIELDS}) VALUES "
    "('delete', old.id, old.family_name, old.given_names, old.code, old.customer_number, old.email); "
    f"INSERT INTO person_search(rowid, {_FIELDS}) "
    "VALUES (new.id, new.family_name, new.given_names, new.code, new.customer_number, new.email); END",
)

# Known to SQLAlchemy for expressions only: a metadata of its own keeps it out of create_all and of Alembic.
_search = Table("person_search", metadata.__class__(), Column("rowid", Integer), Column("person_search", String))

for _statement in STATEMENTS:
    event.listen(person, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]

_SIGNS = re.compile(r"[^\w@.+-]+", re.UNICODE)


def matching(text: str) -> ColumnElement[bool] | None:
    """Return the condition that a person matches all words of `text`, each as the beginning of a word; None if
    nothing of it can be searched for. A code typed in groups (`K7QM-2R4D`) is found as one word."""
    words = [word for word in _SIGNS.split(text.strip()) if word.strip("@.+-_")]
    if not words:
        return None
    terms = []
    for word in words:
        quoted = word.replace('"', "")
        joined = quoted.replace("-", "")
        alternatives = dict.fromkeys((quoted, joined) if len(joined) == 8 else (quoted,))
        terms.append("(" + " OR ".join(f'"{each}" *' for each in alternatives) + ")")
    found = select(_search.c.rowid).where(_search.c.person_search.op("MATCH")(" AND ".join(terms)))
    return person.c.id.in_(found)
