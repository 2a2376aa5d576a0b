"""A run of e-mails through the mail server: lines in threads, one journal, and rules for when it stops by itself.

The calling thread keeps the journal: workers hand it their lines, it writes what has come in by one durable transaction
and lets them go on. For each message: *claimed* is durable before its first byte, *at the dot* before the dot, the answer
before the next message on the same line (letters-and-email.md 5.6). A worker that dies with its machine leaves a claim
without an answer, and the next start knows by its stage whether the message can have left.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from time import monotonic, sleep
from typing import Protocol

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import DpoError, JobCancelled
from dpo_app.services.mail.journal_proof import bind
from dpo_app.services.mail.run_queue import TICK, RunQueue
from dpo_app.services.mail.run_tally import RunTally
from dpo_app.services.mail.run_terms import Item, RunRules, Task
from dpo_app.services.mail.sending_watch import RunControl, RunView
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.journal import Journal, Line
from dpo_app.services.progress import SILENT, Progress

#: At most so many lines of the journal in one transaction.
MOST_AT_ONCE = 200
#: An entry of the trail every so many settled messages, or after so many seconds with any.
ENTRY_EVERY, ENTRY_SECONDS = 1_000, 60.0
#: Seconds between looks at the trail, the view and whether somebody wants it to stop.
LOOK_EVERY = 0.2
#: How long a run that was cancelled waits for the answers in hand, in seconds.
GRACE = 1.5
#: The journal rests after a write so many times as long as it took, at most so many seconds.
PAUSE, MOST_PAUSE = 2.0, 0.008
#: Answers that came in while nothing else is written go to the disk after so many seconds.
ANSWERS_WAIT = 0.02


class Written:
    """A worker's wait for its lines to be on the disk."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._refused: frozenset[int] = frozenset()
        self._error = ""
        # A bare lock, held until it is written: two of these are made for each message.
        self._written = threading.Lock()
        self._written.acquire()

    def settle(self, refused: frozenset[int] = frozenset(), error: str = "") -> None:
        """Let the worker go on."""
        self._refused, self._error = refused, error
        self._written.release()

    def wait(self) -> frozenset[int]:
        """Wait; returns the deliveries that must not go on. Raises NotWritten if the journal could not be written."""
        with self._written:
            pass
        if self._error:
            raise NotWritten
        return self._refused


class Cuttable(Protocol):
    """A worker as the journal's thread knows it."""

    def start(self) -> None: ...

    def join(self) -> None: ...

    def is_alive(self) -> bool: ...

    def abort(self) -> None: ...


class NotWritten(Exception):  # noqa: N818
    """The journal was not written: nothing may be handed over."""


