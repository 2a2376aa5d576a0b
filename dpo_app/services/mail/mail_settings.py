"""The organisation's mail server in the store, and trying it without sending anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dpo_app.core.errors import InputError
from dpo_app.core.mail.mail_server import MailServer, SignIn
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.run_terms import without_address
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.dispatch import LineFault, LineRefused
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Changes, Topic

SETTING = "mail_server"


@dataclass(frozen=True)
class ServerFindings:
    """What a try found: protection, end of the certificate, what is offered; or why no mail would leave: `problem` is a
    code (certificate, no_starttls, login, unreachable), `said` what the server answered."""

    name: str
    protection: str = ""
    valid_until: datetime | None = None
    offers: tuple[str, ...] = ()
    problem: str = ""
    said: str = ""


def mail_server(queries: Queries) -> MailServer | None:
    """Return the server of the store, or None if none is set."""
    document = queries.setting(SETTING)
    return MailServer.from_document(document) if document else None


def save_mail_server(desk: Desk, server: MailServer) -> Changes:
    """Keep the server, password included: the store is encrypted as a whole. Raises InputError as `MailServer.checked`."""
    server.checked()
    with desk.begin() as uow:
        uow.settings.put(SETTING, server.to_document())
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": f"{SETTING} {server.name} {server.security}"})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS, Topic.DELIVERIES)


def renew_token(desk: Desk, token: str) -> tuple[MailServer, Changes]:
    """Put a new access token in the place of the one that has expired; nothing else of the server changes. The program
    fetches none by itself: it speaks to the mail server alone. Raises InputError("no_token_wanted"), and as
    `MailServer.checked`."""
    with desk.read() as queries:
        kept = mail_server(queries)
    if kept is None or kept.sign_in is not SignIn.OAUTH:
        raise InputError("no_token_wanted")
    # Pasted texts come with line ends and blanks; a token has none.
    renewed = replace(kept, secret="".join(token.split()))
    return renewed, save_mail_server(desk, renewed)


def forget_mail_server(desk: Desk) -> Changes:
    """Take the server and its password out of the store."""
    with desk.begin() as uow:
        uow.settings.put(SETTING, {})
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": SETTING})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS, Topic.DELIVERIES)


def try_mail_server(desk: Desk, server: MailServer | None = None) -> ServerFindings:
    """Open a line, sign in, and close it; nothing is sent. Raises InputError("no_mail_server_set")."""
    if server is None:
        with desk.read() as queries:
            server = mail_server(queries)
    if server is None:
        raise InputError("no_mail_server_set")
    line = desk.dispatcher.line(server)
    try:
        line.open()
        found = ServerFindings(server.name, line.facts.protection, line.facts.valid_until, line.facts.offers)
    except LineFault as fault:
        problem = fault.kind if fault.kind in ("certificate", "no_starttls") else "unreachable"
        found = ServerFindings(server.name, problem=problem, said=fault.detail)
    except LineRefused as refused:
        reply = refused.reply
        problem = "login" if reply.step.value == "auth" else "unreachable"
        found = ServerFindings(server.name, problem=problem, said=f"{reply.code} {without_address(reply.text, '')}")
    finally:
        line.close()
    if not desk.read_only:
        with desk.begin() as uow:
            facts = {"server": server.name, "result": found.problem or "open"}
            uow.audit.record(AuditAction.MAIL_SERVER_TRIED, facts=facts)
            uow.commit()
    return found
