"""Arming: nothing leaves for a breach before an officer has said so, for a time, by name. It can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class Arming:
    """Who armed a breach, when, until when; `ended_at` if it was taken back before its time."""

    armed_by: str
    armed_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: str = ""

    def holds(self, now: datetime) -> bool:
        """Tell whether messages may leave at an instant."""
        return self.ended_at is None and self.armed_at <= now < self.until
