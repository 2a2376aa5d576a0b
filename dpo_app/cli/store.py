"""Making a store, the example, unlock methods, the organisation."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from dpo_app.cli.session import Meter, Session
from dpo_app.core.errors import InputError
from dpo_app.core.organisation import Organisation
from dpo_app.services.manage_store import save_organisation


@click.command()
@click.option("--recovery-out", type=click.Path(path_type=Path), required=True, help="Where the recovery sheet goes.")
@click.option("--organisation", default="", help="The controller's name.")
@click.pass_obj
def init(session: Session, recovery_out: Path, organisation: str) -> None:
    """Make a new encrypted store and its recovery sheet (PDF)."""
    from dpo_app import bootstrap

    if session.store is None:
        raise InputError("which_store", count=0)
    if recovery_out.exists():
        raise InputError("file_exists", file=recovery_out.name)
    passphrase = session.passphrase("New passphrase", confirm=True)
    store_id = bootstrap.make_store(session.store, organisation, passphrase, recovery_out, session.actor)
    session.say(
        {"store": str(session.store), "store_id": store_id, "recovery": str(recovery_out)},
        f"Store made: {session.store}",
        f"Recovery sheet: {recovery_out}. Print it, keep it away from this computer, then delete the file.",
    )


@click.command()
@click.option("--persons", default=500, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=7, show_default=True)
@click.pass_obj
def demo(session: Session, persons: int, seed: int) -> None:
    """Fill a store with the worked example: a made-up clinic, its breach and its register."""
    from dpo_app.services.make_example import make_example

    with session.desk() as desk:
        made = make_example(desk, persons, seed, Meter("persons"))
    session.say(
        {"breach": f"B{made.breach_id}", "persons": made.persons},
        f"Breach B{made.breach_id} with {made.persons} made-up persons.",
    )


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
@click.option("--persons", default=500, show_default=True, type=click.IntRange(1, 1_000_000))
@click.pass_obj
def example(session: Session, out: Path, persons: int) -> None:
    """Walk the whole way with a made-up clinic: register, letters, e-mails and audit PDF into a folder."""
    from dpo_app.cli.walkthrough import walk

    session.say(*walk(out, persons, session.actor))


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def organisation(session: Session, file: Path | None) -> None:
    """Show the organisation, or set it from a TOML file."""
    with session.desk() as desk:
        if file is not None:
            try:
                document = tomllib.loads(file.read_text("utf-8"))
            except (OSError, UnicodeDecodeError):
                raise InputError("cannot_read", file=file.name) from None
            except tomllib.TOMLDecodeError as error:
                raise InputError("toml_broken", where=str(error)[-40:]) from None
            save_organisation(desk, Organisation.from_document(document))
        with desk.read() as queries:
            kept = Organisation.from_document(queries.setting("organisation") or {})
    session.say(kept.to_document())


@click.group()
def unlock() -> None:
    """Ways to unlock the store."""


@unlock.command("list")
@click.pass_obj
def unlock_list(session: Session) -> None:
    """List the ways to unlock and whether each has worked once."""
    from dpo_app import bootstrap

    session.say({"slots": bootstrap.ways_in(session.folder())})


@unlock.command("passphrase")
@click.option("--new-file", type=click.Path(path_type=Path), help="File whose first line is the new passphrase.")
@click.pass_obj
def unlock_passphrase(session: Session, new_file: Path | None) -> None:
    """Change the passphrase."""
    from dpo_app import bootstrap

    fresh = Session(session.store, new_file, False, session.actor)
    old = session.passphrase("Old passphrase")
    new = fresh.passphrase("New passphrase", confirm=True)
    bootstrap.change_passphrase(session.folder(), old, new, session.actor)
    session.say({"changed": True}, "The passphrase is changed.")


COMMANDS = (init, demo, example, organisation, unlock)
