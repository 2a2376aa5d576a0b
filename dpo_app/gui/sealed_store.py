"""A locked window whose run of e-mails goes on, because the officer ticked it.

Nothing of the store is shown and no use-case can be reached; the run alone keeps its keys and the persons it has read
ahead in memory. To come back, a way in must open the key file as at any unlock, and the key must be the one the store was
opened with. When the run has ended, the store is closed for good.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from dpo_app.gui.jobs import JobRunner
from dpo_app.gui.live_run import LiveRun
from dpo_app.i18n import _


class SealedStore(QObject):
    """`over` tells that the run has ended; whoever holds this closes the store then."""

    over = Signal()

    def __init__(self, folder: Path, opened: Any, desk: Any, runner: JobRunner, live: LiveRun) -> None:
        super().__init__()
        assert live.job is not None
        self.folder, self.opened, self.desk, self.runner, self.live = folder, opened, desk, runner, live
        runner.hold(live.job)
        live.forget_listeners()
        live.listen(self._on_over, self._on_over)

    def words(self) -> str:
        """Return what the unlock page says of it."""
        if self.live.running:
            return _("E-mails are being sent. Their keys stay in memory until the run has ended; then the store is locked "
                     "for good. Closing the program pauses the run.")  # fmt: skip
        return _("The run of e-mails has ended; the store is locked.")

    def note(self) -> None:
        """Put the locking into the trail; in a job."""
        from dpo_app import bootstrap

        bootstrap.note_sealed(self.desk)

    def confirm(self, passphrase: str | None, lines: tuple[str, ...], failed_tries: int) -> None:
        """Check a way in; in a job. Raises as `bootstrap.open_desk`."""
        from dpo_app import bootstrap

        bootstrap.reenter_desk(self.opened, self.desk, passphrase=passphrase, lines=lines, failed_tries=failed_tries)

    def release(self) -> None:
        """Hand the store and its runner back to a window."""
        self.live.forget_listeners()
        self.runner.resume()

    def close(self, closed: Event) -> None:
        """Pause the run if it still goes, wait for it, and close the store; in a job."""
        from dpo_app import bootstrap

        try:
            self.runner.wait()
            bootstrap.close_desk(self.opened, self.desk)
        finally:
            closed.set()

    def end(self) -> None:
        """Ask the run to stop after the message in hand."""
        self.live.forget_listeners()
        self.live.while_locked = False
        self.runner.cancel_all()

    def _on_over(self, _end: object) -> None:
        self.over.emit()


def paused_words() -> str:
    """Return what the unlock page says when the lock paused a run."""
    return _("The run of e-mails was paused by the lock; none is lost. It can go on after unlocking.")
