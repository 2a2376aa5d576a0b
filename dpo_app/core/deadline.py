"""When the authority must have been told: the 72 hours of Art. 33(1), counted on the UTC line.

Rule packs of other regimes and the arithmetic of Regulation 1182/71 join here as dated data later; the strict count
below is the one that drives (never three days added to a date: a night of 25 hours ends the wall clock earlier).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import NamedTuple

AUTHORITY_HOURS = 72


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    LATE = "late"
    DONE = "done"


#: From here on a running clock is shown as due soon (screens.md 3.3).
SOON = timedelta(hours=36)


class Deadline(NamedTuple):
    """One deadline: regime and rule by key, the instant that started it, the instant it ends, and its citation."""

    regime: str
    rule: str
    citation: str
    anchor: datetime
    hours: int
    due: datetime

    def state(self, now: datetime) -> ClockState:
        """Return how the clock stands at `now` (aware)."""
        if now > self.due:
            return ClockState.LATE
        return ClockState.DUE_SOON if self.due - now < SOON else ClockState.RUNNING


def authority_deadline(aware_at: datetime) -> Deadline:
    """Return the end of the 72 hours after awareness (Art. 33(1)); instants in UTC.

    Raises ValueError for a naive datetime: a time without zone has no place on the UTC line.
    """
    if aware_at.utcoffset() is None:
        raise ValueError("aware_at needs a zone")
    anchor = aware_at.astimezone(timezone.utc)
    return Deadline("gdpr", "art33_1", "Art. 33(1)", anchor, AUTHORITY_HOURS, anchor + timedelta(hours=AUTHORITY_HOURS))
