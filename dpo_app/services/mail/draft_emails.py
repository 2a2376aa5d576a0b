"""E-mails as drafts in the organisation's own mailbox, for those who send from there by hand.

Members and codes are frozen before the first draft; each message is the same whenever it is made. What already lies
among drafts or sent messages by its Message-ID is not put there again, so an interrupted run is simply finished.
"""

from __future__ import annotations

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import RuleError
from dpo_app.core.ids import BatchId, BreachId, batch_ref
from dpo_app.core.mail.return_path import message_id
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.export_emails import ExportedEmails, close_export, freeze_emails, mail_order, mail_row
from dpo_app.services.mail.read_mailbox import account_of
from dpo_app.services.notices.message_plan import MessagePlan, plan_messages
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.mail import MailRecord
from dpo_app.services.progress import SILENT, Progress

STEP = 25


def draft_emails(
    desk: Desk, breach_id: BreachId, limit: int | None = None, progress: Progress = SILENT
) -> ExportedEmails:
    """Put a draft for everybody on the e-mail rung who is still open into the mailbox.

    Raises InputError("no_mail_account"), DeliveryError of the mailbox; then `finish_drafts` goes on. Otherwise as
    `export_emails`.
    """
    account_of(desk)
    batch_id, plan = freeze_emails(desk, breach_id, limit, "drafts", progress)
    return _put(desk, batch_id, plan, progress)


def finish_drafts(desk: Desk, batch_id: BatchId, progress: Progress = SILENT) -> ExportedEmails:
    """Go on with drafts that were interrupted. Raises RuleError("batch_state") for any other batch."""
    with desk.read() as queries:
        line = queries.batch(batch_id)
        if line.state != "making" or line.facts.get("form") != "drafts":
            raise RuleError("batch_state", batch=batch_ref(batch_id), state=line.state)
        plan = plan_messages(desk, queries, queries.breach_of_batch(batch_id))
        if plan.notice_id != line.notice_id:
            raise RuleError("drafts_outdated", batch=batch_ref(batch_id))
    return _put(desk, batch_id, plan, progress)


def _put(desk: Desk, batch_id: BatchId, plan: MessagePlan, progress: Progress) -> ExportedEmails:
    account = account_of(desk)
    with desk.read() as queries:
        members = queries.batch(batch_id).members
        rows = [mail_row(plan, row) for row in queries.batch_rows(batch_id)]
    # Only now are all forms known that somebody reads.
    order = mail_order(desk, plan)
    press = desk.mail.prepare(order)
    domain = order.sender_address.rpartition("@")[2]
    records: list[MailRecord] = []
    with desk.mailboxes.drafts(account) as box:
        there = box.message_ids()
        for row in rows:
            data = press.message(row)
            if message_id(row.token, row.attempt, domain, order.key) not in there:
                box.add(data)
            records.append(MailRecord(row.number, row.token, box.folder, sha256_hex(data)))
            if len(records) % STEP == 0:
                progress.step(len(records), members)
    return close_export(desk, batch_id, plan.breach_id, records, AuditAction.EMAILS_DRAFTED)
