"""Rule packs: what a law asks after a breach, as dated data. The files lie in `resources/regimes/`.

A change of the law is a change of a file: a rule that ends gets `valid_to`, its successor has the same key and a later
`valid_from`; a breach keeps the rule that was in force when its clock began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.clocks.period import Adjust, Period, Unit

LANGUAGES = ("en", "fi", "sv")
DONE = "done:"


class Anchor(StrEnum):
    """Events that start a clock; each is a recorded fact."""

    AWARENESS = "awareness"
    DETECTED = "detected"
    PROCESSOR_AWARE = "processor_aware"
    HIGH_RISK_DETERMINED = "high_risk_determined"
    SIGNIFICANT_INCIDENT = "significant_incident"
    CLASSIFIED_MAJOR = "classified_major"
    EXPLOITED_FLAW = "exploited_flaw"
    FIX_AVAILABLE = "fix_available"
    HANDLED = "handled"
    NEW_FACTS = "new_facts"
    CONTRACT_CLOCK = "contract_clock"


class Addressee(StrEnum):
    """Who must be told."""

    AUTHORITY = "authority"
    PERSONS = "persons"
    CONTROLLER = "controller"
    CSIRT = "csirt"
    FINANCIAL_AUTHORITY = "financial_authority"
    PARTNER = "partner"


class FactName(StrEnum):
    """Facts that conditions ask about."""

    COUNTRY = "organisation.country"
    ROLE = "controller.role"
    RISK = "risk.outcome"
    PROVIDER = "controller.provider"
    COMMUNICATION = "communication.decision"


class Status(StrEnum):
    """Whether a law is in force; a proposed one is shown as an outlook and starts no clock."""

    IN_FORCE = "in_force"
    PROPOSED = "proposed"


#: Facts by name: every value that holds. A name that is missing is not known yet.
Facts = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Condition:
    """Holds if one of the values of `fact` is among `values` (`wanted`), or if none is (not `wanted`)."""

    fact: FactName
    values: frozenset[str]
    wanted: bool = True

    def holds(self, facts: Facts) -> bool | None:
        """Return whether it holds, None while the fact is not known."""
        known = facts.get(self.fact)
        return None if not known else bool(known & self.values) == self.wanted


@dataclass(frozen=True)
class Latest:
    """A second end that counts if it is earlier."""

    anchors: tuple[str, ...]
    period: Period


@dataclass(frozen=True)
class Rule:
    """One duty: who is told, from which event, within what time. `anchors` are tried in their order; `done:KEY` is the
    moment another rule of the same regime was met. `verified` is false while nobody compared citation and period with
    the act itself."""

    key: str
    titles: Mapping[str, str]
    citation: str
    anchors: tuple[str, ...]
    period: Period
    addressee: Addressee
    adjust: Adjust = Adjust.NONE
    latest: Latest | None = None
    conditions: tuple[Condition, ...] = ()
    undue_delay: bool = False
    reason_if_late: bool = False
    notes: Mapping[str, str] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = True

    def owed(self, facts: Facts) -> bool | None:
        """Return whether the duty exists: False if one condition fails, None while one is not known."""
        found = [condition.holds(facts) for condition in self.conditions]
        return False if False in found else None if None in found else True


@dataclass(frozen=True)
class Regime:
    """A law with its rules. `applies` derives whether it governs an organisation; without it the officer chooses.
    `calendar` is the country whose working days count if it is not the organisation's. `contract` marks the pack whose
    hours come from the officer's own agreements."""

    id: str
    titles: Mapping[str, str]
    citation: str
    status: Status
    valid_from: date
    valid_to: date | None
    applies: tuple[Condition, ...]
    applies_when: Mapping[str, str]
    rules: tuple[Rule, ...]
    calendar: str = ""
    contract: bool = False

    def governs(self, facts: Facts) -> bool:
        """Tell whether the law applies by itself: every condition is known to hold, and there is one."""
        return bool(self.applies) and all(condition.holds(facts) for condition in self.applies)

    def rules_on(self, day: date) -> tuple[Rule, ...]:
        """Return the rules in force on a day."""
        if self.status is not Status.IN_FORCE or not _within(day, self.valid_from, self.valid_to):
            return ()
        return tuple(rule for rule in self.rules if _within(day, rule.valid_from, rule.valid_to))


