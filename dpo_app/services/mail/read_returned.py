"""Read e-mail that came back and move the deliveries it belongs to.

A message counts only if it brings back a code with our signature (security.md section 6); then the state of its
delivery changes, reversibly and with an entry of the trail. Everything else is put before the officer or left alone.
Reading the same messages again changes nothing, so a reading that was stopped is simply begun anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.bounce import (
    COME_BACK,
    FOR_THE_OFFICER,
    LATEST_DAYS,
    PROVEN,
    WORTH_KEEPING,
    MailKind,
    Proof,
    ReadMail,
)
from dpo_app.core.mail.return_path import token_of
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.returned_lines import ReturnedRow, TiedDelivery
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

CHUNK = 500
APPLIED, NOTED, UNDECIDED, DISMISSED, TAKEN_BACK = "applied", "noted", "undecided", "dismissed", "taken_back"


@dataclass
class CameBack:
    """What a reading gave: messages read, those read before, kinds of the others (`again` and `kinds` add up to
    `messages`), bounces that moved somebody by reason, messages for the officer, those without a code of ours that are
    not kept; what is no e-mail at all is only among the kinds."""

    messages: int = 0
    again: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    not_ours: int = 0
    changes: Changes = field(default_factory=lambda: Changes.of(None))

    @property
    def bounced(self) -> int:
        """Return how many deliveries moved to *bounced*."""
        return sum(self.reasons.values())


def read_returned(
    desk: Desk, messages: Iterable[bytes], source: str, progress: Progress = SILENT, total: int | None = None
) -> CameBack:
    """Read messages and record what they say, in chunks of one transaction each. Raises InputError of the source, JobCancelled; what was recorded until then stays."""
    found = CameBack()
    touched: set[int] = set()
    for chunk in _chunks(desk.mail_reader.read(messages)):
        touched |= _record(desk, chunk, source, found)
        progress.step(found.messages, total)
    breach_id = BreachId(touched.pop()) if len(touched) == 1 else None
    found.changes = Changes.of(breach_id, Topic.DELIVERIES)
    return found


def _chunks(mails: Iterator[ReadMail]) -> Iterator[list[ReadMail]]:
    while chunk := list(islice(mails, CHUNK)):
        yield chunk


@dataclass
class _Ties:
    """Deliveries by code and by address, and where each stands now, moves of this chunk included."""

    by_token: dict[str, TiedDelivery]
    by_address: dict[str, TiedDelivery]
    states: dict[int, DeliveryState]


def _record(desk: Desk, mails: list[ReadMail], source: str, found: CameBack) -> set[int]:
    """Record one chunk; returns the breaches it touched."""
    found.messages += len(mails)
    with desk.begin() as uow:
        known = uow.queries.known_mail(mail.identity for mail in mails)
        fresh: dict[str, ReadMail] = {}
        for mail in mails:
            if mail.identity in known or mail.identity in fresh:
                found.again += 1
            else:
                fresh[mail.identity] = mail
        now = desk.clock.now()
        ties = _ties(uow.queries, fresh.values(), desk.token_key)
        rows = [_row(mail, ties, desk.token_key, now, source) for mail in fresh.values()]
        kept = [row for row in rows if row.proof in PROVEN or row.kind in WORTH_KEEPING]
        found.not_ours += sum(row.kind != MailKind.NO_MESSAGE for row in rows) - len(kept)
        if kept:
            _write(uow, desk, kept, now)
            uow.commit()
    found.kinds.update(row.kind for row in rows)
    found.undecided += sum(row.outcome == UNDECIDED for row in kept)
    found.reasons.update(row.reason for row in kept if row.outcome == APPLIED and row.kind == MailKind.BOUNCED)
    return {row.breach_id for row in kept if row.breach_id is not None}


def _ties(queries: Queries, mails: Iterable[ReadMail], key: bytes) -> _Ties:
    """Look up everything that a chunk may be tied to, in few statements."""
    mails = list(mails)
    tokens = {token for mail in mails for _place, code in mail.codes if (token := token_of(code, key)) is not None}
    by_token = queries.deliveries_by_tokens(sorted(tokens))
    loose = {
        mail.address.lower()
        for mail in mails
        if mail.kind in WORTH_KEEPING and mail.address and not any(token_of(c, key) for _p, c in mail.codes)
    }
    by_address = queries.deliveries_by_addresses(sorted(loose))
    states = {tied.id: DeliveryState(tied.state) for tied in (*by_token.values(), *by_address.values())}
    return _Ties(by_token, by_address, states)


def _row(mail: ReadMail, ties: _Ties, key: bytes, now: datetime, source: str) -> ReturnedRow:
    """Decide about one message."""
    proof, tied = Proof.FORGED if mail.codes else Proof.NONE, None
    for place, code in mail.codes:
        token = token_of(code, key)
        if token is not None and token in ties.by_token:
            proof, tied = place, ties.by_token[token]
            break
    if tied is None and mail.address.lower() in ties.by_address:
        tied = ties.by_address[mail.address.lower()]
        proof = Proof.ADDRESS if proof is Proof.NONE else proof
    outcome, before = _outcome(mail, proof, tied, ties, now)
    open_text = outcome == UNDECIDED
    return ReturnedRow(
        mail.identity, now, source, mail.kind.value, mail.reason.value if mail.reason else "", mail.status,
        proof.value, tied.breach_id if tied else None, tied.id if tied else None, outcome, before, mail.host,
        mail.address if open_text else "", mail.subject if open_text else "", mail.text if open_text else "",
    )  # fmt: skip


def _outcome(
    mail: ReadMail, proof: Proof, tied: TiedDelivery | None, ties: _Ties, now: datetime
) -> tuple[str, str]:  # fmt: skip
    """Return what becomes of a message, and the state it moves its delivery from."""
    if proof not in PROVEN or tied is None:
        return (UNDECIDED if mail.kind in (MailKind.BOUNCED, MailKind.UNREADABLE) else NOTED), ""
    if mail.kind is MailKind.UNREADABLE:
        return UNDECIDED, ""
    state = ties.states[tied.id]
    target = COME_BACK.get((state, mail.kind))
    if target is None:
        early = mail.kind is MailKind.BOUNCED and state in FOR_THE_OFFICER
        return (UNDECIDED if early else NOTED), ""
    if mail.kind is MailKind.BOUNCED and now - tied.state_at > timedelta(days=LATEST_DAYS):
        return UNDECIDED, ""
    ties.states[tied.id] = target
    return APPLIED, state.value


def _write(uow: UnitOfWork, desk: Desk, rows: list[ReturnedRow], now: datetime) -> None:
    """Keep the rows, move deliveries by state and reason, and leave an entry for each breach."""
    uow.returned_mail.keep(rows)
    moves: dict[tuple[DeliveryState, str], list[int]] = {}
    for row in rows:
        if row.outcome == APPLIED and row.delivery_id is not None:
            target = COME_BACK[DeliveryState(row.state_before), MailKind(row.kind)]
            moves.setdefault((target, row.reason), []).append(row.delivery_id)
    for (target, reason), ids in moves.items():
        uow.deliveries.move_ones(ids, target, reason, now, desk.actor, "mail")
    for breach_id in sorted({row.breach_id for row in rows if row.breach_id is not None}):
        own = [row for row in rows if row.breach_id == breach_id]
        _note(uow, (uow.queries.breach_uid(BreachId(breach_id)),), own)
    _note(uow, (), [row for row in rows if row.breach_id is None])


def _note(uow: UnitOfWork, subjects: tuple[str, ...], rows: list[ReturnedRow]) -> None:
    if not rows:
        return
    applied = [row for row in rows if row.outcome == APPLIED]
    uow.audit.record(
        AuditAction.MAIL_CAME_BACK,
        subjects=subjects,
        facts={
            "messages": len(rows),
            "bounced": sum(row.kind == MailKind.BOUNCED for row in applied),
            "confirmed": sum(row.kind != MailKind.BOUNCED for row in applied),
            "undecided": sum(row.outcome == UNDECIDED for row in rows),
        },
    )
