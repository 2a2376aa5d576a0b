"""Reports and tables that leave the store, as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from dpo_app.core.proof.audit_file import AuditFile
from dpo_app.core.proof.register import Register
from dpo_app.core.veil import veiled
from dpo_app.services.lines import EnquiryLine, ImportLine, PersonView, TrailLine


class ExposureFact(NamedTuple):
    """How one revision saw the person."""

    revision: int
    known_as_of: datetime
    state: str
    reason: str
    windows: tuple[str, ...]


@veiled
class MessageFact(NamedTuple):
    """One message to the person, with its exact text if it was made."""

    channel: str
    notice_version: int
    state: str
    at: datetime
    language: str
    token: str
    subject: str
    text: str
    same: bool | None


@dataclass(frozen=True)
class PersonRecord:
    """Everything about one person, for an answer under Art. 15. The only paper on which a national id stands."""

    language: str
    time_zone: str
    controller: str
    contact: tuple[str, ...]
    breach_title: str
    breach_reference: str
    categories: tuple[str, ...]
    made_at: datetime
    made_by: str
    program: str
    head: str
    view: PersonView
    source: ImportLine
    exposures: tuple[ExposureFact, ...]
    standing: str
    messages: tuple[MessageFact, ...]
    enquiries: tuple[EnquiryLine, ...]
    events: tuple[TrailLine, ...]


class RecordPrinter(Protocol):
    """Makes the record of one person."""

    def make(self, record: PersonRecord) -> bytes:
        """Return the record as PDF."""


class CalendarEvent(NamedTuple):
    """A deadline for a calendar: stable id, a number that rises with each change, the instant, title and text."""

    uid: str
    sequence: int
    at: datetime
    title: str
    text: str


class CalendarWriter(Protocol):
    """Writes calendar files."""

    def make(self, events: Iterable[CalendarEvent], made_at: datetime) -> bytes:
        """Return an iCalendar file (RFC 5545)."""


class AuditPrinter(Protocol):
    """Makes audit PDFs."""

    def make(self, file: AuditFile) -> bytes:
        """Return the audit PDF of a breach."""


class RegisterPrinter(Protocol):
    """Makes the register of breaches on paper."""

    def make(self, register: Register) -> bytes:
        """Return the PDF."""


class Sheets(Protocol):
    """Writes tables that are safe to open in a spreadsheet program."""

    def harmless(self, value: Any) -> str:
        """Return a cell's text that no spreadsheet program takes for a formula."""

    def csv(self, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        """Return a CSV: UTF-8 with BOM, semicolons, quoted throughout, CRLF."""

    def xlsx(self, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        """Return a workbook with one sheet of text cells."""
