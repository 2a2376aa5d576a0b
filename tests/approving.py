"""Approval of a notice by somebody who has confirmed all that is asked of them."""

from __future__ import annotations

from dpo_app.core.ids import NoticeId
from dpo_app.core.notices.notice import Notice
from dpo_app.services.notices.write_notice import Confirmed
from dpo_app.services.notices.write_notice import approve_notice as approve
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes


def approve_notice(desk: Desk, notice_id: NoticeId, by: str) -> tuple[Notice, Changes]:
    """Approve a notice that was read in all its languages and says nothing that is not so."""
    with desk.read() as queries:
        languages = queries.notice(notice_id).languages
    return approve(desk, notice_id, by, Confirmed(languages, True))
