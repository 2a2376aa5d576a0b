"""The sheets of the Authority page: approve and export, record as handed in, add to the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_log import MOST_FILE_MB, AuthorityEvent, ContactKind
from dpo_app.core.errors import DpoError, InputError
from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.facts.revision_form import moment_edit, moment_of
from dpo_app.gui.pages.notices.approve_sheet import NAMES
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext, pgettext
from dpo_app.messages import explain, word
from dpo_app.services.authority.authority_case import Case
from dpo_app.services.authority.authority_view import AuthorityView
from dpo_app.services.authority.record_authority import record_authority_event
from dpo_app.services.authority.tell_authority import approve_authority_notice, draft_authority_notice


class _Sheet(QDialog):
    """What the sheets share: heading, explanation, a grid of named controls, an error, two buttons."""

    def __init__(self, parent: QWidget, office: Office, name: str, title: str, more: str) -> None:
        super().__init__(parent)
        self.office = office
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(600))
        self.box = QVBoxLayout(self)
        side = theme.px(24)
        self.box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        self.box.setSpacing(theme.px(12))
        self.box.addWidget(label(title, "title", wrap=True))
        if more:
            self.box.addWidget(label(more, "second", wrap=True))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(theme.px(16))
        self.grid.setVerticalSpacing(theme.px(8))
        self.grid.setColumnStretch(1, 1)

    def add(self, text: str, control: QWidget) -> Any:
        """Add a control under its name."""
        place = self.grid.rowCount()
        control.setAccessibleName(text)
        self.grid.addWidget(label(text, "second", wrap=True), place, 0)
        self.grid.addWidget(control, place, 1)
        return control

    def line(self, text: str, name: str, value: str = "") -> QLineEdit:
        """Add a line of text."""
        made = QLineEdit(value)
        made.setObjectName(name)
        self.add(text, made)
        return made

    def finish(self, go_text: str, icon: str, name: str, act: Callable[[], None]) -> None:
        """Add the error and the buttons."""
        self.box.addLayout(self.grid)
        self.error = label("", "error", wrap=True, name=f"{name}_error")
        self.box.addWidget(self.error)
        later = button(_("Not yet"), name=f"{name}_later")
        later.clicked.connect(self.reject)
        self.go = button(go_text, "primary", icon, f"{name}_go")
        self.go.clicked.connect(act)
        self.box.addLayout(row(None, later, self.go))

    def work(self, work: Callable[[Any], Any], name: str) -> None:
        """Run a use-case; the sheet closes when it is done and says why when it is not."""
        self.go.setEnabled(False)
        job = self.office.do(work, None, name)
        job.done.connect(lambda _r: self.accept())
        job.failed.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)


class ApproveAuthoritySheet(_Sheet):
    """Name and a tick; then the notice is frozen as PDF and JSON."""

    def __init__(self, parent: QWidget, office: Office, case: Case) -> None:
        title = _("Approve the notice to {authority}").format(authority=case.authority.name)
        more = _("After this nothing in it can be changed; what is learned later goes into a follow-up. It is not sent: you "
                 "hand it in yourself, and record when.")  # fmt: skip
        super().__init__(parent, office, "approve_authority_sheet", title, more)
        self.case = case
        left = len(case.filled.open)
        said = ngettext("This notice is {completeness}; {open} field stays open.",
                        "This notice is {completeness}; {open} fields stay open.", left)  # fmt: skip
        self.box.addWidget(
            label(said.format(completeness=word(case.filled.completeness), open=number(left)),
                  "medium", wrap=True)
        )  # fmt: skip
        self.read = QCheckBox(_("I have read it, section by section"))
        self.read.setObjectName("authority_read")
        self.box.addWidget(self.read)
        self.by = self.line(_("Approved by"), "authority_approved_by", office.desk.actor)
        self.finish(_("Approve and freeze"), "signature", "approve_authority", self._approve)
        self.read.toggled.connect(lambda _on: self._look())
        self.by.textChanged.connect(lambda _t: self._look())
        self._look()

    def _look(self) -> None:
        ready = self.read.isChecked() and bool(self.by.text().strip())
        self.go.setEnabled(ready)
        self.go.setToolTip("" if ready else _("Read the notice and give your name"))

    def _approve(self) -> None:
        desk, notice_id, by = self.office.desk, self.case.notice_id, self.by.text()
        self.work(lambda _p: approve_authority_notice(desk, notice_id, by), _("Freezing the notice"))


class _EventSheet(_Sheet):
    """What an entry of the log has in common: when, how, by whom, the authority's number, a file."""

    def __init__(self, parent: QWidget, office: Office, name: str, title: str, more: str) -> None:
        super().__init__(parent, office, name, title, more)
        self.files: list[Path] = []

    def event_rows(self, prefix: str) -> None:
        """Add the rows that every entry has."""
        self.at = moment_edit(None, f"{prefix}_at")
        self.add(_("When"), self.at)
        self.channel = QComboBox()
        self.channel.setObjectName(f"{prefix}_channel")
        for each in AuthorityChannel:
            self.channel.addItem(word(each), each)
        self.add(_("By what means"), self.channel)
        self.by = self.line(_("By whom"), f"{prefix}_by", self.office.desk.actor)
        self.number = self.line(_("Authority's number"), f"{prefix}_number")

    def file_row(self, prefix: str) -> None:
        """Add the row for a receipt or a letter."""
        self.file_name = label(_("none"), "second", wrap=True)
        choose = button(_("Choose a file…"), "", "upload", f"{prefix}_file")
        choose.clicked.connect(self._choose)
        holder = QWidget()
        holder.setLayout(row(choose, self.file_name, None))
        self.add(_("Receipt or letter"), holder)

    def _choose(self) -> None:
        path = self.office.dialogs.open_file(self, _("Receipt or letter"), "")
        if path is not None:
            self.files.append(path)
            self.file_name.setText(", ".join(each.name for each in self.files))

    def instant(self) -> datetime:
        """Return when it happened."""
        return datetime.fromisoformat(moment_of(self.at))

    def record(self, event: AuthorityEvent) -> None:
        """Record the entry with its files, read away from the screen's thread."""
        desk, paths = self.office.desk, tuple(self.files)
        self.work(
            lambda _p: record_authority_event(desk, event, [(path.name, _bytes(path)) for path in paths]),
            _("Recording"),
        )


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_FILE_MB * 1_000_000:
            raise InputError("file_too_big", file=path.name, limit_mb=MOST_FILE_MB)
        return path.read_bytes()
    except OSError:
        raise InputError("cannot_read", file=path.name) from None


