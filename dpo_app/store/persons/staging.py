"""The staging area on one connection: rows come in chunks, duplicates are found by key, accepting is one statement a
table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, delete, func, insert, literal, or_, select, update

from dpo_app.core.delivery import STANDING_OF, Standing
from dpo_app.core.ids import BreachId, ImportId
from dpo_app.services.ports.staging import PERSON_FIELDS, SHOWN_FIELDS, ProblemLine, StagedPerson
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import (
    audit_remark,
    audit_subject,
    care_mark,
    decision,
    delivery,
    enquiry,
    import_profile,
    import_run,
    notice_recipient,
    person,
    person_before,
    person_care,
    person_key,
    person_plan,
    staged_problem,
    staged_row,
    told_plan,
)

_MATCHED = ("customer_number", "national_id", "match_key")
_SENT = [s.value for s, standing in STANDING_OF.items() if standing is not Standing.OPEN]


class StagingStore:
    """Imports on their way in, and back out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_run(self, values: Mapping[str, Any]) -> ImportId:
        """Add an import in state *staged*; returns its number."""
        result = self._connection.execute(insert(import_run).values(dict(values)))
        assert result.inserted_primary_key is not None
        return ImportId(result.inserted_primary_key[0])

    def set_run(self, import_id: ImportId, **values: Any) -> None:
        """Change state or counts of an import."""
        self._connection.execute(update(import_run).where(import_run.c.id == import_id).values(**values))

    def same_file(self, breach_id: BreachId, sha256: str) -> int | None:
        """Return the accepted import of the same file, or None."""
        return self._connection.scalar(
            select(import_run.c.id).where(
                import_run.c.breach_id == breach_id,
                import_run.c.file_sha256 == sha256,
                import_run.c.state == "accepted",
            )
        )

    def breach_of(self, import_id: ImportId) -> BreachId:
        """Return the breach an import belongs to."""
        number = self._connection.scalar(select(import_run.c.breach_id).where(import_run.c.id == import_id))
        return BreachId(number or 0)

    def candidate_pairs(self, import_id: ImportId) -> list[tuple[int, int]]:
        """Return (row, earlier row) of rows that share a key with an earlier row of the same file."""
        rows = self._connection.execute(
            select(staged_row.c.row_number, staged_row.c.same_as_row)
            .where(staged_row.c.import_id == import_id, staged_row.c.same_as_row.isnot(None))
            .order_by(staged_row.c.row_number)
        )
        return [(row[0], row[1]) for row in rows]

    def add_rows(self, rows: Sequence[Mapping[str, Any]], problems: Sequence[Mapping[str, Any]]) -> None:
        """Add staged rows (every column of `staged_row` given) and their problems."""
        if rows:
            self._connection.execute(insert(staged_row), list(rows))
        if problems:
            self._connection.execute(insert(staged_problem), list(problems))

    def persons(self, import_id: ImportId, row_numbers: Sequence[int]) -> dict[int, StagedPerson]:
        """Return staged persons by row number."""
        found: dict[int, StagedPerson] = {}
        columns = [staged_row.c[name] for name in PERSON_FIELDS]
        for part in chunks(row_numbers, 500):
            rows = self._connection.execute(
                select(staged_row.c.row_number, *columns).where(
                    staged_row.c.import_id == import_id, staged_row.c.row_number.in_(part)
                )
            )
            for row in rows:
                found[row[0]] = StagedPerson(row[0], dict(zip(PERSON_FIELDS, row[1:], strict=True)))
        return found

    def registered(self, person_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return the values of persons who are in the register already, by number."""
        columns = [person.c[name] for name in PERSON_FIELDS]
        found: dict[int, dict[str, Any]] = {}
        for part in chunks(person_ids, 500):
            for row in self._connection.execute(select(person.c.id, *columns).where(person.c.id.in_(part))):
                found[row[0]] = dict(zip(PERSON_FIELDS, row[1:], strict=True))
        return found

    def set_outcomes(self, import_id: ImportId, outcomes: Iterable[Mapping[str, Any]]) -> None:
        """Change staged rows: each mapping has `row_number` and the columns to set."""
        for change in outcomes:
            values = {name: value for name, value in change.items() if name != "row_number"}
            self._connection.execute(
                update(staged_row)
                .where(staged_row.c.import_id == import_id, staged_row.c.row_number == change["row_number"])
                .values(values)
            )

    def row_state(self, import_id: ImportId, row_number: int) -> tuple[str, int | None, int | None]:
        """Return what becomes of a row: outcome, the row it repeats, the person it repeats or changes."""
        row = self._connection.execute(
            select(staged_row.c.outcome, staged_row.c.same_as_row, staged_row.c.same_as_person).where(
                staged_row.c.import_id == import_id, staged_row.c.row_number == row_number
            )
        ).one()
        # While rows are read, a row that only shares a key keeps a hint of the other: it counts for repetitions alone.
        return row[0], row[1] if row[0] == "duplicate" else None, row[2]

    def row_of_person(self, import_id: ImportId, person_id: int) -> int | None:
        """Return the row that changes or repeats a person, or None."""
        found: int | None = self._connection.scalar(
            select(func.min(staged_row.c.row_number)).where(
                staged_row.c.import_id == import_id, staged_row.c.same_as_person == person_id
            )
        )
        return found

    def matches_in_register(self, import_id: ImportId, breach_id: BreachId) -> list[tuple[int, int, str]]:
        """Return (row, person, by which key) for staged rows that share a key with a person of the breach."""
        if not self._connection.scalar(select(person.c.id).where(person.c.breach_id == breach_id).limit(1)):
            return []
        pairs: list[tuple[int, int, str]] = []
        for key in _MATCHED:
            rows = self._connection.execute(
                select(staged_row.c.row_number, func.min(person.c.id), literal(key))
                .join(person, and_(person.c.breach_id == breach_id, person.c[key] == staged_row.c[key]))
                .where(
                    staged_row.c.import_id == import_id,
                    staged_row.c.outcome == "new",
                    staged_row.c[key] != "",
                )
                .group_by(staged_row.c.row_number)
            )
            pairs.extend((row[0], row[1], row[2]) for row in rows)
        return pairs

    def rows_like(self, import_id: ImportId, row_number: int, values: Mapping[str, Any]) -> list[int]:
        """Return the rows of the same import that share a key with `values`, first row first."""
        same = [staged_row.c[key] == values[key] for key in _MATCHED if values.get(key)]
        if not same:
            return []
        return list(
            self._connection.execute(
                select(staged_row.c.row_number)
                .where(
                    staged_row.c.import_id == import_id,
                    staged_row.c.outcome.in_(("new", "changed")),
                    staged_row.c.row_number != row_number,
                    or_(*same),
                )
                .order_by(staged_row.c.row_number)
            ).scalars()
        )

    def outcome_counts(self, import_id: ImportId) -> dict[str, int]:
        """Return {outcome: rows}."""
        rows = self._connection.execute(
            select(staged_row.c.outcome, func.count())
            .where(staged_row.c.import_id == import_id)
            .group_by(staged_row.c.outcome)
        )
        return {row[0]: row[1] for row in rows}

    def problem_counts(self, import_id: ImportId) -> list[tuple[str, str, int]]:
        """Return (code, severity, rows), what stops first, most first."""
        count = func.count(staged_problem.c.row_number.distinct())
        rows = self._connection.execute(
            select(staged_problem.c.code, staged_problem.c.severity, count)
            .where(staged_problem.c.import_id == import_id)
            .group_by(staged_problem.c.code, staged_problem.c.severity)
        )
        order = {"stop": 0, "note": 1, "info": 2}
        return sorted(((r[0], r[1], r[2]) for r in rows), key=lambda r: (order[r[1]], -r[2], r[0]))

    def problems(
        self, import_id: ImportId, code: str = "", severity: str = "", limit: int = 200, offset: int = 0
    ) -> list[ProblemLine]:
        """Return problems by row, with the row's cells."""
        statement = (
            select(staged_problem, staged_row.c.cells)
            .join(
                staged_row,
                and_(
                    staged_row.c.import_id == staged_problem.c.import_id,
                    staged_row.c.row_number == staged_problem.c.row_number,
                ),
            )
            .where(staged_problem.c.import_id == import_id)
            .order_by(staged_problem.c.row_number, staged_problem.c.id)
            .limit(limit)
            .offset(offset)
        )
        if code:
            statement = statement.where(staged_problem.c.code == code)
        if severity:
            statement = statement.where(staged_problem.c.severity == severity)
        return [
            ProblemLine(row.row_number, row.column, row.code, row.severity, tuple(row.cells or ()))
            for row in self._connection.execute(statement)
        ]

    def duplicates(self, import_id: ImportId, limit: int = 200) -> list[tuple[StagedPerson, int | None, int | None]]:
        """Return rows that repeat another one: the row, the row it repeats, the person it repeats."""
        columns = [staged_row.c[name] for name in PERSON_FIELDS]
        rows = self._connection.execute(
            select(staged_row.c.row_number, staged_row.c.same_as_row, staged_row.c.same_as_person, *columns)
            .where(staged_row.c.import_id == import_id, staged_row.c.outcome == "duplicate")
            .order_by(staged_row.c.row_number)
            .limit(limit)
        )
        return [(StagedPerson(r[0], dict(zip(PERSON_FIELDS, r[3:], strict=True))), r[1], r[2]) for r in rows]

    def cells(self, import_id: ImportId, row_number: int) -> list[str] | None:
        """Return a staged row's cells as they stand in the file, None if they were not kept."""
        return self._connection.scalar(
            select(staged_row.c.cells).where(staged_row.c.import_id == import_id, staged_row.c.row_number == row_number)
        )

    def drop_problems(self, import_id: ImportId, row_number: int) -> None:
        """Forget the problems of a row that is parsed again."""
        self._connection.execute(
            delete(staged_problem).where(
                staged_problem.c.import_id == import_id, staged_problem.c.row_number == row_number
            )
        )

    def discard(self, import_id: ImportId) -> None:
        """Forget everything staged for an import."""
        for table in (staged_problem, staged_row):
            self._connection.execute(delete(table).where(table.c.import_id == import_id))

    def renew_codes(self, import_id: ImportId, draw: Callable[[], str]) -> int:
        """Give another code to staged rows that drew one which is taken, by a row before or a person; returns how many.

        Codes are eight signs of thirty: among a million persons it is more likely than not that two are equal.
        """
        own = staged_row.c.import_id == import_id
        twice = (
            select(func.max(staged_row.c.row_number)).where(own).group_by(staged_row.c.code).having(func.count() > 1)
        )
        taken = select(staged_row.c.row_number).join(person, person.c.code == staged_row.c.code).where(own)
        renewed = 0
        while rows := {*self._connection.scalars(twice), *self._connection.scalars(taken)}:
            for row_number in sorted(rows):
                self._connection.execute(
                    update(staged_row).where(own, staged_row.c.row_number == row_number).values(code=draw())
                )
            renewed += len(rows)
        return renewed

    def accept_new(self, import_id: ImportId, breach_id: BreachId) -> int:
        """Put the new persons into the register with their keys, in two statements; returns how many."""
        names = [*PERSON_FIELDS, "code", "noted"]
        source = (
            select(
                literal(breach_id), staged_row.c.import_id, staged_row.c.row_number,
                *(staged_row.c[name] for name in names),
            )
            .where(staged_row.c.import_id == import_id, staged_row.c.outcome == "new")
            .order_by(staged_row.c.row_number)
        )  # fmt: skip
        added = self._connection.execute(
            insert(person).from_select(["breach_id", "import_id", "row_number", *names], source)
        ).rowcount
        keys = (
            select(person.c.id, staged_row.c.uid, staged_row.c.key)
            .join(staged_row, staged_row.c.code == person.c.code)
            .where(
                person.c.import_id == import_id,
                staged_row.c.import_id == import_id,
                staged_row.c.row_number == person.c.row_number,
            )
        )
        self._connection.execute(insert(person_key).from_select(["person_id", "uid", "key"], keys))
        return added

    def newly_protected(self, import_id: ImportId) -> list[int]:
        """Return the persons whom an import is about to give a protected address."""
        return list(
            self._connection.scalars(
                select(person.c.id)
                .join(staged_row, staged_row.c.same_as_person == person.c.id)
                .where(
                    staged_row.c.import_id == import_id, staged_row.c.outcome == "changed", staged_row.c.protected,
                    ~person.c.protected,
                )
            )
        )  # fmt: skip

    def accept_changed(self, import_id: ImportId) -> int:
        """Write what changed into persons who are there, after keeping what was; returns how many."""
        rows = self._connection.execute(
            select(staged_row.c.row_number, staged_row.c.same_as_person)
            .where(staged_row.c.import_id == import_id, staged_row.c.outcome == "changed")
            .order_by(staged_row.c.row_number)
        ).all()
        for part in chunks(rows, 500):
            staged = self.persons(import_id, [row[0] for row in part])
            before = self.registered([row[1] for row in part])
            for row_number, person_id in part:
                new = self.changed_fields(before[person_id], staged[row_number].values)
                self._connection.execute(
                    insert(person_before).values(
                        import_id=import_id,
                        person_id=person_id,
                        fields={name: before[person_id][name] for name in new},
                    )
                )
                self._connection.execute(update(person).where(person.c.id == person_id).values(new))
        return len(rows)

    @staticmethod
    def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a newer row changes: filled fields that differ. An empty cell takes nothing away."""
        return _changed_fields(before, after)

    def commitments(self, import_id: ImportId) -> Iterator[tuple[bytes, tuple[Any, ...]]]:
        """Stream (person key, shown values) of the new persons by number: the leaves of the import's Merkle root."""
        columns = [person.c[name] for name in SHOWN_FIELDS]
        result = self._connection.execute(
            select(person_key.c.key, *columns)
            .join(person, person.c.id == person_key.c.person_id)
            .where(person.c.import_id == import_id)
            .order_by(person.c.id),
            execution_options={"yield_per": 5_000},
        )
        for row in result:
            yield row[0], tuple(row[1:])

    def sent_to(self, import_id: ImportId) -> int:
        """Return how many persons of an import something was sent to, or is on its way to."""
        own = select(person.c.id).where(person.c.import_id == import_id)
        changed = select(person_before.c.person_id).where(person_before.c.import_id == import_id)
        return int(
            self._connection.scalar(
                select(func.count(delivery.c.person_id.distinct())).where(
                    or_(delivery.c.person_id.in_(own), delivery.c.person_id.in_(changed)),
                    delivery.c.state.in_(_SENT),
                )
            )
            or 0
        )

    def register_changed_since(self, import_id: ImportId) -> bool:
        """Tell whether another import of the breach was accepted or taken back after this one was staged."""
        own = import_run.alias()
        found = self._connection.scalar(
            select(import_run.c.id)
            .join(own, and_(own.c.id == import_id, own.c.breach_id == import_run.c.breach_id))
            .where(
                import_run.c.id != import_id,
                or_(import_run.c.accepted_at > own.c.staged_at, import_run.c.undone_at > own.c.staged_at),
            )
            .limit(1)
        )
        return found is not None

    def changed_since(self, import_id: ImportId) -> list[int]:
        """Return the imports accepted later that changed persons whom this one brought or changed, lowest first."""
        own = select(person.c.id).where(person.c.import_id == import_id)
        changed = select(person_before.c.person_id).where(person_before.c.import_id == import_id)
        accepted = select(import_run.c.accepted_at).where(import_run.c.id == import_id).scalar_subquery()
        return list(
            self._connection.scalars(
                select(person_before.c.import_id)
                .join(import_run, import_run.c.id == person_before.c.import_id)
                .where(
                    person_before.c.import_id != import_id,
                    or_(
                        person_before.c.person_id.in_(own),
                        and_(person_before.c.person_id.in_(changed), import_run.c.accepted_at >= accepted),
                    ),
                )
                .distinct()
                .order_by(person_before.c.import_id)
            )
        )

    def take_back(self, import_id: ImportId) -> int:
        """Remove the persons of an import with their keys and put changed ones back; returns how many were removed."""
        own = select(person.c.id).where(person.c.import_id == import_id)
        tables: tuple[Table, ...] = (
            person_plan, decision, delivery, care_mark, person_care, told_plan, notice_recipient, person_key,
        )  # fmt: skip
        self._forget_words(own)
        # Who asked stays on the log; that it was one of these persons does not.
        self._connection.execute(update(enquiry).where(enquiry.c.person_id.in_(own)).values(person_id=None))
        for table in tables:
            self._connection.execute(delete(table).where(table.c.person_id.in_(own)))
        for row in self._connection.execute(select(person_before).where(person_before.c.import_id == import_id)).all():
            self._connection.execute(update(person).where(person.c.id == row.person_id).values(row.fields))
        self._connection.execute(delete(person_before).where(person_before.c.import_id == import_id))
        return self._connection.execute(delete(person).where(person.c.import_id == import_id)).rowcount

    def _forget_words(self, own: Select[Any]) -> None:
        """Erase what the officer wrote about persons in entries of the trail; the entries stay."""
        uids = select(func.lower(func.hex(person_key.c.uid))).where(person_key.c.person_id.in_(own))
        entries = select(audit_subject.c.seq).where(audit_subject.c.subject.in_(uids))
        self._connection.execute(delete(audit_remark).where(audit_remark.c.seq.in_(entries)))

    def profile(self, signature: str) -> dict[str, str] | None:
        """Return the columns kept for files with these headings, or None."""
        return self._connection.scalar(select(import_profile.c.columns).where(import_profile.c.signature == signature))

    def keep_profile(self, signature: str, name: str, columns: Mapping[str, str]) -> None:
        """Keep what the columns of such files become."""
        self._connection.execute(delete(import_profile).where(import_profile.c.signature == signature))
        self._connection.execute(insert(import_profile).values(signature=signature, name=name, columns=dict(columns)))


def _changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a newer row changes: filled fields that differ. An empty cell takes nothing away."""
    derived = ("sort_key", "match_key")
    changed = {
        name: value
        for name, value in after.items()
        if name not in derived and value not in ("", None, {}, False) and value != before.get(name)
    }
    if changed:
        changed |= {name: after[name] for name in derived if after[name] and after[name] != before[name]}
    return changed
