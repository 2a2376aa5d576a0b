"""Putting staged rows back as they were before pairs of them were made one person."""

from __future__ import annotations

from dpo_app.core.ids import BreachId, ImportId
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.services.ports.linkage import PairLine
from dpo_app.services.ports.store import UnitOfWork


def restore_pair(uow: UnitOfWork, import_id: ImportId, line: PairLine) -> None:
    """Put the rows of a pair back as they were before its verdict, which is open again."""
    changes = [{"row_number": int(row), **values} for row, values in line.before.items()]
    uow.staging.set_outcomes(import_id, changes)
    uow.links.decide(line.id, Verdict.OPEN)


def restore_all(uow: UnitOfWork, breach_id: BreachId, import_id: ImportId) -> int:
    """Take every verdict of an import back, the last one first; returns how many."""
    count = 0
    while (last := uow.links.last_decided(breach_id, import_id)) is not None:
        restore_pair(uow, import_id, last)
        count += 1
    return count
