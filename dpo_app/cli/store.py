"""Making a store, the example, unlock methods, the organisation."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from dpo_app.cli.session import Meter, Session
from dpo_app.core.errors import InputError, StoreError
from dpo_app.core.organisation import Organisation
from dpo_app.services.desk.manage_store import save_organisation


@click.command()
@click.option("--recovery-out", type=click.Path(path_type=Path), required=True, help="Where the recovery sheet goes.")
@click.option("--organisation", help="The controller's name; it can be given later.")
@click.pass_obj
def init(session: Session, recovery_out: Path, organisation: str | None) -> None:
    """Make a new encrypted store and its recovery sheet (PDF)."""
    from dpo_app import bootstrap

    if organisation is not None and not organisation.strip():
        raise InputError("field_missing", field="organisation")
    if session.store is None:
        raise InputError("which_store", count=0)
    if recovery_out.exists():
        raise InputError("file_exists", file=recovery_out.name)
    passphrase = session.passphrase("New passphrase", confirm=True)
    store_id = bootstrap.make_store(
        session.store, (organisation or "").strip(), passphrase, recovery_out, session.actor
    )
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
    from dpo_app.services.desk.make_example import make_example

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

    slots = bootstrap.ways_in(session.folder())
    lines = (f"{slot['kind']}: {'has worked' if slot['used'] else 'not proved yet'}" for slot in slots)
    session.say({"slots": slots}, *lines)


@unlock.command("passphrase")
@click.option("--new-file", type=click.Path(path_type=Path), help="File whose first line is the new passphrase.")
@click.pass_obj
def unlock_passphrase(session: Session, new_file: Path | None) -> None:
    """Change the passphrase. One that is lost is replaced after opening with --recovery-file."""
    from dpo_app import bootstrap

    fresh = Session(session.store, new_file, False, session.actor)
    lines = session.recovery_lines()
    old = None if lines else session.passphrase("Old passphrase")
    new = fresh.passphrase("New passphrase", confirm=True)
    with bootstrap.opened(session.folder(), session.actor, old, lines) as (store, desk):
        bootstrap.change_passphrase(store, desk, old, new)
    session.say({"changed": True}, "The passphrase is changed.")


@unlock.command("add")
@click.argument("way", type=click.Choice(["keyring", "recovery"]))
@click.option("--recovery-out", type=click.Path(path_type=Path), help="Where a new recovery sheet goes.")
@click.pass_obj
def unlock_add(session: Session, way: str, recovery_out: Path | None) -> None:
    """Add a way to unlock: the keyring of this computer, or a new recovery sheet in the place of the old one."""
    from dpo_app import bootstrap

    if way == "recovery" and recovery_out is None:
        raise click.UsageError("recovery needs --recovery-out FILE")
    if recovery_out is not None and recovery_out.exists():
        raise InputError("file_exists", file=recovery_out.name)
    with session.opened() as (store, desk):
        if way == "keyring":
            backend = bootstrap.add_quick_unlock(store, desk)
            session.say({"added": way, "keyring": backend}, f"This computer's keyring ({backend}) opens the store.")
            return
        assert recovery_out is not None
        bootstrap.write_sheet(store, bootstrap.new_sheet(store, desk), recovery_out)
    session.say(
        {"added": way, "recovery": str(recovery_out)},
        f"New recovery sheet: {recovery_out}. The old one opens nothing any more. Print it, then delete the file.",
        "It counts as proved once the store was opened with it, or two lines were typed back in the window.",
    )


@unlock.command("remove")
@click.argument("way", type=click.Choice(["keyring"]))
@click.pass_obj
def unlock_remove(session: Session, way: str) -> None:
    """Remove a way to unlock: the keyring. Passphrase and recovery sheet are only ever replaced."""
    from dpo_app import bootstrap

    if not bootstrap.has_quick_unlock(session.folder()):
        raise StoreError("no_such_way_in", way=way)
    with session.opened() as (store, desk):
        bootstrap.remove_quick_unlock(store, desk)
    session.say({"removed": way}, "The keyring of this computer opens the store no more.")


COMMANDS = (init, demo, example, organisation, unlock)
