"""Answers of a notice to an authority in words: for the screen, the clipboard, the PDF and the published form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from babel import Locale

from dpo_app.core.authority.authority_notice import Answer, AnswerState
from dpo_app.core.authority.authority_template import FieldKind, Template
from dpo_app.core.delivery import DeliveryState, Standing
from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts.breach import DataCategory
from dpo_app.core.persons.channel import Channel, ChannelReason
from dpo_app.core.risk.risk import RiskLevel
from dpo_app.i18n import catalogue
from dpo_app.messages import msgid
from dpo_app.messages.facts import FactWords


class NoticeWords:
    """Turns answers into text in the language of a notice. `option(group, key)` gives the form's word for an option."""

    def __init__(
        self, template: Template, language: str, zone: str, option: Callable[[str, str], str], to_be_determined: str
    ) -> None:
        self._template, self._option = template, option
        self._open = to_be_determined
        self._language = language
        self._ = catalogue(language).gettext
        self.ngettext = catalogue(language).ngettext
        self._words = FactWords(language, zone, self._)

    def text(self, answer: Answer) -> str:
        """Return what a field says; "" if it says nothing."""
        if answer.state is AnswerState.OPEN:
            return self._open_text(answer)
        return self.value(answer.key, answer.value, answer.extra)

    def _open_text(self, answer: Answer) -> str:
        due = ""
        if answer.due is not None:
            due = self._("by {day}").format(day=self._words.day(answer.due))
        return ", ".join(filter(None, (self._open, due, answer.reason)))

    def value(self, key: str, value: Any, extra: Mapping[str, Any] | None = None) -> str:
        """Return a field's value in words."""
        if value in (None, "", ()):
            return ""
        field = self._template.field(key)
        if isinstance(value, tuple):
            return ", ".join(self._option(field.group, each) for each in value)
        if isinstance(value, Mapping):
            return "\n".join(self._lines(value))
        if field.kind is FieldKind.CHOICE:
            return self._option(field.group, value)
        if isinstance(value, int):
            return self._words.number(value)
        if field.kind is FieldKind.DATE:
            return self._words.day(date.fromisoformat(value))
        if field.kind is FieldKind.INSTANT:
            return self._moment(value, extra or {})
        return str(value)

    def _moment(self, value: str, extra: Mapping[str, Any]) -> str:
        if extra.get("last_day"):
            return self._words.day(date.fromisoformat(extra["last_day"]))
        instant = datetime.fromisoformat(value)
        return self._words.day(instant.date()) if extra.get("day_only") else self._words.instant(instant)

    def _lines(self, value: Mapping[str, Any]) -> Iterator[str]:
        """Yield the lines of a value with parts; each part is rendered by what it is called."""
        yield from value.get("lines", ())
        if "estimate" in value:
            yield self._range(value)
        if "countries" in value:
            yield ", ".join(map(self.country, value["countries"]))
        for country, count in value.get("by_country", {}).items():
            figure = self._range(count) if isinstance(count, Mapping) else self._words.number(count or 0)
            yield f"{self.country(country)}: {figure}"
        for each in value.get("measures", ()):
            yield self._measure(each)
        for each in value.get("events", ()):
            word = self._(msgid(of.EventKind(each["event"])))
            when = self._words.instant(datetime.fromisoformat(each["at"]))
            yield f"{when}: {', '.join(filter(None, (word, each['note'])))}"
        if "score" in value:
            level = self._(msgid(RiskLevel(value["level"])))
            text = self._("{method}: score {score}, {level}")
            yield text.format(method=value["method"], score=self._words.decimal(value["score"]), level=level)
        yield from self._described(value)
        if "not_told" in value:
            yield from self._not_told(value["not_told"])
        if "sha256" in value:
            text = self._("Notice {reference} to persons, version {version}, attached; SHA-256 {sha256}")
            yield text.format(reference=value["notice"], version=value["version"], sha256=value["sha256"])

    def _described(self, value: Mapping[str, Any]) -> Iterator[str]:
        if value.get("categories"):
            yield ", ".join(self._(msgid(DataCategory(each))) for each in value["categories"])
        if value.get("in_scope"):
            text = self.ngettext(
                "{count} person in the register is or may be concerned.",
                "{count} persons in the register are or may be concerned.", value["in_scope"],
            )  # fmt: skip
            yield text.format(count=self._words.number(value["in_scope"]))
        if value.get("minors"):
            yield self._("Of them under 18: {count}.").format(count=self._words.number(value["minors"]))
        for name in ("text", "vulnerable", "remarks"):
            if value.get(name):
                yield value[name]

    def _measure(self, value: Mapping[str, Any]) -> str:
        day = self._words.day(date.fromisoformat(value["on"])) if value["on"] else ""
        state = self._(msgid(of.MeasureState(value["state"])))
        return f"{value['text']} ({', '.join(filter(None, (state, day)))})"

    def _range(self, value: Mapping[str, Any]) -> str:
        ends = [self._words.number(value[name]) for name in ("minimum", "maximum") if value[name] is not None]
        return f"{self._words.number(value['estimate'])} ({'–'.join(ends)})"

    def _not_told(self, rest: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
        for standing, parts in rest.items():
            total = self._words.number(sum(parts.values()))
            reasons = [
                f"{self.part(part)} {self._words.number(count)}"
                for part, count in sorted(parts.items(), key=lambda item: (-item[1], item[0]))
            ]
            yield f"{self._(msgid(Standing(standing)))}: {total} ({', '.join(reasons)})"

    def part(self, name: str) -> str:
        """Return a part of a standing in words: a channel's reason, or a channel with the state of its message."""
        if name in set(ChannelReason):
            return self._(msgid(ChannelReason(name)))
        channel, _dot, state = name.partition(".")
        if channel not in set(Channel) or state not in set(DeliveryState):
            return name
        return f"{self._(msgid(Channel(channel)))}: {self._(msgid(DeliveryState(state)))}"

    def country(self, code: str) -> str:
        """Return the name of a country; of an unknown one, that it is not known."""
        if len(code) != 2:
            return self._("country not known")
        return str(Locale.parse(self._language).territories.get(code, code))

    def persons(self, count: int) -> str:
        """Return a number of persons."""
        return self.ngettext("{count} person", "{count} persons", count).format(count=self._words.number(count))


def texts_of(words: NoticeWords, answers: Sequence[Answer]) -> dict[str, str]:
    """Return the texts of answers by key, those that say something."""
    return {each.key: text for each in answers if each.says_something and (text := words.text(each))}
