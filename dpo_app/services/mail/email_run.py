"""A run of e-mails from the officer's word to its end: who gets one, freezing, sending, pausing, going on, stopping."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId, NoticeId, RevisionId, batch_ref, breach_ref
from dpo_app.core.mail.mail_address import NeedsUtf8, NotOneAddress, wire_address
from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.mail.sending_hours import HoursGate
from dpo_app.core.notices.notice import NoticeState
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.export_emails import email_candidates, numbered, run_order
from dpo_app.services.mail.journal_proof import bind_rest
from dpo_app.services.mail.mail_guard import MailGuard
from dpo_app.services.mail.run_terms import RunRules, Task
from dpo_app.services.mail.sending import Ledger
from dpo_app.services.mail.sending_watch import RunControl, figures
from dpo_app.services.mail.sending_worker import Maker, Worker
from dpo_app.services.notices.message_plan import MessagePlan, plan_messages
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Changes, Progress, Topic


@dataclass(frozen=True)
class SendPlan:
    """Who would get an e-mail now: `new` persons on the rung who are open, `waiting` members of runs that have not ended
    (of these `deferred` wait for their time), how long it takes at least under the server's limits, when the first goes
    out (None for at once: no hours are set, or it is one of them), and when the last does at the earliest."""

    new: int
    waiting: int
    deferred: int
    seconds: float
    opens_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def planned(self) -> int:
        """Return how many messages would be handed over."""
        return self.new + self.waiting


@dataclass(frozen=True)
class RunEnd:
    """How a call of `send_emails` ended: what was planned, what became of it, and why it paused (""; it did not)."""

    planned: int
    counts: dict[str, int]
    paused: str
    said: str
    runs: tuple[str, ...]
    changes: Changes


def plan_to_send(desk: Desk, breach_id: BreachId, server: MailServer | None = None) -> SendPlan:
    """Return who would get an e-mail now. Raises RuleError as `plan_messages`."""
    with desk.read() as queries:
        return _plan(desk, queries, breach_id, plan_of_new(desk, queries, breach_id), server)


def plan_of_new(desk: Desk, queries: Queries, breach_id: BreachId) -> MessagePlan | None:
    """Return the plan for those who are in no run yet; None if there is no notice for them and others wait."""
    try:
        return plan_messages(desk, queries, breach_id, channel=Channel.EMAIL)
    except RuleError as error:
        if error.code == "no_approved_notice" and queries.open_runs(breach_id):
            return None
        raise


def _plan(
    desk: Desk, queries: Queries, breach_id: BreachId, plan: MessagePlan | None, server: MailServer | None
) -> SendPlan:
    counts: Counter[str] = Counter()
    for batch_id in queries.open_runs(breach_id):
        counts.update(queries.run_counts(batch_id))
    new = 0
    if plan is not None:
        new = queries.waiting(breach_id, RevisionId(plan.newest.id), Channel.EMAIL, plan.notice_id)
    deferred = counts[DeliveryState.DEFERRED.value]
    waiting = counts[DeliveryState.QUEUED.value] + deferred
    if server is None:
        return SendPlan(new, waiting, deferred, 0.0)
    planned, now = new + waiting, desk.clock.now()
    return SendPlan(
        new, waiting, deferred, server.limits.seconds_for(planned), HoursGate(server.hours, desk.zone).opens_at(now),
        server.hours.finished(planned, server.limits, now, desk.zone),
    )  # fmt: skip


def find_interrupted(desk: Desk) -> dict[str, int]:
    """Settle what a crash left half done: before the dot a message waits again, after it its outcome is unknown. Returns
    {waiting, unknown}. Only while nothing is being sent: right after the store was opened."""
    found: Counter[str] = Counter(waiting=0, unknown=0)
    with desk.read() as queries:
        if not queries.running_tries():
            return dict(found)
    with desk.begin() as uow:
        tries = uow.queries.running_tries()
        uow.sending.end_tries(tries, desk.clock.now(), desk.actor)
        for breach in sorted({each.breach_id for each in tries}):
            own = [each for each in tries if each.breach_id == breach]
            unknown = sum(each.stage == "dot" for each in own)
            found.update(unknown=unknown, waiting=len(own) - unknown)
            uow.audit.record(
                AuditAction.HANDOVERS_FOUND,
                subjects=(uow.queries.breach_uid(BreachId(breach)),),
                facts={"unknown": unknown, "waiting": len(own) - unknown},
            )
        uow.commit()
    return dict(found)


def send_emails(
    desk: Desk, breach_id: BreachId, server: MailServer, confirmed: int | None, *, control: RunControl | None = None,
    rules: RunRules | None = None, starts_at: datetime | None = None, progress: Progress = SILENT,
) -> RunEnd:  # fmt: skip
    """Send to everybody on the e-mail rung who is open, and to those of earlier runs who still wait.

    `confirmed` is the number the officer typed; None goes on with runs that were confirmed before and takes nobody new.
    Raises RuleError: "not_armed", "count_typed", "run_outdated", "nobody_to_write_to"; InputError as
    `MailServer.checked` and for a sender that is no address.
    """
    control, rules = control or RunControl(), rules or RunRules()
    server.checked()
    with desk.read() as queries:
        plan = plan_of_new(desk, queries, breach_id)
        wanted = _plan(desk, queries, breach_id, plan, server)
        runs = queries.open_runs(breach_id)
        for batch_id in runs:
            check_text(queries, batch_id)
        _check_armed(desk, queries, breach_id)
    if confirmed is not None and confirmed != wanted.planned:
        raise RuleError("count_typed", stated=confirmed, planned=wanted.planned)
    if confirmed is not None and wanted.new and plan is not None:
        runs.append(_freeze(desk, plan, server, wanted.new, progress))
    planned = wanted.planned if confirmed is not None else wanted.waiting
    planned = min(planned, rules.most) if rules.most is not None else planned
    if not planned:
        raise RuleError("nobody_to_write_to", channel=Channel.EMAIL.value)
    before = _counts(desk, runs)
    for batch_id in runs:
        if not control.paused and rules.most != 0:
            waited = _counts(desk, [batch_id])["waiting"]
            _run(desk, breach_id, batch_id, server, control, rules, starts_at, progress)
            if rules.most is not None:
                taken = waited - _counts(desk, [batch_id])["waiting"]
                rules = replace(rules, most=max(0, rules.most - taken))
    after = _counts(desk, runs)
    counts = {name: after[name] - before[name] for name in ("accepted", "rejected", "unknown", "cancelled", "held")}
    counts |= {name: after[name] for name in ("deferred", "waiting")}
    why, said = control.why
    references = tuple(batch_ref(each) for each in runs)
    return RunEnd(planned, counts, why, said, references, Changes.of(breach_id, Topic.DELIVERIES))


def check_text(queries: Queries, batch_id: BatchId) -> None:
    """Raise RuleError("run_outdated") if somebody waits in a run whose text a newer one has taken the place of."""
    counts = figures(queries.run_counts(batch_id))
    waits = counts["waiting"] or counts["deferred"]
    if waits and queries.notice(NoticeId(queries.batch(batch_id).notice_id)).state is not NoticeState.APPROVED:
        raise RuleError("run_outdated", batch=batch_ref(batch_id))


def check_sender_address(plan: MessagePlan) -> None:
    try:
        wire_address(plan.organisation.email)
    except (NotOneAddress, NeedsUtf8):
        raise InputError("sender_address") from None


def _check_armed(desk: Desk, queries: Queries, breach_id: BreachId) -> None:
    armed = queries.arming(breach_id)
    if armed is None or not armed.holds(desk.clock.now()):
        raise RuleError("not_armed", breach=breach_ref(breach_id))


def _counts(desk: Desk, runs: list[BatchId]) -> Counter[str]:
    found: Counter[str] = Counter()
    with desk.read() as queries:
        for batch_id in runs:
            found.update(figures(queries.run_counts(batch_id)))
    return found


def _freeze(desk: Desk, plan: MessagePlan, server: MailServer, planned: int, progress: Progress) -> BatchId:
    """Freeze the members of a new run: a delivery each, with its code. They must be as many as were confirmed."""
    now = desk.clock.now()
    check_sender_address(plan)
    with desk.begin() as uow:
        candidates = (row for row in email_candidates(uow.queries, plan, None) if row.email)
        rows = numbered(desk, plan, candidates, progress)
        facts = {"revision": plan.newest.id, "server": server.name}
        batch_id = uow.deliveries.open_batch(
            desk.ids.uid(), plan.breach_id, plan.notice_id, Channel.EMAIL, now, desk.actor, facts, rows
        )
        members = uow.deliveries.move_batch(batch_id, DeliveryState.QUEUED, "sending", now, desk.actor)
        if members != planned:
            raise RuleError("count_typed", stated=planned, planned=members)
        uow.audit.record(
            AuditAction.EMAILS_FROZEN,
            subjects=(uow.queries.breach_uid(plan.breach_id),),
            facts={"batch": batch_id, "emails": members, "notice": plan.notice_id},
        )
        uow.commit()
    return batch_id


def _run(
    desk: Desk, breach_id: BreachId, batch_id: BatchId, server: MailServer, control: RunControl, rules: RunRules,
    starts_at: datetime | None, progress: Progress,
) -> None:  # fmt: skip
    with desk.read() as queries:
        line = queries.batch(batch_id)
        plan = plan_messages(desk, queries, breach_id, NoticeId(line.notice_id))
        if not queries.is_planned(RevisionId(plan.newest.id)):
            raise RuleError("plan_outdated", breach=breach_ref(breach_id))
        check_sender_address(plan)
        frozen = RevisionId(line.facts.get("revision", plan.newest.id))
        for reader in queries.run_readers(batch_id, frozen):
            plan.forms.number(reader, Channel.EMAIL)
        waiting = sum(
            queries.run_counts(batch_id).get(s.value, 0) for s in (DeliveryState.QUEUED, DeliveryState.DEFERRED)
        )
    if not waiting:
        _end(desk, plan.breach_id, batch_id, control)
        return
    maker = maker_of(desk, plan, line.made_at, server)
    task = Task(batch_id, plan.breach_id, server, frozen, RevisionId(plan.newest.id), plan.organisation.language)
    ledger = Ledger(desk, task, control, rules)
    _begin(desk, task, waiting, server)
    _wait_until(desk, control, starts_at)
    count = min(server.connections, waiting)
    workers = [Worker(n, ledger, maker, desk.dispatcher.line(server)) for n in range(1, count + 1)]
    try:
        ledger.run(workers, progress)
    finally:
        _end(desk, plan.breach_id, batch_id, control)
    for worker in workers:
        if worker.bug is not None:
            raise worker.bug


def maker_of(desk: Desk, plan: MessagePlan, began_at: datetime, server: MailServer) -> Maker:
    """Return what makes the messages of a plan and has each checked; the forms of its readers must be numbered."""
    order = replace(run_order(desk, plan, began_at), guarded=True)
    return Maker(
        plan, desk.mail.prepare(order), MailGuard(plan, dict(order.subjects), plan.organisation.email), desk.token_key,
        server.return_mailbox or plan.organisation.email, server.signed_return,
    )  # fmt: skip


def _wait_until(desk: Desk, control: RunControl, starts_at: datetime | None) -> None:
    while starts_at is not None and desk.clock.now() < starts_at and not control.paused:
        control.view = replace(control.view, state="scheduled", next_at=starts_at)
        control.wait(min(1.0, max(0.01, (starts_at - desk.clock.now()).total_seconds())))


def _begin(desk: Desk, task: Task, waiting: int, server: MailServer) -> None:
    with desk.begin() as uow:
        uow.sending.set_run(task.batch_id, "sending", {"paused": "", "said": "", "server": server.name})
        uid = uow.queries.breach_uid(task.breach_id)
        bind_rest(uow, task.batch_id, uid, figures(uow.queries.run_counts(task.batch_id)))
        uow.audit.record(
            AuditAction.SENDING_BEGAN,
            subjects=(uow.queries.breach_uid(task.breach_id),),
            facts={
                "batch": task.batch_id,
                "emails": waiting,
                "server": server.name,
                "protection": server.security.value,
            },
        )
        uow.commit()


def _end(desk: Desk, breach_id: BreachId, batch_id: BatchId, control: RunControl) -> None:
    """Write down how the run stands: ended when nobody waits and nothing is held, else paused."""
    why, said = control.why
    with desk.begin() as uow:
        counts = figures(uow.queries.run_counts(batch_id))
        ended = not (counts["waiting"] or counts["deferred"] or counts["held"])
        if uow.queries.batch(batch_id).facts.get("paused") == "stopped":
            # It was ended for good before; only held ones were left of it.
            uow.sending.set_run(batch_id, "stopped" if ended else "sending", {})
        else:
            uow.sending.set_run(batch_id, "sent" if ended else "sending", {"paused": why, "said": said})
        uow.audit.record(
            AuditAction.SENDING_ENDED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "why": why or ("done" if ended else "waits"), **counts},
        )
        uow.commit()


def stop_run(desk: Desk, batch_id: BatchId, reason: str) -> tuple[int, Changes]:
    """End a run for good: those who wait are open again, for a later run or another channel. Not while it is sending.
    Raises InputError("reason_needed"), RuleError("batch_state")."""
    if not reason.strip():
        raise InputError("reason_needed")
    with desk.begin() as uow:
        line = uow.queries.batch(batch_id)
        if line.state != "sending" or line.channel != Channel.EMAIL.value:
            raise RuleError("batch_state", batch=batch_ref(batch_id), state=line.state)
        now = desk.clock.now()
        breach_id = uow.queries.breach_of_batch(batch_id)
        persons = uow.sending.cancel_waiting(batch_id, "stopped", now, desk.actor)
        counts = figures(uow.queries.run_counts(batch_id))
        uow.sending.set_run(batch_id, "sending" if counts["held"] else "stopped", {"paused": "stopped"})
        uow.audit.record(
            AuditAction.SENDING_STOPPED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "persons": persons},
            remarks={"reason": reason},
        )
        uow.commit()
    return persons, Changes.of(breach_id, Topic.DELIVERIES)


def release_held(desk: Desk, batch_id: BatchId, reason: str) -> tuple[int, Changes]:
    """Let held messages wait again once their cause is mended. Raises InputError("reason_needed")."""
    if not reason.strip():
        raise InputError("reason_needed")
    with desk.begin() as uow:
        breach_id = uow.queries.breach_of_batch(batch_id)
        persons = uow.sending.release_held(batch_id, desk.clock.now(), desk.actor)
        uow.sending.set_run(batch_id, "sending", {"paused": "", "said": ""})
        uow.audit.record(
            AuditAction.EMAILS_RELEASED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "persons": persons},
            remarks={"reason": reason},
        )
        uow.commit()
    return persons, Changes.of(breach_id, Topic.DELIVERIES)
