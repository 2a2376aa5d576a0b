"""Every fact a revision can state: its group, how it is edited, whether the law or the authorities' form demands it.

`numbers` are the fields of the EDPB's common template (version 2026-06-draft), so that a test can show that each of
them has a home; `may_stay_open` marks those an incomplete notice may leave "to be determined" (Art. 33(4)).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts.breach import BreachKind, Cause, Consequence, DataCategory, Revision
from dpo_app.core.facts.breach_document import document_from_revision
from dpo_app.core.facts.fact_choices import FactState
from dpo_app.core.facts.fact_values import Basis, FactNote


class FactGroup(StrEnum):
    """Groups of facts, in the order of the Facts page."""

    AWARENESS = "awareness"
    NATURE = "nature"
    WINDOWS = "windows"
    SYSTEMS = "systems"
    DATA = "data"
    PERSONS = "persons"
    CONSEQUENCES = "consequences"
    MEASURES = "measures"
    PARTIES = "parties"
    COMMUNICATION = "communication"
    REPORTS = "reports"
    CROSS_BORDER = "cross_border"
    SCOPE = "scope"
    STATEMENTS = "statements"
    EVIDENCE = "evidence"


class FactKind(StrEnum):
    """How a fact is stated."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DAY = "day"
    INSTANT = "instant"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    COUNT = "count"
    COUNTRY = "country"
    TEXTS = "texts"
    COUNTS = "counts"
    ROWS = "rows"


class Need(StrEnum):
    """Whether a fact must be there: always, under a condition, or not at all."""

    MANDATORY = "mandatory"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


Condition = Callable[[Revision], bool]


@dataclass(frozen=True)
class FactSpec:
    """What is fixed about a fact. `key` is its path in the document; `when` decides a conditional one."""

    key: str
    group: FactGroup
    kind: FactKind
    need: Need = Need.OPTIONAL
    numbers: tuple[int, ...] = ()
    may_stay_open: bool = False
    choices: type[StrEnum] | None = None
    when: Condition | None = None

    def demanded(self, revision: Revision) -> bool:
        """Tell whether this revision has to state the fact."""
        if self.need is Need.CONDITIONAL:
            return self.when is not None and self.when(revision)
        return self.need is Need.MANDATORY


class FactStanding(NamedTuple):
    """How a fact stands in a revision. `state` None: nothing was said. `open` is what the rail counts: demanded, and
    neither stated nor excused; `waiting` one that is not yet known, with reason and date."""

    spec: FactSpec
    value: Any
    state: FactState | None
    note: FactNote | None
    open: bool
    waiting: bool


def _kind(kind: BreachKind) -> Condition:
    return lambda revision: kind in revision.kinds


def _told_by_others(revision: Revision) -> bool:
    return revision.awareness.discovered_by not in (None, of.Discovery.CONTROLLER)


def _crosses(revision: Revision) -> bool:
    return revision.cross_border.concerned is of.Answer.YES


def _decided(*decisions: of.CommunicationDecision) -> Condition:
    return lambda revision: revision.communication.decision in decisions


_C, _I, _A = (_kind(kind) for kind in BreachKind)
_M, _IF, _O = Need.MANDATORY, Need.CONDITIONAL, Need.OPTIONAL
_G, _K = FactGroup, FactKind
_REASONED = _decided(of.CommunicationDecision.NO_HIGH_RISK, of.CommunicationDecision.EXEMPT)

