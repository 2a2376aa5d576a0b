"""Write a notice to an authority: draft it from the facts and the ledger, say what only the officer knows, check it,
approve and freeze it (Art. 33)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dpo_app.core.authority.authority_facts import proposals
from dpo_app.core.authority.authority_log import AuthorityEvent, check_phase, told
from dpo_app.core.authority.authority_notice import (
    AnswerState,
    AuthorityNotice,
    Frame,
    Gap,
    Own,
    Proposal,
    canonical,
    notice_document,
)
from dpo_app.core.authority.authority_template import FieldKind, TemplateField
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, NoticeId, notice_ref
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.authority.authority_case import Case, case_of, known_of, language_for, open_answers, owed_by
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.progress import Changes, Topic


def draft_authority_notice(
    desk: Desk, breach_id: BreachId, authority: str = "", phase: NoticePhase = NoticePhase.INITIAL,
    withdraw: bool = False, language: str = "",
) -> tuple[NoticeId, Changes]:  # fmt: skip
    """Draft a notice from the newest facts; without an authority, to the one that is owed first.

    An open draft to the same authority is taken up again: it keeps the officer's words and gets the newest facts. The
    words of the notice before come along, too; but what was left open and is known by now is no longer open. Raises InputError("no_such_authority"), and what `check_phase` raises.
    """
    directory = desk.forms.directory()
    with desk.begin() as uow:
        queries = uow.queries
        saved = queries.newest_revision(breach_id)
        wanted = directory.find(authority or _first_owed(desk, queries, breach_id))
        events = queries.authority_events(breach_id)
        check_phase(phase, withdraw, events, wanted.id)
        notices = queries.authority_notices(breach_id)
        own_notices = [each for each in notices if each[1].authority == wanted.id]
        earlier = _earlier(events, wanted.id)
        words = language_for(desk, wanted, organisation_of(queries), language)
        draft = next((each for each in own_notices if each[1].state is NoticeState.DRAFT), None)
        known = proposals(known_of(desk, queries, saved, events, wanted, organisation_of(queries)))
        if draft is not None:
            notice_id, before = draft
            made = replace(
                before, revision_id=saved.id, phase=phase, withdraw=withdraw, earlier=earlier,
                own=_still_said(before.own, known),
                language=words if language else before.language,
            )  # fmt: skip
            uow.authorities.save(notice_id, made)
        else:
            kept = _still_said(own_notices[-1][1].own, known) if own_notices else {}
            made = AuthorityNotice(
                breach_id, saved.id, len(notices) + 1, wanted.id, words, desk.forms.template().id, phase, withdraw,
                earlier=earlier, own=kept,
            )  # fmt: skip
            notice_id = uow.authorities.add(desk.ids.uid(), made, desk.clock.now())
        uow.audit.record(
            AuditAction.AUTHORITY_DRAFTED,
            subjects=(queries.breach_uid(breach_id),),
            facts={"notice": notice_id, "authority": wanted.id, "phase": phase.value, "revision": saved.number,
                   "language": made.language},
        )  # fmt: skip
        uow.commit()
    return notice_id, _changes(breach_id)


def _still_said(own: Mapping[str, Own], known: Mapping[str, Proposal]) -> dict[str, Own]:
    """Return the officer's words without the fields left open whose value the program knows by now."""
    return {
        key: each
        for key, each in own.items()
        if not each.open or key not in known or known[key].state is AnswerState.OPEN
    }


def _first_owed(desk: Desk, queries: Queries, breach_id: BreachId) -> str:
    owed = owed_by(desk, queries, breach_id)
    if not owed:
        raise RuleError("no_authority_known")
    return owed[0].authority


def _earlier(events: list[AuthorityEvent], authority: str) -> int:
    """Return the notice that was handed in last, 0 if none of this program was."""
    return next((each.notice_id for each in reversed(told(events, authority)) if each.notice_id), 0)


