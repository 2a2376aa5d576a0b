"""The bell: what is late or due within three days over all breaches, and a word when an end comes near.

The word names the time and nothing else: it may be read over a shoulder. It comes when half of the time is left, at 24,
8 and 2 hours, and at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dpo_app import i18n
from dpo_app.core.clocks.deadline import ClockState
from dpo_app.core.errors import DpoError
from dpo_app.files import write_bytes
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.clock_card import LOOK
from dpo_app.gui.widgets.parts import button, label, row, rule, scrolling, sign
from dpo_app.gui.words import clock_words, duration, local
from dpo_app.i18n import _, ngettext
from dpo_app.messages import explain
from dpo_app.services.clocks.clocks import Clocks, Due, due_of
from dpo_app.services.clocks.export_calendar import reminder_calendar
from dpo_app.services.lines import BreachLine

EVERY_MS = 30_000
MARKS = (timedelta(hours=24), timedelta(hours=8), timedelta(hours=2), timedelta())


class Reminders(QObject):
    """Keeps what is due, shows its number on the bell, and says when a mark is passed."""

    def __init__(self, office: Office, window: QWidget) -> None:
        super().__init__(window)
        self.office, self._window = office, window
        self.bell = button("", "quiet", "bell", "bell", _("Reminders"))
        self.bell.clicked.connect(self.open)
        self.due: list[Due] = []
        self._lines: Sequence[BreachLine] = ()
        self._clocks: Mapping[int, Clocks] = {}
        self._looked_at = office.desk.clock.now()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(EVERY_MS)

    def take(self, lines: Sequence[BreachLine], clocks: Mapping[int, Clocks]) -> None:
        """Take the clocks of all breaches as they were read last; from then on time alone changes what is due."""
        self._lines, self._clocks = lines, clocks
        self.look()

    def look(self) -> None:
        """Show what is due now, and say when a mark was passed."""
        now = self.office.desk.clock.now()
        due = self.due = due_of(self._lines, self._clocks, now)
        late = sum(each.state is ClockState.LATE for each in due)
        text = ngettext("{count} reminder", "{count} reminders", len(due)).format(count=len(due))
        self.bell.setText(f"\u2002{len(due)}" if due else "")
        self.bell.setAccessibleName(text)
        self.bell.setToolTip(text)
        role = "danger" if late else "warn" if due else "text_2"
        self.bell.setIcon(theme.icon("bell", role, 16))
        for each in due:
            if self._passed(each, now) and each.deadline.due is not None:
                when = clock_words().moment(each.deadline.due, each.deadline.zone, end=True, brief=True)
                self.office.toast.emit(_("Something is due {when}. The bell shows what.").format(when=when))
                break
        self._looked_at = now

    def _passed(self, each: Due, now: datetime) -> bool:
        """Tell whether a mark of a deadline lies between the last look and now."""
        due = each.deadline.due
        if due is None or each.deadline.event is None:
            return False
        half = due - (due - each.deadline.anchor) / 2
        return any(self._looked_at < mark <= now for mark in (half, *(due - before for before in MARKS)))

    def open(self) -> None:
        """Show what is due."""
        ReminderSheet(self._window, self.office, self.due).open()


class ReminderSheet(QDialog):
    """What is late, due today, tomorrow and the day after; each line leads to its clock."""

    def __init__(self, parent: QWidget, office: Office, due: Sequence[Due]) -> None:
        super().__init__(parent)
        self.office = office
        self.setObjectName("reminder_sheet")
        self.setWindowTitle(_("Reminders"))
        self.setMinimumSize(theme.px(600), theme.px(420))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Reminders"), "title"))
        box.addWidget(label(_("What is late or due within 72 hours, over all breaches."), "second", wrap=True))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.px(8), 0)
        if not due:
            column.addWidget(label(_("Nothing is due."), name="nothing_due"))
        heading = ""
        for place, each in enumerate(due):
            found = self._group(each)
            if found != heading:
                heading = found
                column.addWidget(label(heading, "heading"))
            column.addLayout(self._line(each, place))
            column.addWidget(rule())
        column.addStretch(1)
        box.addWidget(scrolling(inner), 1)
        self.error = label("", "error", wrap=True, name="reminder_error")
        box.addWidget(self.error)
        ics = button(_("Put all into the calendar (.ics)…"), "", "calendar-due", "reminders_ics")
        ics.setEnabled(bool(due))
        ics.clicked.connect(self._calendar)
        shut = button(_("Close"), name="reminders_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(ics, None, shut))

    def _group(self, each: Due) -> str:
        if each.state is ClockState.LATE or each.deadline.due is None:
            return _("Late")
        days = (self._day(each.deadline.due) - self._day(self.office.desk.clock.now())).days
        return _("Later today") if days <= 0 else _("Tomorrow") if days == 1 else _("Within 72 hours")

    @staticmethod
    def _day(value: datetime) -> date:
        return local(value - timedelta(microseconds=1)).date()

    def _line(self, each: Due, place: int) -> QHBoxLayout:
        words, found = clock_words(), each.deadline
        role, icon = LOOK[each.state]
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(label(words.title(found), "strong", wrap=True))
        breach = " · ".join(filter(None, (each.breach.reference, each.breach.title)))
        text.addWidget(label(breach, "second", wrap=True))
        gap = duration((found.due or self.office.desk.clock.now()) - self.office.desk.clock.now())
        left = _("{gap} late") if each.state is ClockState.LATE else _("{gap} left")
        text.addWidget(label(f"{words.due(found)} · {left.format(gap=gap)}", "caption", wrap=True))
        go = self._go(each, place)
        line = row(sign(icon, role, 18))
        line.addLayout(text, 1)
        line.addWidget(go)
        return line

    def _go(self, each: Due, place: int) -> QPushButton:
        go = button(_("Open"), "", name=f"reminder_{place}")
        go.setAccessibleName(_("Open {duty}").format(duty=clock_words().title(each.deadline)))
        target = {"clock": each.deadline.key}
        go.clicked.connect(lambda: self.accept())
        go.clicked.connect(lambda: self.office.breach_wanted.emit(each.breach.id, "overview", target))
        return go

    def _calendar(self) -> None:
        path = self.office.dialogs.save_file(self, _("Put into the calendar"), "deadlines.ics", "*.ics")
        if path is None:
            return
        desk, language = self.office.desk, i18n.current()
        job = self.office.runner.run(lambda _progress: write_bytes(path, reminder_calendar(desk, language)))
        job.done.connect(lambda _r: self.office.toast.emit(_("The calendar file is written.")))
        job.failed.connect(self._failed)

    def _failed(self, error: Any) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
