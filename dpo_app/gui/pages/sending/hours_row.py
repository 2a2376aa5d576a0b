"""Days and hours of sending: the row to choose them by, and the words that say them."""

from __future__ import annotations

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QCheckBox, QTimeEdit, QVBoxLayout, QWidget

from dpo_app.core.mail.sending_hours import ALL_DAYS, FULL_DAY, SendingHours
from dpo_app.gui import theme
from dpo_app.gui.widgets.number_fields import TimeField
from dpo_app.gui.widgets.parts import label, row
from dpo_app.gui.words import locale
from dpo_app.i18n import _
from dpo_app.messages.days import day_spans, weekday_names

#: What is proposed when hours are switched on.
PROPOSED = SendingHours(ALL_DAYS, 8 * 60, 20 * 60)


class HoursRow(QWidget):
    """Switched off: at any hour. Switched on: seven days to tick, from and until; midnight as an end is 00:00."""

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        self.only = QCheckBox(_("Send only at certain hours (in the organisation's time zone)"))
        self.only.setObjectName("hours_only")
        box.addWidget(self.only)
        self.days: list[QCheckBox] = []
        for place, (short, whole) in enumerate(zip(*weekday_names(locale()), strict=True)):
            day = QCheckBox(short)
            day.setObjectName(f"hours_day_{place}")
            day.setAccessibleName(whole)
            self.days.append(day)
        self.begins, self.ends = (_time_field(*named) for named in (
            ("hours_from", _("First hour")), ("hours_until", _("Last hour")),
        ))  # fmt: skip
        self.chosen = QWidget()
        line = row(*self.days, 8, self.begins, label("–"), self.ends, None)
        line.setContentsMargins(theme.px(24), 0, 0, 0)
        self.chosen.setLayout(line)
        box.addWidget(self.chosen)
        self.only.toggled.connect(self.chosen.setEnabled)
        self.set_hours(SendingHours())

    def set_hours(self, hours: SendingHours) -> None:
        """Show hours."""
        self.only.setChecked(not hours.always)
        self.chosen.setEnabled(not hours.always)
        shown = PROPOSED if hours.always else hours
        for place, day in enumerate(self.days):
            day.setChecked(place in shown.days)
        self.begins.setTime(QTime(shown.begins // 60, shown.begins % 60))
        self.ends.setTime(QTime(shown.ends // 60 % 24, shown.ends % 60))

    def hours(self) -> SendingHours:
        """Return the hours as they are chosen; not checked."""
        if not self.only.isChecked():
            return SendingHours()
        days = tuple(place for place, day in enumerate(self.days) if day.isChecked())
        return SendingHours(days, _minutes(self.begins), _minutes(self.ends) or FULL_DAY)


def _time_field(name: str, text: str) -> QTimeEdit:
    made = TimeField()
    made.setObjectName(name)
    made.setAccessibleName(text)
    return made


def _minutes(field: QTimeEdit) -> int:
    return field.time().hour() * 60 + field.time().minute()


def hours_words(hours: SendingHours) -> str:
    """Return hours in words: `Mon–Fri 08:00–20:00`."""
    if hours.always:
        return _("at any hour")
    span = f"{hours.begins // 60:02}:{hours.begins % 60:02}–{hours.ends // 60:02}:{hours.ends % 60:02}"
    days = _("every day") if hours.days == ALL_DAYS else day_spans(hours.days, locale())
    return f"{days} {span}"
