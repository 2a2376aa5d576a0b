"""Signs and patterns that tell a state without colour: discs of certainty, hatches, outlines (screens.md 2.2)."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QLabel

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import Certainty, ExposureState
from dpo_app.gui import theme
from dpo_app.gui.tokens import Scheme

#: standing: (icon, filled)
STANDING_ICONS: dict[str, tuple[str, bool]] = {
    Standing.TOLD.value: ("circle-check", True), Standing.ON_THE_WAY.value: ("send", False),
    Standing.OPEN.value: ("circle-dashed", False), Standing.UNKNOWN.value: ("help-circle", False),
    Standing.EXCUSED.value: ("circle-minus", False),
}  # fmt: skip
CHANNEL_ICONS = {
    "email": "mail", "letter": "mailbox", "public": "world", "officer": "user-exclamation", "none": "minus",
}  # fmt: skip
_SHARE = {"confirmed": 1.0, "likely": 0.75, "possible": 0.5, "undetermined": 0.0, "not_exposed": 0.0}


@lru_cache(maxsize=64)
def _disc(state: str, size: int, scheme: Scheme, ratio: float) -> QPixmap:
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = theme.color(state)
    box = QRectF(1.5, 1.5, size - 3, size - 3)
    pen = QPen(shade, 1.6)
    if state == ExposureState.UNDETERMINED:
        pen.setStyle(Qt.PenStyle.DotLine)
    painter.setPen(pen)
    painter.drawEllipse(box)
    share = _SHARE[state]
    if share:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        if share == 1.0:
            painter.drawEllipse(box)
        else:
            painter.drawPie(box, 90 * 16, -round(share * 360 * 16))
    elif state == ExposureState.UNDETERMINED:
        face = theme.font("caption")
        face.setPixelSize(max(8, size - 5))
        painter.setFont(face)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")
    painter.end()
    return made


def disc(state: str, size: int = 14) -> QPixmap:
    """Return the disc of an exposure: it fills with certainty."""
    return _disc(state, theme.px(size), theme.state.scheme, 2.0)


class Disc(QLabel):
    """A disc of certainty beside its word."""

    def __init__(self, state: str, size: int = 14) -> None:
        super().__init__()
        self._disc_state, self._disc_size = state, size
        self._show()
        theme.state.changed.connect(self._show)

    def _show(self) -> None:
        self.setPixmap(disc(self._disc_state, self._disc_size))


def fill_pattern(painter: QPainter, box: QRectF, role: str, pattern: str, radius: float) -> None:
    """Fill a rounded box: solid, broad (stripes), thin (stripes), dots, cross, level."""
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = theme.color(f"{role}_fill")
    if pattern == "solid":
        painter.fillPath(path, shade)
        painter.restore()
        return
    painter.fillPath(path, theme.color(f"{role}_bg"))
    painter.setClipPath(path)
    _hatch(painter, box, shade, pattern)
    painter.restore()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade, 1.2))
    painter.drawPath(path)
    painter.restore()


def _hatch(painter: QPainter, box: QRectF, shade: QColor, pattern: str) -> None:
    height = box.height()
    if pattern in ("broad", "thin", "cross"):
        step, pen = (7.0, 3.0) if pattern == "broad" else (11.0, 1.6) if pattern == "thin" else (6.0, 1.4)
        painter.setPen(QPen(shade, pen))
        x = box.left() - height
        while x < box.right() + height:
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + height, box.top()))
            if pattern == "cross":
                painter.drawLine(QPointF(x, box.top()), QPointF(x + height, box.bottom()))
            x += step
    elif pattern == "dots":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        y = box.top() + 4
        while y < box.bottom():
            x = box.left() + 4
            while x < box.right():
                painter.drawEllipse(QPointF(x, y), 1.3, 1.3)
                x += 8
            y += 7
    else:
        painter.setPen(QPen(shade, 1.2))
        y = box.top() + 3
        while y < box.bottom():
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            y += 5


STANDING_PATTERN = {"told": "solid", "on_the_way": "broad", "open": "dots", "unknown": "cross", "excused": "level"}
DISCLOSURE_PATTERN = {Certainty.CONFIRMED: "solid", Certainty.LIKELY: "broad", Certainty.POSSIBLE: "thin"}
INTRUSION_LINE = {
    Certainty.CONFIRMED: Qt.PenStyle.SolidLine, Certainty.LIKELY: Qt.PenStyle.DashLine,
    Certainty.POSSIBLE: Qt.PenStyle.DotLine,
}  # fmt: skip
