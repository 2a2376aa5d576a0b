"""The line below the pages: which store, how long its trail is, what is running, when it locks itself."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from dpo_app.gui import theme
from dpo_app.gui.jobs import Job
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import counted
from dpo_app.i18n import _


class StatusLine(QWidget):
    """Shows the newest of the named jobs with its progress and a way to stop it."""

    def __init__(self, store_name: str) -> None:
        super().__init__()
        self.setObjectName("status")
        self._job: Job | None = None
        sign = QLabel()
        sign.setPixmap(theme.pixmap("lock-open", "text_3", 16))
        self.trail_line = label("", "caption", name="trail_line")
        self.job_name, self.job_bar = label("", "caption", name="job_name"), QProgressBar()
        self.job_bar.setObjectName("job_bar")
        self.job_bar.setFixedWidth(theme.px(120))
        self.job_bar.setTextVisible(False)
        self.job_cancel = button("", "quiet", "x", "job_cancel", _("Cancel"))
        self.job_cancel.clicked.connect(self._stop)
        self.lock_line = label("", "caption", name="lock_line")
        line = row(sign, label(store_name, "caption"), 12, self.trail_line, None, self.job_name, self.job_bar,
                   self.job_cancel, 12, self.lock_line)  # fmt: skip
        line.setContentsMargins(theme.px(12), theme.px(2), theme.px(12), theme.px(2))
        self.setLayout(line)
        self.setFixedHeight(theme.px(30))
        self._show_job(False)

    def set_entries(self, count: int) -> None:
        """Show how long the trail is."""
        self.trail_line.setText(
            counted("Encrypted · trail of {count} entry", "Encrypted · trail of {count} entries", count)
        )

    def set_lock(self, seconds: int) -> None:
        """Show in how many seconds the store locks itself."""
        self.lock_line.setText(
            _("Locks in {minutes}:{seconds:02d}").format(minutes=seconds // 60, seconds=seconds % 60)
        )

    def follow(self, job: Job) -> None:
        """Show a job until it is over, or until another one starts."""
        self._job = job
        self.job_name.setText(job.name)
        self.job_bar.setRange(0, 0)
        self._show_job(True)
        job.stepped.connect(lambda done, total, own=job: self._step(own, done, total))
        job.done.connect(lambda _r, own=job: self._over(own))
        job.failed.connect(lambda _e, own=job: self._over(own))

    def forget(self) -> None:
        """Follow nothing any more: the window closes, the job may go on."""
        self._job = None

    def _step(self, job: Job, done: int, total: int) -> None:
        if job is self._job:
            self.job_bar.setRange(0, total)
            self.job_bar.setValue(done)

    def _over(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._show_job(False)

    def _show_job(self, shown: bool) -> None:
        for each in (self.job_name, self.job_bar, self.job_cancel):
            each.setVisible(shown)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
