"""An error is about what stands in the fields: it goes with the first of them that is changed. The one place for that."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QTextEdit,
    QWidget,
)


class Mending(QObject):
    """Watches every field inside a widget; emits `begun` at the first change of one, once.

    A change that the program makes while it reads anew is no mending: with `by_hand` only the field that has the
    focus counts.
    """

    begun = Signal()

    def __init__(self, root: QWidget, parent: QObject, by_hand: bool = False) -> None:
        super().__init__(parent)
        self._by_hand, self._over = by_hand, False
        for field in root.findChildren(QWidget):
            changed = _changed(field)
            if changed is not None:
                changed.connect(self._on_changed)

    def stop(self) -> None:
        """Watch no longer."""
        self._over = True
        self.deleteLater()

    def _on_changed(self) -> None:
        field = self.sender()
        if self._over or (self._by_hand and not (isinstance(field, QWidget) and _holds_focus(field))):
            return
        self.stop()
        self.begun.emit()


def _holds_focus(field: QWidget) -> bool:
    focused = field.window().focusWidget()
    return focused is not None and (focused is field or field.isAncestorOf(focused))


def _changed(field: QWidget) -> SignalInstance | None:
    """Return the signal by which a field says that it was changed; None for what is no field."""
    if isinstance(field, (QLineEdit, QPlainTextEdit, QTextEdit)):
        return field.textChanged
    if isinstance(field, QDateTimeEdit):
        return field.dateTimeChanged
    if isinstance(field, QSpinBox):
        return field.valueChanged
    if isinstance(field, QComboBox):
        return field.currentIndexChanged
    if isinstance(field, (QCheckBox, QRadioButton)):
        return field.toggled
    return None


class ErrorLabel(QLabel):
    """What is wrong with what stands in the fields of its window; it goes as soon as one of them is changed."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._mending: Mending | None = None

    def setText(self, text: str) -> None:  # noqa: N802
        """Say another error, or none."""
        super().setText(text)
        if self._mending is not None:
            self._mending.stop()
            self._mending = None
        if text:
            window = self.window()
            # A page fills its fields anew by itself; in a sheet only the officer changes them.
            self._mending = Mending(window, self, by_hand=not isinstance(window, QDialog))
            self._mending.begun.connect(self._mended)

    def _mended(self) -> None:
        self._mending = None
        super().setText("")
