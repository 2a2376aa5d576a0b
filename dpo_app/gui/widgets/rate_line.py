"""Messages a minute over the last half hour, with the limit: a line, and the same as words for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dpo_app.gui import theme
from dpo_app.gui.words import number
from dpo_app.i18n import _

MINUTES = 30


class RateLine(QWidget):
    """The line. `set_rates` takes the messages of each of the last minutes, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self._rates: list[int] = [0] * MINUTES
        self._limit = 0
        self._from = self._to = ""
        self.setObjectName("rate_line")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.state.changed.connect(self.update)

    def set_rates(self, rates: Sequence[int], limit: int, first: str, last: str) -> None:
        """Show other figures; `first` and `last` are the times at both ends."""
        self._rates, self._limit, self._from, self._to = list(rates), limit, first, last
        said = _("Messages a minute, last 30 minutes: now {now}, most {most}").format(
            now=number(self._rates[-1]), most=number(max(self._rates))
        )
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(theme.px(320), theme.px(120))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(theme.px(200), theme.px(84))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        metrics = painter.fontMetrics()
        most = max(*self._rates, self._limit, 2)
        top = most * 1.15
        left, foot = metrics.horizontalAdvance(number(most)) + theme.px(8), metrics.height() + theme.px(4)
        area = QRectF(left, theme.px(4), self.width() - left - theme.px(2), self.height() - foot - theme.px(4))

        def spot(place: int, value: float) -> QPointF:
            x = area.left() + area.width() * place / max(1, len(self._rates) - 1)
            return QPointF(x, area.bottom() - area.height() * value / top)

        for value in (0, most // 2, most):
            line = spot(0, value)
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(line, QPointF(area.right(), line.y()))
            painter.setPen(theme.color("text_3"))
            box = QRectF(0, line.y() - metrics.height() / 2, left - theme.px(6), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(value))
        if self._limit:
            painter.setPen(QPen(theme.color("warn"), 1.4, Qt.PenStyle.DashLine))
            line = spot(0, self._limit)
            painter.drawLine(line, QPointF(area.right(), line.y()))
        points = [spot(place, value) for place, value in enumerate(self._rates)]
        shade = theme.color("info")
        shade.setAlpha(40)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(QPolygonF([QPointF(area.left(), area.bottom()), *points, area.bottomRight()]))
        painter.setPen(QPen(theme.color("info"), 1.6))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(theme.color("text_3"))
        ends = QRectF(area.left(), self.height() - metrics.height(), area.width(), metrics.height())
        painter.drawText(ends, Qt.AlignmentFlag.AlignLeft, self._from)
        painter.drawText(ends, Qt.AlignmentFlag.AlignRight, self._to)
