"""Every clock of a breach, and what is due soon over all breaches. What they hang on comes from `clock_sources`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from dpo_app import i18n
from dpo_app.core.clocks.clock_record import ClockRecord, clock_facts
from dpo_app.core.clocks.deadline import OWED, ClockFacts, ClockState, Deadline, deadlines_of, nearest
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.ids import BreachId
from dpo_app.services.clocks.clock_sources import known_of
from dpo_app.services.lines import BreachLine, Standings
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


def clocks_of(
    desk: Desk, queries: Queries, breach_id: BreachId, language: str = "", standings: Standings | None = None
) -> Clocks:
    """Return every clock of a breach; public holidays are named in `language`, "" is the screen's. `standings` are those
    of the newest revision if they were read already. Raises InputError("no_such_breach")."""
    revisions = queries.revisions(breach_id)
    records = queries.clock_records(breach_id)
    known = known_of(queries, breach_id, revisions, standings)
    calendar = queries.setting(CALENDAR) or {}
    facts = clock_facts(
        revisions, records, zone=desk.time_zone, country=calendar.get("country") or desk.home_country,
        subdivision=calendar.get("subdivision", ""), language=language or i18n.current(), facts=known.facts, done=known.done,
        anchors=known.anchors, contracts=known.contracts,
    )  # fmt: skip
    found = deadlines_of(desk.regimes, facts, desk.clock.now())
    return Clocks(found, facts, tuple(records), tuple(revisions))


def all_clocks(
    desk: Desk, queries: Queries, lines: Sequence[BreachLine], standings: Mapping[int, Standings] | None = None
) -> dict[int, Clocks]:
    """Return the clocks of these breaches, by their number."""
    known = standings or {}
    return {each.id: clocks_of(desk, queries, BreachId(each.id), standings=known.get(each.id)) for each in lines}


def due_of(
    lines: Sequence[BreachLine], clocks: Mapping[int, Clocks], now: datetime, within: timedelta = AHEAD
) -> list[Due]:
    """Return what is late or due within a time over all breaches that are open, the nearest first."""
    found = []
    for line in lines:
        for each in clocks[line.id].deadlines if line.closed_at is None else ():
            state = each.state(now)
            if state in OWED and each.due is not None and each.due - now <= within:
                found.append(Due(line, each, state))
    return sorted(found, key=lambda due: (due.deadline.due or now, due.breach.id))


def due_soon(desk: Desk, queries: Queries, within: timedelta = AHEAD) -> list[Due]:
    """Read and return what is late or due within a time over all breaches that are open, the nearest first."""
    lines = queries.breaches()
    return due_of(lines, all_clocks(desk, queries, lines), desk.clock.now(), within)


def nearest_of(clocks: Clocks, now: datetime) -> Deadline | None:
    """Return the nearest duty that is still owed, or None."""
    return nearest(clocks.deadlines, now)
