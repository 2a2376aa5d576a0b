"""What a page gets: the desk, jobs, dialogs, and ways to tell the window something."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from dpo_app.core.errors import DpoError, JobCancelled
from dpo_app.gui.dialogs import Dialogs
from dpo_app.gui.jobs import Job, JobRunner
from dpo_app.gui.live_run import LiveRun
from dpo_app.i18n import _
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Progress, Topic


class Office(QObject):
    """Shared by the pages of one open store."""

    changed = Signal(object)
    #: An error, and the name of the work that it stopped; None for reading.
    failed = Signal(object, object)
    #: Work with this name was done.
    done = Signal(str)
    toast = Signal(str)
    page_wanted = Signal(str, object)
    columns_chosen = Signal(tuple)
    #: Another breach, the page of it, and what on that page.
    breach_wanted = Signal(int, str, object)

    def __init__(self, desk: Desk, runner: JobRunner, dialogs: Dialogs) -> None:
        super().__init__()
        self.desk, self.runner, self.dialogs = desk, runner, dialogs
        self.example = False
        self.live = LiveRun()
        #: Columns of the person list as they were left; empty before they were chosen.
        self.person_columns: tuple[str, ...] = ()

    def read(self, work: Callable[[Any], Any], then: Callable[[Any], None]) -> Job:
        """Read from a snapshot in a thread, then show."""
        desk = self.desk

        def reading(_progress: Progress) -> Any:
            with desk.read() as queries:
                return work(queries)

        job = self.runner.run(reading)
        job.done.connect(then)
        job.failed.connect(partial(self._on_failed, None))
        return job

    def do(
        self, work: Callable[[Progress], Any], then: Callable[[Any], None] | None = None, name: str = "",
        long: bool = False,
    ) -> Job:  # fmt: skip
        """Run a use-case; what it returns is handed to `then`, its `changes` to the pages."""
        job = (self.runner.run if long else self.runner.write)(work, name)
        if then is not None:
            job.done.connect(then)
        job.done.connect(partial(self._on_done, name))
        job.failed.connect(partial(self._on_failed, name))
        return job

    def told(self, text: str, *topics: Topic) -> None:
        """Say that something was done, and let the pages that show it read anew."""
        self.toast.emit(text)
        self.changed.emit(Changes.of(None, *topics))

    def settled(self, result: Any) -> None:
        """Tell the pages what work changed that was begun elsewhere."""
        self._on_done("", result)

    def broke(self, error: BaseException) -> None:
        """Say why work stopped that was begun elsewhere."""
        self._on_failed("", error)

    def _on_done(self, name: str, result: Any) -> None:
        self.done.emit(name)
        changes = result if isinstance(result, Changes) else getattr(result, "changes", None)
        if changes is None and isinstance(result, tuple):
            changes = next((each for each in result if isinstance(each, Changes)), None)
        if changes is not None:
            self.changed.emit(changes)

    def _on_failed(self, name: str | None, error: BaseException) -> None:
        if isinstance(error, JobCancelled):
            self.toast.emit(_("Stopped. Nothing half done was kept."))
        elif isinstance(error, DpoError):
            self.failed.emit(error, name)
