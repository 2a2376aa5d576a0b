"""One person beside the list: standing, exposure and why, contact data, messages, decisions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from dpo_app.core.delivery import DeliveryState, Standing
from dpo_app.core.facts.exposure import ExposureReason, ExposureState
from dpo_app.core.ids import BreachId, PersonId, correction_ref, grouped, merge_ref
from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.care import MARKABLE, CareEffect, CareRule
from dpo_app.core.persons.channel import Channel, ChannelReason
from dpo_app.core.persons.enquiry import EnquiryKind, EnquiryState, EnquiryWay
from dpo_app.core.persons.intake import ProblemCode
from dpo_app.core.persons.national_id import masked
from dpo_app.core.proof.audit import AuditAction
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.enquiries.enquiry_aside import save_record
from dpo_app.gui.pages.enquiries.enquiry_form import WAY_ICONS
from dpo_app.gui.pages.persons.clean_contacts import corrected_in_words
from dpo_app.gui.pages.persons.correct_sheet import CorrectSheet
from dpo_app.gui.pages.persons.person_sheets import DatesSheet, MessageSheet
from dpo_app.gui.pages.persons.same_person_sheet import SamePersonSheet
from dpo_app.gui.widgets.painters import CHANNEL_ICONS, STANDING_ICONS, Disc
from dpo_app.gui.widgets.parts import Banner, Card, ElidingLabel, button, clear, label, row, rule, scrolling, sign
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import moment
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.care import NOTES
from dpo_app.services.desk.manage_store import decide, note, view_person
from dpo_app.services.enquiries.sent_message import show_message
from dpo_app.services.letters.make_letters import MadeLetters, make_letters
from dpo_app.services.lines import DeliveryLine, EnquiryLine, PersonView
from dpo_app.services.persons.correct_persons import Corrected, undo_correction
from dpo_app.services.persons.mark_care import Marked, mark_care
from dpo_app.services.persons.merge_persons import Merged, unmerge


class PaneFacts(NamedTuple):
    """What the pane shows: the person, the facts of the revision looked at, what was sent and asked, the numbers of the
    revisions, and the revision they were told from (0: none)."""

    view: PersonView
    facts: Any
    deliveries: list[DeliveryLine]
    enquiries: list[EnquiryLine]
    revisions: dict[int, int]
    told_revision: int


class PersonPane(Card):
    """The pane. The national id is masked until *Show* is held; showing is an entry of the trail."""

    closed = Signal()

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.setMinimumWidth(theme.px(340))
        self.setMaximumWidth(theme.px(520))
        self.name = ElidingLabel("", "title")
        shut = button("", "quiet", "x", "pane_close", _("Close"))
        shut.clicked.connect(self.closed)
        self.second = label("", "second")
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(shut)
        self.body.addLayout(top)
        self.body.addWidget(self.second)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(8))
        self.body.addWidget(scrolling(inner), 1)
        ask = button(_("Log an enquiry"), "primary", "headset", "pane_enquiry", _("Log an enquiry (E)"))
        ask.clicked.connect(self._enquiry)
        self.more = button(_("Decide…"), "", "user-exclamation", "pane_more")
        self.more.setMenu(self._menu())
        for each in (self.more, ask):
            each.setEnabled(not office.desk.read_only)
        record = button("", "", "file-type-pdf", "pane_record", _("Record as PDF (Art. 15)"))
        record.clicked.connect(self._record)
        self.body.addLayout(row(ask, self.more, record, None))
        self._person: PersonView | None = None
        self._revision: Any = None
        #: What was done last from here: to whom, under which reference, and what takes it back.
        self._back: tuple[int, str, Callable[[Any], Any]] | None = None

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for state in ExposureState:
            text = _("Overrule exposure: {state}").format(state=word(state))
            menu.addAction(text, partial(self._decide, "exposure", state.value))
        menu.addSeparator()
        for channel in (Channel.EMAIL, Channel.LETTER, Channel.PUBLIC, Channel.OFFICER):
            text = _("Change channel: {channel}").format(channel=word(channel))
            menu.addAction(text, partial(self._decide, "channel", channel.value))
        menu.addSeparator()
        menu.addAction(_("Excuse with a reason…"), lambda: self._decide("excuse", "excused"))
        care = menu.addMenu(_("Mark for care"))
        off = menu.addMenu(_("Take a mark off"))
        for mark in MARKABLE:
            if mark is CareRule.WISH:
                for channel in (Channel.EMAIL, Channel.LETTER):
                    text = _("asked for: {channel}").format(channel=word(channel))
                    care.addAction(text, partial(self._mark, mark, channel.value, False))
            else:
                care.addAction(word(mark), partial(self._mark, mark, "", False))
            off.addAction(word(mark), partial(self._mark, mark, "", True))
        menu.addSeparator()
        menu.addAction(_("Correct name or contact data…"), self._correct)
        menu.addAction(_("Correct the dates in the register…"), self._dates)
        menu.addAction(_("The same person as another…"), self._same)
        menu.addAction(_("Write one letter to this person…"), self._one_letter)
        return menu

    def _enquiry(self) -> None:
        if self._person is not None:
            self.office.page_wanted.emit("enquiries", {"code": grouped(self._person.line.code)})

    def _record(self) -> None:
        if self._person is not None:
            path = self.office.dialogs.save_file(self, _("Save the record"), "record.pdf", "PDF (*.pdf)")
            if path is not None:
                save_record(self.office, PersonId(self._person.id), path)

    def _dates(self) -> None:
        if self._person is not None:
            person = self._person.id
            sheet = DatesSheet(self, self.office, self._person)
            sheet.accepted.connect(lambda: self.open_person(person, self._revision))
            sheet.open()

    def _correct(self) -> None:
        if self._person is not None:
            sheet = CorrectSheet(self, self.office, self._person)
            sheet.corrected.connect(self._corrected)
            sheet.open()

    def _corrected(self, done: Corrected) -> None:
        desk = self.office.desk
        self.office.toast.emit(corrected_in_words(done))
        self._offer_back(correction_ref(done.correction_id), lambda _p: undo_correction(desk, done.correction_id))

    def _same(self) -> None:
        if self._person is not None:
            sheet = SamePersonSheet(self, self.office, self._person, self._revision)
            sheet.merged.connect(self._merged)
            sheet.open()

    def _merged(self, made: Merged) -> None:
        desk = self.office.desk
        self._offer_back(merge_ref(made.merge_id), lambda _p: unmerge(desk, made.merge_id))

    def _offer_back(self, reference: str, work: Callable[[Any], Any]) -> None:
        """Show the person anew, with a way to take back what was just done."""
        assert self._person is not None
        self._back = (self._person.id, reference, work)
        self.open_person(self._person.id, self._revision)

    def _take_back(self) -> None:
        if self._back is not None:
            person, _reference, work = self._back
            job = self.office.do(work, None, _("Taking it back"))
            job.done.connect(lambda _r: self._taken_back(person))

    def _taken_back(self, person: int) -> None:
        self._back = None
        self.open_person(person, self._revision)

    def _mark(self, rule: CareRule, value: str, off: bool) -> None:
        person, desk = self._person, self.office.desk
        if person is None:
            return
        reason = self.office.dialogs.text(self, _("Reason"), _("Why? It stands in the audit trail, so name nobody."))
        if reason is None:
            return
        breach_id, ids = BreachId(person.breach_id), [PersonId(person.id)]

        def then(marked: Marked) -> None:
            if marked.in_hand:
                places = ", ".join(f"L{m.batch_id} / {m.number}" for m in marked.in_hand)
                text = _("Messages to this person lie ready. Take them out by hand before they leave: {places}.")
                self.office.dialogs.tell(self, _("Take a message out"), text.format(places=places))
            self.open_person(person.id, self._revision)

        self.office.do(
            lambda _p: mark_care(desk, breach_id, ids, rule, reason, value=value, off=off), then, _("Keeping the mark")
        )

    def _one_letter(self) -> None:
        """Make the letter of this person alone: the only way to a protected address."""
        person, desk = self._person, self.office.desk
        if person is None:
            return
        folder = self.office.dialogs.folder(self, _("Folder for the letter"))
        if folder is None:
            return

        def then(made: MadeLetters) -> None:
            if made.letters:
                text = _("The letter is made, batch {batch}.").format(batch=made.batches[0].reference)
            elif made.refused:
                text = _("No letter can be made: {why}").format(why=made.refused[0][1])
            else:
                text = _("No letter is owed to this person now.")
            self.office.toast.emit(text)
            self.open_person(person.id, self._revision)

        self.office.do(
            lambda progress: make_letters(
                desk, BreachId(person.breach_id), folder, progress=progress, only=PersonId(person.id)
            ),
            then, _("Making the letter"), long=True,
        )  # fmt: skip

    def _decide(self, kind: str, value: str) -> None:
        person, desk = self._person, self.office.desk
        if person is None:
            return
        reason = self.office.dialogs.text(self, _("Reason"), _("Why? It stands in the audit trail, so name nobody."))
        if reason is None:
            return
        ids = [PersonId(person.id)]
        job = self.office.do(
            lambda _p: decide(desk, BreachId(person.breach_id), ids, kind, value, reason),
            None,
            _("Keeping the decision"),
        )
        job.done.connect(lambda _r: self.open_person(person.id, self._revision))

    def open_person(self, person_id: int, revision_id: Any) -> None:
        """Show a person under a revision."""
        desk = self.office.desk
        self._revision = revision_id

        def work(_progress: Any) -> PaneFacts:
            view = view_person(desk, PersonId(person_id), revision_id)
            with desk.read() as queries:
                revisions = {saved.id: saved.number for saved in queries.revisions(BreachId(view.breach_id))}
                return PaneFacts(
                    view, queries.revision(revision_id).facts, queries.person_deliveries(PersonId(person_id)),
                    queries.enquiries(BreachId(view.breach_id), person_id=PersonId(person_id)), revisions,
                    queries.person_lines(revision_id, [person_id])[0].told_revision,
                )  # fmt: skip

        self.office.do(work, self._show)

    def _show(self, found: PaneFacts) -> None:
        view = found.view
        self._person = view
        line = view.line
        self.name.set_whole(f"{line.given_names} {line.family_name}".strip() or grouped(line.code))
        born = _("born {year}").format(year=line.birth_year) if line.birth_year else ""
        self.second.setText(" · ".join(filter(None, (grouped(line.code), born, line.language))))
        clear(self._column)
        if self._back is not None and self._back[0] == view.id:
            back = button(_("Take back {reference}").format(reference=self._back[1]), "link", "arrow-back-up",
                          "pane_take_back")  # fmt: skip
            back.clicked.connect(self._take_back)
            self._column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._back = None
        self._care(view)
        self._standing(view)
        self._exposure(view, found.facts)
        self._owed(found)
        self._column.addWidget(rule())
        self._contact(view)
        self._column.addWidget(rule())
        self._messages(view, found.deliveries)
        self._enquiries(found.enquiries)
        self._events(view)
        self._column.addStretch(1)

    def _care(self, view: PersonView) -> None:
        """Say each rule of care that applies: what it does and who decides; the law stands in the tooltip."""
        cards = self.office.desk.care.cards
        for own in map(CareRule, view.line.care):
            said = NOTES[own]
            tone = "warn" if cards[own].effect is CareEffect.OFFICER else "info"
            name = word(own)
            banner = Banner(tone, f"{name[:1].upper()}{name[1:]}.", f"{_(said.does)} {_(said.decides)}", closable=False)
            laws = "; ".join(f"{law.country}: {law.cite}" for law in cards[own].laws)
            banner.setToolTip(f"{_(said.law)} ({laws})")
            self._column.addWidget(banner)

    def _standing(self, view: PersonView) -> None:
        line = view.line
        box = QFrame()
        box.setProperty("tint", {"told": "ok", "open": "warn"}.get(line.standing, "info"))
        inner = QHBoxLayout(box)
        if line.standing:
            icon, filled = STANDING_ICONS[line.standing]
            mark = sign(icon, line.standing, 20, filled)
            inner.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            what = word(Standing(line.standing))
        else:
            what = _("Nothing is owed")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(what, "strong"))
        if line.last_at is not None:
            words.addWidget(label(f"{word(DeliveryState(line.last_state))}, {moment(line.last_at)}", "second"))
        elif line.channel_reason:
            words.addWidget(label(word(ChannelReason(line.channel_reason)), "second", wrap=True))
        inner.addLayout(words, 1)
        self._column.addWidget(box)

    def _exposure(self, view: PersonView, facts: Any) -> None:
        if not view.line.exposure:
            self._column.addWidget(label(_("The plan is not worked out yet."), "second"))
            return
        state = ExposureState(view.line.exposure)
        text = _("Exposure: {state}").format(state=word(state))
        self._column.addLayout(row(Disc(state.value), label(text, "strong"), None, space=6))
        why = word(ExposureReason(view.exposure_reason)) + "."
        names = [w.name for place, w in enumerate(facts.windows) if view.windows >> place & 1]
        if names:
            why += " " + _("Windows: {names}.").format(names=", ".join(names))
        self._column.addWidget(label(why, "second", wrap=True))
        picture = WindowTimeline(small=True)
        picture.set_windows(facts.windows)
        first, last = parse_partial(view.registered), parse_partial(view.removed)
        picture.set_stay(first.earliest if first else None, last.latest if last else None)
        if facts.windows:
            self._column.addWidget(picture)

    def _owed(self, found: PaneFacts) -> None:
        """Say under which revision they were told, if a newer one is looked at."""
        told = found.revisions.get(found.told_revision)
        newest = found.revisions.get(self._revision)
        if told is not None and newest is not None and told != newest:
            text = _("Told under revision {told}; the facts are now revision {newest}.").format(
                told=told, newest=newest
            )
            self._column.addWidget(label(text, "caption", wrap=True))

    def _contact(self, view: PersonView) -> None:
        self._column.addWidget(label(_("Contact"), "strong"))
        address = view.address
        post = ", ".join(filter(None, (address.care_of, address.street,
                                       f"{address.postcode} {address.town}".strip(), address.country)))  # fmt: skip
        rows = [(_("E-mail"), view.email or "–"), (_("Post"), post or "–"), (_("Telephone"), view.phone or "–")]
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, (name, value) in enumerate(rows):
            self._line(grid, place, name, value)
        grid.setColumnStretch(1, 1)
        if view.line.protected:
            self._hidden(holder)
        self._column.addWidget(holder)
        more = QGridLayout()
        self._line(more, 0, _("Customer number"), view.customer_number or "–")
        stay = " – ".join((view.registered or "?", view.removed))
        self._line(more, 1, _("In the register"), stay)
        if view.guardian:
            self._line(more, 2, _("Guardian"), view.guardian)
        if view.national_id:
            self._national_id(more, 3, view)
        for place, (name, value) in enumerate(view.extra.items(), 4):
            self._line(more, place, name, value or "–")
        more.setColumnStretch(1, 1)
        self._column.addLayout(more)
        for code in view.noted:
            if code in set(ProblemCode):
                self._column.addWidget(label("⚠ " + word(ProblemCode(code)), "caption", wrap=True))

    @staticmethod
    def _line(grid: QGridLayout, place: int, name: str, value: str) -> None:
        grid.addWidget(label(name, "second", wrap=True), place, 0, Qt.AlignmentFlag.AlignTop)
        text = label(value, wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(text, place, 1)

    def _hidden(self, holder: QWidget) -> None:
        """Show a protected address only by a click, which is an entry of the trail."""
        holder.hide()
        show = button(_("Show the protected address"), "quiet", "eye", "show_address")
        desk = self.office.desk

        def shown() -> None:
            self.office.do(lambda _p: note(desk, AuditAction.ADDRESS_SHOWN))
            holder.show()
            show.hide()

        show.clicked.connect(shown)
        self._column.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)

    def _national_id(self, grid: QGridLayout, place: int, view: PersonView) -> None:
        value = label(masked(view.national_id))
        eye = button("", "quiet", "eye", "show_id", _("Hold to show"))
        desk = self.office.desk

        def shown() -> None:
            value.setText(view.national_id)
            self.office.do(lambda _p: note(desk, AuditAction.ID_SHOWN))

        eye.pressed.connect(shown)
        eye.released.connect(lambda: value.setText(masked(view.national_id)))
        grid.addWidget(label(_("National id"), "second"), place, 0)
        line = row(value, eye, None, space=4)
        grid.addLayout(line, place, 1)

    def _messages(self, view: PersonView, deliveries: list[DeliveryLine]) -> None:
        self._column.addWidget(label(_("Messages and events"), "strong"))
        for each in deliveries:
            mark = sign(CHANNEL_ICONS[each.channel], "text_2", 18)
            words = QVBoxLayout()
            words.setSpacing(0)
            title = _("{channel}, notice version {version}").format(
                channel=word(Channel(each.channel)), version=each.notice_version
            )
            words.addWidget(label(title, "medium"))
            what = f"{word(DeliveryState(each.state))}, {moment(each.state_at)} · {grouped(each.token)}"
            words.addWidget(label(what, "caption", wrap=True))
            line = row(space=8)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            if each.sha256:
                show = button(_("Show"), "link", name=f"show_message_{each.id}", tip=_("Show the text"))
                show.clicked.connect(partial(self._show_message, view.id, each.id))
                line.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)
            self._column.addLayout(line)
        if not deliveries:
            self._column.addWidget(label(_("Nothing was sent yet."), "second"))

    def _show_message(self, person_id: int, delivery_id: int, _checked: bool = False) -> None:
        desk = self.office.desk
        self.office.do(
            lambda _p: show_message(desk, PersonId(person_id), delivery_id),
            lambda message: MessageSheet(self, message).open(),
        )

    def _enquiries(self, lines: list[EnquiryLine]) -> None:
        for line in lines:
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(f"{word(EnquiryWay(line.way))}: {word(EnquiryKind(line.kind))}", "medium", wrap=True))
            words.addWidget(label(f"{moment(line.saved_at)} · {word(EnquiryState(line.state))}", "caption", wrap=True))
            both = row(space=8)
            both.addWidget(sign(WAY_ICONS[line.way], "text_2", 18), 0, Qt.AlignmentFlag.AlignTop)
            both.addLayout(words, 1)
            self._column.addLayout(both)

    def _events(self, view: PersonView) -> None:
        for mark in view.marks:
            said = _("Mark taken off: {mark}") if mark.taken_off else _("Marked: {mark}")
            text = said.format(mark=word(CareRule(mark.rule)))
            who = f"{text}. {mark.reason} ({mark.marked_by}, {moment(mark.marked_at)})"
            self._column.addWidget(label(who, "caption", wrap=True))
        for decision in view.decisions:
            who = f"{decision.reason} ({decision.decided_by}, {moment(decision.decided_at)})"
            self._column.addWidget(label(who, "caption", wrap=True))
        came = _("Came in with import I{number}, row {row}").format(number=view.import_id, row=view.row_number)
        self._column.addWidget(label(came, "caption"))
