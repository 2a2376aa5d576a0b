"""Search as you type over names, code, customer number, mail address and telephone: SQLite's FTS5, kept by triggers.

Decision: two full-text indexes, words by their beginning for one or two signs, runs of three signs for any part of a
word. Looked at: LIKE '%x%' (0.3 s and more a million rows, and no accents folded) and a column of folded text per field
(an index each, and only the first word found). FTS5 answers in milliseconds, and its `secure-delete` takes erased names
out of the index as well. Runs of three cost two and a half times the first index to build. PostgreSQL would use its own
full text and pg_trgm here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Select, String, Table, event, select
from sqlalchemy.schema import DDL

from dpo_app.core.ids import PERSON_CODE_LENGTH
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
#: The second index finds any part of a word of three signs and more: runs of three signs, telephone numbers without
#: their blanks. It keeps no text of its own.
_PARTS = (
    "{0}.family_name || ' ' || {0}.given_names || ' ' || {0}.code || ' ' || {0}.customer_number || ' ' || {0}.email "
    "|| ' ' || replace(replace({0}.phone, ' ', ''), '-', '')"
)
PART_STATEMENTS = (
    "CREATE VIRTUAL TABLE person_part USING fts5(part, content='', columnsize=0, "
    "tokenize='trigram remove_diacritics 1')",
    "INSERT INTO person_part(person_part, rank) VALUES('secure-delete', 1)",
    "CREATE TRIGGER person_part_add AFTER INSERT ON person BEGIN INSERT INTO person_part(rowid, part) "
    f"VALUES (new.id, {_PARTS.format('new')}); END",
    "CREATE TRIGGER person_part_remove AFTER DELETE ON person BEGIN "
    f"INSERT INTO person_part(person_part, rowid, part) VALUES ('delete', old.id, {_PARTS.format('old')}); END",
    f"CREATE TRIGGER person_part_change AFTER UPDATE OF {_FIELDS}, phone ON person BEGIN "
    f"INSERT INTO person_part(person_part, rowid, part) VALUES ('delete', old.id, {_PARTS.format('old')}); "
    f"INSERT INTO person_part(rowid, part) VALUES (new.id, {_PARTS.format('new')}); END",
)

# Known to SQLAlchemy for expressions only: a metadata of its own keeps it out of create_all and of Alembic.
_search = Table("person_search", metadata.__class__(), Column("rowid", Integer), Column("person_search", String))
_part = Table("person_part", metadata.__class__(), Column("rowid", Integer), Column("person_part", String))

for _statement in (*STATEMENTS, *PART_STATEMENTS):
    event.listen(person, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]

_SIGNS = re.compile(r"[^\w@.+-]+", re.UNICODE)
#: A telephone or customer number typed with blanks or dashes.
_NUMBER = re.compile(r"\+?[\d\s-]{5,24}")
PART = 3


def matching(text: str) -> ColumnElement[bool] | None:
    """Return the condition that a person matches all words of `text`; None if nothing of it can be searched for.

    A word of one or two signs is the beginning of a word, a longer one may be any part of name, code, customer number,
    mail address or telephone number. A code typed in groups (`K7QM-2R4D`) and a number with blanks are one word.
    """
    found = numbers_matching(text)
    return None if found is None else person.c.id.in_(found)


def numbers_matching(text: str) -> Select[Any] | None:
    """Return the numbers of persons, of whatever breach, who match all words of `text`; None as `matching`."""
    words = words_of(text)
    if not words:
        return None
    short = [word for word in words if len(word) < PART]
    parts = [word for word in words if len(word) >= PART]
    beginning = select(_search.c.rowid).where(
        _search.c.person_search.op("MATCH")(" AND ".join(f'"{word}" *' for word in short))
    )
    if not parts:
        return beginning
    inside = select(_part.c.rowid).where(_part.c.person_part.op("MATCH")(" AND ".join(map(_term, parts))))
    return inside.where(_part.c.rowid.in_(beginning)) if short else inside


def words_of(text: str) -> list[str]:
    """Return the words that are searched for."""
    if _NUMBER.fullmatch(text.strip()):
        return [re.sub(r"[\s-]+", "", text)]
    words = [word.replace('"', "") for word in _SIGNS.split(text.strip())]
    return [word for word in words if word.strip("@.+-_")]


def _term(word: str) -> str:
    joined = word.replace("-", "")
    alternatives = dict.fromkeys((word, joined) if len(joined) == PERSON_CODE_LENGTH else (word,))
    return "(" + " OR ".join(f'"{each}"' for each in alternatives) + ")"


def folded(text: str) -> str:
    """Return text as the indexes see it: small letters without marks."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))


def fits(whole: str, words: Sequence[str]) -> bool:
    """Tell in Python what the indexes tell: whether all words (folded) are in a person's text; short ones at the beginning
    of a word."""
    plain = folded(whole)
    starts = _SIGNS.split(plain) if any(len(word) < PART for word in words) else ()
    return all(word in plain if len(word) >= PART else any(s.startswith(word) for s in starts) for word in words)
