"""E-mail that came back: where it is read from, and what of it the store keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dpo_app.core.ids import BreachId
from dpo_app.core.mail.bounce import ReadMail
from dpo_app.services.mail.returned_lines import FailedClass, ReturnedLine, ReturnedRow, TiedDelivery


class MailReader(Protocol):
    """Reads messages of strangers, in a process with limits."""

    def messages(self, path: Path) -> Iterator[bytes]:
        """Yield the messages of a mailbox file, a file or a folder. Raises InputError: "no_such_file", "cannot_read",
        "no_mail_here"."""

    def read(self, messages: Iterable[bytes]) -> Iterator[ReadMail]:
        """Yield the facts of each message, in order; one that cannot be read is said to be so."""


class ReturnedMailStore(Protocol):
    """E-mail that came back."""

    def keep(self, rows: Sequence[ReturnedRow]) -> None:
        """Keep messages; their identities are new."""

    def decide(
        self, line_ids: Sequence[int], outcome: str, by: str, at: datetime, *, delivery_id: int | None = None,
        breach_id: int | None = None, state_before: str | None = None,
    ) -> None:  # fmt: skip
        """Set what became of messages; their text is no longer kept."""


class ReturnedMailQueries(Protocol):
    """Reading what came back."""

    def known_mail(self, identities: Iterable[str]) -> set[str]:
        """Return those identities of messages that were read before."""

    def deliveries_by_tokens(self, tokens: Iterable[str]) -> dict[str, TiedDelivery]:
        """Return {code: delivery by e-mail} of those codes that are ours."""

    def deliveries_by_addresses(self, addresses: Iterable[str]) -> dict[str, TiedDelivery]:
        """Return {address in small letters: delivery} of those that exactly one person has who got an e-mail."""

    def returned_lines(
        self, breach_id: BreachId | None, outcomes: Sequence[str], limit: int = 500
    ) -> list[ReturnedLine]:
        """Return messages that came back with these outcomes, of a breach or of none yet."""

    def returned_line(self, line_id: int) -> ReturnedLine:
        """Return one message. Raises InputError("no_such_mail")."""

    def returned_counts(self, breach_id: BreachId) -> dict[tuple[str, str], int]:
        """Return {(kind, outcome): messages} of a breach and of those tied to none."""

    def email_counts(self, breach_id: BreachId) -> dict[str, int]:
        """Return {state: deliveries by e-mail} of a breach."""

    def failed_classes(self, breach_id: BreachId) -> list[FailedClass]:
        """Return by reason how many persons e-mail failed in this round who are open and were not moved on yet."""

    def failed_persons(self, breach_id: BreachId, reasons: Sequence[str]) -> list[int]:
        """Return the persons of these reasons, in order."""
