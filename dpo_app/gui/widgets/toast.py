"""One line about something done, for eight seconds; never for an error, never takes the focus."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import label, row

SHOWN_MS = 8_000
_CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)


def free_place(window: QWidget, size: QSize, own: QWidget | None = None) -> QPoint:
    """Return where something of a size covers no control of a window: as far down as there is such a place, in each row
    the leftmost beside the list of breaches; the status line if there is none."""
    taken = [
        QRect(each.mapTo(window, QPoint(0, 0)), each.size())
        for each in window.findChildren(QWidget)
        if each is not own
        and each.isVisible()
        and each.window() is window
        and isinstance(each, _CONTROLS)
        and not (own is not None and own.isAncestorOf(each))
    ]
    edge, step = theme.px(8), theme.px(16)
    bottom = window.height() - theme.px(34) - size.height()
    for top in range(bottom, window.height() // 3, -step):
        for left in (*range(theme.px(264), window.width() - size.width() - edge, step), edge):
            place = QRect(QPoint(left, top), size).adjusted(-edge, -edge // 2, edge, edge // 2)
            if not any(place.intersects(each) for each in taken):
                return QPoint(left, top)
    return QPoint((window.width() - size.width()) // 2, window.height() - size.height())


class Toast(QWidget):
    """Low in the window, over the page, where it covers no control."""

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
            self.move(free_place(window, self.size(), self))
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("text"))
        painter.setBrush(theme.color("text"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
