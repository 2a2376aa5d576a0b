"""Putting pages on paper from the window: pictures of a PDF, painted at the printer's resolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from dpo_app.i18n import _

DPI = 300
Picture = tuple[int, int, bytes]


def ask_printer(parent: QWidget, title: str, then: Callable[[QPrinter], None]) -> None:
    """Ask for a printer with the system's dialog and hand it over; nothing happens if that is given up."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    dialog.accepted.connect(lambda: then(printer))
    dialog.finished.connect(dialog.deleteLater)
    QDialog.open(dialog)  # its own `open` wants a slot by name


def paint_pages(printer: QPrinter, pages: Sequence[Picture]) -> str:
    """Paint pictures (width, height, RGBA rows) on the printer, one a page, at full size.

    Returns what to tell: the printer took it, or did not begin.
    """
    painter = QPainter()
    printer.setFullPage(True)
    if not painter.begin(printer):
        return _("The printer did not begin. Save the sheet as PDF instead.")
    try:
        for place, (width, height, rows) in enumerate(pages):
            if place:
                printer.newPage()
            image = QImage(rows, width, height, width * 4, QImage.Format.Format_RGBA8888)
            painter.drawImage(QRect(painter.viewport()), image)
    finally:
        painter.end()
    return _("Sent to the printer {name}.").format(name=printer.printerName() or _("(file)"))
