"""Fields for numbers and for a time of day, with their text as far from the border as that of any other field.

The style sheet cannot say so: Qt lays the line of text inside a spin box out itself and leaves its padding away.
"""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QTimeEdit

from dpo_app.gui import theme


def _indented(field: QAbstractSpinBox) -> None:
    field.lineEdit().setTextMargins(theme.px(7), 0, 0, 0)


class NumberField(QSpinBox):
    """A whole number."""

    def __init__(self) -> None:
        super().__init__()
        _indented(self)


class DecimalField(QDoubleSpinBox):
    """A number with decimals."""

    def __init__(self) -> None:
        super().__init__()
        _indented(self)


class TimeField(QTimeEdit):
    """Hours and minutes of a day."""

    def __init__(self) -> None:
        super().__init__()
        self.setDisplayFormat("HH:mm")
        _indented(self)
