"""When periods end: published and worked examples to the second, and a second computation that shares no code."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import holidays
import pytest

from dpo_app.core.clocks.period import Adjust, Period, Unit, adjusted, end_of, strict
from dpo_app.core.clocks.workdays import Calendar, calendar_of
from dpo_app.core.errors import InputError

ZONES = {
    "FI": "Europe/Helsinki", "SE": "Europe/Stockholm", "DE": "Europe/Berlin", "FR": "Europe/Paris", "IE": "Europe/Dublin",
    "NL": "Europe/Amsterdam", "GB": "Europe/London", "CH": "Europe/Zurich", "US": "America/New_York",
}  # fmt: skip
#: Country, event (local, with the offset of the moment), hours, strict end (UTC), adjusted end (local).
EXAMPLES = (
    ("FI", "2020-09-28T14:05+03:00", 72, "2020-10-01T11:05:00Z", "2020-10-01T15:00+03:00"),
    ("FI", "2026-12-23T15:20+02:00", 72, "2026-12-26T13:20:00Z", "2026-12-29T00:00+02:00"),
    ("FI", "2026-12-24T18:10+02:00", 72, "2026-12-27T16:10:00Z", "2026-12-30T00:00+02:00"),
    ("FI", "2026-04-02T16:10+03:00", 72, "2026-04-05T13:10:00Z", "2026-04-08T00:00+03:00"),
    ("FI", "2026-06-18T10:00+03:00", 72, "2026-06-21T07:00:00Z", "2026-06-23T00:00+03:00"),
    ("FI", "2026-01-05T12:30+02:00", 72, "2026-01-08T10:30:00Z", "2026-01-08T13:00+02:00"),
    ("FI", "2024-10-25T12:00+03:00", 72, "2024-10-28T09:00:00Z", "2024-10-28T12:00+02:00"),
    ("FI", "2024-03-29T12:00+02:00", 72, "2024-04-01T10:00:00Z", "2024-04-04T00:00+03:00"),
    ("FI", "2024-02-27T23:30+02:00", 72, "2024-03-01T21:30:00Z", "2024-03-02T00:00+02:00"),
    ("FI", "2025-12-31T23:59:59+02:00", 72, "2026-01-03T21:59:59Z", "2026-01-06T00:00+02:00"),
    ("FI", "2026-05-13T17:00+03:00", 72, "2026-05-16T14:00:00Z", "2026-05-16T18:00+03:00"),
    ("SE", "2026-06-05T11:45+02:00", 72, "2026-06-08T09:45:00Z", "2026-06-08T12:00+02:00"),
    ("SE", "2026-04-30T20:00+02:00", 72, "2026-05-03T18:00:00Z", "2026-05-05T00:00+02:00"),
    ("DE", "2026-05-22T17:45+02:00", 72, "2026-05-25T15:45:00Z", "2026-05-27T00:00+02:00"),
    ("DE", "2026-10-02T16:00+02:00", 72, "2026-10-05T14:00:00Z", "2026-10-05T17:00+02:00"),
    ("FR", "2026-07-13T22:15+02:00", 72, "2026-07-16T20:15:00Z", "2026-07-16T23:00+02:00"),
    ("FR", "2026-11-10T09:00+01:00", 72, "2026-11-13T08:00:00Z", "2026-11-13T10:00+01:00"),
    ("IE", "2026-03-13T18:01+00:00", 72, "2026-03-16T18:01:00Z", "2026-03-16T19:00+00:00"),
    ("NL", "2026-04-24T08:00+02:00", 72, "2026-04-27T06:00:00Z", "2026-04-29T00:00+02:00"),
    ("GB", "2026-12-24T12:00+00:00", 72, "2026-12-27T12:00:00Z", "2026-12-30T00:00+00:00"),
    ("CH", "2026-07-31T13:00+02:00", 72, "2026-08-03T11:00:00Z", "2026-08-03T14:00+02:00"),
    ("FI", "2026-03-28T10:00+02:00", 24, "2026-03-29T08:00:00Z", "2026-03-29T12:00+03:00"),
    ("DE", "2026-10-24T22:00+02:00", 24, "2026-10-25T20:00:00Z", "2026-10-25T22:00+01:00"),
    ("SE", "2026-12-24T08:00+01:00", 24, "2026-12-25T07:00:00Z", "2026-12-25T09:00+01:00"),
)
#: Country, event (local), number, unit, last day as counted, last day by the rule.
DAYS = (
    ("FI", "2026-01-31T10:00", 1, "months", "2026-02-28", "2026-03-02"),
    ("FI", "2024-01-31T10:00", 1, "months", "2024-02-29", "2024-02-29"),
    ("DE", "2026-03-05T09:00", 1, "months", "2026-04-05", "2026-04-07"),
    ("FR", "2026-10-11T09:00", 1, "months", "2026-11-11", "2026-11-12"),
    ("FI", "2025-11-25T09:00", 1, "months", "2025-12-25", "2025-12-29"),
    ("SE", "2026-08-31T23:30", 1, "months", "2026-09-30", "2026-09-30"),
    ("FI", "2026-12-22T10:00", 3, "days", "2026-12-25", "2026-12-28"),
    ("FI", "2026-06-17T10:00", 3, "days", "2026-06-20", "2026-06-22"),
    ("DE", "2026-07-01T10:00", 14, "days", "2026-07-15", "2026-07-15"),
    ("IE", "2026-07-24T10:00", 14, "days", "2026-08-07", "2026-08-07"),
    ("FI", "2026-12-23T10:00", 3, "days", "2026-12-26", "2026-12-29"),  # only Monday works: Art. 3(5)
)


@pytest.mark.parametrize("country,event,hours,due,later", EXAMPLES, ids=lambda v: str(v))
def test_hours_to_the_second(country: str, event: str, hours: int, due: str, later: str) -> None:
    zone, began = ZoneInfo(ZONES[country]), datetime.fromisoformat(event)
    period = Period(hours, Unit.HOURS)
    plain = strict(began, period, zone)
    second = adjusted(began, period, zone, Calendar(country), Adjust.EU_1182_71)
    assert plain.ends == datetime.fromisoformat(due)
    assert second.ends == datetime.fromisoformat(later)
    assert plain.ends < second.ends, "the strict end is the earlier one and drives"


@pytest.mark.parametrize("country,event,count,unit,last,moved", DAYS)
def test_days_and_months(country: str, event: str, count: int, unit: str, last: str, moved: str) -> None:
    zone = ZoneInfo(ZONES[country])
    began, period = datetime.fromisoformat(event).replace(tzinfo=zone), Period(count, Unit(unit))
    plain = strict(began, period, zone)
    second = adjusted(began, period, zone, Calendar(country), Adjust.EU_1182_71)
    assert plain.ends == end_of(date.fromisoformat(last), zone)
    assert second.ends == end_of(date.fromisoformat(moved), zone)
    assert second.shifted == (last != moved)


@pytest.mark.parametrize("event,last", [("2026-01-15", "2026-03-16"), ("2024-01-01", "2024-03-01")])
def test_sixty_calendar_days_in_america(event: str, last: str) -> None:
    zone = ZoneInfo(ZONES["US"])
    began = datetime.fromisoformat(event).replace(tzinfo=zone)
    assert strict(began, Period(60, Unit.DAYS), zone).ends == end_of(date.fromisoformat(last), zone)


def test_a_published_example_of_the_counted_hour() -> None:
    """22 December 2020 at 12:17 or 12:59: counted from 13:00, so 25 December at 13:00 before two working days."""
    zone = ZoneInfo(ZONES["DE"])
    for minute in (17, 59):
        began = datetime(2020, 12, 22, 12, minute, tzinfo=zone)
        counted = adjusted(began, Period(72, Unit.HOURS), zone, Calendar("DE"), Adjust.EU_1182_71)
        assert counted.begins == datetime(2020, 12, 22, 13, tzinfo=zone)
        assert counted.unshifted == datetime(2020, 12, 25, 13, tzinfo=zone)
        assert counted.working_days == (date(2020, 12, 22), date(2020, 12, 23)) and not counted.shifted


def test_the_arithmetic_names_working_days_and_holidays() -> None:
    zone = ZoneInfo(ZONES["FI"])
    counted = adjusted(
        datetime(2026, 12, 23, 15, 20, tzinfo=zone), Period(72, Unit.HOURS), zone, Calendar("FI", language="sv"),
        Adjust.EU_1182_71,
    )  # fmt: skip
    assert counted.working_days == (date(2026, 12, 23), date(2026, 12, 28))
    assert [day.day for day, _name in counted.holidays] == [24, 25, 26]
    assert counted.holidays[0][1] == "Julafton"


def test_working_days_and_noon() -> None:
    zone = ZoneInfo(ZONES["FI"])
    friday = datetime(2026, 12, 18, 9, tzinfo=zone)
    ends = strict(friday, Period(3, Unit.WORKING_DAYS), zone, Calendar("FI")).ends
    assert ends == end_of(date(2026, 12, 23), zone)
    month = adjusted(
        datetime(2026, 11, 25, 9, tzinfo=zone),
        Period(1, Unit.MONTHS),
        zone,
        Calendar("FI"),
        Adjust.NEXT_WORKING_DAY_NOON,
    )
    assert month.ends == datetime(2026, 12, 28, 12, tzinfo=zone)
    plain = adjusted(
        datetime(2026, 10, 21, 9, tzinfo=zone),
        Period(1, Unit.MONTHS),
        zone,
        Calendar("FI"),
        Adjust.NEXT_WORKING_DAY_NOON,
    )
    assert plain.ends == datetime(2026, 11, 23, 12, tzinfo=zone), "21 November is a Saturday"


def test_a_calendar_that_nobody_has_is_an_error_not_a_year_without_holidays() -> None:
    with pytest.raises(InputError, match="no_calendar_year"):
        Calendar("FI").is_working(date(2101, 1, 3))
    with pytest.raises(InputError, match="no_calendar "):
        Calendar("XX")
    with pytest.raises(InputError, match="no_calendar_part"):
        Calendar("DE", "ZZ")
    assert Calendar("DE", "BY").holiday(date(2026, 1, 6)) and not Calendar("DE").holiday(date(2026, 1, 6))


# The second computation: no arithmetic on durations, it walks the UTC line hour by hour and asks the wall clock.


def _walk_hours(event: datetime, hours: int, zone: ZoneInfo, days: dict[date, str]) -> tuple[datetime, datetime]:
    strict_end = event
    for _hour in range(hours):
        strict_end += timedelta(seconds=3600)
    at = event
    while True:  # to the next full hour of the wall clock, by seconds where it is near and by minutes before
        local = at.astimezone(zone)
        if at != event and local.minute == 0 and local.second == 0:
            break
        at += timedelta(seconds=1 if local.second else 60)
    worked: list[date] = []
    for _hour in range(hours):
        day = at.astimezone(zone).date()
        if day not in worked and day.weekday() not in (5, 6) and day not in days:
            worked.append(day)
        at += timedelta(minutes=60)
    last = (at - timedelta(seconds=1)).astimezone(zone).date()
    while hours >= 48 and len(worked) < 2:
        day = at.astimezone(zone).date()
        if day != last and day.weekday() not in (5, 6) and day not in days:
            worked.append(day)
            last = day
        if len(worked) < 2:
            at += timedelta(minutes=60)
            continue
        while at.astimezone(zone).date() == day:
            at += timedelta(minutes=1)
    return strict_end, at


def _random_event(chance: random.Random) -> datetime:
    """Return a moment between 2018 and 2040; every third one near a change of clocks, a leap day or Christmas."""
    if chance.random() < 2 / 3:
        return datetime(2018, 5, 25, tzinfo=timezone.utc) + timedelta(seconds=chance.randrange(22 * 365 * 86_400))
    year = chance.randrange(2018, 2040)
    month, day = chance.choice(((3, 26), (3, 30), (10, 25), (10, 29), (2, 27), (12, 23), (12, 30), (4, 2), (6, 19)))
    return datetime(year, month, day, tzinfo=timezone.utc) + timedelta(seconds=chance.randrange(-86_400, 4 * 86_400))


def _compare(runs: int, seed: int) -> None:
    chance = random.Random(seed)
    years = range(2017, 2043)
    known = {c: dict(getattr(holidays, c)(years=years, observed=True)) for c in ("FI", "SE", "DE", "FR", "IE", "NL")}
    for _run in range(runs):
        country = chance.choice(tuple(known))
        zone, event, hours = (
            ZoneInfo(ZONES[country]),
            _random_event(chance),
            chance.choice((4, 24, 47, 48, 72, 72, 72, 96)),
        )
        period = Period(hours, Unit.HOURS)
        mine = (
            strict(event, period, zone).ends,
            adjusted(event, period, zone, calendar_of(country), Adjust.EU_1182_71).ends,
        )
        assert mine == _walk_hours(event, hours, zone, known[country]), (country, event, hours)


def test_a_second_computation_agrees_on_ten_thousand() -> None:
    _compare(10_000, seed=1182)


@pytest.mark.slow
def test_a_second_computation_agrees_on_a_hundred_thousand() -> None:
    _compare(100_000, seed=71)


def test_months_against_walking_day_by_day() -> None:
    chance = random.Random(7)
    for _run in range(2_000):
        country = chance.choice(("FI", "SE", "DE", "FR", "IE", "NL"))
        zone, event, days = ZoneInfo(ZONES[country]), _random_event(chance), getattr(holidays, country)(observed=True)
        day = event.astimezone(zone).date()
        target = (day.month % 12 + 1, day.day)
        last = day
        while True:  # walk on until the same date comes, or the month after the next begins
            following = last + timedelta(days=1)
            if (last.month, last.day) == target or (following.month != last.month and last.month == target[0]):
                break
            last = following
        assert strict(event, Period(1, Unit.MONTHS), zone).ends == end_of(last, zone)
        while last.weekday() > 4 or last in days:
            last += timedelta(days=1)
        assert adjusted(event, Period(1, Unit.MONTHS), zone, calendar_of(country), Adjust.EU_1182_71).ends == end_of(
            last, zone
        )
