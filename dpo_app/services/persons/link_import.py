"""Who stands twice in a file, or stands in the register already: surely and perhaps, before anything counts.

What is surely the same is merged as a proposal that the officer can take apart; what perhaps is waits for a verdict.
Both only change what is staged, and the last verdict can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, ImportId
from dpo_app.core.persons.linkage.link import Linked, Pair, link
from dpo_app.core.persons.linkage.record import Record, RecordMaker
from dpo_app.core.persons.linkage.verdict import ONE_PERSON, Verdict
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.persons.import_persons import Staged, counted, need_state
from dpo_app.services.persons.merge_values import merged_changes
from dpo_app.services.persons.staged_pairs import restore_all, restore_pair
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.linkage import NewPair, PairLine
from dpo_app.services.ports.store import UnitOfWork
from dpo_app.services.progress import SILENT, Progress


@dataclass(frozen=True)
class LinkedImport:
    """The import's counts after linkage; `sure` rows were merged, `perhaps` pairs wait."""

    staged: Staged
    sure: int
    perhaps: int


def link_import(desk: Desk, import_id: ImportId, progress: Progress = SILENT) -> LinkedImport:
    """Look for persons who stand twice, and merge as a proposal those who surely do. Raises JobCancelled; then nothing
    is changed. Doing it again begins anew: earlier verdicts are taken back first."""
    with desk.begin() as uow:
        need_state(uow, import_id, "staged")
        breach_id = uow.staging.breach_of(import_id)
        restore_all(uow, breach_id, import_id)
        maker = RecordMaker()
        # Persons of the register are numbered below nought, rows as in the file.
        records = _records(maker, uow.links.person_values(breach_id), -1)
        records += _records(maker, uow.links.staged_values(import_id), 1)
        apart = frozenset((-b, -a) for a, b in uow.links.apart(breach_id))
        linked = link(records, apart=apart, step=progress.step)
        pairs = [*_new_pairs(linked.sure, True), *_new_pairs(linked.perhaps, False)]
        uow.links.replace_pairs(breach_id, import_id, pairs)
        sure = _merge_sure(uow, breach_id, import_id, linked, progress)
        staged = counted(uow, import_id)
        waiting = uow.links.count_pairs(breach_id, import_id, False, Verdict.OPEN)
        uow.audit.record(
            AuditAction.IMPORT_LINKED, subjects=(uow.queries.breach_uid(breach_id),),
            facts={"import": import_id, "compared": linked.compared, "sure": sure, "perhaps": waiting},
        )  # fmt: skip
        uow.commit()
    return LinkedImport(staged, sure, waiting)


def _records(maker: RecordMaker, rows: Iterable[tuple[Any, ...]], sign: int) -> list[Record]:
    return [record_of(maker, sign * row[0], row[1:]) for row in rows]


def record_of(maker: RecordMaker, key: int, values: tuple[Any, ...]) -> Record:
    """Return the record of `LINKED_FIELDS`."""
    family, given, born, national_id, number, street, postcode, town, email, phone = values
    return maker.make(
        key, family=family, given=given, born=born, national_id=national_id, number=number, street=street,
        postcode=postcode, town=town, email=email, phone=phone,
    )  # fmt: skip


def _new_pairs(pairs: Iterable[Pair], sure: bool) -> Iterable[NewPair]:
    for pair in pairs:
        if pair.left < 0 and pair.right < 0:
            continue  # both are in the register already: a review of its own
        row, person = (None, -pair.left) if pair.left < 0 else (pair.left, None)
        yield NewPair(row, person, pair.right, None, int(pair.likeness * 1_000), pair.pattern, sure)


def _merge_sure(uow: UnitOfWork, breach_id: BreachId, import_id: ImportId, linked: Linked, progress: Progress) -> int:
    merged = 0
    lines = uow.links.pairs(breach_id, import_id, sure=True, limit=len(linked.sure) + 1)
    # Rows are merged among each other first, so that a person of the register is changed by one row only.
    lines.sort(key=lambda line: (line.left_row is None, line.id))
    for done, line in enumerate(lines):
        if done % 500 == 0:
            progress.step(done, len(lines))
        before = _apply(uow, line, Verdict.MERGED)
        if before is not None:
            uow.links.decide(line.id, Verdict.MERGED, before)
            merged += 1
    return merged


def decide_pair(desk: Desk, pair_id: int, verdict: Verdict) -> Staged:
    """Say what a pair of an import is. Raises InputError("no_such_pair"), RuleError("pair_decided")."""
    with desk.begin() as uow:
        line = uow.links.pair(pair_id)
        import_id = _import_of(line)
        need_state(uow, import_id, "staged")
        if line.verdict is not Verdict.OPEN:
            raise RuleError("pair_decided")
        before = _apply(uow, line, verdict) if verdict in ONE_PERSON else {}
        uow.links.decide(line.id, verdict, before or {})
        staged = counted(uow, import_id)
        uow.audit.record(AuditAction.PAIR_DECIDED, facts={"import": import_id, "verdict": verdict.value})
        uow.commit()
    return staged


