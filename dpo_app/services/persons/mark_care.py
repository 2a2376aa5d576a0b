"""Put a mark of care on persons, or take it off; protected persons are written to one by one only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, PersonId
from dpo_app.core.persons.care import MARKABLE, CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.lines import InHand
from dpo_app.services.persons.subjects import subjects_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import UnitOfWork
from dpo_app.services.progress import Changes, Topic

#: Marks after which nothing that is still under way may reach the person unseen.
_STOPPING = frozenset({CareRule.PROTECTED, CareRule.DECEASED, CareRule.DO_NOT_WRITE, CareRule.SUSPECT})


@dataclass(frozen=True)
class Marked:
    """What a mark did: persons marked, messages the program stopped, and those that lie ready and have to be taken out
    by hand before they leave the house."""

    persons: int
    stopped: int
    in_hand: tuple[InHand, ...]
    changes: Changes


def mark_care(
    desk: Desk, breach_id: BreachId, person_ids: Sequence[PersonId], rule: CareRule, reason: str, *,
    value: str = "", off: bool = False,
) -> Marked:  # fmt: skip
    """Mark persons by a rule of care, with a reason, and work the plan out anew.

    `value` is the channel of a wish. `off` takes the mark off; protection is taken off one person at a time. Raises
    InputError: "reason_needed", "nobody_chosen", "care_not_markable", "wish_channel"; RuleError("protected_one_by_one").
    """
    if not reason.strip():
        raise InputError("reason_needed")
    if not person_ids:
        raise InputError("nobody_chosen")
    if rule not in MARKABLE:
        raise InputError("care_not_markable", rule=rule.value)
    if rule is CareRule.WISH and not off and value not in (Channel.EMAIL, Channel.LETTER):
        raise InputError("wish_channel")
    if rule is CareRule.PROTECTED and off and len(person_ids) > 1:
        raise RuleError("protected_one_by_one", persons=len(person_ids))
    now, kept = desk.clock.now(), value if rule is CareRule.WISH and not off else ""
    with desk.begin() as uow:
        persons = uow.care.mark(breach_id, person_ids, rule, kept, reason.strip(), desk.actor, now, off=off)
        if not persons:
            raise InputError("no_such_person")
        stopped: list[int] = []
        in_hand: list[InHand] = []
        if rule in _STOPPING and not off:
            stopped = uow.care.waiting_ids(person_ids)
            if stopped:
                uow.deliveries.move_ones(stopped, DeliveryState.CANCELLED, rule.value, now, desk.actor)
            in_hand = uow.care.in_hand(person_ids)
        uow.audit.record(
            AuditAction.CARE_TAKEN_OFF if off else AuditAction.CARE_MARKED,
            subjects=subjects_of(uow, breach_id, person_ids),
            facts={"rule": rule.value, "persons": persons, "stopped": len(stopped)},
            remarks={"reason": reason},
        )
        uow.commit()
    make_plan(desk, breach_id)
    changes = Changes.of(breach_id, Topic.PLAN, Topic.PERSONS, Topic.DELIVERIES)
    return Marked(persons, len(stopped), tuple(in_hand), changes)


def refuse_protected_group(uow: UnitOfWork, person_ids: Sequence[PersonId]) -> None:
    """Refuse to put a group on a channel that writes while somebody with a protected address is in it: a group's
    letters are made in batches. Raises RuleError("protected_in_group", persons=n)."""
    if len(person_ids) > 1 and (found := uow.care.protected_among(person_ids)):
        raise RuleError("protected_in_group", persons=found)
