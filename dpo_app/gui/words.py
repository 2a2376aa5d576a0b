"""Numbers, dates and durations in the officer's language, for screens."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime

from dpo_app import i18n
from dpo_app.core.dates import DateOrder, NoSuchDate, parse_date
from dpo_app.i18n import _
from dpo_app.messages.arithmetic import ClockWords
from dpo_app.messages.facts import FactWords

_LOCALES = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI"}
THIN = "\u202f"
_zone: tzinfo | None = None


def use_zone(name: str) -> None:
    """Show times in a zone from now on, the organisation's; "" is the computer's."""
    global _zone
    _zone = ZoneInfo(name) if name else None


def zone_name() -> str:
    """Return the name of the zone of the screen; "" is the computer's."""
    return str(_zone) if _zone is not None else ""


def local(value: datetime) -> datetime:
    """Return a time in the zone of the screen."""
    return value.astimezone(_zone)


def number(value: int) -> str:
    """Return a whole number with thin spaces between thousands, alike in all languages."""
    return f"{value:,}".replace(",", THIN)


def locale() -> str:
    """Return the locale of the screen's language."""
    return _LOCALES[i18n.current()]


def counted(one: str, many: str, count: int) -> str:
    """Return the form of a text that fits a number, with the number as `{count}` in it."""
    return i18n.ngettext(one, many, count).format(count=number(count))


def language_name(code: str) -> str:
    """Return the name of a language in the language of the screen; the code if it has none."""
    return str(Locale.parse(locale()).languages.get(code, code))


def day(value: date) -> str:
    """Return a date as the language writes it."""
    pattern = "d MMM y" if i18n.current() == "en" else "d.M.y"
    return str(format_date(value, pattern, locale=locale()))


def typed_day(text: str) -> date | None:
    """Return the day that was typed (day first, with dots or strokes, or as ISO 8601 writes it), or None if it is none."""
    try:
        found = parse_date(text, DateOrder.DAY_FIRST, date.today())
    except NoSuchDate:
        return None
    return found.earliest if found is not None and found.earliest == found.latest else None


def example_day(ahead: int = 0) -> str:
    """Return a day as it can be typed, so many days from today: what a hint shows must not be out of date."""
    shown = date.today() + timedelta(days=ahead)
    return f"{shown.day}.{shown.month}.{shown.year}"


def moment(value: datetime) -> str:
    """Return a time with weekday in the organisation's zone: decisions hang on it."""
    pattern = "EEE d MMM, HH:mm" if i18n.current() == "en" else "EEE d.M. HH:mm"
    return str(format_datetime(local(value), pattern, locale=locale()))


def full_moment(value: datetime) -> str:
    """Return a time with weekday and year."""
    pattern = "EEE d MMM y, HH:mm" if i18n.current() == "en" else "EEE d.M.y HH:mm"
    return str(format_datetime(local(value), pattern, locale=locale()))


def clock_words() -> ClockWords:
    """Return what says deadlines in the language of the screen."""
    return ClockWords(FactWords(i18n.current(), zone_name(), _), i18n.current())


def duration(value: timedelta) -> str:
    """Return a length of time in hours and minutes, in days from three days on."""
    minutes = int(abs(value.total_seconds()) // 60)
    if minutes >= 3 * 24 * 60:
        return _("{days} d {hours} h").format(days=minutes // 1440, hours=minutes % 1440 // 60)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def short_duration(value: timedelta) -> str:
    """Return a length of time for a narrow place: days, or hours, or hours and minutes under two hours."""
    minutes = int(abs(value.total_seconds()) // 60)
    if minutes >= 3 * 24 * 60:
        return _("{days} d").format(days=minutes // 1440)
    return _("{hours} h").format(hours=minutes // 60) if minutes >= 120 else duration(value)
