"""The form assistant: a narrow window that stays on top of the browser and hands over one field at a time.

Fields come in the order of the authority's web form. `Ctrl+C` copies, `Down` goes to the next one, `Up` back; what was
copied is remembered, and said again if the field has changed since.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from dpo_app.gui import clipboard, theme
from dpo_app.gui.models.form_fields import CopyState, FormField, Marks, parts_of, to_copy
from dpo_app.gui.widgets.copy_field import LOOKS, copied_words
from dpo_app.gui.widgets.parts import button, label, row, scrolling
from dpo_app.i18n import _
from dpo_app.services.authority.authority_case import Case


class FormAssistant(QWidget):
    """One field at a time. `copied` names the field; `marks` are shared with the page."""

    copied = Signal(str)
    closed = Signal()

    def __init__(self, case: Case, marks: Marks, mark: Callable[[FormField], None]) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setObjectName("form_assistant")
        self.setWindowTitle(_("Form assistant"))
        self.setWindowIcon(theme.emblem(64))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(theme.px(380), theme.px(430))
        self.setMinimumWidth(theme.px(320))
        self._marks, self._mark = marks, mark
        self._place = 0
        self._fields: list[FormField] = []
        self._titles: dict[int, str] = {}
        box = QVBoxLayout(self)
        side = theme.px(16)
        box.setContentsMargins(side, theme.px(12), side, theme.px(12))
        box.setSpacing(theme.px(8))
        self.progress = label("", "second", name="assistant_progress")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.section = label("", "caption", wrap=True, name="assistant_section")
        self.name = label("", "heading", wrap=True, name="assistant_name")
        self.value = label("", wrap=True, name="assistant_value")
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sign, self.state = QLabel(), label("", "medium", wrap=True, name="assistant_state")
        for each in (self.progress, self.bar, self.section, self.name):
            box.addWidget(each)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.value)
        inside.addStretch(1)
        box.addWidget(scrolling(holder), 1)
        said = row(self.sign, self.state, space=6)
        said.setStretch(1, 1)
        box.addLayout(said)
        self.hint = label("", "caption", wrap=True)
        box.addWidget(self.hint)
        box.addLayout(self._buttons())
        for key, act in (
            (QKeySequence(QKeySequence.StandardKey.Copy), self._copy_unless_selected),
            (QKeySequence(Qt.Key.Key_Down), lambda: self.step(1)), (QKeySequence(Qt.Key.Key_Up), lambda: self.step(-1)),
            (QKeySequence(Qt.Key.Key_Escape), self.close),
        ):  # fmt: skip
            QShortcut(key, self).activated.connect(act)
        self.use(case)

    def _buttons(self) -> QHBoxLayout:
        back = button(_("Back"), "", "", "assistant_back", _("Up"))
        back.clicked.connect(lambda: self.step(-1))
        copy = button(
            _("Copy"), "primary", "copy", "assistant_copy", QKeySequence(QKeySequence.StandardKey.Copy).toString()
        )
        copy.clicked.connect(self.copy)
        following = button(_("Next"), "", "", "assistant_next", _("Down"))
        following.clicked.connect(lambda: self.step(1))
        for press in (back, copy, following):
            press.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return row(back, None, copy, following)

    def use(self, case: Case) -> None:
        """Show another state of the notice; the field shown stays if it is still there."""
        key = self._fields[self._place].key if self._fields else ""
        parts = parts_of(case)
        self._fields = to_copy(parts)
        self._titles = {number: part.title for number, part in enumerate(parts, 1)}
        self._place = next((n for n, each in enumerate(self._fields) if each.key == key), 0)
        seen = _("In the order of the form.") if case.form.verified else (
            _("Nobody has compared this order with the form: it may differ.")
        )  # fmt: skip
        self.hint.setText(f"{case.form.title}. {seen} Ctrl+C, ↓, ↑")
        self._show()

    def _show(self) -> None:
        done = sum(each.copy_state(self._marks) is CopyState.COPIED for each in self._fields)
        self.progress.setText(_("{done} of {all} copied").format(done=done, all=len(self._fields)))
        self.bar.setMaximum(max(1, len(self._fields)))
        self.bar.setValue(done)
        self.bar.setAccessibleName(self.progress.text())
        if not self._fields:
            return
        field = self._fields[self._place]
        self.section.setText(f"{field.section} {self._titles[field.section]}")
        self.name.setText(f"{field.place}  {field.name}")
        self.value.setText(field.clip)
        self.value.setAccessibleName(f"{field.place}, {field.name}: {field.clip}")
        state = field.copy_state(self._marks)
        known = state is not CopyState.NOT
        icon, tone = LOOKS.get(state, ("circle-dashed", "info"))
        self.sign.setPixmap(theme.pixmap(icon, tone, 16))
        self.state.setText(copied_words(state, self._marks[field.key][1]) if known else _("not copied yet"))
        theme.set_state(self.state, "tone", tone)

    def copy(self) -> None:
        """Copy the field shown."""
        if not self._fields:
            return
        field = self._fields[self._place]
        clipboard.copy(field.clip)
        self._mark(field)
        self._show()
        self.copied.emit(field.key)

    def step(self, by: int) -> None:
        """Go to the next field or back; it stops at either end."""
        self._place = max(0, min(len(self._fields) - 1, self._place + by)) if self._fields else 0
        self._show()

    def _copy_unless_selected(self) -> None:
        if not self.value.hasSelectedText():
            self.copy()
        else:
            clipboard.copy(self.value.selectedText())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.closed.emit()
        super().closeEvent(event)


def close_assistants() -> None:
    """Close every assistant, as when the store is locked."""
    for each in QApplication.topLevelWidgets():
        if isinstance(each, FormAssistant):
            each.close()
