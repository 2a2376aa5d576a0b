"""Breaches at the left: title, nearest deadline with sign and words, how many have been told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dpo_app.core.clocks.deadline import OWED, ClockState
from dpo_app.gui import theme
from dpo_app.gui.widgets.clock_card import LOOK
from dpo_app.gui.widgets.parts import ElidingLabel, clear, label, scrolling
from dpo_app.gui.widgets.told_bar import ToldBar
from dpo_app.gui.words import day, duration, short_duration
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.clocks.clocks import Clocks, nearest_of
from dpo_app.services.lines import BreachLine


def deadline_words(breach: BreachLine, clocks: Clocks, now: datetime) -> tuple[str, str, str]:
    """Return what the list says of a breach's clocks: words, colour role and icon of the nearest one not done."""
    if breach.closed_at is not None:
        return _("Closed {when}").format(when=day(breach.closed_at.date())), "excused", "lock"
    found = nearest_of(clocks, now)
    states = [each.state(now) for each in clocks.deadlines]
    if found is None:
        if any(each.owes_reason(now) for each in clocks.deadlines):
            return _("The reason for the delay is owed"), *LOOK[ClockState.LATE]
        if any(state in OWED for state in states):
            return _("Persons: without undue delay"), *LOOK[ClockState.RUNNING]
        if ClockState.DONE in states or ClockState.DONE_LATE in states:
            return _("Everything due is done"), *LOOK[ClockState.DONE]
        if ClockState.NOT_STARTED in states:
            return _("No clock has started"), *LOOK[ClockState.NOT_STARTED]
        return _("Register only, no clock"), *LOOK[ClockState.NOT_OWED]
    assert found.due is not None
    who, state = word(found.addressee), found.state(now)
    left = short_duration(found.due - now) if state is ClockState.LATE else duration(found.due - now)
    text = _("{who}: late by {left}") if state is ClockState.LATE else _("{who}: {left} left")
    role, icon = LOOK[state]
    return text.format(who=who[:1].upper() + who[1:], left=left), role, icon


def order_of(breach: BreachLine, clocks: Clocks, now: datetime) -> tuple[bool, bool, float, int]:
    """Return by what the list is ordered: open before closed, the nearest deadline first, then the newest."""
    found = nearest_of(clocks, now)
    due = found.due.timestamp() if found is not None and found.due is not None else 0.0
    return breach.closed_at is not None, found is None, due, -breach.id


#: What the list leaves to an entry beside its scroll bar.
ENTRY_WIDTH = 220


class _Entry(QPushButton):
    def __init__(self, item: tuple[Any, str, str, str, dict[str, int]]) -> None:
        super().__init__()
        breach, words, role, icon, counts = item
        self.breach_id: int = breach.id
        self.setObjectName(f"breach_{breach.id}")
        self.setProperty("kind", "entry")
        self.setCheckable(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        box.setSpacing(theme.px(2))
        title = label(breach.title, "strong", wrap=True)
        title.setMaximumHeight(2 * title.fontMetrics().height() + 2)
        box.addWidget(title)
        second = " · ".join(filter(None, (breach.reference, breach.controller)))
        box.addWidget(ElidingLabel(second, "caption"))
        sign = QLabel()
        sign.setPixmap(theme.pixmap(icon, role, 16))
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        said = label(words, "medium", tone=role, wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        line.addWidget(said, 1)
        box.addLayout(line)
        if counts:
            bar = ToldBar(8)
            bar.set_counts(counts)
            box.addWidget(bar)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(f"{breach.title}, {second}, {words}")
        width = theme.px(ENTRY_WIDTH)
        # A label knows its lines only in its own font, which the sheet gives when it is polished.
        title.ensurePolished()
        title.setFixedWidth(width - theme.px(24))
        said.ensurePolished()
        said.setFixedHeight(said.heightForWidth(width - theme.px(24) - theme.px(16) - theme.px(6)))
        title.setFixedHeight(min(title.maximumHeight(), title.heightForWidth(title.width())))
        self.setFixedHeight(box.heightForWidth(width) if box.hasHeightForWidth() else box.sizeHint().height())


class BreachList(QFrame):
    """The list; Up and Down move, Enter opens."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(4))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scrolling(inner))
        self._entries: list[_Entry] = []

    def set_items(self, items: list[tuple[Any, str, str, str, dict[str, int]]], current: int | None) -> None:
        """Show breaches in order: (line, words of its deadline, colour role, icon, counts by standing)."""
        clear(self._column)
        self._entries = []
        for item in items:
            entry = _Entry(item)
            entry.clicked.connect(lambda _=False, e=entry: self.chosen.emit(e.breach_id))
            self._entries.append(entry)
            self._column.addWidget(entry)
        self._column.addStretch(1)
        if current is not None:
            self.mark(current)

    def mark(self, breach_id: int) -> None:
        """Show which breach is open."""
        for entry in self._entries:
            entry.setChecked(entry.breach_id == breach_id)
