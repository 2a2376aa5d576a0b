"""Persons of the register who are one, and how they become two again (domain/persons.md section 5).

Nothing is lost by a merge: who was told stays told, every delivery keeps its state, its code and its events, and the
record that went is kept whole beside the one it became part of.
"""

from __future__ import annotations

from dataclasses import dataclass

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, PersonId, merge_ref
from dpo_app.core.persons.linkage.link import Linked, link
from dpo_app.core.persons.linkage.record import RecordMaker
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.persons.correct_persons import stop_waiting
from dpo_app.services.persons.link_import import record_of
from dpo_app.services.persons.merge_values import merged_changes
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.linkage import NewPair
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

#: How often a look at the register begins anew when persons were changed meanwhile.
MOST_LOOKS = 3
#: Merges of one transaction: a second at most, so that nobody who writes has to wait.
PART = 100
#: Entries that say that persons of a breach, or what they are to each other, are not what they were.
_MOVES = (
    AuditAction.IMPORT_ACCEPTED, AuditAction.IMPORT_UNDONE, AuditAction.PERSONS_MERGED, AuditAction.PERSONS_UNMERGED,
    AuditAction.PERSONS_CORRECTED, AuditAction.CORRECTION_UNDONE, AuditAction.ADDRESS_CORRECTED,
    AuditAction.PAIR_DECIDED, AuditAction.PAIR_REOPENED, AuditAction.REGISTER_LINKED,
)  # fmt: skip


@dataclass(frozen=True)
class LinkedRegister:
    """How many pairs of persons are surely, and how many perhaps, one."""

    persons: int
    sure: int
    perhaps: int


def link_register(desk: Desk, breach_id: BreachId, progress: Progress = SILENT) -> LinkedRegister:
    """Look for persons who are twice in the register and keep the pairs for review; nobody is merged by it. Pairs that
    were found to be different people are not brought up again.

    The look, minutes for a big register, is at a snapshot; others write meanwhile. If they changed persons it begins
    anew. Raises JobCancelled, RuleError("register_moves") if that happens again and again.
    """
    for _look in range(MOST_LOOKS):
        with desk.read() as queries:
            uid = queries.breach_uid(breach_id)
            seen = _last_change(queries, uid)
            maker = RecordMaker()
            records = [record_of(maker, row[0], row[1:]) for row in queries.links.person_values(breach_id)]
            apart = queries.links.apart(breach_id)
        linked = link(records, apart=apart, step=progress.step)
        with desk.begin() as uow:
            if _last_change(uow.queries, uid) != seen:
                continue
            uow.links.replace_pairs(breach_id, None, _pairs(linked))
            uow.audit.record(
                AuditAction.REGISTER_LINKED, subjects=(uid,),
                facts={"persons": len(records), "compared": linked.compared, "sure": len(linked.sure),
                       "perhaps": len(linked.perhaps)},
            )  # fmt: skip
            uow.commit()
        return LinkedRegister(len(records), len(linked.sure), len(linked.perhaps))
    raise RuleError("register_moves")


def _last_change(queries: Queries, breach_uid: str) -> int:
    """Return the number of the last entry that says that persons of a breach, or what they are to each other, are not
    what they were: the trail misses none."""
    lines = queries.trail.lines(subject=breach_uid, actions=_MOVES, limit=1)
    return lines[0].seq if lines else 0


def _pairs(linked: Linked) -> list[NewPair]:
    return [
        NewPair(None, pair.left, None, pair.right, int(pair.likeness * 1_000), pair.pattern, sure)
        for pairs, sure in ((linked.sure, True), (linked.perhaps, False))
        for pair in pairs
    ]


@dataclass(frozen=True)
class Merged:
    """A merge as made: its number, who was kept, and what it touched."""

    merge_id: int
    kept_id: PersonId
    changes: Changes


