"""Sheets over one person: the exact text of a message, and other dates with what they move before they are accepted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import DpoError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, PersonId
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import full_moment
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.services.enquiries.sent_message import SentMessage
from dpo_app.services.facts.foresee_moves import DateMove, foresee_dates
from dpo_app.services.lines import PersonView
from dpo_app.services.persons.correct_dates import correct_dates

WAIT_MS = 250


class Sheet(QDialog):
    """A sheet with its title on top; `box` takes what is on it."""

    def __init__(self, parent: QWidget, title: str, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(560))
        self.box = QVBoxLayout(self)
        side = theme.px(24)
        self.box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        self.box.setSpacing(theme.px(12))
        self.box.addWidget(label(title, "title"))


class MessageSheet(Sheet):
    """One message as its person read it."""

    def __init__(self, parent: QWidget, message: SentMessage) -> None:
        super().__init__(parent, _("The message as it was sent"), "message_sheet")
        self.resize(theme.px(640), theme.px(640))
        channel, state = word(Channel(message.channel)), word(DeliveryState(message.state))
        self.box.addWidget(
            label(f"{channel}, {state}, {full_moment(message.at)} · {message.token}", "second", wrap=True)
        )
        if message.same is not None:
            said = (
                _("Made again from what was frozen, its fingerprint is the one that was kept.")
                if message.same
                else _(
                    "The register or the sender's details changed since: names in the text may differ, the wording does not."
                )
            )
            self.box.addWidget(label(said, "caption", wrap=True, tone="ok" if message.same else "warn",
                                     name="message_same"))  # fmt: skip
        if message.subject:
            self.box.addWidget(label(message.subject, "strong", wrap=True))
        self.text = QPlainTextEdit(message.text)
        self.text.setObjectName("message_text")
        self.text.setAccessibleName(_("Text of the message"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.box.addWidget(self.text, 1)
        copy = button(_("Copy"), "quiet", "copy", "copy_message")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        shut = button(_("Close"), name="close_message")
        shut.clicked.connect(self.accept)
        self.box.addLayout(row(copy, None, shut))


class DatesSheet(Sheet):
    """Other dates in the register: what they move is shown while they are typed; nothing is kept before *Correct*."""

    def __init__(self, parent: QWidget, office: Office, view: PersonView) -> None:
        super().__init__(parent, _("Correct the dates in the register"), "dates_sheet")
        self.office, self._view = office, view
        self.box.addWidget(label(_("The dates decide whether the data was there when somebody was inside. What was told "
                                   "before stays as it was."), "second", wrap=True))  # fmt: skip
        self.registered, self.removed, self.reason = (QLineEdit(text) for text in (view.registered, view.removed, ""))
        for field, name, text in (
            (self.registered, "dates_registered", _("In the register since")), (self.removed, "dates_removed", _("Removed on")),
            (self.reason, "dates_reason", _("Why? It stands in the audit trail, so name nobody.")),
        ):  # fmt: skip
            field.setObjectName(name)
            field.setAccessibleName(text)
            self.box.addWidget(label(text, "caption"))
            self.box.addWidget(field)
        self.outcome = label("", "medium", wrap=True, name="dates_outcome")
        self.error = label("", "error", wrap=True, name="dates_error")
        self.box.addWidget(self.outcome)
        self.box.addWidget(self.error)
        later = button(_("Not now"), name="dates_later")
        later.clicked.connect(self.reject)
        self.go = button(_("Correct the dates"), "primary", "check", "dates_go")
        self.go.clicked.connect(self._correct)
        self.box.addLayout(row(None, later, self.go))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._foresee)
        for field in (self.registered, self.removed):
            field.textChanged.connect(lambda: self._timer.start())
        self.reason.textChanged.connect(self._look)
        self._move: DateMove | None = None
        self._foresee()

    def _dates(self) -> tuple[str, str]:
        return self.registered.text().strip(), self.removed.text().strip()

    def _foresee(self) -> None:
        desk, view, dates = self.office.desk, self._view, self._dates()
        breach_id, person = BreachId(view.breach_id), PersonId(view.id)
        self._move = None
        self._look()
        job = self.office.runner.run(lambda _p: foresee_dates(desk, breach_id, {person: dates})[0])
        job.done.connect(lambda move: self._foreseen(move, dates))
        job.failed.connect(self._failed)

    def _foreseen(self, move: DateMove, dates: tuple[str, str]) -> None:
        if dates != self._dates():
            return
        self._move = move
        before = word(ExposureState(move.before)) if move.before else "–"
        if move.before == move.after.state.value:
            text = _("Exposure stays: {state}").format(state=before)
        else:
            text = _("Exposure moves: {before} → {after}").format(before=before, after=word(move.after.state))
        if move.owed is not None:
            text += "\n" + _("They were told and are owed more: {why}").format(why=word(move.owed))
        self.outcome.setText(text)
        self.error.setText("")
        self._look()

    def _failed(self, error: BaseException) -> None:
        self.outcome.setText("")
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)

    def _look(self) -> None:
        changed = self._dates() != (self._view.registered, self._view.removed)
        ready = self._move is not None and changed and bool(self.reason.text().strip())
        self.go.setEnabled(ready)
        self.go.setToolTip("" if ready else _("Change a date and give the reason"))

    def _correct(self) -> None:
        desk, view, dates, reason = self.office.desk, self._view, self._dates(), self.reason.text()
        breach_id, person = BreachId(view.breach_id), PersonId(view.id)

        def work(_progress: Any) -> Any:
            return correct_dates(desk, breach_id, person, *dates, reason)

        job = self.office.do(work, lambda _r: self.accept(), _("Correcting the dates"))
        job.failed.connect(self._failed)
