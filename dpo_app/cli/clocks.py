"""What is owed to whom by when, with its arithmetic; and what starts and stops the clocks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from dpo_app.cli.session import Session, reference
from dpo_app.core.clocks.deadline import Deadline
from dpo_app.core.errors import InputError
from dpo_app.files import write_bytes
from dpo_app.i18n import catalogue
from dpo_app.messages import word
from dpo_app.messages.arithmetic import ClockWords
from dpo_app.messages.facts import FactWords
from dpo_app.services.clocks.clocks import clocks_of, due_soon
from dpo_app.services.clocks.export_calendar import breach_calendar, reminder_calendar
from dpo_app.services.clocks.record_clock import (
    choose_calendar,
    choose_law,
    give_reason,
    record_anchor,
    record_contract,
    record_done,
    set_target,
    state_fact,
)
from dpo_app.services.ports.desk import Desk


def _words(desk: Desk, language: str = "en") -> ClockWords:
    return ClockWords(FactWords(language, desk.time_zone, catalogue(language).gettext), language)


def _row(deadline: Deadline, now: datetime, words: ClockWords) -> dict[str, Any]:
    event, done = deadline.event, deadline.done
    lines = words.lines(deadline)
    return {
        "regime": deadline.regime, "rule": deadline.rule, "title": words.title(deadline),
        "citation": words.citation(deadline), "to": deadline.addressee.value,
        "anchor": event.at.isoformat() if event is not None else None, "anchor_event": deadline.anchor_name,
        "due": deadline.due.isoformat() if deadline.due is not None else None,
        "adjusted_due": deadline.adjusted_due.isoformat() if deadline.adjusted_due is not None else None,
        "drives": deadline.drives.value if deadline.drives is not None else None,
        "state": deadline.state(now).value, "done": done.at.isoformat() if done is not None else None,
        "late_seconds": int(deadline.late_by(now).total_seconds()), "reason_for_delay": deadline.reason,
        "reason_owed": deadline.owes_reason(now), "verified": deadline.verified, "zone": deadline.zone,
        "arithmetic": words.sum(deadline), "steps": [{"what": x.name, "says": x.text, "drives": x.drives} for x in lines],
    }  # fmt: skip


def _said(deadline: Deadline, now: datetime, words: ClockWords) -> list[str]:
    """Return what a duty says on paper, each figure with where it comes from."""
    head = f"{words.title(deadline)} [{deadline.key}]: {words.due(deadline)} ({word(deadline.state(now))})"
    mark = {True: "  <- drives", False: ""}
    told = [f"  {line.name}: {line.text}{mark[line.drives]}" for line in words.lines(deadline)]
    if deadline.done is not None:
        told.append(f"  Done: {words.moment(deadline.done.at, deadline.zone)} {deadline.done.source}".rstrip())
    if deadline.owes_reason(now):
        told.append("  The reason for the delay is owed (dpo clock reason).")
    elif deadline.reason:
        told.append(f"  Reason for the delay: {deadline.reason}")
    return [head, *told]


@click.command()
@click.argument("which")
@click.option("--ics", type=click.Path(path_type=Path), help="Write the deadlines as a calendar file, too.")
@click.pass_obj
def deadlines(session: Session, which: str, ics: Path | None) -> None:
    """Show what is owed by when, with its arithmetic."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        with desk.read() as queries:
            found = clocks_of(desk, queries, number).deadlines
        now, words = desk.clock.now(), _words(desk)
        if ics is not None:
            write_bytes(ics, breach_calendar(desk, number, "en"))
        faults = [words.fault(each) for each in desk.regimes.faults]
    session.say(
        {"deadlines": [_row(each, now, words) for each in found], "faults": faults},
        *(line for each in found for line in _said(each, now, words)),
        *(f"Rule pack left out: {fault}" for fault in faults),
    )


@click.command()
@click.option("--hours", type=click.IntRange(1, 8760), default=72, show_default=True)
@click.option("--ics", type=click.Path(path_type=Path), help="Write them as a calendar file, too.")
@click.pass_obj
def reminders(session: Session, hours: int, ics: Path | None) -> None:
    """Show what is late or due soon over all breaches."""
    from datetime import timedelta

    with session.desk() as desk:
        with desk.read() as queries:
            found = due_soon(desk, queries, timedelta(hours=hours))
        now, words = desk.clock.now(), _words(desk)
        if ics is not None:
            write_bytes(ics, reminder_calendar(desk, "en"))
    session.say(
        {"reminders": [{"breach": f"B{each.breach.id}", **_row(each.deadline, now, words)} for each in found]},
        *(f"B{d.breach.id}  {words.title(d.deadline)}: {words.due(d.deadline)} ({word(d.state)})" for d in found),
        *([] if found else ["Nothing is due."]),
    )


