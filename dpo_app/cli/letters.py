"""Letters for the post, and what became of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from dpo_app.cli.session import Meter, Session, person_of, reference
from dpo_app.core.delivery import ReturnReason
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, grouped
from dpo_app.core.letters.letter import DEFAULT_BATCH
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.postal import AddressProblem
from dpo_app.messages import explain, word
from dpo_app.services.letters.letter_layouts import known_layouts
from dpo_app.services.letters.make_letters import (
    confirm_posted,
    finish_batch,
    make_letters,
    withdraw_batch,
)
from dpo_app.services.letters.record_returned import record_returned, take_back_returned
from dpo_app.services.letters.returned_pile import record_pile
from dpo_app.services.letters.settle_letters import confirm_printed, reprint_letter
from dpo_app.services.persons.correct_address import correct_address


def _why_refused(code: str) -> str:
    return word(AddressProblem(code)) if code in set(AddressProblem) else code


@click.group()
def letters() -> None:
    """Letters for the post."""


@letters.command()
@click.argument("which")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--layout", default="fi-c5", show_default=True)
@click.option("--limit", type=click.IntRange(1))
@click.option("--batch-size", type=int, default=DEFAULT_BATCH, show_default=True, help="Letters in a batch at most.")
@click.option("--duplex", is_flag=True)
@click.option("--large", is_flag=True, help="Large print, 16 pt.")
@click.option("--also", multiple=True, metavar="LANGUAGE", help="A further language in the same envelope.")
@click.option("--person", default="", help="Code of one person: the only way to write to a protected address.")
@click.pass_obj
def make(
    session: Session, which: str, out: Path, layout: str, limit: int | None, batch_size: int, duplex: bool,
    large: bool, also: tuple[str, ...], person: str,
) -> None:  # fmt: skip
    """Make the letters of everybody on the letter rung who is still open.

    Each page is read back from the finished file before its batch is released."""
    number: BreachId = reference(which, "B", "B1")
    with session.desk() as desk:
        only = person_of(desk, person)[0] if person else None
        made = make_letters(
            desk, number, out, layout, duplex, limit, batch_size, Meter("letters"), only, large=large, also=also
        )
    if only is not None and not made.letters and not made.refused:
        raise RuleError("not_one_by_one")
    refused = [{"person": code, "code": why, "detail": detail} for code, why, detail in made.refused]
    session.say(
        {
            "batch": [b.reference for b in made.batches], "letters": made.letters,
            "pages": sum(b.pages for b in made.batches), "sheets": sum(b.sheets for b in made.batches),
            "files": [file for b in made.batches for file in b.files], "refused": refused,
        },
        *(f"{b.reference}: {b.letters} letters, {b.pages} pages, {b.sheets} sheets" for b in made.batches),
        f"{made.letters} letters; {len(refused)} persons refused",
        *(f"  {grouped(r['person'])}: {_why_refused(r['code'])} {r['detail']}".rstrip() for r in refused[:20]),
    )  # fmt: skip
    if refused and made.letters:
        raise SystemExit(4)


@letters.command()
@click.pass_obj
def layouts(session: Session) -> None:
    """List the layouts with the standards they come from."""
    with session.desk() as desk, desk.read() as queries:
        found = list(known_layouts(desk, queries).values())
    session.say(
        {"layouts": [
            {"id": each.id, "title": each.titles.get("en", each.id), "source": each.source, "status": each.status,
             "envelopes": [envelope.name for envelope in each.envelopes]}
            for each in found
        ]},
        *(f"{each.id}: {each.titles.get('en', each.id)} ({each.status}; {each.source})" for each in found),
    )  # fmt: skip


@letters.command()
@click.argument("batch")
@click.option("--sheets", type=int, required=True, help="How many sheets were counted: must be all of the batch.")
@click.pass_obj
def printed(session: Session, batch: str, sheets: int) -> None:
    """Confirm that a batch was printed."""
    with session.desk() as desk:
        confirm_printed(desk, reference(batch, "L", "L1"), sheets)
    session.say({"sheets": sheets}, f"{batch.upper()}: {sheets} sheets are printed.")


@letters.command()
@click.argument("batch")
@click.argument("number", type=click.IntRange(1))
@click.option("--reason", required=True, help="What spoiled the first print; that one must be destroyed.")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.pass_obj
def reprint(session: Session, batch: str, number: int, reason: str, out: Path) -> None:
    """Write one letter again: the same letter with the same code."""
    with session.desk() as desk:
        name, _ = reprint_letter(desk, reference(batch, "L", "L1"), number, reason, out)
    session.say({"file": name}, f"{name}: destroy the spoiled print.")


@letters.command()
@click.argument("batch")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.pass_obj
def finish(session: Session, batch: str, out: Path) -> None:
    """Write the folder of a batch that was interrupted: the same letters, the same bytes."""
    with session.desk() as desk:
        made = finish_batch(desk, reference(batch, "L", "L1"), out)
    session.say({"batch": made.reference, "letters": made.letters}, f"{made.reference}: {made.letters} letters")


@letters.command()
@click.argument("batch")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.pass_obj
def posted(session: Session, batch: str, day: datetime) -> None:
    """Confirm that a batch was handed to the post."""
    with session.desk() as desk:
        persons, _ = confirm_posted(desk, reference(batch, "L", "L1"), day.date())
    session.say({"persons": persons}, f"{persons} persons are told.")


@letters.command()
@click.argument("codes", nargs=-1)
@click.option("--reason", type=click.Choice([each.value for each in ReturnReason]), required=True)
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Pictures or a scanned PDF of envelopes, a folder of them, or a list from the post.",
)
@click.pass_obj
def returned(session: Session, codes: tuple[str, ...], reason: str, files: tuple[Path, ...]) -> None:
    """Record letters that came back, by the code on them; a code that is none of ours changes nothing."""
    if not codes and not files:
        raise click.UsageError("Give codes, or --file.")
    pages, without = 0, []
    with session.desk() as desk:
        found = list(record_returned(desk, codes, ReturnReason(reason)).letters) if codes else []
        if files:
            pile = record_pile(desk, list(files), ReturnReason(reason), Meter("pages"))
            found.extend(pile.returned.letters)
            pages, without = pile.pages, [{"file": name, "page": page} for name, page in pile.without]
    changed = sum(not each.problem and not each.again for each in found)
    again = sum(each.again for each in found)
    refused = [{"code": each.token, "problem": each.problem} for each in found if each.problem]
    session.say(
        {"persons": changed, "again": again, "refused": refused, "pages": pages, "pages_without_code": without},
        f"{changed} letters came back; {again} were recorded before; {len(refused)} codes changed nothing.",
        *(f"  {each['code']}: {explain(InputError(each['problem']))}" for each in refused),
        *(f"  no code on page {each['page']} of {each['file']}" for each in without),
    )
    if refused or without:
        raise SystemExit(4 if changed else 2)


@letters.command("take-back")
@click.argument("codes", nargs=-1, required=True)
@click.pass_obj
def take_back(session: Session, codes: tuple[str, ...]) -> None:
    """Count letters as posted again that were recorded as come back by mistake."""
    with session.desk() as desk:
        found = take_back_returned(desk, codes)
    refused = [{"code": each.token, "problem": each.problem} for each in found.letters if each.problem]
    session.say(
        {"persons": found.returned, "refused": refused}, f"{found.returned} letters count as posted again.",
        *(f"  {each['code']}: {explain(InputError(each['problem']))}" for each in refused),
    )  # fmt: skip
    if refused:
        raise SystemExit(4 if found.returned else 2)


@letters.command()
@click.argument("which")
@click.option("--person", required=True, metavar="CODE", help="Code of the person.")
@click.option("--care-of", default="")
@click.option("--street", required=True)
@click.option("--postcode", default="")
@click.option("--town", default="")
@click.option("--country", default="")
@click.option("--reason", required=True, help="Where this address comes from.")
@click.pass_obj
def address(
    session: Session, which: str, person: str, care_of: str, street: str, postcode: str, town: str, country: str,
    reason: str,
) -> None:  # fmt: skip
    """Write a better address of somebody whose letter came back; the next letters take them along again."""
    number: BreachId = reference(which, "B", "B1")
    with session.desk() as desk:
        who = person_of(desk, person)[0]
        done = correct_address(
            desk, number, who, PostalAddress(care_of, street, postcode, town, country.upper()), reason
        )
    session.say({"persons": 1}, f"Saved; the next letter shows {len(done.lines)} lines.")


@letters.command()
@click.argument("batch")
@click.option("--reason", required=True)
@click.pass_obj
def withdraw(session: Session, batch: str, reason: str) -> None:
    """Take a batch back that was not posted."""
    with session.desk() as desk:
        persons, _ = withdraw_batch(desk, reference(batch, "L", "L1"), reason)
    session.say({"persons": persons}, f"{persons} persons are open again.")


COMMANDS = (letters,)
