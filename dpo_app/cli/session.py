"""What every command shares: opening the store, asking for the passphrase, saying results and errors."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click

from dpo_app import paths
from dpo_app.core.errors import DeliveryError, DpoError, InputError, JobCancelled, RuleError, StoreError
from dpo_app.core.ids import PersonId, parse_ref, plain_code
from dpo_app.messages import explain

EXIT = {RuleError: 1, InputError: 2, StoreError: 3, DeliveryError: 4, JobCancelled: 130}
_WRITE_FAULTS = frozenset({"disk_full", "cannot_write"})


@dataclass
class Session:
    """Options of one run: where the store is, how the passphrase comes, how results are said."""

    store: Path | None
    passphrase_file: Path | None
    as_json: bool
    actor: str
    keyring: bool = False
    recovery_file: Path | None = None

    def folder(self) -> Path:
        """Return the store's folder. Raises InputError("which_store") if it is not said and not plain."""
        if self.store is not None:
            return self.store
        found = sorted(paths.data_folder().glob("*.dpo"))
        if len(found) != 1:
            raise InputError("which_store", count=len(found))
        return found[0]

    def passphrase(self, prompt: str = "Passphrase", confirm: bool = False) -> str:
        """Return the passphrase from the file that was named (its first line), or ask. Never from an argument."""
        if self.passphrase_file is not None:
            return text_of(self.passphrase_file).split("\n")[0].rstrip("\r")
        if not sys.stdin.isatty():
            raise InputError("no_passphrase")
        return str(click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True))

    def recovery_lines(self) -> tuple[str, ...]:
        """Return the lines of the recovery sheet from the file that was named; none if there is no such file."""
        if self.recovery_file is None:
            return ()
        return tuple(line.strip() for line in text_of(self.recovery_file).splitlines() if line.strip())

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """Open the store and give it with its desk; closes it whatever happens."""
        from dpo_app import bootstrap

        lines = self.recovery_lines()
        passphrase = None if self.keyring or lines else self.passphrase()
        with bootstrap.opened(self.folder(), self.actor, passphrase, lines) as pair:
            yield pair

    @contextmanager
    def desk(self) -> Iterator[Any]:
        """Open the store and give its desk; closes it whatever happens."""
        with self.opened() as (_store, desk):
            yield desk

    def say(self, result: dict[str, Any], *lines: str) -> None:
        """Write the result: one JSON object on standard output with `--json`, else sentences."""
        if self.as_json:
            click.echo(json.dumps(result, ensure_ascii=False, default=str))
            for line in lines:
                click.echo(line, err=True)
            return
        for line in lines or (json.dumps(result, ensure_ascii=False, default=str, indent=1),):
            click.echo(line)


def text_of(path: Path) -> str:
    """Return a text file. Raises InputError("cannot_read")."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot_read", file=path.name) from None


def reference(text: str, letter: str, example: str) -> Any:
    """Return the number in a reference such as B1. Raises InputError("bad_reference")."""
    number = parse_ref(text, letter)
    if number is None:
        raise InputError("bad_reference", reference=text[:12], example=example)
    return number


def person_of(desk: Any, code: str) -> tuple[PersonId, Any]:
    """Return (number, newest revision) of the person with a code, or to whom the message with that code went: whoever
    reads a code off a letter need not know which kind it is. Raises InputError("no_such_person")."""
    with desk.read() as queries:
        found = queries.person_by_code(plain_code(code))
        if found is None and (message := queries.delivery_by_token(plain_code(code))) is not None:
            found = message.person_id
        if found is None:
            raise InputError("no_such_person")
        return PersonId(found), queries.newest_revision(queries.breach_of_person(PersonId(found)))


class Meter:
    """Progress on standard error, a line that is overwritten; silent where nobody looks."""

    def __init__(self, label: str) -> None:
        self._label, self._shown = label, sys.stderr.isatty()

    def step(self, done: int, total: int | None = None) -> None:
        """Show how far the work is."""
        if self._shown:
            of = f" of {total}" if total else ""
            click.echo(f"\r{self._label}: {done}{of}   ", nl=False, err=True)


def say_error(code: str, facts: dict[str, Any], message: str, as_json: bool) -> None:
    """Write why a run ended without a result: the one JSON object on standard output, the sentence beside it."""
    if as_json:
        click.echo(json.dumps({"error": code, "facts": facts, "message": message}, ensure_ascii=False, default=str))
    click.echo(message, err=True)


def stop(error: DpoError, as_json: bool) -> NoReturn:
    """Say why the work stopped and leave with the exit code of its kind."""
    say_error(error.code, error.facts, str(explain(error)), as_json)
    code = next(code for kind, code in EXIT.items() if isinstance(error, kind))
    raise SystemExit(2 if error.code in _WRITE_FAULTS else code)


def guarded(run: Any) -> None:
    """Run the command line; every foreseen error becomes a sentence, a bug becomes one too, never a traceback."""
    as_json = "--json" in sys.argv
    try:
        run(standalone_mode=False, prog_name="dpo")
    except DpoError as error:
        stop(error, as_json)
    except click.exceptions.Abort:
        stop(JobCancelled(), as_json)
    except KeyboardInterrupt:
        stop(JobCancelled(), as_json)
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "dpo"
        if not as_json:
            error.show()
        else:
            say_error("usage", {"command": where}, error.format_message(), as_json)
        raise SystemExit(2) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        if os.environ.get("DPO_DEBUG"):
            raise
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"
        say_error(
            "unforeseen", {"kind": type(error).__name__, "where": where},
            f"{explain(DpoError(type(error).__name__))} [{where}]", as_json,
        )  # fmt: skip
        raise SystemExit(70) from None
