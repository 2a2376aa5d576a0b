"""Reports and tables that leave the store, as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from dpo_app.core.audit_file import AuditFile


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
