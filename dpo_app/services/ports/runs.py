"""What use-cases ask of the store for runs of e-mails through a mail server, and for the arming that lets them leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BatchId, BreachId, RevisionId
from dpo_app.core.mail.arming import Arming
from dpo_app.core.notices.notice import Reader
from dpo_app.services.mail.run_lines import LedgerLine, RunningTry, TriedLine, WaitingRow


class SendingStore(Protocol):
    """Runs through a mail server, and the arming that lets them leave."""

    def arm(self, breach_id: BreachId, arming: Arming) -> None:
        """Let messages of a breach leave until an instant."""

    def disarm(self, breach_id: BreachId, at: datetime, by: str) -> bool:
        """End the newest arming now; returns whether one held."""

    def set_run(self, batch_id: BatchId, state: str, facts: Mapping[str, Any]) -> None:
        """Set the state of a run and add to what is known of it."""

    def cancel_waiting(self, batch_id: BatchId, reason: str, at: datetime, actor: str) -> int:
        """Cancel all members that wait; returns how many."""

    def release_held(self, batch_id: BatchId, at: datetime, actor: str) -> int:
        """Let all held members wait again; returns how many."""

    def end_tries(self, tries: Sequence[RunningTry], at: datetime, actor: str) -> None:
        """End tries that a crash left without an answer: before the dot the delivery waits again, after it the outcome
        is unknown."""


class RunQueries(Protocol):
    """Reading runs."""

    def open_runs(self, breach_id: BreachId) -> list[BatchId]:
        """Return the runs of a breach that have not ended, oldest first."""

    def run_counts(self, batch_id: BatchId) -> dict[str, int]:
        """Return {state: members} of a batch."""

    def waiting_members(self, batch_id: BatchId, revision_id: RevisionId) -> list[tuple[int, datetime | None]]:
        """Return (delivery, next try or None for now) of all who wait, most surely exposed first, then by number."""

    def waiting_rows(
        self, delivery_ids: Sequence[int], frozen: RevisionId, newest: RevisionId, default_language: str
    ) -> list[WaitingRow]:
        """Return what messages are made from, in the order asked; `frozen` is the revision the run was planned from."""

    def run_readers(self, batch_id: BatchId, frozen: RevisionId) -> list[Reader]:
        """Return the kinds of readers among the members of a run."""

    def ledger_lines(self, delivery_ids: Sequence[int], frozen: RevisionId) -> dict[int, LedgerLine]:
        """Return what the ledger says of deliveries, by their number, read apart from `waiting_rows`."""

    def ledger_of(
        self, person_ids: Sequence[int], revision_id: RevisionId, default_language: str
    ) -> dict[int, LedgerLine]:
        """Return what the ledger says of persons who are in no run yet, by their number; without a code."""

    def last_event(self) -> int:
        """Return the number of the newest delivery event; 0 without any."""

    def journal_lines(
        self, batch_id: BatchId, after: int, upto: int
    ) -> list[tuple[int, int, str, str, int, str, str, str]]:
        """Return what the journal of a run holds between two events: delivery, attempt, state, step, code, enhanced code,
        kind, hash of the bytes; attempt 0 for those that were not handed over."""

    def strayed_deliveries(self) -> int:
        """Return how many deliveries stand in another state than their last event says."""

    def tried_lines(
        self, breach_id: BreachId, states: Sequence[DeliveryState], batch_id: BatchId | None = None, limit: int = 500,
        tried: bool = False,
    ) -> list[TriedLine]:  # fmt: skip
        """Return deliveries by e-mail in these states (none given: any), newest first; `tried` leaves out those that
        were never handed over."""

    def tried_by_token(self, token: str) -> TriedLine | None:
        """Return the delivery with this code, or None."""

    def batches_of(self, delivery_ids: Sequence[int]) -> list[BatchId]:
        """Return the batches that these deliveries are in."""

    def running_tries(self) -> list[RunningTry]:
        """Return the tries that began and have no answer in the journal."""

    def begun_since(self, server: str, since: datetime) -> list[datetime]:
        """Return when tries through a server began, since an instant, in order."""

    def handed_by_minute(self, batch_id: BatchId, since: datetime) -> dict[int, int]:
        """Return {minute since 1970: messages accepted} of a run."""

    def arming(self, breach_id: BreachId) -> Arming | None:
        """Return the newest arming of a breach, or None if it never was armed."""

    def states_of_tokens(self, tokens: Sequence[str]) -> dict[str, tuple[int, int, str]]:
        """Return {code: (delivery, breach, state)} of the codes that are ours."""

    def anybody_at(self, breach_id: BreachId, addresses: Sequence[str]) -> bool:
        """Tell whether a person of a breach has one of these mail addresses, given in small letters."""