CATALOGUE: tuple[FactSpec, ...] = (
    FactSpec("title", _G.AWARENESS, _K.TEXT, _M),
    FactSpec("reference", _G.AWARENESS, _K.TEXT, _O, (7,)),
    FactSpec("controller", _G.AWARENESS, _K.TEXT, _M, (12,)),
    FactSpec("awareness.at", _G.AWARENESS, _K.INSTANT, _M, (48,)),
    FactSpec("awareness.discovered_by", _G.AWARENESS, _K.CHOICE, _M, (50,), choices=of.Discovery),
    FactSpec("awareness.how", _G.AWARENESS, _K.TEXT, _M, (51,)),
    FactSpec("awareness.from_whom", _G.AWARENESS, _K.TEXT, _IF, when=_told_by_others),
    FactSpec("awareness.told_at", _G.AWARENESS, _K.INSTANT, _IF, (52,), when=_told_by_others),
    FactSpec("awareness.established", _G.AWARENESS, _K.LONG_TEXT, _M),
    FactSpec("awareness.first_report_at", _G.AWARENESS, _K.INSTANT),
    FactSpec("awareness.processor_aware_at", _G.AWARENESS, _K.INSTANT, _IF,
             when=lambda revision: revision.awareness.discovered_by is of.Discovery.PROCESSOR),
    FactSpec("awareness.correction", _G.AWARENESS, _K.TEXT),
    FactSpec("awareness.reason_for_delay", _G.AWARENESS, _K.LONG_TEXT, _O, (49,)),
    FactSpec("nature.kinds", _G.NATURE, _K.CHOICES, _M, (55,), choices=BreachKind),
    FactSpec("nature.cause", _G.NATURE, _K.CHOICE, _M, (61,), True, Cause),
    FactSpec("nature.incidents", _G.NATURE, _K.CHOICES, _M, (60,), True, of.Incident),
    FactSpec("nature.incident_text", _G.NATURE, _K.TEXT),
    FactSpec("nature.summary", _G.NATURE, _K.LONG_TEXT, _M, (62,)),
    FactSpec("nature.confidentiality", _G.NATURE, _K.CHOICE, _IF, (56,), True, of.ConfidentialityEffect, _C),
    FactSpec("nature.protection", _G.NATURE, _K.CHOICE, _IF, (57,), True, of.Protection, _C),
    FactSpec("nature.integrity", _G.NATURE, _K.CHOICE, _IF, (58,), False, of.IntegrityEffect, _I),
    FactSpec("nature.availability", _G.NATURE, _K.CHOICE, _IF, (59,), False, of.AvailabilityEffect, _A),
    FactSpec("window", _G.WINDOWS, _K.ROWS, _M, (46, 47), True),
    FactSpec("occurrence.kind", _G.WINDOWS, _K.CHOICE, _M, (44,), True, of.OccurrenceKind),
    FactSpec("occurrence.estimated", _G.WINDOWS, _K.FLAG, _O, (45,)),
    FactSpec("occurrence.remarks", _G.WINDOWS, _K.LONG_TEXT, _O, (53,)),
    FactSpec("event", _G.WINDOWS, _K.ROWS),
    FactSpec("system", _G.SYSTEMS, _K.ROWS, _M, (63,)),
    FactSpec("data.categories", _G.DATA, _K.CHOICES, _M, (70,), True, DataCategory),
    FactSpec("data.text", _G.DATA, _K.LONG_TEXT, _M, (71,)),
    FactSpec("data.records", _G.DATA, _K.COUNT, _M, (72, 73), True),
    FactSpec("data.by_category", _G.DATA, _K.COUNTS, choices=DataCategory),
    FactSpec("persons.groups", _G.PERSONS, _K.CHOICES, _M, (65,), True, of.PersonGroup),
    FactSpec("persons.text", _G.PERSONS, _K.LONG_TEXT, _O, (66,)),
    FactSpec("data.persons", _G.PERSONS, _K.COUNT, _M, (67, 68), True),
    FactSpec("persons.vulnerable", _G.PERSONS, _K.CHOICES, choices=of.VulnerableGroup),
    FactSpec("persons.vulnerable_text", _G.PERSONS, _K.TEXT),
    FactSpec("consequences.likely", _G.CONSEQUENCES, _K.CHOICES, _M, (85, 86), True, Consequence),
    FactSpec("consequences.text", _G.CONSEQUENCES, _K.LONG_TEXT, _M, (80, 82, 84)),
    FactSpec("consequences.severity", _G.CONSEQUENCES, _K.CHOICE, _M, (87,), True, of.ImpactSeverity),
    FactSpec("consequences.confidentiality", _G.CONSEQUENCES, _K.CHOICES, _IF, (79,), True,
             of.ConfidentialityConsequence, _C),
    FactSpec("consequences.integrity", _G.CONSEQUENCES, _K.CHOICES, _IF, (81,), True, of.IntegrityConsequence, _I),
    FactSpec("consequences.availability", _G.CONSEQUENCES, _K.CHOICES, _IF, (83,), True, of.AvailabilityConsequence,
             _A),
    FactSpec("before.kinds", _G.MEASURES, _K.CHOICES, _M, (75,), choices=of.Safeguard),
    FactSpec("before.text", _G.MEASURES, _K.LONG_TEXT, _O, (76,)),
    FactSpec("measure", _G.MEASURES, _K.ROWS, _M, (92, 94, 95)),
    FactSpec("party", _G.PARTIES, _K.ROWS, _M, (18, 19, 38, 39, 40, 41)),
    FactSpec("contact.dpo", _G.PARTIES, _K.TEXT, _M, (29, 30)),
    FactSpec("contact.dpo_contact", _G.PARTIES, _K.TEXT, _M, (31,)),
    FactSpec("contact.name", _G.PARTIES, _K.TEXT, _O, (21, 33, 34)),
    FactSpec("contact.function", _G.PARTIES, _K.TEXT, _O, (23, 24, 35)),
    FactSpec("contact.contact", _G.PARTIES, _K.TEXT, _O, (22, 36)),
    FactSpec("communication.decision", _G.COMMUNICATION, _K.CHOICE, _M, (97,), True, of.CommunicationDecision),
    FactSpec("communication.planned_on", _G.COMMUNICATION, _K.DAY, _IF, (99,),
             when=_decided(of.CommunicationDecision.WILL_BE)),
    FactSpec("communication.exemption", _G.COMMUNICATION, _K.CHOICE, _IF, (100,), False, of.Exemption,
             _decided(of.CommunicationDecision.EXEMPT)),
    FactSpec("communication.reason", _G.COMMUNICATION, _K.LONG_TEXT, _IF, (101,), when=_REASONED),
    FactSpec("reporting.police", _G.REPORTS, _K.CHOICE, _M, (109,), choices=of.Answer),
    FactSpec("reporting.others", _G.REPORTS, _K.CHOICE, _M, (110,), choices=of.Answer),
    FactSpec("report", _G.REPORTS, _K.ROWS, _IF, (111,),
             when=lambda revision: of.Answer.YES in (revision.reporting.police, revision.reporting.others)),
    FactSpec("cross_border.concerned", _G.CROSS_BORDER, _K.CHOICE, _M, (113, 120), choices=of.Answer),
    FactSpec("cross_border.establishment", _G.CROSS_BORDER, _K.CHOICE, _IF, (), False, of.Establishment, _crosses),
    FactSpec("cross_border.main_establishment", _G.CROSS_BORDER, _K.COUNTRY, _IF, (114,), when=_crosses),
    FactSpec("cross_border.states", _G.CROSS_BORDER, _K.TEXTS, _IF, (115, 121), when=_crosses),
    FactSpec("cross_border.persons_by_country", _G.CROSS_BORDER, _K.COUNTS, _IF, (116, 117, 122), when=_crosses),
    FactSpec("cross_border.authorities_told", _G.CROSS_BORDER, _K.TEXTS, _O, (118, 123)),
    FactSpec("cross_border.note", _G.CROSS_BORDER, _K.TEXT),
    FactSpec("scope.role", _G.SCOPE, _K.CHOICE, _M, choices=of.OwnRole),
    FactSpec("scope.sector", _G.SCOPE, _K.CHOICE, _M, (14, 15), choices=of.Sector),
    FactSpec("scope.providers", _G.SCOPE, _K.CHOICES, choices=of.ProviderKind),
    FactSpec("scope.contract", _G.SCOPE, _K.TEXT),
    FactSpec("scope.contract_hours", _G.SCOPE, _K.NUMBER),
    FactSpec("statement", _G.STATEMENTS, _K.ROWS),
    FactSpec("note", _G.STATEMENTS, _K.LONG_TEXT),
)  # fmt: skip
BY_KEY: dict[str, FactSpec] = {spec.key: spec for spec in CATALOGUE}


