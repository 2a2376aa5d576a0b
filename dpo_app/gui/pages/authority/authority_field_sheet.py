"""The sheet in which the officer writes in one field of a notice to an authority, or leaves it open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dpo_app.core.authority.authority_notice import AnswerState, Own, parsed_own
from dpo_app.core.authority.authority_template import FieldKind
from dpo_app.core.errors import DpoError
from dpo_app.core.ids import NoticeId
from dpo_app.gui import theme
from dpo_app.gui.models.form_fields import FormField
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row, scrolling
from dpo_app.gui.words import counted, day, example_day, typed_day
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.services.authority.authority_case import Case
from dpo_app.services.authority.tell_authority import leave_open, say_in_notice

MOST_TICKS_SHOWN = 9
#: In how many days the example lies by which something will be known.
IN_DAYS = 7


def _why_missing() -> str:
    """Return what is said when an open field lacks its reason or its day."""
    return _("Say why it is not known yet, and by which day it will be, such as {example}.").format(
        example=example_day(IN_DAYS)
    )


class FieldSheet(QDialog):
    """One field: what the program knows stands above, what the officer says goes in its place."""

    def __init__(self, parent: QWidget, office: Office, case: Case, field: FormField) -> None:
        super().__init__(parent)
        self.office, self.case, self.field = office, case, field
        self.asked = case.template.field(field.key)
        self.own = case.notice.own.get(field.key)
        self.setObjectName("field_sheet")
        self.setWindowTitle(_("Write in field {place}").format(place=field.place))
        self.setMinimumWidth(theme.px(560))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(10))
        box.addWidget(label(f"{field.place}  {field.name}", "title", wrap=True))
        known = field.text or _("nothing yet")
        box.addWidget(label(_("Stands there now: {text} ({origin})").format(
            text=known, origin=word(field.answer.origin)), "second", wrap=True))  # fmt: skip
        self.editor = self._editor()
        box.addWidget(self.editor, 1)
        self._open_part(box)
        self.error = label("", "error", wrap=True, name="field_error")
        box.addWidget(self.error)
        back = button(_("Take back my words"), "quiet", "arrow-back-up", "field_back")
        back.setVisible(self.own is not None)
        back.clicked.connect(lambda: self._write(None))
        later, go = button(_("Cancel"), name="field_cancel"), button(_("Keep"), "primary", "check", "field_go")
        later.clicked.connect(self.reject)
        go.clicked.connect(self._keep)
        box.addLayout(row(back, None, later, go))
        self._look()

    def _editor(self) -> QWidget:
        """Return the control that fits the kind of the field, with what stands there now."""
        kind, value = self.asked.kind, self.field.answer.value
        option = self.case.words.option
        if kind is FieldKind.CHOICE:
            self.combo = QComboBox()
            self.combo.setObjectName("field_choice")
            self.combo.addItem("–", "")
            for each in self.asked.options:
                self.combo.addItem(option(self.asked.group, each), each)
            self.combo.setCurrentIndex(max(0, self.combo.findData(value)))
            return self._named(self.combo)
        if kind is FieldKind.CHOICES:
            return self._ticks(value if isinstance(value, tuple) else ())
        if kind is FieldKind.TEXT:
            self.text = QPlainTextEdit(self.field.text if self.field.answer.state is not AnswerState.OPEN else "")
            self.text.setObjectName("field_text")
            self.text.setTabChangesFocus(True)
            self.text.setMinimumHeight(theme.px(120))
            return self._named(self.text)
        shown = str(value) if value is not None and not isinstance(value, dict) else ""
        if kind is FieldKind.DATE and shown:
            shown = day(date.fromisoformat(shown))
        self.line = QLineEdit(shown)
        self.line.setObjectName("field_line")
        hints = {
            FieldKind.DATE: example_day(),
            FieldKind.INSTANT: datetime.now().astimezone().replace(microsecond=0).isoformat(),
            FieldKind.NUMBER: "33000",
        }
        self.line.setPlaceholderText(hints.get(kind, ""))
        return self._named(self.line)

    def _named(self, widget: QWidget) -> QWidget:
        widget.setAccessibleName(f"{self.field.place} {self.field.name}")
        return widget

    def _ticks(self, chosen: tuple[str, ...]) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        self.ticks: dict[str, QCheckBox] = {}
        for each in self.asked.options:
            tick = QCheckBox(self.case.words.option(self.asked.group, each))
            tick.setObjectName(f"tick_{each}")
            tick.setChecked(each in chosen)
            self.ticks[each] = tick
            column.addWidget(tick)
        if len(self.asked.options) <= MOST_TICKS_SHOWN:
            return holder
        area = scrolling(holder)
        area.setMinimumHeight(theme.px(240))
        return area

    def _open_part(self, box: QVBoxLayout) -> None:
        """Add what leaves the field open, where the form allows it."""
        answer = self.field.answer
        self.waits = QCheckBox(_("Not known yet: leave it open"))
        self.waits.setObjectName("field_open")
        self.waits.setChecked(answer.state is AnswerState.OPEN)
        self.waits.setVisible(self.asked.open)
        self.reason, self.due = QLineEdit(answer.reason), QLineEdit(day(answer.due) if answer.due else "")
        self.reason.setObjectName("open_reason")
        self.reason.setAccessibleName(_("Why it is not known yet"))
        self.reason.setPlaceholderText(_("Why it is not known yet"))
        self.due.setObjectName("open_due")
        self.due.setAccessibleName(_("Known by"))
        self.due.setPlaceholderText(example_day(IN_DAYS))
        self.due.setFixedWidth(theme.px(130))
        box.addWidget(self.waits)
        self.why = QWidget()
        self.why.setLayout(row(self.reason, label(_("Known by"), "second"), self.due))
        box.addWidget(self.why)
        self.waits.toggled.connect(lambda _on: self._look())

    def _look(self) -> None:
        self.why.setVisible(self.waits.isChecked())
        self.editor.setEnabled(not self.waits.isChecked())

    def _value(self) -> Any:
        kind = self.asked.kind
        if kind is FieldKind.CHOICE:
            return self.combo.currentData() or None
        if kind is FieldKind.CHOICES:
            return tuple(key for key, tick in self.ticks.items() if tick.isChecked())
        if kind is FieldKind.TEXT:
            return self.text.toPlainText().strip()
        text = self.line.text().strip()
        found = typed_day(text) if kind is FieldKind.DATE and text else None
        return parsed_own(self.asked, found.isoformat() if found else text) if text else None

    def _keep(self) -> None:
        try:
            own = self._left_open() if self.waits.isChecked() else Own(self._value())
        except ValueError:
            self.error.setText(_("The field does not take this. Look at the example in it."))
            return
        if own is not None:
            nothing = not own.open and own.value in (None, "", ())
            self._write(None if nothing else own)

    def _left_open(self) -> Own | None:
        due = typed_day(self.due.text()) if self.due.text().strip() else None
        if not self.reason.text().strip() or due is None:
            self.error.setText(_why_missing())
            return None
        return Own(open=True, reason=self.reason.text().strip(), due=due)

    def _write(self, own: Own | None) -> None:
        desk, notice_id, key = self.office.desk, self.case.notice_id, self.field.key
        job = self.office.do(lambda _p: say_in_notice(desk, notice_id, {key: own}), None, _("Keeping the field"))
        job.done.connect(lambda _r: self.accept())
        job.failed.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)


class OpenSheet(QDialog):
    """One reason and one day for everything that is not answered and may stay open."""

    def __init__(self, parent: QWidget, office: Office, notice_id: NoticeId, count: int) -> None:
        super().__init__(parent)
        self.office, self.notice_id = office, notice_id
        self.setObjectName("open_sheet")
        self.setWindowTitle(_("Leave the rest open"))
        self.setMinimumWidth(theme.px(520))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Leave the rest open"), "title"))
        box.addWidget(label(counted(
                    "{count} field may stay open in an incomplete notice. The authority reads why, and by when you will know.",
                    "{count} fields may stay open in an incomplete notice. The authority reads why, and by when you will know.",
                    count,
                ), "second", wrap=True))  # fmt: skip
        self.reason, self.due = QLineEdit(), QLineEdit()
        self.reason.setObjectName("rest_reason")
        self.reason.setPlaceholderText(_("Why it is not known yet"))
        self.reason.setAccessibleName(_("Why it is not known yet"))
        self.due.setObjectName("rest_due")
        self.due.setPlaceholderText(example_day(IN_DAYS))
        self.due.setAccessibleName(_("Known by"))
        self.due.setFixedWidth(theme.px(130))
        box.addWidget(self.reason)
        box.addLayout(row(label(_("Known by"), "second"), self.due, None))
        self.error = label("", "error", wrap=True, name="rest_error")
        box.addWidget(self.error)
        later, go = button(_("Cancel"), name="rest_cancel"), button(_("Leave them open"), "primary", "check", "rest_go")
        later.clicked.connect(self.reject)
        go.clicked.connect(self._go)
        box.addLayout(row(None, later, go))

    def _go(self) -> None:
        due = typed_day(self.due.text()) if self.due.text().strip() else None
        if due is None:
            self.error.setText(_why_missing())
            return
        desk, notice_id, reason = self.office.desk, self.notice_id, self.reason.text()
        job = self.office.do(lambda _p: leave_open(desk, notice_id, reason, due), None, _("Keeping the fields"))
        job.done.connect(lambda _r: self.accept())
        job.failed.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
