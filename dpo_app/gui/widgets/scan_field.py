"""A field for codes that a hand scanner or a person types; a digit alone is a reason.

A scanner is a keyboard: it types a code within some hundredths of a second and ends with Enter. A digit typed into the
empty field is taken as a reason if nothing follows at once, because a code may begin with one, too.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from dpo_app.gui import theme
from dpo_app.i18n import _

#: No scanner leaves so much time between two signs, hardly a person so little after a key that was meant alone.
ALONE_MS = 220


class ScanField(QLineEdit):
    """`scanned` carries what was ended with Enter; `digit` a digit that stood alone; `taken_back` is Ctrl+Z in the empty
    field."""

    scanned = Signal(str)
    digit = Signal(int)
    taken_back = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(_("Code on the letter"))
        self.setPlaceholderText("XXXX-XXXX-XXXX")
        self.setFont(theme.font("code"))
        self.setMaxLength(40)
        self._alone = QTimer(self)
        self._alone.setSingleShot(True)
        self._alone.setInterval(ALONE_MS)
        self._alone.timeout.connect(self._was_alone)
        self.returnPressed.connect(self._ended)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Watch for a digit that nothing follows."""
        begins = not self.text()
        if begins and event.matches(QKeySequence.StandardKey.Undo):
            self.taken_back.emit()
            return
        self._alone.stop()
        super().keyPressEvent(event)
        if begins and len(self.text()) == 1 and self.text().isdigit() and self.text() != "0":
            self._alone.start()

    def _was_alone(self) -> None:
        text = self.text()
        if len(text) == 1 and text.isdigit():
            self.clear()
            self.digit.emit(int(text))

    def _ended(self) -> None:
        text = self.text().strip()
        if len(text) == 1:
            self._was_alone()
        elif text:
            self.clear()
            self.scanned.emit(text)
