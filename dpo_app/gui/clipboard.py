"""The clipboard for fields of a form: marked so that programs which keep what was copied leave it out, and emptied
when the store is locked."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

#: What clipboard managers ask for: KDE and others, Windows, macOS.
_MARKS = {
    "x-kde-passwordManagerHint": b"secret", "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "application/x-nspasteboard-concealed-type": b"1",
}  # fmt: skip
_ours = ""


def copy(text: str) -> None:
    """Put a text on the clipboard, marked as one that is not to be kept."""
    global _ours
    data = QMimeData()
    data.setText(text)
    for name, value in _MARKS.items():
        data.setData(name, value)
    QGuiApplication.clipboard().setMimeData(data)
    _ours = text


def forget() -> None:
    """Empty the clipboard if what we put there is still on it."""
    global _ours
    if _ours and QGuiApplication.clipboard().text() == _ours:
        QGuiApplication.clipboard().clear()
    _ours = ""
