"""Deadlines as a calendar file: of one breach, of one duty, or of everything that is due soon.

The UID is stable per breach and duty, and the sequence rises with what was recorded, so that a calendar that takes the
file again moves the event instead of doubling it. Titles name the duty and the breach's reference, nothing personal.
"""

from __future__ import annotations

from dpo_app.core.clocks.deadline import OWED, Deadline
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, breach_ref
from dpo_app.i18n import catalogue
from dpo_app.messages.arithmetic import ClockWords
from dpo_app.messages.facts import FactWords
from dpo_app.services.clocks.clocks import Clocks, clocks_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.reports import CalendarEvent
from dpo_app.services.ports.store import Queries


def breach_calendar(desk: Desk, breach_id: BreachId, language: str, duty: str = "") -> bytes:
    """Return the deadlines of a breach that are still owed, or only the one duty (`gdpr.art33_1`). Raises
    InputError("nothing_due")."""
    with desk.read() as queries:
        events = _events(desk, queries, breach_id, language, duty)
    if not events:
        raise InputError("nothing_due")
    return desk.calendar.make(events, desk.clock.now())


def reminder_calendar(desk: Desk, language: str) -> bytes:
    """Return the deadlines of all open breaches that are still owed. Raises InputError("nothing_due")."""
    with desk.read() as queries:
        events = [
            event
            for line in queries.breaches()
            if line.closed_at is None
            for event in _events(desk, queries, BreachId(line.id), language)
        ]
    if not events:
        raise InputError("nothing_due")
    return desk.calendar.make(events, desk.clock.now())


def _events(desk: Desk, queries: Queries, breach_id: BreachId, language: str, duty: str = "") -> list[CalendarEvent]:
    translate = catalogue(language).gettext
    words = ClockWords(FactWords(language, desk.time_zone, translate), language)
    clocks, uid, now = clocks_of(desk, queries, breach_id), queries.breach_uid(breach_id), desk.clock.now()
    title = translate("Deadline: {duty}, breach {breach}")
    return [
        CalendarEvent(
            f"{uid}-{each.key}@dpo-desk", _sequence(clocks), each.due,
            title.format(duty=words.title(each), breach=_reference(clocks, breach_id)), _text(each, words),
        )
        for each in clocks.deadlines
        if each.due is not None and each.state(now) in OWED and duty in ("", each.key)
    ]  # fmt: skip


def _reference(clocks: Clocks, breach_id: BreachId) -> str:
    return clocks.revisions[-1].facts.reference or breach_ref(breach_id)


def _sequence(clocks: Clocks) -> int:
    """Return a number that rises whenever something was recorded that can move an end."""
    return len(clocks.revisions) - 1 + len(clocks.records)


def _text(deadline: Deadline, words: ClockWords) -> str:
    return "\n".join((words.citation(deadline), words.sum(deadline)))