def say_in_notice(desk: Desk, notice_id: NoticeId, said: Mapping[str, Own | None]) -> Changes:
    """Keep what the officer says in fields of a draft; None takes it back, and the program's own value stands again.

    Raises InputError("no_such_field"), InputError("field_value", …) for a value the field does not take,
    RuleError("notice_frozen"), RuleError("field_not_open", …) for one that may not stay open.
    """
    with desk.begin() as uow:
        notice = uow.queries.authority_notice(notice_id)
        template = desk.forms.template(notice.template)
        fields = {each.key: each for each in template.fields}
        own = dict(notice.own)
        for key, value in said.items():
            if key not in fields:
                raise InputError("no_such_field", field=key[:40])
            if value is None:
                own.pop(key, None)
            else:
                _check_own(fields[key], value)
                own[key] = value
        _save(desk, uow, notice_id, replace(notice, own=own), len(said))
    return _changes(notice.breach_id)


def leave_open(desk: Desk, notice_id: NoticeId, reason: str, due: date | None) -> tuple[int, Changes]:
    """Leave everything open that is not answered and may be, with one reason and one date; returns how many fields.

    What is open already and lacks its reason gets it, too. Raises InputError("reason_needed"),
    InputError("date_in_past") for a date before today.
    """
    if not reason.strip():
        raise InputError("reason_needed")
    if due is not None and due < desk.clock.now().date():
        raise InputError("date_in_past", field="due")
    with desk.begin() as uow:
        case = case_of(desk, uow.queries, notice_id)
        waiting = open_answers(case.filled, case.template)
        if not waiting:
            raise RuleError("nothing_to_leave_open")
        own = dict(case.notice.own) | {each.key: Own(open=True, reason=reason.strip(), due=due) for each in waiting}
        _save(desk, uow, notice_id, replace(case.notice, own=own), len(waiting))
    return len(waiting), _changes(case.notice.breach_id)


def _check_own(field: TemplateField, own: Own) -> None:
    """Raise InputError or RuleError if a field does not take what is said."""
    if own.open:
        if not field.open:
            raise RuleError("field_not_open", no=field.no)
        return
    value, kind = own.value, field.kind
    fits = {
        FieldKind.CHOICE: isinstance(value, str) and value in field.options,
        FieldKind.CHOICES: isinstance(value, tuple) and set(value) <= set(field.options),
        FieldKind.NUMBER: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    }.get(kind, isinstance(value, str))
    if not fits:
        raise InputError("field_value", no=field.no, kind=kind.value)


def _save(desk: Desk, uow: UnitOfWork, notice_id: NoticeId, notice: AuthorityNotice, fields: int) -> None:
    uow.authorities.save(notice_id, notice)
    uow.audit.record(
        AuditAction.AUTHORITY_EDITED,
        subjects=(uow.queries.breach_uid(BreachId(notice.breach_id)),),
        facts={"notice": notice_id, "fields": fields},
    )
    uow.commit()


def look_at(desk: Desk, notice_id: NoticeId) -> Case:
    """Return a notice as it stands, with what is missing. Raises InputError("no_such_notice")."""
    with desk.read() as queries:
        return case_of(desk, queries, notice_id)


