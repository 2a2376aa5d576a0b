"""`dpo email trial`: one message of the notice to an address of one's own, before the first run."""

from __future__ import annotations

import click

from dpo_app.cli.session import Session, reference
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_server import server_from_url
from dpo_app.core.mail.trial import TrialResult
from dpo_app.messages.mail_trust import finding_words
from dpo_app.messages.trial import trial_words
from dpo_app.services.mail.mail_settings import mail_server
from dpo_app.services.mail.trial_message import look_for_trial, send_trial, trial_terms


@click.command()
@click.argument("which")
@click.option("--to", "address", help="Where it goes: one address, nobody's in the register; with --look left out.")
@click.option("--language", default="", help="One of the notice's languages; else the organisation's.")
@click.option("--server", "url", default="", help="URL of the server; else the one in the store.")
@click.option("--look", is_flag=True, help="Look for the last one in the mailbox, and say what its receiver found.")
@click.pass_obj
def trial(session: Session, which: str, address: str | None, language: str, url: str, look: bool) -> None:
    """Send one message of the notice, made out to a made-up person, to yourself. No person moves; no arming is needed.

    Without --to it goes nowhere: it says where it would go, and in which languages it could.
    """
    number: BreachId = reference(which, "B", "B1")
    if look:
        if address or language or url:
            raise click.UsageError("--look looks for the last one: leave the others out.")
        _look(session, number)
        return
    with session.desk() as desk:
        with desk.read() as queries:
            terms, kept = trial_terms(queries, number), mail_server(queries)
        if not address:
            session.say(
                {"sent": False, "address": terms.address, "languages": list(terms.languages), "draft": terms.draft},
                f"One message could go to {terms.address or '–'} in {', '.join(terms.languages)}; give --to to send it.",
            )
            return
        tried = send_trial(desk, number, address, language, server_from_url(url, kept) if url else None)
    taken = tried.result is TrialResult.TAKEN
    session.say(
        {"sent": taken, "result": tried.result.value, "server": tried.server, "said": tried.said,
         "message_id": tried.message_id, "language": tried.language, "draft": tried.draft},
        trial_words(tried.result, tried.said),
    )  # fmt: skip
    if not taken:
        raise SystemExit(4)


def _look(session: Session, number: BreachId) -> None:
    with session.desk() as desk:
        seen = look_for_trial(desk, number)
    session.say(
        {
            "arrived": seen.arrived, "mailbox": seen.mailbox, "sent_at": seen.at.isoformat(),
            "findings": [{"level": each.level.value, "code": each.code, **dict(each.facts)} for each in seen.findings],
        },
        f"It is in the mailbox at {seen.mailbox}." if seen.arrived else f"It is not in the mailbox at {seen.mailbox} yet.",
        *(" ".join(filter(None, finding_words(each))) for each in seen.findings),
    )  # fmt: skip
    if not seen.arrived:
        raise SystemExit(1)


#: Below `dpo email`.
EMAIL_COMMANDS = (trial,)
