"""The record of one person as PDF: what is held, where it came from, how exposed and why, what was written and when, what
they asked, what was done. In the person's language if the program speaks it."""

from __future__ import annotations

from enum import StrEnum

from reportlab.platypus import Flowable, Spacer, Table

from dpo_app.core.delivery import DeliveryState, Standing
from dpo_app.core.facts.breach import DataCategory
from dpo_app.core.facts.exposure import ExposureReason, ExposureState
from dpo_app.core.ids import grouped
from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.enquiry import EnquiryKind, EnquiryState, EnquiryWay, Identity
from dpo_app.core.persons.intake import ProblemCode
from dpo_app.documents.papers import paper
from dpo_app.i18n import LANGUAGES, N_, catalogue
from dpo_app.messages import msgid
from dpo_app.messages.facts import FactWords
from dpo_app.messages.trail import TrailWords
from dpo_app.services.lines import EnquiryLine
from dpo_app.services.ports.reports import MessageFact, PersonRecord

GAP = 6.0
_DECISIONS = {"exposure": N_("Exposure overruled"), "channel": N_("Channel chosen"), "excuse": N_("Excused")}


class RecordPdf:
    """Makes records: `services.ports.reports.RecordPrinter`."""

    def make(self, record: PersonRecord) -> bytes:
        """Return the record as PDF."""
        return _Record(record).build()


def _apart(content: list[Flowable]) -> list[Flowable]:
    """Return flowables with a gap after each table: a paragraph must not stand on its line."""
    return [each for one in content for each in ((one, Spacer(1, GAP)) if isinstance(one, Table) else (one,))]


