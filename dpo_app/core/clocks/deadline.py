"""Clocks: what is owed to whom by when, and why, from rule packs and recorded events.

Both counts of a period are kept; the earlier end drives, which for hours is always the strict one. How an end comes
about is a value too (`Deadline.strict`, `.adjusted`), so that each figure can be explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from dpo_app.core.clocks.period import Adjust, Counted, Period, Unit, adjusted, strict
from dpo_app.core.clocks.regime import DONE, Addressee, Anchor, Facts, Regime, Rule, RulePacks
from dpo_app.core.clocks.workdays import Calendar, calendar_of
from dpo_app.core.errors import InputError

#: The hours of the notice that every controller in the EU knows (Art. 33(1)): those of the pack, which a
#: test compares, and the clock that still stands if that pack has a fault.
AUTHORITY_HOURS = 72


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done_late"
    NOT_STARTED = "not_started"
    NOT_OWED = "not_owed"


#: From here on a running clock is shown as due soon (screens.md 3.3).
SOON = timedelta(hours=36)
#: States in which the officer still owes something.
OWED = frozenset({ClockState.RUNNING, ClockState.DUE_SOON, ClockState.LATE})


class Drives(StrEnum):
    """Which end counts."""

    STRICT = "strict"
    ADJUSTED = "adjusted"
    LATEST = "latest"
    TARGET = "target"


@dataclass(frozen=True)
class Event:
    """A recorded fact with a time: an anchor, or a duty that was met. `zone` is the name of the zone it was told in,
    `source` who or what says so."""

    at: datetime
    source: str = ""
    zone: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Contract:
    """Hours of an agreement: `key` names it, `partner` and `clause` are shown, `anchor` starts it."""

    key: str
    partner: str
    clause: str
    hours: int
    anchor: str = Anchor.AWARENESS


@dataclass(frozen=True)
class ClockFacts:
    """All that decides the clocks of one breach. Keys of `done`, `reasons` and `targets` are `regime.rule`; `chosen`
    says which laws the officer took or left; `country` and `subdivision` are of the calendar that counts."""

    anchors: Mapping[str, Event]
    done: Mapping[str, Event] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, datetime] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    chosen: Mapping[str, bool] = field(default_factory=dict)
    contracts: Sequence[Contract] = ()
    zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    language: str = ""


@dataclass(frozen=True)
class Deadline:
    """One duty and its clock. `due` is the end that drives, None while there is none; `no_calendar` is the code of why
    the second count is missing."""

    regime: str
    rule: str
    titles: Mapping[str, str]
    regime_titles: Mapping[str, str]
    citation: str
    addressee: Addressee
    period: Period
    zone: str
    anchor_name: str = ""
    event: Event | None = None
    strict: Counted | None = None
    adjusted: Counted | None = None
    adjust: Adjust = Adjust.NONE
    latest: datetime | None = None
    target: datetime | None = None
    due: datetime | None = None
    drives: Drives | None = None
    calendar: str = ""
    no_calendar: str = ""
    owed: bool | None = True
    done: Event | None = None
    reason: str = ""
    reason_if_late: bool = False
    undue_delay: bool = False
    notes: Mapping[str, str] | None = None
    verified: bool = True
    anchors: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what names the duty within a breach: `gdpr.art33_1`."""
        return f"{self.regime}.{self.rule}"

    @property
    def anchor(self) -> datetime:
        """Return the instant that started the clock, in UTC. Only for a clock that has started."""
        assert self.event is not None
        return self.event.at.astimezone(timezone.utc)

    @property
    def hours(self) -> int:
        """Return the period if it is in hours, else 0."""
        return self.period.value if self.period.unit is Unit.HOURS else 0

    @property
    def adjusted_due(self) -> datetime | None:
        """Return the end by the second count, or None."""
        return self.adjusted.ends if self.adjusted is not None else None

    def state(self, now: datetime) -> ClockState:
        """Return how the clock stands at `now` (aware)."""
        if self.done is not None:
            late = self.due is not None and self.drives is not Drives.TARGET and self.done.at > self.due
            return ClockState.DONE_LATE if late else ClockState.DONE
        if self.owed is False:
            return ClockState.NOT_OWED
        if self.event is None:
            return ClockState.NOT_STARTED
        if self.due is None:
            return ClockState.RUNNING
        if now > self.due:
            return ClockState.LATE
        return ClockState.DUE_SOON if self.due - now < SOON else ClockState.RUNNING

    def late_by(self, now: datetime) -> timedelta:
        """Return by how much the duty was, or so far is, met too late; nothing if it is not, to the second."""
        if self.due is None or self.drives is Drives.TARGET or self.owed is False:
            return timedelta()
        return max(timedelta(), (self.done.at if self.done is not None else now) - self.due)

    def owes_reason(self, now: datetime) -> bool:
        """Tell whether a reason for the delay is owed and not given yet (Art. 33(1), second sentence)."""
        return self.reason_if_late and not self.reason.strip() and bool(self.late_by(now))


def authority_due(aware_at: datetime) -> datetime:
    """Return the end of the 72 hours after awareness (Art. 33(1)) in UTC, where there is no store to ask yet.

    Raises ValueError for a naive datetime: a time without zone has no place on the UTC line.
    """
    if aware_at.utcoffset() is None:
        raise ValueError("aware_at needs a zone")
    return strict(aware_at, Period(AUTHORITY_HOURS, Unit.HOURS), timezone.utc).ends


def deadlines_of(packs: RulePacks, facts: ClockFacts, now: datetime) -> tuple[Deadline, ...]:
    """Return every duty of a breach, the nearest that is still owed first; what was met or is not owed comes last."""
    made = [each for regime in packs.regimes if _governs(regime, facts) for each in _of_regime(regime, facts)]
    return tuple(sorted(made, key=lambda each: _order(each, now)))