@click.command()
@click.pass_obj
def laws(session: Session) -> None:
    """List the laws whose rules are known, and what is wrong with rule packs that were left out."""
    with session.desk() as desk:
        words, packs = _words(desk), desk.regimes
    rows = [
        {"law": r.id, "title": r.titles["en"], "citation": r.citation, "status": r.status.value,
         "valid_from": r.valid_from.isoformat(), "applies_when": r.applies_when["en"],
         "rules": [{"rule": x.key, "citation": x.citation, "verified": x.verified} for x in r.rules]}
        for r in packs.regimes
    ]  # fmt: skip
    faults = [{"file": f.file, "key": f.key, "reason": f.reason, "says": words.fault(f)} for f in packs.faults]
    session.say(
        {"laws": rows, "faults": faults},
        *(f"{r['law']}: {r['title']} ({r['citation']}; {word(p.status)}). {r['applies_when']}"
          for r, p in zip(rows, packs.regimes, strict=True)),
        *(f"Left out: {f['says']}" for f in faults),
    )  # fmt: skip


@click.group()
def clock() -> None:
    """Record what starts and stops clocks."""


def _instant(desk: Desk, text: str) -> datetime:
    """Return a time that was typed; without a zone it is the organisation's."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("field_not_instant", field="at") from None
    return value if value.utcoffset() is not None else value.replace(tzinfo=ZoneInfo(desk.time_zone))


def _recorded(session: Session, which: str, said: str) -> None:
    session.say({"breach": which.upper(), "recorded": said}, f"Recorded: {said}.")


@clock.command("event")
@click.argument("which")
@click.argument("event")
@click.option("--at", required=True, help="2026-09-28T14:05, in the organisation's zone unless one is given.")
@click.option("--source", default="", help="Who or what says so; for awareness the reason why this time counts.")
@click.pass_obj
def event_(session: Session, which: str, event: str, at: str, source: str) -> None:
    """Record an event that starts a clock, such as classified_major."""
    with session.desk() as desk:
        record_anchor(desk, reference(which, "B", "B1"), event, _instant(desk, at), source)
    _recorded(session, which, event)


@clock.command("done")
@click.argument("which")
@click.argument("duty")
@click.option("--at", required=True)
@click.option("--source", default="", help="To whom, under which number.")
@click.pass_obj
def done_(session: Session, which: str, duty: str, at: str, source: str) -> None:
    """Record that a duty was met, such as gdpr.art33_1."""
    with session.desk() as desk:
        record_done(desk, reference(which, "B", "B1"), duty, _instant(desk, at), source)
    _recorded(session, which, duty)


@clock.command("reason")
@click.argument("which")
@click.argument("duty")
@click.argument("reason")
@click.pass_obj
def reason_(session: Session, which: str, duty: str, reason: str) -> None:
    """Record why a duty was met late; the notice carries it."""
    with session.desk() as desk:
        give_reason(desk, reference(which, "B", "B1"), duty, reason)
    _recorded(session, which, duty)


@clock.command("target")
@click.argument("which")
@click.argument("duty")
@click.option("--at", required=True)
@click.pass_obj
def target_(session: Session, which: str, duty: str, at: str) -> None:
    """Set your own date for a duty that the law gives no number."""
    with session.desk() as desk:
        set_target(desk, reference(which, "B", "B1"), duty, _instant(desk, at))
    _recorded(session, which, duty)


@clock.command("law")
@click.argument("which")
@click.argument("law")
@click.option("--applies/--not", "applies", required=True)
@click.option("--reason", required=True)
@click.pass_obj
def law_(session: Session, which: str, law: str, applies: bool, reason: str) -> None:
    """Record that a law applies to a breach, or does not."""
    with session.desk() as desk:
        choose_law(desk, reference(which, "B", "B1"), law, applies, reason)
    _recorded(session, which, law)


@clock.command("fact")
@click.argument("which")
@click.argument("name")
@click.argument("values", nargs=-1)
@click.option("--reason", required=True)
@click.pass_obj
def fact_(session: Session, which: str, name: str, values: tuple[str, ...], reason: str) -> None:
    """State a fact that rules ask about, such as controller.role processor; without a value it is taken back."""
    with session.desk() as desk:
        state_fact(desk, reference(which, "B", "B1"), name, values, reason)
    _recorded(session, which, name)


@clock.command("contract")
@click.argument("which")
@click.option("--partner", required=True)
@click.option("--clause", default="")
@click.option("--hours", type=int, required=True)
@click.option("--from", "anchor", default="awareness", show_default=True)
@click.pass_obj
def contract_(session: Session, which: str, partner: str, clause: str, hours: int, anchor: str) -> None:
    """Record the hours of an agreement, an insurance policy or a processing contract."""
    with session.desk() as desk:
        record_contract(desk, reference(which, "B", "B1"), partner, clause, hours, anchor)
    _recorded(session, which, f"{hours} h")


@clock.command("calendar")
@click.argument("country", default="")
@click.option("--part", default="", help="Part of the country, such as BY for Bavaria.")
@click.pass_obj
def calendar_(session: Session, country: str, part: str) -> None:
    """Choose whose public holidays count; without a country the organisation's."""
    with session.desk() as desk:
        choose_calendar(desk, country.upper(), part.upper())
        chosen = country.upper() or desk.home_country
    session.say({"calendar": chosen, "part": part.upper()}, f"Calendar: {chosen} {part.upper()}".rstrip())


COMMANDS = (deadlines, reminders, laws, clock)
