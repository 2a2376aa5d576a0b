"""Days and hours in which e-mails go out: so that nobody is woken by one, and somebody is there to answer.

Hours are read off the wall clock of the organisation's zone. On the two days of the year on which that clock jumps, a
time that is skipped means the moment of the jump, and a time that comes twice means its first coming.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.mail.pacing import DAY, HOUR, MINUTE, Limits

#: As they are written on a command line, Monday first.
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAYS = tuple(range(7))
FULL_DAY = 24 * 60
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")
#: An estimate looks no further ahead than this.
_FURTHEST = timedelta(days=3650)


@dataclass(frozen=True)
class SendingHours:
    """`days` are weekdays, 0 for Monday; `begins` and `ends` minutes after midnight, `ends` not included."""

    days: tuple[int, ...] = ALL_DAYS
    begins: int = 0
    ends: int = FULL_DAY

    @property
    def always(self) -> bool:
        """Tell whether no hour is closed."""
        return self.days == ALL_DAYS and self.begins == 0 and self.ends == FULL_DAY

    def checked(self) -> SendingHours:
        """Return the hours if anything can ever be sent in them. Raises InputError("mail_hours")."""
        in_order = list(self.days) == sorted(set(self.days)) and set(self.days) <= set(ALL_DAYS)
        if not self.days or not in_order or not 0 <= self.begins < self.ends <= FULL_DAY:
            raise InputError("mail_hours")
        return self

    def open_span(self, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the span that is open at an instant, or else the next one: from, and until."""
        day = now.astimezone(zone).date() - timedelta(days=1)
        while True:
            if day.weekday() in self.days:
                begin, end = wall_instant(day, self.begins, zone), wall_instant(day, self.ends, zone)
                if now < end and begin < end:
                    return begin, end
            day += timedelta(days=1)

    def after(self, now: datetime, open_for: timedelta, zone: tzinfo) -> datetime:
        """Return when so much open time is over, counted from an instant."""
        if self.always:
            return now + open_for
        at, left = now, open_for
        while at - now < _FURTHEST:
            begin, end = self.open_span(at, zone)
            begin = max(begin, at)
            if end - begin >= left:
                return begin + left
            at, left = end, left - (end - begin)
        return at

    def finished(self, messages: int, limits: Limits, now: datetime, zone: tzinfo) -> datetime:
        """Return when a run of so many is over at the earliest, under the server's limits and in these hours."""
        found = self.after(now, timedelta(0), zone)
        if limits.per_minute:
            found = max(found, self.after(now, timedelta(seconds=messages * MINUTE / limits.per_minute), zone))
        for limit, window in ((limits.per_hour, HOUR), (limits.per_day, DAY)):
            if limit:
                # A window may pass while it is closed; what comes after it needs an open moment.
                waits = timedelta(seconds=(max(0, messages - 1) // limit) * window)
                by_hour = self.after(now, waits, zone) if window == HOUR else now + waits
                found = max(found, self.after(by_hour, timedelta(0), zone))
        return found

    def to_document(self) -> dict[str, Any]:
        """Return the plain form kept in the store."""
        return {"days": list(self.days), "begins": self.begins, "ends": self.ends}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> SendingHours:
        """Return the hours of a stored document; without one, always."""
        days = tuple(int(each) for each in document.get("days", ALL_DAYS))
        return cls(days, int(document.get("begins", 0)), int(document.get("ends", FULL_DAY)))


class HoursGate:
    """Says how long to wait for an open hour; asked for each message, so that it keeps the span it found."""

    def __init__(self, hours: SendingHours, zone: tzinfo) -> None:
        self._hours, self._zone = hours, zone
        self._begin = self._end = datetime.min.replace(tzinfo=UTC)

    def opens_at(self, now: datetime) -> datetime | None:
        """Return when the next open hour begins, or None if it is open now."""
        if self._hours.always:
            return None
        if not self._begin <= now < self._end:
            self._begin, self._end = self._hours.open_span(now, self._zone)
        return None if now >= self._begin else self._begin

    def wait(self, now: datetime) -> float:
        """Return the seconds until it is open; 0.0 if it is."""
        if self._begin <= now < self._end:
            return 0.0
        opens = self.opens_at(now)
        return 0.0 if opens is None else (opens - now).total_seconds()


def wall_instant(day: date, minutes: int, zone: tzinfo) -> datetime:
    """Return the instant (UTC) of a wall time: of its first coming if it comes twice, of the jump if it is skipped."""
    wanted = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = wanted.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wanted:
        return found
    # Skipped: read by the offset after the jump it lies before it, read by the one before the jump behind it.
    before = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while before.astimezone(zone).replace(tzinfo=None) < wanted:
        before += timedelta(minutes=1)
    return before


def hours_from_text(text: str) -> SendingHours:
    """Return hours as typed: `mon-fri 08:00-20:00`, `mon,wed,sat 8-20`, `08-20`, or `always`. Raises
    InputError("mail_hours")."""
    words = text.strip().lower().split()
    if words in ([], ["always"]):
        return SendingHours()
    span = _SPAN.fullmatch(words[-1])
    days = ALL_DAYS if len(words) == 1 else _days(words[0]) if len(words) == 2 else ()
    if span is None or not days:
        raise InputError("mail_hours")
    begins, ends = (int(span[place]) * 60 + int(span[place + 1] or 0) for place in (1, 3))
    if any(int(span[place] or 0) > 59 for place in (2, 4)):
        raise InputError("mail_hours")
    return SendingHours(days, begins, ends).checked()


def _days(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in DAY_NAMES or (last or first) not in DAY_NAMES:
            return ()
        begin, end = DAY_NAMES.index(first), DAY_NAMES.index(last or first)
        # `sat-mon` goes over the end of the week.
        found.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return tuple(sorted(found))


def hours_as_text(hours: SendingHours) -> str:
    """Return hours as `hours_from_text` takes them."""
    if hours.always:
        return "always"
    span = f"{hours.begins // 60:02}:{hours.begins % 60:02}-{hours.ends // 60:02}:{hours.ends % 60:02}"
    return f"{','.join(DAY_NAMES[each] for each in hours.days)} {span}"
