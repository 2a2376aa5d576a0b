"""Persons who are one, and households: `dpo persons duplicates`, `merge`, `unmerge`, `households`."""

from __future__ import annotations

from typing import Any

import click

from dpo_app.cli.persons import persons
from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, PersonId, grouped, merge_ref, plain_code
from dpo_app.core.persons.linkage.compare import Field, Level, level_of
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.linkage import FIELDS
from dpo_app.services.persons.list_households import households
from dpo_app.services.persons.merge_persons import (
    count_records,
    keep_apart,
    link_register,
    merge_persons,
    merge_sure,
    unmerge,
)

SHOWN = 50
LISTED = 1_000
#: They stand under `dpo persons`.
COMMANDS = (persons,)


@persons.command()
@click.argument("which")
@click.option("--merge-sure", "merge_them", is_flag=True, help="Merge those who are surely one person.")
@click.option("--reason", default="", help="Why, for the trail; needed with --merge-sure.")
@click.pass_obj
def duplicates(session: Session, which: str, merge_them: bool, reason: str) -> None:
    """Find persons who are twice in the register: surely, and perhaps, with the score and what agrees."""
    number = BreachId(reference(which, "B", "B1"))
    if merge_them and not reason.strip():
        raise InputError("reason_needed")
    with session.desk() as desk:
        found = link_register(desk, number, Meter("passes"))
        merged = left = 0
        if merge_them:
            merged, left, _changes = merge_sure(desk, number, reason, Meter("merged"))
        count = count_records(desk, number)
        with desk.read() as queries:
            lines = queries.links.pairs(number, None, limit=LISTED)
            people = {line.left_person for line in lines} | {line.right_person for line in lines}
            codes = {n: grouped(v["code"]) for n, v in queries.links.values(sorted(filter(None, people))).items()}
    pairs = [_pair(line, codes) for line in lines if line.left_person in codes and line.right_person in codes]
    session.say(
        {"persons": count.persons, "records": count.records, "repeated": count.repeated, "changed": count.changed,
         "rejected": count.rejected, "merged": count.merged, "merged_now": merged, "left": left, "sure": found.sure,
         "perhaps": found.perhaps, "pairs": pairs},
        f"{count.records} records = {count.persons} persons + {count.repeated} repeated + {count.changed} changed + "
        f"{count.merged} merged + {count.rejected} rejected",
        f"{found.sure} pairs are surely, {found.perhaps} perhaps one person"
        + (f"; {merged} merged now, {left} left for you: both were written to" if merge_them else ""),
        *(f"  {p['left']}  {p['right']}  {p['likeness']:.3f}  {', '.join(p['agree'])} / {', '.join(p['differ'])}"
          for p in pairs[:SHOWN]),
    )  # fmt: skip


def _pair(line: Any, codes: dict[int, str]) -> dict[str, Any]:
    levels = {field: level_of(line.pattern, field) for field in Field}
    return {
        "left": codes[line.left_person], "right": codes[line.right_person], "likeness": line.likeness / 1_000,
        "sure": line.sure,
        "agree": [_said(f, level) for f, level in levels.items() if level not in (Level.MISSING, Level.DIFFERENT)],
        "differ": [_(FIELDS[f]) for f, level in levels.items() if level is Level.DIFFERENT],
    }  # fmt: skip


def _said(field: Field, level: Level) -> str:
    return _(FIELDS[field]) if level is Level.SAME else f"{_(FIELDS[field])} ({word(level)})"


def _persons(desk: Any, codes: tuple[str, ...]) -> list[PersonId]:
    with desk.read() as queries:
        found = [queries.person_by_code(plain_code(code)) for code in codes]
    if None in found:
        raise InputError("no_such_person")
    return [PersonId(number) for number in found]


@persons.command()
@click.argument("kept")
@click.argument("gone")
@click.option("--reason", required=True)
@click.pass_obj
def merge(session: Session, kept: str, gone: str, reason: str) -> None:
    """Make one person of two, named by their codes; the first one keeps code and values."""
    with session.desk() as desk:
        first, second = _persons(desk, (kept, gone))
        made = merge_persons(desk, first, second, reason)
    said = merge_ref(made.merge_id)
    session.say({"merge": said, "kept": grouped(plain_code(kept))}, f"{said}: two records are one person now.")


@persons.command("unmerge")
@click.argument("which")
@click.pass_obj
def unmerge_(session: Session, which: str) -> None:
    """Take a merge (M1) back: two persons again, each with the messages they were sent."""
    with session.desk() as desk:
        made = unmerge(desk, reference(which, "M", "M1"))
        with desk.read() as queries:
            line = queries.links.merge(made.merge_id)
            codes = [grouped(each["code"]) for each in queries.links.values([line.kept_id, line.gone_id]).values()]
    session.say({"persons": codes}, f"Two persons again: {', '.join(codes)}")


@persons.command()
@click.argument("which")
@click.pass_obj
def merges(session: Session, which: str) -> None:
    """List the merges of a breach that count, newest first: what `unmerge` takes."""
    number = BreachId(reference(which, "B", "B1"))
    with session.desk() as desk, desk.read() as queries:
        queries.breach_uid(number)
        lines = queries.links.merges(number)
    session.say(
        {"merges": [{"merge": merge_ref(x.id), "gone": grouped(x.code), "reason": x.reason, "by": x.merged_by,
                     "at": x.merged_at} for x in lines]},
        *(f"{merge_ref(x.id)}  {grouped(x.code)}  {x.merged_by}: {x.reason}" for x in lines),
        f"{len(lines)} merges",
    )  # fmt: skip


@persons.command()
@click.argument("left")
@click.argument("right")
@click.pass_obj
def different(session: Session, left: str, right: str) -> None:
    """Say that two persons whom `duplicates` showed are different people."""
    with session.desk() as desk:
        pair = set(_persons(desk, (left, right)))
        with desk.read() as queries:
            breach_id = queries.breach_of_person(next(iter(pair)))
            lines = queries.links.pairs(breach_id, None, limit=1_000_000)
        found = next((each for each in lines if {each.left_person, each.right_person} == pair), None)
        if found is None:
            raise InputError("no_such_pair")
        keep_apart(desk, found.id)
    session.say({"persons": 2}, "They stay two persons and are not brought up again.")


@persons.command("households")
@click.argument("which")
@click.pass_obj
def households_(session: Session, which: str) -> None:
    """List persons who share an address or a mail address; each gets a message of their own."""
    number = BreachId(reference(which, "B", "B1"))
    with session.desk() as desk:
        found = households(desk, number, LISTED, Meter("persons"))
    session.say(
        {"addresses": found.addresses, "mail_addresses": found.mails, "persons": found.persons,
         "groups": [{"shared": g.kind.value, "persons": list(map(grouped, g.codes))} for g in found.groups]},
        f"{found.addresses} addresses and {found.mails} mail addresses are shared, by {found.persons} persons; each "
        "gets a message of their own",
        *(f"  {word(g.kind)}: {', '.join(map(grouped, g.codes))}" for g in found.groups[:SHOWN]),
    )  # fmt: skip
