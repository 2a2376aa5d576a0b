"""Long work off the screen's thread (style.md section 6).

Writes are short and run one at a time; reading and long batches run beside them. Workers emit only signals of the
runner, with plain values, queued: a job that ends at once calls back in the screen's thread, before anyone could
connect otherwise. Cancel is cooperative: `progress.step` raises between units.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from dpo_app.core.errors import DpoError, JobCancelled
from dpo_app.services.progress import Progress

Work = Callable[[Progress], Any]
TELL_EVERY = 0.08


class _Reporter:
    """Progress inside a worker: throttled, and the place where cancelling takes hold."""

    def __init__(self, runner: JobRunner, job: int, cancelled: threading.Event) -> None:
        self._runner, self._job, self._cancelled = runner, job, cancelled
        self._told = 0.0

    def step(self, done: int, total: int | None = None) -> None:
        if self._cancelled.is_set():
            raise JobCancelled
        now = monotonic()
        if now - self._told >= TELL_EVERY or done == total:
            self._told = now
            self._runner.stepped.emit(self._job, done, total or 0)


class Job(QObject):
    """One piece of work; kept by the runner until it is settled."""

    done = Signal(object)
    failed = Signal(object)
    stepped = Signal(int, int)

    def __init__(self, number: int, name: str, cancelled: threading.Event) -> None:
        super().__init__()
        self.number, self.name = number, name
        self._cancelled = cancelled

    def cancel(self) -> None:
        """Ask the work to stop after the unit in hand."""
        self._cancelled.set()


class JobRunner(QObject):
    """Runs work in threads and brings results back to the screen's thread."""

    stepped = Signal(int, int, int)
    settled = Signal(int, object)
    started = Signal(object)
    idle = Signal()
    bug = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._writer = ThreadPoolExecutor(1, "dpo-write")
        self._readers = ThreadPoolExecutor(3, "dpo-read")
        self._jobs: dict[int, Job] = {}
        self._numbers = count(1)
        self._ended = False
        self.stepped.connect(self._on_stepped, Qt.ConnectionType.QueuedConnection)
        self.settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)

    def write(self, work: Work, name: str = "") -> Job:
        """Run a short change, after those before it."""
        return self._submit(self._writer, work, name)

    def run(self, work: Work, name: str = "") -> Job:
        """Run reading, or a long batch whose units are short transactions of their own."""
        return self._submit(self._readers, work, name)

    def _submit(self, pool: ThreadPoolExecutor, work: Work, name: str) -> Job:
        cancelled = threading.Event()
        job = Job(next(self._numbers), name, cancelled)
        if self._ended:
            # A window on its way out may still want something, by a timer: nobody would see the answer.
            return job
        self._jobs[job.number] = job
        reporter = _Reporter(self, job.number, cancelled)
        future: Future[Any] = pool.submit(work, reporter)
        future.add_done_callback(partial(self.settled.emit, job.number))
        if name:
            self.started.emit(job)
        return job

    def _on_stepped(self, number: int, done: int, total: int) -> None:
        job = self._jobs.get(number)
        if job is not None:
            job.stepped.emit(done, total)

    def _on_settled(self, number: int, future: Future[Any]) -> None:
        job = self._jobs.pop(number, None)
        if job is None:
            return
        error = future.exception() if not future.cancelled() else JobCancelled()
        if error is None:
            job.done.emit(future.result())
        else:
            job.failed.emit(error)
            if not isinstance(error, DpoError):
                self.bug.emit(error)
        if not self._jobs:
            self.idle.emit()

    def busy(self) -> bool:
        """Tell whether anything is running or waiting."""
        return bool(self._jobs)

    def cancel_all(self) -> None:
        """Ask everything to stop, take nothing more, and drop what is still brought: nobody listens any more."""
        self._ended = True
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()

    def hold(self, kept: Job) -> None:
        """Ask everything but one job to stop, and take nothing more until `resume`."""
        self._ended = True
        for job in self._jobs.values():
            if job is not kept:
                job.cancel()
        self._jobs = {kept.number: kept}

    def resume(self) -> None:
        """Take work again after `hold`."""
        self._ended = False

    def let_go(self) -> None:
        """Cancel, and let the threads end by themselves."""
        self.cancel_all()
        for pool in (self._writer, self._readers):
            pool.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """Wait until the threads have ended; from any thread, after `cancel_all`."""
        for pool in (self._writer, self._readers):
            pool.shutdown(wait=True, cancel_futures=True)

    def close(self) -> None:
        """Cancel, wait, and let go of the threads."""
        self.cancel_all()
        self.wait()
