"""A deadline as a card: what is left, until when, and its arithmetic."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dpo_app.core.clocks.deadline import ClockState, Deadline, Drives
from dpo_app.core.clocks.regime import Addressee
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import Card, Chip, button, label, row
from dpo_app.gui.words import clock_words, duration, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word

#: Colour role and icon of a state; the breach list and the reminders show them alike.
LOOK = {
    ClockState.RUNNING: ("info", "clock-hour-4"), ClockState.DUE_SOON: ("warn", "alert-triangle"),
    ClockState.LATE: ("danger", "alert-octagon"), ClockState.DONE: ("ok", "circle-check"),
    ClockState.DONE_LATE: ("warn", "circle-check"), ClockState.NOT_STARTED: ("excused", "clock-pause"),
    ClockState.NOT_OWED: ("excused", "circle-minus"),
}  # fmt: skip


class Share(NamedTuple):
    """How many of those in scope have been told, or are excused: shown for a duty towards persons."""

    told: int
    in_scope: int


class Face(NamedTuple):
    """What a card says: figure, unit beside it, one sentence, and the share of the ring that is full."""

    figure: str
    unit: str
    sentence: str
    share: float


def face_of(deadline: Deadline, now: datetime, share: Share | None = None) -> Face:
    """Return what a card says of a deadline at `now`."""
    words, state = clock_words(), deadline.state(now)
    if deadline.done is not None:
        return _met(deadline, share)
    if state is ClockState.NOT_OWED:
        return Face(word(state), "", _("By what is known, this duty does not arise."), 1.0)
    if share is not None and share.in_scope and deadline.addressee is Addressee.PERSONS and deadline.due is None:
        text = _share_words(share)
        part = share.told / share.in_scope
        return Face(_("{share} %").format(share=int(100 * part)), _("told"), text, part)
    if deadline.event is None:
        return Face("–", "", words.question(deadline), 0.0)
    if deadline.due is None:
        return Face(duration(now - deadline.anchor), _("running"), _("Owed without undue delay"), 1.0)
    when = words.due(deadline, brief=True)
    if state is ClockState.LATE:
        text = _("Due {when}. The reason is owed.") if deadline.owes_reason(now) else _("Due {when}")
        return Face(duration(now - deadline.due), _("late"), text.format(when=when), 1.0)
    whole = max(deadline.due - deadline.anchor, timedelta(seconds=1))
    return Face(
        duration(deadline.due - now), _("left"), _("Due {when}").format(when=when), (deadline.due - now) / whole
    )


def _met(deadline: Deadline, share: Share | None) -> Face:
    assert deadline.done is not None
    words, at = clock_words(), deadline.done.at
    unit = ""
    if deadline.due is not None and deadline.drives is not Drives.TARGET:
        gap = deadline.due - at
        unit = (_("{gap} late") if gap < timedelta() else _("{gap} early")).format(gap=duration(gap))
    parts = [words.moment(at, deadline.zone, brief=True), deadline.done.source]
    if share is not None and share.in_scope and deadline.addressee is Addressee.PERSONS:
        parts[1] = _share_words(share)
    return Face(_("Told"), unit, ", ".join(filter(None, parts)), 1.0)


def _share_words(share: Share) -> str:
    """Return how many of those in scope were told."""
    text = ngettext("{told} of {all} person in scope", "{told} of {all} persons in scope", share.in_scope)
    return text.format(told=number(share.told), all=number(share.in_scope))


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
    """One clock. It is recomputed from the stored instant on every tick, never counted down. A click anywhere, or the
    button beside the arithmetic, asks for the sheet; a late clock asks for its reason."""

    opened = Signal(str)
    reason_wanted = Signal(str)

    def __init__(self, deadline: Deadline, share: Share | None = None) -> None:
        super().__init__()
        self.deadline, self._share = deadline, share
        self.setObjectName(f"clock_{deadline.key}")
        self._ring = _Ring()
        self._figure, self._unit = label("", "figure"), label("", "second")
        self._sentence = label("", "second", wrap=True)
        self._arithmetic = label("", "caption", wrap=True)
        self._chip_place = QHBoxLayout()
        title = clock_words().title(deadline)
        heading = label(title, "heading", wrap=True)
        # Texts take the width that the row gives; the figure alone decides how narrow a card can be.
        for each in (heading, self._sentence, self._arithmetic):
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = row(heading)
        head.setStretch(0, 1)
        head.addLayout(self._chip_place)
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
        self.why = button(_("Why was it late?"), "", "pencil", f"why_{deadline.key}")
        self.why.clicked.connect(lambda: self.reason_wanted.emit(self.deadline.key))
        self.body.addWidget(self.why, 0, Qt.AlignmentFlag.AlignLeft)
        tip = _("How this is counted: {duty}").format(duty=title)
        self.open_button = button("", "link", "math-function", f"open_{deadline.key}", tip)
        self.open_button.clicked.connect(lambda: self.opened.emit(self.deadline.key))
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(6))
        foot.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._arithmetic, 1)
        self.body.addStretch(1)
        self.body.addLayout(foot)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._state: ClockState | None = None

    def tick(self, now: datetime) -> None:
        """Show how the deadline stands."""
        words, state = clock_words(), self._state_of(now)
        role, icon = LOOK[state]
        face = face_of(self.deadline, now, self._share)
        self._figure.setText(face.figure)
        self._unit.setText(face.unit)
        self._sentence.setText(face.sentence)
        self._ring.set_share(face.share, role, icon)
        started = self.deadline.event is not None
        self._arithmetic.setText(words.sum(self.deadline, brief=True) if started else words.citation(self.deadline))
        self.why.setVisible(self.deadline.owes_reason(now))
        if state is not self._state:
            if self._state is not None:
                said = f"{words.title(self.deadline)}: {word(state)}"
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
            self._state = state
            while (old := self._chip_place.takeAt(0)) is not None:
                if (widget := old.widget()) is not None:
                    widget.deleteLater()
            self._chip_place.addWidget(Chip(word(state), role, icon), 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{words.title(self.deadline)}, {words.citation(self.deadline)}")
        self.setAccessibleDescription(
            f"{word(state)}. {face.figure} {face.unit}. {face.sentence} {self._arithmetic.text()}"
        )

    def _state_of(self, now: datetime) -> ClockState:
        """Return the state to show: persons who are being told are a duty that runs, whoever recorded its beginning."""
        state, share = self.deadline.state(now), self._share
        begun = share is not None and share.told > 0 and self.deadline.addressee is Addressee.PERSONS
        return ClockState.RUNNING if state is ClockState.NOT_STARTED and begun else state

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.deadline.key)