class _Record:
    def __init__(self, record: PersonRecord) -> None:
        self._record = record
        self._language = record.language if record.language in LANGUAGES else "en"
        self._ = catalogue(self._language).gettext
        self._words = FactWords(self._language, record.time_zone, self._)

    def build(self) -> bytes:
        """Return the bytes."""
        _, record = self._, self._record
        story: list[Flowable] = [
            paper.para(_("Your data in our register"), "title"),
            paper.para(_("Answer under Article 15 of the General Data Protection Regulation"), "subtitle"),
            Spacer(1, GAP),
            paper.table(self._head(), (30, 70), head=False),
        ]
        for title, content in (
            (_("What we have about you"), self._held()), (_("Where it comes from"), self._source()),
            (_("Whether it was exposed, and why"), self._exposure()), (_("What we wrote to you"), self._messages()),
            (_("What you asked us"), self._enquiries()), (_("What was decided and done"), self._events()),
            (_("Your rights"), self._rights()),
        ):  # fmt: skip
            story += [paper.para(title, "h1"), *_apart(content)]
        return paper.build(
            story, title=_("Your data in our register"), header=f"{record.controller} · {record.breach_reference}",
            footer=_("Confidential: for the person named on the first page"),
            page_words=lambda page, pages: _("Page {page} of {pages}").format(page=page, pages=pages),
            language=self._language, made=record.made_at,
        )  # fmt: skip

    def _word(self, member: StrEnum) -> str:
        return self._(msgid(member))

    def _head(self) -> list[tuple[str, str]]:
        _, record, line = self._, self._record, self._record.view.line
        return [
            (_("Person"), f"{line.given_names} {line.family_name}".strip() or grouped(line.code)),
            (_("Reference"), grouped(line.code)), (_("Controller"), record.controller),
            (_("Contact"), " · ".join(record.contact) or "–"), (_("Concerning"), record.breach_title),
            (_("Made"), f"{self._words.instant(record.made_at)}, {record.made_by}"),
        ]  # fmt: skip

    def _date(self, text: str) -> str:
        known = parse_partial(text)
        if known is None:
            return ""
        return self._words.day(known.earliest) if known.earliest == known.latest else text

    def _held(self) -> list[Flowable]:
        _, view = self._, self._record.view
        address = view.address
        rows = [
            (_("Family name"), view.line.family_name), (_("Given names"), view.line.given_names),
            (_("National id"), view.national_id), (_("Born"), self._date(view.born)),
            (_("Customer number"), view.customer_number), (_("Language"), view.line.language),
            (_("E-mail"), view.email), (_("Telephone"), view.phone), (_("Care of"), address.care_of),
            (_("Street"), address.street), (_("Postcode and town"), f"{address.postcode} {address.town}".strip()),
            (_("Country"), address.country), (_("In the register since"), self._date(view.registered)),
            (_("Removed on"), self._date(view.removed)), (_("Guardian"), view.guardian),
            (_("Protected address"), _("yes") if view.line.protected else ""),
            (_("Deceased"), _("yes") if view.line.deceased else ""),
            *view.extra.items(),
        ]  # fmt: skip
        found: list[Flowable] = [paper.table([row for row in rows if row[1]], (30, 70), head=False)]
        noted = [self._word(ProblemCode(code)) for code in view.noted if code in set(ProblemCode)]
        if noted:
            found.append(paper.para(_("Noted when it came in: {what}.").format(what="; ".join(noted)), "small"))
        return found

    def _source(self) -> list[Flowable]:
        _, record, run = self._, self._record, self._record.source
        text = _("From the file {file}, row {row}, read on {when}. It was brought in to find out whom the breach "
                 "concerns and to tell them (Articles 33 and 34).").format(
            file=run.file_name, row=record.view.row_number, when=self._words.instant(run.staged_at))  # fmt: skip
        kinds = ", ".join(self._word(DataCategory(each)) for each in record.categories)
        return [
            paper.para(text),
            paper.para(_("Kinds of data that the breach concerns: {kinds}.").format(kinds=kinds)),
            paper.para(_("It is kept while notices, claims and the authority's handling go on, then erased. It goes to "
                         "nobody but the post, the mail service and, on a legal ground, authorities.")),
        ]  # fmt: skip

    def _exposure(self) -> list[Flowable]:
        _ = self._
        rows = [(_("As known on"), _("Exposure"), _("Why"))]
        rows += [
            (
                _("{when} (revision {number})").format(when=self._words.instant(e.known_as_of), number=e.revision),
                self._word(ExposureState(e.state)),
                ". ".join(filter(None, (self._word(ExposureReason(e.reason)), ", ".join(e.windows)))),
            )
            for e in self._record.exposures
        ]
        if len(rows) == 1:
            return [paper.para(_("Not worked out yet."))]
        found: list[Flowable] = [paper.table(rows, (36, 20, 44))]
        if self._record.standing:
            standing = self._word(Standing(self._record.standing))
            found.append(paper.para(_("Where it stands: {standing}.").format(standing=standing)))
        return found

    def _messages(self) -> list[Flowable]:
        if not self._record.messages:
            return [paper.para(self._("Nothing was written to you yet."))]
        return [flowable for message in self._record.messages for flowable in self._message(message)]

    def _message(self, message: MessageFact) -> list[Flowable]:
        _ = self._
        head = _("{channel}, {when}: {state}").format(
            channel=self._word(Channel(message.channel)), when=self._words.instant(message.at),
            state=self._word(DeliveryState(message.state)),
        )  # fmt: skip
        mark = _("Code {code}, notice version {version}").format(code=message.token, version=message.notice_version)
        found: list[Flowable] = [paper.para(head, "h2"), paper.para(mark, "small")]
        if message.same is False:
            found.append(paper.para(_("Names or addresses were changed since; the wording is the one that was sent."),
                                    "small"))  # fmt: skip
        if message.subject:
            found.append(paper.para(message.subject, bold=True))
        found += [paper.para(block) for block in message.text.split("\n\n") if block.strip()]
        return found

    def _enquiries(self) -> list[Flowable]:
        _ = self._
        if not self._record.enquiries:
            return [paper.para(_("No enquiry is on record."))]
        rows = [(_("When"), _("What"), _("Answered"))]
        rows += [self._enquiry(line) for line in self._record.enquiries]
        return [paper.table(rows, (26, 44, 30))]

    def _enquiry(self, line: EnquiryLine) -> tuple[str, str, str]:
        what = f"{self._word(EnquiryWay(line.way))}: {self._word(EnquiryKind(line.kind))}"
        said = "\n".join(filter(None, (what, self._word(Identity(line.identity)), line.note)))
        answered = self._word(EnquiryState(line.state))
        if line.due_on is not None and line.state == EnquiryState.OPEN:
            answered += ", " + self._("due {when}").format(when=self._words.day(line.due_on))
        return self._words.instant(line.began_at), said, "\n".join(filter(None, (answered, line.outcome)))

    def _events(self) -> list[Flowable]:
        _, view = self._, self._record.view
        rows = [(_("When"), _("What"))]
        for mark in view.marks:
            said = _("Mark taken off: {mark}") if mark.taken_off else _("Marked: {mark}")
            text = said.format(mark=self._word(CareRule(mark.rule)))
            rows.append((self._words.instant(mark.marked_at), f"{text}. {mark.reason}"))
        for decision in view.decisions:
            kind = _(_DECISIONS.get(decision.kind, decision.kind))
            rows.append((self._words.instant(decision.decided_at), f"{kind}: {decision.reason}"))
        trail = TrailWords(self._words)
        rows += [(self._words.instant(e.at), trail.sentence(e.action, e.facts)) for e in self._record.events]
        found: list[Flowable] = [paper.table(rows, (30, 70))] if len(rows) > 1 else []
        if self._record.head:
            found.append(paper.para(_("Head of the trail when this was made: {head}").format(
                head=grouped(self._record.head, 8)), "small"))  # fmt: skip
        return found or [paper.para(_("Nothing."))]

    def _rights(self) -> list[Flowable]:
        _ = self._
        return [
            paper.para(_("You may ask us to correct or erase your data or to restrict what is done with it, and you may "
                         "object (Articles 16 to 18 and 21). You may complain to the data protection authority (Article "
                         "77). No decision about you was made by automatic means alone."))
        ]  # fmt: skip