class HandedInSheet(_EventSheet):
    """When, how and by whom an approved notice was handed in, with the authority's number and its receipt."""

    def __init__(self, parent: QWidget, office: Office, case: Case, late: bool) -> None:
        title = _("Record as handed in")
        more = _("To {authority}. The time counts for the deadline, to the minute.").format(
            authority=case.authority.name
        )
        super().__init__(parent, office, "handed_in_sheet", title, more)
        self.notice_id: NoticeId = case.notice_id
        self.event_rows("handed_in")
        self.reason: QPlainTextEdit | None = None
        if late:
            self.reason = QPlainTextEdit()
            self.reason.setObjectName("handed_in_reason")
            self.reason.setTabChangesFocus(True)
            self.reason.setFixedHeight(theme.px(64))
            self.add(_("Reason for delay"), self.reason)
        self.file_row("handed_in")
        self.finish(_("Record"), "check", "handed_in", self._record)

    def _record(self) -> None:
        self.record(
            AuthorityEvent(
                0, "", ContactKind.SUBMITTED, self.instant(), AuthorityChannel(self.channel.currentData()),
                self.by.text(), self.notice_id, reference=self.number.text().strip(),
                reason=self.reason.toPlainText().strip() if self.reason else "",
            )
        )  # fmt: skip


