"""The register of breaches as a paper for an inspection: how many there are and how they stand, a list, and each breach
in full."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from dpo_app.core.proof.register import Notified, Register, RegisterEntry, counted
from dpo_app.documents.papers import paper
from dpo_app.i18n import catalogue
from dpo_app.messages import msgid
from dpo_app.messages.facts import FactWords
from dpo_app.messages.register_words import RegisterWords

#: What stands in the heading of a breach and is not said again below it.
_IN_HEADING = frozenset({"breach", "reference", "title"})


class RegisterPdf:
    """Makes the paper."""

    def make(self, register: Register) -> bytes:
        """Return the PDF."""
        return _Paper(register).build()


class _Paper:
    def __init__(self, register: Register) -> None:
        self._register, self._ = register, catalogue(register.language).gettext
        self._facts = FactWords(register.language, register.zone, self._)
        self._words = RegisterWords(self._facts, register.language, register.zone, register.made_at)

    def build(self) -> bytes:
        _, register = self._, self._register
        story = [*self._front(), *self._list()]
        for entry in register.entries:
            story += self._breach(entry)
        title = _("Register of personal data breaches")
        head = f"{_grouped(register.head)[:39]} …" if register.head else ""
        return paper.build(
            story, title=title, header=f"{title} · {register.organisation}",
            footer=_("Head {head}").format(head=head) if head else "",
            page_words=lambda page, pages: _("Page {page} of {pages}").format(page=page, pages=pages),
            cover=True, language=register.language, made=register.made_at,
        )  # fmt: skip

    def _front(self) -> list[Flowable]:
        _, register = self._, self._register
        numbers = counted(register.entries)
        told = numbers[Notified.IN_TIME] + numbers[Notified.LATE]
        waiting = numbers[Notified.NOT_YET] + numbers[Notified.OVERDUE]
        free = numbers[Notified.NOT_OWED] + numbers[Notified.BY_CONTROLLER]
        figures = [
            (_("Breaches"), len(register.entries)), (_("notified"), told), (_("of these late"), numbers[Notified.LATE]),
            (_("not notified yet"), waiting), (_("not notified, with reasons"), free),
        ]  # fmt: skip
        made = _("Made {when} by {who} with DPO Desk {program}; entries in the audit trail: {entries}").format(
            when=self._words.moment(register.made_at), who=register.made_by, program=register.program,
            entries=self._facts.number(register.trail_entries),
        )  # fmt: skip
        story = [
            paper.para(_("Article 33(5) of the General Data Protection Regulation"), "subtitle"),
            paper.para(_("Register of personal data breaches"), "title"),
            paper.para(register.organisation, "subtitle"), Spacer(1, 4 * mm),
            paper.figures([(name, self._facts.number(count)) for name, count in figures]), Spacer(1, 3 * mm),
            paper.para(made, "small"),
        ]  # fmt: skip
        if len(register.entries) != register.total:
            text = _("A part of the register: breaches {count} of {all}.").format(
                count=self._facts.number(len(register.entries)), all=self._facts.number(register.total)
            )
            story.append(paper.para(text, "body", bold=True))
        return story

    def _list(self) -> list[Flowable]:
        _ = self._
        zone = ZoneInfo(self._register.zone)
        rows = [(_("Breach"), _("Title"), _("Aware since"), _("Notice to the authority"), _("Told"))]
        for entry in self._register.entries:
            facts = entry.saved.facts
            told = self._facts.number(entry.persons_told) if entry.in_scope else "–"
            when = self._facts.day(entry.aware_at.astimezone(zone).date())
            name = "\n".join(filter(None, (entry.reference, facts.reference)))
            rows.append((name, facts.title, when, _(msgid(entry.notified)), told))
        return [*paper.chapter(_("All breaches")), paper.table(rows, (16, 36, 16, 22, 10), right=(4,))]

    def _breach(self, entry: RegisterEntry) -> list[Flowable]:
        facts = entry.saved.facts
        number = facts.reference or entry.reference
        rows = [(cell.heading, cell.text) for cell in self._words.cells(entry) if cell.key not in _IN_HEADING]
        return [*paper.chapter(f"{number}  {facts.title}", 70), paper.table(rows, (24, 76), head=False)]


def _grouped(text: str) -> str:
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
