"""Whom an entry of the trail is about."""

from __future__ import annotations

from collections.abc import Sequence

from dpo_app.core.ids import BreachId
from dpo_app.services.ports.store import UnitOfWork

#: An entry about no more persons than this names each of them by reference: what the officer wrote then goes when one
#: of them is erased. A reason for more persons is about a group.
FEW = 50


def subjects_of(uow: UnitOfWork, breach_id: BreachId, person_ids: Sequence[int]) -> tuple[str, ...]:
    """Return the references of a breach and of the persons, if they are few."""
    persons = uow.queries.person_uids(person_ids) if len(person_ids) <= FEW else []
    return (uow.queries.breach_uid(breach_id), *persons)
