"""Arming a breach for sending, and taking it back: nothing leaves for a breach that is not armed."""

from __future__ import annotations

from datetime import datetime

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.arming import LONGEST, Arming
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic


def arm_breach(desk: Desk, breach_id: BreachId, until: datetime, by: str = "") -> tuple[Arming, Changes]:
    """Let messages of a breach leave until an instant; `by` is who decided (else who works here). A newer arming takes
    the place of the one before. Raises InputError("arming_until") for a time that is over or further than a month."""
    now = desk.clock.now()
    if until.utcoffset() is None or not now < until <= now + LONGEST:
        raise InputError("arming_until", days=LONGEST.days)
    given = Arming(by.strip() or desk.actor, now, until)
    with desk.begin() as uow:
        uid = uow.queries.breach_uid(breach_id)
        uow.sending.disarm(breach_id, now, desk.actor)
        uow.sending.arm(breach_id, given)
        facts = {"by": given.armed_by, "until": until.isoformat(timespec="minutes")}
        uow.audit.record(AuditAction.BREACH_ARMED, subjects=(uid,), facts=facts)
        uow.commit()
    return given, Changes.of(breach_id, Topic.DELIVERIES)


def disarm_breach(desk: Desk, breach_id: BreachId) -> tuple[bool, Changes]:
    """Take the arming back; a run under way hands over nothing more. Returns whether one held."""
    with desk.begin() as uow:
        uid = uow.queries.breach_uid(breach_id)
        held = uow.sending.disarm(breach_id, desk.clock.now(), desk.actor)
        uow.audit.record(AuditAction.BREACH_DISARMED, subjects=(uid,), facts={"held": int(held)})
        uow.commit()
    return held, Changes.of(breach_id, Topic.DELIVERIES)
