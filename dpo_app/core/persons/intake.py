"""A file's row before it is a person, and what is wrong with it.

Problems are values: a row either becomes a person, with notes, or is stopped; the reason names row, column and code,
never the value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.dates import DateOrder, NoSuchDate, parse_date
from dpo_app.core.facts.exposure import PartialDate
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.columns import Column, ColumnMap
from dpo_app.core.persons.contact import (
    parse_country,
    parse_email,
    parse_flag,
    parse_language,
    parse_phone,
    several_emails,
)
from dpo_app.core.persons.names import clean, split_full_name, unguarded
from dpo_app.core.persons.national_id import parse_national_id
from dpo_app.core.persons.person import Person
from dpo_app.core.veil import veiled


class Severity(StrEnum):
    """Whether a problem stops its row, is to be looked at, or only says what was tidied."""

    STOP = "stop"
    NOTE = "note"
    INFO = "info"


class ProblemCode(StrEnum):
    """What can be wrong with a row."""

    DATE_NOT_EXIST = "date_not_exist"
    NO_NAME_OR_NUMBER = "no_name_or_number"
    COLUMN_COUNT = "column_count"
    CELL_TOO_LONG = "cell_too_long"
    BORN_IN_FUTURE = "born_in_future"
    NATIONAL_ID_CHECK = "national_id_check"
    NATIONAL_ID_BORN = "national_id_born"
    NATIONAL_ID_SHARED = "national_id_shared"
    NUMBER_SHARED = "number_shared"
    EMAIL_FORM = "email_form"
    EMAIL_SEVERAL = "email_several"
    EMAIL_ELSEWHERE = "email_elsewhere"
    PHONE_FORM = "phone_form"
    DATES_CONTRADICT = "dates_contradict"
    FLAG_UNCLEAR = "flag_unclear"
    COUNTRY_UNKNOWN = "country_unknown"
    LANGUAGE_UNKNOWN = "language_unknown"
    SIGNS_REMOVED = "signs_removed"
    ID_IN_ADDRESS = "id_in_address"
    FORMULA = "formula"
    NAME_IN_CAPITALS = "name_in_capitals"
    POSTCODE_BLANK = "postcode_blank"
    POSTCODE_ZERO = "postcode_zero"
    NO_START_DATE = "no_start_date"


_P = ProblemCode
SEVERITY: dict[ProblemCode, Severity] = {
    **dict.fromkeys(ProblemCode, Severity.NOTE),
    **dict.fromkeys(
        (_P.DATE_NOT_EXIST, _P.NO_NAME_OR_NUMBER, _P.COLUMN_COUNT, _P.CELL_TOO_LONG, _P.BORN_IN_FUTURE),
        Severity.STOP,
    ),
    **dict.fromkeys((_P.NAME_IN_CAPITALS, _P.POSTCODE_BLANK, _P.POSTCODE_ZERO), Severity.INFO),
}


class RowProblem(NamedTuple):
    """What is wrong where: row as the spreadsheet program counts it, heading of the column ("" for the whole row)."""

    row: int
    column: str
    code: ProblemCode

    @property
    def severity(self) -> Severity:
        """Return whether it stops the row."""
        return SEVERITY[self.code]


@veiled
class ParsedRow(NamedTuple):
    """A row as a person (None if it is stopped) with its problems."""

    row: int
    person: Person | None
    problems: tuple[RowProblem, ...]


CELL_LIMIT = 32_767
_HETU_IN_TEXT = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b")
_ADDRESS = (Column.STREET, Column.CARE_OF, Column.POSTCODE, Column.TOWN)


class RowParser:
    """Turns the rows of one file into persons. Holds what is the same for the whole file: map, headings, today."""

    def __init__(self, columns: ColumnMap, today: date, home_country: str = "FI", need_persons: bool = True) -> None:
        self._map, self._today, self._home = columns, today, home_country
        self._need_persons = need_persons
        self._places = {
            column: place
            for place, column in enumerate(columns.columns)
            if column not in (Column.EXTRA, Column.LEAVE_OUT)
        }
        self._extra = [place for place, column in enumerate(columns.columns) if column is Column.EXTRA]
        self._width = len(columns.columns)

    def parse(self, row: int, cells: Sequence[str]) -> ParsedRow:
        """Return the person of a row, or why there is none."""
        if len(cells) != self._width:
            return ParsedRow(row, None, (RowProblem(row, "", ProblemCode.COLUMN_COUNT),))
        one = _Row(self, row, cells)
        person = one.person()
        stopped = any(problem.severity is Severity.STOP for problem in one.problems)
        return ParsedRow(row, None if stopped else person, tuple(one.problems))


class _Row:
    """One row while it is parsed: its cleaned cells by column, and its problems."""

    def __init__(self, parser: RowParser, row: int, cells: Sequence[str]) -> None:
        self._parser, self._row = parser, row
        self.problems: list[RowProblem] = []
        self._raw = cells
        self._text: dict[Column, str] = {}
        for column, place in parser._places.items():
            self._text[column] = self._clean(column, cells[place])

    def _note(self, column: Column | None, code: ProblemCode) -> None:
        places = self._parser._places
        heading = self._parser._map.headings[places[column]] if column in places else ""
        self.problems.append(RowProblem(self._row, heading, code))

    def _clean(self, column: Column, cell: str) -> str:
        if len(cell) > CELL_LIMIT:
            self._note(column, ProblemCode.CELL_TOO_LONG)
            return ""
        text, dropped = clean(unguarded(cell))
        if dropped:
            self._note(column, ProblemCode.SIGNS_REMOVED)
        if column not in (Column.PHONE, Column.POSTCODE) and text[:1] == "=" and len(text) > 1:
            self._note(column, ProblemCode.FORMULA)
        return text

    def get(self, column: Column) -> str:
        return self._text.get(column, "")

    def person(self) -> Person:
        family, given = self._names()
        number = self.get(Column.CUSTOMER_NUMBER)
        if self._parser._need_persons and not (family or given or number):
            self._note(None, ProblemCode.NO_NAME_OR_NUMBER)
        extra = {
            self._parser._map.headings[place]: clean(self._raw[place])[0]
            for place in self._parser._extra
            if self._raw[place].strip()
        }
        national_id, born = self._identity(extra)
        registered, removed = self._date(Column.REGISTERED), self._date(Column.REMOVED)
        if registered and removed and removed.latest < registered.earliest:
            self._note(Column.REMOVED, ProblemCode.DATES_CONTRADICT)
        if Column.REGISTERED in self._parser._places and not self.get(Column.REGISTERED):
            self._note(Column.REGISTERED, ProblemCode.NO_START_DATE)
        return Person(
            customer_number=number, family_name=family, given_names=given, national_id=national_id, born=born,
            language=self._coded(Column.LANGUAGE, ProblemCode.LANGUAGE_UNKNOWN), email=self._email(),
            phone=self._phone(), address=self._address(), registered=registered, removed=removed,
            deceased=self._flag(Column.DECEASED), protected=self._flag(Column.PROTECTED),
            large_print=self._flag(Column.LARGE_PRINT), easy_language=self._flag(Column.EASY_LANGUAGE),
            guardian=self.get(Column.GUARDIAN), extra=extra,
        )  # fmt: skip

    def _names(self) -> tuple[str, str]:
        family, given = self.get(Column.FAMILY_NAME), self.get(Column.GIVEN_NAMES)
        if not family and not given:
            family, given = split_full_name(self.get(Column.FULL_NAME))
        elif not given and Column.GIVEN_NAMES not in self._parser._places and "," in family:
            family, given = split_full_name(family)
        whole = family + given
        if len(whole) > 3 and whole.isupper():
            self._note(Column.FAMILY_NAME, ProblemCode.NAME_IN_CAPITALS)
        return family, given

    def _identity(self, extra: dict[str, str]) -> tuple[str, PartialDate | None]:
        text, born = self.get(Column.NATIONAL_ID), self._date(Column.BORN)
        if born is not None and born.earliest > self._parser._today:
            self._note(Column.BORN, ProblemCode.BORN_IN_FUTURE)
        if not text:
            return "", born
        known = parse_national_id(text, self._parser._home)
        if known is None:
            self._note(Column.NATIONAL_ID, ProblemCode.NATIONAL_ID_CHECK)
            extra[self._parser._map.headings[self._parser._places[Column.NATIONAL_ID]]] = text
            return "", born
        if known.born_on is not None:
            stated = PartialDate.day(known.born_on)
            if born is not None and not born.earliest <= known.born_on <= born.latest:
                self._note(Column.BORN, ProblemCode.NATIONAL_ID_BORN)
            born = stated if born is None or born.earliest != born.latest else born
        return known.text, born

    def _date(self, column: Column) -> PartialDate | None:
        text = self.get(column)
        if not text:
            return None
        order = self._parser._map.orders.get(column, DateOrder.DAY_FIRST)
        try:
            return parse_date(text, order, self._parser._today)
        except NoSuchDate:
            self._note(column, ProblemCode.DATE_NOT_EXIST)
            return None

    def _email(self) -> str:
        text = self.get(Column.EMAIL)
        for column in (Column.PHONE, *_ADDRESS):
            if "@" in self.get(column):
                self._note(column, ProblemCode.EMAIL_ELSEWHERE)
        if not text:
            return ""
        if several_emails(text):
            self._note(Column.EMAIL, ProblemCode.EMAIL_SEVERAL)
            return ""
        email = parse_email(text)
        if email is None:
            self._note(Column.EMAIL, ProblemCode.EMAIL_FORM)
        return email or ""

    def _phone(self) -> str:
        text = self.get(Column.PHONE)
        if not text or "@" in text:
            return ""
        phone = parse_phone(text)
        if phone is None:
            self._note(Column.PHONE, ProblemCode.PHONE_FORM)
        return phone or text

    def _address(self) -> PostalAddress:
        country_text = self.get(Column.COUNTRY)
        country = parse_country(country_text) if country_text else self._parser._home
        if country is None:
            self._note(Column.COUNTRY, ProblemCode.COUNTRY_UNKNOWN)
        parts = {column: self.get(column) for column in _ADDRESS}
        for column, text in parts.items():
            if _HETU_IN_TEXT.search(text):
                # It would stand in the envelope's window: left out of the address, kept in the file.
                self._note(column, ProblemCode.ID_IN_ADDRESS)
                parts[column] = ""
            elif "@" in text:
                parts[column] = ""
        postcode = parts[Column.POSTCODE]
        if country in ("FI", "AX") and postcode:
            postcode = self._finnish_postcode(postcode)
        return PostalAddress(parts[Column.CARE_OF], parts[Column.STREET], postcode, parts[Column.TOWN], country or "")

    def _finnish_postcode(self, text: str) -> str:
        plain = text.replace(" ", "").removesuffix(".0").upper().removeprefix("FI-").removeprefix("AX-")
        if " " in text.strip():
            self._note(Column.POSTCODE, ProblemCode.POSTCODE_BLANK)
        if plain.isdigit() and len(plain) in (3, 4):
            # A spreadsheet program took the leading zeros for those of a number.
            self._note(Column.POSTCODE, ProblemCode.POSTCODE_ZERO)
            return plain.zfill(5)
        return plain if plain.isdigit() else text

    def _coded(self, column: Column, code: ProblemCode) -> str:
        text = self.get(column)
        if not text:
            return ""
        language = parse_language(text)
        if language is None:
            self._note(column, code)
        return language or ""

    def _flag(self, column: Column) -> bool:
        text = self.get(column)
        if not text:
            return False
        flag = parse_flag(text)
        if flag is not None:
            return flag
        try:
            # A date of death, or the date since which an address is protected, says yes.
            return parse_date(text, DateOrder.DAY_FIRST, self._parser._today) is not None
        except NoSuchDate:
            # Unclear is treated as yes: a protected address must not slip into a batch by a word nobody foresaw.
            self._note(column, ProblemCode.FLAG_UNCLEAR)
            return True
