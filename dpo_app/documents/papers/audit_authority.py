"""The chapter on authorities: each notice with what it said, when it was handed in, and what passed between."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from dpo_app.core.authority.authority_log import AuthorityEvent
from dpo_app.core.authority.authority_notice import AnswerState
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.core.proof.audit_file import AuthorityFact
from dpo_app.documents.papers import paper
from dpo_app.messages import msgid
from dpo_app.messages.facts import FactWords


def authority_chapter(
    notices: Sequence[AuthorityFact], events: Sequence[AuthorityEvent], words: FactWords
) -> list[Flowable]:
    """Return the content of the chapter."""
    _ = words.translate
    if not notices and not events:
        return [paper.para(_("No authority has been told of this breach."))]
    content: list[Flowable] = []
    for each in notices:
        content += _notice(each, words)
    if events:
        content.append(paper.para(_("What passed between"), "h2"))
        rows = [(_("When"), _("Authority"), _("What"), _("In short"))]
        rows += [_entry(each, words) for each in events]
        content.append(paper.table(rows, (24, 12, 24, 40)))
    return content


def _notice(fact: AuthorityFact, words: FactWords) -> list[Flowable]:
    _, notice = words.translate, fact.notice
    phases = {
        NoticePhase.INITIAL: _("Notice of a personal data breach"),
        NoticePhase.FOLLOW_UP: _("Follow-up to a notice of a personal data breach"),
        NoticePhase.FINAL: _("Final notice of a personal data breach"),
    }
    kind = _("Withdrawal of a notice of a personal data breach") if notice.withdraw else phases[notice.phase]
    content: list[Flowable] = [
        paper.para(f"{fact.reference}  {kind}", "h2"), paper.para(fact.authority, "body"),
    ]  # fmt: skip
    if notice.approved_at is None:
        return [*content, paper.para(_("A draft: nobody has approved it."), "small")]
    approved = _("Approved {when} by {who}. SHA-256 {sha256}")
    content.append(
        paper.para(approved.format(when=words.instant(notice.approved_at), who=notice.approved_by, sha256=notice.sha256),
                   "mark")
    )  # fmt: skip
    if fact.handed_in_at is not None:
        told = _("Handed in {when}, number {number}.")
        content.append(
            paper.para(told.format(when=words.instant(fact.handed_in_at), number=fact.number or "–"), "body")
        )
    else:
        content.append(paper.para(_("Not recorded as handed in."), "body"))
    rows = [
        (str(each.no), fact.labels[each.key], [paper.para(notice.texts.get(each.key, ""), "cell")])
        for each in notice.answers
        if each.state is not AnswerState.EMPTY
    ]
    return [*content, paper.form_rows(rows)] if rows else content


def _entry(event: AuthorityEvent, words: FactWords) -> tuple[str, str, str, str]:
    _ = words.translate
    what = f"{_(msgid(event.kind))}, {_(msgid(event.channel))}, {event.by}"
    files = [f"{each.name}, SHA-256 {each.sha256[:16]}…" for each in event.files]
    corrects = _("replaces entry {entry}").format(entry=event.corrects) if event.corrects else ""
    more = " · ".join(filter(None, (event.reference, event.note, event.reason, corrects, *files)))
    return words.instant(event.at), event.authority, what, more
