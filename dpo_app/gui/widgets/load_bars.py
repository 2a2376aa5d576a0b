"""Calls by the hour: what is expected as outlines, what came as filled bars; the figures stand in the accessible name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dpo_app.core.persons.enquiry_load import HourLoad
from dpo_app.gui import theme
from dpo_app.gui.words import local
from dpo_app.i18n import _


class LoadBars(QWidget):
    """Bars of one day of service."""

    def __init__(self) -> None:
        super().__init__()
        self._hours: Sequence[HourLoad] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.state.changed.connect(self.update)

    def set_hours(self, hours: Sequence[HourLoad]) -> None:
        """Show a day."""
        self._hours = hours
        said = [
            _("{hour}: {expected} expected, {asked} came").format(
                hour=local(h.at).hour, expected=round(h.expected), asked=h.asked
            )
            if h.asked is not None
            else _("{hour}: {expected} expected").format(hour=local(h.at).hour, expected=round(h.expected))
            for h in hours
        ]
        self.setAccessibleName(_("Calls by the hour"))
        self.setAccessibleDescription("; ".join(said))
        self.setToolTip("\n".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(theme.px(180), theme.px(96))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if not self._hours:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = theme.font("caption")
        painter.setFont(face)
        line = QFontMetrics(face).height()
        room = self.height() - line - 4
        most = max(1.0, *(max(h.expected, h.asked or 0) for h in self._hours))
        step = self.width() / len(self._hours)
        for place, hour in enumerate(self._hours):
            left, wide = place * step + step * 0.15, step * 0.7
            came = (hour.asked or 0) / most * room
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("on_the_way_fill"))
            if came:
                painter.drawRoundedRect(QRectF(left, room - came + 1, wide, came), 2, 2)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("on_the_way"), 1.2, Qt.PenStyle.DashLine))
            tall = max(3.0, hour.expected / most * room)
            painter.drawRoundedRect(QRectF(left, room - tall + 1, wide, tall - 1), 3, 3)
            painter.setPen(theme.color("text_3"))
            box = QRectF(place * step, self.height() - line, step, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(local(hour.at).hour))
