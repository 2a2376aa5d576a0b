"""How fast a run may go: limits per minute, hour and day, evenly spread, and slower when the server asks for it.

Providers count in windows that slide, so a run never hands over more than the limit in any minute, hour or day
(letters-and-email.md 5.4). After a temporary refusal for rate the pace is a quarter, and grows again step by step.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
#: Without a limit the pace after the first request to slow down, messages a minute.
UNLIMITED_SLOWED = 240.0
SLOWED, RECOVERED = 0.25, 1.25
LEAST_PER_MINUTE = 1.0
#: Accepted messages after which a slowed run tries a little faster.
RECOVER_AFTER = 20


@dataclass(frozen=True)
class Limits:
    """Messages in any minute, hour and day; 0 is without limit."""

    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0

    def seconds_for(self, messages: int) -> float:
        """Return how long a run of so many takes at least; 0.0 without limits."""
        rates = ((self.per_minute, MINUTE), (self.per_hour, HOUR), (self.per_day, DAY))
        return max((_seconds(messages, limit, window) for limit, window in rates if limit), default=0.0)

    def bound(self) -> bool:
        """Tell whether there is any limit."""
        return bool(self.per_minute or self.per_hour or self.per_day)


def _seconds(messages: int, limit: int, window: float) -> float:
    # By the minute messages are spread; by hour and day they go in one stretch and then wait for the next window.
    if window == MINUTE:
        return messages * MINUTE / limit
    return (max(0, messages - 1) // limit) * window


class Pace:
    """Says how long to wait before the next message. Times are seconds on one clock; `before` are those of messages
    handed over earlier, so that limits hold across a pause or a restart."""

    def __init__(self, limits: Limits, before: Iterable[float] = ()) -> None:
        self._limits = limits
        self._sent = sorted(before)
        self._slow: float | None = None
        self._good = 0
        self._last = self._sent[-1] if self._sent else float("-inf")

    @property
    def per_minute(self) -> float:
        """Return the pace now, messages a minute; 0.0 is as fast as it goes."""
        limit = float(self._limits.per_minute)
        if self._slow is None:
            return limit
        return min(limit, self._slow) if limit else self._slow

    @property
    def slowed(self) -> bool:
        """Tell whether the server's answers hold the pace back."""
        return self._slow is not None

    def wait(self, now: float) -> float:
        """Return the seconds until the next message may begin; 0.0 for now."""
        times = self._sent
        waits = [0.0]
        if self.per_minute:
            waits.append(self._last + MINUTE / self.per_minute - now)
        for limit, window in (
            (self._limits.per_minute, MINUTE), (self._limits.per_hour, HOUR), (self._limits.per_day, DAY),
        ):  # fmt: skip
            if limit and len(times) - bisect_right(times, now - window) >= limit:
                waits.append(times[-limit] + window - now)
        return max(waits)

    def taken(self, now: float) -> None:
        """Count a message that begins now."""
        self._last = now
        if not self._limits.bound():
            return
        self._sent.append(now)
        old = bisect_right(self._sent, now - DAY)
        if old > 1_000:
            del self._sent[:old]

    def asked_to_slow(self) -> None:
        """Go at a quarter of the pace: the server answered that it is too much."""
        now = self.per_minute or UNLIMITED_SLOWED / SLOWED
        self._slow, self._good = max(LEAST_PER_MINUTE, now * SLOWED), 0

    def went_well(self) -> None:
        """Count an accepted message; after some of them a slowed run goes a little faster."""
        if self._slow is None:
            return
        self._good += 1
        if self._good >= RECOVER_AFTER:
            self._good, self._slow = 0, self._slow * RECOVERED
            if self._slow >= (self._limits.per_minute or UNLIMITED_SLOWED / SLOWED):
                self._slow = None
