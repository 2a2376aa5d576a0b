"""Read what came back from the mailbox on its server. The mailbox is only read; what was seen is remembered by its
numbers (UIDVALIDITY and UID), so that a hundred thousand messages are fetched once."""

from __future__ import annotations

from datetime import date
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_account import MailAccount
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.read_returned import CameBack, read_returned
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

SETTING, MARKS = "mail_account", "mail_account_marks"
#: Messages after which the place is remembered.
SLICE = 2_000


def mail_account(queries: Queries) -> MailAccount | None:
    """Return the mailbox of the store, or None if none is set."""
    document = queries.setting(SETTING)
    return MailAccount.from_document(document) if document else None


def save_mail_account(desk: Desk, account: MailAccount | None) -> Changes:
    """Keep the mailbox, password included, or forget it. Raises InputError as `MailAccount.checked`."""
    document = account.checked().to_document() if account is not None else {}
    with desk.begin() as uow:
        uow.settings.put(SETTING, document)
        name = f"{SETTING} {account.name} {account.protection}" if account is not None else SETTING
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": name})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)


def account_of(desk: Desk) -> MailAccount:
    """Return the mailbox of the store. Raises InputError("no_mail_account")."""
    with desk.read() as queries:
        account = mail_account(queries)
    if account is None:
        raise InputError("no_mail_account")
    return account


def try_mail_account(desk: Desk, account: MailAccount) -> int:
    """Open the mailbox and close it; returns how many messages are in the folder. Raises InputError as
    `MailAccount.checked`, DeliveryError of the mailbox."""
    with desk.mailboxes.reading(account.checked()) as box:
        return len(box.uids(0, None))


def read_mailbox(desk: Desk, breach_id: BreachId, progress: Progress = SILENT) -> CameBack:
    """Read what is new in the mailbox since the approval of the first notice, and record it.

    Raises InputError("no_mail_account"), DeliveryError of the mailbox, JobCancelled; what was recorded stays, and the
    next reading goes on from there.
    """
    account = account_of(desk)
    with desk.read() as queries:
        since = _since(queries, breach_id)
        marks = dict(queries.setting(MARKS) or {})
    key = f"{account.name}/{account.user}/{account.folder}"
    found = CameBack()
    with desk.mailboxes.reading(account) as box:
        seen = marks.get(key, [0, 0])
        after = int(seen[1]) if int(seen[0]) == box.validity else 0
        uids = box.uids(after, since)
        for start in range(0, len(uids), SLICE):
            part = uids[start : start + SLICE]
            own = read_returned(desk, box.messages(part), "imap", _Offset(progress, start, len(uids)))
            _add(found, own)
            _remember(desk, {**marks, key: [box.validity, part[-1]]}, own.messages)
    return found


def _since(queries: Queries, breach_id: BreachId) -> date | None:
    approved = [notice.approved_at for _id, notice in queries.notices(breach_id) if notice.approved_at is not None]
    return min(approved).date() if approved else None


def _remember(desk: Desk, marks: dict[str, Any], messages: int) -> None:
    with desk.begin() as uow:
        uow.settings.put(MARKS, marks)
        uow.audit.record(AuditAction.MAILBOX_READ, facts={"messages": messages})
        uow.commit()


def _add(found: CameBack, own: CameBack) -> None:
    found.messages += own.messages
    found.again += own.again
    found.kinds.update(own.kinds)
    found.reasons.update(own.reasons)
    found.undecided += own.undecided
    found.not_ours += own.not_ours
    found.changes = own.changes


class _Offset:
    """Progress over all slices."""

    def __init__(self, progress: Progress, start: int, total: int) -> None:
        self._progress, self._start, self._total = progress, start, total

    def step(self, done: int, _total: int | None = None) -> None:
        """Pass on how far the whole reading is."""
        self._progress.step(self._start + done, self._total)
