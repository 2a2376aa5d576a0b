"""E-mail that came back: read it, decide what nobody could tie, move on to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dpo_app.cli.session import Meter, Session, reference, text_of
from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.bounce import LADDER, BounceReason, MailKind
from dpo_app.core.mail.mail_account import MailAccount, account_from_url
from dpo_app.messages import word
from dpo_app.services.mail.decide_returned import (
    Verdict,
    decide_mail,
    dismiss_rest,
    failed_by_class,
    move_to_letter,
    take_back_bounce,
)
from dpo_app.services.mail.draft_emails import draft_emails, finish_drafts
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.mail.read_mailbox import mail_account, read_mailbox, save_mail_account
from dpo_app.services.mail.read_returned import UNDECIDED, read_returned

_S = DeliveryState
#: The keys of the contract (design.md section 7), from the states of deliveries.
_CONTRACT = {
    "accepted": (_S.ACCEPTED, _S.CONFIRMED, _S.REPORTED_SENT),
    "rejected": (_S.REJECTED, _S.BOUNCED, _S.GIVEN_UP, _S.MISDELIVERED, _S.REFUSED),
    "deferred": (_S.DEFERRED,),
    "unknown": (_S.UNKNOWN,),
}


def counts_of(desk: Any, breach_id: BreachId) -> dict[str, int]:
    """Return how all e-mails of a breach stand now, by the keys that scripts rely on."""
    with desk.read() as queries:
        states = queries.email_counts(breach_id)
    planned = sum(count for state, count in states.items() if state != _S.CANCELLED)
    return {"planned": planned} | {key: sum(states.get(s.value, 0) for s in own) for key, own in _CONTRACT.items()}


@click.command()
@click.argument("which")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--mailbox", is_flag=True, help="Read the mailbox of the store (`dpo email mailbox`); it is only read.")
@click.option("--check", is_flag=True, help="Only say what the messages are; nothing is changed.")
@click.pass_obj
def bounces(session: Session, which: str, path: Path | None, mailbox: bool, check: bool) -> None:
    """Read what came back: a mailbox file (.mbox), a folder of .eml files, a Maildir, or one message."""
    number: BreachId = reference(which, "B", "B1")
    if (path is None) != mailbox:
        raise click.UsageError("Give a PATH or --mailbox.")
    with session.desk() as desk:
        if check and path is not None:
            _say_only(session, desk, path)
            return
        meter = Meter("messages")
        if path is None:
            found = read_mailbox(desk, number, meter)
        else:
            found = read_returned(desk, desk.mail_reader.messages(path), "file", meter)
        stands = counts_of(desk, number)
    session.say(
        stands | {
            "messages": found.messages, "again": found.again, "bounced": found.bounced,
            "kinds": dict(found.kinds), "reasons": dict(found.reasons), "undecided": found.undecided,
            "not_ours": found.not_ours,
        },
        f"{found.messages} messages: {found.bounced} e-mails were not delivered, {found.undecided} need a decision.",
        *(f"  {word(MailKind(kind))}: {count}" for kind, count in found.kinds.most_common()),
        *([f"  read before: {found.again}"] if found.again else []),
        *([f"{found.not_ours} carry no code of ours and are not kept: read them, they may be questions."]
          if found.not_ours else []),
        *(["Why they were not delivered:"] if found.reasons else []),
        *(f"  {word(BounceReason(reason))}: {count}" for reason, count in found.reasons.most_common()),
    )  # fmt: skip


def _say_only(session: Session, desk: Any, path: Path) -> None:
    """Say what each message is, for a look before anything is changed, and for trying the rules on other messages."""
    mails = list(desk.mail_reader.read(desk.mail_reader.messages(path)))
    lines = [
        {
            "kind": mail.kind.value, "reason": mail.reason.value if mail.reason else "", "status": mail.status,
            "codes": len(mail.codes),
        }
        for mail in mails
    ]  # fmt: skip
    said = (f"{word(m.kind)}" + (f": {word(m.reason)} {m.status}" if m.reason else "") for m in mails)
    session.say({"messages": len(mails), "read": lines}, *said)


@click.command()
@click.argument("which")
@click.pass_obj
def undecided(session: Session, which: str) -> None:
    """List what came back and could not be tied to anybody, or not understood, with its text."""
    number: BreachId = reference(which, "B", "B1")
    with session.desk() as desk, desk.read() as queries:
        lines = queries.returned_lines(number, (UNDECIDED,))
    session.say(
        {
            "undecided": [
                {
                    "mail": f"M{line.id}", "kind": line.kind, "reason": line.reason, "proof": line.proof,
                    "person": line.person_code, "subject": line.subject, "text": line.text,
                }
                for line in lines
            ]
        },
        *(f"M{line.id} {word(MailKind(line.kind))} {line.person_code} {line.subject}" for line in lines),
        f"{len(lines)} need a decision.",
    )  # fmt: skip


@click.command()
@click.argument("mail")
@click.option("--as", "verdict", type=click.Choice([each.value for each in Verdict]), required=True)
@click.option("--code", default="", help="The code of twelve signs in its text, if nothing ties it to a person.")
@click.pass_obj
def decide(session: Session, mail: str, verdict: str, code: str) -> None:
    """Decide what an undecided message is: the e-mail bounced, nothing, or an answer."""
    with session.desk() as desk:
        decide_mail(desk, reference(mail, "M", "M1"), Verdict(verdict), code)
    session.say({"mail": mail, "verdict": verdict}, f"{mail} is decided: {verdict}.")


@click.command("set-aside")
@click.argument("which")
@click.pass_obj
def set_aside(session: Session, which: str) -> None:
    """Set aside all undecided messages that nothing ties to a person."""
    with session.desk() as desk:
        count, _changes = dismiss_rest(desk, reference(which, "B", "B1"))
    session.say({"messages": count}, f"{count} messages are set aside.")


@click.command("take-back")
@click.argument("mail")
@click.option("--reason", required=True)
@click.pass_obj
def take_back(session: Session, mail: str, reason: str) -> None:
    """Let a message no longer count as a bounce, for example because the person answered."""
    with session.desk() as desk:
        take_back_bounce(desk, reference(mail, "M", "M1"), reason)
    session.say({"mail": mail}, f"{mail} no longer counts as not delivered.")


@click.command("to-letter")
@click.argument("which")
@click.option("--reason", "reasons", multiple=True, type=click.Choice([each.value for each in BounceReason]))
@click.option("--confirm", type=int, help="How many persons; without it a dry run.")
@click.pass_obj
def to_letter(session: Session, which: str, reasons: tuple[str, ...], confirm: int | None) -> None:
    """Move those whom e-mail failed on to the letter: by default for reasons that are not our own."""
    number: BreachId = reference(which, "B", "B1")
    classes = tuple(map(BounceReason, reasons)) or LADDER
    with session.desk() as desk:
        if confirm is None:
            with desk.read() as queries:
                found = failed_by_class(queries, number)
            wanted = sum(count for each, count, _own in found if each in classes)
            session.say(
                {"persons": wanted, "classes": {each.value: count for each, count, _own in found}},
                *(f"  {word(each)}: {count}" for each, count, _own in found),
                f"{wanted} persons would be moved on to the letter.",
            )
            return
        moved = move_to_letter(desk, number, classes, confirm, Meter("persons"))
    session.say(
        {"persons": moved.persons, "channel": moved.channel}, f"{moved.persons} persons were moved on to the letter."
    )


@click.command()
@click.argument("url", required=False)
@click.option("--password-file", type=click.Path(path_type=Path), help="File whose first line is the password.")
@click.option("--drafts", default="", help="Folder for drafts; without it the one that the server names.")
@click.option("--oauth", is_flag=True, help="The file holds an access token (XOAUTH2).")
@click.option("--authority-file", type=click.Path(path_type=Path), help="PEM file of an own certificate authority.")
@click.option("--forget", is_flag=True, help="Take the mailbox out of the store.")
@click.pass_obj
def mailbox(
    session: Session, url: str | None, password_file: Path | None, drafts: str, oauth: bool,
    authority_file: Path | None, forget: bool,
) -> None:  # fmt: skip
    """Set the mailbox of the store, or say which it is: imaps://user@mail.example.com/INBOX."""
    with session.desk() as desk:
        if forget:
            save_mail_account(desk, None)
        elif url is not None:
            secret = text_of(password_file).split("\n")[0].rstrip("\r") if password_file else ""
            authority = text_of(authority_file) if authority_file else ""
            base = MailAccount(secret=secret, drafts=drafts, oauth=oauth, authority=authority)
            save_mail_account(desk, account_from_url(url, base))
        with desk.read() as queries:
            account = mail_account(queries)
    name = account.name if account is not None else ""
    folder = account.folder if account is not None else ""
    session.say({"mailbox": name, "folder": folder}, f"{name} {folder}" if name else "No mailbox is set up.")


