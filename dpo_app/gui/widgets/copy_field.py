"""A field of the authority's form: its number and name, what stands in it with its origin, what it said before, and
the button that copies it (screens.md 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from dpo_app.core.authority.authority_notice import AnswerState
from dpo_app.gui import theme
from dpo_app.gui.models.form_fields import CopyState, FormField
from dpo_app.gui.widgets.parts import button, label, row, sign
from dpo_app.gui.words import local, number
from dpo_app.i18n import _
from dpo_app.messages import word

#: What follows from the phase and from what is open.
FIXED = frozenset({"type", "subtype"})
LOOKS = {
    CopyState.COPIED: ("copy-check", "ok"), CopyState.CHANGED: ("refresh", "warn"),
}  # fmt: skip


def copied_words(state: CopyState, at: datetime | None) -> str:
    """Return what is said of a field that was copied; "" for one that was not."""
    if state is CopyState.NOT or at is None:
        return ""
    if state is CopyState.CHANGED:
        return _("changed since copied")
    return _("copied {time}").format(time=f"{local(at):%H:%M}")


class CopyField(QFrame):
    """One field. `copied` and `edit_wanted` name it by its key."""

    copied = Signal(str)
    edit_wanted = Signal(str)

    def __init__(self, field: FormField, marks: Mapping[str, tuple[str, datetime]], editable: bool) -> None:
        super().__init__()
        self.field, self._marks = field, marks
        self.setObjectName(f"field_{field.key}")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.px(8), 0, theme.px(8))
        box.setSpacing(theme.px(2))
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(label(field.place, "caption"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(field.name, "medium", wrap=True), 1)
        self.mark = QHBoxLayout()
        self.mark.setSpacing(theme.px(4))
        head.addLayout(self.mark)
        box.addLayout(head)
        if field.was is not None:
            before = _("was {value}").format(value=field.was) if field.was else _("not said before")
            was = label(before, "medium", wrap=True, tone="info", name=f"was_{field.key}")
            was.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addLayout(_led("arrows-exchange", "info", was))
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        value = label(field.text or "–", "strong" if field.was is not None else "body", wrap=True,
                      name=f"value_{field.key}")  # fmt: skip
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line.addWidget(value, 1)
        if editable and field.key not in FIXED:
            write = button(_("Write"), "link", "pencil", f"write_{field.key}")
            write.setAccessibleName(_("Write in field {place}, {name}").format(place=field.place, name=field.name))
            write.clicked.connect(lambda: self.edit_wanted.emit(field.key))
            line.addWidget(write, 0, Qt.AlignmentFlag.AlignTop)
        self.copy = button(_("Copy"), "", "copy", f"copy_{field.key}")
        self.copy.setEnabled(bool(field.clip) and field.answer.state is not AnswerState.OPEN)
        self.copy.clicked.connect(lambda: self.copied.emit(field.key))
        line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(line)
        if field.gap is not None:
            why = _("may stay open") if field.may_stay_open else _("must be answered")
            text = f"{word(field.gap.kind)} · {why}"
            box.addLayout(_led("alert-triangle", "warn", label(text, "medium", wrap=True, tone="warn")))
        box.addWidget(label(self._origin(), "caption", wrap=True))
        self.show_mark()

    def _origin(self) -> str:
        answer = self.field.answer
        parts = [word(answer.origin)]
        if answer.state in (AnswerState.ESTIMATED, AnswerState.OPEN, AnswerState.EMPTY):
            parts.append(word(answer.state))
        if answer.source:
            parts.append(answer.source)
        stated = answer.extra.get("stated_in_facts")
        if isinstance(stated, int):
            parts.append(_("the facts say {count}").format(count=number(stated)))
        if self.field.program and self.field.program != self.field.text:
            parts.append(_("the program would say: {text}").format(text=self.field.program))
        return " · ".join(parts)

    def show_mark(self) -> None:
        """Show whether and when the field was copied."""
        while self.mark.count():
            item = self.mark.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        state = self.field.copy_state(self._marks)
        said = copied_words(state, self._marks[self.field.key][1] if state is not CopyState.NOT else None)
        if said:
            icon, tone = LOOKS[state]
            self.mark.addWidget(sign(icon, tone, 16))
            self.mark.addWidget(label(said, "medium", tone=tone, name=f"mark_{self.field.key}"))
        told = ", ".join(filter(None, (self.field.place, self.field.name, self.field.text, said)))
        self.setAccessibleName(told)
        self.copy.setAccessibleName(
            _("Copy field {place}, {name}").format(place=self.field.place, name=self.field.name)
        )


def _led(icon: str, tone: str, words: QFrame) -> QHBoxLayout:
    line = row(space=6)
    line.addWidget(sign(icon, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(words, 1)
    return line
