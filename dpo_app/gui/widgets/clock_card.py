"""A deadline as a card: what is left, until when, and its arithmetic."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dpo_app.core.deadline import ClockState, Deadline
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import Card, Chip, label, row
from dpo_app.gui.words import duration, full_moment, moment
from dpo_app.i18n import _
from dpo_app.messages import word

_LOOK = {
    ClockState.RUNNING: ("info", "clock-hour-4"), ClockState.DUE_SOON: ("warn", "alert-triangle"),
    ClockState.LATE: ("danger", "alert-octagon"), ClockState.DONE: ("ok", "circle-check"),
}  # fmt: skip


class _Ring(QWidget):
    """What is left of the time as a ring from twelve o'clock, the sign in its middle."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(theme.px(58), theme.px(58))
        self._share, self._role, self._icon = 1.0, "info", "clock-hour-4"
        theme.state.changed.connect(self.update)

    def set_share(self, share: float, role: str, icon: str) -> None:
        self._share, self._role, self._icon = max(0.0, min(1.0, share)), role, icon
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.setPen(QPen(theme.color("line"), 6))
        painter.drawEllipse(box)
        painter.setPen(QPen(theme.color(self._role), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawArc(box, 90 * 16, -round(self._share * 360 * 16))
        picture = theme.pixmap(self._icon, self._role, 20)
        size = picture.deviceIndependentSize()
        painter.drawPixmap(int((self.width() - size.width()) / 2), int((self.height() - size.height()) / 2), picture)


class ClockCard(Card):
    """One clock. It is recomputed from the stored instant on every tick, never counted down."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._ring = _Ring()
        self._figure, self._unit = label("", "figure"), label("", "second")
        self._sentence = label("", "second", wrap=True)
        self._arithmetic = label("", "caption", wrap=True)
        self._chip_place = QHBoxLayout()
        head = row(label(title, "heading"), None)
        head.addLayout(self._chip_place)
        sign = QLabel()
        sign.setPixmap(theme.pixmap("math-function", "text_3", 16))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(row(self._figure, self._unit, None, space=6))
        words.addWidget(self._sentence)
        middle = QGridLayout()
        middle.setHorizontalSpacing(theme.px(12))
        middle.addWidget(self._ring, 0, 0, Qt.AlignmentFlag.AlignTop)
        middle.addLayout(words, 0, 1)
        middle.setColumnStretch(1, 1)
        self.body.addLayout(head)
        self.body.addLayout(middle)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(6))
        foot.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._arithmetic, 1)
        self.body.addStretch(1)
        self.body.addLayout(foot)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._chip: Chip | None = None

    def set_deadline(self, deadline: Deadline, now: datetime) -> None:
        """Show how a deadline stands."""
        state = deadline.state(now)
        left = deadline.due - now
        role, icon = _LOOK[state]
        share = 1.0 if state is ClockState.LATE else left / (deadline.due - deadline.anchor)
        self._figure.setText(duration(left))
        if state is ClockState.LATE:
            unit, sentence = _("late"), _("Due {when}. The reason is owed.").format(when=moment(deadline.due))
        else:
            unit, sentence = _("left"), _("Due {when}").format(when=moment(deadline.due))
        self._show(state, role, icon, share, unit, sentence)
        self._arithmetic.setText(
            _("{start} + {hours} h = {due}").format(
                start=full_moment(deadline.anchor), hours=deadline.hours, due=moment(deadline.due)
            )
        )
        self.setAccessibleName(f"{self._title}, {deadline.citation}")
        self.setAccessibleDescription(f"{self._figure.text()} {unit}. {sentence} {self._arithmetic.text()}")

    def set_share(self, figure: str, unit: str, sentence: str, share: float, done: bool, foot: str) -> None:
        """Show a duty without fixed hours by how far it is done."""
        state = ClockState.DONE if done else ClockState.RUNNING
        role, icon = _LOOK[state]
        self._figure.setText(figure)
        self._show(state, role, icon, share, unit, sentence)
        self._arithmetic.setText(foot)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(f"{figure} {unit}. {sentence}")

    def _show(self, state: ClockState, role: str, icon: str, share: float, unit: str, sentence: str) -> None:
        self._unit.setText(unit)
        self._sentence.setText(sentence)
        self._ring.set_share(share, role, icon)
        if self._chip is not None:
            self._chip.deleteLater()
        self._chip = Chip(word(state), role, icon)
        self._chip_place.addWidget(self._chip)
