"""Letters before they are made: what they would be and cost, and proofs to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dpo_app.cli.letters import letters
from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.ids import grouped
from dpo_app.core.postage import parse_prices
from dpo_app.services.plan_letters import LetterPlan, plan_letters, prices_of, save_prices, write_proofs


def _money(cents: int | None, currency: str) -> str:
    return f"{cents / 100:.2f} {currency}" if cents is not None else f"? {currency}"


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
