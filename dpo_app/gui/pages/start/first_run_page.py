"""The first window: create a store, open one, look around in the example, or start the clock first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.clocks.deadline import authority_due
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.pages.facts.revision_form import moment_edit, moment_of
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.words import duration, full_moment
from dpo_app.i18n import _


class StartedClock(NamedTuple):
    """A breach before there is a store: held in memory only. `aware_at` is aware."""

    aware_at: datetime
    title: str

    def sentence(self, now: datetime, kept: bool = False) -> str:
        """Return the deadline in words, and where the two answers are: in memory, or `kept` in the store."""
        due = authority_due(self.aware_at)
        text = (
            _("The authority must be told by {when}: {left} left.")
            if due > now
            else _("The 72 hours ended on {when}, {left} ago: give the reason with the notice.")
        )
        where = _("It is kept in the store.") if kept else _("Held in memory until the store exists.")
        return " ".join((text.format(when=full_moment(due), left=duration(due - now)), where))


class _Choice(QPushButton):
    def __init__(self, icon: str, title: str, sentence: str, foot: str, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName(name)
        self.setAccessibleName(f"{title}. {sentence} {foot}")
        sign = QLabel()
        sign.setPixmap(theme.pixmap(icon, "accent", 32))
        box = QVBoxLayout(self)
        side = theme.px(20)
        box.setContentsMargins(side, side, side, theme.px(16))
        box.setSpacing(theme.px(4))
        words = label(sentence, "second", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        words.setMinimumHeight(2 * words.fontMetrics().lineSpacing() + 4)
        for each in (sign, label(title, "heading"), words):
            box.addWidget(each)
        box.insertSpacing(1, theme.px(8))
        box.addStretch(1)
        box.addWidget(label(foot, "caption"))
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(max(theme.px(180), box.sizeHint().height()))


class FirstRunPage(QWidget):
    """Three ways in, and the clock."""

    create_wanted = Signal()
    open_wanted = Signal()
    look_wanted = Signal()
    clock_started = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("first_run")
        sign = QLabel()
        sign.setPixmap(theme.emblem(theme.px(48)))
        column = QVBoxLayout()
        column.setSpacing(theme.px(16))
        head = QVBoxLayout()
        head.setSpacing(theme.px(2))
        head.addWidget(label("DPO Desk", "title"))
        head.addWidget(label(_("Who is affected, who must be told, who has been told"), "second"))
        top = row(sign, space=12)
        top.addLayout(head, 1)
        column.addStretch(2)
        column.addLayout(top)
        column.addSpacing(theme.px(8))
        column.addLayout(self._choices())
        column.addWidget(self._clock())
        self.note = label("", "second", wrap=True, name="first_note")
        self.error = label("", "error", wrap=True, name="first_error")
        self.band = QProgressBar()
        self.band.setTextVisible(False)
        shield = QLabel()
        shield.setPixmap(theme.pixmap("shield-check", "text_2", 18))
        self.promise = label(_("No account, no cloud, no telemetry. Nothing leaves this computer but what you send or save."),
                             "second")  # fmt: skip
        for part in (self.note, self.error, self.band):
            part.hide()
            column.addWidget(part)
        column.addLayout(row(shield, self.promise, None))
        column.addStretch(3)
        holder = QWidget()
        holder.setFixedWidth(theme.px(884))
        holder.setLayout(column)
        box = QHBoxLayout(self)
        box.addStretch(1)
        box.addWidget(holder)
        box.addStretch(1)
        self._due_timer = QTimer(self)
        self._due_timer.setInterval(30_000)
        self._due_timer.timeout.connect(self._show_due)
        self._due_timer.start()
        self._show_due()
        self.setFocusProxy(self.choices[0])

    def _choices(self) -> QHBoxLayout:
        choices = (
            ("database-plus", _("Create a store"), _("For your organisation. Encrypted, on this computer only."),
             _("about 5 minutes"), "create", self.create_wanted),
            ("folder-open", _("Open a store"), _("From this computer, another disk or a backup."),
             _("you need its passphrase"), "open_store", self.open_wanted),
            ("compass", _("Look around"), _("A made-up clinic with 2 000 persons to play every step."),
             _("nothing is real, nothing is sent"), "look_around", self.look_wanted),
        )  # fmt: skip
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        self.choices: list[_Choice] = []
        for icon, title, text, foot, name, signal in choices:
            each = _Choice(icon, title, text, foot, name)
            each.clicked.connect(signal)
            self.choices.append(each)
            line.addWidget(each, 1)
        return line

    def _clock(self) -> Card:
        card = Card()
        sign = QLabel()
        sign.setPixmap(theme.pixmap("alert-triangle", "warn", 22))
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(label(_("It happened just now?"), "strong"))
        words.addWidget(label(_("Start the clock first and set up while it runs."), "second"))
        self.aware = moment_edit(None, "clock_aware")
        self.aware.setAccessibleName(_("When did you learn of it?"))
        self.aware.dateTimeChanged.connect(self._show_due)
        self.title = QLineEdit()
        self.title.setObjectName("clock_title")
        self.title.setAccessibleName(_("What has happened?"))
        self.title.setPlaceholderText(_("What has happened?"))
        self.title.setMinimumWidth(theme.px(300))
        self.start = button(_("Start the clock"), "", "clock-hour-4", "start_clock")
        self.start.clicked.connect(self._start)
        self.title.returnPressed.connect(self._start)
        top = row(sign, space=12)
        top.addLayout(words, 1)
        card.body.addLayout(top)
        learned = label(_("When did you learn of it?"), "second")
        learned.setBuddy(self.aware)
        card.body.addLayout(row(learned, self.aware, self.title, self.start, space=12))
        self.due = label("", "medium", wrap=True, name="clock_due")
        card.body.addWidget(self.due)
        return card

    def _show_due(self) -> None:
        now = datetime.now().astimezone()
        aware = datetime.fromisoformat(moment_of(self.aware))
        if aware > now:
            self.due.setText(_("That is in the future: say when you learned of it."))
            return
        due = authority_due(aware)
        self.due.setText(
            _("The authority must be told by {when} (Art. 33(1)).").format(when=full_moment(due))
            if due > now
            else _("The 72 hours ended on {when}, {left} ago.").format(when=full_moment(due), left=duration(now - due))
        )

    def _start(self) -> None:
        now = datetime.now().astimezone()
        aware = datetime.fromisoformat(moment_of(self.aware))
        if not self.title.text().strip():
            self.due.setText(_("Say in a few words what has happened."))
            self.title.setFocus()
        elif aware > now:
            self._show_due()
            self.aware.setFocus()
        else:
            self.clock_started.emit(StartedClock(aware, self.title.text().strip()))

    def working(self, text: str) -> None:
        """Show that something is being made."""
        self.error.hide()
        self.note.setText(text)
        self.note.show()
        self.band.setRange(0, 0)
        self.band.show()
        for each in (*self.choices, self.start):
            each.setEnabled(False)

    def stepped(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.band.setRange(0, total)
        self.band.setValue(done)

    def failed(self, error: BaseException) -> None:
        """Say why it was not made."""
        self.band.hide()
        self.note.hide()
        self.error.setText(sentence(error))
        self.error.show()
        for each in (*self.choices, self.start):
            each.setEnabled(True)
