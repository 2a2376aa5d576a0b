"""Breaches, the plan, and where everybody stands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click

from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.clocks.deadline import authority_due
from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import Revision
from dpo_app.core.facts.breach_document import document_from_revision, revision_from_document
from dpo_app.core.facts.differences import differences
from dpo_app.core.facts.fact_catalogue import FactStanding, standings
from dpo_app.core.ids import BreachId
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.notices.owed import count_owed

LIMIT = 2_000_000


def facts_of_file(file: Path) -> Revision:
    """Return the facts of a TOML file. Raises InputError."""
    try:
        if file.stat().st_size > LIMIT:
            raise InputError("file_too_big", file=file.name, limit_mb=2)
        return revision_from_document(tomllib.loads(file.read_text("utf-8-sig")))
    except FileNotFoundError:
        raise InputError("no_such_file", file=file.name) from None
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot_read", file=file.name) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError("toml_broken", where=str(error).rpartition("(")[2].rstrip(")")) from None


@click.group()
def breach() -> None:
    """Record breaches and what is learned of them."""


@breach.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def add(session: Session, file: Path) -> None:
    """Record a breach from a TOML file."""
    facts = facts_of_file(file)
    with session.desk() as desk:
        made = add_breach(desk, facts)
    due = authority_due(facts.awareness.at)
    session.say(
        {"breach": f"B{made.breach_id}", "revision": made.revision.number},
        f"Breach B{made.breach_id} recorded. The authority must be told by {due:%a %d %b %Y %H:%M} UTC.",
    )


@breach.command("revise")
@click.argument("which")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def revise(session: Session, which: str, file: Path) -> None:
    """Record the next revision of a breach's facts."""
    number = reference(which, "B", "B1")
    facts = facts_of_file(file)
    with session.desk() as desk:
        with desk.read() as queries:
            before = queries.newest_revision(number)
        made = revise_breach(desk, number, facts)
        plan = make_plan(desk, number)
        with desk.read() as queries:
            moved = queries.moves(before.id, made.revision.id)
            owed = count_owed(queries, made.revision)
    changed = differences(before.facts, facts)
    session.say(
        {
            "breach": which.upper(), "revision": made.revision.number, "changed": [c.key for c in changed],
            "moved": [{"from": a, "to": b, "persons": n} for (a, b), n in moved.items() if a != b],
            "told_and_owed_more": owed, "exposure": plan.exposure,
        },
        f"Revision {made.revision.number} saved: {len(changed)} facts differ; "
        f"{sum(n for (a, b), n in moved.items() if a != b)} persons move; {owed} told are owed more.",
    )  # fmt: skip


@breach.command("show")
@click.argument("which")
@click.pass_obj
def show(session: Session, which: str) -> None:
    """Show a breach with all its revisions."""
    number = reference(which, "B", "B1")
    with session.desk() as desk, desk.read() as queries:
        saved = queries.revisions(number)
    session.say(
        {
            "breach": which.upper(), "revision": saved[-1].number,
            "revisions": [
                {"number": s.number, "author": s.author, "recorded_at": s.recorded_at.isoformat(),
                 "facts": document_from_revision(s.facts)}
                for s in saved
            ],
        }
    )  # fmt: skip


@breach.command("facts")
@click.argument("which")
@click.pass_obj
def facts(session: Session, which: str) -> None:
    """Show every fact with its state, source and evidence, and what is still open."""
    number = reference(which, "B", "B1")
    with session.desk() as desk, desk.read() as queries:
        saved = queries.newest_revision(number)
    found = standings(saved.facts)
    said = [each for each in found if each.state or each.open]
    session.say(
        {
            "breach": which.upper(), "revision": saved.number,
            "open": [each.spec.key for each in found if each.open],
            "waiting": [{"fact": each.spec.key, "reason": each.note.reason,
                         "due": each.note.due.isoformat() if each.note.due else ""}
                        for each in found if each.waiting and each.note is not None],
            "facts": [_fact(each) for each in found],
        },
        *(f"{each.spec.group.value:14} {each.spec.key:34} {each.state.value if each.state else 'OPEN'}" for each in said),
        f"{sum(each.open for each in found)} open, {sum(each.waiting for each in found)} not yet known with a reason.",
    )  # fmt: skip


def _fact(each: FactStanding) -> dict[str, Any]:
    return {
        "fact": each.spec.key, "group": each.spec.group.value, "state": each.state.value if each.state else "",
        "value": each.value, "source": each.note.source if each.note else "",
        "evidence": list(each.note.evidence) if each.note else [],
    }  # fmt: skip


@breach.command("list")
@click.pass_obj
def list_(session: Session) -> None:
    """List all breaches."""
    with session.desk() as desk, desk.read() as queries:
        lines = queries.breaches()
    session.say(
        {"breaches": [{"breach": f"B{b.id}", "title": b.title, "reference": b.reference,
                       "revision": b.revision_number} for b in lines]},
        *(f"B{b.id}  {b.title}  ({b.reference}, revision {b.revision_number})" for b in lines),
    )  # fmt: skip


@click.command()
@click.argument("which")
@click.pass_obj
def plan(session: Session, which: str) -> None:
    """Work out exposure and channel of every person."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        made = make_plan(desk, number, Meter("persons"))
    session.say(
        {
            "persons": made.persons,
            "exposure": made.exposure,
            "channel": made.channel,
            "revision": made.revision,
        }
    )


@click.command()
@click.argument("which")
@click.pass_obj
def status(session: Session, which: str) -> None:
    """Show where everybody in scope stands; the five sum to the total."""
    number: BreachId = reference(which, "B", "B1")
    with session.desk() as desk, desk.read() as queries:
        saved = queries.newest_revision(number)
        standing = queries.standings(number, saved.id)
    result = standing._asdict()
    session.say(
        {"breach": which.upper(), **result},
        f"In scope {standing.in_scope} = told {standing.told} + on the way {standing.on_the_way} + open "
        f"{standing.open} + unknown {standing.unknown} + excused {standing.excused}",
    )


COMMANDS = (breach, plan, status)
