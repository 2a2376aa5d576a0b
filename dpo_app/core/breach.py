"""A breach and its revisions: the facts as known on a date, immutable, each with source and author (design.md 4).

A revision is a value. It is written and kept as a *document* (nested mappings of plain values, the shape of the TOML
file that `dpo breach add` takes), so that a fact added later needs no new column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dpo_app.core.exposure import Window


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
    OTHER = "other"


SPECIAL = frozenset(
    {
        DataCategory.HEALTH, DataCategory.BIOMETRIC, DataCategory.CRIMINAL, DataCategory.RELIGION,
        DataCategory.SEX_LIFE, DataCategory.UNION,
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
    OTHER = "other"


class MeasureKind(StrEnum):
    """What a measure is for: stop it, soften it, keep it from happening again (Art. 33(3)(d))."""

    CONTAIN = "contain"
    MITIGATE = "mitigate"
    PREVENT = "prevent"


class Basis(StrEnum):
    """What a number rests on; *unknown* is not 0."""

    EXACT = "exact"
    ESTIMATE = "estimate"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Awareness:
    """When the controller became aware, with zone, how, and the reason for delay if a deadline passed (Art. 33(1))."""

    at: datetime
    how: str = ""
    reason_for_delay: str = ""


@dataclass(frozen=True)
class Measure:
    """A measure taken (`done_on`) or planned (no date)."""

    kind: MeasureKind
    text: str
    done_on: date | None = None


@dataclass(frozen=True)
class Count:
    """A number of persons or records with its basis; `value` is None if the basis is unknown."""

    value: int | None = None
    basis: Basis = Basis.UNKNOWN


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
