"""The log of those who ask: add an enquiry, close it, and the answer that fits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, EnquiryId, PersonId, RevisionId, enquiry_ref
from dpo_app.core.persons.enquiry import (
    ESTABLISHED,
    REQUESTS,
    Caller,
    CodeResult,
    EnquiryKind,
    EnquiryState,
    EnquiryWay,
    Identity,
    answer_due,
)
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.veil import veiled
from dpo_app.services.notices.notice_fields import fields_for
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic

MOST_SIGNS = 4_000
_PLACEHOLDER = re.compile(r"\(\(([^()]*)\)\)")


@veiled
@dataclass(frozen=True)
class EnquiryDraft:
    """What is logged. `person_id` only with an established identity; `due_on` None lets the program set the day for a
    request of the GDPR; `open` tells that something is still to be done."""

    way: EnquiryWay
    kind: EnquiryKind
    began_at: datetime
    identity: Identity = Identity.NONE
    person_id: PersonId | None = None
    caller: Caller = Caller.SELF
    code_check: CodeResult | None = None
    delivery_id: int | None = None
    answer: str = ""
    note: str = field(default="", repr=False)
    due_on: date | None = None
    open: bool = False


@dataclass(frozen=True)
class Logged:
    """An enquiry as kept."""

    enquiry_id: EnquiryId
    reference: str
    due_on: date | None
    state: EnquiryState
    changes: Changes


def log_enquiry(desk: Desk, breach_id: BreachId, draft: EnquiryDraft) -> Logged:
    """Keep an enquiry with its audit entry, in one transaction. The trail knows kind and way, the note it does not.

    A request of the GDPR is open until it is answered, due in a month. Raises RuleError("identity_first") for a person
    without an established identity, InputError: "note_too_long", "due_in_past", "no_such_person".
    """
    now = desk.clock.now()
    today = now.astimezone(ZoneInfo(desk.time_zone)).date() if desk.time_zone else now.date()
    if draft.person_id is not None and draft.identity not in ESTABLISHED:
        raise RuleError("identity_first", article="Art. 12(6)")
    if len(draft.note) > MOST_SIGNS:
        raise InputError("note_too_long", most=MOST_SIGNS)
    if draft.due_on is not None and draft.due_on < today:
        raise InputError("due_in_past")
    request = draft.kind in REQUESTS
    due = draft.due_on or (answer_due(today, desk.home_country) if request else None)
    state = EnquiryState.OPEN if request or draft.open or draft.due_on is not None else EnquiryState.CLOSED
    closed = state is EnquiryState.CLOSED
    uid = desk.ids.uid()
    with desk.begin() as uow:
        subjects = [uow.queries.breach_uid(breach_id), uid]
        if draft.person_id is not None:
            newest = uow.queries.newest_revision(breach_id)
            subjects.append(uow.queries.person(draft.person_id, RevisionId(newest.id)).uid)
        enquiry_id = uow.enquiries.add(
            {
                "uid": uid, "breach_id": breach_id, "person_id": draft.person_id, "way": draft.way.value,
                "kind": draft.kind.value, "caller": draft.caller.value, "identity": draft.identity.value,
                "code_check": draft.code_check.value if draft.code_check else "", "delivery_id": draft.delivery_id,
                "began_at": draft.began_at, "saved_at": now, "taken_by": desk.actor, "answer": draft.answer,
                "note": draft.note.strip(), "state": state.value, "due_on": due, "closed_at": now if closed else None,
                "closed_by": desk.actor if closed else "", "outcome": "",
                "seconds": max(0, round((now - draft.began_at).total_seconds())),
            }
        )  # fmt: skip
        uow.audit.record(
            AuditAction.ENQUIRY_ADDED,
            subjects=subjects,
            facts={"enquiry": enquiry_id, "way": draft.way.value, "kind": draft.kind.value,
                   "identity": draft.identity.value, "answer": draft.answer or "-",
                   "due_on": due.isoformat() if due else "-"},
        )  # fmt: skip
        uow.commit()
    changes = Changes.of(breach_id, Topic.ENQUIRIES)
    return Logged(enquiry_id, enquiry_ref(enquiry_id), due, state, changes)


def close_enquiry(desk: Desk, enquiry_id: EnquiryId, outcome: str) -> Changes:
    """Close an open enquiry with what came of it. Raises InputError("outcome_needed"), InputError("no_such_enquiry"),
    RuleError("enquiry_closed")."""
    if not outcome.strip():
        raise InputError("outcome_needed")
    if len(outcome) > MOST_SIGNS:
        raise InputError("note_too_long", most=MOST_SIGNS)
    with desk.begin() as uow:
        line = uow.queries.enquiry(enquiry_id)
        if not uow.enquiries.close(enquiry_id, outcome.strip(), desk.actor, desk.clock.now()):
            raise RuleError("enquiry_closed", enquiry=enquiry_ref(enquiry_id))
        uow.audit.record(
            AuditAction.ENQUIRY_CLOSED,
            subjects=(uow.queries.breach_uid(BreachId(line.breach_id)), uow.queries.enquiry_uid(enquiry_id)),
            facts={"enquiry": enquiry_id, "kind": line.kind},
        )
        uow.commit()
    return Changes.of(line.breach_id, Topic.ENQUIRIES)


@veiled
@dataclass(frozen=True)
class Spoken:
    """An answer to read aloud or to copy; `mark` says which reviewed text it is. `missing` are placeholders whose value
    the organisation has not given: they are left as a dash, never as brackets."""

    mark: str
    text: str
    missing: tuple[str, ...] = ()


def ready_answer(
    desk: Desk, breach_id: BreachId, kind: EnquiryKind, language: str, *, established: bool,
    code: CodeResult | None = None,
) -> Spoken:  # fmt: skip
    """Return what may be said now: of a code that is not ours, that; before identity, nothing of any person. For a kind
    of *is it genuine* without a right code, identity comes first too. Raises RuleError("no_answer", language=…)."""
    answers = desk.answers
    if kind is EnquiryKind.GENUINE and code in (CodeResult.NOT_OURS, CodeResult.NOT_SENT):
        chosen = answers.not_ours(language)
    elif kind is EnquiryKind.GENUINE and code is None:
        chosen = answers.identity_first(language)
    else:
        chosen = answers.answer(kind, language)
        if not chosen.before_identity and not established:
            chosen = answers.identity_first(language)
    with desk.read() as queries:
        facts = queries.newest_revision(breach_id).facts
        fields = fields_for(language, facts, organisation_of(queries), desk.wording.frame(language))
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if not fields.get(name):
            missing.append(name)
        return fields.get(name) or "–"

    return Spoken(chosen.mark, _PLACEHOLDER.sub(value, chosen.text), tuple(missing))
