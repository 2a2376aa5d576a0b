"""Exposure that moves: what a revision or other dates would do, and who is owed more than they were told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dpo_app.cli.breach import breach, facts_of_file
from dpo_app.cli.persons import persons
from dpo_app.cli.session import Session, person_of, reference
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, RevisionId, grouped, notice_ref
from dpo_app.core.proof.audit import AuditAction
from dpo_app.messages import word
from dpo_app.services.desk.manage_store import note
from dpo_app.services.facts.foresee_moves import foresee_dates, foresee_revision
from dpo_app.services.notices.follow_up import draft_follow_up
from dpo_app.services.notices.owed import owed
from dpo_app.services.persons.correct_dates import correct_dates


@breach.command("foresee")
@click.argument("which")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def foresee(session: Session, which: str, file: Path) -> None:
    """Say who would move where if the facts of a file became the next revision; nothing is kept."""
    number = reference(which, "B", "B1")
    facts = facts_of_file(file)
    with session.desk() as desk:
        found = foresee_revision(desk, number, facts)
    moves = [{"from": before, "to": after, "persons": count} for (before, after), count in sorted(found.cells.items())]
    session.say(
        {"persons": found.persons, "moved": found.moved, "moves": moves, "in_scope": list(found.in_scope),
         "owed": {reason.value: count for reason, count in found.owed.items()}},
        *(f"{count:>9}  {_said(before)} -> {_said(after)}" for (before, after), count in sorted(found.cells.items())),
        f"{found.moved} of {found.persons} would move; {sum(found.owed.values())} who were told would be owed more.",
    )  # fmt: skip


def _said(exposure: str) -> str:
    return word(ExposureState(exposure)) if exposure else "-"


@persons.command("owed")
@click.argument("which")
@click.option("--draft", is_flag=True, help="Draft a follow-up for exactly these persons.")
@click.option("--language", "languages", multiple=True)
@click.pass_obj
def owed_(session: Session, which: str, draft: bool, languages: tuple[str, ...]) -> None:
    """List those who were told under an older revision and are owed more; their codes, never their names."""
    number = reference(which, "B", "B1")
    notice = ""
    with session.desk() as desk:
        found = owed(desk, number)
        with desk.read() as queries:
            revision = RevisionId(queries.newest_revision(number).id)
            codes = [line.code for line in queries.person_lines(revision, found.ids)]
        if draft:
            notice = notice_ref(draft_follow_up(desk, number, languages)[0])
        note(desk, AuditAction.OWED_LISTED, persons=found.persons)
    result: dict[str, Any] = {
        "owed": found.persons, "reasons": {reason.value: count for reason, count in found.reasons.items()},
        "told_under": {str(revision): count for revision, count in found.told_under.items()}, "persons": codes,
    }  # fmt: skip
    if notice:
        result["notice"] = notice
    session.say(
        result,
        *(f"{count:>9}  {word(reason)}" for reason, count in found.reasons.items()),
        *map(grouped, codes[:20]),
        f"{found.persons} persons are owed more" + (f"; {notice} is drafted for them." if notice else "."),
    )


@persons.command("dates")
@click.argument("code")
@click.option("--registered", default=None, help="YYYY-MM-DD, YYYY-MM or YYYY; empty for none.")
@click.option("--removed", default=None)
@click.option("--reason", default="", help="Without it nothing is changed, only said.")
@click.pass_obj
def dates(session: Session, code: str, registered: str | None, removed: str | None, reason: str) -> None:
    """Say what other dates in the register would do to a person; with a reason, correct them."""
    with session.desk() as desk:
        person, revision = person_of(desk, code)
        number = BreachId(revision.breach_id)
        with desk.read() as queries:
            view = queries.person(person, RevisionId(revision.id))
        first = view.registered if registered is None else registered
        last = view.removed if removed is None else removed
        if reason:
            move = correct_dates(desk, number, person, first, last, reason).move
        else:
            (move,) = foresee_dates(desk, number, {person: (first, last)})
    session.say(
        {"from": move.before, "to": move.after.state.value, "owed": move.owed.value if move.owed else "",
         "applied": bool(reason)},
        f"{_said(move.before)} -> {word(move.after.state)}",
        word(move.owed) if move.owed else "",
    )  # fmt: skip


COMMANDS: tuple[click.Command, ...] = ()
