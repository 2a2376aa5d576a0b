"""Which column of a file is what: recognised by heading and contents together, corrected by the officer.

Score = half heading, half contents (domain/persons.md section 2). A heading that says one thing over contents that say
another is asked about, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dpo_app.core.dates import DateOrder, NoSuchDate, order_of, parse_date
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError
from dpo_app.core.persons.contact import parse_country, parse_email, parse_flag, parse_language, parse_phone
from dpo_app.core.persons.names import folded, unguarded
from dpo_app.core.persons.national_id import parse_national_id


class Column(StrEnum):
    """What a column of a register becomes."""

    CUSTOMER_NUMBER = "customer_number"
    FAMILY_NAME = "family_name"
    GIVEN_NAMES = "given_names"
    FULL_NAME = "full_name"
    NATIONAL_ID = "national_id"
    BORN = "born"
    EMAIL = "email"
    PHONE = "phone"
    CARE_OF = "care_of"
    STREET = "street"
    POSTCODE = "postcode"
    TOWN = "town"
    COUNTRY = "country"
    LANGUAGE = "language"
    REGISTERED = "registered"
    REMOVED = "removed"
    DECEASED = "deceased"
    PROTECTED = "protected"
    LARGE_PRINT = "large_print"
    EASY_LANGUAGE = "easy_language"
    GUARDIAN = "guardian"
    EXTRA = "extra"
    LEAVE_OUT = "leave_out"


DATES = (Column.BORN, Column.REGISTERED, Column.REMOVED)
_FREE = (Column.EXTRA, Column.LEAVE_OUT)


class Sureness(StrEnum):
    """By what a column was recognised."""

    BOTH = "both"
    HEADING = "heading"
    CONTENT = "content"
    ASK = "ask"
    TWICE = "twice"
    NONE = "none"


@dataclass(frozen=True)
class Proposal:
    """One column of the file: where, heading, some values, what it becomes, how sure, and of how many values that are
    not empty how many fit."""

    index: int
    heading: str
    samples: tuple[str, ...]
    column: Column
    sureness: Sureness
    fitting: int
    filled: int


_NOT_WORD = re.compile(r"[^a-z ]+")
LEAST = 0.6
#: So many values contradict a heading; fewer are problems of their rows.
ENOUGH = 3
_SAMPLE = 500


def plain_heading(text: str) -> str:
    """Return a heading for comparison: folded, digits and punctuation dropped."""
    return " ".join(_NOT_WORD.sub(" ", folded(text)).split())


def signature(headings: Sequence[str]) -> str:
    """Return what files with the same headings share: SHA-256 of the plain headings, hex."""
    return sha256_hex("\x1f".join(plain_heading(each) for each in headings).encode())


def heading_score(heading: str, words: Sequence[str]) -> float:
    """Return 1 for an equal heading, 0.7 for one that contains a word of the list, else 0."""
    plain = plain_heading(heading)
    if plain in words:
        return 1.0
    padded = f" {plain} "
    return 0.7 if any(len(word) > 2 and f" {word} " in padded for word in words) else 0.0


def _is_date(value: str, today: date) -> bool:
    try:
        return parse_date(value, DateOrder.DAY_FIRST, today) is not None
    except NoSuchDate:
        return False


_LETTERS = re.compile(r"^[^\W\d_][^\d@]*$")
_STREET = re.compile(r"^\D{2,}\s\d|^(?:pl|pb|box|postfach|postboks)\s*\d", re.IGNORECASE)
_POSTCODE = re.compile(r"^(?:[A-Z]{2}-)?\d{3,5}(?: ?\d{2})?$|^[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}$|^\d{4} ?[A-Z]{2}$")


def _tests(today: date) -> dict[Column, Callable[[str], bool]]:
    def dated(value: str) -> bool:
        return _is_date(value, today)

    def flag(value: str) -> bool:
        return parse_flag(value) is not None or dated(value)

    def word(value: str) -> bool:
        return bool(_LETTERS.match(value)) and len(value) < 60

    return {
        Column.CUSTOMER_NUMBER: lambda v: any(s.isdigit() for s in v) and "@" not in v and len(v) < 24,
        Column.FAMILY_NAME: word,
        Column.GIVEN_NAMES: word,
        Column.FULL_NAME: lambda v: word(v) and (" " in v or "," in v),
        Column.NATIONAL_ID: lambda v: parse_national_id(v) is not None,
        Column.BORN: dated,
        Column.EMAIL: lambda v: parse_email(v) is not None,
        Column.PHONE: lambda v: parse_phone(v) is not None,
        Column.CARE_OF: lambda v: any(s.isalpha() for s in v),
        Column.STREET: lambda v: bool(_STREET.match(v)),
        Column.POSTCODE: lambda v: bool(_POSTCODE.match(v.upper())),
        Column.TOWN: word,
        Column.COUNTRY: lambda v: parse_country(v) is not None,
        Column.LANGUAGE: lambda v: parse_language(v) is not None,
        Column.REGISTERED: dated,
        Column.REMOVED: dated,
        Column.DECEASED: flag,
        Column.PROTECTED: flag,
        Column.LARGE_PRINT: flag,
        Column.EASY_LANGUAGE: flag,
        Column.GUARDIAN: word,
    }


#: Contents alone can name these; a column of words or plain dates could be many things.
_BY_CONTENT = (Column.EMAIL, Column.NATIONAL_ID)


def propose(
    headings: Sequence[str], rows: Sequence[Sequence[str]], words: Mapping[str, Sequence[str]], today: date
) -> tuple[Proposal, ...]:
    """Return what each column probably is. `rows` is a sample spread over the file; `words` the headings by column
    (resources/registers/headings.toml). No two columns become the same, but extra ones."""
    tests = _tests(today)
    values = [_filled(rows, place) for place in range(len(headings))]
    scores: list[tuple[float, float, float, int, Column]] = []
    for index, heading in enumerate(headings):
        for column, test in tests.items():
            by_heading = heading_score(heading, words.get(column.value, ()))
            if not by_heading and column not in _BY_CONTENT:
                continue
            by_content = _fit(values[index], test)
            total = 0.5 * by_heading + 0.5 * (by_content if values[index] else 1.0)
            if total >= LEAST or by_heading == 1.0:
                scores.append((total, by_heading, by_content, index, column))
    taken: dict[int, Proposal] = {}
    used: set[Column] = set()
    for _total, by_heading, by_content, index, column in sorted(scores, key=lambda s: (-s[0], s[3])):
        if index in taken or column in used:
            continue
        used.add(column)
        fitting = sum(map(tests[column], values[index]))
        taken[index] = Proposal(
            index, headings[index], tuple(values[index][:3]), column,
            _sureness(by_heading, by_content, len(values[index])), fitting, len(values[index]),
        )  # fmt: skip
    known = {plain_heading(each.heading) for each in taken.values()}

    def left_over(i: int) -> Proposal:
        """A column under a heading that another one has, too, is asked about: it may be the one that is meant."""
        twice = bool(values[i]) and plain_heading(headings[i]) in known
        sure = Sureness.TWICE if twice else Sureness.NONE
        return Proposal(i, headings[i], tuple(values[i][:3]), Column.EXTRA, sure, 0, len(values[i]))

    return tuple(taken.get(i) or left_over(i) for i in range(len(headings)))


def _filled(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    cells = (unguarded(row[place]).strip() for row in rows if place < len(row))
    return [cell for cell in cells if cell][:_SAMPLE]


def _fit(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


def _sureness(by_heading: float, by_content: float, filled: int) -> Sureness:
    if not filled:
        return Sureness.HEADING
    if by_heading and by_content >= 0.5:
        return Sureness.BOTH
    if by_heading and by_content < 0.2 and filled >= ENOUGH:
        return Sureness.ASK
    return Sureness.HEADING if by_heading else Sureness.CONTENT


@dataclass(frozen=True)
class ColumnMap:
    """What each column becomes, in the file's order, with the order of day and month of each date column."""

    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    orders: Mapping[Column, DateOrder]

    def check(self, need_persons: bool = True) -> None:
        """Raises InputError: "column_twice" if two columns become the same, "column_needed" if there is neither a
        name nor a number and persons are to come of the rows."""
        for column, count in Counter(self.columns).items():
            if count > 1 and column not in _FREE:
                raise InputError("column_twice", column=column.value)
        needed = {Column.FAMILY_NAME, Column.FULL_NAME, Column.CUSTOMER_NUMBER}
        if need_persons and not needed & set(self.columns):
            raise InputError("column_needed")


def column_map(
    proposals: Sequence[Proposal], rows: Sequence[Sequence[str]], chosen: Mapping[str, str] | None = None,
    need_persons: bool = True,
) -> ColumnMap:  # fmt: skip
    """Return the map that proposals give, with the officer's choices over them ({heading: column or "leave_out"}).

    Raises InputError: "no_such_heading", "no_such_column", "column_twice", "column_needed", "date_order_unsure".
    """
    columns = [each.column for each in proposals]
    headings = tuple(each.heading for each in proposals)
    for heading, name in (chosen or {}).items():
        if heading not in headings:
            raise InputError("no_such_heading", column=heading)
        if name not in set(Column):
            raise InputError("no_such_column", column=name)
        wanted = Column(name)
        for place, column in enumerate(columns):
            if column is wanted and wanted not in _FREE:
                columns[place] = Column.EXTRA
        columns[headings.index(heading)] = wanted
    orders = {}
    for place, column in enumerate(columns):
        if column in DATES:
            order = order_of(row[place] for row in rows if place < len(row))
            if order is DateOrder.UNDECIDED:
                raise InputError("date_order_unsure", column=headings[place])
            orders[column] = order
    made = ColumnMap(tuple(columns), headings, orders)
    made.check(need_persons)
    return made
