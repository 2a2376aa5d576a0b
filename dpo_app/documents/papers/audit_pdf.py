"""The audit PDF of one breach: what was known when, who was concerned, who was told what, when and how.

Persons appear as numbers only. Words come from the catalogue of the file's language.
"""

from __future__ import annotations

from typing import Any

from babel import Locale, UnknownLocaleError
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.differences import facts_of
from dpo_app.core.facts.exposure import EXPOSURE_ORDER, ExposureState
from dpo_app.core.notices.notice import BlockKind, SectionKey
from dpo_app.core.notices.notice_text import fill_fields, parse
from dpo_app.core.persons.channel import Channel, ChannelReason
from dpo_app.core.proof.audit_file import AuditFile
from dpo_app.documents.papers import paper
from dpo_app.documents.papers.audit_authority import authority_chapter
from dpo_app.documents.papers.audit_clocks import clock_chapter
from dpo_app.documents.papers.audit_risk import evidence_chapter, risk_chapter
from dpo_app.documents.papers.charts import deliveries_chart, left_by_day, shares_bar, timeline
from dpo_app.i18n import LANGUAGES, N_, catalogue
from dpo_app.messages import msgid
from dpo_app.messages.arithmetic import ClockWords
from dpo_app.messages.breach import BATCH_STATES
from dpo_app.messages.facts import FactWords
from dpo_app.messages.notice import SECTION_NAMES
from dpo_app.messages.trail import TrailWords

_KINDS = {
    "exposure": N_("Exposure overruled"),
    "channel": N_("Channel chosen"),
    "excuse": N_("Excused"),
    "ladder": N_("Letter after failed e-mail"),
    "letter_again": N_("Letter again to a better address"),
}


class AuditPdf:
    """Makes audit PDFs."""

    def make(self, file: AuditFile) -> bytes:
        """Return the PDF."""
        return _Report(file).build()


