"""Putting pages on paper from the window: pictures of a PDF, painted at the printer's resolution."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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


def paint_pages(printer: QPrinter, pages: Iterable[Picture], painted: Callable[[int], None] = lambda _n: None) -> str:
    """Paint pictures (width, height, RGBA rows) on the printer, one a page, at full size; `painted` is told after each
    and may raise to stop. Works in any thread.

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
            painted(place + 1)
    finally:
        painter.end()
    return _("Sent to the printer {name}.").format(name=printer.printerName() or _("(file)"))


def spool_note() -> str:
    """Return what printing leaves behind: said where letters are printed, because we cannot clear it."""
    return _(
        "The print queue of this computer keeps the pages until they are printed, and some printers keep them on a disk "
        "of their own. Look into both when the letters are out, and let nobody else use the printer meanwhile."
    )
