"""Facts of a revision in words: one place for screen, report and difference view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from dpo_app.core.breach import Basis, BreachKind, Cause, Consequence, DataCategory, MeasureKind
from dpo_app.core.exposure import Certainty
from dpo_app.messages import msgid
from dpo_app.messages.breach import FACTS

_LOCALES = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI"}
_LISTS: dict[str, Any] = {
    "nature.kinds": BreachKind, "data.categories": DataCategory, "consequences.likely": Consequence,
}  # fmt: skip


class FactWords:
    """Turns facts into text in one language and zone ("" is the computer's); `translate` is a catalogue's gettext."""

    def __init__(self, language: str, zone: str, translate: Callable[[str], str]) -> None:
        self._locale = _LOCALES.get(language, "en_GB")
        self._zone, self._ = ZoneInfo(zone) if zone else None, translate
        self.translate = translate

    def name(self, key: str) -> str:
        """Return what a fact is called; for windows and measures with their own name."""
        for prefix in ("window", "measure"):
            if key.startswith(f"{prefix}."):
                own = key.partition(".")[2]
                return f"{self._(FACTS[prefix])}: {own[:60]}"
        return self._(FACTS.get(key, key))

    def value(self, key: str, value: Any) -> str:
        """Return a fact's value in words; "–" for none."""
        if value in (None, "", [], {}):
            return "–"
        if key == "awareness.at":
            return self.instant(datetime.fromisoformat(value))
        if key in _LISTS:
            return ", ".join(self._(msgid(_LISTS[key](each))) for each in value)
        if key == "nature.cause":
            return self._(msgid(Cause(value)))
        if key in ("data.persons", "data.records"):
            return self.count(value)
        if key.startswith("window."):
            return self.window(value)
        if key.startswith("measure."):
            done = f", {self.day(date.fromisoformat(value['done_on']))}" if value["done_on"] else ""
            return f"{self._(msgid(MeasureKind(value['kind'])))}{done}"
        return str(value)

    def count(self, value: dict[str, Any]) -> str:
        """Return a number with its basis."""
        basis = self._(msgid(Basis(value["basis"])))
        return f"{self.number(value['count'])}, {basis}" if "count" in value else basis

    def window(self, value: dict[str, Any]) -> str:
        """Return a window of a document in one line."""
        first = self.day(date.fromisoformat(value["from"]))
        last = self.day(date.fromisoformat(value["to"])) if value["to"] else "…"
        sure = self._("inside: {intrusion}, data: {disclosure}").format(
            intrusion=self._(msgid(Certainty(value["intrusion"]))),
            disclosure=self._(msgid(Certainty(value["disclosure"]))),
        )
        return f"{first} – {last}; {sure}"

    def number(self, value: int) -> str:
        """Return a whole number with thin spaces between thousands."""
        return str(format_decimal(value, locale="fi_FI")).replace("\xa0", "\u202f").replace(" ", "\u202f")

    def day(self, value: date) -> str:
        """Return a date as the language writes it."""
        return str(format_date(value, "d.M.y" if self._locale[:2] != "en" else "d MMM y", locale=self._locale))

    def instant(self, value: datetime) -> str:
        """Return a time with weekday in the officer's zone."""
        pattern = "EEE d.M.y HH:mm" if self._locale[:2] != "en" else "EEE d MMM y, HH:mm"
        return str(format_datetime(value.astimezone(self._zone), pattern, locale=self._locale))
