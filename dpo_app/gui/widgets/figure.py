"""A number with its word, its pattern and what it is made of; the whole is a button that opens its list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dpo_app.gui import theme
from dpo_app.gui.widgets.painters import fill_pattern
from dpo_app.gui.widgets.parts import ElidingLabel, label, row
from dpo_app.gui.words import number


class Swatch(QWidget):
    """A box in the colour and pattern that a part of a bar has; without a role an empty one."""

    def __init__(self, role: str, pattern: str) -> None:
        super().__init__()
        self._role, self._pattern = role, pattern
        self.setFixedSize(theme.px(24), theme.px(14))
        theme.state.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        if self._role:
            fill_pattern(painter, box, self._role, self._pattern, 3)
            return
        painter.setPen(theme.color("line_strong"))
        painter.drawRoundedRect(box, 3, 3)


class Figure(QPushButton):
    """Swatch, word, number, caption. Zero stays: a figure that vanishes looks like a fault."""

    def __init__(self, name: str, text: str, role: str, pattern: str, lines: int = 1) -> None:
        super().__init__()
        self.setProperty("kind", "clear")
        self.setObjectName(name)
        self.setAccessibleName(text)
        self._text = text
        self._number, self._caption = label("0", "number"), ElidingLabel("", "caption", lines)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(4), theme.px(4), theme.px(4), theme.px(4))
        box.setSpacing(0)
        box.addLayout(row(Swatch(role, pattern), label(text), None, space=6))
        box.addWidget(self._number)
        box.addWidget(self._caption)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(box.sizeHint().height())

    def set_figure(self, count: int, caption: str) -> None:
        """Show another number with what it means, or is made of."""
        self._number.setText(number(count))
        self._caption.set_whole(caption)
        self.setAccessibleName(f"{self._text}: {number(count)}; {caption}")

    def sizeHint(self) -> QSize:  # noqa: N802
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()