def merge_persons(
    desk: Desk, kept_id: PersonId, gone_id: PersonId, reason: str, *, verdict: Verdict = Verdict.MERGED,
    pair_id: int | None = None, plan: bool = True,
) -> Merged:  # fmt: skip
    """Make one person of two, for a reason. `verdict` says whose values count where both have one: merged and keep left
    those of `kept_id`, keep right those of `gone_id`.

    Raises InputError("reason_needed"), InputError("no_such_person"), RuleError("merge_same"), RuleError("merge_breach")
    for persons of two breaches, RuleError("merge_on_the_way") while the same notice is on its way to both: two
    envelopes cannot become one; confirm or withdraw one of the batches first. With `plan` the plan is worked out anew;
    without it neither has a place in it until it is.
    """
    if not reason.strip():
        raise InputError("reason_needed")
    if kept_id == gone_id:
        raise RuleError("merge_same")
    with desk.begin() as uow:
        breach_id = _common_breach(uow, kept_id, gone_id)
        merge_id = _merge(desk, uow, breach_id, kept_id, gone_id, reason.strip(), verdict)
        if pair_id is not None:
            uow.links.decide(pair_id, verdict, {"merge": merge_id})
        uow.commit()
    if plan:
        make_plan(desk, breach_id)
    return Merged(merge_id, kept_id, Changes.of(breach_id, Topic.PERSONS, Topic.PLAN, Topic.DELIVERIES))


def _merge(
    desk: Desk, uow: UnitOfWork, breach_id: BreachId, kept_id: PersonId, gone_id: PersonId, reason: str,
    verdict: Verdict,
) -> int:  # fmt: skip
    if uow.links.on_the_way_both(kept_id, gone_id):
        raise RuleError("merge_on_the_way")
    values = uow.links.values([kept_id, gone_id])
    changes = merged_changes(values[kept_id], values[gone_id], verdict)
    sent = uow.links.sent_to([kept_id, gone_id])
    uids = uow.queries.person_uids([kept_id, gone_id])
    uid = desk.ids.uid()
    merge_id = uow.links.add_merge(uid, breach_id, kept_id, gone_id, changes, reason, desk.clock.now(), desk.actor)
    if changes.get("protected"):
        stop_waiting(desk, uow, [kept_id])
    uow.audit.record(
        AuditAction.PERSONS_MERGED, subjects=(uow.queries.breach_uid(breach_id), *uids),
        facts={"merge": merge_id, "written_to": sent, "changed": len(changes)}, remarks={"reason": reason},
    )  # fmt: skip
    return merge_id


def _common_breach(uow: UnitOfWork, *persons: PersonId) -> BreachId:
    found = {uow.queries.breach_of_person(each) for each in persons}
    if 0 in found:
        raise InputError("no_such_person")
    if len(found) != 1:
        raise RuleError("merge_breach")
    return found.pop()


def merge_sure(desk: Desk, breach_id: BreachId, reason: str, progress: Progress = SILENT) -> tuple[int, int, Changes]:
    """Merge every pair of the last look that is surely one person; those to whom both something was sent already are
    left for the officer. Returns how many were merged and how many were left.

    Done in parts, each a short transaction, so that others may write in between; a pair that somebody decided meanwhile
    is passed over. What was merged before a cancel stays merged, and can be taken back one by one.
    """
    if not reason.strip():
        raise InputError("reason_needed")
    with desk.read() as queries:
        ids = [line.id for line in queries.links.pairs(breach_id, None, sure=True, limit=1_000_000)]
    merged = left = 0
    try:
        for start in range(0, len(ids), PART):
            progress.step(start, len(ids))
            with desk.begin() as uow:
                found = [_merge_pair(desk, uow, breach_id, each, reason.strip()) for each in ids[start : start + PART]]
                if any(found):
                    uow.commit()
            merged += sum(each is True for each in found)
            left += sum(each is False for each in found)
    finally:
        if merged:
            make_plan(desk, breach_id)
    return merged, left, Changes.of(breach_id, Topic.PERSONS, Topic.PLAN)


def _merge_pair(desk: Desk, uow: UnitOfWork, breach_id: BreachId, pair_id: int, reason: str) -> bool | None:
    """Merge a pair; returns False if that is left for the officer, None if there is nothing to do any more."""
    line = uow.links.pair(pair_id)
    if line.verdict is not Verdict.OPEN:
        return None
    pair = sorted({uow.links.person_now(line.left_person or 0), uow.links.person_now(line.right_person or 0)})
    if len(pair) < 2 or len(uow.links.values(pair)) < 2:
        return None
    kept, gone = map(PersonId, pair)
    if uow.links.sent_to([kept]) and uow.links.sent_to([gone]):
        return False
    merge_id = _merge(desk, uow, breach_id, kept, gone, reason, Verdict.MERGED)
    uow.links.decide(pair_id, Verdict.MERGED, {"merge": merge_id})
    return True


