"""Values of which a revision's facts are made, besides those of `breach`: parties, systems, events, statements, scope.

Each has defaults that say nothing: a document of an earlier version lacks them and reads all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dpo_app.core.facts.fact_choices import (
    Answer,
    CommunicationDecision,
    Establishment,
    EventKind,
    Exemption,
    FactState,
    OccurrenceKind,
    OwnRole,
    PartyRole,
    PersonGroup,
    ProviderKind,
    Safeguard,
    Sector,
    StatementKind,
    VulnerableGroup,
)


class Basis(StrEnum):
    """What a number rests on; *unknown* is not 0, and *undeterminable* will stay so."""

    EXACT = "exact"
    ESTIMATE = "estimate"
    UNKNOWN = "unknown"
    UNDETERMINABLE = "undeterminable"


#: A number with one of these has no value.
WITHOUT_VALUE = frozenset({Basis.UNKNOWN, Basis.UNDETERMINABLE})


@dataclass(frozen=True)
class Count:
    """A number of persons or records with its basis and, for an estimate, its least and greatest; `value` is None if
    the basis says that there is none."""

    value: int | None = None
    basis: Basis = Basis.UNKNOWN
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class FactNote:
    """What is said about one fact besides its value: its state, who says so, evidence by reference (`E3`), and for a
    fact that is not yet known why, and by when it will be. `key` is the fact's path, such as `data.records`."""

    key: str
    state: FactState
    source: str = ""
    evidence: tuple[str, ...] = ()
    reason: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Occurrence:
    """When it happened as the form asks, whether the days are estimated, and remarks on the course of events."""

    kind: OccurrenceKind | None = None
    estimated: bool = False
    remarks: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened at an instant: a mark on the timeline, perhaps the anchor of a clock."""

    kind: EventKind
    at: datetime
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class System:
    """A system or a place that is affected; `country` is ISO 3166 alpha-2."""

    name: str
    place: str = ""
    country: str = ""
    note: str = ""


@dataclass(frozen=True)
class Party:
    """A processor, joint controller, representative or another party."""

    name: str
    role: PartyRole
    contact: str = ""
    country: str = ""
    note: str = ""


@dataclass(frozen=True)
class ContactPoint:
    """From whom the authority gets more information (Art. 33(3)(b)); the DPO where there is one."""

    dpo: str = ""
    dpo_contact: str = ""
    name: str = ""
    function: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Concerned:
    """Whose data it is: categories of persons, in words, and who among them needs special care."""

    groups: tuple[PersonGroup, ...] = ()
    text: str = ""
    vulnerable: tuple[VulnerableGroup, ...] = ()
    vulnerable_text: str = ""


@dataclass(frozen=True)
class Before:
    """Security measures in place before the breach."""

    kinds: tuple[Safeguard, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Statement:
    """What somebody says, kept apart from the facts: author, day and source."""

    author: str
    text: str
    made_on: date | None = None
    kind: StatementKind = StatementKind.OTHER
    source: str = ""


@dataclass(frozen=True)
class Report:
    """A report to somebody else: police, insurer, another authority."""

    to: str
    made_on: date | None = None
    reference: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reporting:
    """Whether it was reported to the police and to other authorities."""

    police: Answer | None = None
    others: Answer | None = None


@dataclass(frozen=True)
class CountryCount:
    """How many of the persons live in a country (ISO 3166 alpha-2)."""

    country: str
    count: Count


@dataclass(frozen=True)
class CrossBorder:
    """Whether the processing crosses borders (Art. 4(23)), and what decides on the lead authority (Art. 56)."""

    concerned: Answer | None = None
    establishment: Establishment | None = None
    main_establishment: str = ""
    states: tuple[str, ...] = ()
    persons_by_country: tuple[CountryCount, ...] = ()
    authorities_told: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Scope:
    """Which laws may ask for a notice: the organisation's role for this data, its sector, its kinds of service."""

    role: OwnRole | None = None
    sector: Sector | None = None
    providers: tuple[ProviderKind, ...] = ()
    contract: str = ""
    contract_hours: int | None = None


@dataclass(frozen=True)
class Communication:
    """The decision on telling the persons, with the exemption of Art. 34(3) and the reason for it."""

    decision: CommunicationDecision | None = None
    planned_on: date | None = None
    exemption: Exemption | None = None
    reason: str = ""
