"""What use-cases ask of the store about correcting persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from dpo_app.core.ids import BreachId
from dpo_app.core.veil import veiled


@veiled
class NewChange(NamedTuple):
    """What a correction changes in one person: columns as they were and as they become."""

    person_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class CorrectionLine(NamedTuple):
    """A correction as kept."""

    id: int
    breach_id: int
    source: str
    file_name: str
    persons: int
    made_at: datetime
    made_by: str
    undone_at: datetime | None


class CorrectionQueries(Protocol):
    """Reading contact data and corrections."""

    def contact_values(self, breach_id: BreachId) -> Iterator[tuple[int, dict[str, Any]]]:
        """Stream (person, values by column and the code) of a breach, in order."""

    def shared_mails(self, breach_id: BreachId) -> frozenset[str]:
        """Return the mail addresses that several persons of a breach have, in small letters."""

    def correction(self, correction_id: int) -> CorrectionLine:
        """Return a correction. Raises InputError("no_such_correction")."""

    def corrections(self, breach_id: BreachId) -> list[CorrectionLine]:
        """Return the corrections of a breach that count, newest first."""

    def persons_by(self, breach_id: BreachId, column: str, values: Sequence[str]) -> dict[str, list[int]]:
        """Return {value: persons} of those who have one of these values in a column."""

    def mail_owners(self, breach_id: BreachId, mails: AbstractSet[str]) -> dict[str, set[int]]:
        """Return {mail address in small letters: persons} of those who have one of these."""

    def protected_contacts(self, breach_id: BreachId) -> list[tuple[int, str, str, str, str]]:
        """Return (person, street, postcode, town, mail address) of those with a protected address."""


class CorrectionStore(CorrectionQueries, Protocol):
    """Writing corrections."""

    def add_correction(self, values: Mapping[str, Any], changes: Sequence[NewChange]) -> int:
        """Change persons, keep what they were and drop their place in the plan; returns the correction's number."""

    def undo_correction(self, correction_id: int, at: datetime) -> int:
        """Put persons back as they were, but for values that were changed since; returns how many."""

    def forget(self, person_ids: Sequence[int]) -> None:
        """Remove what corrections keep of persons who are erased."""

    def sent_since(self, correction_id: int) -> int:
        """Return to how many of the corrected persons something was sent, or set on its way, since."""

    def corrected_since(self, correction_id: int) -> list[int]:
        """Return the later corrections that count and concern the same persons, lowest first."""

    def merged_since(self, correction_id: int) -> int:
        """Return how many of the corrected persons became part of another one since."""
