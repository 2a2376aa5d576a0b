"""The proof: audit PDF, verification of the trail."""

from __future__ import annotations

from pathlib import Path

import click

from dpo_app.cli.session import Meter, Session, reference, stop
from dpo_app.core.errors import DpoError, InputError, RuleError
from dpo_app.core.proof.audit import TrailState
from dpo_app.files import write_bytes
from dpo_app.i18n import LANGUAGES
from dpo_app.services.mail.journal_proof import JournalReport
from dpo_app.services.proof.export_audit import export_audit, verify_trail
from dpo_app.services.proof.export_bundle import VERIFIER, export_bundle

EXIT = {TrailState.INTACT: 0, TrailState.ALTERED: 1, TrailState.BEHIND: 3}
CANNOT_VERIFY = 2


@click.group()
def audit() -> None:
    """Prove what was done when."""


@audit.command()
@click.argument("which")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--language", type=click.Choice(LANGUAGES), default=None)
@click.pass_obj
def pdf(session: Session, which: str, out: Path, language: str | None) -> None:
    """Write the audit file of a breach as PDF."""
    number = reference(which, "B", "B1")
    if out.exists():
        raise InputError("file_exists", file=out.name)
    with session.desk() as desk:
        write_bytes(out, export_audit(desk, number, language or ""))
        with desk.read() as queries:
            last = queries.trail.last()
    head = last[1].hex() if last else ""
    session.say({"head": head, "entries": last[0] if last else 0, "file": str(out)}, f"Audit file written to {out}")


@audit.command()
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.pass_obj
def bundle(session: Session, out: Path) -> None:
    """Write the trail with a verifier that needs neither the program nor a key."""
    if out.exists():
        raise InputError("file_exists", file=out.name)
    with session.desk() as desk:
        write_bytes(out, export_bundle(desk, Meter("entries")))
    session.say({"file": str(out)}, f"Trail written to {out}; verify: unpack, then python3 {VERIFIER} .")


@audit.command()
@click.option("--head", default="", help="A printed head hash that must be in the trail.")
@click.pass_obj
def verify(session: Session, head: str) -> None:
    """Walk the whole trail. Exit 0 intact, 1 altered, 2 cannot be verified, 3 behind an anchor or a printed head."""
    try:
        with session.desk() as desk:
            report = verify_trail(desk, head, Meter("entries"))
    except DpoError as error:
        # Locked, wrong key, no key: never "intact".
        try:
            stop(error, session.as_json)
        except SystemExit:
            raise SystemExit(CANNOT_VERIFY) from None
    session.say(
        {"state": report.state.value, "entries": report.entries, "head": report.head,
         "first_bad": report.first_bad, "anchor": report.anchor,
         "missing": report.missing, "journal_lines": report.journal.lines,
         "journal_first_bad": report.journal.first_bad, "deliveries_moved": report.journal.moved},
        f"{report.state.value}: {report.entries} entries, head {report.head}",
        *_journal_words(report.journal),
    )  # fmt: skip
    raise SystemExit(EXIT[report.state])


def _journal_words(found: JournalReport) -> list[str]:
    if found.first_bad:
        return [f"The journal of e-mails is not the one that entry {found.first_bad} binds."]
    if found.moved:
        return [f"{found.moved} deliveries stand elsewhere than their last event says."]
    return [f"{found.lines} lines of the journal of e-mails are as they were written."] if found.lines else []


@audit.command()
@click.option("--reason", required=True, help="Why; stands in the trail, so name nobody.")
@click.pass_obj
def accept(session: Session, reason: str) -> None:
    """Go on with a store that is not the state closed last, as after restoring a backup. The trail keeps the reason."""
    from dpo_app import bootstrap

    with session.opened() as (store, desk):
        found = desk.opening
        if not store.read_only:
            raise RuleError("nothing_to_accept")
        bootstrap.accept_state(store, desk, reason)
    session.say(
        {"accepted": found.anchor, "missing": found.missing},
        f"The store can be changed again. Entries missing: {found.missing}. The reason stands in the trail.",
    )


COMMANDS = (audit,)