def different_rest(desk: Desk, import_id: ImportId) -> Staged:
    """Leave every pair that waits as different people; there is no way to merge the rest unseen."""
    with desk.begin() as uow:
        need_state(uow, import_id, "staged")
        breach_id = uow.staging.breach_of(import_id)
        lines = uow.links.pairs(breach_id, import_id, limit=1_000_000)
        for line in lines:
            uow.links.decide(line.id, Verdict.DIFFERENT)
        staged = counted(uow, import_id)
        uow.audit.record(AuditAction.PAIRS_LEFT, facts={"import": import_id, "pairs": len(lines)})
        uow.commit()
    return staged


def reopen_last(desk: Desk, import_id: ImportId, pair_id: int | None = None) -> Staged:
    """Take the last verdict of an import back, or that of one pair. Raises RuleError("pair_none_decided"),
    RuleError("pair_built_on") if a later verdict concerns the same rows."""
    with desk.begin() as uow:
        need_state(uow, import_id, "staged")
        breach_id = uow.staging.breach_of(import_id)
        line = uow.links.last_decided(breach_id, import_id) if pair_id is None else uow.links.pair(pair_id)
        if line is None or line.verdict is Verdict.OPEN:
            raise RuleError("pair_none_decided")
        if pair_id is not None:
            _refuse_built_on(uow, breach_id, import_id, line)
        restore_pair(uow, import_id, line)
        staged = counted(uow, import_id)
        uow.audit.record(AuditAction.PAIR_REOPENED, facts={"import": import_id})
        uow.commit()
    return staged


def _refuse_built_on(uow: UnitOfWork, breach_id: BreachId, import_id: ImportId, line: PairLine) -> None:
    later = uow.links.pairs(breach_id, import_id, verdicts=tuple(ONE_PERSON), limit=1_000_000)
    if any(each.decided > line.decided and set(each.before) & set(line.before) for each in later):
        raise RuleError("pair_built_on")


def _import_of(line: PairLine) -> ImportId:
    if line.import_id is None:
        raise InputError("no_such_pair")
    return ImportId(line.import_id)


def _apply(uow: UnitOfWork, line: PairLine, verdict: Verdict) -> dict[str, Any] | None:
    """Make one person of a pair; returns the rows as they were, or None if they are one already."""
    import_id = _import_of(line)
    assert line.right_row is not None
    right, right_person = _root(uow, import_id, line.right_row)
    if line.left_row is None:
        assert line.left_person is not None
        taken = uow.staging.row_of_person(import_id, line.left_person)
        if right_person is not None or taken == right:
            return None
        if taken is None:
            return _join_person(uow, import_id, line.left_person, right, verdict)
        return _join_rows(uow, import_id, taken, right, verdict)
    left, left_person = _root(uow, import_id, line.left_row)
    if left == right or (left_person is not None and right_person is not None):
        return None
    if right_person is not None:
        # The later row changes a person already: the earlier one joins it.
        turned = {Verdict.KEEP_LEFT: Verdict.KEEP_RIGHT, Verdict.KEEP_RIGHT: Verdict.KEEP_LEFT}
        return _join_rows(uow, import_id, right, left, turned.get(verdict, verdict))
    return _join_rows(uow, import_id, left, right, verdict)


def _root(uow: UnitOfWork, import_id: ImportId, row: int) -> tuple[int, int | None]:
    """Return the row that stands for a row now, and the person of the register whom it changes or repeats."""
    _outcome, same_row, person = uow.staging.row_state(import_id, row)
    while same_row is not None:
        row = same_row
        _outcome, same_row, person = uow.staging.row_state(import_id, row)
    return row, person


def _join_rows(uow: UnitOfWork, import_id: ImportId, left: int, right: int, verdict: Verdict) -> dict[str, Any]:
    """Make the right row a repetition of the left one."""
    rows = uow.staging.persons(import_id, [left, right])
    kept, gone = rows[left].values, rows[right].values
    outcome, _row, person = uow.staging.row_state(import_id, left)
    changes = merged_changes(kept, gone, verdict)
    before = {
        str(left): {name: kept[name] for name in changes} | {"outcome": outcome},
        str(right): {"outcome": "new", "same_as_row": None},
    }
    if person is not None:
        known = uow.staging.registered([person])[person]
        outcome = "changed" if uow.staging.changed_fields(known, {**kept, **changes}) else "duplicate"
    uow.staging.set_outcomes(
        import_id,
        [
            {"row_number": right, "outcome": "duplicate", "same_as_row": left},
            {"row_number": left, "outcome": outcome, **changes},
        ],
    )
    return before


def _join_person(uow: UnitOfWork, import_id: ImportId, person: int, row: int, verdict: Verdict) -> dict[str, Any]:
    """A row becomes part of a person of the register: what it changes there is written when the import is accepted."""
    values: Mapping[str, Any] = uow.staging.persons(import_id, [row])[row].values
    kept = uow.staging.registered([person])[person]
    # The row takes the person's values and what changes of them: accepting writes what differs, here nothing else.
    staged = {**kept, **merged_changes(kept, values, verdict)}
    outcome = "changed" if uow.staging.changed_fields(kept, staged) else "duplicate"
    uow.staging.set_outcomes(import_id, [{"row_number": row, **staged, "outcome": outcome, "same_as_person": person}])
    return {str(row): {**values, "outcome": "new", "same_as_person": None}}
