"""Those who were told under an older revision and are owed more now: the audience of a second notice."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dpo_app.core.errors import RuleError
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.facts.moves import OwedReason, named
from dpo_app.core.ids import BreachId, NoticeId, RevisionId, breach_ref
from dpo_app.core.notices.notice import NoticeState
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.facts.foresee_moves import owed_of
from dpo_app.services.lines import ToldGroup
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries

OWED = "owed"


@dataclass(frozen=True)
class Owed:
    """Who is owed more: their numbers, how many by reason, and by the revision they were told under."""

    ids: array[int]
    reasons: Mapping[OwedReason, int]
    told_under: Mapping[int, int]

    @property
    def persons(self) -> int:
        """Return how many there are."""
        return len(self.ids)


def owed_persons(queries: Queries, breach_id: BreachId) -> Owed:
    """Return those who were told under an older revision and are owed more under the newest one.

    Raises RuleError("plan_outdated") if the newest revision is not worked out for everybody.
    """
    newest = queries.newest_revision(breach_id)
    groups = _owed_groups(queries, newest)
    reasons: Counter[OwedReason] = Counter()
    under: Counter[int] = Counter()
    for group, told_under, reason in groups:
        reasons[reason] += group.persons
        under[told_under] += group.persons
    ids = queries.told_ids(breach_id, RevisionId(newest.id), [group for group, _under, _reason in groups])
    return Owed(ids, dict(reasons), dict(under))


def count_owed(queries: Queries, newest: SavedRevision) -> int:
    """Return how many are owed more, as `owed_persons` finds them; 0 while the newest revision is not worked out."""
    if not queries.is_planned(RevisionId(newest.id)):
        return 0
    return sum(group.persons for group, _under, _reason in _owed_groups(queries, newest))


def _owed_groups(queries: Queries, newest: SavedRevision) -> list[tuple[ToldGroup, int, OwedReason]]:
    """Return who is owed more in groups, with the number of the revision they were told under and the reason: whatever
    message told them last, not only one of the revision before."""
    breach_id = BreachId(newest.breach_id)
    if queries.count_persons(breach_id) and not queries.is_planned(RevisionId(newest.id)):
        raise RuleError("plan_outdated", breach=breach_ref(breach_id))
    revisions = {saved.id: saved for saved in queries.revisions(breach_id)}
    groups = []
    for group in queries.told_groups(breach_id, RevisionId(newest.id)):
        if group.after is None:
            continue
        now = named(ExposureState(group.after), group.after_windows or 0, newest.facts.windows)
        reason = owed_of(group, now, revisions, frozenset(newest.facts.categories))
        if reason is not None:
            groups.append((group, revisions[group.told_revision].number, reason))
    return groups


def owed(desk: Desk, breach_id: BreachId) -> Owed:
    """Return those who are owed more."""
    with desk.read() as queries:
        return owed_persons(queries, breach_id)


def renew_recipients(desk: Desk, notice_id: NoticeId) -> None:
    """Bring the recipients of a draft up to who is owed more now: between draft and approval persons may have moved.
    A notice for everybody is left alone. Raises RuleError("nobody_owed")."""
    with desk.read() as queries:
        if queries.recipients(notice_id) is None:
            return
        notice = queries.notice(notice_id)
        breach_id = BreachId(notice.breach_id)
        found = owed_persons(queries, breach_id)
        same = queries.recipient_ids(notice_id) == found.ids
    if notice.state is not NoticeState.DRAFT or same:
        return
    if not found.persons:
        raise RuleError("nobody_owed", breach=breach_ref(breach_id))
    with desk.begin() as uow:
        uow.notices.address(notice_id, OWED, found.ids)
        uow.audit.record(
            AuditAction.NOTICE_EDITED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"notice": notice_id, "recipients": found.persons},
        )
        uow.commit()
