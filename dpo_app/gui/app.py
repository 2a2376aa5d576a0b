"""The program with its window: which store, locked or open, in which look and language."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from dpo_app import i18n, paths, settings
from dpo_app.files import ensure_folder, safe_name
from dpo_app.gui import theme
from dpo_app.gui.jobs import JobRunner
from dpo_app.gui.office import Dialogs, Office
from dpo_app.gui.pages.first_run_page import CreateWizard, FirstRunPage
from dpo_app.gui.pages.unlock_page import UnlockPage
from dpo_app.gui.tokens import Scheme
from dpo_app.settings import Settings

EXAMPLE_PERSONS = 2_000


class Desktop(QObject):
    """Owns windows, runner and the open store; heavy modules are loaded when a store is opened."""

    def __init__(self, kept: Settings, dialogs: Dialogs | None = None) -> None:
        super().__init__()
        self.settings = kept
        self.dialogs = dialogs or Dialogs()
        self.runner = JobRunner()
        self.opened: Any = None
        self.office: Office | None = None
        self.shell = QMainWindow()
        self.shell.setWindowTitle("DPO Desk")
        self.shell.setMinimumSize(1024, 640)
        self.shell.resize(1440, 900)
        self.main: Any = None
        self.folder: Path | None = None
        self._last_page = "overview"
        self._example = False
        self.actor = getpass.getuser() if hasattr(getpass, "getuser") else "officer"
        self.apply_look()

    def apply_look(self) -> None:
        """Apply appearance, text size and language."""
        scheme = Scheme.DARK if self._dark() else Scheme.LIGHT
        theme.apply(scheme, self.settings.text_percent)
        i18n.use(self.settings.language or QLocale.system().name()[:2])

    def _dark(self) -> bool:
        if self.settings.appearance != "system":
            return self.settings.appearance == "dark"
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def start(self, folder: Path | None) -> None:
        """Show the first window: unlock if a store is known, else the three ways in."""
        known = folder or next((Path(each) for each in self.settings.stores if Path(each).is_dir()), None)
        if known is not None and known.is_dir():
            self.show_unlock(known)
        else:
            self.show_first_run()

    def _put(self, page: QWidget) -> None:
        page.setObjectName("page_area")
        self.shell.setCentralWidget(page)
        self.shell.show()

    def show_first_run(self) -> None:
        """Show the three ways in."""
        page = FirstRunPage()
        page.create_wanted.connect(self.show_create)
        page.open_wanted.connect(self._choose_store)
        page.look_wanted.connect(lambda: self._look_around(page))
        self._put(page)

    def _choose_store(self) -> None:
        folder = self.dialogs.folder(self.shell, i18n._("Choose the folder of the store (NAME.dpo)"))
        if folder is not None:
            self.show_unlock(folder)

    def show_unlock(self, folder: Path) -> None:
        """Show the card that opens a store."""
        from dpo_app.bootstrap import face
        from dpo_app.core.errors import DpoError

        try:
            known = face(folder)
        except DpoError as error:
            self.show_first_run()
            page = self.shell.centralWidget()
            if isinstance(page, FirstRunPage):
                page.failed(error)
            return
        self.folder, self._example = folder, known.example
        unlock = UnlockPage(folder, known.name, known.organisation)
        unlock.passphrase_given.connect(lambda text: self._open(unlock, passphrase=text))
        unlock.lines_given.connect(lambda lines: self._open(unlock, lines=lines))
        unlock.other_wanted.connect(self.show_first_run)
        self._put(unlock)
        unlock.field.setFocus()

    def _open(self, page: UnlockPage, passphrase: str = "", lines: tuple[str, ...] = ()) -> None:
        folder, actor, tries = self.folder, self.actor, page.failed_tries

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap

            assert folder is not None
            return bootstrap.open_desk(folder, actor, passphrase=passphrase, lines=lines, failed_tries=tries)

        job = self.runner.run(work)
        job.done.connect(self._is_open)
        job.failed.connect(page.failed)

    def _is_open(self, result: Any) -> None:
        self.opened, desk = result
        assert self.folder is not None
        self.settings = self.settings.with_store(str(self.folder))
        kept = self.settings
        self.runner.run(lambda _p: settings.save(kept))
        self._show_main(desk)

    def _show_main(self, desk: Any) -> None:
        from dpo_app.gui.main_window import MainWindow

        self.office = Office(desk, self.runner, self.dialogs)
        self.office.example = self._example
        assert self.folder is not None
        self.main = MainWindow(self.office, self.folder.name, self.settings.lock_minutes)
        self.main.lock_wanted.connect(self.lock)
        self.main.look_wanted.connect(self._look)
        self.main.setGeometry(self.shell.geometry())
        self.main.show()
        self.shell.hide()

    def lock(self) -> None:
        """Close the store and go back to the card; the page is remembered, the person is not."""
        if self.main is None:
            return
        main, opened, runner = self.main, self.opened, self.runner
        self.main = self.office = self.opened = None
        self.shell.setGeometry(main.geometry())
        main.close()
        main.deleteLater()
        runner.close()
        self.runner = JobRunner()
        if opened is not None:
            opened.close()
        if self.folder is not None:
            self.show_unlock(self.folder)

    def _look(self, what: str, value: Any) -> None:
        """Change appearance, text size or language and build the window anew."""
        if what == "text":
            percent = 100 if value == 0 else self.settings.text_percent + value
            self.settings = replace(self.settings, text_percent=min(200, max(90, percent)))
        elif what == "appearance":
            self.settings = replace(self.settings, appearance=value)
        else:
            self.settings = replace(self.settings, language=value)
        kept = self.settings
        self.runner.run(lambda _p: settings.save(kept))
        self.apply_look()
        QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        if self.main is None or self.office is None:
            return
        old, breach, desk = self.main, self.main.breach_id, self.office.desk
        current = getattr(old.stack.currentWidget(), "key", "overview")
        self.shell.setGeometry(old.geometry())
        old.close()
        old.deleteLater()
        self._show_main(desk)
        self.main.breach_id = breach
        if breach is not None:
            QTimer.singleShot(0, lambda: self.main and self.main.show_page(current))

    def show_create(self) -> None:
        """Show the wizard that makes a store."""
        wizard = CreateWizard(self.dialogs)
        wizard.given_up.connect(self.show_first_run)
        wizard.create_wanted.connect(lambda *given: self._create(wizard, *given))
        wizard.sheet_wanted.connect(lambda path: self._write_sheet(wizard, path))
        wizard.lines_typed.connect(lambda typed: self._confirm(wizard, typed))
        wizard.finished.connect(self._created)
        self._put(wizard)
        wizard.name.setFocus()

    def _create(self, wizard: CreateWizard, name: str, officer: str, passphrase: str) -> None:
        base = paths.data_folder()
        self.folder = base / f"{safe_name(name, 'store')}.dpo"
        self.actor = officer or self.actor
        folder, actor = self.folder, self.actor

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap

            ensure_folder(base)
            return bootstrap.create_desk(folder, name, passphrase, actor)

        def made(result: Any) -> None:
            self.opened, self._desk, self._lines = result
            self._example = False
            wizard.created(self._lines)

        job = self.runner.run(work)
        job.done.connect(made)
        job.failed.connect(wizard.failed)

    def _write_sheet(self, wizard: CreateWizard, path: Path) -> None:
        opened, lines = self.opened, self._lines

        def work(_progress: Any) -> None:
            from dpo_app import bootstrap

            bootstrap.write_sheet(opened, lines, path)

        self.runner.run(work).failed.connect(wizard.failed)

    def _confirm(self, wizard: CreateWizard, typed: dict[int, str]) -> None:
        opened = self.opened

        def work(_progress: Any) -> None:
            from dpo_app import bootstrap

            bootstrap.confirm_sheet(opened, typed)

        job = self.runner.run(work)
        job.done.connect(lambda _r: self._created())
        job.failed.connect(wizard.failed)

    def _created(self) -> None:
        self._lines = ()
        self._is_open((self.opened, self._desk))

    def _look_around(self, page: FirstRunPage) -> None:
        """Make a made-up clinic in a store of its own and open it."""
        page.working(i18n._("A made-up clinic is being set up: 2 000 persons, a breach, nothing real."))
        base, actor = paths.data_folder(), self.actor

        def work(progress: Any) -> Any:
            from dpo_app import bootstrap

            ensure_folder(base)
            return bootstrap.example_desk(base, EXAMPLE_PERSONS, actor, progress)

        def made(result: Any) -> None:
            self.opened, desk, self.folder = result
            self._example = True
            self._show_main(desk)

        job = self.runner.run(work)
        job.done.connect(made)
        job.failed.connect(page.failed)

    def close(self) -> None:
        """Stop jobs and close the store."""
        self.runner.close()
        if self.opened is not None:
            self.opened.close()
            self.opened = None


def main(arguments: list[str] | None = None, after: Callable[[Desktop], None] | None = None) -> int:
    """Run the window. `after` is called once it stands: for screenshots and tests."""
    reader = argparse.ArgumentParser(prog="dpo-desk", description="Personal-data breaches: the window.")
    reader.add_argument("--store", type=Path, default=None, help="folder of the store, NAME.dpo")
    options = reader.parse_args(arguments)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("DPO Desk")
    app.setStyle("Fusion")
    kept = settings.load()
    stock = QTranslator(app)
    if stock.load(f"qtbase_{kept.language or QLocale.system().name()[:2]}"):
        app.installTranslator(stock)
    desktop = Desktop(kept)
    desktop.start(options.store)
    app.lastWindowClosed.connect(app.quit)
    if after is not None:
        after(desktop)
    code = app.exec()
    desktop.close()
    return int(code)
