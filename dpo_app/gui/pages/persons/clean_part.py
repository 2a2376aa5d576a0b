"""What the parts of *Clean up* share: they read when they are shown, work in jobs and say errors in the frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.gui.jobs import Job
from dpo_app.gui.office import Office
from dpo_app.messages import explain
from dpo_app.services.progress import Progress


class CleanPart(QWidget):
    """`told` says a sentence in the frame ("" takes it away), `working` a job to follow, `led` lead and primary
    button; `dirty` tells that the plan has to be worked out anew."""

    told = Signal(str)
    working = Signal(object)
    led = Signal(str, str)

    def __init__(self, office: Office, breach_id: BreachId) -> None:
        super().__init__()
        self.office, self.breach_id = office, breach_id
        self.dirty = False

    def open(self) -> None:
        """Read what the part shows; overridden."""

    def act(self) -> None:
        """Do what the primary button says; overridden where there is one."""

    def work(
        self, work: Callable[[Progress], Any], then: Callable[[Any], None] | None = None, *, write: bool = False,
        name: str = "",
    ) -> Job:  # fmt: skip
        """Run a job; its result goes to `then`, its changes to the pages, its error into the frame."""
        self.told.emit("")
        runner = self.office.runner
        job = (runner.write if write else runner.run)(work, name)
        self.working.emit(job)
        if then is not None:
            job.done.connect(then)
        job.failed.connect(self._failed)
        return job

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, DpoError):
            self.told.emit(str(explain(error)))
        self.failed()

    def failed(self) -> None:
        """Show the part as it was before a job that failed; overridden where something was switched off."""
