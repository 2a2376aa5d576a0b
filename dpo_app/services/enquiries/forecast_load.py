"""How many will ask in the hours to come, from who was told when, and what the log teaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from dpo_app.core.clocks.workdays import is_closed
from dpo_app.core.ids import BreachId
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.enquiry_load import HOUR, HourLoad, Service, Wave, expected_by_hour, is_open, learned_rate
from dpo_app.services.ports.desk import Desk

#: A letter is read two days after it was posted, as we reckon.
POST = timedelta(days=2)


@dataclass(frozen=True)
class Forecast:
    """The open hours of a day with what is expected and what came; `rate` of each thousand ask, learned from `asked`
    enquiries after `told` persons were told; `peak` is the fullest open hour of the next days."""

    hours: tuple[HourLoad, ...]
    rate: float
    asked: int
    told: int
    peak: float
    peak_at: datetime | None


def forecast(desk: Desk, breach_id: BreachId, day: date | None = None, service: Service | None = None) -> Forecast:
    """Return the load of a day (today, or the next day of service) and the peak of the week from then on."""
    service = service or Service()
    zone = ZoneInfo(desk.time_zone) if desk.time_zone else None
    now = desk.clock.now().astimezone(zone)
    closed = partial(is_closed, country=desk.home_country)
    day = day or _service_day(now, service, closed)
    first = datetime(day.year, day.month, day.day, tzinfo=zone or now.tzinfo)
    with desk.read() as queries:
        waves = [
            Wave(wave.at.astimezone(zone) + (POST if channel == Channel.LETTER else timedelta(0)), wave.persons)
            for channel, wave in queries.told_waves(breach_id)
        ]
        asked = queries.enquiry_counts(breach_id)[1]
        came = queries.enquiries_by_hour(breach_id, first)
    rate = learned_rate(waves, asked, now)
    week = expected_by_hour(waves, rate, first, 24 * 7, service, closed)
    hours = tuple(
        HourLoad(
            first + place * HOUR, week[place],
            came.get(int((first + place * HOUR).timestamp()) // 3600, 0) if first + place * HOUR <= now else None,
        )
        for place in range(24) if is_open(first + place * HOUR, service, closed)
    )  # fmt: skip
    top = max(range(len(week)), key=week.__getitem__)
    told = sum(wave.persons for wave in waves)
    return Forecast(hours, rate, asked, told, week[top], first + top * HOUR if week[top] else None)


def _service_day(now: datetime, service: Service, closed: Callable[[date], bool]) -> date:
    day = now.date()
    if now.hour >= service.closes:
        day += timedelta(days=1)
    while closed(day):
        day += timedelta(days=1)
    return day
