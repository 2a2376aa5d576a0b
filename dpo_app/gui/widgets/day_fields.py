"""Fields for a day and a time that take what is typed, wherever the cursor stands."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit

DAY_FORMAT = "dd.MM.yyyy"
MOMENT_FORMAT = DAY_FORMAT + " HH:mm"
_SEPARATORS = frozenset(".-/: ")


class _Typed(QDateTimeEdit):
    """Qt refuses a digit in a full section unless that section is selected; here the section gives way to it.

    So "01.11.2018", "1.11.2018" and "01112018" all count: after Ctrl+A, after Home, and after a click anywhere.
    """

    _after_digit = False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Make room for a digit, and pass over a separator whose section is full and was left already."""
        key = event.text()
        if key.isdigit():
            self._make_room()
        elif key and key in _SEPARATORS and self._after_digit and self._stands_on_section():
            self._after_digit = False
            return
        self._after_digit = key.isdigit()
        super().keyPressEvent(event)

    def _make_room(self) -> None:
        line = self.lineEdit()
        chosen = line.selectedText() if line is not None else ""
        if line is not None and chosen and chosen == line.text():
            self.setSelectedSection(self.sectionAt(0))
            return
        section = self.currentSection()
        full = 4 if section == QDateTimeEdit.Section.YearSection else 2
        if not chosen and len(self.sectionText(section)) >= full:
            self.setSelectedSection(section)

    def _stands_on_section(self) -> bool:
        line = self.lineEdit()
        return line is not None and line.selectedText() == self.sectionText(self.currentSection())


class MomentField(_Typed):
    """A day and a time, to the minute."""

    def __init__(self) -> None:
        super().__init__()
        self.setCalendarPopup(True)
        self.setDisplayFormat(MOMENT_FORMAT)


class DayField(_Typed):
    """A day."""

    def __init__(self) -> None:
        super().__init__()
        self.setCalendarPopup(True)
        self.setDisplayFormat(DAY_FORMAT)
