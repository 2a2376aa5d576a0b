"""Bringing registers in, listing and finding persons."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.errors import InputError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.intake import ProblemCode
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import write_bytes
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.intake import REASONS
from dpo_app.services.desk.manage_store import decide, note
from dpo_app.services.lines import PersonFilter, PersonLine
from dpo_app.services.persons.export_persons import COLUMNS, export_rows
from dpo_app.services.persons.import_persons import (
    Staged,
    accept_import,
    discard_import,
    problem_rows,
    stage_import,
    undo_import,
)
from dpo_app.services.persons.link_import import link_import

MOST_PROBLEMS = 1_000
SHOWN = 20


@click.group()
def persons() -> None:
    """The persons of a breach."""


def column_choices(file: Path | None) -> dict[str, str]:
    """Return what a TOML file says that columns become, {heading: column}."""
    if file is None:
        return {}
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot_read", file=file.name) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError("toml_broken", where=str(error)[-40:]) from None
    columns = document.get("columns", document)
    return {str(heading): str(column) for heading, column in columns.items()}


@persons.command("import")
@click.argument("which")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--columns", type=click.Path(path_type=Path), help="TOML: heading = column.")
@click.option("--check", is_flag=True, help="Look only; bring nothing in.")
@click.option("--encoding", default="")
@click.option("--delimiter", default="")
@click.option("--sheet", default="")
@click.option("--header-row", default=0, help="Row of the headings, from 1.")
@click.option("--keep-profile", default="", help="Keep the columns under this name for the next such file.")
@click.option("--link", "link_rows", is_flag=True, help="Merge rows and persons that are surely one, by score.")
@click.pass_obj
def import_(
    session: Session, which: str, file: Path, columns: Path | None, check: bool, encoding: str, delimiter: str,
    sheet: str, header_row: int, keep_profile: str, link_rows: bool,
) -> None:  # fmt: skip
    """Bring a register in: CSV, XLSX, XLS or ODS."""
    number = reference(which, "B", "B1")
    options: dict[str, Any] = {
        name: value
        for name, value in (("encoding", encoding), ("delimiter", delimiter), ("sheet", sheet),
                            ("header_row", header_row))
        if value
    }  # fmt: skip
    with session.desk() as desk:
        staged = stage_import(
            desk, number, file, chosen=column_choices(columns), options=options, progress=Meter("rows")
        )
        if link_rows:
            staged = replace(link_import(desk, staged.import_id, Meter("passes")).staged, again=staged.again)
        problems = problem_rows(desk, staged.import_id, limit=MOST_PROBLEMS)
        if check:
            discard_import(desk, staged.import_id)
        else:
            accept_import(desk, staged.import_id, keep_profile)
    _say_import(session, staged, problems, check)


def _say_import(session: Session, staged: Staged, problems: Any, check: bool) -> None:
    lines = [
        f"{staged.rows} rows = {staged.new} new + {staged.changed} changed + {staged.duplicate} duplicate + "
        f"{staged.rejected} rejected",
        *(f"  {rows} x {word(ProblemCode(code))}" for code, _severity, rows in staged.kinds),
    ]
    told = sorted((p for p in problems if p.severity != "info"), key=lambda p: p.severity != "stop")
    for p in told[:SHOWN]:
        lines.append(
            f"  row {p.row}, {p.column or '-'}: {word(ProblemCode(p.code))}; {_(REASONS[ProblemCode(p.code)])}"
        )
    if len(told) > SHOWN:
        lines.append(f"  ... and {len(told) - SHOWN} more; --json lists them")
    if staged.again:
        lines.append(f"The same file was brought in before as {staged.again}.")
    session.say(
        {
            "import": f"I{staged.import_id}", "rows": staged.rows, "new": staged.new, "changed": staged.changed,
            "duplicate": staged.duplicate, "rejected": staged.rejected, "applied": not check,
            "problems": [{"row": p.row, "column": p.column, "code": p.code, "severity": p.severity}
                         for p in problems],
        },
        *lines,
    )  # fmt: skip


@persons.command()
@click.argument("which")
@click.pass_obj
def undo(session: Session, which: str) -> None:
    """Take an import back; possible until something was sent."""
    with session.desk() as desk:
        undone = undo_import(desk, reference(which, "I", "I1"))
    session.say({"persons": undone.persons}, f"{undone.persons} persons removed.")


@persons.command("list")
@click.argument("which")
@click.option("--out", type=click.Path(path_type=Path), help="CSV or XLSX; protected persons stay out.")
@click.option("--exposure", multiple=True, type=click.Choice([e.value for e in ExposureState]))
@click.option("--channel", multiple=True, type=click.Choice([c.value for c in Channel]))
@click.pass_obj
def list_(session: Session, which: str, out: Path | None, exposure: tuple[str, ...], channel: tuple[str, ...]) -> None:
    """List persons, or write them to a file that is safe to open."""
    number = reference(which, "B", "B1")
    wanted = PersonFilter(frozenset(map(ExposureState, exposure)), frozenset(map(Channel, channel)))
    with session.desk() as desk:
        rows = list(export_rows(desk, number, wanted))
        if out is not None:
            make = desk.sheets.xlsx if out.suffix.lower() == ".xlsx" else desk.sheets.csv
            write_bytes(out, make(COLUMNS, rows))
            note(desk, AuditAction.LIST_EXPORTED, persons=len(rows))
    result: dict[str, Any] = {"persons": len(rows)}
    if out is not None:
        session.say(result | {"file": str(out)}, f"{len(rows)} persons written to {out}")
    elif session.as_json:
        session.say(result | {"list": [dict(zip(COLUMNS, row, strict=True)) for row in rows]})
    else:
        session.say(result, *("  ".join(map(str, row)) for row in rows[:200]), f"{len(rows)} persons")


@persons.command()
@click.argument("which")
@click.argument("text")
@click.pass_obj
def find(session: Session, which: str, text: str) -> None:
    """Find persons by name, code, customer number or mail address."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        with desk.read() as queries:
            revision = queries.newest_revision(number)
            found = queries.person_lines(revision.id, queries.find_persons(number, text))
        note(desk, AuditAction.SEARCHED, hits=len(found))
    session.say(
        {"persons": [{"person": p.code, "name": _shown_name(p), "exposure": p.exposure,
                      "channel": p.channel, "standing": p.standing} for p in found]},
        *(f"{p.code}  {_shown_name(p)}  {p.exposure}  {p.channel}  {p.standing}" for p in found),
    )  # fmt: skip


