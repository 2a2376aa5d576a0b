"""What the staging area speaks in: the columns a row and a person share, and lines for the import's pages."""

from __future__ import annotations

from typing import Any, NamedTuple

#: Columns that a staged row hands over to a person, by name.
PERSON_FIELDS = (
    "customer_number", "family_name", "given_names", "sort_key", "match_key", "national_id", "born", "language",
    "email", "phone", "care_of", "street", "postcode", "town", "country", "registered", "removed", "deceased",
    "protected", "guardian", "extra",
)  # fmt: skip
#: Of these, what the import's commitments cover, in this order.
SHOWN_FIELDS = tuple(name for name in PERSON_FIELDS if name not in ("sort_key", "match_key", "extra"))


class StagedPerson(NamedTuple):
    """A staged row's person by column name."""

    row: int
    values: dict[str, Any]


class ProblemLine(NamedTuple):
    """One problem of an import, with the row's cells as they stand in the file."""

    row: int
    column: str
    code: str
    severity: str
    cells: tuple[str, ...]