class _Report:
    def __init__(self, file: AuditFile) -> None:
        self._file = file
        self._ = catalogue(file.language).gettext
        self._words = FactWords(file.language, file.time_zone, self._)
        self._newest = file.revisions[-1]

    def build(self) -> bytes:
        _, file = self._, self._file
        facts = self._newest.facts
        story: list[Flowable] = [*self._cover(), PageBreak()]
        chapters = (
            self._summary, self._known, self._clock, self._risk, self._authorities, self._persons, self._notices, self._how,
            self._not_told, self._measures, self._decisions, self._evidence, self._trail,
        )  # fmt: skip
        story += [paper.para(_("Contents"), "title"), Spacer(1, 6 * mm), paper.Contents(len(chapters)), PageBreak()]
        for number, chapter in enumerate(chapters, 1):
            title, content = chapter()
            story += [*paper.chapter(f"{number}  {title}"), *content]
            if chapter == self._summary:
                story.append(PageBreak())
        header = f"{facts.title} · {facts.reference or file.breach}"
        return paper.build(
            story, title=_("Audit file {breach}").format(breach=file.breach), header=header,
            footer=_("Head {head} …").format(head=_grouped(file.head)[:39]) if file.head else "",
            page_words=lambda page, pages: _("Page {page} of {pages}").format(page=page, pages=pages), cover=True,
            language=file.language, made=file.made_at,
        )  # fmt: skip

    def _cover(self) -> list[Flowable]:
        _, file, facts = self._, self._file, self._newest.facts
        rows = [
            (_("Controller"), facts.controller), (_("Reference"), facts.reference or file.breach),
            (_("Facts as known on"), _("{when} (revision {number})").format(
                when=self._words.instant(facts.known_as_of), number=self._newest.number)),
            (_("Made"), f"{self._words.instant(file.made_at)}, {file.made_by}"),
            (_("Program"), f"DPO Desk {file.program}"), (_("Entries in the trail"), self._n(file.entries)),
            (_("Head of the trail"), f"{_grouped(file.head[:32])}\n{_grouped(file.head[32:])}"),
        ]  # fmt: skip
        return [
            Spacer(1, 48 * mm), paper.para(_("Audit file of a personal data breach"), "subtitle"),
            paper.para(facts.title, "title"), paper.para(_("GDPR Articles 33 and 34"), "subtitle"),
            Spacer(1, 24 * mm), paper.table(rows, (28, 72), head=False), Spacer(1, 8 * mm),
            *([paper.Code(file.head.upper(), 22)] if file.head else []), Spacer(1, 2 * mm),
            paper.para(_("Whoever holds this page can tell later whether the trail was changed: the head must be "
                         "found in it. How: last chapter."), "small"),
        ]  # fmt: skip

    def _summary(self) -> tuple[str, list[Flowable]]:
        _, file, facts = self._, self._file, self._newest.facts
        standing = file.standing
        figures = [
            (_("Persons in the register"), self._n(file.persons)),
            (_("In scope"), self._n(standing["in_scope"])),
            *((_(msgid(each)), self._n(standing[each.value])) for each in Standing),
        ]  # fmt: skip
        content: list[Flowable] = []
        if facts.summary:
            content.append(paper.para(facts.summary))
        content += [
            paper.para(_("When somebody was inside"), "h2"), timeline(facts.windows, facts.awareness.at.date(), self._,
                                                                     self._words.day),
            paper.para(_("Who has been told"), "h2"),
            shares_bar([(e.value, _(msgid(e)), standing[e.value]) for e in Standing]), Spacer(1, 5 * mm),
            paper.figures(figures), paper.para(_("Key dates"), "h2"), self._dates(),
        ]  # fmt: skip
        return _("The case on one page"), content

    def _dates(self) -> Flowable:
        _, file = self._, self._file
        clock = ClockWords(self._words, file.language)
        rows = [
            (_("Aware since"), self._words.instant(self._newest.facts.awareness.at)),
            *((clock.citation(each), clock.due(each)) for each in file.deadlines if each.due is not None),
        ]
        rows += [
            (_("Notice {reference}, version {version}").format(reference=f.reference, version=f.notice.version),
             f"{self._words.instant(f.notice.approved_at)}, {f.notice.approved_by}")
            for f in file.notices if f.notice.approved_at is not None
        ]  # fmt: skip
        per = left_by_day(file.sent)
        for channel in sorted({c for own in per.values() for c in own}):
            days = [day for day, own in per.items() if channel in own]
            span = self._words.day(days[0]) + (f" – {self._words.day(days[-1])}" if len(days) > 1 else "")
            count = self._n(sum(own.get(channel, 0) for own in per.values()))
            rows.append((_(msgid(Channel(channel))), f"{span}: {count}"))
        return paper.table(rows, (35, 65), head=False)

    def _known(self) -> tuple[str, list[Flowable]]:
        _ = self._
        content: list[Flowable] = [
            paper.para(_("Facts are never edited: each revision states what was known at a time. Later ones show "
                         "what differs."))
        ]  # fmt: skip
        for saved in self._file.revisions:
            heading = _("Revision {number}: known as of {when}").format(
                number=saved.number, when=self._words.instant(saved.facts.known_as_of)
            )
            content.append(paper.para(heading, "h2"))
            content.append(
                paper.para(_("Source: {source}. Recorded {when} by {who}.").format(
                    source=saved.facts.source.rstrip("."), when=self._words.instant(saved.recorded_at),
                    who=saved.author), "small")
            )  # fmt: skip
            changes = self._file.changes.get(saved.number)
            content.append(self._differences(changes) if changes else self._all_facts(saved.facts))
        return _("What was known when"), content

    def _all_facts(self, facts: Any) -> Flowable:
        rows = [(self._words.name(key), self._words.value(key, value)) for key, value in facts_of(facts).items()]
        return paper.table([row for row in rows if row[1] != "–"], (30, 70), head=False)

    def _differences(self, changes: Any) -> Flowable:
        _ = self._
        rows = [(_("Fact"), "", _("Before"), _("Now"))]
        for change in changes:
            rows.append(
                (self._words.name(change.key), _(msgid(change.kind)), self._words.value(change.key, change.old),
                 self._words.value(change.key, change.new))
            )  # fmt: skip
        return paper.table(rows, (26, 12, 31, 31))

    def _clock(self) -> tuple[str, list[Flowable]]:
        file = self._file
        words = ClockWords(self._words, file.language)
        return self._("Clocks"), clock_chapter(file.deadlines, file.revisions, file.time_zone, file.made_at, words)

    def _risk(self) -> tuple[str, list[Flowable]]:
        return self._("Risk"), risk_chapter(self._file.assessments, self._words)

    def _evidence(self) -> tuple[str, list[Flowable]]:
        return self._("Evidence"), evidence_chapter(self._file.evidence, self._words)

    def _persons(self) -> tuple[str, list[Flowable]]:
        _, file = self._, self._file
        content: list[Flowable] = [paper.para(_("How the ledger was made"), "h2")]
        head = (_("Import"), _("Accepted"), _("Rows"), _("New"), _("Changed"), _("Duplicate"), _("Rejected"))
        rows: list[Any] = [head]
        for run in file.imports:
            when = self._words.instant(run.accepted_at) if run.accepted_at else run.state
            rows.append((run.reference, when, *map(self._n, (run.rows, run.new, run.changed, run.duplicate,
                                                            run.rejected))))  # fmt: skip
        content.append(paper.table(rows, (10, 25, 9, 10, 14, 19, 13), right=(2, 3, 4, 5, 6)))
        content.append(Spacer(1, 2 * mm))
        content += [paper.para(f"{run.reference}: SHA-256 {run.sha256}", "small") for run in file.imports]
        content.append(paper.para(_("How surely exposed"), "h2"))
        content.append(
            paper.table(
                [(_("Exposure"), _("Persons"))]
                + [(_(msgid(each)), self._n(file.exposure[each.value])) for each in EXPOSURE_ORDER]
                + [(_("Sum"), self._n(sum(file.exposure.values())))],
                (70, 30), right=(1,), total=True,
            )
        )  # fmt: skip
        content += self._by_window()
        content.append(paper.para(_("Channel and why"), "h2"))
        rows = [(_("Channel"), _("Reason"), _("Persons"))]
        for (channel, reason), count in sorted(file.channel_reasons.items(), key=lambda item: -item[1]):
            rows.append((_(msgid(Channel(channel))), _(msgid(ChannelReason(reason))), self._n(count)))
        rows.append((_("Sum"), "", self._n(sum(file.channel_reasons.values()))))
        content.append(paper.table(rows, (25, 55, 20), right=(2,), total=True))
        return _("Persons"), content

    def _by_window(self) -> list[Flowable]:
        """Return persons by certainty and the windows that overlap the time their data was there (bit i of the mask
        is the i-th window)."""
        _, windows = self._, self._newest.facts.windows
        rows: list[Any] = [(_("Exposure"), _("Windows"), _("Persons"))]
        order = [each.value for each in EXPOSURE_ORDER]
        for (exposure, mask), count in sorted(
            self._file.windows.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        ):
            names = [window.name for bit, window in enumerate(windows) if mask >> bit & 1]
            rows.append((_(msgid(ExposureState(exposure))), ", ".join(names) or "–", self._n(count)))
        if len(rows) == 1:
            return []
        return [paper.para(_("By window"), "h2"), paper.table(rows, (25, 55, 20), right=(2,))]

    def _authorities(self) -> tuple[str, list[Flowable]]:
        file = self._file
        return self._("Authorities"), authority_chapter(file.authority_notices, file.authority_events, self._words)

    def _notices(self) -> tuple[str, list[Flowable]]:
        _ = self._
        content: list[Flowable] = []
        for fact in self._file.notices:
            notice = fact.notice
            content.append(paper.para(_("Notice {reference}, version {version}").format(
                reference=fact.reference, version=notice.version), "h2"))  # fmt: skip
            if notice.approved_at is None:
                content.append(paper.para(_("A draft: nobody has read it."), "small"))
                continue
            content.append(
                paper.para(_("Approved {when} by {who}. SHA-256 {sha256}").format(
                    when=self._words.instant(notice.approved_at), who=notice.approved_by, sha256=notice.sha256),
                    "mark")
            )  # fmt: skip
            content.append(self._reader_table(fact))
            for language in notice.languages:
                content.extend(self._text(notice, language))
        if not content:
            content.append(paper.para(_("No notice to persons has been written yet.")))
        return _("What persons were told"), content

    def _reader_table(self, fact: Any) -> Flowable:
        _ = self._
        counts: dict[tuple[str, str], int] = {}
        for reader, count in fact.readers:
            key = (reader.language, reader.exposure)
            counts[key] = counts.get(key, 0) + count
        rows = [(_("Language"), _("Exposure"), _("Persons"))]
        for (language, exposure), count in sorted(counts.items(), key=lambda item: -item[1]):
            rows.append((self._language(language), _(msgid(ExposureState(exposure))), self._n(count)))
        return paper.table(rows, (20, 50, 30), right=(2,))

    def _text(self, notice: Any, language: str) -> list[Flowable]:
        _ = self._
        story: list[Flowable] = [paper.para(_("Text in {language}").format(language=self._language(language)), "h2")]
        order = list(SectionKey)
        for text in sorted((t for t in notice.texts if t.language == language), key=lambda t: order.index(t.section)):
            audience = ", ".join(_(msgid(each)) for each in sorted(text.audience.exposures)) or _("everybody")
            channels = ", ".join(_(msgid(each)) for each in sorted(text.audience.channels))
            mark = " · ".join(filter(None, (_(SECTION_NAMES[text.section]), audience, channels)))
            story.append(paper.para(mark, "mark"))
            for block in fill_fields(parse(text.text), notice.fields.get(language, {})):
                runs = [(f"(({r.slot.value}))" if r.slot else r.text, r.bold) for r in block.runs]
                story.append(paper.rich(runs, bullet="•" if block.kind is BlockKind.BULLET else ""))
        return story

    def _how(self) -> tuple[str, list[Flowable]]:
        _, file = self._, self._file
        rows: list[Any] = [(_("Batch"), _("Channel"), _("State"), _("Made"), _("Posted"), _("Messages"), _("Sheets"))]
        for batch in file.batches:
            posted = self._words.day(batch.settled_on) if batch.settled_on else "–"
            rows.append((batch.reference, _(msgid(Channel(batch.channel))),
                         _(BATCH_STATES[batch.state]), self._words.instant(batch.made_at), posted,
                         self._n(batch.members), self._n(batch.sheets)))  # fmt: skip
        content: list[Flowable] = []
        per = left_by_day(file.sent)
        if per:
            chart = deliveries_chart(per, lambda each: _(msgid(Channel(each))), self._words.day, self._n)
            content += [paper.para(_("Messages by day"), "h2"), chart, Spacer(1, 4 * mm)]
        content.append(paper.table(rows, (8, 13, 17, 24, 14, 14, 10), right=(5, 6)))
        content.append(Spacer(1, 2 * mm))
        content += [
            paper.para(f"{b.reference}: Merkle root {b.merkle_root}", "small") for b in file.batches if b.merkle_root
        ]
        if not file.batches:
            content = [paper.para(_("No message has been made yet."))]
        return _("How they were told"), content

    def _not_told(self) -> tuple[str, list[Flowable]]:
        _, file = self._, self._file
        rows: list[Any] = [(_("Standing"), _("Why"), _("Persons"))]
        for standing in (Standing.OPEN, Standing.UNKNOWN, Standing.EXCUSED):
            parts = file.standing_parts.get(standing.value, {})
            for reason, count in sorted(parts.items(), key=lambda item: -item[1]):
                rows.append((_(msgid(standing)), _(self._reason(reason)), self._n(count)))
        content: list[Flowable] = [paper.table(rows, (22, 58, 20), right=(2,))]
        if len(rows) == 1:
            content = [paper.para(_("Everybody in scope has been told or is on the way to be."))]
        for code, count in file.refusals.items():
            content.append(paper.para(_("No letter could be made ({code}): {count}").format(
                code=code, count=self._n(count)), "small"))  # fmt: skip
        return _("Who was not told, and why"), content

    def _measures(self) -> tuple[str, list[Flowable]]:
        _ = self._
        rows: list[Any] = [(_("Measure"), _("Purpose"), _("State"))]
        for measure in self._newest.facts.measures:
            when = measure.done_on or measure.planned_on
            state = _(msgid(measure.standing)) + (f", {self._words.day(when)}" if when else "")
            rows.append((measure.text, _(msgid(measure.kind)), state))
        if len(rows) == 1:
            return _("Measures"), [paper.para(_("No measures are recorded yet."))]
        return _("Measures"), [paper.table(rows, (60, 18, 22))]

    def _decisions(self) -> tuple[str, list[Flowable]]:
        _ = self._
        rows: list[Any] = [(_("When and who"), _("Decision"), _("Reason"), _("Persons"))]
        for each in self._file.decisions:
            value = _(self._decided(each.kind, each.value))
            rows.append((f"{self._words.instant(each.at)}, {each.by}", f"{_(_KINDS[each.kind])}: {value}",
                         each.reason, self._n(each.persons)))  # fmt: skip
        if len(rows) == 1:
            return _("Decisions and overrides"), [paper.para(_("The officer overruled nothing."))]
        return _("Decisions and overrides"), [paper.table(rows, (28, 24, 36, 12), right=(3,))]

    def _trail(self) -> tuple[str, list[Flowable]]:
        _, file = self._, self._file
        trail = TrailWords(self._words)
        rows: list[Any] = [(_("No"), _("When"), _("Who"), _("What"))]
        for entry in file.trail:
            rows.append((str(entry.seq), self._words.instant(entry.at), entry.actor,
                         trail.sentence(entry.action, entry.facts)))  # fmt: skip
        content: list[Flowable] = [
            paper.para(_("Each entry is chained to the one before it. To verify: export the trail, compute SHA-256 of "
                         "0x00, “audit-v1” and the canonical bytes of each entry, then of 0x01, the head before and "
                         "that hash; the last result is the head. In the program: dpo audit verify --head HEAD.")),
            paper.para(_("Head: {head}").format(head=_grouped(file.head)), "mono"),
        ]  # fmt: skip
        if len(file.trail) < file.entries:
            content.append(paper.para(_("Entries of this breach: {count}; of the whole store: {all}.").format(
                count=self._n(len(file.trail)), all=self._n(file.entries)), "mark"))  # fmt: skip
        content.append(paper.table(rows, (7, 25, 18, 50), right=()))
        return _("Audit trail"), content

    @staticmethod
    def _reason(text: str) -> str:
        """Return the source words of why somebody is open: a channel's reason."""
        return msgid(ChannelReason(text)) if text in set(ChannelReason) else text

    @staticmethod
    def _decided(kind: str, value: str) -> str:
        if kind == "exposure":
            return msgid(ExposureState(value))
        return msgid(Channel(value)) if kind == "channel" else msgid(Standing.EXCUSED)

    def _language(self, code: str) -> str:
        """Return the name of a language in the file's language."""
        own = self._file.language if self._file.language in LANGUAGES else "en"
        try:
            return str(Locale.parse(code).get_display_name(own) or code)
        except (ValueError, UnknownLocaleError):
            return code

    def _n(self, value: int) -> str:
        return self._words.number(value)


def _grouped(head: str) -> str:
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))
