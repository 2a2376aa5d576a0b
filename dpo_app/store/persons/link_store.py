"""Pairs that may be one person, on one connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, insert, or_, select, update

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, ImportId
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.services.ports.linkage import LINKED_FIELDS, MergeLine, NewPair, PairLine
from dpo_app.services.ports.staging import PERSON_FIELDS
from dpo_app.store.persons.merge_store import MergeMoves
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import link_pair, person, person_before, person_merge, staged_row

_STREAMED = {"yield_per": 5_000}


class SqlLinkStore(MergeMoves):
    """See `services.ports.linkage`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def staged_values(self, import_id: ImportId) -> Iterator[tuple[Any, ...]]:
        """Stream (row, `LINKED_FIELDS`) of the rows that are new, in order."""
        columns = [staged_row.c[name] for name in LINKED_FIELDS]
        rows = self._connection.execute(
            select(staged_row.c.row_number, *columns)
            .where(staged_row.c.import_id == import_id, staged_row.c.outcome == "new")
            .order_by(staged_row.c.row_number),
            execution_options=_STREAMED,
        )
        for row in rows:
            yield tuple(row)

    def person_values(self, breach_id: BreachId) -> Iterator[tuple[Any, ...]]:
        """Stream (person, `LINKED_FIELDS`) of a breach, in order."""
        columns = [person.c[name] for name in LINKED_FIELDS]
        rows = self._connection.execute(
            select(person.c.id, *columns).where(person.c.breach_id == breach_id).order_by(person.c.id),
            execution_options=_STREAMED,
        )
        for row in rows:
            yield tuple(row)

    def shared_values(self, breach_id: BreachId) -> Iterator[tuple[int, str, str, str, str]]:
        """Stream (person, street, postcode, town, mail address) of a breach, in order."""
        own = person.c
        rows = self._connection.execute(
            select(own.id, own.street, own.postcode, own.town, own.email)
            .where(own.breach_id == breach_id)
            .order_by(own.id),
            execution_options=_STREAMED,
        )
        for row in rows:
            yield row[0], row[1], row[2], row[3], row[4]

    def person_now(self, person_id: int) -> int:
        """Return the person who a person is now: themselves, or the one they became part of."""
        into: int | None = person_id
        while into is not None:
            person_id = into
            into = self._connection.scalar(
                select(person_merge.c.kept_id).where(
                    person_merge.c.gone_id == person_id, person_merge.c.undone_at.is_(None)
                )
            )
        return person_id

    def values(self, person_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return persons by the columns of `PERSON_FIELDS` and their code, by number."""
        names = (*PERSON_FIELDS, "code")
        found: dict[int, dict[str, Any]] = {}
        for part in chunks(person_ids, 500):
            rows = self._connection.execute(
                select(person.c.id, *(person.c[name] for name in names)).where(person.c.id.in_(part))
            )
            found |= {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
        return found

    def apart(self, breach_id: BreachId) -> frozenset[tuple[int, int]]:
        """Return the pairs of persons, lower first, that were found to be different people."""
        rows = self._connection.execute(
            select(link_pair.c.left_person, link_pair.c.right_person).where(
                link_pair.c.breach_id == breach_id,
                link_pair.c.verdict == Verdict.DIFFERENT,
                link_pair.c.left_person.isnot(None),
                link_pair.c.right_person.isnot(None),
            )
        )
        return frozenset((min(row), max(row)) for row in rows)

    def replace_pairs(self, breach_id: BreachId, import_id: ImportId | None, pairs: Iterable[NewPair]) -> None:
        """Put pairs in the place of those of an import or, with None, of the open ones of the register."""
        old = delete(link_pair).where(_of(breach_id, import_id))
        if import_id is None:
            old = old.where(link_pair.c.verdict == Verdict.OPEN)
        self._connection.execute(old)
        common = {"breach_id": breach_id, "import_id": import_id, "verdict": "", "decided": 0, "before": None}
        for part in chunks(pairs):
            self._connection.execute(insert(link_pair), [common | pair._asdict() for pair in part])

    def keep_import_apart(self, import_id: ImportId) -> int:
        """Keep, between persons, what was found to be different people among the rows of an import."""
        lines = self._connection.execute(
            select(link_pair).where(link_pair.c.import_id == import_id, link_pair.c.verdict == Verdict.DIFFERENT)
        ).all()
        kept = 0
        for line in lines:
            left = line.left_person if line.left_row is None else self._person_of_row(import_id, line.left_row)
            right = line.right_person if line.right_row is None else self._person_of_row(import_id, line.right_row)
            if left is None or right is None or left == right:
                continue
            values = {name: line._mapping[name] for name in ("breach_id", "likeness", "pattern", "sure", "verdict")}
            values |= {"left_person": min(left, right), "right_person": max(left, right), "decided": 0}
            self._connection.execute(insert(link_pair).values(values))
            kept += 1
        return kept

    def _person_of_row(self, import_id: ImportId, row: int) -> int | None:
        """Return the person that a staged row has become."""
        at: int | None = row
        while at is not None:
            row = at
            at, known = self._connection.execute(
                select(
                    case((staged_row.c.outcome == "duplicate", staged_row.c.same_as_row)), staged_row.c.same_as_person
                ).where(staged_row.c.import_id == import_id, staged_row.c.row_number == row)
            ).one()
        if known is not None:
            return int(known)
        found: int | None = self._connection.scalar(
            select(person.c.id).where(person.c.import_id == import_id, person.c.row_number == row)
        )
        return found

    def forget_import(self, import_id: ImportId) -> None:
        """Forget the pairs of an import with what its rows were."""
        self._connection.execute(delete(link_pair).where(link_pair.c.import_id == import_id))

    def forget(self, person_ids: Sequence[int]) -> None:
        """Remove what is kept of persons who are erased: pairs, and the records that became part of them."""
        for part in chunks(person_ids, 500):
            concerned = or_(link_pair.c.left_person.in_(part), link_pair.c.right_person.in_(part))
            self._connection.execute(delete(link_pair).where(concerned))
            self._connection.execute(delete(person_merge).where(person_merge.c.kept_id.in_(part)))

    def decide(self, pair_id: int, verdict: Verdict, before: Mapping[str, Any] | None = None) -> None:
        """Keep a verdict; `Verdict.OPEN` takes it back."""
        line = self.pair(pair_id)
        breach_id = BreachId(line.breach_id)
        newest = select(func.coalesce(func.max(link_pair.c.decided), 0)).where(_of(breach_id, _import(line)))
        number = 0 if verdict is Verdict.OPEN else (self._connection.scalar(newest) or 0) + 1
        self._connection.execute(
            update(link_pair)
            .where(link_pair.c.id == pair_id)
            .values(verdict=verdict.value, decided=number, before=dict(before or {}))
        )

    def pair(self, pair_id: int) -> PairLine:
        """Return a pair. Raises InputError("no_such_pair")."""
        row = self._connection.execute(select(link_pair).where(link_pair.c.id == pair_id)).one_or_none()
        return _line(row) if row is not None else _missing("no_such_pair")

    def pairs(
        self, breach_id: BreachId, import_id: ImportId | None, *, sure: bool | None = None,
        verdicts: Sequence[Verdict] = (Verdict.OPEN,), limit: int = 500,
    ) -> list[PairLine]:  # fmt: skip
        """Return pairs of an import, or with None of the register, most alike first."""
        statement = select(link_pair).where(_of(breach_id, import_id), link_pair.c.verdict.in_(verdicts))
        if sure is not None:
            statement = statement.where(link_pair.c.sure == sure)
        rows = self._connection.execute(statement.order_by(link_pair.c.likeness.desc(), link_pair.c.id).limit(limit))
        return [_line(row) for row in rows]

    def count_pairs(self, breach_id: BreachId, import_id: ImportId | None, sure: bool, verdict: Verdict) -> int:
        """Return how many pairs there are of a kind."""
        return int(
            self._connection.scalar(
                select(func.count()).where(
                    _of(breach_id, import_id), link_pair.c.sure == sure, link_pair.c.verdict == verdict
                )
            )
            or 0
        )

    def last_decided(self, breach_id: BreachId, import_id: ImportId | None) -> PairLine | None:
        """Return the pair that was decided last, or None."""
        row = self._connection.execute(
            select(link_pair)
            .where(_of(breach_id, import_id), link_pair.c.decided > 0)
            .order_by(link_pair.c.decided.desc())
            .limit(1)
        ).one_or_none()
        return _line(row) if row is not None else None

    def merge(self, merge_id: int) -> MergeLine:
        """Return a merge. Raises InputError("no_such_merge")."""
        row = self._connection.execute(select(person_merge).where(person_merge.c.id == merge_id)).one_or_none()
        return _merge_line(row) if row is not None else _missing("no_such_merge", merge=f"M{merge_id}")

    def merges(self, breach_id: BreachId, limit: int = 500) -> list[MergeLine]:
        """Return the merges that count, newest first."""
        rows = self._connection.execute(
            select(person_merge)
            .where(person_merge.c.breach_id == breach_id, person_merge.c.undone_at.is_(None))
            .order_by(person_merge.c.id.desc())
            .limit(limit)
        )
        return [_merge_line(row) for row in rows]

    def count_merged(self, breach_id: BreachId) -> int:
        """Return how many persons of a breach became part of another one."""
        return int(
            self._connection.scalar(
                select(func.count()).where(person_merge.c.breach_id == breach_id, person_merge.c.undone_at.is_(None))
            )
            or 0
        )

    def merged_among(self, import_id: ImportId) -> int:
        """Return how many merges concern persons whom an import brought or changed: the one kept or the one gone."""
        own = select(person.c.id).where(person.c.import_id == import_id)
        changed = select(person_before.c.person_id).where(person_before.c.import_id == import_id)
        gone_import = func.json_extract(person_merge.c.gone, "$.import_id")
        concerned = case(
            (person_merge.c.kept_id.in_(own), 1), (person_merge.c.kept_id.in_(changed), 1),
            (person_merge.c.gone_id.in_(changed), 1), (gone_import == import_id, 1), else_=0,
        )  # fmt: skip
        return int(
            self._connection.scalar(select(func.count()).where(person_merge.c.undone_at.is_(None), concerned == 1)) or 0
        )


def _of(breach_id: BreachId, import_id: ImportId | None) -> ColumnElement[bool]:
    own = link_pair.c.import_id.is_(None) if import_id is None else link_pair.c.import_id == import_id
    return and_(link_pair.c.breach_id == breach_id, own)


def _import(line: PairLine) -> ImportId | None:
    return None if line.import_id is None else ImportId(line.import_id)


def _line(row: Row[Any]) -> PairLine:
    return PairLine(
        row.id, row.breach_id, row.import_id, row.left_row, row.left_person, row.right_row, row.right_person,
        row.likeness, row.pattern, bool(row.sure), Verdict(row.verdict), row.decided, row.before or {},
    )  # fmt: skip


def _merge_line(row: Row[Any]) -> MergeLine:
    return MergeLine(
        row.id, row.uid, row.breach_id, row.kept_id, row.gone_id, row.code, row.reason, row.merged_at, row.merged_by,
        row.undone_at,
    )  # fmt: skip


def _missing(code: str, **facts: Any) -> NoReturn:
    raise InputError(code, **facts)
