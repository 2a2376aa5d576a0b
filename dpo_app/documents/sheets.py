"""Tables as CSV and XLSX that are safe to open: every cell is text, nothing begins a formula (security.md section 8)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

_RISKY = frozenset("=+-@＝＋－＠\t\r\n\x00")


def harmless(value: Any) -> str:
    """Return a cell's text; one that a spreadsheet program would take for a formula gets a leading apostrophe, which
    our own import takes off again."""
    text = "" if value is None else str(value)
    bare = text.lstrip(" \u00a0\ufeff\"'")
    return f"'{text}" if bare[:1] in _RISKY and bare else text


class SheetFiles:
    """Writes tables."""

    def harmless(self, value: Any) -> str:
        """Return a cell's text that no spreadsheet program takes for a formula."""
        return harmless(value)

    def csv(self, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        """Return a CSV: UTF-8 with BOM, semicolons, quoted throughout, CRLF."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(headings)
        for row in rows:
            writer.writerow([harmless(value) for value in row])
        return "\ufeff".encode() + text.getvalue().encode()

    def xlsx(self, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        """Return a workbook with one sheet of text cells."""
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                sheet.write_string(number, place, "" if value is None else str(value))
        sheet.freeze_panes(1, 0)
        book.close()
        return out.getvalue()
