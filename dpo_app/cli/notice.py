"""Notices to persons and to authorities: draft, check, approve, show."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from dpo_app.cli import authority_notice as to_authority
from dpo_app.cli import public_notice as public
from dpo_app.cli.session import Session, reference
from dpo_app.core.errors import InputError
from dpo_app.core.ids import NoticeId
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.core.notices.notice_check import Finding
from dpo_app.files import write_bytes
from dpo_app.messages import explain_detail, word
from dpo_app.services.notices.preview_message import preview
from dpo_app.services.notices.write_notice import (
    DEFAULT_LANGUAGES,
    Confirmed,
    approve_notice,
    check_draft,
    draft_notice,
    open_claims_of,
    settle_claims,
)


@click.group()
def notice() -> None:
    """Write notices to persons and to authorities."""


@notice.command()
@click.argument("which")
@click.option("--to", "recipient", type=click.Choice(["persons", "authority", "public"]), required=True)
@click.option("--language", "languages", multiple=True)
@click.option("--wording", default="")
@click.option("--phase", type=click.Choice([p.value for p in NoticePhase]), default="initial")
@click.option("--authority", default="", help="Id of the authority; else the one that is owed first.")
@click.option("--withdraw", is_flag=True, help="Withdraw what the authority was told.")
@click.pass_obj
def draft(
    session: Session, which: str, recipient: str, languages: tuple[str, ...], wording: str, phase: str, authority: str,
    withdraw: bool,
) -> None:  # fmt: skip
    """Draft a notice from the newest facts: to persons with a ready wording, to an authority by its form."""
    number = reference(which, "B", "B1")
    if recipient == "authority":
        to_authority.draft(session, number, authority, phase, withdraw, languages[0] if languages else "")
        return
    if recipient == "public":
        public.draft(session, number)
        return
    with session.desk() as desk:
        made, _ = draft_notice(desk, number, languages or DEFAULT_LANGUAGES, wording, NoticePhase(phase))
    session.say({"notice": f"N{made}"}, f"Notice N{made} drafted.")


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "check": each.check.value, "level": each.level.value, "section": each.section.value if each.section else "",
        "language": each.language, "exposure": each.exposure.value if each.exposure else "",
        "persons": each.persons, "detail": each.detail,
    }  # fmt: skip


@notice.command("export-public")
@click.argument("which")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.pass_obj
def export_public(session: Session, which: str, out: Path) -> None:
    """Write the public notice as PDF, HTML and text, in all its languages."""
    public.export(session, reference(which, "B", "B1"), out)


@notice.command()
@click.argument("which")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--place", required=True, help="Where: web page, newspaper, notice board.")
@click.option("--proof", type=click.Path(path_type=Path, exists=True), help="A picture of it; it is kept in the store.")
@click.pass_obj
def published(session: Session, which: str, day: datetime, place: str, proof: Path | None) -> None:
    """Record that the public notice was published; those whom nothing else reaches count as told."""
    public.published(session, reference(which, "B", "B1"), day.date(), place, proof)


@notice.command()
@click.argument("which")
@click.pass_obj
def check(session: Session, which: str) -> None:
    """Check a notice against Art. 34(2), one to an authority against its form; exit 1 if something is missing."""
    number = reference(which, "N", "N1")
    with session.desk() as desk:
        if to_authority.recipient_of(desk, number) == "authority":
            to_authority.check(session, desk, number)
            return
        checked = check_draft(desk, number)
        with desk.read() as queries:
            claims = open_claims_of(queries, number)
    held, points = checked.article_34_2
    session.say(
        {"missing": [_finding(f) for f in checked.missing], "findings": [_finding(f) for f in checked.findings],
         "article_34_2": {"held": held, "points": points},
         "unconfirmed": [{"number": c.number, "section": c.section.value, "language": c.language, "sentence": c.sentence}
                         for c in claims]},
        f"Art. 34(2): {held} of {points}",
        *(f"  {word(f.level)}: {word(f.check)} {f.section or ''} {f.language} {f.persons or ''} {explain_detail(f.detail)}"
          for f in checked.findings),
        *(f"  {c.number}. ({c.language}) {c.sentence}" for c in claims),
    )  # fmt: skip
    if checked.missing:
        raise SystemExit(1)


@notice.command()
@click.argument("which")
@click.option("--stands", multiple=True, type=int, metavar="NUMBER", help="This sentence is so.")
@click.option("--leave-out", multiple=True, type=int, metavar="NUMBER", help="This sentence goes.")
@click.option("--write", multiple=True, type=(int, str), metavar="NUMBER TEXT", help="This is said instead.")
@click.pass_obj
def settle(
    session: Session,
    which: str,
    stands: tuple[int, ...],
    leave_out: tuple[int, ...],
    write: tuple[tuple[int, str], ...],
) -> None:
    """Decide the sentences that nobody has confirmed, by the numbers that the check gives them."""
    number = NoticeId(reference(which, "N", "N1"))
    with session.desk() as desk:
        settle_claims(desk, number, stands, leave_out, dict(write))
        with desk.read() as queries:
            left = len(open_claims_of(queries, number))
    decided = len(stands) + len(leave_out) + len(write)
    session.say({"notice": f"N{number}", "settled": decided, "unconfirmed": left}, f"{decided} decided, {left} left.")


@notice.command()
@click.argument("which")
@click.option("--by", "by", required=True, help="Who has read it in every language.")
@click.option("--read", multiple=True, metavar="LANGUAGE", help="It was read in this language; one for each it has.")
@click.option("--confirm-facts", is_flag=True, help="What it says was done has been done.")
@click.pass_obj
def approve(session: Session, which: str, by: str, read: tuple[str, ...], confirm_facts: bool) -> None:
    """Approve a notice: freezes and hashes its text. One to persons must have been read in every language, and what it
    says was done must be confirmed."""
    number = reference(which, "N", "N1")
    with session.desk() as desk:
        if to_authority.recipient_of(desk, number) == "authority":
            to_authority.approve(session, desk, number, by)
            return
        approved, _ = approve_notice(desk, number, by, Confirmed(read, confirm_facts))
    session.say({"approved": True, "sha256": approved.sha256}, f"Approved and frozen: {approved.sha256}")


@notice.command()
@click.argument("which")
@click.option("--person", "code", default="", help="Code of a person; else the first one there is.")
@click.option("--pdf", type=click.Path(path_type=Path))
@click.option("--eml", type=click.Path(path_type=Path))
@click.option("--text", "as_text", is_flag=True)
@click.option("--layout", default="fi-c5", show_default=True)
@click.option(
    "--form", type=click.Path(path_type=Path), help="Where the published JSON form of one to an authority goes."
)
@click.pass_obj
def show(
    session: Session, which: str, code: str, pdf: Path | None, eml: Path | None, as_text: bool, layout: str,
    form: Path | None,
) -> None:  # fmt: skip
    """Show how a notice reads: for one person as text, letter or e-mail; to an authority as text, PDF or JSON."""
    number = NoticeId(reference(which, "N", "N1"))
    with session.desk() as desk:
        if to_authority.recipient_of(desk, number) == "authority":
            to_authority.show(session, desk, number, pdf, form)
            return
        with desk.read() as queries:
            person = queries.person_by_code(code.replace("-", "").upper()) if code else None
        if code and person is None:
            raise InputError("no_such_person")
        seen = preview(desk, number, person, layout)
    if pdf is not None:
        write_bytes(pdf, seen.letter())
    if eml is not None:
        write_bytes(eml, seen.email())
    result: dict[str, Any] = {"notice": which.upper(), "person": seen.code, "language": seen.language}
    if as_text or session.as_json:
        result["text"] = seen.text
    session.say(result, *(seen.text.splitlines() if as_text or not (pdf or eml) else [f"Written for {seen.code}."]))


for _command in (to_authority.say, to_authority.leave, to_authority.sent):
    notice.add_command(_command)
COMMANDS = (notice, *to_authority.COMMANDS)
