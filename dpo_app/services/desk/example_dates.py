"""The worked example happens in the days before it is looked at, so that its clocks run as they do in a real week.

Its file has fixed dates: those of the breach itself lie in the past and stay; those of the days in which it is dealt with
are moved together, by whole days, and keep their time on the wall.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

#: Dates from here on are moved; on the second day all that the file tells is known.
FIRST_MOVED, TOLD_UNTIL = date(2026, 9, 1), date(2026, 9, 29)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WRITTEN = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")


def moved_to(document: Any, today: date, zone: str) -> Any:
    """Return a document of plain values with its later dates moved, so that all of it was known by yesterday.

    `today` is the day at the organisation, `zone` its time zone. Days written out in English texts move, too, and so does
    the year and month that a reference such as `2026-09/3` begins with.
    """
    return _moved(document, today - timedelta(days=1) - TOLD_UNTIL, ZoneInfo(zone))


def _moved(value: Any, by: timedelta, zone: ZoneInfo) -> Any:
    if isinstance(value, dict):
        return {name: _moved(each, by, zone) for name, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, by, zone) for each in value]
    if isinstance(value, datetime):
        if value.date() < FIRST_MOVED:
            return value
        there = (value.replace(tzinfo=None) + by).replace(tzinfo=zone)
        return there.astimezone(timezone(there.utcoffset() or timedelta(0)))
    if isinstance(value, date):
        return value if value < FIRST_MOVED else value + by
    return _moved_text(value, by) if isinstance(value, str) else value


def _moved_text(text: str, by: timedelta) -> str:
    def written(match: re.Match[str]) -> str:
        day = date(int(match.group(3)), MONTHS.index(match.group(2)) + 1, int(match.group(1)))
        day = day if day < FIRST_MOVED else day + by
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    reference = f"{FIRST_MOVED:%Y-%m}/"
    if text.startswith(reference):
        return f"{TOLD_UNTIL + by:%Y-%m}/{text.removeprefix(reference)}"
    return _WRITTEN.sub(written, text)