def approve_authority_notice(desk: Desk, notice_id: NoticeId, by: str) -> tuple[AuthorityNotice, Changes]:
    """Freeze a notice: its published form and its PDF are kept, and the hash goes into the trail.

    Raises RuleError: "notice_frozen"; "notice_from_old_facts" for a draft from a superseded revision;
    "authority_incomplete" while a field forbids it, with the first one; what `check_phase` raises; InputError
    ("field_missing") without a name.
    """
    if not by.strip():
        raise InputError("field_missing", field="by")
    with desk.begin() as uow:
        case = case_of(desk, uow.queries, notice_id)
        notice = case.notice
        _check_ready(case)
        check_phase(notice.phase, notice.withdraw, uow.queries.authority_events(BreachId(notice.breach_id)),
                    notice.authority)  # fmt: skip
        last = uow.queries.trail.last()
        form = canonical(notice_document(notice, case.filled, case.texts, _frame(case, last[1].hex() if last else "")))
        approved = replace(
            notice, state=NoticeState.APPROVED, approved_by=by.strip(), approved_at=desk.clock.now(),
            sha256=sha256_hex(form), answers=case.filled.answers, texts=dict(case.texts),
        )  # fmt: skip
        paper = replace(case, notice=approved).paper(desk.clock.now())
        uow.authorities.freeze(notice_id, approved, form, desk.authority_pdf.make(paper))
        _supersede_unsent(uow, notice_id, approved)
        uow.audit.record(
            AuditAction.AUTHORITY_APPROVED,
            subjects=(uow.queries.breach_uid(BreachId(notice.breach_id)), uow.queries.notice_uid(notice_id)),
            facts={
                "notice": notice_id, "authority": notice.authority, "phase": notice.phase.value,
                "completeness": case.filled.completeness.value, "revision": case.saved.number,
                "sha256": approved.sha256, "approved_by": approved.approved_by, "open": len(case.filled.open),
            },
        )  # fmt: skip
        uow.commit()
    return approved, _changes(notice.breach_id)


def _check_ready(case: Case) -> None:
    if case.notice.state is not NoticeState.DRAFT:
        raise RuleError("notice_frozen", notice=notice_ref(case.notice_id))
    if case.outdated:
        raise RuleError(
            "notice_from_old_facts", notice=notice_ref(case.notice_id), revision=case.saved.number, newest=case.newest
        )
    if case.filled.gaps:
        first: Gap = case.filled.gaps[0]
        raise RuleError(
            "authority_incomplete", count=len(case.filled.gaps), no=first.no, field=case.words.fields[first.key],
            why=first.kind.value,
        )  # fmt: skip


def _supersede_unsent(uow: UnitOfWork, notice_id: NoticeId, approved: AuthorityNotice) -> None:
    """Take older approved notices to the same authority out of use that were never handed in."""
    breach_id = BreachId(approved.breach_id)
    sent = {each.notice_id for each in uow.queries.authority_told(breach_id)}
    for other, notice in uow.queries.authority_notices(breach_id):
        if other != notice_id and other not in sent and notice.authority == approved.authority:
            uow.authorities.supersede(other)


def _frame(case: Case, head: str) -> Frame:
    facts = case.saved.facts
    told_by = case.filled.get("told_content")
    attachments: tuple[Mapping[str, str], ...] = ()
    if told_by is not None and isinstance(told_by.value, Mapping):
        attachments = (
            {"name": f"notice-persons-{told_by.value['notice']}.pdf", "sha256": told_by.value["sha256"],
             "kind": "message_to_persons"},
        )  # fmt: skip
    numbers = tuple(case.template.field(each.key).no for each in case.changes)
    return Frame(
        facts.reference, case.saved.number, facts.known_as_of, case.earlier_revision, numbers, attachments, head
    )


def published_form(desk: Desk, queries: Queries, notice_id: NoticeId) -> bytes:
    """Return a notice in its published form: the frozen bytes of an approved one, what a draft would be now."""
    frozen = queries.authority_form(notice_id)
    if frozen:
        return frozen
    case = case_of(desk, queries, notice_id)
    return canonical(notice_document(case.notice, case.filled, case.texts, _frame(case, "")))


def notice_pdf(desk: Desk, queries: Queries, notice_id: NoticeId) -> bytes:
    """Return a notice as PDF: the frozen one of an approved notice, what a draft would be now."""
    frozen = queries.authority_paper(notice_id)
    return frozen or bytes(desk.authority_pdf.make(case_of(desk, queries, notice_id).paper(desk.clock.now())))


def _changes(breach_id: int) -> Changes:
    return Changes.of(breach_id, Topic.NOTICES, Topic.AUTHORITY)
