"""Bring a register in: look at it, stage it, accept it whole, take it back (security.md section 7).

Nothing is in the register until `accept_import`; rows = new + changed + duplicate + rejected, always.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dpo_app.core.dates import DateOrder
from dpo_app.core.digests import hmac_sha256, merkle_root
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import PERSON_CODE_LENGTH, BreachId, ImportId, import_ref
from dpo_app.core.persons.columns import Column, ColumnMap, Proposal, Sureness, column_map, propose, signature
from dpo_app.core.persons.intake import RowParser
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.persons.correct_persons import stop_waiting
from dpo_app.services.persons.stage_rows import find_duplicates, staged_row
from dpo_app.services.persons.staged_pairs import restore_all
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import UnitOfWork
from dpo_app.services.ports.tables import FileHead
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

CHUNK = 1_000
SAMPLE = 2_000


@dataclass(frozen=True)
class FileView:
    """What a file is and what its columns probably become. `again`: the import that brought the same file."""

    head: FileHead
    proposals: tuple[Proposal, ...]
    sample: tuple[tuple[str, ...], ...]
    sha256: str
    again: str = ""
    profile: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Staged:
    """An import that waits for the officer: counts that add up, kinds of problems as (code, severity, rows)."""

    import_id: ImportId
    rows: int
    new: int
    changed: int
    duplicate: int
    rejected: int
    kinds: tuple[tuple[str, str, int], ...]
    again: str = ""


def inspect_file(desk: Desk, breach_id: BreachId, path: Path, options: Mapping[str, Any] | None = None) -> FileView:
    """Look at a file without keeping anything. Raises InputError for what is no table."""
    options = dict(options or {})
    head = desk.tables.head(path, options)
    sample = [tuple(cells) for _, cells in _first(desk.tables.rows(path, options), SAMPLE)]
    proposals = propose(head.headings, sample, desk.headings, desk.clock.now().date())
    sha256 = desk.tables.sha256(path)
    with desk.read() as queries:
        again = queries.staging.same_file(breach_id, sha256)
        profile = queries.staging.profile(signature(head.headings)) or {}
    return FileView(head, proposals, tuple(sample), sha256, import_ref(ImportId(again)) if again else "", profile)


def _first(rows: Iterator[Any], count: int) -> list[Any]:
    taken = []
    for row in rows:
        taken.append(row)
        if len(taken) >= count:
            break
    rows.close()  # type: ignore[attr-defined]
    return taken


def stage_import(
    desk: Desk, breach_id: BreachId, path: Path, view: FileView | None = None,
    chosen: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None,
    progress: Progress = SILENT,
) -> Staged:  # fmt: skip
    """Read a file into the staging area, in one transaction.

    `chosen` is {heading: column} over what was recognised; a kept profile comes before recognition, `chosen` before
    both. Raises InputError for a column that cannot be told, JobCancelled; then nothing is kept.
    """
    options = dict(options or {})
    view = view or inspect_file(desk, breach_id, path, options)
    _refuse_unsure(view, chosen or {})
    columns = column_map(view.proposals, view.sample, {**view.profile, **(chosen or {})})
    parser = RowParser(columns, desk.clock.now().date(), desk.home_country)
    with desk.begin() as uow:
        uow.queries.breach_uid(breach_id)
        import_id = uow.staging.open_run(_run_values(desk, breach_id, path, view, columns))
        rows = _stage_rows(desk, uow, import_id, parser, path, options, progress)
        find_duplicates(uow.staging, import_id, breach_id)
        staged = counted(uow, import_id, view.again)
        uow.audit.record(
            AuditAction.IMPORT_STAGED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"import": import_id, "rows": rows, "file_sha256": view.sha256},
        )
        uow.commit()
    return staged


def _refuse_unsure(view: FileView, chosen: Mapping[str, str]) -> None:
    """A heading over contents that contradict it is asked about, never guessed."""
    for each in view.proposals:
        if each.heading in chosen or each.heading in view.profile:
            continue
        if each.sureness is Sureness.TWICE:
            raise InputError("column_alike", column=each.heading)
        if each.sureness is Sureness.ASK:
            raise InputError("column_unsure", column=each.heading, fitting=each.fitting, filled=each.filled)


def _run_values(desk: Desk, breach_id: BreachId, path: Path, view: FileView, columns: ColumnMap) -> dict[str, Any]:
    head = view.head
    return {
        "uid": desk.ids.uid(), "breach_id": breach_id, "state": "staged", "file_name": path.name,
        "file_sha256": view.sha256, "staged_at": desk.clock.now(), "accepted_by": "",
        "reading": {
            "kind": head.kind, "encoding": head.encoding, "delimiter": head.delimiter, "sheet": head.sheet,
            "header_row": head.header_row, "headings": list(columns.headings),
            "columns": [column.value for column in columns.columns],
            "orders": {column.value: order.value for column, order in columns.orders.items()},
        },
    }  # fmt: skip


def _stage_rows(
    desk: Desk, uow: UnitOfWork, import_id: ImportId, parser: RowParser, path: Path,
    options: Mapping[str, Any], progress: Progress,
) -> int:  # fmt: skip
    seen: dict[int, int] = {}
    rows: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    total = 0
    for number, cells in desk.tables.rows(path, options):
        parsed = parser.parse(number, cells)
        rows.append(staged_row(desk, import_id, parsed, cells, seen))
        problems.extend(
            {"import_id": import_id, "row_number": p.row, "column": p.column, "code": p.code.value,
             "severity": p.severity.value}
            for p in parsed.problems
        )  # fmt: skip
        total += 1
        if len(rows) >= CHUNK:
            uow.staging.add_rows(rows, problems)
            rows, problems = [], []
            progress.step(total, None)
    uow.staging.add_rows(rows, problems)
    if total == 0:
        raise InputError("file_no_rows")
    return total


def counted(uow: UnitOfWork, import_id: ImportId, again: str = "") -> Staged:
    """Count what is staged anew, keep the counts and return them."""
    counts = uow.staging.outcome_counts(import_id)
    own = {name: counts.get(name, 0) for name in ("new", "changed", "duplicate", "rejected")}
    uow.staging.set_run(import_id, rows=sum(counts.values()), **own)
    return Staged(
        import_id, sum(counts.values()), own["new"], own["changed"], own["duplicate"], own["rejected"],
        tuple(uow.staging.problem_counts(import_id)), again,
    )  # fmt: skip


def need_state(uow: UnitOfWork, import_id: ImportId, state: str) -> Any:
    """Return an import. Raises RuleError("import_state") if it is in another state."""
    run = uow.queries.import_run(import_id)
    if run.state != state:
        raise RuleError("import_state", id=import_ref(import_id), state=run.state)
    return run


def correct_rows(desk: Desk, import_id: ImportId, corrections: Mapping[int, Mapping[str, str]]) -> Staged:
    """Parse staged rows again with other values: {row: {heading: value}}. An empty value empties the cell."""
    with desk.begin() as uow:
        run = need_state(uow, import_id, "staged")
        # Rows that linkage made one are rows again: what was found in the old values may not be so in the new ones.
        restore_all(uow, uow.staging.breach_of(import_id), import_id)
        headings = run.reading["headings"]
        columns = ColumnMap(
            tuple(Column(name) for name in run.reading["columns"]), tuple(headings),
            {Column(name): DateOrder(order) for name, order in run.reading["orders"].items()},
        )  # fmt: skip
        parser = RowParser(columns, desk.clock.now().date(), desk.home_country)
        for row, values in corrections.items():
            cells = uow.staging.cells(import_id, row)
            if cells is None:
                raise InputError("no_such_row", row=row)
            for heading, value in values.items():
                cells[headings.index(heading)] = value
            parsed = parser.parse(row, cells)
            changed = staged_row(desk, import_id, parsed, cells, {})
            like = uow.staging.rows_like(import_id, row, changed)
            changed["cells"] = cells
            if like and parsed.person is not None:
                changed |= {"outcome": "duplicate", "same_as_row": like[0]}
            uow.staging.drop_problems(import_id, row)
            del changed["import_id"]
            uow.staging.set_outcomes(import_id, [changed])
            uow.staging.add_rows(
                [],
                [
                    {"import_id": import_id, "row_number": row, "column": p.column, "code": p.code.value,
                     "severity": p.severity.value}
                    for p in parsed.problems
                ],
            )  # fmt: skip
        staged = counted(uow, import_id)
        uow.audit.record(AuditAction.IMPORT_CORRECTED, facts={"import": import_id, "rows": len(corrections)})
        uow.commit()
    return staged


@dataclass(frozen=True)
class Accepted:
    """What an accepted import brought."""

    import_id: ImportId
    new: int
    changed: int
    changes: Changes


def accept_import(desk: Desk, import_id: ImportId, keep_profile: str = "") -> Accepted:
    """Put a staged import into the register, in one transaction; `keep_profile` names what its columns become for
    the next file with the same headings. Raises RuleError("two_ways_in") while there are not two ways to unlock
    (security.md P3), RuleError("import_state"), RuleError("import_stale") if another import of the breach was accepted
    or taken back since: what was found the same, new or changed was found in another register."""
    if not desk.ready_for_persons():
        raise RuleError("two_ways_in")
    with desk.begin() as uow:
        run = need_state(uow, import_id, "staged")
        breach_id = uow.staging.breach_of(import_id)
        if uow.staging.register_changed_since(import_id):
            raise RuleError("import_stale", id=import_ref(import_id))
        uow.staging.renew_codes(import_id, lambda: desk.ids.code(PERSON_CODE_LENGTH))
        new = uow.staging.accept_new(import_id, breach_id)
        protected = uow.staging.newly_protected(import_id)
        changed = uow.staging.accept_changed(import_id)
        stop_waiting(desk, uow, protected)
        root = merkle_root(
            hmac_sha256(key, "\x1f".join(map(str, values)).encode())
            for key, values in uow.staging.commitments(import_id)
        )
        if keep_profile:
            reading = run.reading
            uow.staging.keep_profile(
                signature(reading["headings"]), keep_profile,
                dict(zip(reading["headings"], reading["columns"], strict=True)),
            )  # fmt: skip
        uow.staging.set_run(import_id, state="accepted", accepted_at=desk.clock.now(), accepted_by=desk.actor)
        uow.audit.record(
            AuditAction.IMPORT_ACCEPTED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={
                "import": import_id, "rows": run.rows, "new": new, "changed": changed,
                "duplicate": run.duplicate, "rejected": run.rejected, "file_sha256": run.file_sha256,
                "merkle_root": root.hex(),
            },
        )  # fmt: skip
        uow.links.keep_import_apart(import_id)
        uow.links.forget_import(import_id)
        uow.staging.discard(import_id)
        uow.commit()
    return Accepted(import_id, new, changed, Changes.of(breach_id, Topic.PERSONS, Topic.PLAN))


def discard_import(desk: Desk, import_id: ImportId) -> None:
    """Forget a staged import."""
    with desk.begin() as uow:
        need_state(uow, import_id, "staged")
        uow.links.forget_import(import_id)
        uow.staging.discard(import_id)
        uow.staging.set_run(import_id, state="discarded")
        uow.audit.record(AuditAction.IMPORT_DISCARDED, facts={"import": import_id})
        uow.commit()


@dataclass(frozen=True)
class Undone:
    """How many persons an undone import took with it."""

    persons: int
    changes: Changes


def undo_import(desk: Desk, import_id: ImportId) -> Undone:
    """Take an accepted import back: its persons go, changed ones are as before. Raises RuleError("import_sent",
    persons=n) once something was sent to any of them, RuleError("import_merged") while any of them is merged with another
    person, RuleError("import_built_on", later=…) while a later import has
    changed any of them: what it wrote would be lost, or come back wrong when it is undone in its turn."""
    with desk.begin() as uow:
        need_state(uow, import_id, "accepted")
        breach_id = uow.staging.breach_of(import_id)
        sent = uow.staging.sent_to(import_id)
        if sent:
            raise RuleError("import_sent", id=import_ref(import_id), persons=sent)
        merged = uow.links.merged_among(import_id)
        if merged:
            raise RuleError("import_merged", id=import_ref(import_id), persons=merged)
        later = uow.staging.changed_since(import_id)
        if later:
            raise RuleError("import_built_on", id=import_ref(import_id), later=import_ref(ImportId(later[-1])))
        persons = uow.staging.take_back(import_id)
        uow.staging.set_run(import_id, state="undone", undone_at=desk.clock.now())
        uow.audit.record(
            AuditAction.IMPORT_UNDONE,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"import": import_id, "persons": persons},
        )
        uow.commit()
    return Undone(persons, Changes.of(breach_id, Topic.PERSONS, Topic.PLAN))


def problem_rows(
    desk: Desk, import_id: ImportId, code: str = "", severity: str = "", limit: int = 200, offset: int = 0
) -> Sequence[Any]:
    """Return a page of an import's problems."""
    with desk.read() as queries:
        return queries.staging.problems(import_id, code, severity, limit, offset)


def duplicate_rows(desk: Desk, import_id: ImportId, limit: int = 200) -> Sequence[Any]:
    """Return rows that repeat another one: (staged person, row it repeats, person it repeats)."""
    with desk.read() as queries:
        return queries.staging.duplicates(import_id, limit)
