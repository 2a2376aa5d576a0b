"""What makes e-mail believable: the sender's domain, a signature, and a page that says how to know our messages."""

from __future__ import annotations

from pathlib import Path

import click

from dpo_app.cli.session import Session, text_of
from dpo_app.core.mail.mail_trust import TrustLevel
from dpo_app.files import read_limited
from dpo_app.messages import word
from dpo_app.messages.mail_trust import finding_words
from dpo_app.services.mail.check_sender import SenderCheck, check_our_sender
from dpo_app.services.mail.mail_seal import MOST_BYTES, SETTING, forget_seal, save_seal, seal_facts
from dpo_app.services.notices.genuine_page import genuine_page, save_genuine_page

_SIGN = {TrustLevel.GOOD: "+", TrustLevel.WARN: "!", TrustLevel.BAD: "x"}


@click.command()
@click.option("--domain", default="", help="Without it that of the organisation's mail address.")
@click.option("--records", type=click.Path(path_type=Path), help='File with DNS records, one a line: NAME "TEXT".')
@click.option("--headers", type=click.Path(path_type=Path), help="File with the headers of a trial message.")
@click.option("--selector", "selectors", multiple=True, help="DKIM selector (s= in the signature).")
@click.option("--server", default="", help="Name of the mail server; asked for only with --ask.")
@click.option("--address", "addresses", multiple=True, help="Address of the mail server.")
@click.option("--ask", is_flag=True, help="Ask the computer's name server; without it nothing leaves the computer.")
@click.pass_obj
def preflight(
    session: Session, domain: str, records: Path | None, headers: Path | None, selectors: tuple[str, ...], server: str,
    addresses: tuple[str, ...], ask: bool,
) -> None:  # fmt: skip
    """Check whether receivers will believe our e-mail: SPF, DKIM, DMARC, and a trial message."""
    if not (ask or records or headers):
        raise click.UsageError("Give --records, --headers or --ask.")
    wanted = SenderCheck(
        domain,
        text_of(records) if records else "",
        text_of(headers) if headers else "",
        selectors,
        server,
        addresses,
        ask,
    )
    with session.desk() as desk:
        result = check_our_sender(desk, wanted)
    session.say(
        {
            "domain": result.domain, "result": result.worst.value,
            "findings": [
                {"check": each.check, "level": each.level.value, "code": each.code, **dict(each.facts)}
                for each in result.findings
            ],
        },
        *(f"{_SIGN[each.level]} {' '.join(filter(None, finding_words(each)))}" for each in result.findings),
        f"{result.domain}: {word(result.worst)}",
    )  # fmt: skip
    if result.worst is TrustLevel.BAD:
        raise SystemExit(1)


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--password-file", type=click.Path(path_type=Path), help="File whose first line opens the certificate.")
@click.option("--forget", is_flag=True, help="Take the certificate out of the store.")
@click.pass_obj
def seal(session: Session, path: Path | None, password_file: Path | None, forget: bool) -> None:
    """Sign e-mails (S/MIME) with the certificate in a PKCS#12 file, or say which one is kept."""
    with session.desk() as desk:
        if forget:
            forget_seal(desk)
        elif path is not None:
            password = text_of(password_file).split("\n")[0].rstrip("\r") if password_file else ""
            save_seal(desk, read_limited(path, MOST_BYTES), password)
        with desk.read() as queries:
            facts = seal_facts(desk, queries.setting(SETTING))
    if facts is None:
        session.say({"signed": False}, "E-mails are not signed.")
        return
    until = facts.valid_until.date().isoformat()
    session.say(
        {"signed": True, "addresses": facts.addresses, "issuer": facts.issuer, "valid_until": until},
        f"E-mails are signed as {', '.join(facts.addresses)} until {until}.",
    )


@click.command("genuine-page")
@click.option("--language", type=click.Choice(["fi", "sv", "en"]), required=True)
@click.option("--out", type=click.Path(path_type=Path), help="File for the web site: .html or .txt.")
@click.pass_obj
def genuine(session: Session, language: str, out: Path | None) -> None:
    """Write the page that says how to know that our message is genuine."""
    with session.desk() as desk:
        page = save_genuine_page(desk, language, out) if out is not None else genuine_page(desk, language)
    session.say({"language": page.language, "wording": page.wording, "title": page.title}, page.text)


#: Below `dpo email`.
EMAIL_COMMANDS = (preflight, seal, genuine)
