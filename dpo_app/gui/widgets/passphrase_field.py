"""A field for a passphrase: hidden, can be shown, takes pasted text, and notices Caps Lock where that can be told."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dpo_app.gui import theme
from dpo_app.i18n import _


class PassphraseField(QLineEdit):
    """The eye at its end shows the text until pressed again or until the field is hidden."""

    caps_changed = Signal(bool)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._eye = self.addAction(theme.icon("eye", "text_2"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setCheckable(True)
        self._eye.setText(_("Show"))
        self._eye.setToolTip(_("Show"))
        self._eye.toggled.connect(self._show_text)

    def _show_text(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setIcon(theme.icon("eye-off" if shown else "eye", "text_2"))
        self._eye.setToolTip(_("Hide") if shown else _("Show"))

    def show_text(self, shown: bool) -> None:
        """Show or hide what is typed."""
        self._eye.setChecked(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Toolkits do not tell the state of Caps Lock; a typed letter does: a capital without Shift, a small one with."""
        text = event.text()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            self.caps_changed.emit(text.isupper() != shift)
        elif event.key() == Qt.Key.Key_CapsLock:
            self.caps_changed.emit(False)
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self.show_text(False)
        super().hideEvent(event)

    def forget(self) -> None:
        """Empty the field and its undo steps."""
        blocker = QSignalBlocker(self)
        self.setText("")
        self.setModified(False)
        del blocker
