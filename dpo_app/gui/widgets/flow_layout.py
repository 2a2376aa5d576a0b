"""A row that wraps: chips and buttons that do not fit go to the next line (Qt's own flow layout example, shortened)."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget
from shiboken6 import isValid

from dpo_app.gui import theme


class FlowLayout(QLayout):
    """Items from left to right, wrapped at the right edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(theme.px(6))

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._place(QRect(0, 0, width, 0), test=True)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        super().setGeometry(rect)
        self._place(rect, test=False)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802
        size = QSize()
        for item in self._living():
            size = size.expandedTo(item.minimumSize())
        return size

    def _living(self) -> list[QLayoutItem]:
        """Return the items; one whose widget was destroyed behind the layout is gone before the layout hears of it."""
        self._items = [item for item in self._items if isValid(item)]
        return self._items

    def _place(self, rect: QRect, test: bool) -> int:
        x, y, tall, gap = rect.x(), rect.y(), 0, self.spacing()
        for item in self._living():
            wide = item.sizeHint().width()
            if x + wide > rect.right() + 1 and tall > 0:
                x, y, tall = rect.x(), y + tall + gap, 0
            if not test:
                item.setGeometry(QRect(QPoint(x, y), item.sizeHint()))
            x += wide + gap
            tall = max(tall, item.sizeHint().height())
        return y + tall - rect.y()
