"""The program with its window: arguments, application, hooks, and the loop."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from dpo_app import settings
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.faults import Bugs

__all__ = ["Desktop", "application", "main"]


def application(arguments: list[str], language: str = "") -> QApplication:
    """Return the one application, in the style every platform gets, with the stock buttons in the officer's language."""
    app = QApplication.instance() or QApplication(arguments)
    assert isinstance(app, QApplication)
    app.setApplicationName("DPO Desk")
    app.setStyle("Fusion")
    stock = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if stock.load(f"qtbase_{language or QLocale.system().name()[:2]}", folder):
        app.installTranslator(stock)
    return app


def main(arguments: list[str] | None = None, after: Callable[[Desktop], None] | None = None) -> int:
    """Run the window. `after` is called once it stands: for screenshots and measurements."""
    reader = argparse.ArgumentParser(prog="dpo-desk", description="Personal-data breaches: the window.")
    reader.add_argument("--store", type=Path, default=None, help="folder of the store, NAME.dpo")
    options = reader.parse_args(arguments)
    kept = settings.load()
    app = application(sys.argv[:1], kept.language)
    desktop = Desktop(kept)
    bugs = Bugs(desktop.show_bug)
    bugs.install()
    desktop.start(options.store)
    app.lastWindowClosed.connect(app.quit)
    if after is not None:
        after(desktop)
    code = app.exec()
    desktop.close()
    bugs.remove()
    return int(code)