class PackFault(NamedTuple):
    """What is wrong with a rule pack: file, path of the key, code of the reason, and what was found or allowed."""

    file: str
    key: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class RulePacks:
    """All packs that can be used, and what is wrong with the others."""

    regimes: tuple[Regime, ...] = ()
    faults: tuple[PackFault, ...] = ()

    def rule(self, regime: str, key: str) -> Rule | None:
        """Return a rule by its keys, the newest one of that key, or None."""
        found = [r for each in self.regimes if each.id == regime for r in each.rules if r.key == key]
        return found[-1] if found else None


class _Wrong(Exception):
    def __init__(self, key: str, reason: str, detail: str = "") -> None:
        super().__init__(key)
        self.key, self.reason, self.detail = key, reason, detail


_REGIME_KEYS = frozenset({"id", "title", "citation", "status", "valid_from", "valid_to", "applies", "applies_when",
                          "rule", "calendar", "contract"})  # fmt: skip
_RULE_KEYS = frozenset({"key", "title", "citation", "anchor", "period", "addressee", "adjust", "latest", "condition",
                        "undue_delay", "late", "note", "valid_from", "valid_to", "verified"})  # fmt: skip


def regime_from_document(file: str, document: Mapping[str, Any]) -> Regime | PackFault:
    """Return the regime that a file states, or the first thing that is wrong with it."""
    try:
        return _regime(document)
    except _Wrong as wrong:
        return PackFault(file, wrong.key, wrong.reason, wrong.detail)


def _regime(document: Mapping[str, Any]) -> Regime:
    read = _Table(document, "", _REGIME_KEYS)
    status = read.member("status", Status)
    valid_from = read.day("valid_from")
    if valid_from is None:
        raise _Wrong("valid_from", "missing")
    tables = document.get("rule")
    if not isinstance(tables, list) or not tables:
        raise _Wrong("rule", "missing")
    rules = tuple(_rule(table, f"rule[{number}]") for number, table in enumerate(tables, 1))
    made = Regime(
        id=read.text("id"), titles=read.texts("title"), citation=read.text("citation"), status=status,
        valid_from=valid_from, valid_to=read.day("valid_to"), applies=read.conditions("applies"),
        applies_when=read.texts("applies_when"), rules=rules, calendar=read.text("calendar", needed=False),
        contract=read.flag("contract"),
    )  # fmt: skip
    _check(made)
    return made


def _rule(table: Any, path: str) -> Rule:
    read = _Table(table, path, _RULE_KEYS)
    late = read.text("late", needed=False)
    if late not in ("", "reason_required"):
        raise _Wrong(f"{path}.late", "not_choice", "reason_required")
    return Rule(
        key=read.text("key"), titles=read.texts("title"), citation=read.text("citation"),
        anchors=read.anchors("anchor"), period=read.period("period"), addressee=read.member("addressee", Addressee),
        adjust=read.member("adjust", Adjust, Adjust.NONE), latest=read.latest("latest"),
        conditions=read.conditions("condition"), undue_delay=read.flag("undue_delay"), reason_if_late=bool(late),
        notes=read.texts("note", needed=False), valid_from=read.day("valid_from"), valid_to=read.day("valid_to"),
        verified=read.flag("verified", default=True),
    )  # fmt: skip


def _check(regime: Regime) -> None:
    """Raise _Wrong for what only shows between keys."""
    if regime.valid_to is not None and regime.valid_to < regime.valid_from:
        raise _Wrong("valid_to", "ends_before")
    keys = {rule.key for rule in regime.rules}
    for number, rule in enumerate(regime.rules, 1):
        path = f"rule[{number}]"
        if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
            raise _Wrong(f"{path}.valid_to", "ends_before")
        for name in (*rule.anchors, *(rule.latest.anchors if rule.latest else ())):
            if name.startswith(DONE) and name.removeprefix(DONE) not in keys - {rule.key}:
                raise _Wrong(f"{path}.anchor", "no_such_rule", name.removeprefix(DONE))
        for other in regime.rules[: number - 1]:
            if other.key == rule.key and _overlap(other, rule):
                raise _Wrong(f"{path}.key", "twice", rule.key)


