"""What follows from a draft before it counts: facts that differ, persons who move, notices that are owed anew."""

from __future__ import annotations

from dataclasses import dataclass

from dpo_app.core.facts.breach import Revision
from dpo_app.core.facts.differences import FactChange, differences
from dpo_app.core.facts.fact_catalogue import BY_KEY
from dpo_app.core.facts.fact_check import check_facts
from dpo_app.core.ids import BreachId
from dpo_app.services.facts.foresee_moves import Moves, foresee_revision
from dpo_app.services.ports.desk import Desk


@dataclass(frozen=True)
class Effects:
    """What a revision would change. `notified` are changed facts that the authorities' form asks for; `authorities`
    those who were told before and are owed them (Art. 33(4)); `assessed` tells whether the risk was judged, which then
    needs a new look."""

    changes: tuple[FactChange, ...]
    moves: Moves
    notified: int
    authorities: tuple[str, ...]
    assessed: bool


def notified_keys(changes: tuple[FactChange, ...]) -> frozenset[str]:
    """Return the facts of the catalogue among the changes that a field of the authorities' form answers; items of a
    list count once, what is said about a fact counts as the fact."""
    found = set()
    for change in changes:
        key = change.key.removeprefix("fact.")
        while key and key not in BY_KEY:
            key = key.rpartition(".")[0]
        if key and BY_KEY[key].numbers:
            found.add(key)
    return frozenset(found)


def effects_of(desk: Desk, breach_id: BreachId, facts: Revision) -> Effects:
    """Return what would follow if these facts became the next revision; nothing is kept. Raises InputError of
    `check_facts`."""
    check_facts(facts)
    with desk.read() as queries:
        changes = differences(queries.newest_revision(breach_id).facts, facts)
        told = [each for each in queries.authority_told(breach_id) if not each.withdraw]
        assessed = queries.assessment(breach_id) is not None
    names = tuple(dict.fromkeys(each.authority for each in told))
    return Effects(changes, foresee_revision(desk, breach_id, facts), len(notified_keys(changes)), names, assessed)
