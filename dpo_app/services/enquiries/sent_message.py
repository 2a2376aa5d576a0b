"""The exact text of a message that was sent to one person, made again from what was frozen, and whether its bytes are
the same as then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import DpoError, InputError
from dpo_app.core.ids import BatchId, BreachId, NoticeId, PersonId, RevisionId, grouped
from dpo_app.core.notices.notice_text import plain_text
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.veil import veiled
from dpo_app.services.lines import DeliveryLine, MessageRow
from dpo_app.services.mail.export_emails import mail_order, mail_row, run_order
from dpo_app.services.notices.message_plan import MessagePlan, plan_messages
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.mail import MailOrder
from dpo_app.services.ports.store import Queries


@veiled
@dataclass(frozen=True)
class SentMessage:
    """One message as its person read it. `same` tells whether the e-mail made again has the fingerprint that was kept
    (None for letters, whose fingerprint is of the printed page): False means that the register or the sender's details
    changed since, so that values in the text may differ from what was read."""

    notice_version: int
    channel: str
    state: str
    at: datetime
    language: str
    token: str
    subject: str
    text: str
    same: bool | None


def sent_messages(desk: Desk, queries: Queries, person_id: PersonId) -> list[SentMessage]:
    """Return the messages to a person that were made, newest first; attempts that came to no message are left out."""
    breach_id = queries.breach_of_person(person_id)
    plans: dict[int, MessagePlan] = {}
    found = []
    for line in queries.person_deliveries(person_id):
        row = queries.frozen_row(line.id)
        if row is None:
            continue
        if line.notice_id not in plans:
            plans[line.notice_id] = plan_messages(desk, queries, breach_id, NoticeId(line.notice_id))
        found.append(_message(desk, queries, plans[line.notice_id], line, row))
    return found


def show_message(desk: Desk, person_id: PersonId, delivery_id: int) -> SentMessage:
    """Return one message; that its text was shown is an entry of the trail. Raises InputError("no_message_text")."""
    with desk.read() as queries:
        breach_id = BreachId(queries.breach_of_person(person_id))
        line = next((each for each in queries.person_deliveries(person_id) if each.id == delivery_id), None)
        row = queries.frozen_row(delivery_id) if line is not None else None
        if line is None or row is None:
            raise InputError("no_message_text")
        plan = plan_messages(desk, queries, breach_id, NoticeId(line.notice_id))
        message = _message(desk, queries, plan, line, row)
        uid = queries.person(person_id, RevisionId(queries.newest_revision(breach_id).id)).uid
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(AuditAction.MESSAGE_SHOWN, subjects=(uid,), facts={"notice": line.notice_id})
            uow.commit()
    return message


def _order(desk: Desk, queries: Queries, plan: MessagePlan, line: DeliveryLine) -> MailOrder:
    """Return what the e-mail was made with: those that the program sent differ in date and mark from drafts."""
    batch = queries.batch(BatchId(line.batch_id)) if line.batch_id is not None else None
    if batch is None or "form" in batch.facts:
        return mail_order(desk, plan)
    return run_order(desk, plan, batch.made_at)


def _message(
    desk: Desk, queries: Queries, plan: MessagePlan, line: DeliveryLine, row: MessageRow
) -> SentMessage:  # fmt: skip
    channel = Channel(line.channel)
    form = plan.form(row, channel)
    text = plain_text(plan.forms.blocks[form], plan.slots(row))
    subject, same = "", None
    if channel is Channel.EMAIL:
        order = _order(desk, queries, plan, line)
        subject = order.subjects[row.language]
        try:
            same = sha256_hex(desk.mail.prepare(order).message(mail_row(plan, row))) == line.sha256
        except DpoError:
            # The address was taken out of the register since: the text can still be read.
            same = False
    return SentMessage(
        line.notice_version, line.channel, line.state, line.state_at, row.language, grouped(line.token), subject, text,
        same,
    )  # fmt: skip
