"""Facts of a revision in words: one place for screen, report and difference view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts.breach import Basis, DataCategory, Measure, MeasureKind
from dpo_app.core.facts.differences import NAMED_LISTS
from dpo_app.core.facts.exposure import Certainty
from dpo_app.core.facts.fact_catalogue import BY_KEY, FactKind
from dpo_app.i18n import catalogue
from dpo_app.messages import breach, fact_words, msgid

_LOCALES = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI"}
FACTS: dict[str, str] = breach.FACTS | fact_words.FACTS
#: Facts that are maps of numbers, and what their keys are.
_COUNTED = ("data.by_category.", "cross_border.persons_by_country.")


class FactWords:
    """Turns facts into text in one language and zone ("" is the computer's); `translate` is a catalogue's gettext."""

    def __init__(self, language: str, zone: str, translate: Callable[[str], str]) -> None:
        self._locale = _LOCALES.get(language, "en_GB")
        self._zone, self._ = ZoneInfo(zone) if zone else None, translate
        self.translate = translate
        self.catalogue = catalogue(language)

    def name(self, key: str) -> str:
        """Return what a fact is called; for items of lists with their own name."""
        prefix, _dot, own = key.partition(".")
        if key in FACTS or prefix not in NAMED_LISTS:
            outer, _dot, last = key.rpartition(".")
            if f"{outer}." in _COUNTED:
                return f"{self._(FACTS[outer])}: {self._key(last)}"
            return self._(FACTS.get(key, key))
        if prefix == "fact":
            return f"{self._(FACTS['fact'])}: {self.name(own)}"
        if prefix == "event" and own in tuple(of.EventKind):
            own = self._(msgid(of.EventKind(own)))
        return f"{self._(FACTS[prefix])}: {own[:60]}"

    def _key(self, key: str) -> str:
        return self._(msgid(DataCategory(key))) if key in tuple(DataCategory) else key

    def value(self, key: str, value: Any) -> str:
        """Return a fact's value in words; "–" for none."""
        if value in (None, "", [], {}):
            return "–"
        prefix = key.partition(".")[0]
        if key not in BY_KEY and prefix in NAMED_LISTS and isinstance(value, dict):
            return self.item(prefix, value)
        if isinstance(value, dict):
            return self._numbers(value)
        return self._plain(key, value)

    def _numbers(self, value: dict[str, Any]) -> str:
        if "basis" in value:
            return self.count(value)
        return "; ".join(f"{self._key(name)} {self.count(each)}" for name, each in value.items())

    def _plain(self, key: str, value: Any) -> str:
        spec = BY_KEY.get(key)
        if spec is None:
            return str(value)
        if spec.kind is FactKind.INSTANT:
            return self.instant(datetime.fromisoformat(value))
        if spec.kind is FactKind.DAY:
            return self.day(date.fromisoformat(value))
        if spec.kind is FactKind.CHOICES and spec.choices is not None:
            return ", ".join(self._(msgid(spec.choices(each))) for each in value)
        if spec.kind is FactKind.CHOICE and spec.choices is not None:
            return self._(msgid(spec.choices(value)))
        if spec.kind is FactKind.FLAG:
            return self._(msgid(of.Answer.YES if value else of.Answer.NO))
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return self.number(value) if isinstance(value, int) else str(value)

    def item(self, kind: str, value: dict[str, Any]) -> str:
        """Return an item of a list in one line: a window, a measure, a party, a statement, a fact's state."""
        if kind == "window":
            return self.window(value)
        if kind == "measure":
            return self._measure(value)
        if kind == "fact":
            return self._note(value)
        if kind == "event":
            return self._joined(self.instant(datetime.fromisoformat(value["at"])), value["note"])
        if kind == "party":
            return self._joined(self._(msgid(of.PartyRole(value["role"]))), value["country"], value["note"])
        if kind == "statement":
            return self._joined(value["text"], self._iso_day(value["made_on"]), value["source"])
        if kind == "system":
            return self._joined(value["place"], value["country"], value["note"]) or value["name"]
        return self._joined(self._iso_day(value["made_on"]), value["reference"], value["note"]) or value["to"]

    def _measure(self, value: dict[str, Any]) -> str:
        standing = Measure(
            MeasureKind(value["kind"]), value["text"], date.fromisoformat(value["done_on"]) if value["done_on"] else None,
            of.MeasureState(value["state"]) if value["state"] else None,
        ).standing  # fmt: skip
        when = value["done_on"] or value["planned_on"]
        return self._joined(
            self._(msgid(MeasureKind(value["kind"]))), self._(msgid(standing)), self._iso_day(when), value["owner"]
        )

    def _note(self, value: dict[str, Any]) -> str:
        due = self._("by {day}").format(day=self._iso_day(value["due"])) if value["due"] else ""
        return self._joined(
            self._(msgid(of.FactState(value["state"]))), value["reason"], due, value["source"],
            ", ".join(value["evidence"]),
        )  # fmt: skip

    @staticmethod
    def _joined(*parts: str) -> str:
        return ", ".join(each for each in parts if each)

    def _iso_day(self, value: str) -> str:
        return self.day(date.fromisoformat(value)) if value else ""

    def count(self, value: dict[str, Any]) -> str:
        """Return a number with its basis."""
        basis = self._(msgid(Basis(value["basis"])))
        if "count" not in value:
            return basis
        ends = [self.number(value[name]) for name in ("minimum", "maximum") if name in value]
        span = f" ({'–'.join(ends)})" if len(ends) == 2 else ""
        return f"{self.number(value['count'])}{span}, {basis}"

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

    def decimal(self, value: float) -> str:
        """Return a number with its decimals as the language writes them."""
        return str(format_decimal(value, format="0.##", locale=self._locale))

    def day(self, value: date) -> str:
        """Return a date as the language writes it."""
        return str(format_date(value, "d.M.y" if self._locale[:2] != "en" else "d MMM y", locale=self._locale))

    def instant(self, value: datetime) -> str:
        """Return a time with weekday in the officer's zone."""
        pattern = "EEE d.M.y HH:mm" if self._locale[:2] != "en" else "EEE d MMM y, HH:mm"
        return str(format_datetime(value.astimezone(self._zone), pattern, locale=self._locale))