class Ledger:
    """The journal's thread, and what workers share: `queue` says who is next, `tally` counts what became of them."""

    def __init__(self, desk: Desk, task: Task, control: RunControl, rules: RunRules) -> None:
        self.desk, self.task, self.control, self.rules = desk, task, control, rules
        self.queue = RunQueue(desk, task, control, rules)
        self.tally = RunTally(rules, control)
        self._lines: queue.SimpleQueue[Written] = queue.SimpleQueue()
        self._answers: deque[Line] = deque()
        self._entry_at = monotonic()
        self._broken_journal = ""
        self._write_takes, self._written_at, self._looked_at = 0.0, 0.0, 0.0

    def write(self, *lines: Line) -> Written:
        """Hand lines to the journal; `wait` on what is returned before anything depends on them."""
        written = Written(lines)
        self._lines.put(written)
        return written

    def note(self, line: Line) -> None:
        """Hand over a line that nobody waits for: it goes to the disk with the next write, within `ANSWERS_WAIT`."""
        self._answers.append(line)

    # ---- the journal's thread ----------------------------------------------------------------------------------

    def run(self, workers: Sequence[Cuttable], progress: Progress = SILENT) -> None:
        """Keep the journal until all workers have ended. Raises StoreError if it could not be written."""
        failed: DpoError | None = None
        cut_at = float("inf")
        with self.desk.journal(self.task.breach_id) as journal:
            self._begin()
            for worker in workers:
                worker.start()
            while any(worker.is_alive() for worker in workers) or self._lines.qsize() or self._answers:
                try:
                    self._pass(journal, progress)
                    if monotonic() > cut_at:
                        cut_at = float("inf")
                        for worker in workers:
                            worker.abort()
                except JobCancelled:
                    # The window closes or the store locks: the answers in hand get a moment, no more.
                    self.control.pause("officer")
                    progress, cut_at = SILENT, monotonic() + GRACE
                except KeyboardInterrupt:
                    self.control.pause("officer")
                except DpoError as error:
                    failed = failed or error
                    self._broken_journal = error.code
                    self.control.pause("journal")
                except BaseException:
                    self._let_go(workers)
                    raise
            for worker in workers:
                worker.join()
        if failed is not None:
            raise failed
        self._entry(force=True)
        self._show(final=True)

    def _let_go(self, workers: Sequence[Cuttable]) -> None:
        """End all lines after a fault nobody foresaw: the journal is kept no more, so nobody may wait for it."""
        self.control.pause("bug")
        cut_at = monotonic() + GRACE
        while any(worker.is_alive() for worker in workers) or not self._lines.empty():
            with suppress(queue.Empty):
                self._lines.get(timeout=TICK).settle(error="bug")
            if monotonic() > cut_at:
                cut_at = float("inf")
                for worker in workers:
                    worker.abort()

    def _begin(self) -> None:
        with self.desk.read() as queries:
            self.tally.begin(queries.run_counts(self.task.batch_id))
        self.queue.load()
        self._entry_at = monotonic()
        self.queue.feed(self._rows)

    def _rows(self, ids: list[int]) -> list[Item]:
        task = self.task
        with self.desk.read() as queries:
            rows = queries.waiting_rows(ids, task.frozen, task.newest, task.language)
            known = queries.ledger_lines(ids, task.frozen)
        self.tally.mark_deferred(row.delivery_id for row in rows if row.state == DeliveryState.DEFERRED.value)
        return [Item(row, known[row.delivery_id]) for row in rows if row.delivery_id in known]

    def _pass(self, journal: Journal, progress: Progress) -> None:
        taken = self._gather()
        answers = [self._answers.popleft() for _each in range(len(self._answers))]
        if taken or answers:
            self._put_down(journal, taken, answers)
        self.queue.feed(self._rows)
        if monotonic() - self._looked_at > LOOK_EVERY:
            self._looked_at = monotonic()
            self._house(progress)

    def _gather(self) -> list[Written]:
        """Return what workers have handed in. A write for one costs as much as for ten, to us and to a mail server on the
        same disk: while writes follow each other closely, more is let come in before the next."""
        try:
            taken = [self._lines.get(timeout=ANSWERS_WAIT if self._answers else TICK)]
        except queue.Empty:
            return []
        pause = min(MOST_PAUSE, PAUSE * self._write_takes) - (monotonic() - self._written_at)
        if pause > 0 and self.tally.open_lines > 1:
            sleep(pause)
        with suppress(queue.Empty):
            while len(taken) < MOST_AT_ONCE:
                taken.append(self._lines.get_nowait())
        return taken

    def _put_down(self, journal: Journal, taken: list[Written], answers: list[Line]) -> None:
        if self._broken_journal:
            for each in taken:
                each.settle(error=self._broken_journal)
            return
        lines = answers + [line for each in taken for line in each.lines]
        began = monotonic()
        try:
            refused = journal.write(lines, self.desk.clock.now(), self.desk.actor)
        except BaseException as error:
            # Whatever it was: nothing of it is written, and no worker may wait for ever.
            for each in taken:
                each.settle(error=error.code if isinstance(error, DpoError) else "interrupted")
            raise
        self._written_at = monotonic()
        self._write_takes = 0.8 * self._write_takes + 0.2 * (self._written_at - began)
        for each in taken:
            each.settle(refused)
        self.tally.count(lines, refused)
        if refused:
            self._look_at_arming()

    def _house(self, progress: Progress) -> None:
        counts = self.tally.figures()
        handled = sum(counts.values()) - counts["waiting"] - counts["deferred"]
        self._show()
        self._entry()
        if not self.control.paused:
            progress.step(handled, sum(counts.values()))

    def _look_at_arming(self) -> None:
        with self.desk.read() as queries:
            armed = queries.arming(self.task.breach_id)
        if armed is None or not armed.holds(self.desk.clock.now()):
            self.control.pause("not_armed")

    def _show(self, final: bool = False) -> None:
        control, tally = self.control, self.tally
        ahead = self.queue.outlook()
        why, said = control.why
        state = (
            "paused" if control.paused else "done" if final else "closed" if ahead.left and ahead.opens_at is not None
            else "opening" if not tally.open_lines and ahead.left else "pacing" if ahead.left and ahead.wait > 1.5
            else "retrying" if not ahead.left and ahead.later else "sending"
        )  # fmt: skip
        paced = self.desk.clock.now() + timedelta(seconds=ahead.wait)
        next_at = {"closed": ahead.opens_at, "pacing": paced, "retrying": ahead.later}.get(state)
        control.view = RunView(
            self.task.batch_id, state, tally.figures(), tally.per_minute(), self.task.server.limits.per_minute, ahead.slowed,
            tally.open_lines, tally.protection, tally.checked, why, said, next_at, tally.no_answer,
        )  # fmt: skip

    def _entry(self, force: bool = False) -> None:
        """Bind what the journal holds to the trail."""
        tally = self.tally
        due = tally.unbound >= ENTRY_EVERY or monotonic() - self._entry_at > ENTRY_SECONDS
        if not tally.unbound or not (force or due):
            return
        with self.desk.begin() as uow:
            uid = uow.queries.breach_uid(self.task.breach_id)
            bind(uow, self.task.batch_id, uid, tally.unbound, tally.digest(), tally.figures())
            uow.commit()
        tally.bound()
        self._entry_at = monotonic()
