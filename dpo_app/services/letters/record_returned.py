"""Record letters that came back, by the code on them: their persons are open again, and the letter counts no more.

A code is twelve signs of which two check the others together with the breach, so a slip of the finger finds nobody
rather than somebody else. A letter is counted once however often it is scanned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from dpo_app.core.delivery import FOLLOWS, DeliveryState, ReturnFollows, ReturnReason
from dpo_app.core.ids import TOKEN_LENGTH, BatchId, BreachId, PersonId, RevisionId, batch_ref, grouped, plain_code
from dpo_app.core.letters.letter import token_ok
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.veil import veiled
from dpo_app.services.lines import SentLine
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.progress import Changes, Topic


@veiled
@dataclass(frozen=True)
class ReturnedLetter:
    """What became of one code as it was given. `problem` is "" or the code of a sentence (`token_wrong`,
    `not_posted`); `again` tells that it was recorded before, at `at`; `follows` what is to be done now."""

    token: str
    problem: str = ""
    name: str = ""
    person_code: str = ""
    again: bool = False
    at: datetime | None = None
    batch: str = ""
    number: int = 0
    person_id: int = 0
    follows: ReturnFollows | None = None


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
    """Move posted letters to *returned*, and their persons to the rung below. Codes of no letter, or of one not posted,
    are answered and change nothing."""
    return record_listed(desk, ((code, reason) for code in codes))


def record_listed(desk: Desk, listed: Iterable[tuple[str, ReturnReason]]) -> Returned:
    """Do what `record_returned` does for codes that each have their reason."""
    with desk.begin() as uow:
        now = desk.clock.now()
        letters: list[ReturnedLetter] = []
        moved: dict[int, tuple[SentLine, ReturnReason]] = {}
        for typed, reason in listed:
            letter, line = _look(uow.queries, typed)
            if line is not None and line.id in moved:
                letter, line = replace(letter, again=True, at=now), None
            if line is not None:
                moved[line.id] = (line, reason)
                letter = replace(letter, follows=FOLLOWS[reason])
            letters.append(letter)
        for reason in ReturnReason:
            _move(desk, uow, reason, [line for line, why in moved.values() if why is reason])
        if moved:
            uow.commit()
    return Returned(tuple(letters), _changes(line for line, _ in moved.values()))


def _move(desk: Desk, uow: UnitOfWork, reason: ReturnReason, lines: list[SentLine]) -> None:
    if not lines:
        return
    now = desk.clock.now()
    uow.deliveries.move_ones([line.id for line in lines], DeliveryState.RETURNED, reason.value, now, desk.actor)
    for breach in sorted({line.breach_id for line in lines}):
        own = [PersonId(line.person_id) for line in lines if line.breach_id == breach]
        breach_id = BreachId(breach)
        uow.persons.letter_again(breach_id, own, False, desk.actor, now)
        uow.persons.lower_rung(RevisionId(uow.queries.newest_revision(breach_id).id), own)
        uow.audit.record(
            AuditAction.LETTERS_RETURNED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"letters": len(own), "reason": reason.value},
        )


def take_back_returned(desk: Desk, codes: Iterable[str]) -> Returned:
    """Count letters as posted again that were recorded as come back by mistake."""
    with desk.begin() as uow:
        letters: list[ReturnedLetter] = []
        back: dict[int, SentLine] = {}
        for typed in codes:
            letter, _ = _look(uow.queries, typed)
            line = uow.queries.delivery_by_token(plain_code(typed))
            if letter.problem != "token_wrong" and (line is None or line.state != DeliveryState.RETURNED.value):
                letter = replace(letter, problem="not_returned", again=False)
            elif line is not None and not letter.problem:
                back[line.id] = line
                letter = replace(letter, again=False, at=None)
            letters.append(letter)
        if back:
            uow.deliveries.move_ones(list(back), DeliveryState.POSTED, "taken_back", desk.clock.now(), desk.actor)
            for breach in sorted({line.breach_id for line in back.values()}):
                own = [PersonId(line.person_id) for line in back.values() if line.breach_id == breach]
                breach_id = BreachId(breach)
                uow.persons.letter_rung(RevisionId(uow.queries.newest_revision(breach_id).id), own)
                uow.audit.record(
                    AuditAction.RETURN_TAKEN_BACK,
                    subjects=(uow.queries.breach_uid(breach_id),),
                    facts={"letters": len(own)},
                )
            uow.commit()
    return Returned(tuple(letters), _changes(back.values()))


def _changes(lines: Iterable[SentLine]) -> Changes:
    touched = {line.breach_id for line in lines}
    breach_id = BreachId(next(iter(touched))) if len(touched) == 1 else None
    return Changes.of(breach_id, *((Topic.DELIVERIES, Topic.PLAN) if touched else ()))


def _look(queries: Queries, typed: str) -> tuple[ReturnedLetter, SentLine | None]:
    """Return the answer to one code, and its delivery if it is to be moved."""
    token = plain_code(typed)
    shown = grouped(token)[:14]
    line = queries.delivery_by_token(token) if len(token) == TOKEN_LENGTH else None
    if line is None or line.channel != Channel.LETTER.value or not token_ok(token, line.breach_id):
        return ReturnedLetter(shown, "token_wrong"), None
    batch = batch_ref(BatchId(line.batch_id)) if line.batch_id else ""
    letter = ReturnedLetter(
        shown, "", line.name, grouped(line.person_code), batch=batch, number=line.number, person_id=line.person_id
    )
    if line.state == DeliveryState.RETURNED.value:
        return replace(letter, again=True, at=line.state_at), None
    if line.state != DeliveryState.POSTED.value:
        return replace(letter, problem="not_posted"), None
    return letter, line
