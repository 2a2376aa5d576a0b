"""E-mails as files, one person each: for those who send through another program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.digests import merkle_root
from dpo_app.core.errors import DeliveryError, RuleError
from dpo_app.core.ids import BatchId, BreachId, PersonId, RevisionId, batch_ref
from dpo_app.core.mail.mail_address import NeedsUtf8, NotOneAddress, wire_address
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import appearing_folder, ensure_folder, need_space
from dpo_app.services.lines import MessageRow
from dpo_app.services.mail.mail_seal import signature_of
from dpo_app.services.notices.message_plan import MessagePlan, new_token, plan_messages, with_languages
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.mail import MailOrder, MailRecord, MailRow
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

BYTES_A_MESSAGE = 8_000


@dataclass(frozen=True)
class ExportedEmails:
    """What was written: batch reference, number of messages, folder."""

    reference: str
    planned: int
    folder: str
    changes: Changes


def count_emails(desk: Desk, breach_id: BreachId) -> int:
    """Return how many persons would get an e-mail now."""
    with desk.read() as queries:
        plan = plan_messages(desk, queries, breach_id, channel=Channel.EMAIL)
        rows = email_candidates(queries, plan, None)
        return sum(map(_can_be_addressed, rows))


def _can_be_addressed(row: MessageRow) -> bool:
    """Tell whether a file for another program can be addressed to a person; the others stay open for another channel."""
    try:
        wire_address(row.email)
    except (NotOneAddress, NeedsUtf8):
        return False
    return True


def email_candidates(
    queries: Any, plan: MessagePlan, limit: int | None, only: PersonId | None = None
) -> Iterator[MessageRow]:
    rows: Iterator[MessageRow] = queries.message_rows(
        plan.breach_id, RevisionId(plan.newest.id), Channel.EMAIL, plan.organisation.language, limit, plan.notice_id,
        only,
    )  # fmt: skip
    return rows


def export_emails(
    desk: Desk, breach_id: BreachId, out: Path, limit: int | None = None, progress: Progress = SILENT,
    only: PersonId | None = None, form: str = "eml",
) -> ExportedEmails:  # fmt: skip
    """Write an e-mail for everybody on the e-mail rung who is still open into `out/REFERENCE/`, or for one person alone:
    a file each (`eml`), or all in one mailbox file (`mbox`).

    Members and tokens are committed before the first file; the folder appears whole. State *exported* is on the way,
    never told. Raises RuleError("no_approved_notice"), RuleError("nobody_to_write_to"), InputError("sender_address").
    """
    ensure_folder(out)
    batch_id, plan = freeze_emails(desk, breach_id, limit, form, progress, only, out)
    return finish_export(desk, batch_id, out, plan, progress, form)


def freeze_emails(
    desk: Desk, breach_id: BreachId, limit: int | None, form: str, progress: Progress = SILENT,
    only: PersonId | None = None, out: Path | None = None,
) -> tuple[BatchId, MessagePlan]:  # fmt: skip
    """Freeze who gets an e-mail under which code, before the first is made; `out` must have room for all. Raises as
    `export_emails`."""
    with desk.begin() as uow:
        plan = plan_messages(desk, uow.queries, breach_id, channel=Channel.EMAIL, only=only)
        candidates = filter(_can_be_addressed, email_candidates(uow.queries, plan, limit, only))
        rows = numbered(desk, plan, candidates, progress)
        batch_id = uow.deliveries.open_batch(
            desk.ids.uid(),
            breach_id,
            plan.notice_id,
            Channel.EMAIL,
            desk.clock.now(),
            desk.actor,
            {"revision": plan.newest.id, "form": form},
            rows,
        )
        members = uow.queries.batch(batch_id).members
        if members == 0:
            raise RuleError("nobody_to_write_to", channel=Channel.EMAIL.value)
        if out is not None:
            need_space(out, members * BYTES_A_MESSAGE)
        uow.audit.record(
            AuditAction.EMAILS_FROZEN,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "emails": members, "notice": plan.notice_id},
        )
        uow.commit()
    return batch_id, plan


def numbered(desk: Desk, plan: MessagePlan, rows: Iterator[MessageRow], progress: Progress) -> Iterator[MessageRow]:
    for place, row in enumerate(rows, 1):
        if place % 500 == 0:
            progress.step(place, None)
        yield with_languages(row, plan)._replace(token=new_token(desk, plan.breach_id), number=place)


def mail_order(desk: Desk, plan: MessagePlan, *, unsent: bool = True) -> MailOrder:
    """Return what all e-mails of a plan share; their date is that of the approval. `unsent` for files that another
    program opens as drafts."""
    organisation, forms = plan.organisation, plan.forms
    approved = plan.notice.approved_at or desk.clock.now()
    return MailOrder(
        tuple(forms.blocks), tuple(forms.languages), organisation.name or plan.newest.facts.controller,
        organisation.email, {language: desk.wording.frame(language).subject for language in forms.languages},
        format_datetime(approved), desk.token_key, organisation.web_page, unsent=unsent,
        signature=signature_of(desk, plan.seal, organisation.email),
    )  # fmt: skip


def run_order(desk: Desk, plan: MessagePlan, began_at: datetime) -> MailOrder:
    """Return what all e-mails share that the program sends itself: their date is that of the run."""
    return replace(mail_order(desk, plan, unsent=False), date=format_datetime(began_at))


def finish_export(
    desk: Desk, batch_id: BatchId, out: Path, plan: MessagePlan, progress: Progress = SILENT, form: str = "eml"
) -> ExportedEmails:
    """Write the files of an export whose members are frozen, and record it."""
    reference = batch_ref(batch_id)
    with desk.read() as queries:
        members = queries.batch(batch_id).members
        for row in queries.batch_rows(batch_id):
            plan.form(row, Channel.EMAIL)
        press = desk.mail.prepare(mail_order(desk, plan))
        rows = (mail_row(plan, row) for row in queries.batch_rows(batch_id))
        with appearing_folder(out / reference) as folder:
            write = press.write_mbox if form == "mbox" else press.write
            records = write(rows, folder, lambda done: progress.step(done, members))
    return close_export(desk, batch_id, plan.breach_id, records, AuditAction.EMAILS_EXPORTED)


def close_export(
    desk: Desk, batch_id: BatchId, breach_id: BreachId, records: Sequence[MailRecord], action: AuditAction
) -> ExportedEmails:
    """Record that all messages of a batch are written: to files, or as drafts."""
    root = merkle_root(f"{r.number}|{r.token}|{r.sha256}".encode() for r in records).hex()
    with desk.begin() as uow:
        uow.deliveries.close_batch(
            batch_id, DeliveryState.EXPORTED, "exported", desk.clock.now(), desk.actor,
            [(r.number, r.sha256, 0) for r in records], pages=0, sheets=0, merkle_root=root, files=[],
        )  # fmt: skip
        uow.audit.record(
            action, subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "emails": len(records), "merkle_root": root},
        )  # fmt: skip
        uow.commit()
    reference = batch_ref(batch_id)
    return ExportedEmails(reference, len(records), reference, Changes.of(breach_id, Topic.DELIVERIES))


def mail_row(plan: MessagePlan, row: MessageRow) -> MailRow:
    """Return what one person's e-mail is made from. Raises DeliveryError("mail_address") if there is no way to write
    the address into a header."""
    form = plan.form(row, Channel.EMAIL)
    try:
        address = wire_address(row.email)
    except (NotOneAddress, NeedsUtf8):
        raise DeliveryError("mail_address", retryable=False, number=row.number) from None
    return MailRow(row.number, row.token, row.attempt, form, row.full_name, address, plan.slots(row))


def confirm_sent(desk: Desk, batch_id: BatchId, count: int) -> tuple[int, Changes]:
    """Record that the exported e-mails were sent by another program; the officer states how many.

    Raises RuleError("batch_state"), RuleError("count_differs") if the number is not that of the export.
    """
    with desk.begin() as uow:
        line = uow.queries.batch(batch_id)
        if line.state != "exported":
            raise RuleError("batch_state", batch=batch_ref(batch_id), state=line.state)
        if count != line.members:
            raise RuleError("count_differs", stated=count, planned=line.members)
        breach_id = uow.queries.breach_of_batch(batch_id)
        persons = uow.deliveries.move_batch(
            batch_id, DeliveryState.REPORTED_SENT, "reported_sent", desk.clock.now(), desk.actor
        )
        uow.audit.record(
            AuditAction.EMAILS_REPORTED_SENT,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "emails": persons},
        )
        uow.commit()
    return persons, Changes.of(breach_id, Topic.DELIVERIES)
