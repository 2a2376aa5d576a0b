"""Notices to authorities on the command line: what `dpo notice` does for them, and the log with an authority."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from dpo_app.cli.session import Session, reference
from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_log import AuthorityEvent, ContactKind
from dpo_app.core.authority.authority_notice import Gap, Own, parsed_own
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.files import write_bytes
from dpo_app.messages import word
from dpo_app.services.authority.authority_case import Case, owed_by
from dpo_app.services.authority.record_authority import record_authority_event
from dpo_app.services.authority.tell_authority import (
    approve_authority_notice,
    draft_authority_notice,
    leave_open,
    look_at,
    notice_pdf,
    published_form,
    say_in_notice,
)

LARGEST = 20_000_000


def recipient_of(desk: Any, number: NoticeId) -> str:
    """Return to whom a notice is. Raises InputError("no_such_notice")."""
    with desk.read() as queries:
        return str(queries.recipient_of(number))


def draft(session: Session, breach: BreachId, authority: str, phase: str, withdraw: bool, language: str) -> None:
    """Draft a notice to an authority and say what it lacks."""
    with session.desk() as desk:
        made, _ = draft_authority_notice(desk, breach, authority, NoticePhase(phase), withdraw, language)
        case = look_at(desk, made)
    session.say(
        {"notice": f"N{made}", "authority": case.authority.id, "phase": case.notice.phase.value,
         "completeness": case.filled.completeness.value, "missing": [_gap(case, gap) for gap in case.filled.gaps]},
        f"Notice N{made} to {case.authority.name} drafted from revision {case.saved.number}: "
        f"{len(case.filled.gaps)} fields to settle, {len(case.filled.open)} open.",
    )  # fmt: skip


def _gap(case: Case, gap: Gap) -> dict[str, Any]:
    return {"no": gap.no, "key": gap.key, "why": gap.kind.value, "field": case.words.fields[gap.key],
            "may_stay_open": case.template.field(gap.key).open}  # fmt: skip


def _finding(case: Case, gap: Gap) -> str:
    hint = " (may stay open)" if case.template.field(gap.key).open else ""
    return f"  {gap.no:3} {gap.key:24} {word(gap.kind)}{hint}"


def check(session: Session, desk: Any, number: NoticeId) -> None:
    """Say what a notice to an authority lacks; exit 1 if it cannot be approved."""
    case = look_at(desk, number)
    result = {
        "missing": [_gap(case, gap) for gap in case.filled.gaps], "completeness": case.filled.completeness.value,
        "open": [{"no": a.no, "key": a.key, "reason": a.reason, "due": a.due.isoformat() if a.due else None}
                 for a in case.filled.open],
        "outdated": case.outdated, "revision": case.saved.number, "newest_revision": case.newest,
        "changed": [each.key for each in case.changes],
    }  # fmt: skip
    old = (f"Written from revision {case.saved.number}; {case.newest} is the newest.",) if case.outdated else ()
    session.say(
        result,
        f"{word(case.filled.completeness)}: {len(case.filled.gaps)} to settle, {len(case.filled.open)} open",
        *old, *(_finding(case, gap) for gap in case.filled.gaps),
    )  # fmt: skip
    if case.filled.gaps or case.outdated:
        raise SystemExit(1)


def approve(session: Session, desk: Any, number: NoticeId, by: str) -> None:
    """Freeze a notice to an authority."""
    approved, _ = approve_authority_notice(desk, number, by)
    session.say({"approved": True, "sha256": approved.sha256}, f"Approved and frozen: {approved.sha256}")


def show(session: Session, desk: Any, number: NoticeId, pdf: Path | None, form: Path | None) -> None:
    """Show a notice to an authority, write its PDF and its published form."""
    with desk.read() as queries:
        data = published_form(desk, queries, number)
        paper = notice_pdf(desk, queries, number) if pdf is not None else b""
    case = look_at(desk, number)
    if pdf is not None:
        write_bytes(pdf, paper)
    if form is not None:
        write_bytes(form, data)
    lines = []
    for each in case.filled.answers:
        if each.says_something:
            change = case.changed(each.key)
            was = f"   (was: {(case.before or {}).get(each.key, '–')})" if change else ""
            lines.append(f"{each.no:3} {case.words.fields[each.key]}: {case.texts.get(each.key, '')}{was}")
    session.say({"notice": f"N{number}", "state": case.notice.state.value, **json.loads(data)}, *lines)


@click.command()
@click.argument("which")
@click.argument("field")
@click.argument("value")
@click.pass_obj
def say(session: Session, which: str, field: str, value: str) -> None:
    """Say something in a field of a draft to an authority; FIELD is its number or key, "" takes it back."""
    number = NoticeId(reference(which, "N", "N1"))
    with session.desk() as desk:
        case = look_at(desk, number)
        asked = next((f for f in case.template.fields if field in (f.key, str(f.no))), None)
        if asked is None:
            raise InputError("no_such_field", field=field[:40])
        try:
            own = Own(parsed_own(asked, value)) if value else None
        except ValueError as error:
            raise InputError("field_value", no=asked.no, kind=str(error)) from None
        say_in_notice(desk, number, {asked.key: own})
        left = len(look_at(desk, number).filled.gaps)
    session.say({"notice": which.upper(), "field": asked.key, "missing": left}, f"Field {asked.no} kept; {left} left.")


@click.command("open")
@click.argument("which")
@click.option("--reason", required=True, help="Why it is not known yet.")
@click.option("--due", required=True, help="By which day it will be: 2026-11-06.")
@click.pass_obj
def leave(session: Session, which: str, reason: str, due: str) -> None:
    """Leave everything open that is not answered and may stay open."""
    number = NoticeId(reference(which, "N", "N1"))
    with session.desk() as desk:
        count, _ = leave_open(desk, number, reason, _day(due))
        left = len(look_at(desk, number).filled.gaps)
    session.say(
        {"notice": which.upper(), "left_open": count, "missing": left}, f"{count} fields left open; {left} left."
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("field_not_date", field="due") from None


def _instant(text: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("field_not_instant", field="at") from None
    return (
        found if found.utcoffset() is not None else found.replace(tzinfo=ZoneInfo(zone) if zone else None).astimezone()
    )


def _files(paths: tuple[Path, ...]) -> list[tuple[str, bytes]]:
    found = []
    for path in paths:
        try:
            if path.stat().st_size > LARGEST:
                raise InputError("file_too_big", file=path.name, limit_mb=LARGEST // 1_000_000)
            found.append((path.name, path.read_bytes()))
        except FileNotFoundError:
            raise InputError("no_such_file", file=path.name) from None
        except OSError:
            raise InputError("cannot_read", file=path.name) from None
    return found


_CHANNELS = click.Choice([each.value for each in AuthorityChannel])


@click.command()
@click.argument("which")
@click.option("--at", "at", required=True, help="When it was handed in; without a zone, the organisation's.")
@click.option("--channel", type=_CHANNELS, default="portal", show_default=True)
@click.option("--by", "by", required=True, help="Who handed it in.")
@click.option("--reference", "number", default="", help="The authority's own number.")
@click.option("--reason", default="", help="Why it was late, if it was.")
@click.option("--receipt", "receipts", multiple=True, type=click.Path(path_type=Path))
@click.option("--corrects", type=int, default=0, help="Number of the entry that was wrong.")
@click.pass_obj
def sent(
    session: Session, which: str, at: str, channel: str, by: str, number: str, reason: str,
    receipts: tuple[Path, ...], corrects: int,
) -> None:  # fmt: skip
    """Record that an approved notice was handed in to its authority, with its receipt."""
    notice_id = NoticeId(reference(which, "N", "N1"))
    with session.desk() as desk:
        event = AuthorityEvent(
            0, "", ContactKind.SUBMITTED, _instant(at, desk.time_zone), AuthorityChannel(channel), by, notice_id,
            reference=number, reason=reason, corrects=corrects,
        )  # fmt: skip
        entry, _ = record_authority_event(desk, event, _files(receipts))
    session.say({"notice": which.upper(), "entry": entry}, f"Recorded: {which.upper()} was handed in ({at}).")


@click.group()
def authority() -> None:
    """Who is owed a notice, and what passed between."""


@authority.command()
@click.argument("which")
@click.pass_obj
def owed(session: Session, which: str) -> None:
    """Say which authorities a breach touches: lead, concerned, and why."""
    breach = BreachId(reference(which, "B", "B1"))
    with session.desk() as desk:
        directory = desk.forms.directory()
        with desk.read() as queries:
            found = owed_by(desk, queries, breach)
    session.say(
        {"owed": [{"authority": o.authority, "name": directory.find(o.authority).name, "role": o.role.value,
                   "owed": o.owed, "persons": o.persons, "reasons": [r.value for r in o.reasons]} for o in found]},
        *(f"{o.authority:6} {word(o.role)}: {' '.join(word(r) for r in o.reasons)}" for o in found),
    )  # fmt: skip


@authority.command()
@click.argument("which")
@click.pass_obj
def log(session: Session, which: str) -> None:
    """List what passed between the controller and authorities."""
    breach = BreachId(reference(which, "B", "B1"))
    with session.desk() as desk, desk.read() as queries:
        queries.breach_uid(breach)
        events = queries.authority_events(breach)
        told = queries.authority_told(breach)
    session.say(
        {"told": [{"authority": t.authority, "at": t.at.isoformat(), "phase": t.phase.value, "reference": t.reference,
                   "notice": f"N{t.notice_id}" if t.notice_id else None, "withdraw": t.withdraw} for t in told],
         "entries": [_entry(each) for each in events]},
        *(f"{e.id:4} {e.at:%Y-%m-%d %H:%M} UTC  {e.authority:6} {word(e.kind)}, {word(e.channel)}  {e.reference} {e.note}"
          for e in events),
    )  # fmt: skip


def _entry(each: AuthorityEvent) -> dict[str, Any]:
    return {
        "entry": each.id, "at": each.at.isoformat(), "authority": each.authority, "kind": each.kind.value,
        "channel": each.channel.value, "by": each.by, "notice": f"N{each.notice_id}" if each.notice_id else None,
        "phase": each.phase.value if each.phase else None, "reference": each.reference, "note": each.note,
        "reason": each.reason, "corrects": each.corrects or None,
        "files": [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in each.files],
    }  # fmt: skip


@authority.command()
@click.argument("which")
@click.option("--authority", "authority_id", required=True)
@click.option("--kind", type=click.Choice([each.value for each in ContactKind]), required=True)
@click.option("--at", "at", required=True, help="When it happened; without a zone, the organisation's.")
@click.option("--channel", type=_CHANNELS, default="email", show_default=True)
@click.option("--by", "by", required=True, help="Who did it.")
@click.option("--phase", type=click.Choice([p.value for p in NoticePhase]), help="Of a notice made by other means.")
@click.option("--reference", "number", default="", help="The authority's own number.")
@click.option("--note", default="")
@click.option("--reason", default="", help="Why a notice was late.")
@click.option("--file", "files", multiple=True, type=click.Path(path_type=Path))
@click.pass_obj
def note(
    session: Session, which: str, authority_id: str, kind: str, at: str, channel: str, by: str, phase: str | None,
    number: str, note: str, reason: str, files: tuple[Path, ...],
) -> None:  # fmt: skip
    """Add an entry to the log: a letter, a call, an order, or a notice that was made by other means."""
    breach = BreachId(reference(which, "B", "B1"))
    with session.desk() as desk:
        event = AuthorityEvent(
            breach, authority_id, ContactKind(kind), _instant(at, desk.time_zone), AuthorityChannel(channel), by,
            phase=NoticePhase(phase) if phase else None, reference=number, note=note, reason=reason,
        )  # fmt: skip
        entry, _ = record_authority_event(desk, event, _files(files))
    session.say({"breach": which.upper(), "entry": entry}, f"Entry {entry} added.")


COMMANDS = (authority,)
