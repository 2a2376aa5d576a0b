"""A breach and its revisions: the facts as known on a date, immutable, each with source and author (design.md 4).

A revision is a value. It is written and kept as a *document* (nested mappings of plain values, the shape of the TOML
file that `dpo breach add` takes), so that a fact added later needs no new column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dpo_app.core.facts.exposure import Window
from dpo_app.core.facts.fact_choices import (
    AvailabilityConsequence,
    AvailabilityEffect,
    ConfidentialityConsequence,
    ConfidentialityEffect,
    Discovery,
    ImpactSeverity,
    Incident,
    IntegrityConsequence,
    IntegrityEffect,
    MeasureState,
    Protection,
    Safeguard,
)
from dpo_app.core.facts.fact_values import (
    Basis,
    Before,
    Communication,
    Concerned,
    ContactPoint,
    Count,
    CrossBorder,
    Event,
    FactNote,
    Occurrence,
    Party,
    Report,
    Reporting,
    Scope,
    Statement,
    System,
)

__all__ = [
    "SPECIAL", "Awareness", "Basis", "BreachKind", "CategoryCount", "Cause", "Consequence", "Count", "DataCategory",
    "Measure", "MeasureKind", "Revision", "SavedRevision",
]  # fmt: skip


class BreachKind(StrEnum):
    """What was breached (EDPB Guidelines 9/2022, 17)."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Cause(StrEnum):
    """From where it came, and whether on purpose."""

    MALICIOUS_EXTERNAL = "malicious_external"
    MALICIOUS_INTERNAL = "malicious_internal"
    MISTAKE_INTERNAL = "mistake_internal"
    MISTAKE_EXTERNAL = "mistake_external"
    TECHNICAL = "technical"
    UNKNOWN = "unknown"


class DataCategory(StrEnum):
    """Kinds of personal data in the breach; `SPECIAL` are those of Art. 9 and 10."""

    NAME = "name"
    CONTACT = "contact"
    NATIONAL_ID = "national_id"
    HEALTH = "health"
    PASSWORD = "password"
    ACCOUNT = "account"
    CARD = "card"
    FINANCIAL = "financial"
    LOCATION = "location"
    MESSAGES = "messages"
    PHOTOS = "photos"
    BIOMETRIC = "biometric"
    CRIMINAL = "criminal"
    RELIGION = "religion"
    SEX_LIFE = "sex_life"
    UNION = "union"
    CHILD = "child"
    GENETIC = "genetic"
    POLITICAL = "political"
    ETHNIC = "ethnic"
    OCCUPATIONAL_HEALTH = "occupational_health"
    DOCUMENT = "document"
    PROFILE = "profile"
    OTHER = "other"


SPECIAL = frozenset(
    {
        DataCategory.HEALTH, DataCategory.BIOMETRIC, DataCategory.CRIMINAL, DataCategory.RELIGION,
        DataCategory.SEX_LIFE, DataCategory.UNION, DataCategory.GENETIC, DataCategory.POLITICAL, DataCategory.ETHNIC,
        DataCategory.OCCUPATIONAL_HEALTH,
    }
)  # fmt: skip


class Consequence(StrEnum):
    """Likely consequences for persons (recital 85)."""

    EXTORTION = "extortion"
    IDENTITY_THEFT = "identity_theft"
    FRAUD = "fraud"
    FINANCIAL_LOSS = "financial_loss"
    LOSS_OF_CONFIDENTIALITY = "loss_of_confidentiality"
    LOSS_OF_CONTROL = "loss_of_control"
    DISCRIMINATION = "discrimination"
    REPUTATION = "reputation"
    DISTRESS = "distress"
    PHYSICAL_HARM = "physical_harm"
    LIMITED_RIGHTS = "limited_rights"
    PSEUDONYMS_REVERSED = "pseudonyms_reversed"
    PROFESSIONAL_SECRECY = "professional_secrecy"
    DISCLOSURE = "disclosure"
    DISADVANTAGE = "disadvantage"
    PROPERTY = "property"
    OTHER = "other"