class LogSheet(_EventSheet):
    """A letter, a call, an order, an attempt through a channel that was down, or a notice made by other means; with a
    wrong entry, the one that stands in its place."""

    def __init__(
        self, parent: QWidget, office: Office, view: AuthorityView, wrong: AuthorityEvent | None = None
    ) -> None:
        title = _("Correct an entry") if wrong else _("Add to the log")
        super().__init__(parent, office, "log_sheet", title,
                         _("Entries are never changed; a wrong one is corrected by another."))  # fmt: skip
        self.breach_id: BreachId = view.breach_id
        self.wrong = wrong
        self.kind = QComboBox()
        self.kind.setObjectName("log_kind")
        for each in (ContactKind.RECEIVED, ContactKind.SENT, ContactKind.CALL, ContactKind.ORDER, ContactKind.ATTEMPTED,
                     ContactKind.SUBMITTED):  # fmt: skip
            self.kind.addItem(word(each), each)
        self.add(_("What"), self.kind)
        self.authority = authority_box(office, view)
        self.add(_("Authority"), self.authority)
        self.event_rows("log")
        self.phase = QComboBox()
        self.phase.setObjectName("log_phase")
        for phase in NoticePhase:
            self.phase.addItem(word(phase), phase)
        self.add(_("Made by other means"), self.phase)
        self.note = QPlainTextEdit()
        self.note.setObjectName("log_note")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(theme.px(72))
        self.add(_("In short"), self.note)
        self.file_row("log")
        if wrong is not None:
            self._take(wrong)
        self.finish(_("Correct") if wrong else _("Add"), "check" if wrong else "plus", "log", self._record)
        self.kind.currentIndexChanged.connect(lambda _i: self._look())
        self._look()

    def _take(self, wrong: AuthorityEvent) -> None:
        """Show what the wrong entry says; what it is and to whom stays."""
        self.kind.setCurrentIndex(self.kind.findData(wrong.kind))
        self.authority.setCurrentIndex(self.authority.findData(wrong.authority))
        for each in (self.kind, self.authority):
            each.setEnabled(False)
        self.at.setDateTime(QDateTime.fromSecsSinceEpoch(int(wrong.at.timestamp()), self.at.timeZone()))
        self.channel.setCurrentIndex(self.channel.findData(wrong.channel))
        self.by.setText(wrong.by)
        self.number.setText(wrong.reference)
        self.note.setPlainText(wrong.note or wrong.reason)
        if wrong.phase is not None:
            self.phase.setCurrentIndex(self.phase.findData(wrong.phase))

    def _look(self) -> None:
        submitted = self.kind.currentData() == ContactKind.SUBMITTED
        self.phase.setEnabled(submitted and not (self.wrong and self.wrong.notice_id))

    def _record(self) -> None:
        kind = ContactKind(self.kind.currentData())
        submitted = kind is ContactKind.SUBMITTED
        note = self.note.toPlainText().strip()
        wrong = self.wrong
        self.record(
            AuthorityEvent(
                self.breach_id, self.authority.currentData(), kind, self.instant(),
                AuthorityChannel(self.channel.currentData()), self.by.text(), wrong.notice_id if wrong else 0,
                NoticePhase(self.phase.currentData()) if submitted else None, reference=self.number.text().strip(),
                note=note, reason=note if submitted else "", corrects=wrong.id if wrong else 0,
            )
        )  # fmt: skip


class DraftSheet(_Sheet):
    """A notice to any authority: the first, a follow-up, the final one, or a withdrawal, in a language of the form."""

    def __init__(self, parent: QWidget, office: Office, view: AuthorityView) -> None:
        super().__init__(parent, office, "draft_sheet", _("Another notice"),
                         _("It is filled from the newest facts; your words from the notice before come along."))  # fmt: skip
        self.breach_id = view.breach_id
        self.authority = authority_box(office, view)
        self.add(_("Authority"), self.authority)
        self.kind = QComboBox()
        self.kind.setObjectName("draft_kind")
        for text, phase, withdraw in (
            (pgettext("authority", "First notice"), NoticePhase.INITIAL, False),
            (pgettext("authority", "Follow-up"), NoticePhase.FOLLOW_UP, False),
            (pgettext("authority", "Final notice"), NoticePhase.FINAL, False),
            (_("Withdrawal"), NoticePhase.FOLLOW_UP, True),
        ):  # fmt: skip
            self.kind.addItem(text, (phase, withdraw))
        self.add(_("What"), self.kind)
        self.language = QComboBox()
        self.language.setObjectName("draft_language")
        self.language.addItem(_("as the authority"), "")
        for code in office.desk.forms.languages():
            self.language.addItem(NAMES.get(code, code), code)
        self.add(_("Language"), self.language)
        self.finish(_("Draft the notice"), "pencil", "draft", self._draft)

    def _draft(self) -> None:
        desk, breach_id, authority = self.office.desk, self.breach_id, self.authority.currentData()
        (phase, withdraw), language = self.kind.currentData(), self.language.currentData()
        self.work(
            lambda _p: draft_authority_notice(desk, breach_id, authority, NoticePhase(phase), withdraw, language),
            _("Drafting the notice"),
        )


def authority_box(office: Office, view: AuthorityView) -> QComboBox:
    """Return a drop-down of all authorities, those that the breach touches first."""
    box = QComboBox()
    directory = office.desk.forms.directory()
    first = [each.authority for each in view.owed]
    for each_id in dict.fromkeys((*first, *(a.id for a in directory.authorities))):
        box.addItem(f"{each_id}  {directory.find(each_id).name}", each_id)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setObjectName("authority_choice")
    return box
