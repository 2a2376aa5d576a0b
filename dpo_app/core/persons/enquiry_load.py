"""How many will call in which hour. A forecast with its formula said, and learning from the log.

Of a wave of n persons told at t0, `rate` of each thousand ask, half of them within `HALF_LIFE`; who asks while nobody
answers asks in the next day of service, spread evenly over it. The rate begins with an assumption and is drawn towards
what was logged, the more the more persons were told: (RATE * PRIOR + asked * 1000) / (PRIOR + told so far).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

#: Our assumption: between 20 and 60 of a thousand ask, half of them within two days.
RATE = 40.0
HALF_LIFE = timedelta(hours=48)
#: How many persons told the assumption weighs.
PRIOR = 5_000.0
HOUR = timedelta(hours=1)
#: Asking is as good as over after this many half lives.
HORIZON = 8


class Wave(NamedTuple):
    """Persons told in one hour."""

    at: datetime
    persons: int


class Service(NamedTuple):
    """When somebody answers: whole hours from `opens` up to `closes`, on working days."""

    opens: int = 8
    closes: int = 17


class HourLoad(NamedTuple):
    """One hour: its beginning, how many are expected in it, how many asked (None for hours to come)."""

    at: datetime
    expected: float
    asked: int | None


def share_by(age: timedelta) -> float:
    """Return which share of those who will ask have asked a time after they were told."""
    return 0.0 if age <= timedelta(0) else 1.0 - 0.5 ** (age / HALF_LIFE)


def learned_rate(waves: Sequence[Wave], asked: int, now: datetime) -> float:
    """Return how many of a thousand ask, drawn from the assumption towards the log."""
    told = sum(wave.persons * share_by(now - wave.at) for wave in waves)
    return (RATE * PRIOR + asked * 1000.0) / (PRIOR + told)


def is_open(at: datetime, service: Service, closed: Callable[[date], bool]) -> bool:
    """Tell whether somebody answers in the hour that begins at `at` (local time)."""
    return not closed(at.date()) and service.opens <= at.hour < service.closes


def expected_by_hour(
    waves: Sequence[Wave], rate: float, first: datetime, hours: int, service: Service, closed: Callable[[date], bool]
) -> list[float]:
    """Return how many are expected in each of `hours` hours from `first` (a whole hour, in local time).

    Nobody is lost: what falls into closed hours before an open one within the time asked for is in the sum.
    """
    raw = [0.0] * hours
    waiting = 0.0
    for wave in waves:
        if first - wave.at > HALF_LIFE * HORIZON:
            continue
        asking = wave.persons * rate / 1000.0
        waiting += asking * _unanswered(wave.at, first, service, closed)
        for place in range(hours):
            age = first + place * HOUR - wave.at
            raw[place] += asking * (share_by(age + HOUR) - share_by(age))
    return _spread(raw, waiting, first, service, closed)


def _unanswered(at: datetime, first: datetime, service: Service, closed: Callable[[date], bool]) -> float:
    """Return the share that asked in the closed hours just before `first`."""
    start = first
    while start > at and not is_open(start - HOUR, service, closed) and first - start < timedelta(days=14):
        start -= HOUR
    return share_by(first - at) - share_by(start - at)


def _spread(
    raw: Sequence[float], waiting: float, first: datetime, service: Service, closed: Callable[[date], bool]
) -> list[float]:
    """Put what falls into closed hours evenly over the next open day."""
    found = [0.0] * len(raw)
    place = 0
    while place < len(raw):
        if not is_open(first + place * HOUR, service, closed):
            waiting += raw[place]
            place += 1
            continue
        end = place
        while end < len(raw) and is_open(first + end * HOUR, service, closed):
            end += 1
        # Of a day that began before the time asked for, the whole day still shares what waited.
        for each in range(place, end):
            found[each] = raw[each] + waiting / (end - place)
        waiting, place = 0.0, end
    return found
