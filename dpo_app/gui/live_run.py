"""The run of e-mails under way. It outlives the window that shows it: the window may be built anew, or locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dpo_app.core.ids import BreachId
from dpo_app.gui.jobs import Job
from dpo_app.services.mail.sending_watch import RunControl

Heard = Callable[[Any], None]


class LiveRun:
    """At most one at a time. Whoever shows it listens: to what became of it, and to the error that ended it."""

    def __init__(self) -> None:
        self.control: RunControl | None = None
        self.job: Job | None = None
        self.breach_id: BreachId | None = None
        #: The officer wants it to go on when the window locks; forgotten with the run.
        self.while_locked = False
        #: Why the officer ends it for good, once its message in hand is settled.
        self.stop_reason = ""
        #: Which run that is.
        self.stop_run = 0
        self._listeners: list[tuple[Heard, Heard]] = []

    @property
    def running(self) -> bool:
        """Tell whether a run is under way."""
        return self.control is not None

    def begin(self, job: Job, control: RunControl, breach_id: BreachId, while_locked: bool = False) -> None:
        """Take over a run that was just begun."""
        self.control, self.job, self.breach_id, self.while_locked = control, job, breach_id, while_locked
        self.stop_reason = ""
        job.done.connect(self._on_done)
        job.failed.connect(self._on_failed)

    def listen(self, ended: Heard, broke: Heard) -> None:
        """Have one more told when the run has ended, in the order of asking."""
        self._listeners.append((ended, broke))

    def forget_listeners(self) -> None:
        """Let go of whoever showed it: a part that is on its way out holds lists of persons."""
        self._listeners = []

    def _on_done(self, end: object) -> None:
        self._rest()
        for ended, _broke in list(self._listeners):
            ended(end)

    def _on_failed(self, error: object) -> None:
        self._rest()
        for _ended, broke in list(self._listeners):
            broke(error)

    def _rest(self) -> None:
        self.control = self.job = self.breach_id = None
        self.while_locked = False
