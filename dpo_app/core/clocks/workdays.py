"""Working days and public holidays of a country, from the `holidays` library (Reg. 1182/71, Art. 2)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from threading import Lock
from typing import Any

from dpo_app.core.errors import InputError

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class Calendar:
    """The working days of a country or a part of it (`DE` with `BY`): neither Saturday, Sunday nor public holiday.

    A year that the library does not hold is an error, never a year without holidays.
    """

    def __init__(self, country: str, subdivision: str = "", language: str = "") -> None:
        """Raises InputError: "no_calendar" for a country without one, "no_calendar_part" for an unknown part."""
        self.country, self.subdivision = country, subdivision
        kind = _kind(country)
        if subdivision and subdivision not in (*kind.subdivisions, *getattr(kind, "subdivisions_aliases", {})):
            raise InputError("no_calendar_part", country=country, part=subdivision)
        spoken = [each for each in kind.supported_languages if language and each.split("_")[0] == language]
        self._first, self._last, self._lock = kind.start_year, kind.end_year, Lock()
        self._days = kind(
            subdiv=subdivision or None, observed=True, language=spoken[0] if spoken else kind.default_language
        )

    @property
    def name(self) -> str:
        """Return how the calendar is referred to: FI, DE-BY."""
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country

    def holiday(self, day: date) -> str:
        """Return the name of a public holiday, "" for any other day. Raises InputError("no_calendar_year")."""
        if not self._first <= day.year <= self._last:
            raise InputError("no_calendar_year", country=self.name, year=day.year)
        # The library fills in a year at its first question: another thread must not see it half filled.
        with self._lock:
            return str(self._days.get(day) or "")

    def is_working(self, day: date) -> bool:
        """Tell whether a day is a working day. Raises InputError("no_calendar_year")."""
        return not self.holiday(day) and day.weekday() < SATURDAY

    def working_from(self, day: date) -> date:
        """Return `day` if it is a working day, else the next one."""
        while not self.is_working(day):
            day += ONE_DAY
        return day


@lru_cache(maxsize=32)
def calendar_of(country: str, subdivision: str = "", language: str = "") -> Calendar:
    """Return a calendar; the library computes a year once."""
    return Calendar(country, subdivision, language)


def is_closed(day: date, country: str) -> bool:
    """Tell whether a day is none to work on: a Saturday, a Sunday, or a public holiday as far as the country's calendar
    is known. For plans; a deadline asks `Calendar`, which refuses what it does not know."""
    try:
        return not calendar_of(country).is_working(day)
    except InputError:
        return day.weekday() >= SATURDAY


def library_version() -> str:
    """Return the version of the library of holidays, to be named in the arithmetic."""
    return f"holidays {version('holidays')}"


def _kind(country: str) -> Any:
    # A quarter of a second that only those pay who ask for a calendar.
    import holidays

    try:
        kind = getattr(holidays, country) if len(country) == 2 and country.isupper() else None
    except AttributeError:
        kind = None
    if kind is None:
        raise InputError("no_calendar", country=country)
    return kind