def _shown_name(line: PersonLine) -> str:
    """Return a person's name as a list shows it: of a protected person none, `persons show` says it."""
    return "" if line.protected else f"{line.family_name}, {line.given_names}"


@persons.command("decide")
@click.argument("which")
@click.argument("codes", nargs=-1, required=True)
@click.option("--exposure", type=click.Choice([e.value for e in ExposureState]))
@click.option("--channel", type=click.Choice(["email", "letter", "public", "officer"]))
@click.option("--excuse", is_flag=True)
@click.option("--reason", required=True)
@click.pass_obj
def decide_(
    session: Session, which: str, codes: tuple[str, ...], exposure: str | None, channel: str | None, excuse: bool,
    reason: str,
) -> None:  # fmt: skip
    """Overrule exposure or channel of persons, or excuse them, with a reason."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        with desk.read() as queries:
            found = [queries.person_by_code(code.replace("-", "").upper()) for code in codes]
        if None in found:
            raise InputError("no_such_person")
        for kind, value in (
            ("exposure", exposure),
            ("channel", channel),
            ("excuse", "excused" if excuse else None),
        ):
            if value:
                decide(desk, number, found, kind, value, reason)
    session.say({"persons": len(found)}, f"Decided for {len(found)} persons.")


COMMANDS = (persons,)