class MeasureKind(StrEnum):
    """What a measure is for: stop it, soften it, keep it from happening again (Art. 33(3)(d))."""

    CONTAIN = "contain"
    MITIGATE = "mitigate"
    PREVENT = "prevent"


@dataclass(frozen=True)
class Awareness:
    """When the controller became aware, with zone, how, and the reason for delay if a deadline passed (Art. 33(1)).

    Aware is who is certain to a reasonable degree (Guidelines 9/2022): `established` says what made it certain,
    `first_report_at` when a short investigation began before that. `told_at` is when somebody outside said so,
    `processor_aware_at` when a processor knew. `correction` says why the time differs from an earlier revision's.
    """

    at: datetime
    how: str = ""
    reason_for_delay: str = ""
    discovered_by: Discovery | None = None
    from_whom: str = ""
    established: str = ""
    first_report_at: datetime | None = None
    told_at: datetime | None = None
    processor_aware_at: datetime | None = None
    correction: str = ""


@dataclass(frozen=True)
class Measure:
    """A measure taken (`done_on`) or planned (no date); `state` says more where it is stated."""

    kind: MeasureKind
    text: str
    done_on: date | None = None
    state: MeasureState | None = None
    planned_on: date | None = None
    safeguard: Safeguard | None = None
    owner: str = ""

    @property
    def standing(self) -> MeasureState:
        """Return the stated state, or what the date says: nothing planned is told as done."""
        if self.state is not None:
            return self.state
        return MeasureState.DONE if self.done_on else MeasureState.PLANNED


@dataclass(frozen=True)
class CategoryCount:
    """How many records hold data of one kind."""

    category: DataCategory
    count: Count


@dataclass(frozen=True)
class Revision:
    """The facts of a breach as known at `known_as_of` (aware), with who said so."""

    title: str
    reference: str
    controller: str
    known_as_of: datetime
    source: str
    awareness: Awareness
    kinds: tuple[BreachKind, ...] = ()
    cause: Cause = Cause.UNKNOWN
    summary: str = ""
    windows: tuple[Window, ...] = ()
    categories: tuple[DataCategory, ...] = ()
    persons: Count = Count()
    records: Count = Count()
    consequences: tuple[Consequence, ...] = ()
    consequences_text: str = ""
    measures: tuple[Measure, ...] = ()
    note: str = ""
    incidents: tuple[Incident, ...] = ()
    incident_text: str = ""
    confidentiality: ConfidentialityEffect | None = None
    protection: Protection | None = None
    integrity: IntegrityEffect | None = None
    availability: AvailabilityEffect | None = None
    occurrence: Occurrence = Occurrence()
    events: tuple[Event, ...] = ()
    systems: tuple[System, ...] = ()
    data_text: str = ""
    category_counts: tuple[CategoryCount, ...] = ()
    concerned: Concerned = Concerned()
    confidentiality_consequences: tuple[ConfidentialityConsequence, ...] = ()
    integrity_consequences: tuple[IntegrityConsequence, ...] = ()
    availability_consequences: tuple[AvailabilityConsequence, ...] = ()
    severity: ImpactSeverity | None = None
    before: Before = Before()
    parties: tuple[Party, ...] = ()
    contact: ContactPoint = ContactPoint()
    statements: tuple[Statement, ...] = ()
    reporting: Reporting = Reporting()
    reports: tuple[Report, ...] = ()
    cross_border: CrossBorder = CrossBorder()
    scope: Scope = Scope()
    communication: Communication = Communication()
    facts: tuple[FactNote, ...] = ()

    def fact(self, key: str) -> FactNote | None:
        """Return what is said about the fact at a path besides its value, or None."""
        return next((each for each in self.facts if each.key == key), None)

    @property
    def has_special_data(self) -> bool:
        """Tell whether data of Art. 9 or 10 is concerned: e-mails then use the discreet wording."""
        return bool(SPECIAL.intersection(self.categories))


@dataclass(frozen=True)
class SavedRevision:
    """A revision as kept: number from 1, identity, author, and when it was recorded."""

    id: int
    breach_id: int
    number: int
    author: str
    recorded_at: datetime
    facts: Revision
