"""Contact data: `dpo persons problems`, `correct`, `uncorrect`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dpo_app.cli.persons import column_choices, persons
from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.ids import BreachId, correction_ref, grouped
from dpo_app.core.persons.contact_check import ContactProblem
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.contact import COLUMNS
from dpo_app.services.persons.correct_by_file import FileCorrections, correct_by_file, read_corrections
from dpo_app.services.persons.correct_persons import Corrected, correct_persons, undo_correction
from dpo_app.services.persons.find_problems import Problems, find_problems

SHOWN = 40
LISTED = 1_000
#: They stand under `dpo persons`.
COMMANDS = (persons,)


@persons.command()
@click.argument("which")
@click.option("--kind", type=click.Choice([each.value for each in ContactProblem]), help="Only this kind.")
@click.option("--apply", "apply_them", is_flag=True, help="Take the suggestions of the kind; undone by uncorrect.")
@click.pass_obj
def problems(session: Session, which: str, kind: str | None, apply_them: bool) -> None:
    """Check everybody's contact data: what is doubtful, by kind, and what would mend it."""
    if apply_them and kind is None:
        raise click.UsageError("--apply needs --kind: suggestions are taken one kind at a time.")
    number = BreachId(reference(which, "B", "B1"))
    wanted = ContactProblem(kind) if kind else None
    done: Corrected | None = None
    with session.desk() as desk:
        found = find_problems(desk, number, wanted, LISTED if not apply_them else 1_000_000, Meter("persons"))
        if apply_them:
            changes = {x.person_id: dict(x.doubt.suggestion) for x in found.lines if x.doubt.suggestion}
            done = correct_persons(desk, number, changes, progress=Meter("persons"))
    _say_problems(session, found, done)


def _say_problems(session: Session, found: Problems, done: Corrected | None) -> None:
    shown = found.lines[:LISTED]
    session.say(
        {"persons": found.persons,
         "kinds": [{"code": k.code.value, "persons": k.persons, "suggested": k.suggested} for k in found.kinds],
         "problems": [{"person": grouped(x.code), "code": x.doubt.code.value, "column": x.doubt.column,
                       "detail": x.doubt.detail, "suggestion": sorted(x.doubt.suggestion)} for x in shown],
         "correction": correction_ref(done.correction_id) if done else None, "corrected": done.persons if done else 0},
        f"{found.persons} persons looked at",
        *(f"  {k.persons} x {word(k.code)}" + (f", {k.suggested} with a suggestion" if k.suggested else "")
          for k in found.kinds),
        *(f"  {grouped(x.code)}  {word(x.doubt.code)}: {_(COLUMNS[x.doubt.column])}" for x in shown[:SHOWN]),
        *([f"{correction_ref(done.correction_id)}: {done.persons} persons corrected"] if done else []),
    )  # fmt: skip


@persons.command()
@click.argument("which")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--columns", type=click.Path(path_type=Path), help="TOML: what the columns become, as for import.")
@click.option("--check", is_flag=True, help="Show what would change, change nothing.")
@click.option("--protected-too", is_flag=True, help="Also change contact data of persons with a protected address.")
@click.pass_obj
def correct(session: Session, which: str, file: Path, columns: Path | None, check: bool, protected_too: bool) -> None:
    """Bring in a file of corrections, matched by code, customer number or national id. Nothing is sent by it."""
    number = BreachId(reference(which, "B", "B1"))
    done: Corrected | None = None
    with session.desk() as desk:
        choices = column_choices(columns)
        if check:
            found = read_corrections(
                desk, number, file, protected_too=protected_too, chosen=choices, progress=Meter("rows")
            )
        else:
            found, done = correct_by_file(
                desk, number, file, protected_too=protected_too, chosen=choices, progress=Meter("rows")
            )
    _say_correction(session, found, done)


def _say_correction(session: Session, found: FileCorrections, done: Corrected | None) -> None:
    changed, left = found.preview.changed, found.preview.left_out
    session.say(
        {"rows": found.rows, "changed": len(changed), "unchanged": found.preview.unchanged, "left_out": len(left),
         "applied": done is not None, "correction": correction_ref(done.correction_id) if done else None,
         "in_hand": done.in_hand if done else 0, "columns": list(found.columns),
         "changes": [_change(line) for line in changed[:LISTED]],
         "problems": [{"row": line.row, "code": line.left_out.value} for line in left if line.left_out]},
        f"{found.rows} rows = {len(changed)} changed + {found.preview.unchanged} unchanged + {len(left)} left out",
        *(f"  row {x.row}: {grouped(x.code)}, {', '.join(_(COLUMNS[c]) for c in x.after if c in COLUMNS)}"
          for x in changed[:SHOWN]),
        *(f"  row {x.row} left out: {word(x.left_out)}" for x in left[:SHOWN] if x.left_out),
        *([f"{correction_ref(done.correction_id)}: {done.persons} persons corrected; {done.in_hand} have a message in "
           "hand that was made with the old data"] if done else []),
    )  # fmt: skip


def _change(line: Any) -> dict[str, Any]:
    columns = [name for name in line.after if name in COLUMNS]
    return {"row": line.row, "person": grouped(line.code), "columns": columns, "protected": line.protected,
            "shares_mail": line.shares_mail}  # fmt: skip


@persons.command("corrections")
@click.argument("which")
@click.pass_obj
def corrections_(session: Session, which: str) -> None:
    """List the corrections of a breach that count, newest first: what `uncorrect` takes."""
    number = BreachId(reference(which, "B", "B1"))
    with session.desk() as desk, desk.read() as queries:
        queries.breach_uid(number)
        lines = queries.corrections.corrections(number)
    session.say(
        {"corrections": [{"correction": correction_ref(x.id), "persons": x.persons, "source": x.source,
                          "file": x.file_name, "by": x.made_by, "at": x.made_at} for x in lines]},
        *(f"{correction_ref(x.id)}  {x.persons} persons  {x.source} {x.file_name}  {x.made_by}" for x in lines),
        f"{len(lines)} corrections",
    )  # fmt: skip


@persons.command()
@click.argument("which")
@click.pass_obj
def uncorrect(session: Session, which: str) -> None:
    """Take a correction (C1) back; possible until something was sent with the new data."""
    with session.desk() as desk:
        undone = undo_correction(desk, reference(which, "C", "C1"))
    session.say({"persons": undone.persons}, f"{undone.persons} persons are as they were before.")
