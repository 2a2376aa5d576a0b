"""A row of buttons of which one is chosen: the states of a fact, the answer to a question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import button, row


class Segment(QWidget):
    """Choices in words; `chosen` tells the value of the one that was pressed. None of them need be chosen."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], value: str, name: str, what: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(what)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        line = row(space=0)
        for key, text in choices:
            each = button(text, "segment", name=f"{name}_{key}")
            each.setCheckable(True)
            each.setChecked(key == value)
            each.setAccessibleName(f"{what}: {text}")
            each.setProperty("value", key)
            each.clicked.connect(lambda _=False, k=key: self.chosen.emit(k))
            self._group.addButton(each)
            line.addWidget(each)
        line.addStretch(1)
        line.setSpacing(theme.px(4))
        self.setLayout(line)

    def value(self) -> str:
        """Return the value of the button that is down, or ""."""
        checked = self._group.checkedButton()
        return str(checked.property("value")) if checked is not None else ""

    def set_value(self, value: str) -> None:
        """Press a button, or none."""
        self._group.setExclusive(False)
        for each in self._group.buttons():
            each.setChecked(each.property("value") == value)
        self._group.setExclusive(True)
