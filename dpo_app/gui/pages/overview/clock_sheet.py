"""How a deadline comes about, step by step, and what starts it, ends it or explains its delay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from dpo_app import i18n
from dpo_app.core.clocks.clock_record import stated_awareness
from dpo_app.core.clocks.deadline import Deadline
from dpo_app.core.clocks.period import Unit
from dpo_app.core.clocks.regime import Anchor
from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.files import write_bytes
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.facts.revision_form import moment_edit, moment_of
from dpo_app.gui.widgets.clock_card import LOOK
from dpo_app.gui.widgets.parts import Chip, button, clear, label, row, rule, scrolling
from dpo_app.gui.words import clock_words
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.services.clocks.clocks import Clocks, clocks_of
from dpo_app.services.clocks.export_calendar import breach_calendar
from dpo_app.services.clocks.record_clock import give_reason, record_anchor, record_done, set_target

NAMES_WIDTH, TEXT_LINES = 150, 72


class ClockSheet(QDialog):
    """The arithmetic of one duty of a breach; it reads itself anew after each record."""

    def __init__(self, parent: QWidget, office: Office, breach_id: BreachId, key: str, at_reason: bool = False) -> None:
        super().__init__(parent)
        self.office, self.breach_id, self.key, self._at_reason = office, breach_id, key, at_reason
        self.setObjectName("clock_sheet")
        self.setWindowTitle(_("How this is counted"))
        self.setMinimumSize(theme.px(720), theme.px(560))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.px(8), 0)
        self._column.setSpacing(theme.px(8))
        box.addWidget(scrolling(inner), 1)
        self.error = label("", "error", wrap=True, name="clock_error")
        box.addWidget(self.error)
        self.ics = button(_("Put into the calendar (.ics)…"), "", "calendar-due", "clock_ics")
        self.ics.clicked.connect(self._calendar)
        shut = button(_("Close"), name="clock_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(self.ics, None, shut))
        self._read()

    def _read(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        self.office.read(lambda queries: clocks_of(desk, queries, breach_id), self._show)

    def _show(self, clocks: Clocks) -> None:
        found = next((each for each in clocks.deadlines if each.key == self.key), None)
        clear(self._column)
        if found is None:
            self._column.addWidget(label(_("This duty no longer applies to the breach."), wrap=True))
            return
        words, now = clock_words(), self.office.desk.clock.now()
        state = found.state(now)
        self.ics.setVisible(found.due is not None and found.done is None)
        head = row(label(words.title(found), "title", wrap=True), Chip(word(state), *LOOK[state]), space=12)
        head.setStretch(0, 1)
        self._column.addLayout(head)
        writes = not self.office.desk.read_only
        if writes and (found.owes_reason(now) or self._at_reason):
            self._reason_form(found)
            self._column.addWidget(rule())
        self._column.addLayout(self._lines(found))
        if writes:
            self._forms(found, clocks, now)
        self._column.addStretch(1)

    def _lines(self, found: Deadline) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.px(6))
        grid.setHorizontalSpacing(theme.px(12))
        grid.setColumnMinimumWidth(0, theme.px(NAMES_WIDTH))
        grid.setColumnStretch(1, 1)
        lines = [(line.name, line.text, line.drives) for line in clock_words().lines(found)]
        if found.done is not None:
            when = clock_words().moment(found.done.at, found.zone)
            lines.append((_("Done"), f"{when} {found.done.source}".strip(), False))
        if found.reason:
            lines.append((_("Reason for delay"), found.reason, False))
        for place, (name, text, drives) in enumerate(lines):
            grid.addWidget(label(name, "second", wrap=True), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, "strong" if drives else "body", wrap=True, name=f"line_{place}"), place, 1)
            if drives:
                grid.addWidget(Chip(_("drives"), "info", "check"), place, 2, Qt.AlignmentFlag.AlignTop)
        return grid

    def _forms(self, found: Deadline, clocks: Clocks, now: datetime) -> None:
        """Add the fields that fit the state of the clock."""
        if found.reason_if_late and found.late_by(now) and found.reason and not self._at_reason:
            self._reason_form(found)
        stated = stated_awareness(clocks.revisions)
        if found.anchor_name == Anchor.AWARENESS and len({each.at for each in stated}) > 1:
            self._awareness_form(found, [each.at for each in stated])
        if found.event is None and found.anchors and found.anchors[0] in set(Anchor):
            self._event_form(found, found.anchors[0])
        elif found.done is None and found.event is not None:
            self._done_form(found)
            if found.period.unit is Unit.UNDUE_DELAY:
                self._target_form(found)

    def _section(self, heading: str, more: str = "") -> None:
        self._column.addWidget(rule())
        self._heading(heading, more)

    def _heading(self, heading: str, more: str) -> None:
        self._column.addWidget(label(heading, "heading", wrap=True))
        if more:
            self._column.addWidget(label(more, "second", wrap=True))

    def _field(self, name: str, accessible: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setAccessibleName(accessible)
        made.setPlaceholderText(hint)
        return made

    def _act(self, text: str, name: str, kind: str, work: Callable[[], Callable[[Any], Any] | None]) -> QHBoxLayout:
        """Return a row with a button that takes what was typed and writes it."""
        go = button(text, kind, name=name)

        def run() -> None:
            todo = work()
            if todo is None:
                return
            self.error.setText("")
            job = self.office.runner.write(todo)
            job.done.connect(self._saved)
            job.failed.connect(self._failed)

        go.clicked.connect(run)
        return row(go, None)

    def _saved(self, changes: Any) -> None:
        self.office.changed.emit(changes)
        self._at_reason = False
        self._read()

    def _failed(self, error: BaseException) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)

    def _reason_form(self, found: Deadline) -> None:
        self._heading(_("Why was it late?"), _("The reason is kept as a fact and goes into the notice (Art. 33(1))."))
        text = QPlainTextEdit(found.reason)
        text.setObjectName("late_reason")
        text.setAccessibleName(_("Why was it late?"))
        text.setTabChangesFocus(True)
        text.setFixedHeight(theme.px(TEXT_LINES))
        self._column.addWidget(text)
        desk, breach_id, key = self.office.desk, self.breach_id, self.key

        def work() -> Callable[[Any], Any]:
            reason = text.toPlainText()
            return lambda _p: give_reason(desk, breach_id, key, reason)

        self._column.addLayout(self._act(_("Save the reason"), "save_reason", "primary", work))
        if self._at_reason:
            text.setFocus()

    def _awareness_form(self, found: Deadline, stated: list[datetime]) -> None:
        self._section(_("Which awareness counts?"), _("It was corrected. The earliest drives until you decide, with the "
                      "reason, which one counts."))  # fmt: skip
        choices: list[tuple[QRadioButton, datetime]] = []
        for place, at in enumerate(sorted(set(stated))):
            each = QRadioButton(clock_words().moment(at, found.zone))
            each.setObjectName(f"aware_{place}")
            each.setChecked(at == found.anchor)
            choices.append((each, at))
            self._column.addWidget(each)
        why = self._field("aware_reason", _("Reason"), _("Reason, such as: the first time was a typing error"))
        self._column.addWidget(why)
        desk, breach_id = self.office.desk, self.breach_id

        def work() -> Callable[[Any], Any] | None:
            chosen = next((at for each, at in choices if each.isChecked()), None)
            reason = why.text()
            return None if chosen is None else lambda _p: record_anchor(
                desk, breach_id, Anchor.AWARENESS, chosen, reason)  # fmt: skip

        self._column.addLayout(self._act(_("This one counts"), "decide_awareness", "", work))

    def _event_form(self, found: Deadline, anchor: str) -> None:
        self._section(clock_words().question(found), _("The clock starts with it."))
        at = moment_edit(None, "event_at")
        at.setAccessibleName(clock_words().question(found))
        source = self._field("event_source", _("Source"), _("Who or what says so"))
        line = row(at, source)
        self._column.addLayout(line)
        desk, breach_id = self.office.desk, self.breach_id

        def work() -> Callable[[Any], Any]:
            when, said = datetime.fromisoformat(moment_of(at)), source.text()
            return lambda _p: record_anchor(desk, breach_id, anchor, when, said)

        self._column.addLayout(self._act(_("Record the event"), "record_event", "primary", work))

    def _done_form(self, found: Deadline) -> None:
        self._section(_("It was done"), _("For what went out outside this program. The time of the receipt counts."))
        at = moment_edit(None, "done_at")
        at.setAccessibleName(_("Done at"))
        source = self._field("done_source", _("To whom"), _("To whom, under which number"))
        self._column.addLayout(row(at, source))
        desk, breach_id, key = self.office.desk, self.breach_id, self.key

        def work() -> Callable[[Any], Any]:
            when, said = datetime.fromisoformat(moment_of(at)), source.text()
            return lambda _p: record_done(desk, breach_id, key, when, said)

        self._column.addLayout(self._act(_("Record as done"), "record_done", "", work))

    def _target_form(self, found: Deadline) -> None:
        self._section(
            _("Your own date"), _("The law gives no number here. Your own date stands on the card and reminds you.")
        )
        at = moment_edit(found.target, "target_at")
        at.setAccessibleName(_("Your own date"))
        self._column.addLayout(row(at, None))
        desk, breach_id, key = self.office.desk, self.breach_id, self.key

        def work() -> Callable[[Any], Any]:
            when = datetime.fromisoformat(moment_of(at))
            return lambda _p: set_target(desk, breach_id, key, when)

        self._column.addLayout(self._act(_("Set the date"), "set_target", "", work))

    def _calendar(self) -> None:
        path = self.office.dialogs.save_file(
            self, _("Put into the calendar"), f"deadline-B{self.breach_id}.ics", "*.ics"
        )
        if path is None:
            return
        desk, breach_id, key, language = self.office.desk, self.breach_id, self.key, i18n.current()

        def work(_progress: Any) -> None:
            write_bytes(path, breach_calendar(desk, breach_id, language, key))

        job = self.office.runner.run(work)
        job.done.connect(lambda _r: self.office.toast.emit(_("The calendar file is written.")))
        job.failed.connect(self._failed)
