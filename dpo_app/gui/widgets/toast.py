"""One line about something done, for eight seconds; never for an error, never takes the focus."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import label, row

SHOWN_MS = 8_000


class Toast(QWidget):
    """At the bottom left of the window, over the page."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("toast")
        self._text = label("", "medium", tone="toast", name="toast_text")
        line = row(self._text)
        line.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        self.setLayout(line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str) -> None:
        """Show a line."""
        self._text.setText(text)
        self.adjustSize()
        window = self.parentWidget()
        if window is not None:
            self.move(theme.px(264), window.height() - self.height() - theme.px(40))
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("text"))
        painter.setBrush(theme.color("text"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
