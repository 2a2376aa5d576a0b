"""What the Authority page and the Overview show of a breach: who is owed, the notices with where they stand, the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from dpo_app.core.authority.authority_log import AuthorityEvent, AuthorityTold, effective, told
from dpo_app.core.authority.authority_notice import AuthorityNotice
from dpo_app.core.authority.lead_authority import Owed
from dpo_app.core.clocks.deadline import Deadline
from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.risk.risk import Assessment
from dpo_app.core.risk.risk import Owed as RiskOwed
from dpo_app.services.authority.authority_case import FIRST_NOTICE, Case, case_of, owed_by
from dpo_app.services.clocks.clocks import clocks_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Changes, Topic


class NoticeLine(NamedTuple):
    """A notice in the list: how far it is, and when it was handed in under which number of the authority."""

    id: NoticeId
    notice: AuthorityNotice
    told: AuthorityTold | None

    @property
    def waiting(self) -> bool:
        """Tell whether it waits for the officer: a draft, or approved and not handed in."""
        return self.told is None and self.notice.state is not NoticeState.SUPERSEDED


@dataclass(frozen=True)
class AuthorityView:
    """Everything the page shows. `case` is the notice chosen, `newest` the number of the newest revision;
    `assessment` is the newest one, None while nobody has assessed the risk."""

    breach_id: BreachId
    owed: tuple[Owed, ...]
    lines: tuple[NoticeLine, ...]
    events: tuple[AuthorityEvent, ...]
    case: Case | None
    clock: Deadline | None
    assessment: Assessment | None
    newest: int
    copied: Mapping[str, tuple[str, datetime]]

    @property
    def nothing_owed(self) -> bool:
        """Tell whether the risk was judged unlikely, so that the register alone is owed (Art. 33(1))."""
        return self.assessment is not None and self.assessment.decided is RiskOwed.REGISTER_ONLY

    def told_to(self, authority: str) -> AuthorityTold | None:
        """Return what an authority was told last, or None."""
        return next((each.told for each in reversed(self.lines) if each.told and each.notice.authority == authority),
                    next((t for t in reversed(told(self.events)) if t.authority == authority), None))  # fmt: skip


def authority_view(desk: Desk, queries: Queries, breach_id: BreachId, wanted: NoticeId | None = None) -> AuthorityView:
    """Return what the page shows, with the notice wanted, else the one that waits, else the newest."""
    events = tuple(queries.authority_events(breach_id))
    handed_in = {each.notice_id: each for each in told(events) if each.notice_id}
    lines = tuple(
        NoticeLine(number, notice, handed_in.get(number)) for number, notice in queries.authority_notices(breach_id)
    )
    waiting = [each for each in lines if each.waiting]
    chosen = next((each for each in lines if each.id == wanted), (waiting or lines or (None,))[-1])
    clocks = clocks_of(desk, queries, breach_id)
    clock = next((each for each in clocks.deadlines if each.key == FIRST_NOTICE), None)
    return AuthorityView(
        breach_id, owed_by(desk, queries, breach_id), lines, effective(events),
        case_of(desk, queries, chosen.id) if chosen else None, clock, queries.assessment(breach_id),
        queries.newest_revision(breach_id).number, _copied(queries, chosen.id) if chosen else {},
    )  # fmt: skip


class Waiting(NamedTuple):
    """What waits for the officer at the authorities, for the tab and the Overview."""

    first_owed: bool
    drafts: int
    to_hand_in: int
    follow_up_owed: bool
    newest: NoticeId | None

    @property
    def things(self) -> int:
        """Return how many things wait."""
        return self.drafts + self.to_hand_in + (self.first_owed or self.follow_up_owed)


def waiting_at_authorities(queries: Queries, breach_id: BreachId) -> Waiting:
    """Return what waits: a first notice that nobody has begun, drafts, approved notices to hand in, and a follow-up
    because facts came after the last notice (Art. 33(4))."""
    assessment = queries.assessment(breach_id)
    if assessment is not None and assessment.decided is RiskOwed.REGISTER_ONLY:
        return Waiting(False, 0, 0, False, None)
    sent = {each.notice_id for each in queries.authority_told(breach_id)}
    notices = queries.authority_notices(breach_id)
    open_ones = [(n, each) for n, each in notices if n not in sent and each.state is not NoticeState.SUPERSEDED]
    drafts = [n for n, each in open_ones if each.state is NoticeState.DRAFT]
    ready = [n for n, each in open_ones if each.state is NoticeState.APPROVED]
    last = next((each for n, each in reversed(notices) if n in sent), None)
    newer = last is not None and not last.withdraw and last.phase is not NoticePhase.FINAL
    if newer and last is not None:
        newer = queries.newest_revision(breach_id).id != last.revision_id
    return Waiting(
        not sent and not open_ones, len(drafts), len(ready), newer and not open_ones,
        next(iter((*ready, *drafts)), None),
    )  # fmt: skip


def _setting(notice_id: NoticeId) -> str:
    return f"copied.N{notice_id}"


def _copied(queries: Queries, notice_id: NoticeId) -> dict[str, tuple[str, datetime]]:
    kept: dict[str, Any] = queries.setting(_setting(notice_id)) or {}
    return {key: (text, datetime.fromisoformat(at)) for key, (text, at) in kept.items()}


def keep_copied(desk: Desk, notice_id: NoticeId, marks: Mapping[str, tuple[str, datetime]]) -> Changes:
    """Keep which fields were copied into the authority's form, as what, and when; an entry of the trail."""
    with desk.begin() as uow:
        notice = uow.queries.authority_notice(notice_id)
        uow.settings.put(_setting(notice_id), {key: [text, at.isoformat()] for key, (text, at) in marks.items()})
        uow.audit.record(
            AuditAction.AUTHORITY_COPIED,
            subjects=(uow.queries.breach_uid(BreachId(notice.breach_id)),),
            facts={"notice": notice_id, "fields": len(marks)},
        )
        uow.commit()
    return Changes.of(notice.breach_id, Topic.TRAIL)
