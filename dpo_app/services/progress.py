"""How a long use-case reports and is stopped, and what a use-case changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Progress(Protocol):
    """Handed to a use-case; between units of work it calls `step`."""

    def step(self, done: int, total: int | None = None) -> None:
        """Tell that `done` of `total` units are finished (None: unknown). Raises JobCancelled to stop."""


class Silent:
    """Progress for callers who do not watch."""

    def step(self, done: int, total: int | None = None) -> None:
        """Do nothing."""


SILENT: Progress = Silent()


class Steady:
    """Progress that can be asked again where it stands, while work of another kind is waited for."""

    def __init__(self, progress: Progress, total: int | None = None) -> None:
        self._progress, self._at, self._total = progress, 0, total

    def step(self, done: int, total: int | None = None) -> None:
        """Go on, and remember how far."""
        self._at, self._total = done, total
        self._progress.step(done, total)

    def wait(self) -> None:
        """Say that nothing has moved. Raises JobCancelled to stop."""
        self._progress.step(self._at, self._total)


class Topic(StrEnum):
    """What a change touches; a page reloads if it shows one of them."""

    BREACHES = "breaches"
    FACTS = "facts"
    PERSONS = "persons"
    PLAN = "plan"
    NOTICES = "notices"
    DELIVERIES = "deliveries"
    AUTHORITY = "authority"
    ENQUIRIES = "enquiries"
    SETTINGS = "settings"
    CLOCKS = "clocks"
    TRAIL = "trail"


@dataclass(frozen=True)
class Changes:
    """What a use-case altered. Every write also moves the trail, so `TRAIL` is always understood."""

    breach_id: int | None
    topics: frozenset[Topic]

    @classmethod
    def of(cls, breach_id: int | None, *topics: Topic) -> Changes:
        """Return changes of one breach."""
        return cls(breach_id, frozenset(topics) | {Topic.TRAIL})
