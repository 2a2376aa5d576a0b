"""Pairs that may be one person as the officer sees them: both sides with their values, the score and what agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dpo_app.core.ids import BreachId, ImportId
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.core.veil import veiled
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.linkage import PairLine
from dpo_app.services.ports.store import Queries


@veiled
@dataclass(frozen=True)
class Side:
    """One side: a row of the file or a person of the register. `written_to` tells that something was sent to them."""

    row: int | None
    person: int | None
    values: Mapping[str, Any]
    written_to: bool = False


@dataclass(frozen=True)
class PairView:
    """A pair with both sides as they are now."""

    pair: PairLine
    left: Side
    right: Side


@dataclass(frozen=True)
class Review:
    """What waits, most alike first, with how many in all wait and how many are decided."""

    views: tuple[PairView, ...]
    waiting: int
    decided: int


def review_pairs(
    desk: Desk, breach_id: BreachId, import_id: ImportId | None, limit: int = 100, sure: bool | None = None
) -> Review:
    """Return pairs that wait for a verdict. Those that became one person by other verdicts are left out."""
    with desk.read() as queries:
        asked = limit * 2
        while True:
            lines = queries.links.pairs(breach_id, import_id, sure=sure, limit=asked)
            views = [view for line in lines if (view := _view(queries, import_id, line)) is not None]
            if len(views) >= limit or len(lines) < asked:
                break
            # Those on top are one person by other verdicts already: look further down.
            asked *= 4
        kinds = (True, False) if sure is None else (sure,)
        counts = {v: sum(queries.links.count_pairs(breach_id, import_id, k, v) for k in kinds) for v in Verdict}
    decided = sum(counts.values()) - counts[Verdict.OPEN]
    waiting = counts[Verdict.OPEN] - (len(lines) - len(views))
    return Review(tuple(views[:limit]), waiting, decided)


def _view(queries: Queries, import_id: ImportId | None, line: PairLine) -> PairView | None:
    left = _side(queries, import_id, line.left_row, line.left_person)
    right = _side(queries, import_id, line.right_row, line.right_person)
    if left is None or right is None or (left.row, left.person) == (right.row, right.person):
        return None
    return PairView(line, left, right)


def _side(queries: Queries, import_id: ImportId | None, row: int | None, person: int | None) -> Side | None:
    if row is not None and import_id is not None:
        outcome, same_row, known = queries.staging.row_state(import_id, row)
        while same_row is not None:
            row = same_row
            outcome, same_row, known = queries.staging.row_state(import_id, row)
        if outcome == "rejected":
            return None
        values = queries.staging.persons(import_id, [row])[row].values
        return Side(row if known is None else None, known, values)
    if person is None:
        return None
    person = queries.links.person_now(person)
    found = queries.links.values([person])
    return Side(None, person, found[person], bool(queries.links.sent_to([person]))) if person in found else None
