"""A mailbox on a server: read without leaving a trace in it, and given drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from dpo_app.core.mail.mail_account import MailAccount


class BoxReading(Protocol):
    """A folder opened for reading only: the server refuses any change of it (EXAMINE)."""

    validity: int

    def uids(self, after: int, since: date | None) -> list[int]:
        """Return the numbers above `after` of messages that came on or after a day, in order."""

    def messages(self, uids: Sequence[int]) -> Iterator[bytes]:
        """Yield messages; of a big one the first megabyte. None is marked as read."""

    def head_of(self, message_id: str) -> bytes | None:
        """Return the headers of the newest message with this Message-ID, None if there is none."""


class BoxDrafts(Protocol):
    """A place for drafts."""

    folder: str

    def message_ids(self) -> set[str]:
        """Return the Message-IDs in the folders of drafts and of sent messages."""

    def add(self, message: bytes) -> None:
        """Put one draft into the folder."""


class Mailboxes(Protocol):
    """Opens mailboxes. All raise DeliveryError: "box_unreachable", "box_certificate", "box_no_tls",
    "box_login_refused", "box_no_folder", "box_refused", "box_lost"."""

    def reading(self, account: MailAccount) -> AbstractContextManager[BoxReading]:
        """Open the account's folder for reading."""

    def drafts(self, account: MailAccount) -> AbstractContextManager[BoxDrafts]:
        """Open the account's folder for drafts."""
