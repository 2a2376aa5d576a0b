"""What use-cases ask of the store about who is one person: pairs to look at, and merges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from dpo_app.core.ids import BreachId, ImportId, PersonId
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.core.veil import veiled

#: Columns that linkage compares, in the order in which they are streamed after the number.
LINKED_FIELDS = (
    "family_name", "given_names", "born", "national_id", "customer_number", "street", "postcode", "town", "email",
    "phone",
)  # fmt: skip


class NewPair(NamedTuple):
    """A pair to keep; of each side either the row of the import or the person, the other None."""

    left_row: int | None
    left_person: int | None
    right_row: int | None
    right_person: int | None
    likeness: int
    pattern: int
    sure: bool


@veiled
class PairLine(NamedTuple):
    """A pair as kept. `likeness` is in thousandths; `pattern` says what agrees; `before` what staged rows were."""

    id: int
    breach_id: int
    import_id: int | None
    left_row: int | None
    left_person: int | None
    right_row: int | None
    right_person: int | None
    likeness: int
    pattern: int
    sure: bool
    verdict: Verdict
    decided: int
    before: dict[str, Any]


@veiled
class MergeLine(NamedTuple):
    """A merge: who was kept, who went and under which code, why, by whom, and whether it was taken back."""

    id: int
    uid: str
    breach_id: int
    kept_id: int
    gone_id: int
    code: str
    reason: str
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None


class LinkQueries(Protocol):
    """Reading pairs and merges."""

    def pair(self, pair_id: int) -> PairLine:
        """Return a pair. Raises InputError("no_such_pair")."""

    def pairs(
        self, breach_id: BreachId, import_id: ImportId | None, *, sure: bool | None = None,
        verdicts: Sequence[Verdict] = (Verdict.OPEN,), limit: int = 500,
    ) -> list[PairLine]:  # fmt: skip
        """Return pairs of an import, or with None of the register, most alike first."""

    def count_pairs(self, breach_id: BreachId, import_id: ImportId | None, sure: bool, verdict: Verdict) -> int:
        """Return how many pairs there are of a kind."""

    def last_decided(self, breach_id: BreachId, import_id: ImportId | None) -> PairLine | None:
        """Return the pair that was decided last, or None."""

    def merge(self, merge_id: int) -> MergeLine:
        """Return a merge. Raises InputError("no_such_merge")."""

    def merges(self, breach_id: BreachId, limit: int = 500) -> list[MergeLine]:
        """Return the merges that count, newest first."""

    def count_merged(self, breach_id: BreachId) -> int:
        """Return how many persons of a breach became part of another one."""

    def merged_among(self, import_id: ImportId) -> int:
        """Return how many merges concern persons whom an import brought or changed."""

    def person_values(self, breach_id: BreachId) -> Iterator[tuple[Any, ...]]:
        """Stream (person, `LINKED_FIELDS`) of a breach, in order."""

    def apart(self, breach_id: BreachId) -> frozenset[tuple[int, int]]:
        """Return the pairs of persons, lower first, that were found to be different people."""

    def sent_to(self, person_ids: Sequence[int]) -> int:
        """Return to how many of these something was sent, or is on its way."""

    def shared_values(self, breach_id: BreachId) -> Iterator[tuple[int, str, str, str, str]]:
        """Stream (person, street, postcode, town, mail address) of a breach, in order."""

    def person_now(self, person_id: int) -> int:
        """Return the person who a person is now: themselves, or the one they became part of."""

    def values(self, person_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return persons by the columns of `PERSON_FIELDS` and their code, by number."""


class LinkStore(LinkQueries, Protocol):
    """Writing pairs and merges."""

    def staged_values(self, import_id: ImportId) -> Iterator[tuple[Any, ...]]:
        """Stream (row, `LINKED_FIELDS`) of the rows that are new, in order."""

    def replace_pairs(self, breach_id: BreachId, import_id: ImportId | None, pairs: Iterable[NewPair]) -> None:
        """Put pairs in the place of those of an import or, with None, of the open ones of the register."""

    def keep_import_apart(self, import_id: ImportId) -> int:
        """Keep, between persons, what was found to be different people among the rows of an import that is being
        accepted; returns how many pairs."""

    def forget_import(self, import_id: ImportId) -> None:
        """Forget the pairs of an import with what its rows were."""

    def forget(self, person_ids: Sequence[int]) -> None:
        """Remove what is kept of persons who are erased: pairs, and the records that became part of them."""

    def decide(self, pair_id: int, verdict: Verdict, before: Mapping[str, Any] | None = None) -> None:
        """Keep a verdict; `Verdict.OPEN` takes it back."""

    def add_merge(
        self, uid: str, breach_id: BreachId, kept_id: PersonId, gone_id: PersonId, changes: Mapping[str, Any],
        reason: str, at: datetime, actor: str,
    ) -> int:  # fmt: skip
        """Make one person of two and return the merge's number: what speaks of the one who goes speaks of the other
        from now on, deliveries with their states and events included; both lose their place in the plan."""

    def undo_merge(self, merge_id: int, at: datetime) -> tuple[int, int]:
        """Make two persons of one again; returns their numbers. What came to the kept one since stays there."""

    def on_the_way_both(self, kept_id: PersonId, gone_id: PersonId) -> bool:
        """Tell whether the same notice is on its way to both."""
