"""The sheets before something leaves: arming a breach, and the number to be typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.ids import BreachId
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.run_card import while_locked_words
from dpo_app.gui.widgets.day_fields import MomentField
from dpo_app.gui.widgets.parts import button, clear, label, row, rule, sign
from dpo_app.gui.words import local, number
from dpo_app.i18n import _, ngettext
from dpo_app.services.mail.arm_breach import arm_breach
from dpo_app.services.mail.mail_settings import renew_token

#: Icon, colour, what, and how it is.
Fact = tuple[str, str, str, str]
ARMED_FOR = timedelta(days=3)


def _sheet(made: QDialog, name: str, title: str, width: int) -> QVBoxLayout:
    made.setObjectName(name)
    made.setWindowTitle(title)
    made.setMinimumWidth(theme.px(width))
    box = QVBoxLayout(made)
    side = theme.px(24)
    box.setContentsMargins(side, theme.px(16), side, theme.px(16))
    box.setSpacing(theme.px(12))
    heading = label(title, "title", wrap=True)
    box.addWidget(heading)
    return box


def _time_field(name: str, text: str, value: datetime) -> QDateTimeEdit:
    shown = local(value)
    field = MomentField()
    field.setDateTime(QDateTime(shown.year, shown.month, shown.day, shown.hour, shown.minute, 0))
    field.setObjectName(name)
    field.setAccessibleName(text)
    return field


def _time_of(field: QDateTimeEdit) -> datetime:
    """Return the time of a field, in the zone of the screen."""
    found: Any = field.dateTime().toPython()
    return datetime.fromisoformat(found.isoformat()).replace(tzinfo=local(datetime.now(timezone.utc)).tzinfo)


class ArmSheet(QDialog):
    """Who decided, and until when; it can be taken back at any time."""

    def __init__(self, parent: QWidget, office: Office, breach_id: BreachId) -> None:
        super().__init__(parent)
        self.office, self.breach_id = office, breach_id
        box = _sheet(self, "arm_sheet", _("Arm the breach for sending"), 480)
        box.addWidget(label(_("Nothing is sent before this. It can be taken back at any time, and ends by itself."),
                            "second", wrap=True))  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        self.by = QLineEdit(office.desk.actor)
        self.by.setObjectName("armed_by")
        self.by.setAccessibleName(_("Who decided"))
        self.until = _time_field("armed_until", _("Until"), office.desk.clock.now() + ARMED_FOR)
        for place, (text, field) in enumerate(((_("Who decided"), self.by), (_("Until"), self.until))):
            caption = label(text, "second")
            caption.setBuddy(field)
            grid.addWidget(caption, place, 0)
            grid.addWidget(field, place, 1)
        box.addLayout(grid)
        self.error = label("", "error", wrap=True, name="arm_error")
        box.addWidget(self.error)
        later = button(_("Not yet"), name="arm_later")
        go = button(_("Arm"), "primary", "key", "arm_go")
        later.clicked.connect(self.reject)
        go.clicked.connect(self._arm)
        box.addLayout(row(None, later, go))

    def _arm(self) -> None:
        desk, breach_id, until, by = self.office.desk, self.breach_id, _time_of(self.until), self.by.text()
        job = self.office.do(lambda _p: arm_breach(desk, breach_id, until, by), None, _("Recording"))
        job.done.connect(lambda _r: self.accept())
        job.failed.connect(lambda error: self.error.setText(sentence(error)))


class TokenSheet(QDialog):
    """A new access token for a run that paused because the old one has expired. `renewed` brings the server with it."""

    renewed = Signal(object)

    def __init__(self, parent: QWidget, office: Office) -> None:
        super().__init__(parent)
        self.office = office
        box = _sheet(self, "token_sheet", _("A new access token"), 480)
        box.addWidget(label(_("Get one from your mail provider and paste it here. The program fetches none by itself: it "
                              "speaks to the mail server alone."), "second", wrap=True))  # fmt: skip
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setObjectName("token_field")
        ask = label(_("Access token"), "second")
        ask.setBuddy(self.token)
        self.token.setAccessibleName(ask.text())
        box.addWidget(ask)
        box.addWidget(self.token)
        self.error = label("", "error", wrap=True, name="token_error")
        box.addWidget(self.error)
        later = button(_("Not yet"), name="token_later")
        self.go = button(_("Save and go on"), "primary", "send", "token_go")
        later.clicked.connect(self.reject)
        self.go.clicked.connect(self._save)
        self.go.setEnabled(False)
        self.token.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        box.addLayout(row(None, later, self.go))

    def _save(self) -> None:
        desk, token = self.office.desk, self.token.text()
        job = self.office.do(lambda _p: renew_token(desk, token), None, _("Recording"))
        job.done.connect(self._saved)
        job.failed.connect(lambda error: self.error.setText(sentence(error)))

    def _saved(self, result: Any) -> None:
        self.token.clear()
        self.accept()
        self.renewed.emit(result[0])


class SendSheet(QDialog):
    """What leaves, to whom, by which server, until when; the number is typed before the button can be pressed.
    `confirmed` brings the number, the time to begin (None for now), and whether it goes on while locked."""

    confirmed = Signal(int, object, bool)

    def __init__(self, parent: QWidget, count: int, facts_at: Callable[[datetime | None], list[Fact]]) -> None:
        super().__init__(parent)
        self._count = count
        title = ngettext("Send the notice to {count} person", "Send the notice to {count} persons", count).format(
            count=number(count)
        )
        box = _sheet(self, "send_sheet", title, 560)
        box.addWidget(label(_("What is sent cannot be called back. It can be paused and stopped after any message."),
                            "second", wrap=True))  # fmt: skip
        self._facts_at = facts_at
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(theme.px(8))
        self._facts.setVerticalSpacing(theme.px(8))
        self._facts.setColumnStretch(2, 1)
        box.addLayout(self._facts)
        box.addWidget(rule())
        self.later = QCheckBox(_("Begin later"))
        self.later.setObjectName("send_later")
        self.at = _time_field("send_at", _("Begin at"), datetime.now(timezone.utc) + timedelta(hours=1))
        self.at.setEnabled(False)
        self.later.toggled.connect(self.at.setEnabled)
        self.later.toggled.connect(self._show_facts)
        self.at.dateTimeChanged.connect(self._show_facts)
        self._show_facts()
        box.addLayout(row(self.later, self.at, None))
        self.locked = QCheckBox(while_locked_words())
        self.locked.setObjectName("send_while_locked")
        box.addWidget(self.locked)
        box.addWidget(label(_("The program has to stay open. Without the tick the run pauses when the window locks."),
                            "second", wrap=True))  # fmt: skip
        self.typed = QLineEdit()
        self.typed.setObjectName("send_typed")
        self.typed.setFixedWidth(theme.px(140))
        ask = label(_("Type {count} to send").format(count=count), "strong")
        ask.setBuddy(self.typed)
        self.typed.setAccessibleName(ask.text())
        self.typed.textChanged.connect(self._look)
        box.addLayout(row(ask, self.typed, None))
        back = button(_("Not yet"), name="send_not_yet")
        text = ngettext("Send {count} e-mail", "Send {count} e-mails", count).format(count=number(count))
        self.go = button(text, "primary", "send", "send_go")
        back.clicked.connect(self.reject)
        self.go.clicked.connect(self._send)
        box.addLayout(row(None, back, self.go))
        self._look()
        self.typed.setFocus()

    def _show_facts(self) -> None:
        """Say what leaves and how long it takes, from the time that is chosen on."""
        clear(self._facts)
        for place, (icon, role, what, how) in enumerate(self._facts_at(self._begins())):
            self._facts.addWidget(sign(icon, role, 18), place, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(what), place, 1, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(how, wrap=True), place, 2)

    def _begins(self) -> datetime | None:
        return _time_of(self.at) if self.later.isChecked() else None

    def _look(self) -> None:
        right = "".join(self.typed.text().split()) == str(self._count)
        self.go.setEnabled(right)
        self.go.setToolTip("" if right else _("Type the number first"))

    def _send(self) -> None:
        self.confirmed.emit(self._count, self._begins(), self.locked.isChecked())
        self.accept()
