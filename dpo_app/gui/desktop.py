"""The windows of the program and the store behind them: first run, unlock, open, lock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QLocale, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QVBoxLayout, QWidget

from dpo_app import i18n, settings
from dpo_app.gui import theme, words
from dpo_app.gui.create_flow import CreateFlow, SheetDialog
from dpo_app.gui.dialogs import Dialogs
from dpo_app.gui.faults import report_of
from dpo_app.gui.identity import program_version, user_name
from dpo_app.gui.jobs import JobRunner
from dpo_app.gui.live_run import LiveRun
from dpo_app.gui.office import Office
from dpo_app.gui.pages.page import Page
from dpo_app.gui.pages.start.first_run_page import FirstRunPage, StartedClock
from dpo_app.gui.pages.start.unlock_page import UnlockPage
from dpo_app.gui.pages.start.ways_in import PassphraseDialog, QuickUnlockDialog, StateDialog
from dpo_app.gui.sealed_store import SealedStore, paused_words
from dpo_app.gui.tokens import Scheme
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _
from dpo_app.services.progress import Topic
from dpo_app.settings import Settings

EXAMPLE_PERSONS = 2_000
NAMES = {"en": "English", "fi": "suomi", "sv": "svenska"}
FIRST_SIZE = (1440, 900)


class Desktop(QObject):
    """Owns windows, runner and the open store. `bootstrap` is heavy, so it is imported in jobs only."""

    def __init__(self, kept: Settings, dialogs: Dialogs | None = None) -> None:
        super().__init__()
        self.settings = kept
        self.dialogs = dialogs or Dialogs()
        self.runner = JobRunner()
        self.opened: Any = None
        self.office: Office | None = None
        self.main: Any = None
        self.folder: Path | None = None
        self.actor = user_name()
        self._example = False
        self._attempt = 0
        self._closing: Any = None
        self.live = LiveRun()
        self.sealed: SealedStore | None = None
        self._left: tuple[Path | None, Any, str] = (None, None, "")
        self._flow: CreateFlow | None = None
        self.apply_look()
        self.shell = QMainWindow()
        self.shell.setObjectName("shell")
        self.shell.setWindowTitle("DPO Desk")
        self.shell.setWindowIcon(theme.emblem(64))
        self.shell.setMinimumSize(1024, 640)
        self._place(self.shell)

    def _place(self, window: QMainWindow) -> None:
        """Put a window where it stood last, if that is still on a screen."""
        screen = QGuiApplication.primaryScreen().availableGeometry()
        kept = QRect(*self.settings.window) if self.settings.window else QRect()
        if kept.isValid() and any(each.availableGeometry().intersects(kept) for each in QGuiApplication.screens()):
            window.setGeometry(kept)
        else:
            window.resize(*FIRST_SIZE)
        small = screen.width() < 1600 or screen.height() < 1000
        if self.settings.maximised or (not self.settings.window and small and screen.width() > 1000):
            window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)

    def _remember_place(self, window: QMainWindow) -> None:
        at = window.normalGeometry()
        box = (at.x(), at.y(), at.width(), at.height()) if at.isValid() else self.settings.window
        self._keep(replace(self.settings, window=box, maximised=window.isMaximized()))

    def _keep(self, changed: Settings) -> None:
        if changed != self.settings:
            self.settings = changed
            self.runner.write(lambda _p: settings.save(changed))

    def apply_look(self) -> None:
        """Apply appearance, text size and language."""
        theme.apply(Scheme.DARK if self._dark() else Scheme.LIGHT, self.settings.text_percent)
        i18n.use(self.settings.language or QLocale.system().name()[:2])

    def _dark(self) -> bool:
        if self.settings.appearance != "system":
            return self.settings.appearance == "dark"
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def start(self, folder: Path | None) -> None:
        """Show the first window: unlock if a store is known, else the ways in."""
        known = folder or next((Path(each) for each in self.settings.stores if Path(each).is_dir()), None)
        self.runner.run(_warm_up)
        if known is not None:
            self.show_unlock(known)
        else:
            self.show_first_run()

    def _put(self, page: QWidget, again: Any = None) -> None:
        """Show a page in the window of a closed store; `again` shows it anew in another language."""
        ground = QWidget()
        ground.setObjectName("page_area")
        column = QVBoxLayout(ground)
        column.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        column.addWidget(page, 1)
        if again is not None:
            language = button(NAMES[i18n.current()], "quiet", "language", "language", _("Language"))
            language.clicked.connect(lambda: self._languages(language, again))
            column.addLayout(row(language, None, label(f"DPO Desk {program_version()}", "caption")))
        self.shell.setCentralWidget(ground)
        self.shell.show()
        page.setFocus()

    def _languages(self, under: QWidget, again: Any) -> None:
        menu = QMenu(under)
        group = QActionGroup(menu)
        for code, name in NAMES.items():
            act = menu.addAction(name)
            act.setCheckable(True)
            act.setChecked(code == i18n.current())
            group.addAction(act)
            act.triggered.connect(lambda _=False, c=code: self._speak(c, again))
        menu.popup(under.mapToGlobal(under.rect().topLeft()))

    def _speak(self, language: str, again: Any) -> None:
        self._keep(replace(self.settings, language=language))
        self.apply_look()
        QTimer.singleShot(0, again)

    def show_first_run(self) -> None:
        """Show the ways in."""
        self._attempt += 1
        page = FirstRunPage()
        page.create_wanted.connect(self.show_create)
        page.clock_started.connect(self.show_create)
        page.open_wanted.connect(self._choose_store)
        page.look_wanted.connect(lambda: self._look_around(page))
        self._put(page, self.show_first_run)

    def _choose_store(self) -> None:
        folder = self.dialogs.folder(self.shell, _("Choose the folder of the store (NAME.dpo)"))
        if folder is not None:
            self.show_unlock(folder)

    def show_unlock(self, folder: Path, note: str = "") -> None:
        """Show the card that opens a store; its name comes from a job. `note` says what the lock did."""
        self.folder, self._example = folder, False
        page = UnlockPage(folder)
        page.passphrase_given.connect(lambda text: self._open(page, passphrase=text))
        page.lines_given.connect(lambda lines: self._open(page, lines=lines))
        page.keyring_wanted.connect(lambda: self._open(page))
        page.cancelled.connect(self._give_up)
        page.other_wanted.connect(self.show_first_run)
        if self.sealed is not None and self.sealed.folder == folder:
            page.set_note(self.sealed.words())
        elif note:
            page.set_note(note)
        self._put(page, lambda: self.show_unlock(folder, paused_words() if note else ""))

        def face(_progress: Any) -> Any:
            from dpo_app import bootstrap

            return bootstrap.face(folder), bootstrap.has_quick_unlock(folder)

        job = self.runner.run(face)
        job.done.connect(lambda found: page.set_face(found[0].name, found[0].organisation, found[1]))
        job.failed.connect(page.failed)

    def _give_up(self) -> None:
        self._attempt += 1

    def _open(self, page: UnlockPage, passphrase: str | None = None, lines: tuple[str, ...] = ()) -> None:
        folder, actor, tries, closing = self.folder, self.actor, page.failed_tries, self._closing
        assert folder is not None
        self._attempt += 1
        attempt, sealed = self._attempt, self.sealed
        sealed = sealed if sealed is not None and sealed.folder == folder else None

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap

            if sealed is not None:
                sealed.confirm(passphrase, lines, tries)
                return sealed
            if closing is not None:
                closing.wait()
            return bootstrap.open_desk(folder, actor, passphrase=passphrase, lines=lines, failed_tries=tries)

        def done(result: Any) -> None:
            if result is sealed and sealed is not None:
                if attempt == self._attempt:
                    self._reenter(sealed, lambda: self._open(page, passphrase, lines))
            elif attempt == self._attempt:
                self.use(result[0], result[1], folder)
            else:
                self.runner.run(lambda _p: result[0].close())

        job = self.runner.run(work)
        job.done.connect(done)
        job.failed.connect(lambda error: page.failed(error) if attempt == self._attempt else None)

    def use(self, opened: Any, desk: Any, folder: Path, example: bool = False) -> None:
        """Show the window of a store that is open now."""
        self._end_sealed()
        self.opened, self.folder, self._example = opened, folder, example
        if not example:
            self._keep(self.settings.with_store(str(folder)))
        self._show_main(desk)
        where, breach, page = self._left
        self._left = (None, None, "")
        if where == folder and breach is not None:
            self._return_to(breach, page)

    def _show_main(self, desk: Any) -> None:
        from dpo_app.gui.main_window import TABS, MainWindow, tab_words
        from dpo_app.gui.menus import build_menus

        words.use_zone(desk.time_zone)
        self.office = Office(desk, self.runner, self.dialogs)
        self.office.example, self.office.live = self._example, self.live
        self.live.forget_listeners()
        self.live.listen(self.office.settled, self.office.broke)
        self.office.person_columns = self.settings.person_columns
        self.office.columns_chosen.connect(lambda chosen: self._keep(replace(self.settings, person_columns=chosen)))
        assert self.folder is not None
        self.main = MainWindow(self.office, self.folder.name, self.settings.lock_minutes)
        build_menus(self.main, [(key, tab_words()[key]) for key, _icon, _page in TABS])
        self.main.lock_wanted.connect(lambda: self.lock())
        self.main.look_wanted.connect(self._look)
        self.main.sheet_wanted.connect(self._new_sheet)
        self.main.passphrase_wanted.connect(self._change_passphrase)
        self.main.quick_wanted.connect(self._quick_unlock)
        self.main.state_wanted.connect(self._look_at_state)
        self.main.other_wanted.connect(lambda: self.lock(to_other=True))
        if self.live.job is not None:
            self.main.status.follow(self.live.job)
        self.main.setGeometry(self.shell.geometry())
        self.main.setWindowState(self.shell.windowState())
        self.main.show()
        self.shell.hide()
        self.shell.takeCentralWidget()

    def lock(self, to_other: bool = False) -> None:
        """Close the store and go back to the card, or to the ways in; the page is remembered, the person is not.

        Boxes that wait for an answer run their own event loop inside the window: they are closed first.
        """
        modal = QApplication.activeModalWidget()
        if isinstance(modal, QDialog):
            modal.reject()
            QTimer.singleShot(0, lambda: self.lock(to_other))
            return
        if self.main is None:
            return
        main, example = self.main, self._example
        current = str(getattr(main.stack.currentWidget(), "key", ""))
        self._left = (self.folder, main.breach_id, current)
        paused = False
        if self.live.while_locked and self.folder is not None and not (example or to_other):
            self._seal()
        else:
            if self.live.control is not None:
                paused = True
                self.live.control.pause("locked")
            self._end_store()
        self.shell.setGeometry(main.geometry())
        self.shell.setWindowState(main.windowState())
        if example or to_other or self.folder is None:
            self.show_first_run()
        else:
            self.show_unlock(self.folder, paused_words() if paused else "")
        main.close()
        main.deleteLater()
        QGuiApplication.clipboard().clear()

    def _seal(self) -> None:
        """Let the run go on behind the lock; everything else of the store stops, and nothing of it is shown."""
        assert self.folder and self.office
        sealed = SealedStore(self.folder, self.opened, self.office.desk, self.runner, self.live)
        self.main = self.office = self.opened = None
        self.sealed, self.runner = sealed, JobRunner()
        sealed.over.connect(self._end_sealed)
        self.runner.write(lambda _p: sealed.note())

    def _reenter(self, sealed: SealedStore, open_anew: Any) -> None:
        """Come back to the live run; or, if it has ended meanwhile, open the store that was closed."""
        if sealed is not self.sealed:
            open_anew()
            return
        spare, self.runner, self.sealed = self.runner, sealed.runner, None
        spare.let_go()
        sealed.release()
        self.use(sealed.opened, sealed.desk, sealed.folder)

    def _end_sealed(self) -> None:
        """Close the store behind a lock: its run has ended, or another store is opened."""
        sealed, self.sealed = self.sealed, None
        if sealed is None:
            return
        sealed.end()
        self.live = LiveRun()
        self._closing = closed = Event()
        self.runner.write(lambda _p: sealed.close(closed))
        page = self.shell.findChild(UnlockPage)
        if page is not None:
            page.set_note(sealed.words())

    def _end_store(self) -> None:
        """Stop the jobs and close the store in a thread; an unlock that follows waits for it."""
        opened, desk, old = self.opened, self.office.desk if self.office else None, self.runner
        self.main = self.office = self.opened = None
        self.live = LiveRun()
        old.cancel_all()
        self.runner = JobRunner()
        self._closing = closed = Event()

        def work(_progress: Any) -> None:
            from dpo_app import bootstrap

            try:
                old.wait()
                bootstrap.close_desk(opened, desk)
            finally:
                closed.set()

        self.runner.write(work)

    def _look(self, what: str, value: Any) -> None:
        """Change appearance, text size or language and build the window anew."""
        if what == "text":
            percent = 100 if value == 0 else self.settings.text_percent + value
            self._keep(replace(self.settings, text_percent=min(200, max(90, percent))))
        elif what == "appearance":
            self._keep(replace(self.settings, appearance=value))
        else:
            self._keep(replace(self.settings, language=value))
        self.apply_look()
        QTimer.singleShot(0, self._rebuild)

    def _rebuild(self) -> None:
        if self.main is None or self.office is None:
            return
        old, breach, desk = self.main, self.main.breach_id, self.office.desk
        page = old.stack.currentWidget()
        current, place = str(getattr(page, "key", "")), page.place() if isinstance(page, Page) else None
        self.shell.setGeometry(old.geometry())
        self.shell.setWindowState(old.windowState())
        self._show_main(desk)
        old.close()
        old.deleteLater()
        if breach is not None:
            self._return_to(breach, current, place)

    def _new_sheet(self) -> None:
        """Make a new recovery sheet; the window is told when it works, for persons may be brought in then."""
        if self.main is not None and self.office is not None and not self.office.desk.read_only:
            office = self.office
            dialog = SheetDialog(self.main, self.runner, self.dialogs, self.opened, office.desk)
            dialog.accepted.connect(self.main.sheet_works)
            dialog.open()

    def _change_passphrase(self) -> None:
        """Ask for the old and the new passphrase."""
        if self.main is not None and self.office is not None:
            dialog = PassphraseDialog(self.main, self.runner, self.opened, self.office.desk)
            dialog.accepted.connect(self._passphrase_changed)
            dialog.open()

    def _passphrase_changed(self) -> None:
        office = self.office
        if office is None:
            return
        desk = office.desk
        if desk.opening.way == "recovery":
            # It is known now: from here on it is asked for before it is changed again.
            self._go_on(replace(desk, opening=replace(desk.opening, way="passphrase")))
        office.told(_("The passphrase is changed."), Topic.TRAIL)

    def _quick_unlock(self) -> None:
        """Say whether the keyring opens this store, and let the officer change it."""
        main, office, opened, folder = self.main, self.office, self.opened, self.folder
        if main is None or office is None or folder is None:
            return

        def state(_progress: Any) -> bool:
            from dpo_app import bootstrap

            return bootstrap.has_quick_unlock(folder)

        def show(on: bool) -> None:
            if self.main is not main:
                return
            dialog = QuickUnlockDialog(main, self.runner, opened, office.desk, on)
            said = _("Quick unlock is off.") if on else _("Quick unlock is on: the keyring gave the key back.")
            dialog.accepted.connect(lambda: office.told(said, Topic.TRAIL))
            dialog.open()

        self.runner.run(state).done.connect(show)

    def _look_at_state(self) -> None:
        """Show what is missing from a store that is not the state closed last; the officer may go on with it."""
        main, office, opened = self.main, self.office, self.opened
        if main is None or office is None:
            return

        def show(lines: Any) -> None:
            if self.main is not main:
                return
            dialog = StateDialog(main, self.runner, opened, office.desk, lines[0] if lines else None)
            dialog.accepted_state.connect(self._go_on)
            dialog.open()

        office.read(lambda queries: queries.trail.lines(limit=1), show)

    def _go_on(self, desk: Any) -> None:
        """Build the window anew around a desk that may write."""
        if self.office is not None:
            self.office.desk = desk
            QTimer.singleShot(0, self._rebuild)

    def _return_to(self, breach: Any, page: str, place: object = None) -> None:
        """Come back to a page, and to where one was on it, once the breaches are there."""
        main = self.main
        main.breach_id = breach
        QTimer.singleShot(0, lambda: main.show_page(page or "overview", place) if self.main is main else None)

    def show_create(self, clock: StartedClock | None = None) -> None:
        """Show the wizard that makes a store; a clock that was started becomes its first breach."""
        flow = CreateFlow(self.runner, self.dialogs, self.actor, clock)
        self._flow = flow
        flow.made.connect(self._remember_made)
        flow.given_up.connect(self.show_first_run)
        flow.finished.connect(lambda: self.use(flow.opened, flow.desk, flow.folder))
        self._put(flow.wizard)

    def _remember_made(self) -> None:
        assert self._flow is not None
        self.opened, self.actor = self._flow.opened, self._flow.actor

    def _look_around(self, page: FirstRunPage) -> None:
        """Make a made-up clinic in a store of its own and open it."""
        text = _("A made-up clinic is being set up with one breach and a register (persons: {count}); nothing is real.")
        page.working(text.format(count=EXAMPLE_PERSONS))
        actor, closing = self.actor, self._closing

        def work(progress: Any) -> Any:
            from dpo_app import bootstrap, paths
            from dpo_app.files import ensure_folder

            if closing is not None:
                closing.wait()
            ensure_folder(paths.data_folder())
            return bootstrap.example_desk(paths.data_folder(), EXAMPLE_PERSONS, actor, progress)

        job = self.runner.run(work)
        job.stepped.connect(page.stepped)
        job.done.connect(lambda made: self.use(made[0], made[1], made[2], example=True))
        job.failed.connect(page.failed)

    def show_bug(self, error: BaseException) -> None:
        """Say that a step ended by a bug; the window goes on."""
        parent = self.main or self.shell
        self.dialogs.report(
            parent, _("Something went wrong in the program."),
            _("The step was stopped and changed nothing. You can go on. The report holds no personal data."),
            report_of(error, program_version()),
        )  # fmt: skip

    def close(self) -> None:
        """Stop jobs and close the store; called when the last window is closed."""
        window = self.main or self.shell
        self._remember_place(window)
        self._end_sealed()
        if self._closing is not None:
            self._closing.wait()
        self.runner.cancel_all()
        self.runner.wait()
        if self.opened is not None:
            from dpo_app import bootstrap

            bootstrap.close_desk(self.opened, self.office.desk if self.office else None)
            self.opened = None


def _warm_up(_progress: Any) -> None:
    """Load what opening a store needs while the officer types."""
    from dpo_app import bootstrap

    assert bootstrap
