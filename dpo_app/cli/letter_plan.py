"""Letters before they are made: what they would be and cost, and proofs to look at."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click

from dpo_app.cli.letters import letters
from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.errors import InputError
from dpo_app.core.ids import grouped
from dpo_app.core.letters.postage import parse_prices
from dpo_app.files import read_limited
from dpo_app.messages import word
from dpo_app.services.letters.letter_layouts import (
    LOGO_BYTES,
    LetterLook,
    check_layout,
    letter_look,
    save_layout,
    save_look,
)
from dpo_app.services.letters.plan_letters import LetterPlan, plan_letters, prices_of, save_prices, write_proofs


def _money(cents: int | None, currency: str) -> str:
    return f"{cents / 100:.2f} {currency}" if cents is not None else "price not known"


def _facts(plan: LetterPlan) -> dict[str, Any]:
    return {
        "letters": plan.letters, "sheets": plan.sheets, "grams": plan.grams, "cents": plan.cents,
        "currency": plan.currency, "refused": dict(plan.refused),
        "batches": [
            {"zone": each.zone, "sheets_class": each.sheets_class, "batches": each.batches, "letters": each.letters,
             "sheets": each.sheets, "grams": round(each.grams), "cents": each.cents, "languages": dict(each.languages)}
            for each in plan.planned
        ],
    }  # fmt: skip


def _lines(plan: LetterPlan) -> list[str]:
    return [
        *(f"{each.zone}, {each.sheets_class} sheets: {each.letters} letters in {each.batches} batches, "
          f"{round(each.grams)} g, {_money(each.cents, plan.currency)}" for each in plan.planned),
        f"{plan.letters} letters, {plan.sheets} sheets, {plan.grams / 1000:.1f} kg, "
        f"{_money(plan.cents, plan.currency)}; {sum(plan.refused.values())} persons refused",
        *(["The price list has no price for some of them: dpo letters prices home:50:2.75 keeps one."]
          if plan.cents is None else []),
    ]  # fmt: skip


@letters.command("plan")
@click.argument("which")
@click.option("--layout", default="fi-c5", show_default=True)
@click.option("--duplex", is_flag=True)
@click.option("--large", is_flag=True)
@click.option("--also", multiple=True, metavar="LANGUAGE")
@click.pass_obj
def plan_command(session: Session, which: str, layout: str, duplex: bool, large: bool, also: tuple[str, ...]) -> None:
    """Say what would be made: batches, sheets, weight, postage. Nothing is kept."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        plan = plan_letters(desk, number, layout, duplex, large=large, also=also, progress=Meter("letters"))
    session.say(_facts(plan), *_lines(plan))


@letters.command()
@click.argument("which")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--layout", default="fi-c5", show_default=True)
@click.option("--duplex", is_flag=True)
@click.option("--large", is_flag=True)
@click.option("--also", multiple=True, metavar="LANGUAGE")
@click.pass_obj
def proofs(
    session: Session, which: str, out: Path, layout: str, duplex: bool, large: bool, also: tuple[str, ...]
) -> None:
    """Write the letters worth looking at first: first, last, longest, shortest, and odd ones."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        plan, names = write_proofs(desk, number, out, layout, duplex, large=large, also=also, progress=Meter("letters"))
    found = [
        {"file": name, "why": why.value, "person": grouped(code), "pages": pages}
        for name, (why, _, code, pages) in zip(names, plan.proofs, strict=True)
    ]
    session.say({**_facts(plan), "proofs": found}, *(f"{each['file']}: {each['pages']} pages" for each in found))


@letters.command()
@click.argument("lines", nargs=-1, metavar="[ZONE:GRAMS:PRICE]...")
@click.option("--currency", default="EUR", show_default=True)
@click.pass_obj
def prices(session: Session, lines: tuple[str, ...], currency: str) -> None:
    """Show the price list, or keep another one: home:50:2.75 europe:50:3.20 …"""
    with session.desk() as desk:
        if lines:
            save_prices(desk, parse_prices(lines, currency))
        with desk.read() as queries:
            found = prices_of(queries)
    session.say(
        {"currency": found.currency, "prices": [each._asdict() for each in found.prices]},
        *(f"{each.zone}: up to {each.up_to_grams} g {_money(each.cents, found.currency)}" for each in found.prices),
    )


@letters.command()
@click.option("--logo", type=click.Path(path_type=Path, exists=True), help="PNG or JPEG.")
@click.option("--colour", help="Colour of sender and title, such as #1A3C8C; empty is black.")
@click.option("--no-logo", is_flag=True)
@click.pass_obj
def letterhead(session: Session, logo: Path | None, colour: str | None, no_logo: bool) -> None:
    """Keep the picture and colour that letters bear."""
    with session.desk() as desk:
        with desk.read() as queries:
            look = letter_look(queries)
        picture = b"" if no_logo else read_limited(logo, LOGO_BYTES) if logo is not None else look.logo
        look = LetterLook(picture, look.colour if colour is None else colour)
        save_look(desk, look)
    session.say({"logo_bytes": len(look.logo), "colour": look.colour}, "The letterhead was saved.")


@letters.command("layout")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--check", is_flag=True, help="Only say what is wrong with it.")
@click.pass_obj
def layout_command(session: Session, file: Path, check: bool) -> None:
    """Check a layout of your own (a TOML file as in resources/layouts, id own-…) and keep it; exit 1 if it does not hold."""
    try:
        document = tomllib.loads(read_limited(file, 100_000).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise InputError("no_layout_file", file=file.name) from None
    found, faults = check_layout(document)
    if not faults and not check:
        with session.desk() as desk:
            save_layout(desk, document)
    session.say(
        {"id": found.id, "faults": [{"fault": fault.value, "part": part} for fault, part in faults]},
        *(f"{word(fault)} {part}".strip() for fault, part in faults), "" if faults else f"{found.id} holds.",
    )  # fmt: skip
    if faults:
        raise SystemExit(1)
