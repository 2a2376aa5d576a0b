"""The bar of standings and its figures: everybody in scope, in exactly one part."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dpo_app.core.delivery import Standing
from dpo_app.gui import theme
from dpo_app.gui.widgets.figure import Figure
from dpo_app.gui.widgets.painters import STANDING_PATTERN, fill_pattern
from dpo_app.gui.words import number
from dpo_app.messages import word

GAP, LEAST = 2.0, 5.0


def segments(counts: dict[str, int], width: float) -> list[tuple[str, float, float]]:
    """Return (standing, left, width) of each part that is not zero: at least five pixels each, taken from the widest,
    and never a full bar while one person is missing."""
    shown = [(each.value, counts.get(each.value, 0)) for each in Standing if counts.get(each.value, 0)]
    total = sum(count for _, count in shown)
    free = width - GAP * (len(shown) - 1)
    if not shown or free <= 0:
        return []
    widths = [max(LEAST, free * count / total) for _, count in shown]
    widths[widths.index(max(widths))] -= sum(widths) - free
    out, x = [], 0.0
    for (name, _), part in zip(shown, widths, strict=True):
        out.append((name, x, part))
        x += part + GAP
    return out


class ToldBar(QWidget):
    """The bar alone, 30 px or 8 px high."""

    def __init__(self, height: int = 30) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self._tall = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.state.changed.connect(self.update)

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show other counts, by standing."""
        self._counts = dict(counts)
        parts = ", ".join(f"{number(self._counts.get(s.value, 0))} {word(s)}" for s in Standing)
        self.setAccessibleName(parts)
        self.setToolTip(parts)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(theme.px(200), theme.px(self._tall))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        parts = segments(self._counts, self.width() - 1)
        if not parts:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("line"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
            return
        for name, left, width in parts:
            box = QRectF(left + 0.5, 0.5, width - 1, self.height() - 1)
            fill_pattern(painter, box, name, STANDING_PATTERN[name], min(4.0, box.height() / 2))


class ToldPanel(QWidget):
    """Bar and five figures."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.bar = ToldBar()
        self.figures = {
            each.value: Figure(f"figure_{each.value}", word(each), each.value, STANDING_PATTERN[each.value], 2)
            for each in Standing
        }
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        for name, figure in self.figures.items():
            figure.clicked.connect(lambda _=False, n=name: self.chosen.emit(n))
            line.addWidget(figure)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.bar)
        box.addLayout(line)

    def set_standings(self, counts: dict[str, int], captions: dict[str, str]) -> None:
        """Show counts and captions by standing."""
        self.bar.set_counts(counts)
        for name, figure in self.figures.items():
            figure.set_figure(counts.get(name, 0), captions.get(name, ""))
