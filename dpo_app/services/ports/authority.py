"""What use-cases ask of the store about authorities: notices to them, the log, figures of the ledger; and the printer
of notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dpo_app.core.authority.authority_log import AuthorityEvent, AuthorityTold
from dpo_app.core.authority.authority_notice import AuthorityNotice
from dpo_app.core.authority.authority_paper import AuthorityPaper
from dpo_app.core.ids import BreachId, NoticeId, RevisionId


class AuthorityStore(Protocol):
    """Writing notices to authorities and the log."""

    def add(self, uid: str, value: AuthorityNotice, created_at: datetime) -> NoticeId:
        """Add a draft."""

    def save(self, notice_id: NoticeId, value: AuthorityNotice) -> None:
        """Replace a draft. Raises RuleError("notice_frozen") for an approved one."""

    def freeze(self, notice_id: NoticeId, value: AuthorityNotice, canonical: bytes, pdf: bytes) -> None:
        """Keep the approved notice with its published form and its paper. Raises RuleError("notice_frozen")."""

    def supersede(self, notice_id: NoticeId) -> None:
        """Take an approved notice that was not handed in out of use: a newer one stands in its place."""

    def record(self, uid: str, value: AuthorityEvent, files: Sequence[tuple[str, bytes]]) -> int:
        """Add an entry to the log with its files; returns its number."""


class AuthorityQueries(Protocol):
    """Reading notices to authorities, the log, and what of the ledger a notice tells."""

    def recipient_of(self, notice_id: NoticeId) -> str:
        """Return to whom a notice is: persons, authority or public. Raises InputError("no_such_notice")."""

    def authority_notices(self, breach_id: BreachId) -> list[tuple[NoticeId, AuthorityNotice]]:
        """Return the notices to authorities, oldest first."""

    def authority_notice(self, notice_id: NoticeId) -> AuthorityNotice:
        """Return one notice to an authority. Raises InputError("no_such_notice")."""

    def authority_form(self, notice_id: NoticeId) -> bytes:
        """Return the frozen published form of an approved notice; nothing for a draft."""

    def authority_paper(self, notice_id: NoticeId) -> bytes:
        """Return the frozen PDF of an approved notice; nothing for a draft."""

    def authority_events(self, breach_id: BreachId) -> list[AuthorityEvent]:
        """Return the log, as recorded, with what their files are called."""

    def authority_told(self, breach_id: BreachId) -> tuple[AuthorityTold, ...]:
        """Return what was handed in to authorities, oldest first; entries that were replaced do not count."""

    def authority_file(self, file_id: int) -> tuple[str, bytes]:
        """Return name and bytes of a kept file. Raises InputError("no_such_kept_file")."""

    def persons_by_country(self, revision_id: RevisionId) -> dict[str, int]:
        """Return {country: persons in scope}, "" where no country is known."""

    def minors_in_scope(self, revision_id: RevisionId) -> int:
        """Return how many persons in scope are under 18, of those whose age is known."""

    def first_told_at(self, breach_id: BreachId) -> datetime | None:
        """Return when the first message that counts as told left; None if nobody is told."""


class AuthorityPrinter(Protocol):
    """Makes the paper of a notice to an authority."""

    def make(self, paper: AuthorityPaper) -> bytes:
        """Return the notice as PDF."""
