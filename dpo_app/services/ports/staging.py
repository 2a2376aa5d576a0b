"""What the staging area speaks in: the columns a row and a person share, and lines for the import's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from dpo_app.core.ids import BreachId, ImportId
from dpo_app.core.veil import veiled

#: Columns that a staged row hands over to a person, by name.
PERSON_FIELDS = (
    "customer_number", "family_name", "given_names", "sort_key", "match_key", "national_id", "born", "language",
    "email", "phone", "care_of", "street", "postcode", "town", "country", "registered", "removed", "deceased",
    "protected", "guardian", "extra", "large_print", "easy_language",
)  # fmt: skip
#: What a person needs of a letter. A file may say it, no correction by a list changes it.
LETTER_NEEDS = ("large_print", "easy_language")
#: Of these, what the import's commitments cover, in this order.
SHOWN_FIELDS = tuple(name for name in PERSON_FIELDS if name not in ("sort_key", "match_key", "extra", *LETTER_NEEDS))


@veiled
class StagedPerson(NamedTuple):
    """A staged row's person by column name."""

    row: int
    values: dict[str, Any]


@veiled
class ProblemLine(NamedTuple):
    """One problem of an import, with the row's cells as they stand in the file."""

    row: int
    column: str
    code: str
    severity: str
    cells: tuple[str, ...]


class StagingQueries(Protocol):
    """Reading what is staged."""

    def same_file(self, breach_id: BreachId, sha256: str) -> int | None:
        """Return the accepted import of the same file, or None."""

    def profile(self, signature: str) -> dict[str, str] | None:
        """Return the columns kept for files with these headings, or None."""

    def persons(self, import_id: ImportId, row_numbers: Sequence[int]) -> dict[int, StagedPerson]:
        """Return staged persons by row number."""

    def row_state(self, import_id: ImportId, row_number: int) -> tuple[str, int | None, int | None]:
        """Return what becomes of a row: outcome, the row it repeats, the person it repeats or changes."""

    def problems(
        self, import_id: ImportId, code: str = "", severity: str = "", limit: int = 200, offset: int = 0
    ) -> list[ProblemLine]:
        """Return problems by row, with the row's cells."""

    def duplicates(self, import_id: ImportId, limit: int = 200) -> list[tuple[StagedPerson, int | None, int | None]]:
        """Return rows that repeat another one: the row, the row it repeats, the person it repeats."""
