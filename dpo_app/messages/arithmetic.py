"""How a deadline comes about, in words: one place for the card, the sheet, the command line and the audit PDF."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from dpo_app.core.clocks.deadline import Deadline, Drives
from dpo_app.core.clocks.period import Adjust, Counted, Unit
from dpo_app.core.clocks.regime import DONE, Anchor, PackFault
from dpo_app.core.clocks.workdays import library_version
from dpo_app.i18n import N_
from dpo_app.messages import SENTENCES, fill, msgid
from dpo_app.messages.clocks import FAULTS, QUESTIONS
from dpo_app.messages.facts import FactWords

_SECOND = timedelta(seconds=1)
_PERIODS = {
    Unit.HOURS: N_("{count} h"), Unit.DAYS: N_("{count} days"), Unit.WORKING_DAYS: N_("{count} working days"),
    Unit.MONTHS: N_("{count} month"),
}  # fmt: skip


class Line(NamedTuple):
    """One step of the arithmetic: what it is, what it says, and whether it is the one that drives."""

    name: str
    text: str
    drives: bool = False


class ClockWords:
    """Says deadlines in the language of `words`; times in the zone that each deadline was counted in."""

    def __init__(self, words: FactWords, language: str) -> None:
        self._words, self._, self._language = words, words.translate, language

    def title(self, deadline: Deadline) -> str:
        """Return what a duty is called."""
        if "" in deadline.titles:
            return self._("Agreement: {partner}").format(partner=deadline.titles[""])
        return deadline.titles.get(self._language) or deadline.titles.get("en", deadline.key)

    def regime(self, deadline: Deadline) -> str:
        """Return what its law is called."""
        return deadline.regime_titles.get(self._language) or deadline.regime_titles["en"]

    def citation(self, deadline: Deadline) -> str:
        """Return law and article, with a mark if nobody has compared it with the act."""
        text = deadline.citation if deadline.regime == "contract" else f"{self.regime(deadline)}, {deadline.citation}"
        return text if deadline.verified else self._("{citation} (not verified)").format(citation=text)

    def note(self, deadline: Deadline) -> str:
        """Return what the rule adds, or ""."""
        notes = deadline.notes or {}
        return notes.get(self._language) or notes.get("en", "")

    def period(self, deadline: Deadline) -> str:
        """Return the length of the period."""
        if deadline.period.unit is Unit.UNDUE_DELAY:
            return self._(msgid(Unit.UNDUE_DELAY))
        return self._(_PERIODS[deadline.period.unit]).format(count=deadline.period.value)

    def anchor(self, deadline: Deadline, name: str = "") -> str:
        """Return what starts the clock."""
        name = name or deadline.anchor_name
        if name.startswith(DONE):
            return self._("the notice before it ({rule})").format(rule=name.removeprefix(DONE))
        return self._(msgid(Anchor(name)))

    def question(self, deadline: Deadline) -> str:
        """Return what has to be recorded for the clock to start."""
        name = deadline.anchors[0] if deadline.anchors else ""
        if name.startswith(DONE):
            return self._("It starts when the notice before it was sent ({rule}).").format(rule=name.removeprefix(DONE))
        return self._(QUESTIONS[Anchor(name)]) if name in set(Anchor) else ""

    def moment(self, value: datetime, zone: str, end: bool = False, brief: bool = False) -> str:
        """Return a time with weekday and, unless `brief`, year; seconds if there are any; an end at midnight is 24:00 of
        the day."""
        local = value.astimezone(ZoneInfo(zone))
        clock = "HH:mm:ss" if local.second else "HH:mm"
        if end and (local.hour, local.minute, local.second) == (0, 0, 0):
            local, clock = local - _SECOND, "'24:00'"
        english = self._language not in ("fi", "sv")
        day = ("EEE d MMM" if brief else "EEE d MMM y,") if english else ("EEE d.M." if brief else "EEE d.M.y")
        pattern = f"{day} {clock}"
        locale = {"fi": "fi_FI", "sv": "sv_FI"}.get(self._language, "en_GB")
        return str(format_datetime(local, pattern, locale=locale))

    def due(self, deadline: Deadline, brief: bool = False) -> str:
        """Return the end that drives, or what stands for it."""
        if deadline.due is not None:
            return self.moment(deadline.due, deadline.zone, end=True, brief=brief)
        return self.period(deadline)

    def sum(self, deadline: Deadline, brief: bool = False) -> str:
        """Return the arithmetic in one line; `brief` leaves the years out."""
        if deadline.event is None:
            return self.question(deadline)
        start, due = self.moment(deadline.anchor, deadline.zone, brief=brief), self.due(deadline, brief)
        if deadline.drives is Drives.TARGET:
            return self._("Your own date: {due}. The law sets no number").format(due=due)
        if deadline.due is None:
            return self._("Running since {when}").format(when=start)
        text = self._("{start} + {period} = {due}")
        if deadline.drives is Drives.LATEST:
            text = self._("{start} + {period}, at the latest {due}")
        return text.format(start=start, period=self.period(deadline), due=due)

    def lines(self, deadline: Deadline) -> list[Line]:
        """Return the whole arithmetic, step by step."""
        found = [
            Line(self._("Rule"), f"{self.citation(deadline)}: {self.period(deadline)}"),
            Line(self._("Who is told"), self._(msgid(deadline.addressee))),
        ]
        if deadline.event is None:
            return [*found, Line(self._("Not started"), self.question(deadline))]
        begin = self._("{anchor}, {when}").format(
            anchor=self.anchor(deadline), when=self.moment(deadline.anchor, deadline.zone)
        )
        found.append(Line(self._("Begins with"), begin))
        if deadline.event.source:
            found.append(Line(self._("Source"), deadline.event.source))
        found += self._counts(deadline)
        if deadline.undue_delay:
            found.append(Line(self._("Not the aim"), self._("This is the outer end: it is owed without undue delay.")))
        if self.note(deadline):
            found.append(Line(self._("Note"), self.note(deadline)))
        found.append(Line(self._("Time zone"), deadline.zone))
        return found

    def _counts(self, deadline: Deadline) -> list[Line]:
        found = []
        plain, second = deadline.strict, deadline.adjusted
        if plain is not None:
            text = self._("{start} + {period} = {due}").format(
                start=self.moment(plain.begins, deadline.zone), period=self.period(deadline),
                due=self.moment(plain.ends, deadline.zone, end=True),
            )  # fmt: skip
            name = self._("By hours") if deadline.hours else self._("By days")
            found.append(Line(name, text, deadline.drives is Drives.STRICT))
        if second is not None:
            found += self._second(deadline, second)
        if deadline.no_calendar:
            facts = {"country": deadline.calendar, "year": "?"}
            found.append(
                Line(self._(msgid(deadline.adjust)), fill(self._(SENTENCES[deadline.no_calendar].what), facts))
            )
        if deadline.latest is not None:
            text = self._("at the latest {due}").format(due=self.moment(deadline.latest, deadline.zone, end=True))
            found.append(Line(self._("Outer limit"), text, deadline.drives is Drives.LATEST))
        if deadline.drives is Drives.TARGET:
            found.append(Line(self._("Your own date"), self.due(deadline), True))
        return found

    def _second(self, deadline: Deadline, counted: Counted) -> list[Line]:
        zone = deadline.zone
        end = self.moment(counted.ends, zone, end=True)
        if deadline.adjust is Adjust.NEXT_WORKING_DAY_NOON:
            text = self._("ends {due}").format(due=end)
        elif deadline.hours and counted.shifted:
            text = self._("the hour of the event does not count: from {start} to {raw}; fewer than two working days lie in "
                          "it, so it goes on to {due}, if Art. 3(5) reaches a period in hours; that is disputed").format(
                start=self.moment(counted.begins, zone), raw=self.moment(counted.unshifted, zone, end=True), due=end)  # fmt: skip
        elif deadline.hours:
            text = self._("the hour of the event does not count: from {start} to {due}").format(
                start=self.moment(counted.begins, zone), due=end
            )
        elif counted.shifted:
            text = self._("the last day is no working day, or fewer than two lie in it: it goes on to {due}").format(
                due=end
            )
        else:
            text = self._("ends {due}; the last day is a working day").format(due=end)
        found = [Line(self._(msgid(deadline.adjust)), text, deadline.drives is Drives.ADJUSTED)]
        if counted.working_days:
            days = ", ".join(self._day(day) for day in counted.working_days)
            found.append(Line(self._("Working days in it"), days))
        met = "; ".join(f"{self._day(day)} {name}" for day, name in counted.holidays) or self._("none")
        text = self._("{holidays} (calendar {calendar}, {library})").format(
            holidays=met, calendar=deadline.calendar, library=library_version()
        )
        found.append(Line(self._("Public holidays met"), text))
        return found

    def _day(self, value: date) -> str:
        pattern = "EEE d MMM" if self._language not in ("fi", "sv") else "EEE d.M."
        locale = {"fi": "fi_FI", "sv": "sv_FI"}.get(self._language, "en_GB")
        return str(format_datetime(datetime(value.year, value.month, value.day), pattern, locale=locale))

    def fault(self, fault: PackFault) -> str:
        """Return what is wrong with a rule pack: file, key and reason."""
        reason = fill(self._(FAULTS.get(fault.reason, fault.reason)), {"detail": fault.detail})
        if not fault.key:
            return self._("{file}: {reason}").format(file=fault.file, reason=reason)
        return self._("{file}, {key}: {reason}").format(file=fault.file, key=fault.key, reason=reason)
