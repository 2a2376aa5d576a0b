"""Correct one person's dates in the register, after it was shown what that moves."""

from __future__ import annotations

from dataclasses import dataclass

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, PersonId
from dpo_app.core.proof.audit import AuditAction, commitment
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.foresee_moves import DateMove, date_move
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic


@dataclass(frozen=True)
class CorrectedDates:
    """What the correction moved."""

    move: DateMove
    changes: Changes


def correct_dates(
    desk: Desk, breach_id: BreachId, person_id: PersonId, registered: str, removed: str, reason: str
) -> CorrectedDates:
    """Write other dates of a person, with a reason, and work the plan out anew. What they were told stays as it was.

    The trail keeps the reason and commitments to the dates, not the dates. Raises InputError: "reason_needed",
    "no_such_person", "date_form".
    """
    if not reason.strip():
        raise InputError("reason_needed")
    with desk.begin() as uow:
        move = date_move(uow.queries, breach_id, person_id, registered, removed)
        kept = uow.persons.set_dates(person_id, registered, removed)
        if kept is None:
            raise InputError("no_such_person")
        uid, key = kept
        uow.audit.record(
            AuditAction.DATES_CORRECTED,
            subjects=(uow.queries.breach_uid(breach_id), uid.hex()),
            remarks={"reason": reason},
            facts={"before": move.before or "-", "after": move.after.state.value},
            commitments={"registered": commitment(key, "registered", registered),
                         "removed": commitment(key, "removed", removed)},
        )  # fmt: skip
        uow.commit()
    make_plan(desk, breach_id)
    return CorrectedDates(move, Changes.of(breach_id, Topic.PERSONS, Topic.PLAN))
