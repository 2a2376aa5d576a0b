"""The register of breaches (Art. 33(5)): every breach with its facts, effects and remedies, the not notified ones too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dpo_app.core.authority.authority_log import AuthorityTold
from dpo_app.core.clocks.deadline import ClockState, Deadline, Event
from dpo_app.core.facts.breach import Cause, SavedRevision
from dpo_app.core.facts.exposure import Window
from dpo_app.core.facts.fact_choices import Exemption
from dpo_app.core.risk.risk import Assessment, Owed


class Notified(StrEnum):
    """Whether the supervisory authority was told; `NOT_OWED` has its reason."""

    IN_TIME = "in_time"
    LATE = "late"
    NOT_YET = "not_yet"
    OVERDUE = "overdue"
    NOT_OWED = "not_owed"
    BY_CONTROLLER = "by_controller"


@dataclass(frozen=True)
class RegisterEntry:
    """One breach. `duty` is the clock of the first notice, None if no law known here asks for one; `met` the moment it
    was met; `told` what was handed in; the days and channels are those by which persons were told."""

    id: int
    reference: str
    saved: SavedRevision
    revisions: int
    aware_at: datetime
    duty: Deadline | None
    notified: Notified
    met: Event | None
    told: tuple[AuthorityTold, ...]
    delay: timedelta
    delay_reason: str
    assessment: Assessment | None
    risk_reason: str
    exemption: Exemption | None
    exemption_reason: str
    in_scope: int
    persons_told: int
    persons_excused: int
    told_from: date | None
    told_to: date | None
    channels: tuple[str, ...]
    closed_at: datetime | None

    @property
    def outcome(self) -> Owed | None:
        """Return what the officer decided to be owed, None while the risk is not assessed."""
        return self.assessment.decided if self.assessment is not None else None

    @property
    def windows(self) -> tuple[Window, ...]:
        """Return the windows of intrusion by their beginning."""
        return tuple(sorted(self.saved.facts.windows, key=lambda each: each.begins_on))

    @property
    def occurred_from(self) -> date | None:
        """Return the first day on which somebody was inside, None if no window is known."""
        return self.windows[0].begins_on if self.windows else None

    @property
    def occurred_to(self) -> date | None:
        """Return the last such day, None if a window is open or none is known."""
        ends = [each.ends_on for each in self.windows]
        return max(each for each in ends if each is not None) if ends and None not in ends else None


@dataclass(frozen=True)
class Register:
    """All entries that were asked for, of how many there are, with the state of the audit trail when it was made."""

    organisation: str
    language: str
    zone: str
    made_at: datetime
    made_by: str
    program: str
    trail_entries: int
    head: str
    entries: tuple[RegisterEntry, ...]
    total: int


@dataclass(frozen=True)
class RegisterFilter:
    """Which breaches; what is not set asks for nothing. The year is that of awareness."""

    year: int | None = None
    outcome: Owed | None = None
    notified: Notified | None = None
    cause: Cause | None = None
    text: str = ""

    def takes(self, entry: RegisterEntry, zone: str) -> bool:
        """Tell whether an entry is asked for."""
        facts = entry.saved.facts
        where = " ".join(
            (entry.reference, facts.reference, facts.title, facts.controller, facts.summary,
             *(each.name for each in facts.systems), *(each.name for each in facts.parties))
        ).casefold()  # fmt: skip
        return (
            self.year in (None, entry.aware_at.astimezone(ZoneInfo(zone)).year)
            and self.outcome in (None, entry.outcome)
            and self.notified in (None, entry.notified)
            and self.cause in (None, facts.cause)
            and all(word in where for word in self.text.casefold().split())
        )

    @property
    def is_set(self) -> bool:
        """Tell whether anything is asked for."""
        return self != RegisterFilter()


def notified_of(duty: Deadline | None, met: Event | None, now: datetime, processor: bool) -> Notified:
    """Return how the notice to the authority stands."""
    if met is not None:
        late = duty is not None and duty.due is not None and met.at > duty.due
        return Notified.LATE if late else Notified.IN_TIME
    if processor:
        return Notified.BY_CONTROLLER
    if duty is None or duty.owed is False:
        return Notified.NOT_OWED
    return Notified.OVERDUE if duty.state(now) is ClockState.LATE else Notified.NOT_YET


def counted(entries: Iterable[RegisterEntry]) -> dict[Notified, int]:
    """Return how many entries stand how; they sum to the number of entries."""
    found = dict.fromkeys(Notified, 0)
    for each in entries:
        found[each.notified] += 1
    return found
