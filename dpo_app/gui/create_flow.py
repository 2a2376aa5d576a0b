"""The wizard that makes a store, joined to what it makes: jobs, printer, file, and the breach whose clock runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter

from dpo_app import i18n, paths
from dpo_app.core.breach import Awareness, Revision
from dpo_app.core.organisation import Organisation
from dpo_app.files import ensure_folder, safe_name
from dpo_app.gui.dialogs import Dialogs
from dpo_app.gui.jobs import Job, JobRunner, Work
from dpo_app.gui.pages.create_wizard import CreateWizard, NewStore
from dpo_app.gui.pages.first_run_page import StartedClock
from dpo_app.gui.pages.recovery_step import asked_lines
from dpo_app.gui.printing import DPI, ask_printer, paint_pages
from dpo_app.i18n import _


def folder_of(name: str) -> Path:
    """Return where the store of an organisation is made."""
    return paths.data_folder() / f"{safe_name(name, 'store')}.dpo"


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
        self._lines: tuple[str, ...] = ()
        running = clock.sentence(datetime.now(timezone.utc)) if clock else ""
        self.wizard = CreateWizard(lambda name: str(folder_of(name)), i18n.current(), running)
        self.wizard.given_up.connect(self.given_up)
        self.wizard.create_wanted.connect(self._create)
        self.wizard.words_wanted.connect(self._suggest)
        self.wizard.later_wanted.connect(lambda: self._end(None, ""))
        self.wizard.recovery.confirmed.connect(self._end)
        self.wizard.recovery.print_wanted.connect(self._print)
        self.wizard.recovery.save_wanted.connect(self._save)

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
        self.actor = actor = asked.officer or self.actor
        sender = Organisation(
            name=asked.name, country=asked.country, language=asked.language, dpo=asked.officer, signatory=asked.officer
        )

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap
            from dpo_app.services.manage_store import save_organisation

            ensure_folder(folder.parent)
            opened, desk, lines = bootstrap.create_desk(folder, asked.name, asked.passphrase, actor)
            save_organisation(desk, sender)
            return opened, replace(desk, home_country=asked.country), lines

        self._job(work).done.connect(self._created)

    def _created(self, result: Any) -> None:
        self.opened, self.desk, self._lines = result
        self.made.emit()
        face = _("Store {name} · made on {day}").format(
            name=self.folder.stem, day=datetime.now().astimezone().date().isoformat()
        )
        self.wizard.created(face, self._lines, asked_lines(self.desk.store_id))

    def _save(self) -> None:
        kinds = "PDF (*.pdf)"
        path = self.dialogs.save_file(self.wizard, _("Save the recovery sheet"), "recovery-sheet.pdf", kinds)
        if path is None:
            return
        opened, lines = self.opened, self._lines

        def work(_progress: Any) -> str:
            from dpo_app import bootstrap

            bootstrap.write_sheet(opened, lines, path)
            return path.name

        told = _("{file} is written. Print it, then remove the file from this computer.")
        self._job(work).done.connect(lambda name: self.wizard.recovery.say(told.format(file=name)))

    def _print(self) -> None:
        ask_printer(self.wizard, _("Recovery sheet"), self._print_on)

    def _print_on(self, printer: QPrinter) -> None:
        opened, lines, desk = self.opened, self._lines, self.desk

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap

            return list(desk.letters.images(bootstrap.sheet_pdf(opened, lines), DPI))

        self._job(work).done.connect(lambda pages: self.wizard.recovery.say(paint_pages(printer, pages)))

    def _end(self, typed: dict[int, str] | None, place: str) -> None:
        """Count the sheet as working if its lines were typed back, record the breach whose clock runs, and go on."""
        opened, desk, clock = self.opened, self.desk, self.clock
        controller, actor = self.wizard.name.text().strip(), self.actor

        def work(_progress: Any) -> None:
            from dpo_app import bootstrap
            from dpo_app.services.keep_sheet_place import keep_sheet_place
            from dpo_app.services.record_breach import add_breach

            if typed:
                bootstrap.confirm_sheet(opened, typed)
            if place.strip():
                keep_sheet_place(desk, place)
            if clock is not None:
                add_breach(desk, first_facts(clock, controller, actor, desk.clock.now()))

        self._job(work).done.connect(self._ended)

    def _ended(self, _result: object) -> None:
        self._lines = ()
        self.wizard.recovery.forget()
        self.finished.emit()


def first_facts(clock: StartedClock, controller: str, source: str, now: datetime) -> Revision:
    """Return the first revision of a breach of which only the awareness and a few words are known."""
    return Revision(
        title=clock.title, reference="", controller=controller, known_as_of=max(clock.aware_at, now), source=source,
        awareness=Awareness(clock.aware_at, ""),
    )  # fmt: skip
