"""Record letters that came back, by the code on them: their persons are open again, and the letter counts no more.

A code is twelve signs of which two check the others together with the breach, so a slip of the finger finds nobody
rather than somebody else. A letter is counted once however often it is scanned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dpo_app.core.audit import AuditAction
from dpo_app.core.delivery import DeliveryState, ReturnReason
from dpo_app.core.ids import BreachId, grouped, plain_code
from dpo_app.core.letter import token_ok
from dpo_app.services.lines import SentLine
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Changes, Topic


@dataclass(frozen=True)
class ReturnedLetter:
    """What became of one code as it was given. `problem` is "" or the code of a sentence (`token_wrong`,
    `not_posted`); `again` tells that it was recorded before, at `at`."""

    token: str
    problem: str = ""
    name: str = ""
    person_code: str = ""
    again: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class Returned:
    """What a round at the desk gave."""

    letters: tuple[ReturnedLetter, ...]
    changes: Changes

    @property
    def returned(self) -> int:
        """Return how many letters count as returned by this call."""
        return sum(not each.problem and not each.again for each in self.letters)

    @property
    def again(self) -> int:
        """Return how many were recorded before."""
        return sum(each.again for each in self.letters)


def record_returned(desk: Desk, codes: Iterable[str], reason: ReturnReason) -> Returned:
    """Move posted letters to *returned*. Codes of no letter, or of one not posted, are answered and change nothing."""
    with desk.begin() as uow:
        now = desk.clock.now()
        letters: list[ReturnedLetter] = []
        moved: dict[int, SentLine] = {}
        for typed in codes:
            letter, line = _look(uow.queries, typed)
            if line is not None and line.id in moved:
                letter, line = ReturnedLetter(letter.token, "", letter.name, letter.person_code, True, now), None
            letters.append(letter)
            if line is not None:
                moved[line.id] = line
        if moved:
            uow.deliveries.move_ones(list(moved), DeliveryState.RETURNED, reason.value, now, desk.actor)
            breaches = sorted({line.breach_id for line in moved.values()})
            for breach in breaches:
                own = sum(line.breach_id == breach for line in moved.values())
                uow.audit.record(
                    AuditAction.LETTERS_RETURNED,
                    subjects=(uow.queries.breach_uid(BreachId(breach)),),
                    facts={"letters": own, "reason": reason.value},
                )
            uow.commit()
    touched = {line.breach_id for line in moved.values()}
    breach_id = BreachId(touched.pop()) if len(touched) == 1 else None
    return Returned(tuple(letters), Changes.of(breach_id, *((Topic.DELIVERIES,) if moved else ())))


def _look(queries: Queries, typed: str) -> tuple[ReturnedLetter, SentLine | None]:
    """Return the answer to one code, and its delivery if it is to be moved."""
    token = plain_code(typed)
    shown = grouped(token)[:14]
    line = queries.delivery_by_token(token) if len(token) == 12 else None
    if line is None or not token_ok(token, line.breach_id):
        return ReturnedLetter(shown, "token_wrong"), None
    if line.state == DeliveryState.RETURNED.value:
        return ReturnedLetter(shown, "", line.name, grouped(line.person_code), True, line.state_at), None
    if line.state != DeliveryState.POSTED.value:
        return ReturnedLetter(shown, "not_posted", line.name, grouped(line.person_code)), None
    return ReturnedLetter(shown, "", line.name, grouped(line.person_code)), line
