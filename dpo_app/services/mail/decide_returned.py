"""What the officer decides about e-mail that came back: messages nobody could tie, bounces that were wrong, and the way
on by letter for those whom e-mail failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, PersonId, plain_code
from dpo_app.core.mail.bounce import LADDER, BounceReason, MailKind, class_of
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.facts.assess_exposure import plan_within
from dpo_app.services.mail.read_returned import APPLIED, DISMISSED, NOTED, TAKEN_BACK, UNDECIDED
from dpo_app.services.mail.returned_lines import ReturnedLine, TiedDelivery
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

#: States from which an officer may count a delivery as bounced.
_SENT = frozenset(
    {
        DeliveryState.ACCEPTED, DeliveryState.CONFIRMED, DeliveryState.REPORTED_SENT, DeliveryState.UNKNOWN,
        DeliveryState.EXPORTED,
    }
)  # fmt: skip
MOST_LINES = 100_000


class Verdict(StrEnum):
    """What the officer makes of a message that nobody could tie."""

    BOUNCED = "bounced"
    NOTHING = "nothing"
    ANSWER = "answer"


@dataclass(frozen=True)
class Moved:
    """Persons moved on to the next rung, by where they stand now."""

    persons: int
    channel: dict[str, int]
    changes: Changes


def failed_by_class(queries: Queries, breach_id: BreachId) -> list[tuple[BounceReason, int, tuple[str, ...]]]:
    """Return (class, persons, reasons at the deliveries) of those whom e-mail failed and who wait, most first."""
    persons: Counter[BounceReason] = Counter()
    reasons: dict[BounceReason, list[str]] = {}
    for line in queries.failed_classes(breach_id):
        found = class_of(line.reason)
        persons[found] += line.persons
        reasons.setdefault(found, []).append(line.reason)
    return [(found, count, tuple(reasons[found])) for found, count in persons.most_common()]


def move_to_letter(
    desk: Desk, breach_id: BreachId, classes: Sequence[BounceReason] = LADDER, confirmed: int | None = None,
    progress: Progress = SILENT,
) -> Moved:  # fmt: skip
    """Let the ladder go on for everybody whom e-mail failed for one of these reasons: one approval, one entry.

    A letter if there is an address, else the public notice; the rules of care stay before both. `confirmed` is the
    number the officer agreed to. Raises RuleError("nobody_to_move"), RuleError("failed_count_differs").
    """
    with desk.begin() as uow:
        wanted = [r for found, _n, own in failed_by_class(uow.queries, breach_id) if found in classes for r in own]
        persons = uow.queries.failed_persons(breach_id, wanted) if wanted else []
        if not persons:
            raise RuleError("nobody_to_move")
        if confirmed is not None and confirmed != len(persons):
            raise RuleError("failed_count_differs", stated=confirmed, found=len(persons))
        now = desk.clock.now()
        named = ", ".join(sorted(found.value for found in classes))
        uow.persons.decide(breach_id, [PersonId(p) for p in persons], "ladder", "letter", named, desk.actor, now)
        uow.audit.record(
            AuditAction.LADDER_MOVED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"persons": len(persons), "classes": named},
        )
        plan = plan_within(desk, uow, breach_id, progress)
        uow.commit()
    return Moved(len(persons), plan.channel, Changes.of(breach_id, Topic.PLAN, Topic.DELIVERIES, Topic.PERSONS))


def decide_mail(desk: Desk, line_id: int, verdict: Verdict, code: str = "") -> Changes:
    """Settle one message that nobody could tie. To count as bounced it needs a delivery: the one it suggests, or the
    one whose code the officer typed from it. Raises InputError("no_such_mail"), RuleError("mail_decided"),
    RuleError("mail_needs_code"), RuleError("mail_no_code"), RuleError("mail_not_sent")."""
    with desk.begin() as uow:
        line = uow.queries.returned_line(line_id)
        if line.outcome != UNDECIDED:
            raise RuleError("mail_decided")
        breach_id = line.breach_id
        if verdict is Verdict.BOUNCED:
            breach_id = _count_as_bounced(uow, desk, line, code)
        else:
            outcome = NOTED if verdict is Verdict.ANSWER else DISMISSED
            uow.returned_mail.decide([line_id], outcome, desk.actor, desk.clock.now())
        _entry(uow, breach_id, verdict, 1)
        uow.commit()
    return Changes.of(BreachId(breach_id) if breach_id is not None else None, Topic.DELIVERIES)


def _count_as_bounced(uow: UnitOfWork, desk: Desk, line: ReturnedLine, code: str) -> int:
    tied = _tied(uow.queries, line, code)
    if DeliveryState(tied.state) not in _SENT:
        raise RuleError("mail_not_sent", state=tied.state)
    now = desk.clock.now()
    uow.deliveries.move_ones(
        [tied.id], DeliveryState.BOUNCED, line.reason or BounceReason.UNCLEAR.value, now, desk.actor
    )
    uow.returned_mail.decide(
        [line.id], APPLIED, desk.actor, now, delivery_id=tied.id, breach_id=tied.breach_id, state_before=tied.state
    )
    return tied.breach_id


def _tied(queries: Queries, line: ReturnedLine, code: str) -> TiedDelivery:
    if code.strip():
        token = plain_code(code)[:12]
        found = queries.deliveries_by_tokens([token])
        if token not in found:
            raise RuleError("mail_no_code")
        return found[token]
    if line.delivery_id is None:
        raise RuleError("mail_needs_code")
    return TiedDelivery(
        line.delivery_id, line.breach_id or 0, line.person_id or 0, 0, line.delivery_state, line.read_at
    )  # fmt: skip


def dismiss_rest(desk: Desk, breach_id: BreachId) -> tuple[int, Changes]:
    """Set aside everything undecided that nothing ties to a person, in one step: mail of others in a shared mailbox.
    Returns how many. Raises RuleError("nothing_to_dismiss")."""
    with desk.begin() as uow:
        lines = uow.queries.returned_lines(breach_id, (UNDECIDED,), MOST_LINES)
        loose = [line.id for line in lines if line.delivery_id is None]
        if not loose:
            raise RuleError("nothing_to_dismiss")
        uow.returned_mail.decide(loose, DISMISSED, desk.actor, desk.clock.now())
        _entry(uow, None, Verdict.NOTHING, len(loose))
        uow.commit()
    return len(loose), Changes.of(breach_id, Topic.DELIVERIES)


def take_back_bounce(desk: Desk, line_id: int, reason: str) -> Changes:
    """Undo a bounce that was wrong, for example because the person answers: the delivery stands where it stood, and the
    person stays on their rung of e-mail. Raises InputError("field_missing"), RuleError("mail_not_applied"),
    RuleError("mail_moved_on") if something else is on its way to them by now."""
    if not reason.strip():
        raise InputError("field_missing", field="reason")
    with desk.begin() as uow:
        line = uow.queries.returned_line(line_id)
        bounced = line.outcome == APPLIED and line.kind in (MailKind.BOUNCED, MailKind.UNREADABLE)
        if not bounced or line.delivery_state != DeliveryState.BOUNCED or line.breach_id is None:
            raise RuleError("mail_not_applied")
        assert line.delivery_id is not None and line.person_id is not None
        back = DeliveryState(line.state_before)
        breach_id, person = BreachId(line.breach_id), PersonId(line.person_id)
        newer = [
            each for each in uow.queries.person_deliveries(person)
            if each.id > line.delivery_id and each.state not in (DeliveryState.CANCELLED, DeliveryState.REFUSED)
        ]  # fmt: skip
        if newer:
            raise RuleError("mail_moved_on")
        now = desk.clock.now()
        uow.deliveries.move_ones([line.delivery_id], back, "", now, desk.actor)
        uow.returned_mail.decide([line.id], TAKEN_BACK, desk.actor, now)
        uow.persons.decide(breach_id, [person], "ladder", "", reason.strip(), desk.actor, now)
        uow.audit.record(
            AuditAction.BOUNCE_TAKEN_BACK,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"mail": line.id},
            remarks={"reason": reason},
        )
        plan_within(desk, uow, breach_id)
        uow.commit()
    return Changes.of(breach_id, Topic.DELIVERIES, Topic.PLAN, Topic.PERSONS)


def _entry(uow: UnitOfWork, breach_id: int | None, verdict: Verdict, messages: int) -> None:
    subjects: Iterable[str] = (uow.queries.breach_uid(BreachId(breach_id)),) if breach_id is not None else ()
    uow.audit.record(
        AuditAction.MAIL_DECIDED, subjects=tuple(subjects), facts={"messages": messages, "verdict": verdict.value}
    )
