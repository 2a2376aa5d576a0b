"""Reports and tables that leave the store, as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from dpo_app.core.audit_file import AuditFile


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


class Sheets(Protocol):
    """Writes tables that are safe to open in a spreadsheet program."""

    def csv(self, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        """Return a CSV: UTF-8 with BOM, semicolons, quoted throughout, CRLF."""

    def xlsx(self, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        """Return a workbook with one sheet of text cells."""
