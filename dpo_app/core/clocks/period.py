"""How long a period is and when it ends: strictly, and by Regulation (EEC, Euratom) 1182/71.

Strict: hours are added on the UTC line, never days to a date, so that a night of 25 hours ends the wall clock earlier;
days and months end at 24:00 of their last day. Adjusted: Art. 3 of the regulation. 24:00 is kept as 00:00 of the next
day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from dpo_app.core.clocks.workdays import ONE_DAY, Calendar

HOUR = timedelta(hours=1)
#: From here on Art. 3(5) asks for two working days: "a period of two days or more".
TWO_DAYS = timedelta(days=2)
LEAST_WORKING_DAYS = 2
NOON = time(12)


class Unit(StrEnum):
    """In what a period is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    UNDUE_DELAY = "undue_delay"


class Adjust(StrEnum):
    """By what an end is looked at a second time."""

    NONE = "none"
    EU_1182_71 = "eu_1182_71"
    NEXT_WORKING_DAY_NOON = "next_working_day_noon"


@dataclass(frozen=True)
class Period:
    """A number of units; undue delay has no number."""

    value: int
    unit: Unit


@dataclass(frozen=True)
class Counted:
    """One way of counting: where it began and ended before a shift (instants in UTC), the working days that lie in it,
    the public holidays that it met (date and name), and the end."""

    begins: datetime
    unshifted: datetime
    ends: datetime
    working_days: tuple[date, ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()

    @property
    def shifted(self) -> bool:
        """Tell whether a working day moved the end."""
        return self.ends != self.unshifted


def strict(event: datetime, period: Period, zone: tzinfo, calendar: Calendar | None = None) -> Counted:
    """Return the strict count of a period after `event` (aware). Working days need a calendar."""
    begins = _utc(event)
    if period.unit is Unit.HOURS:
        ends = begins + period.value * HOUR
    elif period.unit is Unit.WORKING_DAYS:
        assert calendar is not None
        last = event.astimezone(zone).date()
        for _each in range(period.value):
            last = calendar.working_from(last + ONE_DAY)
        ends = end_of(last, zone)
    else:
        ends = end_of(_last_day(event.astimezone(zone).date(), period), zone)
    return Counted(begins, ends, ends)


def adjusted(event: datetime, period: Period, zone: tzinfo, calendar: Calendar, how: Adjust) -> Counted:
    """Return the second count of a period after `event`. Raises InputError("no_calendar_year")."""
    if period.unit is Unit.HOURS:
        return _hours_1182_71(event, period.value, zone, calendar)
    first = event.astimezone(zone).date()
    plain = strict(event, period, zone, calendar)
    last = _day_before(plain.ends, zone)
    if how is Adjust.NEXT_WORKING_DAY_NOON:
        if calendar.is_working(last):
            return plain
        later = calendar.working_from(last)
        ends = _utc(datetime.combine(later, NOON, zone))
        return Counted(plain.begins, plain.ends, ends, (), _met(first, later, calendar))
    # Art. 3(4): an end on a Saturday, Sunday or public holiday moves to the end of the next working day.
    later = calendar.working_from(last)
    begins = end_of(first, zone)
    worked = _working(first + ONE_DAY, later, calendar)
    while _is_long(period) and len(worked) < LEAST_WORKING_DAYS:
        later = calendar.working_from(later + ONE_DAY)
        worked = _working(first + ONE_DAY, later, calendar)
    return Counted(begins, plain.ends, end_of(later, zone), worked[:LEAST_WORKING_DAYS], _met(first, later, calendar))


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return 24:00 of a day in a zone, as the instant in UTC."""
    return _utc(datetime.combine(day + ONE_DAY, time(), zone))


def _hours_1182_71(event: datetime, hours: int, zone: tzinfo, calendar: Calendar) -> Counted:
    """Count hours by Art. 3(1): the hour in which the event falls does not count; 3(2)(a): from the beginning of the
    first hour to the expiry of the last; 3(4) does not move a period in hours; 3(5): two working days at least."""
    local = event.astimezone(zone)
    spent = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    begins = _utc(event) - spent + HOUR
    unshifted = begins + hours * HOUR
    first, last = begins.astimezone(zone).date(), _day_before(unshifted, zone)
    worked = _working(first, last, calendar)
    ends = unshifted
    if hours * HOUR >= TWO_DAYS and len(worked) < LEAST_WORKING_DAYS:
        while len(worked) < LEAST_WORKING_DAYS:
            last = calendar.working_from(last + ONE_DAY)
            worked = (*worked, last)
        ends = end_of(last, zone)
    return Counted(begins, unshifted, ends, worked[:LEAST_WORKING_DAYS], _met(first, last, calendar))


def _is_long(period: Period) -> bool:
    return period.unit is Unit.MONTHS or period.value >= LEAST_WORKING_DAYS


def _last_day(first: date, period: Period) -> date:
    """Return the last day of days or months after `first`, which itself does not count; a month ends on the same date
    or, lacking it, on the last day of the month (Art. 3(2)(c))."""
    if period.unit is Unit.DAYS:
        return first + timedelta(days=period.value)
    months = first.year * 12 + first.month - 1 + period.value
    year, month = divmod(months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def _day_before(end: datetime, zone: tzinfo) -> date:
    """Return the day in which the last moment before an end lies."""
    return (end - timedelta(microseconds=1)).astimezone(zone).date()


def _working(first: date, last: date, calendar: Calendar) -> tuple[date, ...]:
    return tuple(day for day in _days(first, last) if calendar.is_working(day))


def _met(first: date, last: date, calendar: Calendar) -> tuple[tuple[date, str], ...]:
    return tuple((day, calendar.holiday(day)) for day in _days(first, last) if calendar.holiday(day))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _utc(value: datetime) -> datetime:
    return value.astimezone(timezone.utc)