def unmerge(desk: Desk, merge_id: int, *, plan: bool = True) -> Merged:
    """Make two persons of one again. What was sent since stays with the one who was kept: the other is open again.

    Raises InputError("no_such_merge"), RuleError("merge_undone"), RuleError("merge_built_on") while the one kept is
    part of a third person: that merge is taken back first.
    """
    with desk.begin() as uow:
        breach_id, kept = _unmerge(desk, uow, merge_id)
        uow.commit()
    if plan:
        make_plan(desk, breach_id)
    changes = Changes.of(breach_id, Topic.PERSONS, Topic.PLAN, Topic.DELIVERIES)
    return Merged(merge_id, kept, changes)


def _unmerge(desk: Desk, uow: UnitOfWork, merge_id: int) -> tuple[BreachId, PersonId]:
    line = uow.links.merge(merge_id)
    breach_id = BreachId(line.breach_id)
    if line.undone_at is not None:
        raise RuleError("merge_undone", merge=merge_ref(merge_id))
    if not uow.links.values([line.kept_id]):
        later = max(each.id for each in uow.links.merges(breach_id, 1_000_000) if each.gone_id == line.kept_id)
        raise RuleError("merge_built_on", merge=merge_ref(merge_id), later=merge_ref(later))
    kept, gone = uow.links.undo_merge(merge_id, desk.clock.now())
    uow.audit.record(
        AuditAction.PERSONS_UNMERGED,
        subjects=(uow.queries.breach_uid(breach_id), *uow.queries.person_uids([kept, gone])),
        facts={"merge": merge_id},
    )
    return breach_id, PersonId(kept)


def keep_apart(desk: Desk, pair_id: int) -> Changes:
    """Say that two persons are different people; they are not brought up again. Raises RuleError("pair_decided")."""
    with desk.begin() as uow:
        line = uow.links.pair(pair_id)
        if line.verdict is not Verdict.OPEN:
            raise RuleError("pair_decided")
        uow.links.decide(pair_id, Verdict.DIFFERENT)
        uow.audit.record(
            AuditAction.PAIR_DECIDED, subjects=(uow.queries.breach_uid(BreachId(line.breach_id)),),
            facts={"import": 0, "verdict": Verdict.DIFFERENT.value},
        )  # fmt: skip
        uow.commit()
    return Changes.of(BreachId(line.breach_id))


def reopen_last_pair(desk: Desk, breach_id: BreachId) -> Changes:
    """Take the last verdict about two persons back, the merge with it, both or neither. Raises
    RuleError("pair_none_decided"), and as `unmerge`."""
    with desk.begin() as uow:
        line = uow.links.last_decided(breach_id, None)
        if line is None:
            raise RuleError("pair_none_decided")
        if "merge" in line.before:
            _unmerge(desk, uow, int(line.before["merge"]))
        uow.links.decide(line.id, Verdict.OPEN)
        uow.audit.record(AuditAction.PAIR_REOPENED, subjects=(uow.queries.breach_uid(breach_id),), facts={"import": 0})
        uow.commit()
    return Changes.of(breach_id, Topic.PERSONS, Topic.PLAN, Topic.DELIVERIES)


@dataclass(frozen=True)
class RecordCount:
    """How records became persons: records = persons + repeated + changed + merged + rejected, always (persons who were
    erased since are counted as erased)."""

    records: int
    persons: int
    repeated: int
    changed: int
    merged: int
    rejected: int


def count_records(desk: Desk, breach_id: BreachId) -> RecordCount:
    """Count records and persons apart: a record is a row of a register, a person may have several."""
    with desk.read() as queries:
        runs = [run for run in queries.imports(breach_id) if run.state == "accepted"]
        total = {name: sum(getattr(run, name) for run in runs) for name in ("rows", "duplicate", "changed", "rejected")}
        persons, merged = queries.count_persons(breach_id), queries.links.count_merged(breach_id)
    return RecordCount(total["rows"], persons, total["duplicate"], total["changed"], merged, total["rejected"])
