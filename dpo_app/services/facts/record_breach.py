"""Record a breach and what is learned of it: revisions, never edits (design.md section 4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dpo_app.core.clocks.deadline import authority_due
from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import Revision, SavedRevision
from dpo_app.core.facts.differences import differences
from dpo_app.core.facts.fact_check import check_facts
from dpo_app.core.ids import BreachId
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import UnitOfWork
from dpo_app.services.progress import Changes, Topic


@dataclass(frozen=True)
class Recorded:
    """What was recorded: the breach, its revision as kept, and what to reload."""

    breach_id: BreachId
    revision: SavedRevision
    changes: Changes


def add_breach(desk: Desk, facts: Revision) -> Recorded:
    """Record a breach with its first revision. Raises InputError("in_future") for an awareness or a *known as of*
    after now: nobody knows tomorrow."""
    now = desk.clock.now()
    _refuse_wrong(desk, facts)
    _refuse_unkept_evidence(facts, frozenset())
    with desk.begin() as uow:
        uid = desk.ids.uid()
        breach_id = uow.breaches.add(uid, now)
        saved = uow.breaches.add_revision(breach_id, facts, desk.actor, now)
        uow.audit.record(
            AuditAction.BREACH_ADDED,
            subjects=(uid,),
            facts={"breach": breach_id, "windows": len(facts.windows)},
        )
        _record_awareness(uow, uid, saved)
        uow.commit()
    return Recorded(breach_id, saved, Changes.of(breach_id, Topic.BREACHES, Topic.FACTS))


def revise_breach(desk: Desk, breach_id: BreachId, facts: Revision) -> Recorded:
    """Record the next revision of a breach. Raises InputError: "revision_same" if it states nothing new,
    "revision_older" if it is known as of an earlier time than the last one, "in_future"."""
    _refuse_wrong(desk, facts)
    with desk.begin() as uow:
        _refuse_unkept_evidence(facts, {each.ref for each in uow.queries.evidence(breach_id)})
        last = uow.queries.newest_revision(breach_id)
        if facts.known_as_of < last.facts.known_as_of:
            raise InputError("revision_older", field="known_as_of")
        changed = differences(last.facts, facts)
        if not changed:
            raise InputError("revision_same", revision=last.number)
        saved = uow.breaches.add_revision(breach_id, facts, desk.actor, desk.clock.now())
        uid = uow.queries.breach_uid(breach_id)
        uow.audit.record(
            AuditAction.REVISION_ADDED,
            subjects=(uid,),
            facts={"breach": breach_id, "revision": saved.number, "changed": len(changed)},
        )
        if facts.awareness.at != last.facts.awareness.at:
            _record_awareness(uow, uid, saved)
        uow.commit()
    return Recorded(breach_id, saved, Changes.of(breach_id, Topic.BREACHES, Topic.FACTS))


def _refuse_wrong(desk: Desk, facts: Revision) -> None:
    check_facts(facts)
    now = desk.clock.now()
    for field, instant in (("awareness.at", facts.awareness.at), ("known_as_of", facts.known_as_of)):
        if instant > now:
            raise InputError("in_future", field=field)


def _refuse_unkept_evidence(facts: Revision, kept: Collection[str]) -> None:
    for place, each in enumerate(facts.facts, 1):
        for ref in each.evidence:
            if ref not in kept:
                raise InputError("no_such_evidence", evidence=ref, field=f"fact[{place}].evidence")


def _record_awareness(uow: UnitOfWork, uid: str, saved: SavedRevision) -> None:
    """Give *became aware* an entry of its own, with the time as stated: corrections add, nothing is overwritten
    (security.md section 5)."""
    aware = saved.facts.awareness
    uow.audit.record(
        AuditAction.AWARE_RECORDED,
        subjects=(uid,),
        facts={
            "revision": saved.number,
            "aware_at": aware.at.isoformat(),
            "due_at": authority_due(aware.at).isoformat(),
        },
    )