def _overlap(one: Rule, other: Rule) -> bool:
    first, last = date.min, date.max
    return (one.valid_from or first) <= (other.valid_to or last) and (other.valid_from or first) <= (
        one.valid_to or last
    )


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


class _Table:
    """Reads one table of a pack and knows its path."""

    def __init__(self, table: Any, path: str, known: frozenset[str]) -> None:
        if not isinstance(table, Mapping):
            raise _Wrong(path, "not_table")
        self._table, self._prefix = table, f"{path}." if path else ""
        for name in sorted(set(table) - known):
            raise _Wrong(f"{self._prefix}{name}", "unknown")

    def wrong(self, name: str, reason: str, detail: str = "") -> _Wrong:
        return _Wrong(f"{self._prefix}{name}", reason, detail)

    def _get(self, name: str, kind: type, reason: str, needed: bool) -> Any:
        value = self._table.get(name)
        if value is None:
            if needed:
                raise self.wrong(name, "missing")
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(name, reason)
        return value

    def text(self, name: str, *, needed: bool = True) -> str:
        value = self._get(name, str, "not_text", needed)
        if needed and not value.strip():
            raise self.wrong(name, "missing")
        return (value or "").strip()

    def texts(self, name: str, *, needed: bool = True) -> Mapping[str, str]:
        value = self._get(name, dict, "not_table", needed)
        for language in LANGUAGES if value is not None else ():
            if not isinstance(value.get(language), str) or not value[language].strip():
                raise self.wrong(f"{name}.{language}", "missing")
        return value or {}

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._get(name, bool, "not_flag", False)
        return default if value is None else bool(value)

    def day(self, name: str) -> date | None:
        value: date | None = self._get(name, date, "not_date", False)
        return value

    def member(self, name: str, kind: type[Any], default: Any = None) -> Any:
        value = self._get(name, str, "not_text", default is None)
        if value is None:
            return default
        allowed = [each.value for each in kind]
        if value not in allowed:
            raise self.wrong(name, "not_choice", ", ".join(allowed))
        return kind(value)

    def anchors(self, name: str) -> tuple[str, ...]:
        value = self._table.get(name)
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names:
            raise self.wrong(name, "missing")
        for each in names:
            if not isinstance(each, str) or (not each.startswith(DONE) and each not in set(Anchor)):
                raise self.wrong(name, "not_choice", ", ".join(Anchor))
        return tuple(names)

    def period(self, name: str) -> Period:
        read = _Table(self._get(name, dict, "not_table", True), f"{self._prefix}{name}", frozenset({"value", "unit"}))
        unit = read.member("unit", Unit)
        value = read._get("value", int, "not_number", unit is not Unit.UNDUE_DELAY)
        if unit is not Unit.UNDUE_DELAY and value < 1:
            raise read.wrong("value", "not_number")
        return Period(value or 0, unit)

    def latest(self, name: str) -> Latest | None:
        value = self._get(name, dict, "not_table", False)
        if value is None:
            return None
        read = _Table(value, f"{self._prefix}{name}", frozenset({"anchor", "period"}))
        return Latest(read.anchors("anchor"), read.period("period"))

    def conditions(self, name: str) -> tuple[Condition, ...]:
        tables: Sequence[Any] = self._get(name, list, "not_list", False) or ()
        made = []
        for number, table in enumerate(tables, 1):
            read = _Table(table, f"{self._prefix}{name}[{number}]", frozenset({"fact", "is", "is_not"}))
            fact = read.member("fact", FactName)
            values = [(key, table[key]) for key in ("is", "is_not") if key in table]
            if len(values) != 1:
                raise read.wrong("is", "missing")
            key, wanted = values[0]
            if not isinstance(wanted, list) or not wanted or not all(isinstance(each, str) for each in wanted):
                raise read.wrong(key, "not_list")
            made.append(Condition(fact, frozenset(wanted), key == "is"))
        return tuple(made)
