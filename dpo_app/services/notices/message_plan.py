"""What letters and e-mails have in common: the approved notice, its forms, the persons of a rung, their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dpo_app.core.errors import RuleError
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.ids import TOKEN_RANDOM, BreachId, NoticeId, PersonId, RevisionId, breach_ref, grouped
from dpo_app.core.letters.letter import make_token
from dpo_app.core.notices.notice import Notice, Slot
from dpo_app.core.organisation import Organisation
from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.channel import Channel
from dpo_app.services.lines import MessageRow
from dpo_app.services.mail.mail_seal import SETTING as SEAL_SETTING
from dpo_app.services.notices.forms import Forms
from dpo_app.services.notices.notice_fields import long_date
from dpo_app.services.notices.write_notice import fields_of, organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries


@dataclass
class MessagePlan:
    """Everything that is the same for all messages of a run."""

    breach_id: BreachId
    notice_id: NoticeId
    notice: Notice
    newest: SavedRevision
    organisation: Organisation
    forms: Forms
    #: The certificate for signing e-mail as it is kept, None without one.
    seal: Mapping[str, Any] | None = field(default=None, repr=False)

    def slots(self, row: MessageRow) -> dict[Slot, str]:
        """Return what a person's placeholders become."""
        registered = parse_partial(row.registered)
        return {
            Slot.FULL_NAME: row.full_name,
            Slot.FIRST_NAME: row.given_names.split(" ")[0] if row.given_names else row.full_name,
            Slot.CODE: grouped(row.token) if row.token else "",
            Slot.REGISTERED_ON: long_date(registered.earliest, row.language) if registered else "",
        }

    def form(self, row: MessageRow, channel: Channel) -> int:
        """Return the number of the form a person gets."""
        return self.forms.number(row.reader, channel)


def plan_messages(
    desk: Desk, queries: Queries, breach_id: BreachId, notice_id: NoticeId | None = None,
    channel: Channel = Channel.LETTER, only: PersonId | None = None,
) -> MessagePlan:  # fmt: skip
    """Return the plan of a run from the newest approved notice that somebody on its rung waits for, or of another
    notice for a preview.

    Raises RuleError: "no_approved_notice", "plan_outdated" if persons or facts changed since the plan was made.
    """
    newest = queries.newest_revision(breach_id)
    if notice_id is None:
        approved = queries.notice_for(breach_id, RevisionId(newest.id), channel, only)
        if approved is None:
            raise RuleError("no_approved_notice", article="Art. 34", breach=breach_ref(breach_id))
        notice_id, notice = approved
        if not queries.is_planned(RevisionId(newest.id)):
            raise RuleError("plan_outdated", breach=breach_ref(breach_id))
    else:
        notice = queries.notice(notice_id)
    written_from = queries.revision(RevisionId(notice.revision_id))
    forms = Forms(notice, written_from.facts, desk.wording, fields_of(desk, queries, notice))
    seal = queries.setting(SEAL_SETTING) or None
    return MessagePlan(breach_id, notice_id, notice, newest, organisation_of(queries), forms, seal)


def new_token(desk: Desk, breach_id: BreachId) -> str:
    """Return a token for one attempt to reach one person."""
    return make_token(desk.ids.code(TOKEN_RANDOM), breach_id)


def with_languages(row: MessageRow, plan: MessagePlan) -> MessageRow:
    """Return the row as it is; raises RuleError("language_missing") if the approved notice lacks its language: the
    check before approval saw everybody who was there then."""
    if row.language not in plan.notice.languages:
        raise RuleError("language_missing", language=row.language)
    return row
