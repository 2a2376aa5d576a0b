"""The register of breaches (Art. 33(5)) as a file."""

from __future__ import annotations

from pathlib import Path

import click

from dpo_app.cli.session import Meter, Session
from dpo_app.core.facts.breach import Cause
from dpo_app.core.proof.register import Notified, RegisterFilter
from dpo_app.core.risk.risk import Owed
from dpo_app.files import write_bytes
from dpo_app.i18n import LANGUAGES
from dpo_app.services.proof.export_register import export_register, form_of


def _one_of(kind: type[Notified] | type[Owed] | type[Cause]) -> click.Choice[str]:
    return click.Choice([each.value for each in kind])


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="NAME.pdf, .xlsx, .csv or .json.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None)
@click.option("--year", type=int, default=None, help="Year of awareness.")
@click.option("--outcome", type=_one_of(Owed), default=None)
@click.option("--notified", type=_one_of(Notified), default=None)
@click.option("--cause", type=_one_of(Cause), default=None)
@click.option("--text", default="", help="Words in title, reference, summary, systems or parties.")
@click.pass_obj
def register(
    session: Session, out: Path, language: str | None, year: int | None, outcome: str | None, notified: str | None,
    cause: str | None, text: str,
) -> None:  # fmt: skip
    """Write the register of all breaches, also of those that were not notified, with the reasons."""
    form = form_of(out.name)
    wanted = RegisterFilter(
        year, Owed(outcome) if outcome else None, Notified(notified) if notified else None,
        Cause(cause) if cause else None, text,
    )  # fmt: skip
    with session.desk() as desk:
        with desk.read() as queries:
            last = queries.trail.last()
        data = export_register(desk, form, wanted, language or "", Meter("breaches"))
        write_bytes(out, data)
        head, entries = (last[1].hex(), last[0]) if last else ("", 0)
    session.say(
        {"file": str(out), "bytes": len(data), "head": head, "entries": entries},
        f"{out} written; head of the trail {head[:16]}…, {entries} entries",
    )


COMMANDS = (register,)
