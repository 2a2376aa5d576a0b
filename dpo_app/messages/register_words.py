"""An entry of the register in words: the same cells on the screen, in the PDF, the workbook and the CSV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from dpo_app.core.facts.breach import Count
from dpo_app.core.facts.fact_choices import PartyRole
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.register import Notified, RegisterEntry
from dpo_app.core.risk.risk import Owed
from dpo_app.i18n import N_
from dpo_app.messages import msgid
from dpo_app.messages.arithmetic import ClockWords
from dpo_app.messages.facts import FactWords


class Cell(NamedTuple):
    """One column of an entry: its key, its heading, its text."""

    key: str
    heading: str
    text: str


class RegisterWords:
    """Says entries in one language; times in one zone, as of `now`."""

    def __init__(self, words: FactWords, language: str, zone: str, now: datetime) -> None:
        self._words, self._, self._zone, self._now = words, words.translate, zone, now
        self._clock = ClockWords(words, language)

    def headings(self) -> list[str]:
        """Return the headings of all columns."""
        return [self._(heading) for _key, heading, _text in _COLUMNS]

    def cells(self, entry: RegisterEntry) -> list[Cell]:
        """Return every column of an entry, in the order of the register."""
        return [Cell(key, self._(heading), text(self, entry)) for key, heading, text in _COLUMNS]

    def notified(self, entry: RegisterEntry) -> str:
        """Return whether the authority was told: when, how long after awareness, to whom; or why not."""
        state = self._(msgid(entry.notified))
        if entry.met is not None:
            hours = self._span(entry.met.at - entry.aware_at)
            text = self._("{state}: {when}, {hours} after awareness").format(
                state=state, when=self.moment(entry.met.at), hours=hours
            )
            return "; ".join(filter(None, (text, entry.met.source, *self._notices(entry), self._delay(entry))))
        if entry.notified is Notified.NOT_OWED:
            return f"{state}: {self._not_owed(entry)}"
        if entry.duty is not None and entry.duty.due is not None and entry.notified is not Notified.BY_CONTROLLER:
            text = self._("{state}: due {when}").format(state=state, when=self._clock.due(entry.duty))
            return "; ".join(filter(None, (text, self._delay(entry))))
        return state

    def persons(self, entry: RegisterEntry) -> str:
        """Return how many persons were told, of how many, when and by what; or why none."""
        parts = []
        if entry.in_scope:
            told = self._("{told} of {all} told").format(
                told=self._words.number(entry.persons_told), all=self._words.number(entry.in_scope)
            )
            parts.append(told)
        if entry.told_from is not None and entry.told_to is not None:
            parts.append(self._days(entry.told_from, entry.told_to))
        parts += [self._(msgid(Channel(each))) for each in entry.channels]
        if entry.exemption is not None:
            why = self._(msgid(entry.exemption))
            parts.append(f"Art. 34(3): {why}" + (f", {entry.exemption_reason}" if entry.exemption_reason else ""))
        elif not entry.persons_told and entry.outcome in (Owed.REGISTER_ONLY, Owed.AUTHORITY):
            parts.append(self._("not owed: no high risk is likely (Art. 34(1))"))
        elif not entry.persons_told:
            parts.append(self._("nobody told yet"))
        return ", ".join(parts)

    def risk(self, entry: RegisterEntry) -> str:
        """Return the outcome with method, level and score."""
        found = entry.assessment
        if found is None:
            return self._("not assessed")
        text = self._("{outcome}; {level}, score {score} ({method}, revision {revision})").format(
            outcome=self._(msgid(found.decided)), level=self._(msgid(found.level)),
            score=self._words.decimal(found.quarters / 4), method=found.method, revision=found.revision,
        )  # fmt: skip
        return f"{text}: {entry.risk_reason}" if entry.risk_reason else text

    def moment(self, value: datetime) -> str:
        """Return a time in the zone of the register."""
        return self._clock.moment(value, self._zone)

    def _not_owed(self, entry: RegisterEntry) -> str:
        if entry.duty is None:
            return self._("no law known here asks for a notice")
        if entry.outcome is Owed.REGISTER_ONLY:
            text = self._("a risk to persons is unlikely (Art. 33(1))")
            return f"{text}; {entry.risk_reason}" if entry.risk_reason else text
        return self._("by the facts the duty does not arise")

    def _notices(self, entry: RegisterEntry) -> list[str]:
        return [
            self._("{authority} {when}, {phase}").format(
                authority=f"{each.authority} {each.reference}".strip(), when=self.moment(each.at),
                phase=self._("withdrawal") if each.withdraw else self._(msgid(each.phase)))
            for each in entry.told
        ]  # fmt: skip

    def _delay(self, entry: RegisterEntry) -> str:
        if not entry.delay:
            return ""
        late = self._("late by {span}").format(span=self._span(entry.delay))
        owed = self._("the reason is owed")
        return f"{late}: {entry.delay_reason or owed}"

    def _span(self, value: timedelta) -> str:
        minutes = int(value.total_seconds() // 60)
        if minutes >= 10 * 24 * 60:
            return self._("{count} days").format(count=minutes // 1440)
        return self._("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)

    def _days(self, first: date | None, last: date | None) -> str:
        if first is None:
            return "–"
        if first == last:
            return self._words.day(first)
        return f"{self._words.day(first)} – {self._words.day(last) if last is not None else '…'}"

    def _members(self, members: Any) -> str:
        return ", ".join(self._(msgid(each)) for each in members) or "–"

    def _count(self, count: Count) -> str:
        document = {"basis": count.basis.value}
        values = (("count", count.value), ("minimum", count.minimum), ("maximum", count.maximum))
        return self._words.count(document | {name: value for name, value in values if value is not None})

    def _consequences(self, entry: RegisterEntry) -> str:
        facts = entry.saved.facts
        return "; ".join(filter(None, (self._members(facts.consequences), facts.consequences_text)))

    def _measures(self, entry: RegisterEntry) -> str:
        return "; ".join(
            f"{each.text} ({self._(msgid(each.kind))}, {self._(msgid(each.standing))}"
            + (f", {self._words.day(each.done_on)})" if each.done_on is not None else ")")
            for each in entry.saved.facts.measures
        ) or "–"  # fmt: skip

    def _processors(self, entry: RegisterEntry) -> str:
        wanted = (PartyRole.PROCESSOR, PartyRole.SUB_PROCESSOR)
        return ", ".join(each.name for each in entry.saved.facts.parties if each.role in wanted) or "–"

    def _cross_border(self, entry: RegisterEntry) -> str:
        found = entry.saved.facts.cross_border
        said = self._(msgid(found.concerned)) if found.concerned is not None else "–"
        return ", ".join((said, *found.states))

    def _status(self, entry: RegisterEntry) -> str:
        if entry.closed_at is None:
            return self._("open")
        return self._("closed {when}").format(when=self.moment(entry.closed_at))

    def _version(self, entry: RegisterEntry) -> str:
        return self._("revision {number}, known {when}").format(
            number=entry.saved.number, when=self.moment(entry.saved.facts.known_as_of)
        )


#: Key, heading, and what makes the text.
_COLUMNS: tuple[tuple[str, str, Callable[[RegisterWords, RegisterEntry], str]], ...] = (
    ("breach", N_("Breach"), lambda w, e: e.reference),
    ("reference", N_("Reference"), lambda w, e: e.saved.facts.reference or e.reference),
    ("title", N_("Title"), lambda w, e: e.saved.facts.title),
    ("controller", N_("Controller"), lambda w, e: e.saved.facts.controller),
    ("occurred", N_("Happened"), lambda w, e: w._days(e.occurred_from, e.occurred_to)),
    ("aware", N_("Aware since"), lambda w, e: w.moment(e.aware_at)),
    ("kinds", N_("Kind"), lambda w, e: w._members(e.saved.facts.kinds)),
    ("cause", N_("Cause"), lambda w, e: w._members((e.saved.facts.cause,))),
    ("summary", N_("Summary"), lambda w, e: e.saved.facts.summary or "–"),
    ("data", N_("Kinds of data"), lambda w, e: w._members(e.saved.facts.categories)),
    ("persons", N_("Number of persons"), lambda w, e: w._count(e.saved.facts.persons)),
    ("records", N_("Number of records"), lambda w, e: w._count(e.saved.facts.records)),
    ("consequences", N_("Likely consequences"), lambda w, e: w._consequences(e)),
    ("risk", N_("Risk"), lambda w, e: w.risk(e)),
    ("notified", N_("Notice to the authority"), lambda w, e: w.notified(e)),
    ("told", N_("Persons told"), lambda w, e: w.persons(e)),
    ("measures", N_("Measures"), lambda w, e: w._measures(e)),
    ("processors", N_("Processors"), lambda w, e: w._processors(e)),
    ("cross_border", N_("Across borders"), lambda w, e: w._cross_border(e)),
    ("status", N_("Status"), lambda w, e: w._status(e)),
    ("version", N_("Facts"), lambda w, e: w._version(e)),
)  # fmt: skip