def is_empty(value: Any) -> bool:
    """Tell whether a document's value says nothing."""
    return value in (None, "", [], {}) or value == {"basis": Basis.UNKNOWN.value}


def value_at(document: Mapping[str, Any], key: str) -> Any:
    """Return the document's value at a path, or None."""
    value: Any = document
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _says_nothing(spec: FactSpec, value: Any) -> bool:
    if spec.key == "nature.cause":
        return bool(value == Cause.UNKNOWN.value)
    return is_empty(value) or value == "to_be_determined"


def _state(spec: FactSpec, value: Any, note: FactNote | None) -> FactState | None:
    if note is not None:
        return note.state
    if _says_nothing(spec, value):
        return None
    if spec.kind is FactKind.COUNT and value.get("basis") == Basis.ESTIMATE.value:
        return FactState.ESTIMATED
    return FactState.KNOWN


def standings(revision: Revision) -> tuple[FactStanding, ...]:
    """Return how every fact of the catalogue stands in a revision, in the order of the page."""
    document = document_from_revision(revision)
    notes = {note.key: note for note in revision.facts}
    found = []
    for spec in CATALOGUE:
        value, note = value_at(document, spec.key), notes.get(spec.key)
        state = _state(spec, value, note)
        waiting = state is FactState.NOT_YET_KNOWN and note is not None and bool(note.reason)
        missing = state is None or (state is FactState.NOT_YET_KNOWN and not waiting)
        found.append(FactStanding(spec, value, state, note, spec.demanded(revision) and missing, waiting))
    return tuple(found)


def open_facts(revision: Revision) -> dict[FactGroup, int]:
    """Return how many demanded facts each group lacks: neither stated, nor excused, nor open with a reason."""
    counts = dict.fromkeys(FactGroup, 0)
    for each in standings(revision):
        counts[each.spec.group] += each.open
    return counts
