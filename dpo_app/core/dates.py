"""Dates as registers write them. The order of day and month is a question for the whole column, never for a cell."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from dpo_app.core.facts.exposure import PartialDate

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_DOTTED = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\.?(?:[T ]\d{1,2}[:.]\d{2}.*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_MONTH = re.compile(r"^(?:(\d{1,2})[./](\d{4})|(\d{4})-(\d{1,2}))$")
_YEAR = re.compile(r"^\d{4}$")
_EMPTY = frozenset({"", "-", "--", "0", "0.0.0000", "00.00.0000", "0000-00-00", "00000000", "null", "none", "n/a"})
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_RANGE = range(20_000, 60_001)
EARLIEST = 1850


class DateOrder(StrEnum):
    """What stands first in `3.4.2015`."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNDECIDED = "undecided"


class NoSuchDate(ValueError):
    """The text has the form of a date that does not exist, or no form of a date."""


def order_of(values: Iterable[str]) -> DateOrder:
    """Return the order that a column's values prove: 13 to 31 in first place means day first.

    A dot between the parts is day first everywhere; slashes that prove nothing are undecided.
    """
    slashes = False
    for value in values:
        match = _DOTTED.match(value.strip())
        if match is None:
            continue
        first, second = int(match.group(1)), int(match.group(2))
        if "." in value or 12 < first <= 31:
            return DateOrder.DAY_FIRST
        if 12 < second <= 31:
            return DateOrder.MONTH_FIRST
        slashes = True
    return DateOrder.UNDECIDED if slashes else DateOrder.DAY_FIRST


def parse_date(text: str, order: DateOrder, today: date) -> PartialDate | None:
    """Return the date a cell states, None for an empty one.

    Forms: 2015-04-03, 3.4.2015, 3.4.15, 3/4/2015, 20150403, Excel's serial number, 4/2015, 2015-04, 2015. Two-digit
    years are never in the future. Raises NoSuchDate.
    """
    value = text.strip()
    if value.casefold() in _EMPTY:
        return None
    if match := _ISO.match(value):
        return _day(*map(int, match.groups()))
    if match := _DOTTED.match(value):
        first, second, year = int(match.group(1)), int(match.group(2)), match.group(3)
        whole = int(year) if len(year) == 4 else _century(int(year), today)
        if order is DateOrder.MONTH_FIRST and "." not in value:
            first, second = second, first
        return _day(whole, second, first)
    if match := _COMPACT.match(value):
        return _day(*map(int, match.groups()))
    if match := _MONTH.match(value):
        month, year_of_month = match.group(1) or match.group(4), match.group(2) or match.group(3)
        return _month(int(year_of_month), int(month))
    if _YEAR.match(value) and EARLIEST <= int(value) <= today.year:
        return PartialDate(date(int(value), 1, 1), date(int(value), 12, 31))
    number = value[:-2] if value.endswith(".0") else value
    if number.isascii() and number.isdigit() and len(number) <= 5 and int(number) in _EXCEL_RANGE:
        return PartialDate.day(_EXCEL_EPOCH + timedelta(days=int(number)))
    raise NoSuchDate


def _century(year: int, today: date) -> int:
    century = today.year - today.year % 100
    return century + year if century + year <= today.year else century - 100 + year


def _day(year: int, month: int, day: int) -> PartialDate:
    try:
        value = date(year, month, day)
    except ValueError:
        raise NoSuchDate from None
    if value.year < EARLIEST:
        raise NoSuchDate
    return PartialDate.day(value)


def _month(year: int, month: int) -> PartialDate:
    if not 1 <= month <= 12 or year < EARLIEST:
        raise NoSuchDate
    return PartialDate(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
