"""Dates of which perhaps only the month or the year is known, in their written form."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from dpo_app.core.facts.exposure import PartialDate


def parse_partial(text: str) -> PartialDate | None:
    """Return the first and last day that `YYYY-MM-DD`, `YYYY-MM` or `YYYY` can mean; None for "".

    Raises ValueError for anything else: stored dates were checked when they came in.
    """
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return PartialDate.day(date(*parts))
    year, month = parts[0], parts[1] if len(parts) == 2 else None
    first, last = month or 1, month or 12
    return PartialDate(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def format_partial(value: PartialDate | None) -> str:
    """Return the written form of a date: the inverse of `parse_partial`."""
    if value is None:
        return ""
    if value.earliest == value.latest:
        return value.earliest.isoformat()
    if value.earliest.month == value.latest.month:
        return f"{value.earliest.year:04d}-{value.earliest.month:02d}"
    return f"{value.earliest.year:04d}"


def age_on(born: str, day: date) -> int | None:
    """Return a person's age in whole years on `day`, None if unknown.

    Of a partly known birth date the latest possible one counts: a child is never taken for grown up by a guess.
    """
    if not born:
        return None
    known = parse_partial(born)
    assert known is not None
    latest = known.latest
    return day.year - latest.year - ((day.month, day.day) < (latest.month, latest.day))
