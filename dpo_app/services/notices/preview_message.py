"""How a notice reads for one real person: text, letter, e-mail; nothing is kept or sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, NoticeId, PersonId, RevisionId, grouped
from dpo_app.core.letters.letter import make_token
from dpo_app.core.notices.notice import SectionText
from dpo_app.core.notices.notice_text import plain_text
from dpo_app.core.persons.channel import Channel
from dpo_app.core.veil import veiled
from dpo_app.services.letters.letter_layouts import letter_look
from dpo_app.services.letters.letter_run import LetterRun, printing_of
from dpo_app.services.lines import PersonFilter
from dpo_app.services.mail.export_emails import mail_order, mail_row
from dpo_app.services.notices.message_plan import MessagePlan, plan_messages
from dpo_app.services.ports.desk import Desk

#: A token that is nobody's, so that a preview cannot be taken for a message.
SAMPLE_SIGNS = "XXXXXXXXXX"


@veiled
@dataclass(frozen=True)
class Preview:
    """One person's message. `letter` and `email` make their bytes when they are called; `alike` is how many read the
    same texts, `variant` of `variants` which combination it is."""

    person_id: PersonId
    code: str
    name: str
    language: str
    text: str
    letter: Callable[[], bytes]
    email: Callable[[], bytes]
    alike: int
    variant: int
    variants: int


class _Shown(dict[str, str]):
    """Values of placeholders; one without a value, or with a slip in its name, is shown as it is written. Only a
    preview may do so: an approved notice has no gap."""

    def __missing__(self, name: str) -> str:
        return f"(({name}))"


def show_gaps(plan: MessagePlan) -> None:
    """Let the texts of a plan show what a draft still lacks, as it is written."""
    plan.forms.fields = {language: _Shown(known) for language, known in plan.forms.fields.items()}


def preview(
    desk: Desk, notice_id: NoticeId, person_id: int | None = None, layout: str = "fi-c5",
    texts: Sequence[SectionText] | None = None, channel: Channel = Channel.LETTER,
) -> Preview:  # fmt: skip
    """Return how the notice, or other texts in its place, reads for a person; without one, for the first in the list.
    Raises InputError("nobody_to_show") if there are no persons, RuleError("language_missing")."""
    with desk.read() as queries:
        notice = queries.notice(notice_id)
        breach_id = BreachId(notice.breach_id)
        plan = plan_messages(desk, queries, breach_id, notice_id)
        show_gaps(plan)
        if texts is not None:
            plan.notice = plan.forms.notice = replace(notice, texts=tuple(texts))
        revision_id = RevisionId(plan.newest.id)
        if person_id is None:
            ids = queries.person_ids(breach_id, revision_id, PersonFilter())
            if not ids:
                raise InputError("nobody_to_show")
            person_id = ids[0]
        rows = queries.message_rows_of(revision_id, [person_id], plan.organisation.language)
        counts = queries.reader_counts(revision_id, plan.organisation.language)
    if not rows:
        raise InputError("no_such_person")
    row = rows[0]._replace(token=make_token(SAMPLE_SIGNS, breach_id), number=1)
    if row.language not in plan.notice.languages:
        raise RuleError("language_missing", language=row.language)
    form = plan.form(row, channel)
    own = [plan.forms.number(r, channel) for r, _ in counts if r.language in plan.notice.languages]
    alike = sum(n for r, n in counts if r.language in plan.notice.languages and plan.forms.number(r, channel) == form)

    def letter() -> bytes:
        with desk.read() as queries:
            run = LetterRun(desk, plan, printing_of(desk, queries, layout), letter_look(queries))
        made = run.row(row)
        if isinstance(made, str):
            # Without a usable address the letter is still shown, with the name alone in the window.
            made = run.row_without_address(row)
        return run.press.one(made)

    def email() -> bytes:
        if not row.email:
            raise InputError("person_no_email")
        # The row first: it may bring a form that the press must know.
        own = mail_row(plan, row)
        return desk.mail.prepare(mail_order(desk, plan)).message(own)

    text = plain_text(plan.forms.blocks[form], plan.slots(row))
    return Preview(
        PersonId(person_id), grouped(row.code), row.full_name, row.language, text, letter, email, alike,
        sorted(set(own)).index(form) + 1 if form in own else 1, len(set(own)) or 1,
    )  # fmt: skip
