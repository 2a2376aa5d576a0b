"""The code in a caller's hand, and who the caller is. Before identity is established nothing of the register is said:
not whether somebody is in it, not to whom a message went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import TOKEN_LENGTH, BreachId, PersonId, RevisionId, plain_code
from dpo_app.core.persons.enquiry import (
    ESTABLISHED,
    LEFT_THE_HOUSE,
    AskedFact,
    CodeResult,
    Evidence,
    Identity,
    facts_to_ask,
    identity_of,
    tells_rightly,
)
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.veil import veiled
from dpo_app.services.lines import CodeLine, PersonView
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries

#: Among so many of the same name somebody can still be told by two facts; more are not looked at.
MOST_CANDIDATES = 200


@dataclass(frozen=True)
class CodeCheck:
    """What a code says. `delivery` is for `identify` and the log; the screen shows nothing of it before identity."""

    result: CodeResult
    delivery: CodeLine | None = field(default=None, repr=False)


def check_code(desk: Desk, breach_id: BreachId | None, code: str) -> CodeCheck:
    """Return whether a code as it was read out is that of a message of this breach, or of any, that left the house.

    Ten of its signs are drawn by chance, so nobody finds one by trying. The check is an entry of the trail, without
    the code and without the person.
    """
    token = plain_code(code)
    with desk.read() as queries:
        found = queries.code_line(token) if len(token) == TOKEN_LENGTH else None
    if found is None or breach_id not in (None, found.breach_id):
        check = CodeCheck(CodeResult.NOT_OURS)
    elif DeliveryState(found.state) in LEFT_THE_HOUSE:
        check = CodeCheck(CodeResult.GENUINE, found)
    else:
        check = CodeCheck(CodeResult.NOT_SENT, found)
    own = breach_id if breach_id is not None else BreachId(found.breach_id) if found is not None else None
    _note(desk, AuditAction.CODE_CHECKED, own, check.result.value)
    return check


def _note(desk: Desk, action: AuditAction, breach_id: BreachId | None, result: str, person_uid: str = "") -> None:
    if desk.read_only:
        return
    with desk.begin() as uow:
        subjects = [uow.queries.breach_uid(breach_id)] if breach_id is not None else []
        subjects += filter(None, [person_uid])
        uow.audit.record(action, subjects=subjects, facts={"result": result})
        uow.commit()


@veiled
@dataclass(frozen=True)
class Attempt:
    """What a caller brought: the name, code or number they gave (`text`), the message in their hand, what they answered
    to which question, and what the officer did beside it."""

    text: str = ""
    code: CodeCheck | None = None
    answers: Mapping[AskedFact, str] = field(default_factory=dict, repr=False)
    called_back: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Identified:
    """Who it is, once that is established; else no person, whatever was found. `other_code` tells that the message in
    their hand went to somebody else: it was misdelivered, or is not theirs."""

    identity: Identity
    person_id: PersonId | None = None
    other_code: bool = False

    @property
    def established(self) -> bool:
        """Tell whether their case may be spoken about."""
        return self.identity in ESTABLISHED


def questions(desk: Desk, breach_id: BreachId, *, with_code: bool) -> tuple[AskedFact, ...]:
    """Return what may be asked: nothing that was stolen, unless the code in the hand makes up for it."""
    with desk.read() as queries:
        categories = queries.newest_revision(breach_id).facts.categories
    return facts_to_ask(categories, with_code=with_code)


def identify(desk: Desk, breach_id: BreachId, attempt: Attempt) -> Identified:
    """Return who the caller is: the one of whom most facts were told rightly. If two fit alike, nobody does.

    A try is an entry of the trail, with the person only if it succeeded.
    """
    with desk.read() as queries:
        newest = queries.newest_revision(breach_id)
        revision = RevisionId(newest.id)
        code = attempt.code.delivery if attempt.code and attempt.code.result is CodeResult.GENUINE else None
        own = {code.person_id} if code is not None else set()
        numbers = own | set(_named(queries, breach_id, attempt.text))
        fitting: list[tuple[int, PersonView, Identity]] = []
        for number in sorted(numbers):
            view = queries.person(PersonId(number), revision)
            right = _right(desk, view, attempt)
            evidence = Evidence(number in own, right, attempt.called_back, attempt.strong)
            found = identity_of(evidence, newest.facts.categories)
            if found in ESTABLISHED:
                fitting.append((len(right), view, found))
    most = max((count for count, _view, _found in fitting), default=0)
    best = [(view, found) for count, view, found in fitting if count == most]
    if len(best) == 1:
        view, found = best[0]
        _note(desk, AuditAction.IDENTITY_TRIED, breach_id, found.value, view.uid)
        return Identified(found, PersonId(view.id), bool(own) and view.id not in own)
    tried = bool(attempt.code or attempt.answers or attempt.called_back or attempt.strong)
    left = Identity.NOT_SURE if tried else Identity.NONE
    _note(desk, AuditAction.IDENTITY_TRIED, breach_id, left.value)
    return Identified(left)


def _named(queries: Queries, breach_id: BreachId, text: str) -> list[int]:
    return queries.find_persons(breach_id, text, MOST_CANDIDATES) if len(text.strip()) > 1 else []


def _right(desk: Desk, view: PersonView, attempt: Attempt) -> frozenset[AskedFact]:
    kept = {
        AskedFact.CUSTOMER_NUMBER: view.customer_number, AskedFact.REGISTERED: view.registered,
        AskedFact.BORN: view.born, AskedFact.POSTCODE: view.address.postcode, AskedFact.PHONE: view.phone,
        AskedFact.EMAIL: view.email,
    }  # fmt: skip
    today = desk.clock.now().date()
    return frozenset(fact for fact, said in attempt.answers.items() if tells_rightly(fact, kept[fact], said, today))
