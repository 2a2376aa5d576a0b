"""Pictures of the window and of a letter, from the made-up clinic: `make screenshots`, or
`python packaging/screenshots.py FOLDER [light|dark] [en|fi|sv] [persons]`.

Every page is shown as an officer meets it half-way: part of the persons told, the rest open.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pypdfium2
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableView, QWidget

from dpo_app.cli.walkthrough import NAME, PASSPHRASE, walk
from dpo_app.files import ensure_folder
from dpo_app.gui.app import Desktop, application
from dpo_app.settings import Settings

PAGES = ("overview", "facts", "authority", "persons", "notices", "sending", "enquiries", "audit")
SIZE = QSize(1440, 900)
LONGEST = 60.0


class Photographer:
    """Opens a store in the window, walks the pages, and keeps a picture of each."""

    def __init__(self, folder: Path, look: str, language: str) -> None:
        self.app = application([], language)
        self.folder = folder
        self.desktop = Desktop(Settings(appearance=look, language=language))

    def wait(self, seconds: float) -> None:
        """Let the window work."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.01)

    def until(self, done: Callable[[], object]) -> None:
        """Let the window work until something holds. Raises TimeoutError."""
        end = time.monotonic() + LONGEST
        while not done():
            if time.monotonic() > end:
                raise TimeoutError
            self.wait(0.05)
        self.settle()

    def settle(self) -> None:
        """Wait until no job runs and what it brought is painted."""
        self.wait(0.3)
        end = time.monotonic() + LONGEST
        while self.desktop.runner.busy() and time.monotonic() < end:
            self.wait(0.05)
        self.wait(0.4)

    def keep(self, name: str, window: QWidget) -> None:
        """Save a window as a picture."""
        window.grab().save(str(self.folder / f"{name}.png"))

    def walk(self, store: Path) -> None:
        """Unlock and go through the pages."""
        desktop = self.desktop
        desktop.start(store)
        desktop.shell.resize(SIZE)
        self.settle()
        self.keep("unlock", desktop.shell)
        field = desktop.shell.findChild(QLineEdit, "passphrase")
        assert field is not None
        field.setText(PASSPHRASE)
        self.button(desktop.shell, "unlock").click()
        self.until(lambda: desktop.main)
        desktop.main.resize(SIZE)
        for page in PAGES:
            desktop.main.show_page(page)
            self.settle()
            if page == "persons":
                table = desktop.main.page(page).findChild(QTableView)
                assert table is not None
                table.selectRow(3)
            self.settle()
            self.keep(page, desktop.main)

    @staticmethod
    def button(window: QWidget, name: str) -> QPushButton:
        """Return a button by name."""
        found = window.findChild(QPushButton, name)
        assert found is not None, name
        return found


def letter_picture(walked: Path, target: Path) -> None:
    """Save the first page of the first letter as a picture."""
    pdf = min(each for each in walked.rglob("*.pdf") if "letters" in each.parts)
    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=1.4).to_pil().save(target)
    document.close()


def main() -> int:
    """Make the pictures."""
    folder = Path(sys.argv[1])
    look, language = (*sys.argv[2:4], *("light", "en")[len(sys.argv[2:4]) :])
    persons = int(sys.argv[4]) if len(sys.argv) > 4 else 2_000
    ensure_folder(folder)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(folder.resolve() / "home")
    result, *_ = walk(folder / "store", persons, "Maija Mallikas")
    walked = Path(result["folder"])
    letter_picture(walked, folder / "letter.png")
    photographer = Photographer(folder, look, language)
    try:
        photographer.walk(walked / f"{NAME}.dpo")
    finally:
        photographer.desktop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
