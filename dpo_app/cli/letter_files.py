"""What becomes of the files of a batch outside the program: closed for a print house."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from dpo_app.cli.letters import letters
from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.errors import InputError
from dpo_app.files import write_bytes
from dpo_app.services.letters.hand_over import hand_over
from dpo_app.services.letters.letter_layouts import layout_named


@letters.command("hand-over")
@click.argument("batch")
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True,
    help="The folder of the batch, as `letters make` wrote it.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option(
    "--passphrase-fd",
    type=click.IntRange(1),
    help="Write the passphrase to this open file descriptor, not to the terminal.",
)
@click.pass_obj
def hand_over_command(session: Session, batch: str, folder: Path, out: Path, passphrase_fd: int | None) -> None:
    """Encrypt a batch for the print house: a zip with AES-256, opened again and compared before it counts.

    The passphrase is made by the program and shown once; tell it to the print house by another way than the file."""
    if passphrase_fd is None and not sys.stderr.isatty():
        raise InputError("passphrase_way")
    with session.desk() as desk:
        done = hand_over(desk, reference(batch, "L", "L1"), folder, out, Meter("MB"))
    session.say(
        {"file": done.name, "sha256": done.sha256, "files": done.files},
        f"{done.name}: {done.files} files, SHA-256 {done.sha256}",
    )
    if passphrase_fd is None:
        click.echo(f"Passphrase, shown this once: {done.passphrase}", err=True)
    else:
        os.write(passphrase_fd, f"{done.passphrase}\n".encode())


@letters.command("marks-proof")
@click.option("--layout", required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The PDF to write.")
@click.option("--duplex", is_flag=True)
@click.pass_obj
def marks_proof(session: Session, layout: str, out: Path, duplex: bool) -> None:
    """Write made-up letters of one, two and three sheets with a layout's insertion marks."""
    with session.desk() as desk:
        with desk.read() as queries:
            found = layout_named(desk, queries, layout)
        if found.marks is None:
            raise InputError("no_marks", layout=layout)
        write_bytes(out, desk.letters.marks_proof(found, duplex))
    session.say({"file": out.name}, f"{out.name}: letters of 1, 2 and 3 sheets")


COMMANDS: tuple[click.Command, ...] = ()
