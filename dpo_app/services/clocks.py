"""Every clock of a breach, and what is due soon over all breaches. What they hang on comes from `clock_sources`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from dpo_app import i18n
from dpo_app.core.breach import SavedRevision
from dpo_app.core.clock_record import ClockRecord, clock_facts
from dpo_app.core.deadline import OWED, ClockFacts, ClockState, Deadline, deadlines_of, nearest
from dpo_app.core.ids import BreachId
from dpo_app.services.clock_sources import known_of
from dpo_app.services.lines import BreachLine
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries

CALENDAR = "clock_calendar"
#: What the bell shows.
AHEAD = timedelta(hours=72)


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
    known = known_of(queries, breach_id, revisions)
    calendar = queries.setting(CALENDAR) or {}
    facts = clock_facts(
        revisions, records, zone=desk.time_zone, country=calendar.get("country") or desk.home_country,
        subdivision=calendar.get("subdivision", ""), language=language or i18n.current(), facts=known.facts, done=known.done,
        anchors=known.anchors, contracts=known.contracts,
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
