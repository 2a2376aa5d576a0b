"""One message of the notice to an address of the officer's own, before the first run: made, checked and handed over as
all others are, but made out to a made-up person.

It belongs to nobody: no delivery, no batch, nobody moves. Its code is of no delivery, so that the enquiry desk and the
reader of bounces know it for none of ours. So the breach need not be armed, and the address may be no person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import idna

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, NoticeId, RevisionId, breach_ref
from dpo_app.core.mail.mail_address import NeedsUtf8, NotOneAddress, wire_address
from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.mail.mail_trust import TrustFinding, check_headers
from dpo_app.core.mail.smtp_reply import Step
from dpo_app.core.mail.trial import TrialResult
from dpo_app.core.notices.notice import Notice, NoticeState, Reader
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.desk.make_example import FIRST_DAY, example_document
from dpo_app.services.lines import MessageRow
from dpo_app.services.mail.email_run import check_sender_address, maker_of
from dpo_app.services.mail.mail_settings import mail_server
from dpo_app.services.mail.read_mailbox import mail_account
from dpo_app.services.mail.run_lines import LedgerLine, WaitingRow
from dpo_app.services.mail.run_terms import Item, without_address
from dpo_app.services.mail.sending_worker import Made, Skip
from dpo_app.services.notices.message_plan import MessagePlan, new_token, plan_messages
from dpo_app.services.notices.preview_message import show_gaps
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.dispatch import LineFault, LineRefused
from dpo_app.services.ports.store import Queries

#: Where the newest trial of each breach is remembered, to be looked for: {breach: {message_id, at}}; no address.
SETTING = "mail_trial"
_FAULTS = {"certificate": TrialResult.CERTIFICATE, "no_starttls": TrialResult.NO_STARTTLS}


@dataclass(frozen=True)
class TrialTerms:
    """What a trial would be of: the notice's version, whether it is still a draft, its languages with the usual one first;
    where it would go if nothing else is said; whether a mailbox is set up in which it can be looked for."""

    version: int
    draft: bool
    languages: tuple[str, ...]
    address: str
    mailbox: bool


@dataclass(frozen=True)
class Trial:
    """A trial that was tried: what the server made of it and said, and the Message-ID to look for."""

    result: TrialResult
    server: str
    said: str
    message_id: str
    language: str
    draft: bool


@dataclass(frozen=True)
class TrialSeen:
    """Whether the newest trial, sent at `at`, lies in the mailbox, and what its receiver found."""

    mailbox: str
    at: datetime
    arrived: bool
    findings: tuple[TrustFinding, ...] = ()


def trial_terms(queries: Queries, breach_id: BreachId) -> TrialTerms:
    """Return what a trial would be of. Raises RuleError("trial_no_notice")."""
    _number, notice = _newest(queries, breach_id)
    organisation = organisation_of(queries)
    usual = [each for each in notice.languages if each == organisation.language]
    languages = (*usual, *(each for each in notice.languages if each not in usual))
    draft = notice.state is not NoticeState.APPROVED
    return TrialTerms(notice.version, draft, languages, organisation.email, mail_account(queries) is not None)


def _newest(queries: Queries, breach_id: BreachId) -> tuple[NoticeId, Notice]:
    """Return the notice that is tried: the newest approved one, or the newest draft before there is any."""
    notices = queries.notices(breach_id)
    for state in (NoticeState.APPROVED, NoticeState.DRAFT):
        for number, notice in reversed(notices):
            if notice.state is state:
                return number, notice
    raise RuleError("trial_no_notice")


def send_trial(
    desk: Desk, breach_id: BreachId, address: str, language: str = "", server: MailServer | None = None
) -> Trial:
    """Send one message of the notice to `address`. Raises InputError: "trial_address", "no_mail_server_set",
    "sender_address"; RuleError: "trial_no_notice", "trial_language", "trial_to_person", "trial_read_only"; DeliveryError if
    it did not come out as planned."""
    if desk.read_only:
        raise RuleError("trial_read_only")
    address = address.strip()
    with desk.read() as queries:
        server = server or mail_server(queries)
        if server is None:
            raise InputError("no_mail_server_set")
        server.checked()
        if queries.anybody_at(breach_id, _spellings(address)):
            raise RuleError("trial_to_person", breach=breach_ref(breach_id))
        terms = trial_terms(queries, breach_id)
        language = language or terms.languages[0]
        if language not in terms.languages:
            raise RuleError("trial_language", language=language)
        notice_id, _notice = _newest(queries, breach_id)
        plan = plan_messages(desk, queries, breach_id, notice_id)
        check_sender_address(plan)
        reader = _usual_reader(queries, plan, language)
        token = _free_token(desk, queries, breach_id)
    if terms.draft:
        show_gaps(plan)
    made = _made(desk, plan, reader, token, address, server)
    result, said = _hand_over(desk, server, made)
    _record(desk, breach_id, notice_id, made, result, server, language)
    return Trial(result, server.name, said, made.message_id, language, terms.draft)


def _spellings(address: str) -> list[str]:
    """Return an address as a register may have it: as typed, and with its domain in either form of RFC 5890. Raises
    InputError("trial_address")."""
    try:
        wire = wire_address(address)
    except (NotOneAddress, NeedsUtf8):
        raise InputError("trial_address") from None
    local, _at, domain = wire.rpartition("@")
    try:
        spoken = idna.decode(domain)
    except UnicodeError:
        spoken = domain
    return sorted({each.casefold() for each in (address, wire, f"{local}@{spoken}")})


def _usual_reader(queries: Queries, plan: MessagePlan, language: str) -> Reader:
    """Return the kind of reader that most who get an e-mail in this language are: what they read is tried."""
    counts = queries.reader_counts(RevisionId(plan.newest.id), plan.organisation.language)
    own = [(reader.channel is Channel.EMAIL, count, reader) for reader, count in counts if reader.language == language]
    if not own:
        return Reader(language, ExposureState.CONFIRMED, Channel.EMAIL)
    _by_mail, _count, usual = max(own, key=lambda each: each[:2])
    return usual._replace(channel=Channel.EMAIL, easy=False)


def _free_token(desk: Desk, queries: Queries, breach_id: BreachId) -> str:
    """Return a code that no delivery has."""
    while True:
        token = new_token(desk, breach_id)
        if not queries.states_of_tokens([token]):
            return token


def _made(desk: Desk, plan: MessagePlan, reader: Reader, token: str, address: str, server: MailServer) -> Made:
    """Make the message by the way of all others, the guard included; its person is one of the worked example."""
    names = cast(Mapping[str, Any], example_document(desk.example_folder)["names"])
    suffix = "_sv" if reader.language == "sv" else ""
    family, given = str(names[f"family{suffix}"][0]), str(names[f"given{suffix}"][0])
    row = MessageRow(
        0, "", family, given, address, PostalAddress(), reader.language, reader.exposure.value, Channel.EMAIL.value,
        reader.age, FIRST_DAY.isoformat(), token, 1,
    )  # fmt: skip
    line = LedgerLine(
        0, token, row.full_name, given, row.registered, address, row.language, row.exposure, row.channel, row.age,
        protected=False, deceased=False,
    )  # fmt: skip
    # The row first: it brings the form that the press must know.
    plan.form(row, Channel.EMAIL)
    try:
        return maker_of(desk, plan, desk.clock.now(), server).make(
            Item(WaitingRow(0, "", row, row.channel, 0, None, ""), line)
        )
    except Skip:
        raise InputError("trial_address") from None


def _hand_over(desk: Desk, server: MailServer, made: Made) -> tuple[TrialResult, str]:
    line = desk.dispatcher.line(server)
    address = made.envelope.recipient
    try:
        line.open()
    except LineFault as fault:
        return _FAULTS.get(fault.kind, TrialResult.UNREACHABLE), f"{fault.kind} {fault.detail}".strip()
    except LineRefused as refused:
        reply = refused.reply
        result = TrialResult.LOGIN if reply.step is Step.AUTH else TrialResult.UNREACHABLE
        return result, f"{reply.code} {without_address(reply.text, '')}"
    try:
        reply = line.hand_over(made.envelope, made.data, lambda: None, lambda: None)
    except LineFault as fault:
        return TrialResult.UNANSWERED if fault.step is Step.DOT else TrialResult.LOST, ""
    finally:
        line.close()
    said = f"{reply.code} {without_address(reply.text, address)}"
    if reply.final:
        return TrialResult.REFUSED, said
    return (TrialResult.TAKEN if reply.code // 100 == 2 else TrialResult.LATER), said


def _record(
    desk: Desk, breach_id: BreachId, notice_id: NoticeId, made: Made, result: TrialResult, server: MailServer, language: str
) -> None:  # fmt: skip
    """Write the one entry; of a message that may have left, its Message-ID is remembered to look for it."""
    with desk.begin() as uow:
        if result in (TrialResult.TAKEN, TrialResult.UNANSWERED):
            kept = dict(uow.queries.setting(SETTING) or {})
            kept[str(breach_id)] = {"message_id": made.message_id, "at": desk.clock.now().isoformat()}
            uow.settings.put(SETTING, kept)
        uow.audit.record(
            AuditAction.TRIAL_SENT,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"notice": notice_id, "language": language, "server": server.name, "result": result.value},
        )
        uow.commit()


def look_for_trial(desk: Desk, breach_id: BreachId) -> TrialSeen:
    """Look for the newest trial in the mailbox of the store; nothing in it changes. Raises RuleError("no_trial"),
    InputError("trial_no_mailbox"), DeliveryError of the mailbox."""
    with desk.read() as queries:
        kept = (queries.setting(SETTING) or {}).get(str(breach_id))
        account = mail_account(queries)
    if kept is None:
        raise RuleError("no_trial")
    if account is None:
        raise InputError("trial_no_mailbox")
    with desk.mailboxes.reading(account) as box:
        head = box.head_of(kept["message_id"])
    at = datetime.fromisoformat(kept["at"])
    if head is None:
        return TrialSeen(account.name, at, arrived=False)
    return TrialSeen(account.name, at, arrived=True, findings=tuple(check_headers(head.decode("utf-8", "replace"))))