@click.command("drafts")
@click.argument("which")
@click.option("--limit", type=click.IntRange(1))
@click.pass_obj
def drafts_command(session: Session, which: str, limit: int | None) -> None:
    """Put an e-mail for each person who waits for one into the mailbox as a draft; L1 goes on with an interrupted one."""
    with session.desk() as desk:
        if which.upper().startswith("L"):
            made = finish_drafts(desk, reference(which, "L", "L1"), Meter("drafts"))
        else:
            made = draft_emails(desk, reference(which, "B", "B1"), limit, Meter("drafts"))
    session.say({"batch": made.reference, "planned": made.planned}, f"{made.reference}: {made.planned} drafts.")


@click.command()
@click.argument("which")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--limit", type=click.IntRange(1))
@click.pass_obj
def mbox(session: Session, which: str, out: Path, limit: int | None) -> None:
    """Write the e-mails of all who wait for one into a mailbox file, for another program to send."""
    with session.desk() as desk:
        made = export_emails(desk, reference(which, "B", "B1"), out, limit, Meter("e-mails"), form="mbox")
    session.say(
        {"batch": made.reference, "planned": made.planned, "folder": made.folder},
        f"{made.planned} e-mails written to {made.folder} under {out}",
    )


#: Below `dpo email`.
EMAIL_COMMANDS = (mailbox, mbox, drafts_command, bounces, undecided, decide, set_aside, take_back, to_letter)
