"""Beside the form: the person, once it is established who it is; or an enquiry of the list, to read and close."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import EnquiryId, PersonId, enquiry_ref, grouped
from dpo_app.core.persons.enquiry import CodeResult, EnquiryKind, EnquiryState, EnquiryWay, Identity
from dpo_app.files import write_bytes
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.painters import STANDING_ICONS, Disc
from dpo_app.gui.widgets.parts import Banner, Card, Chip, ElidingLabel, button, clear, label, rule, scrolling
from dpo_app.gui.words import day, moment
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.desk.manage_store import view_person
from dpo_app.services.enquiries.export_record import export_record
from dpo_app.services.enquiries.log_enquiry import close_enquiry
from dpo_app.services.lines import DeliveryLine, EnquiryLine, PersonView


class EnquiryAside(Card):
    """Who it is, or what was asked. Empty before identity."""

    person_wanted = Signal(int)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.setObjectName("enquiry_aside")
        self.setMinimumWidth(theme.px(220))
        self.setMaximumWidth(theme.px(320))
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(8))
        self.body.addWidget(scrolling(inner), 1)
        self.nobody()

    def nobody(self) -> None:
        """Show nothing of anybody."""
        clear(self._column)
        self._column.addWidget(label(_("Nothing is shown of anybody before it is established who asks."), "caption",
                                     wrap=True))  # fmt: skip
        self._column.addStretch(1)

    def show_person(self, person_id: PersonId) -> None:
        """Show a person who was identified; that it was looked at is an entry of the trail."""
        desk = self.office.desk

        def work(_progress: Any) -> tuple[PersonView, list[DeliveryLine], list[EnquiryLine]]:
            with desk.read() as queries:
                breach_id = queries.breach_of_person(person_id)
                revision_id = queries.newest_revision(breach_id).id
                deliveries = queries.person_deliveries(person_id)
                before = queries.enquiries(breach_id, person_id=person_id)
            return view_person(desk, person_id, revision_id), deliveries, before  # type: ignore[arg-type]

        self.office.do(work, lambda found: self._person(*found))

    def _person(self, view: PersonView, deliveries: list[DeliveryLine], before: list[EnquiryLine]) -> None:
        clear(self._column)
        line = view.line
        name = ElidingLabel(f"{line.family_name}, {line.given_names}".strip(", ") or grouped(line.code), "heading")
        name.setObjectName("aside_name")
        self._column.addWidget(name)
        second = " · ".join(filter(None, (grouped(line.code), line.birth_year, line.language)))
        self._column.addWidget(label(second, "second"))
        chips = FlowLayout()
        if line.standing:
            icon, filled = STANDING_ICONS[line.standing]
            chips.addWidget(Chip(word(Standing(line.standing)), line.standing, icon, filled))
        if line.exposure:
            chips.addWidget(Chip(word(ExposureState(line.exposure)), line.exposure, sign=Disc(line.exposure)))
        self._column.addLayout(chips)
        if line.protected:
            self._column.addWidget(Banner("warn", _("Protected address."), _("Say no address, not even to themselves."),
                                          closable=False))  # fmt: skip
        self._column.addWidget(rule())
        for each in deliveries[:4]:
            version = _("Notice version {version}").format(version=each.notice_version)
            self._pair(moment(each.state_at), f"{version}, {each.language}")
        if view.registered:
            self._pair(_("In the register"), f"{view.registered} – {view.removed}")
        self._column.addWidget(rule())
        self._column.addWidget(label(_("Said before"), "strong"))
        if not before:
            self._column.addWidget(label(_("No earlier enquiry."), "second"))
        for enquiry in before[:6]:
            what = f"{word(EnquiryWay(enquiry.way))}: {word(EnquiryKind(enquiry.kind))}"
            self._pair(moment(enquiry.saved_at), what)
        self._column.addStretch(1)
        record = button(_("Record as PDF…"), "quiet", "file-type-pdf", "aside_record")
        record.clicked.connect(lambda: self._record(PersonId(view.id)))
        to_person = button(_("Open the person"), "quiet", "users", "aside_person")
        to_person.clicked.connect(lambda: self.person_wanted.emit(view.id))
        self._column.addWidget(record)
        self._column.addWidget(to_person)

    def _pair(self, name: str, value: str) -> None:
        self._column.addWidget(label(name, "caption"))
        self._column.addWidget(label(value, wrap=True))

    def _record(self, person_id: PersonId) -> None:
        path = self.office.dialogs.save_file(self, _("Save the record"), "record.pdf", "PDF (*.pdf)")
        if path is not None:
            save_record(self.office, person_id, path)

    def show_enquiry(self, line: EnquiryLine) -> None:
        """Show one enquiry of the list, with the way to close it."""
        clear(self._column)
        self._column.addWidget(label(f"{enquiry_ref(EnquiryId(line.id))} · {word(EnquiryKind(line.kind))}", "heading",
                                     wrap=True))  # fmt: skip
        state = word(EnquiryState(line.state))
        if line.due_on is not None:
            state += ", " + _("due {when}").format(when=day(line.due_on))
        self._column.addWidget(label(state, "medium", tone="warn" if line.state == EnquiryState.OPEN else "ok"))
        self._column.addWidget(rule())
        self._pair(_("When"), f"{moment(line.saved_at)}, {word(EnquiryWay(line.way))}")
        self._pair(_("Taken by"), line.taken_by)
        self._pair(_("Identity"), word(Identity(line.identity)))
        if line.code_check:
            self._pair(_("Code"), word(CodeResult(line.code_check)))
        if line.note:
            self._pair(_("Note"), line.note)
        if line.outcome:
            self._pair(_("What came of it"), line.outcome)
        self._column.addStretch(1)
        if line.state == EnquiryState.OPEN:
            close = button(_("Close with what came of it…"), "", "check", "close_enquiry")
            close.setEnabled(not self.office.desk.read_only)
            close.clicked.connect(lambda: self._close(EnquiryId(line.id)))
            self._column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        if line.person_id is not None:
            person = line.person_id
            to_person = button(_("Open the person"), "quiet", "users", "aside_person")
            to_person.clicked.connect(lambda: self.person_wanted.emit(person))
            self._column.addWidget(to_person)

    def _close(self, enquiry_id: EnquiryId) -> None:
        desk = self.office.desk
        said = self.office.dialogs.text(self, _("What came of it"), _("What came of it?"))
        if said is not None:
            job = self.office.do(lambda _p: close_enquiry(desk, enquiry_id, said), None, _("Closing the enquiry"))
            job.done.connect(lambda _r: self.nobody())


def save_record(office: Office, person_id: PersonId, path: Any) -> None:
    """Make a person's record and write it where the officer said."""
    desk = office.desk

    def work(_progress: Any) -> bool:
        write_bytes(path, export_record(desk, person_id))
        return True

    office.do(work, lambda _done: office.toast.emit(_("The record is written.")), _("Making the record"))
