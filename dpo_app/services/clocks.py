"""Every clock of a breach, and what is due soon over all breaches.

Other parts of the store know things that clocks hang on: when a notice went to the authority, how the risk was judged.
Each has a source in `SOURCES` that adds what it knows; the officer's own records win over it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from dpo_app import i18n
from dpo_app.core.authorities import AuthorityRegime
from dpo_app.core.breach import SavedRevision
from dpo_app.core.clock_record import ClockRecord, clock_facts
from dpo_app.core.deadline import OWED, ClockFacts, ClockState, Deadline, Event, deadlines_of, nearest
from dpo_app.core.ids import BreachId, RevisionId
from dpo_app.core.notice import NoticePhase
from dpo_app.services.lines import BreachLine
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries

CALENDAR = "clock_calendar"
#: What the bell shows.
AHEAD = timedelta(hours=72)


@dataclass
class Known:
    """What the rest of the store knows of one breach, filled in by the sources: facts for conditions, events that start
    clocks, duties that were met (`gdpr.art33_1`)."""

    breach_id: BreachId
    revisions: Sequence[SavedRevision]
    facts: dict[str, frozenset[str]] = field(default_factory=dict)
    anchors: dict[str, Event] = field(default_factory=dict)
    done: dict[str, Event] = field(default_factory=dict)

    def met(self, key: str, event: Event) -> None:
        """Take a moment at which a duty was met; the earliest counts."""
        if key not in self.done or event.at < self.done[key].at:
            self.done[key] = event


def persons_told(queries: Queries, known: Known) -> None:
    """Art. 34 is met when everybody in scope was told or is excused, at the last event of a delivery."""
    standing = queries.standings(known.breach_id, RevisionId(known.revisions[-1].id))
    last = queries.last_delivery_at(known.breach_id)
    everybody = bool(standing.told) and standing.told + standing.excused == standing.in_scope
    if everybody and last is not None:
        for key in ("gdpr.art34_1", "uk_gdpr.art34_1"):
            known.met(key, Event(last))


#: Which duty is met by the first notice to an authority under a law.
_FIRST_NOTICE = {
    AuthorityRegime.GDPR: "gdpr.art33_1", AuthorityRegime.UK_GDPR: "uk_gdpr.art33_1",
    AuthorityRegime.CH_FADP: "ch_fadp.art24_1",
}  # fmt: skip
_UNDER = {"UK": AuthorityRegime.UK_GDPR, "CH": AuthorityRegime.CH_FADP, "EU": AuthorityRegime.EU_BODIES}


def authorities_told(queries: Queries, known: Known) -> None:
    """Art. 33(1) is met when the first notice was handed in, 33(4) by each later one; a withdrawal meets nothing."""
    for each in queries.authority_told(known.breach_id):
        regime = _UNDER.get(each.authority, AuthorityRegime.GDPR)
        event = Event(each.at, f"{each.authority} {each.reference}".strip())
        if each.phase is NoticePhase.INITIAL and regime in _FIRST_NOTICE:
            known.met(_FIRST_NOTICE[regime], event)


Source = Callable[[Queries, Known], None]
SOURCES: tuple[Source, ...] = (persons_told, authorities_told)


class Clocks(NamedTuple):
    """The clocks of one breach: duties in order, what decided them, and the officer's records."""

    deadlines: tuple[Deadline, ...]
    facts: ClockFacts
    records: tuple[ClockRecord, ...]
    revisions: tuple[SavedRevision, ...]


class Due(NamedTuple):
    """A duty with the breach it belongs to."""

    breach: BreachLine
    deadline: Deadline
    state: ClockState


def clocks_of(desk: Desk, queries: Queries, breach_id: BreachId, language: str = "") -> Clocks:
    """Return every clock of a breach; public holidays are named in `language`, "" is the screen's. Raises InputError("no_such_breach")."""
    revisions = queries.revisions(breach_id)
    records = queries.clock_records(breach_id)
    known = Known(breach_id, revisions)
    for source in SOURCES:
        source(queries, known)
    calendar = queries.setting(CALENDAR) or {}
    facts = clock_facts(
        revisions, records, zone=desk.time_zone, country=calendar.get("country") or desk.home_country,
        subdivision=calendar.get("subdivision", ""), language=language or i18n.current(), facts=known.facts, done=known.done,
        anchors=known.anchors,
    )  # fmt: skip
    found = deadlines_of(desk.regimes, facts, desk.clock.now())
    return Clocks(found, facts, tuple(records), tuple(revisions))


def all_clocks(desk: Desk, queries: Queries) -> dict[int, Clocks]:
    """Return the clocks of every breach, by its number."""
    return {each.id: clocks_of(desk, queries, BreachId(each.id)) for each in queries.breaches()}


def due_soon(desk: Desk, queries: Queries, within: timedelta = AHEAD) -> list[Due]:
    """Return what is late or due within a time over all breaches that are open, the nearest first."""
    now = desk.clock.now()
    found = []
    for line in queries.breaches():
        if line.closed_at is not None:
            continue
        for each in clocks_of(desk, queries, BreachId(line.id)).deadlines:
            state = each.state(now)
            if state in OWED and each.due is not None and each.due - now <= within:
                found.append(Due(line, each, state))
    return sorted(found, key=lambda due: (due.deadline.due or now, due.breach.id))


def nearest_of(clocks: Clocks, now: datetime) -> Deadline | None:
    """Return the nearest duty that is still owed, or None."""
    return nearest(clocks.deadlines, now)
