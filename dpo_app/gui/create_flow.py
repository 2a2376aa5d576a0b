"""The wizard that makes a store, joined to what it makes: jobs, printer, file, and the breach whose clock runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from dpo_app import i18n, paths
from dpo_app.core.facts.breach import Awareness, Revision
from dpo_app.core.organisation import Organisation
from dpo_app.files import ensure_folder, safe_name
from dpo_app.gui import theme
from dpo_app.gui.dialogs import Dialogs
from dpo_app.gui.faults import sentence
from dpo_app.gui.jobs import Job, JobRunner, Work
from dpo_app.gui.pages.start.create_wizard import CreateWizard, NewStore
from dpo_app.gui.pages.start.first_run_page import StartedClock
from dpo_app.gui.pages.start.recovery_step import RecoveryStep, asked_lines
from dpo_app.gui.printing import DPI, ask_printer, paint_pages
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _


def folder_of(name: str) -> Path:
    """Return where the store of an organisation is made."""
    return paths.data_folder() / f"{safe_name(name, 'store')}.dpo"


class SheetFlow(QObject):
    """What is done with the recovery sheet of an open store: print, save, type back. Asked for lines come from the
    wizard that made the store, or from a sheet made anew."""

    confirmed = Signal()
    failed = Signal(object)

    def __init__(self, step: RecoveryStep, runner: JobRunner, dialogs: Dialogs) -> None:
        super().__init__()
        self.step, self.runner, self.dialogs = step, runner, dialogs
        self.opened: Any = None
        self.desk: Any = None
        self._lines: tuple[str, ...] = ()
        step.print_wanted.connect(self._print)
        step.save_wanted.connect(self._save)

    def show(self, opened: Any, desk: Any, lines: tuple[str, ...], name: str) -> None:
        """Show the sheet of an open store."""
        self.opened, self.desk, self._lines = opened, desk, lines
        day = datetime.now().astimezone().date().isoformat()
        face = _("Store {name} · made on {day}").format(name=name, day=day)
        self.step.set_sheet(face, lines, asked_lines(desk.store_id))

    def job(self, work: Work) -> Job:
        """Run work on the sheet; what goes wrong is told where the sheet stands."""
        job = self.runner.run(work)
        job.failed.connect(self.failed)
        return job

    def _save(self) -> None:
        kinds = "PDF (*.pdf)"
        path = self.dialogs.save_file(self.step, _("Save the recovery sheet"), "recovery-sheet.pdf", kinds)
        if path is None:
            return
        opened, lines = self.opened, self._lines

        def work(_progress: Any) -> str:
            from dpo_app import bootstrap

            bootstrap.write_sheet(opened, lines, path)
            return path.name

        told = _("{file} is written. Print it, then remove the file from this computer.")
        self.job(work).done.connect(lambda name: self.step.say(told.format(file=name)))

    def _print(self) -> None:
        ask_printer(self.step, _("Recovery sheet"), self._print_on)

    def _print_on(self, printer: QPrinter) -> None:
        opened, lines, desk = self.opened, self._lines, self.desk

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap

            return list(desk.letters.images(bootstrap.sheet_pdf(opened, lines), DPI))

        self.job(work).done.connect(lambda pages: self.step.say(paint_pages(printer, pages)))

    def confirm(self, typed: dict[int, str], place: str) -> None:
        """Count the sheet as working if two of its lines were typed back, and keep the note where it lies."""
        opened, desk = self.opened, self.desk

        def work(_progress: Any) -> None:
            from dpo_app import bootstrap
            from dpo_app.services.desk.keep_sheet_place import keep_sheet_place

            if typed:
                bootstrap.confirm_sheet(opened, typed)
            if place.strip():
                keep_sheet_place(desk, place)

        self.job(work).done.connect(self._confirmed)

    def _confirmed(self, _result: object) -> None:
        self._lines = ()
        self.step.forget()
        self.confirmed.emit()


class CreateFlow(QObject):
    """`made` when the store exists, `finished` when it is to be used, `given_up` before it existed."""

    made = Signal()
    finished = Signal()
    given_up = Signal()

    def __init__(self, runner: JobRunner, dialogs: Dialogs, actor: str, clock: StartedClock | None) -> None:
        super().__init__()
        self.runner, self.dialogs, self.actor, self.clock = runner, dialogs, actor, clock
        self.opened: Any = None
        self.desk: Any = None
        self.folder = folder_of("")
        running = clock.sentence(datetime.now(timezone.utc)) if clock else ""
        self.wizard = CreateWizard(lambda name: str(folder_of(name)), i18n.current(), running)
        self._ticks = QTimer(self.wizard)
        self._ticks.setInterval(20_000)
        self._ticks.timeout.connect(self._tick)
        self._ticks.start()
        self.wizard.given_up.connect(self.given_up)
        self.wizard.create_wanted.connect(self._create)
        self.wizard.words_wanted.connect(self._suggest)
        self.sheet = SheetFlow(self.wizard.recovery, runner, dialogs)
        self.wizard.later_wanted.connect(lambda: self.sheet.confirm({}, ""))
        self.sheet.failed.connect(self.wizard.failed)
        self.sheet.confirmed.connect(self.finished)
        self.wizard.recovery.confirmed.connect(self.sheet.confirm)

    def _tick(self) -> None:
        """Let the clock run on while the store is set up, and say when it is safe."""
        if self.clock is not None:
            self.wizard.tell_clock(self.clock.sentence(datetime.now(timezone.utc), kept=self.desk is not None))

    def _job(self, work: Work) -> Job:
        job = self.runner.run(work)
        job.failed.connect(self.wizard.failed)
        return job

    def _suggest(self) -> None:
        def work(_progress: Any) -> str:
            from dpo_app import bootstrap

            return bootstrap.suggest_passphrase()

        self._job(work).done.connect(self.wizard.words_suggested)

    def _create(self, asked: NewStore) -> None:
        self.folder = folder = folder_of(asked.name)
        clock = self.clock
        self.actor = actor = asked.officer or self.actor
        sender = Organisation(
            name=asked.name, country=asked.country, language=asked.language, dpo=asked.officer, signatory=asked.officer
        )

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap
            from dpo_app.services.desk.manage_store import save_organisation
            from dpo_app.services.facts.record_breach import add_breach

            ensure_folder(folder.parent)
            opened, desk, lines = bootstrap.create_desk(folder, asked.name, asked.passphrase, actor)
            save_organisation(desk, sender)
            if clock is not None:
                add_breach(desk, first_facts(clock, asked.name, actor, desk.clock.now()))
            return opened, replace(desk, home_country=asked.country), lines

        self._job(work).done.connect(self._created)

    def _created(self, result: Any) -> None:
        self.opened, self.desk, lines = result
        self._tick()
        self.made.emit()
        self.sheet.show(self.opened, self.desk, lines, self.folder.stem)
        self.wizard.created()


def first_facts(clock: StartedClock, controller: str, source: str, now: datetime) -> Revision:
    """Return the first revision of a breach of which only the awareness and a few words are known."""
    return Revision(
        title=clock.title, reference="", controller=controller, known_as_of=max(clock.aware_at, now), source=source,
        awareness=Awareness(clock.aware_at, ""),
    )  # fmt: skip


class SheetDialog(QDialog):
    """A recovery sheet made anew for the open store: the way back for who chose *Later*, or lost the old one."""

    def __init__(self, parent: QWidget, runner: JobRunner, dialogs: Dialogs, opened: Any, desk: Any) -> None:
        super().__init__(parent)
        self.setObjectName("sheet_dialog")
        self.setWindowTitle(_("Recovery sheet"))
        self._opened, self._desk = opened, desk
        self.step = RecoveryStep()
        self.step.setEnabled(False)
        self.flow = SheetFlow(self.step, runner, dialogs)
        self.error = label(_("A sheet made before opens nothing any more."), "second", wrap=True, name="sheet_error")
        later, self.works = (
            button(_("Later"), name="sheet_later"),
            button(_("The sheet works"), "primary", "", "sheet_works"),
        )
        self.works.setEnabled(False)
        later.clicked.connect(self.reject)
        self.works.clicked.connect(self.step.give)
        self.step.ready_changed.connect(self.works.setEnabled)
        self.step.confirmed.connect(self.flow.confirm)
        self.flow.confirmed.connect(self.accept)
        self.flow.failed.connect(lambda error: self.error.setText(sentence(error)))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, side, side, theme.px(16))
        box.addWidget(self.step)
        box.addWidget(self.error)
        box.addLayout(row(None, later, self.works))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap

            return bootstrap.new_sheet(opened, desk)

        self.flow.job(work).done.connect(self._show)

    def _show(self, lines: tuple[str, ...]) -> None:
        self.step.setEnabled(True)
        self.flow.show(self._opened, self._desk, lines, self._opened.face.name)
