"""Care for persons: which rules apply to how many, and the officer's marks."""

from __future__ import annotations

from typing import Any

import click

from dpo_app.cli.persons import persons
from dpo_app.cli.session import Session, person_of, reference
from dpo_app.core.persons.care import MARKABLE, CareRule
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.care import NOTES
from dpo_app.services.persons.mark_care import mark_care


@persons.command("care")
@click.argument("which")
@click.argument("codes", nargs=-1)
@click.option("--rule", type=click.Choice([rule.value for rule in MARKABLE]))
@click.option("--channel", default="", help="Of a wish: email or letter.")
@click.option("--reason", default="")
@click.option("--off", is_flag=True, help="Take the mark off.")
@click.pass_obj
def care(
    session: Session, which: str, codes: tuple[str, ...], rule: str | None, channel: str, reason: str, off: bool
) -> None:
    """Say which rules of care apply to how many; or mark persons by their codes, with a reason."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        if rule is None:
            with desk.read() as queries:
                counts = queries.care_counts(number)
            _say_rules(session, desk.care, counts)
            return
        ids = [person_of(desk, code)[0] for code in codes]
        marked = mark_care(desk, number, ids, CareRule(rule), reason, value=channel, off=off)
    in_hand = [{"person": m.person_code, "batch": f"L{m.batch_id}", "number": m.number} for m in marked.in_hand]
    session.say(
        {"persons": marked.persons, "stopped": marked.stopped, "in_hand": in_hand},
        f"{marked.persons} persons; {marked.stopped} messages stopped",
        *(f"  take out by hand: {m['person']}, batch {m['batch']}, number {m['number']}" for m in in_hand),
    )


def _say_rules(session: Session, rules: Any, counts: dict[str, int]) -> None:
    found = []
    lines = []
    for rule in CareRule:
        card, note = rules.cards[rule], NOTES[rule]
        laws = [f"{law.country}: {law.cite}" for law in card.laws]
        found.append(
            {"rule": rule.value, "persons": counts[rule.value], "effect": card.effect.value,
             "in_files": card.in_files, "law": laws}
        )  # fmt: skip
        lines += [
            f"{counts[rule.value]:>7}  {word(rule)}",
            f"         {_(note.law)} ({'; '.join(laws)})",
            f"         {_(note.does)} {_(note.decides)}",
        ]
    session.say({"rules": found, "version": rules.version}, *lines)


COMMANDS: tuple[click.Command, ...] = ()
