"""Making e-mails: a template is built and checked once a form, and filled for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from dpo_app.core.notices.notice import Block, Slot
from dpo_app.core.veil import veiled


@dataclass(frozen=True)
class MailOrder:
    """What all e-mails of a run share: forms with their languages, sender's name and address, subject by language,
    date of the message (RFC 5322 text), fixed so that making it again gives the same bytes.

    `key` signs the Message-IDs (`core.mail.return_path`). `web_page` is the organisation's notice page: links in the HTML
    part may only lead to its site. `unsent` marks a file as a draft for Outlook. `signature` makes the detached signature of a
    MIME entity (S/MIME), None leaves messages unsigned. `guarded`: each message is read again and compared with the
    ledger before it leaves, so only the first of each form is compared with the plan here.
    """

    forms: tuple[tuple[Block, ...], ...]
    languages: tuple[str, ...]
    sender_name: str
    sender_address: str
    subjects: Mapping[str, str]
    date: str
    key: bytes = field(repr=False)
    web_page: str = ""
    html: bool = True
    unsent: bool = True
    signature: Callable[[bytes], bytes] | None = field(default=None, repr=False)
    guarded: bool = False


@veiled
class MailRow(NamedTuple):
    """What one e-mail is made from."""

    number: int
    token: str
    attempt: int
    form: int
    to_name: str
    to_address: str
    slots: Mapping[Slot, str]


class MailRecord(NamedTuple):
    """What was written for one person: number, token, file, SHA-256 of its bytes."""

    number: int
    token: str
    file: str
    sha256: str


class SealFacts(Protocol):
    """What a certificate says of itself."""

    @property
    def addresses(self) -> tuple[str, ...]: ...
    @property
    def issuer(self) -> str: ...
    @property
    def valid_from(self) -> datetime: ...
    @property
    def valid_until(self) -> datetime: ...


class MailSeal(Protocol):
    """The organisation's certificate with its key."""

    @property
    def facts(self) -> SealFacts:
        """Return what the certificate says of itself."""

    def signature(self, entity: bytes) -> bytes:
        """Return the detached CMS signature over exactly these bytes, DER."""


class MailPress(Protocol):
    """An export with its templates checked."""

    def message(self, row: MailRow) -> bytes:
        """Return the finished bytes of one message. Raises DeliveryError("mail_not_as_planned") if a second parser
        does not read from them exactly what was planned."""

    def write(self, rows: Iterable[MailRow], folder: Path, step: Any) -> list[MailRecord]:
        """Write a file for each message and a manifest; `step(done)` now and then."""

    def write_mbox(self, rows: Iterable[MailRow], folder: Path, step: Any) -> list[MailRecord]:
        """Write all messages into one mailbox file and a manifest."""


class MailRenderer(Protocol):
    """Prepares exports of e-mails."""

    def prepare(self, order: MailOrder) -> MailPress:
        """Build and check the templates. Raises InputError("sender_address") for a sender that is no address."""
