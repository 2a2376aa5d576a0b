"""The PDF of a notice to an authority: what a person at the authority reads, in the words and order of the form.

A follow-up shows what changed first, old value beside new, and repeats besides only what identifies it; a withdrawal
gives its reason. Persons appear as numbers only. Words come from the catalogue of the notice's language.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from dpo_app.core.authority.authority_notice import Answer, AnswerState, Completeness
from dpo_app.core.authority.authority_paper import AuthorityPaper
from dpo_app.core.authority.authority_template import Origin
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.documents.papers import paper
from dpo_app.i18n import catalogue
from dpo_app.messages import msgid
from dpo_app.messages.facts import FactWords


class AuthorityPdf:
    """Makes PDFs of notices to authorities (`services.ports.authority.AuthorityPrinter`)."""

    def make(self, notice: AuthorityPaper) -> bytes:
        """Return the PDF."""
        return _Paper(notice).build()


class _Paper:
    def __init__(self, source: AuthorityPaper) -> None:
        self._source, self._notice = source, source.notice
        self._ = catalogue(self._notice.language).gettext
        self._words = FactWords(self._notice.language, source.time_zone, self._)
        self._changed = {each.key for each in source.changes}
        self._answers = {each.key: each for each in source.filled.answers}

    def build(self) -> bytes:
        _, source = self._, self._source
        story: list[Flowable] = [*self._head(), Spacer(1, 5 * mm)]
        if self._notice.phase is NoticePhase.INITIAL or self._notice.withdraw or not source.before:
            story += self._whole()
        else:
            story += [*self._changes(), *self._identity()]
        story += [*self._open(), *self._end()]
        draft = self._notice.state is NoticeState.DRAFT
        footer = _("Draft, not approved") if draft else f"SHA-256 {self._notice.sha256}"
        return paper.build(
            story, title=_("Notice to {authority}").format(authority=source.authority.name),
            header=f"{source.organisation} · {source.breach_reference} · {source.reference}", footer=footer,
            page_words=lambda page, pages: _("Page {page} of {pages}").format(page=page, pages=pages),
            language=self._notice.language, made=self._notice.approved_at,
        )  # fmt: skip

    def _head(self) -> list[Flowable]:
        _, source = self._, self._source
        kinds = {
            NoticePhase.INITIAL: _("Notice of a personal data breach"),
            NoticePhase.FOLLOW_UP: _("Follow-up to a notice of a personal data breach"),
            NoticePhase.FINAL: _("Final notice of a personal data breach"),
        }
        kind = _("Withdrawal of a notice of a personal data breach") if self._notice.withdraw else (
            kinds[self._notice.phase]
        )  # fmt: skip
        lines = [
            paper.para(source.authority.name, "subtitle"),
            paper.para(kind, "title"),
            paper.para(f"{source.organisation}: {source.title}", "subtitle"),
            Spacer(1, 3 * mm),
        ]
        pairs = [
            (_("Own reference"), source.breach_reference),
            (_("As known on"), self._words.instant(source.known_as_of)),
            (_("Revision"), str(source.revision)),
            (_("This notice is"), _(msgid(source.filled.completeness))),
        ]
        if source.earlier:
            pairs.insert(1, (_("Authority's number"), source.earlier))
        return [*lines, paper.panel([paper.figures(pairs, "strong")])]

    def _whole(self) -> list[Flowable]:
        """Return every section with its fields."""
        story: list[Flowable] = []
        number = 0
        for section in self._source.template.sections:
            own = [
                self._answers[field.key]
                for field in self._source.template.fields
                if field.section == section and field.key in self._answers
            ]
            shown = [each for each in own if each.state is not AnswerState.EMPTY]
            if shown:
                number += 1
                story += paper.chapter(f"{number}  {self._source.titles[section]}", 34)
                story.append(paper.form_rows([self._row(each) for each in shown]))
        return story

    def _row(self, answer: Answer) -> tuple[str, str, Sequence[Flowable]]:
        _, text = self._, self._source.texts.get(answer.key, "")
        content: list[Flowable] = []
        if answer.key in self._changed:
            was = self._source.before.get(answer.key, "") or _("not said")
            content.append(paper.para(_("was: {was}").format(was=was), "was"))
        if answer.state is AnswerState.MISSING:
            content.append(paper.para(_("not answered yet"), "small"))
        else:
            content.append(paper.para(text, "cell_bold" if answer.key in self._changed else "cell"))
        notes = self._notes(answer)
        if notes:
            content.append(paper.para(notes, "small"))
        return str(answer.no), self._source.labels[answer.key], content

    def _notes(self, answer: Answer) -> str:
        """Return how sure it is and who says so, as far as that has to be said."""
        _ = self._
        parts = []
        if answer.state is AnswerState.ESTIMATED:
            parts.append(_("estimated"))
        if answer.extra.get("counted"):
            parts.append(_("counted in the register of persons"))
        if answer.extra.get("stated_in_facts") is not None:
            stated = self._words.number(answer.extra["stated_in_facts"])
            parts.append(_("first stated as {count}").format(count=stated))
        if answer.source and answer.origin is Origin.FACTS:
            parts.append(_("source: {source}").format(source=answer.source))
        return " · ".join(parts)

    def _changes(self) -> list[Flowable]:
        """Return what a follow-up says: each changed field, was and is."""
        _, source = self._, self._source
        story = paper.chapter(_("What has changed since revision {revision}").format(revision=source.earlier_revision))
        changed = [self._answers[each.key] for each in source.changes if each.key in self._answers]
        gone = [each.was for each in source.changes if each.now is None and each.was is not None]
        if not changed and not gone:
            return [*story, paper.para(_("Nothing that was said before is said otherwise."))]
        rows = [self._row(each) for each in changed if each.state is not AnswerState.EMPTY]
        for each in (*gone, *(a for a in changed if a.state is AnswerState.EMPTY)):
            was = source.before.get(each.key, "")
            rows.append((str(each.no), source.labels[each.key],
                         [paper.para(_("was: {was}").format(was=was), "was"), paper.para(_("no longer said"), "cell")]))  # fmt: skip
        if rows:
            story.append(paper.form_rows(sorted(rows, key=lambda row: int(row[0]))))
        same = [str(each.no) for each in source.filled.answers if each.says_something and each.key not in self._changed]
        text = _("Unchanged, as in the notice before: fields {numbers}.").format(numbers=", ".join(same))
        return [*story, Spacer(1, 3 * mm), paper.para(text, "small")]

    def _identity(self) -> list[Flowable]:
        source = self._source
        own = [each for each in source.filled.answers if each.no in source.template.identifying and each.says_something]
        rows = [self._row(each) for each in own if each.key not in self._changed]
        return [*paper.chapter(source.titles["notification"], 34), paper.form_rows(rows)] if rows else []

    def _open(self) -> list[Flowable]:
        _, source = self._, self._source
        waiting = source.filled.open
        if not waiting or source.filled.completeness is Completeness.WITHDRAW:
            return []
        rows = [(_("No"), _("Field"), _("Why it is open"), _("Will be known by"))]
        for each in waiting:
            due = self._words.day(each.due) if each.due else "–"
            rows.append((str(each.no), source.labels[each.key], each.reason or "–", due))
        return [*paper.chapter(_("Still to be determined"), 40), paper.table(rows, (7, 33, 40, 20))]

    def _end(self) -> list[Flowable]:
        _, source = self._, self._source
        story: list[Flowable] = [Spacer(1, 8 * mm)]
        if self._notice.approved_at is not None:
            text = _("Approved {when} by {who}.").format(
                when=self._words.instant(self._notice.approved_at), who=self._notice.approved_by
            )
            story.append(paper.para(text, "body"))
        story.append(paper.para(_("Fields are numbered as in {template}.").format(template=source.template.title)
                                + " " + _("It is a draft for consultation; numbers may change."), "small"))  # fmt: skip
        return story
