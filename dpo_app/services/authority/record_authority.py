"""Record what passed between the controller and an authority: a notice handed in with its receipt, letters, calls,
orders. Entries are never changed; a correction is another entry that names the one it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from dpo_app.core.authority.authority_log import MOST_FILE_MB, AuthorityEvent, ContactKind, check_phase, told
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, NoticeId, notice_ref
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.authority.authority_case import first_notice_due
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Changes, Topic

#: Times are typed to the minute; an approval has seconds.
_MINUTE = timedelta(minutes=1)


def record_authority_event(
    desk: Desk, event: AuthorityEvent, files: Sequence[tuple[str, bytes]] = ()
) -> tuple[int, Changes]:
    """Record an entry; for a notice of this program phase and authority come from the notice. Returns its number.

    Raises InputError: "no_such_authority", "in_future", "field_missing" without who did it, "late_reason_needed" for a
    first notice handed in after the 72 hours of which neither the notice nor the entry says why (Art. 33(1)),
    "told_before_aware", "file_too_big"; RuleError: "notice_not_approved", "handed_in_before", and for what was handed
    in out of turn what `check_phase` raises.
    """
    now = desk.clock.now()
    if event.at > now:
        raise InputError("in_future", field="at")
    if not event.by.strip():
        raise InputError("field_missing", field="by")
    for name, data in files:
        if len(data) > MOST_FILE_MB * 1_000_000:
            raise InputError("file_too_big", file=name, limit_mb=MOST_FILE_MB)
    with desk.begin() as uow:
        queries = uow.queries
        made = _of_notice(desk, queries, replace(event, by=event.by.strip(), recorded_at=now, recorded_by=desk.actor))
        if made.kind is ContactKind.SUBMITTED:
            _check_submission(desk, queries, made)
        number = uow.authorities.record(desk.ids.uid(), made, files)
        submitted = made.kind is ContactKind.SUBMITTED
        facts: dict[str, int | str] = {
            "authority": made.authority, "kind": made.kind.value, "channel": made.channel.value,
            "happened_at": made.at.isoformat(), "files": len(files),
        }  # fmt: skip
        if made.notice_id:
            facts["notice"] = made.notice_id
        if made.corrects:
            facts["corrects"] = made.corrects
        if submitted and made.phase is not None:
            facts["phase"] = made.phase.value
        uow.audit.record(
            AuditAction.AUTHORITY_TOLD if submitted else AuditAction.AUTHORITY_LOGGED,
            subjects=(queries.breach_uid(BreachId(made.breach_id)),),
            facts=facts,
        )
        uow.commit()
    return number, Changes.of(made.breach_id, Topic.NOTICES, Topic.AUTHORITY)


def _of_notice(desk: Desk, queries: Queries, event: AuthorityEvent) -> AuthorityEvent:
    """Return the entry with what its notice says of it, checked against the directory and the log."""
    if event.notice_id:
        notice = queries.authority_notice(NoticeId(event.notice_id))
        event = replace(
            event, authority=notice.authority, phase=notice.phase, withdraw=notice.withdraw, breach_id=notice.breach_id
        )
    authority = desk.forms.directory().find(event.authority)
    known = {each.id for each in queries.authority_events(BreachId(event.breach_id))}
    if event.corrects and event.corrects not in known:
        raise InputError("no_such_entry", entry=event.corrects)
    return replace(event, authority=authority.id)


def _check_submission(desk: Desk, queries: Queries, event: AuthorityEvent) -> None:
    breach_id = BreachId(event.breach_id)
    # What is corrected does not count: the check is made as if it were not there.
    others = [each for each in queries.authority_events(breach_id) if each.id != event.corrects]
    if event.notice_id:
        notice = queries.authority_notice(NoticeId(event.notice_id))
        reference = notice_ref(NoticeId(event.notice_id))
        if notice.state is NoticeState.DRAFT or notice.approved_at is None:
            raise RuleError("notice_not_approved", notice=reference)
        if any(each.notice_id == event.notice_id for each in told(others)):
            raise RuleError("handed_in_before", notice=reference)
        if event.at + _MINUTE < notice.approved_at:
            raise InputError("handed_in_before_approval", notice=reference)
    check_phase(event.phase or NoticePhase.INITIAL, event.withdraw, others, event.authority)
    _check_time(desk, queries, event)


def _check_time(desk: Desk, queries: Queries, event: AuthorityEvent) -> None:
    breach_id = BreachId(event.breach_id)
    aware = queries.newest_revision(breach_id).facts.awareness
    if event.at < aware.at:
        raise InputError("told_before_aware")
    first = (event.phase or NoticePhase.INITIAL) is NoticePhase.INITIAL
    if not first or event.at <= first_notice_due(desk, queries, breach_id):
        return
    said = ""
    if event.notice_id:
        said = queries.authority_notice(NoticeId(event.notice_id)).texts.get("late_reason", "")
    if not (said.strip() or event.reason.strip()):
        raise InputError("late_reason_needed")
