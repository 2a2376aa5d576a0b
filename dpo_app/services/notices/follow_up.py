"""The second notice: a follow-up that is for those alone who are owed more than they were told."""

from __future__ import annotations

from collections.abc import Sequence

from dpo_app.core.errors import RuleError
from dpo_app.core.ids import BreachId, NoticeId, breach_ref
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.notices.owed import OWED, owed_persons
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic


def draft_follow_up(
    desk: Desk, breach_id: BreachId, languages: Sequence[str] = (), wording: str = ""
) -> tuple[NoticeId, int, Changes]:
    """Draft a follow-up whose recipients are exactly those who are owed more; returns it and how many they are.

    Languages are those of the last approved notice unless given. Raises RuleError("nobody_owed").
    """
    with desk.read() as queries:
        found = owed_persons(queries, breach_id)
        if not found.persons:
            raise RuleError("nobody_owed", breach=breach_ref(breach_id))
        approved = [notice for _, notice in queries.notices(breach_id) if notice.state is not NoticeState.DRAFT]
    chosen = tuple(languages) or (approved[-1].languages if approved else ())
    notice_id, _ = draft_notice(desk, breach_id, chosen, wording, NoticePhase.FOLLOW_UP)
    with desk.begin() as uow:
        uow.notices.address(notice_id, OWED, found.ids)
        uow.audit.record(
            AuditAction.FOLLOW_UP_DRAFTED,
            subjects=(uow.queries.breach_uid(breach_id), uow.queries.notice_uid(notice_id)),
            facts={"notice": notice_id, "persons": found.persons}
            | {f"reason_{reason.value}": count for reason, count in found.reasons.items()},
        )
        uow.commit()
    return notice_id, found.persons, Changes.of(breach_id, Topic.NOTICES)
