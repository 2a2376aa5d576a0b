"""What letters and returned envelopes ask of the store, beside what all messages do."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dpo_app.core.ids import BatchId, BreachId, NoticeId, PersonId, RevisionId
from dpo_app.core.persons.address import PostalAddress


class PostQueries(Protocol):
    """Reading for letters."""

    def post_order(
        self, breach_id: BreachId, revision_id: RevisionId, notice_id: NoticeId, only: PersonId | None = None,
        limit: int | None = None,
    ) -> array[int]:  # fmt: skip
        """Return the numbers of those `message_rows` would give for letters, by country and postcode."""

    def letter_digest(self, batch_id: BatchId, number: int) -> str:
        """Return the hash of what a letter of a batch shows, as it was recorded when it was made."""

    def letters_back(self, breach_id: BreachId) -> dict[str, int]:
        """Return {reason: letters} of those that came back, and under "" how many were posted in all."""


class PostPersons(Protocol):
    """Changes that a returned envelope brings to persons."""

    def letter_again(
        self, breach_id: BreachId, person_ids: Sequence[PersonId], again: bool, actor: str, at: datetime
    ) -> None:
        """Let the letter rung be used again for persons whose letter came back, or (False) no longer."""

    def lower_rung(self, revision_id: RevisionId, person_ids: Sequence[PersonId]) -> None:
        """Put persons on the letter rung of a plan on the public one, as the next plan will."""

    def letter_rung(self, revision_id: RevisionId, person_ids: Sequence[PersonId]) -> None:
        """Put persons whom a returned letter left on the public rung of a plan on the letter one again."""

    def set_address(self, person_id: PersonId, address: PostalAddress) -> tuple[bytes, bytes] | None:
        """Write another postal address of a person; returns (uid, key), None if there is no such person."""