def nearest(deadlines: Sequence[Deadline], now: datetime) -> Deadline | None:
    """Return the first duty with an end that is still owed, or None."""
    return next((d for d in deadlines if d.due is not None and d.state(now) in OWED), None)


def _order(deadline: Deadline, now: datetime) -> tuple[int, datetime, str]:
    state = deadline.state(now)
    rank = {ClockState.DONE_LATE: 2, ClockState.DONE: 2, ClockState.NOT_STARTED: 3, ClockState.NOT_OWED: 4}.get(
        state, 0
    )
    if deadline.owes_reason(now):
        rank = 0
    elif rank == 0 and deadline.due is None:
        rank = 1
    return rank, deadline.due or now, deadline.key


def _governs(regime: Regime, facts: ClockFacts) -> bool:
    if regime.contract:
        return bool(facts.contracts)
    chosen = facts.chosen.get(regime.id)
    return regime.governs(facts.facts) if chosen is None else chosen


def _of_regime(regime: Regime, facts: ClockFacts) -> list[Deadline]:
    if regime.contract:
        return [_contract(regime, regime.rules[0], each, facts) for each in facts.contracts]
    zone = ZoneInfo(facts.zone)
    started = [facts.anchors[name].at for name in (Anchor.AWARENESS, Anchor.DETECTED) if name in facts.anchors]
    day = started[0].astimezone(zone).date() if started else None
    return [_deadline(regime, rule, facts) for rule in regime.rules_on(day)] if day is not None else []


def _contract(regime: Regime, rule: Rule, contract: Contract, facts: ClockFacts) -> Deadline:
    event = facts.anchors.get(contract.anchor)
    period = Period(contract.hours, Unit.HOURS)
    key = f"{regime.id}.{contract.key}"
    base = Deadline(
        regime.id, contract.key, {"": contract.partner}, regime.titles, contract.clause, rule.addressee, period,
        facts.zone, contract.anchor, event, notes=rule.notes, anchors=(contract.anchor,), done=facts.done.get(key),
        reason=facts.reasons.get(key, ""),
    )  # fmt: skip
    return _counted(base, rule, facts, "") if event is not None else base


def _deadline(regime: Regime, rule: Rule, facts: ClockFacts) -> Deadline:
    name, event = _anchor(regime, rule.anchors, facts)
    key = f"{regime.id}.{rule.key}"
    base = Deadline(
        regime.id, rule.key, rule.titles, regime.titles, rule.citation, rule.addressee, rule.period, facts.zone, name,
        event, target=facts.targets.get(key), owed=rule.owed(facts.facts), done=facts.done.get(key),
        reason=facts.reasons.get(key, ""), reason_if_late=rule.reason_if_late, undue_delay=rule.undue_delay,
        notes=rule.notes, verified=rule.verified, anchors=rule.anchors, adjust=rule.adjust,
    )  # fmt: skip
    return _counted(base, rule, facts, regime.calendar) if event is not None else base


def _anchor(regime: Regime, names: Sequence[str], facts: ClockFacts) -> tuple[str, Event | None]:
    """Return the first anchor that is recorded, with its name; the first name if none is."""
    for name in names:
        found = (
            facts.done.get(f"{regime.id}.{name.removeprefix(DONE)}")
            if name.startswith(DONE)
            else facts.anchors.get(name)
        )
        if found is not None:
            return name, found
    return names[0], None


def _counted(base: Deadline, rule: Rule, facts: ClockFacts, calendar_name: str) -> Deadline:
    """Return the deadline with both counts, the second end and the one that drives."""
    assert base.event is not None
    event, zone, period = base.event.at, ZoneInfo(facts.zone), base.period
    if period.unit is Unit.UNDUE_DELAY:
        drives = Drives.TARGET if base.target is not None else None
        return _with(base, due=base.target, drives=drives)
    country, _dash, part = calendar_name.partition("-") if calendar_name else (facts.country, "", facts.subdivision)
    calendar, missing = _calendar(country, part, facts.language)
    if period.unit is Unit.WORKING_DAYS and calendar is None:
        return _with(base, no_calendar=missing)
    first = strict(event, period, zone, calendar)
    ends = {Drives.STRICT: first.ends}
    second, why = _second(event, period, zone, calendar, rule.adjust)
    if second is not None:
        ends[Drives.ADJUSTED] = second.ends
    latest = _latest(rule, facts, zone)
    if latest is not None:
        ends[Drives.LATEST] = latest
    drives = min(ends, key=lambda each: ends[each])
    return _with(
        base, strict=first, adjusted=second, latest=latest, due=ends[drives], drives=drives,
        calendar=calendar.name if calendar is not None else country,
        no_calendar=(missing or why) if rule.adjust is not Adjust.NONE else "",
    )  # fmt: skip


def _second(
    event: datetime, period: Period, zone: tzinfo, calendar: Calendar | None, how: Adjust
) -> tuple[Counted | None, str]:
    if how is Adjust.NONE or calendar is None:
        return None, ""
    try:
        return adjusted(event, period, zone, calendar, how), ""
    except InputError as error:
        return None, error.code


def _calendar(country: str, part: str, language: str) -> tuple[Calendar | None, str]:
    try:
        return calendar_of(country, part, language), ""
    except InputError as error:
        return None, error.code


def _latest(rule: Rule, facts: ClockFacts, zone: tzinfo) -> datetime | None:
    if rule.latest is None:
        return None
    found = [facts.anchors[name] for name in rule.latest.anchors if name in facts.anchors]
    return strict(found[0].at, rule.latest.period, zone).ends if found else None


def _with(base: Deadline, **changes: object) -> Deadline:
    return Deadline(**{**base.__dict__, **changes})
