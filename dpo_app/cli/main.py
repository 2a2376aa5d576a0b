"""`dpo`: the same use-cases for scripts (design.md section 7). The contract: JSON keys and exit codes."""

from __future__ import annotations

import os
from pathlib import Path

import click

from dpo_app.cli import (
    audit,
    authorities,
    bounces,
    breach,
    care,
    clocks,
    corrections,
    duplicates,
    email,
    enquiry,
    letter_files,  # noqa: F401 - adds its commands to those of letters
    letter_plan,  # noqa: F401 - so does this
    letters,
    mail_trial,
    mail_trust,
    moves,
    notice,
    person,
    persons,
    register,
    risk,
    store,
)
from dpo_app.cli.session import Session, guarded
from dpo_app.process import harden, served_as_child


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--store", type=click.Path(path_type=Path), envvar="DPO_STORE", help="Folder of the store, NAME.dpo.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="File whose first line is the passphrase.")
@click.option("--recovery-file", type=click.Path(path_type=Path), help="File with the lines of the recovery sheet.")
@click.option("--keyring", is_flag=True, help="Unlock with the keyring of this computer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--by", "actor", default="", help="Who works; stands in the audit trail.")
@click.version_option(package_name="dpo-desk", prog_name="dpo")
@click.pass_context
def dpo(
    context: click.Context, store: Path | None, passphrase_file: Path | None, recovery_file: Path | None, keyring: bool,
    as_json: bool, actor: str,
) -> None:  # fmt: skip
    """Personal-data breaches: who is concerned, who was told what, when and how, and the proof."""
    context.obj = Session(store, passphrase_file, as_json, actor or _login(), keyring, recovery_file)


def _login() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "officer"


for _command in (
    *store.COMMANDS, *breach.COMMANDS, *persons.COMMANDS, *notice.COMMANDS, *letters.COMMANDS, *audit.COMMANDS,
    *email.COMMANDS,
    *authorities.COMMANDS, *duplicates.COMMANDS, *corrections.COMMANDS,
    *care.COMMANDS,
    *person.COMMANDS,
    *enquiry.COMMANDS,
    *moves.COMMANDS,
    *clocks.COMMANDS,
    *risk.COMMANDS,
    *register.COMMANDS,
):  # fmt: skip
    dpo.add_command(_command)
for _command in (*bounces.EMAIL_COMMANDS, *mail_trust.EMAIL_COMMANDS, *mail_trial.EMAIL_COMMANDS):
    email.email.add_command(_command)


def main() -> None:
    """Entry point."""
    harden()
    if not served_as_child():
        guarded(dpo)


if __name__ == "__main__":
    main()
