"""Print a batch of letters from the window: only the very file that was read back and released."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError
from dpo_app.files import MEGABYTE, read_limited
from dpo_app.gui import printing
from dpo_app.gui.office import Office
from dpo_app.i18n import _
from dpo_app.services.progress import Progress

_MOST_BYTES = 500 * MEGABYTE


def ask_and_print(parent: QWidget, office: Office, batch: Any, start: Any, said: Any) -> None:
    """Ask for the batch's file and for a printer; `start(work, name, then)` runs the printing, `said` is told the end."""
    path = office.dialogs.open_file(parent, _("The file of letters to print"), "*.pdf")
    if path is None:
        return

    def go(printer: QPrinter) -> None:
        printer.setDuplex(
            QPrinter.DuplexMode.DuplexLongSide if batch.facts.get("duplex") else QPrinter.DuplexMode.DuplexNone
        )
        printer.setResolution(printing.DPI)
        start(lambda progress: print_file(office, batch, Path(path), printer, progress), _("Printing"), said)

    # The job's title is seen by everybody who sees the queue: a number, nothing else.
    printing.ask_printer(parent, _("Letters"), go)


def print_file(office: Office, batch: Any, path: Path, printer: QPrinter, progress: Progress) -> str:
    """Print a released file page by page. Raises InputError("not_that_file") for any other."""
    data = read_limited(path, _MOST_BYTES)
    known = {each["sha256"]: each["pages"] for each in batch.files}
    digest = sha256_hex(data)
    if digest not in known:
        raise InputError("not_that_file", file=path.name)
    pages = office.desk.letters.images(data, printing.DPI)
    return printing.paint_pages(printer, pages, lambda done: progress.step(done, None))
