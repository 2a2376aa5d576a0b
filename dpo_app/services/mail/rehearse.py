"""A rehearsal of a run: every message of the set is made and read again by the guard, and none leaves.

No line is opened, nothing is claimed, no person moves. What a run would stumble over at message 20,000 in the middle of
the night is seen before the first one has gone out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import DpoError, RuleError
from dpo_app.core.ids import BatchId, BreachId, NoticeId, RevisionId
from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.veil import veiled
from dpo_app.services.lines import MessageRow
from dpo_app.services.mail.email_run import check_sender_address, check_text, maker_of, plan_of_new
from dpo_app.services.mail.export_emails import email_candidates, numbered
from dpo_app.services.mail.run_lines import WaitingRow
from dpo_app.services.mail.run_terms import Item
from dpo_app.services.mail.sending_worker import Maker, Skip
from dpo_app.services.notices.message_plan import MessagePlan, plan_messages
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Progress

#: Members looked up at once, and how many of those that cannot be sent are named.
AT_ONCE, MOST_NAMED = 400, 500


@veiled
@dataclass(frozen=True)
class LeftOut:
    """A person whose message cannot be sent as things stand, and why: `wrong` if it did not say what the ledger says."""

    person_id: int
    code: str
    name: str
    reason: str
    wrong: bool = False


@dataclass
class Rehearsal:
    """What a run would hand over: messages made and found right, by language, of so many different texts; their sizes in
    bytes; and those that would not leave, by reason (the first of them named)."""

    planned: int = 0
    made: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    texts: set[tuple[int, int]] = field(default_factory=set)
    total_bytes: int = 0
    smallest: int = 0
    largest: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    named: list[LeftOut] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """Return how many cannot be sent as things stand."""
        return sum(self.reasons.values())


def rehearse_emails(
    desk: Desk, breach_id: BreachId, server: MailServer | None = None, progress: Progress = SILENT
) -> Rehearsal:
    """Make and check every message that a run would send now. Raises RuleError "nobody_to_write_to", "run_outdated" and
    as `plan_messages`; InputError("sender_address"); JobCancelled."""
    found, used = Rehearsal(), server or MailServer()
    with desk.read() as queries:
        plan = plan_of_new(desk, queries, breach_id)
        runs = queries.open_runs(breach_id)
        total = _planned(queries, breach_id, plan, runs)
        if not total:
            raise RuleError("nobody_to_write_to", channel=Channel.EMAIL.value)
        for batch_id in runs:
            check_text(queries, batch_id)
            _rehearse_run(desk, queries, breach_id, batch_id, used, found, progress, total)
        if plan is not None:
            _rehearse_new(desk, queries, plan, used, found, progress, total)
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(
                AuditAction.SENDING_REHEARSED,
                subjects=(uow.queries.breach_uid(breach_id),),
                facts={"emails": found.planned, "made": found.made, "left_out": found.left_out, "wrong": found.wrong},
            )
            uow.commit()
    return found


def _planned(queries: Queries, breach_id: BreachId, plan: MessagePlan | None, runs: list[BatchId]) -> int:
    waits = (DeliveryState.QUEUED.value, DeliveryState.DEFERRED.value)
    total = sum(queries.run_counts(batch_id).get(state, 0) for batch_id in runs for state in waits)
    if plan is not None:
        total += queries.waiting(breach_id, RevisionId(plan.newest.id), Channel.EMAIL, plan.notice_id)
    return total


def _rehearse_run(
    desk: Desk, queries: Queries, breach_id: BreachId, batch_id: BatchId, server: MailServer, found: Rehearsal,
    progress: Progress, total: int,
) -> None:  # fmt: skip
    line = queries.batch(batch_id)
    plan = plan_messages(desk, queries, breach_id, NoticeId(line.notice_id))
    check_sender_address(plan)
    frozen = RevisionId(line.facts.get("revision", plan.newest.id))
    for reader in queries.run_readers(batch_id, frozen):
        plan.forms.number(reader, Channel.EMAIL)
    maker = maker_of(desk, plan, line.made_at, server)
    members = iter([number for number, _at in queries.waiting_members(batch_id, frozen)])
    while ids := list(islice(members, AT_ONCE)):
        rows = queries.waiting_rows(ids, frozen, RevisionId(plan.newest.id), plan.organisation.language)
        ledger = queries.ledger_lines(ids, frozen)
        for row in rows:
            if row.delivery_id in ledger:
                _try(maker, plan, Item(row, ledger[row.delivery_id]), found)
        progress.step(found.planned, total)


def _rehearse_new(
    desk: Desk, queries: Queries, plan: MessagePlan, server: MailServer, found: Rehearsal, progress: Progress, total: int
) -> None:  # fmt: skip
    check_sender_address(plan)
    # Twice over the set, so that no more than a part of it is in memory: first its texts, then its messages.
    for row in numbered(desk, plan, _with_address(queries, plan), progress):
        plan.form(row, Channel.EMAIL)
    maker = maker_of(desk, plan, desk.clock.now(), server)
    newest, language = RevisionId(plan.newest.id), plan.organisation.language
    members = numbered(desk, plan, _with_address(queries, plan), SILENT)
    while rows := list(islice(members, AT_ONCE)):
        ledger = queries.ledger_of([row.person_id for row in rows], newest, language)
        for row in rows:
            waiting = WaitingRow(0, DeliveryState.PLANNED.value, row, row.channel, 0, None, "")
            _try(maker, plan, Item(waiting, ledger[row.person_id]._replace(token=row.token)), found)
        progress.step(found.planned, total)


def _with_address(queries: Queries, plan: MessagePlan) -> Iterator[MessageRow]:
    return (row for row in email_candidates(queries, plan, None) if row.email)


def _try(maker: Maker, plan: MessagePlan, item: Item, found: Rehearsal) -> None:
    row = item.waiting.row
    found.planned += 1
    try:
        data = maker.make(item).data
    except Skip as skip:
        _left_out(found, row, skip.reason, wrong=False)
    except DpoError as error:
        _left_out(found, row, str(error.facts.get("what") or error.code), wrong=True)
    else:
        size = len(data)
        found.made += 1
        found.languages[row.language] += 1
        found.texts.add((plan.notice_id, plan.form(row, Channel.EMAIL)))
        found.total_bytes += size
        found.smallest = min(found.smallest or size, size)
        found.largest = max(found.largest, size)


def _left_out(found: Rehearsal, row: MessageRow, reason: str, *, wrong: bool) -> None:
    if wrong:
        found.wrong += 1
    else:
        found.reasons[reason] += 1
    if len(found.named) < MOST_NAMED:
        name = "" if row.protected else row.full_name
        found.named.append(LeftOut(row.person_id, row.code, name, reason, wrong))
