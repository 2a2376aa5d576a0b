"""A run of e-mails through the mail server: lines in threads, one journal, and rules for when it stops by itself.

The calling thread keeps the journal: workers hand it their lines, it writes what has come in by one durable transaction
and lets them go on. For each message: *claimed* is durable before its first byte, *at the dot* before the dot, the answer
before the next message on the same line (letters-and-email.md 5.6). A worker that dies with its machine leaves a claim
without an answer, and the next start knows by its stage whether the message can have left.
"""

from __future__ import annotations

import queue
import re
import threading
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from time import monotonic, sleep
from typing import Protocol

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.digests import sha256
from dpo_app.core.errors import DpoError, JobCancelled
from dpo_app.core.ids import BatchId, BreachId, RevisionId
from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.mail.pacing import DAY, Pace
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.run_lines import LedgerLine, WaitingRow
from dpo_app.services.mail.sending_watch import RunControl, RunView, figures
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.journal import Claim, Journal, Line, Moved, Settled
from dpo_app.services.progress import SILENT, Progress

#: Rows read ahead, and how few may be left before more are read.
AHEAD, LOW = 400, 100
#: At most so many lines of the journal in one transaction.
MOST_AT_ONCE = 200
#: An entry of the trail every so many settled messages, or after so many seconds with any.
ENTRY_EVERY, ENTRY_SECONDS = 500, 60.0
TICK = 0.1
#: Seconds between looks at the trail, the view and whether somebody wants it to stop.
LOOK_EVERY = 0.2
#: How long a run that was cancelled waits for the answers in hand, in seconds.
GRACE = 1.5
#: At most so long the journal waits for more lines before it writes those it has.
MOST_PATIENT = 0.004


@dataclass(frozen=True)
class RunRules:
    """When a run goes on and when it stops by itself. `refusals` in a row stop it, `policy` refusals for policy of one
    domain, `unknowns` in a row. `patience` are the seconds between tries to open a line. `wait_for_deferred`: stay until
    those are settled, too; `due_only`: leave those whose time has not come."""

    refusals: int = 20
    policy: int = 3
    unknowns: int = 3
    faults: int = 12
    patience: tuple[float, ...] = (1.0, 5.0, 15.0, 60.0)
    wait_for_deferred: bool = True
    due_only: bool = True


@dataclass(frozen=True)
class Task:
    """What a run is about: its batch, breach, server, the revisions that decide texts and rungs."""

    batch_id: BatchId
    breach_id: BreachId
    server: MailServer
    frozen: RevisionId
    newest: RevisionId
    language: str


@dataclass(frozen=True)
class Item:
    """One member in hand: what waits, what the ledger says of it, how often the line broke under it in this run."""

    waiting: WaitingRow
    ledger: LedgerLine
    broken: int = 0


class Written:
    """A worker's wait for its lines to be on the disk."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._refused, self._error = False, ""
        # A bare lock, held until it is written: two of these are made for each message.
        self._written = threading.Lock()
        self._written.acquire()

    def settle(self, refused: bool = False, error: str = "") -> None:
        """Let the worker go on."""
        self._refused, self._error = refused, error
        self._written.release()

    def wait(self) -> bool:
        """Wait; returns whether the claim holds. Raises NotWritten if the journal could not be written."""
        with self._written:
            pass
        if self._error:
            raise NotWritten
        return not self._refused


class Cuttable(Protocol):
    """A worker as the journal's thread knows it."""

    def start(self) -> None: ...

    def join(self) -> None: ...

    def is_alive(self) -> bool: ...

    def abort(self) -> None: ...


class NotWritten(Exception):  # noqa: N818
    """The journal was not written: nothing may be handed over."""


class Ledger:
    """The journal's thread, and what workers share: rows to send, pace, counts, rules. Guarded by one lock."""

    def __init__(self, desk: Desk, task: Task, control: RunControl, rules: RunRules) -> None:
        self.desk, self.task, self.control, self.rules = desk, task, control, rules
        self._lines: queue.SimpleQueue[Written] = queue.SimpleQueue()
        self._ready: deque[Item] = deque()
        self._later: list[tuple[datetime, int]] = []
        self._ids: deque[int] = deque()
        self._changed = threading.Condition()
        self._working = 0
        self._counts: Counter[str] = Counter()
        self._since_entry: list[bytes] = []
        self._entry_at = monotonic()
        self._deferred: set[int] = set()
        self._in_a_row: Counter[str] = Counter()
        self._domains: Counter[str] = Counter()
        self._slowed_at = 0.0
        self._recent: deque[float] = deque()
        self.open_lines, self.checked, self.protection = 0, 0, ""
        self.pace = Pace(task.server.limits)
        self._broken_journal = ""
        self._write_takes, self._looked_at = 0.0, 0.0

    # ---- for workers -------------------------------------------------------------------------------------------

    def take(self, seconds: float) -> Item | None:
        """Return the next member whose turn it is, or None after so many seconds without one."""
        deadline = monotonic() + seconds
        with self._changed:
            while not self.control.paused:
                wait = self.pace.wait(monotonic())
                if self._ready and wait <= 0:
                    self.pace.taken(monotonic())
                    self._working += 1
                    return self._ready.popleft()
                left = deadline - monotonic()
                if left <= 0 or self._nothing_left():
                    return None
                self._changed.wait(min(left, max(wait, 0.02) if self._ready else TICK))
        return None

    def take_ahead(self) -> Item | None:
        """Return a member to be made ready while the one before it is on the line, or None. Not under a limit: there
        the time of taking counts as that of handing over."""
        return None if self.pace.per_minute or self.task.server.limits.bound() else self.take(0.0)

    def over(self) -> bool:
        """Tell whether nothing is left to take: now, or until deferred ones are due if those are not waited for."""
        with self._changed:
            return self.control.paused or self._nothing_left()

    def _nothing_left(self) -> bool:
        """Tell whether no row is ready and none can become so: those in hand may still come back."""
        waits = bool(self._later) and self.rules.wait_for_deferred
        return not (self._ready or self._ids or waits or self._working)

    def give_back(self, item: Item) -> None:
        """Put a member back that was not handed over; it is the next."""
        with self._changed:
            self._ready.appendleft(item)
            self._working -= 1
            self._changed.notify_all()

    def done(self) -> None:
        """Tell that a member left a worker's hand."""
        with self._changed:
            self._working -= 1
            self._changed.notify_all()

    def count_line(self, change: int, protection: str = "") -> None:
        """Count a line that opened or closed."""
        with self._changed:
            self.open_lines += change
            self.protection = protection or self.protection

    def count_checked(self) -> None:
        """Count a message that was read again and found right."""
        with self._changed:
            self.checked += 1

    def write(self, *lines: Line) -> Written:
        """Hand lines to the journal; `wait` on what is returned before anything depends on them."""
        written = Written(lines)
        self._lines.put(written)
        return written

    def later(self, delivery_id: int, at: datetime) -> None:
        """Remember a deferred member for its time."""
        with self._changed:
            heappush(self._later, (at, delivery_id))

    def judge(self, kind: str, outcome: str, domain: str, said: str, slower: bool) -> None:
        """Count one answer and stop the run where a rule says so. `outcome` is accepted, refused, held, deferred,
        unknown or ours."""
        rules, control = self.rules, self.control
        with self._changed:
            if outcome == "accepted":
                self._in_a_row.clear()
                self.pace.went_well()
                self._recent.append(monotonic())
            elif outcome in ("refused", "held"):
                self._in_a_row["refusals"] += 1
                if outcome == "held":
                    self._domains[domain] += 1
            elif outcome == "unknown":
                self._in_a_row["unknowns"] += 1
            if slower and monotonic() - self._slowed_at > 5.0:
                self._slowed_at = monotonic()
                self.pace.asked_to_slow()
        if outcome == "ours" or kind == "trust":
            control.pause(kind, said)
        elif outcome == "held" and self._domains[domain] >= rules.policy:
            control.pause("policy", said)
        elif self._in_a_row["refusals"] >= rules.refusals:
            control.pause("refusals", said)
        elif self._in_a_row["unknowns"] >= rules.unknowns:
            control.pause("unknowns", said)

    def line_broke(self) -> None:
        """Count a line that broke under a message before the dot; too many in a row stop the run."""
        with self._changed:
            self._in_a_row["faults"] += 1
            many = self._in_a_row["faults"] >= self.rules.faults
        if many:
            self.control.pause("unreachable")

    # ---- the journal's thread ----------------------------------------------------------------------------------

    def run(self, workers: Sequence[Cuttable], progress: Progress = SILENT) -> None:
        """Keep the journal until all workers have ended. Raises StoreError if it could not be written."""
        failed: DpoError | None = None
        cut_at = float("inf")
        with self.desk.journal() as journal:
            self._begin(progress)
            for worker in workers:
                worker.start()
            while any(worker.is_alive() for worker in workers) or not self._lines.empty():
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

    def _begin(self, progress: Progress) -> None:
        now = self.desk.clock.now()
        task, server = self.task, self.task.server
        with self.desk.read() as queries:
            self._counts = Counter(queries.run_counts(task.batch_id))
            waiting = queries.waiting_members(task.batch_id, task.frozen)
            begun = queries.begun_since(server.name, now - timedelta(seconds=DAY)) if server.limits.bound() else []
        clock = monotonic()
        self.pace = Pace(server.limits, [clock - (now - each).total_seconds() for each in begun])
        for delivery_id, at in waiting:
            if at is not None and at > now and self.rules.due_only:
                heappush(self._later, (at, delivery_id))
            else:
                self._ids.append(delivery_id)
        self._feed()

    def _pass(self, journal: Journal, progress: Progress) -> None:
        taken = self._gather()
        if taken:
            self._put_down(journal, taken)
        self._feed()
        if monotonic() - self._looked_at > LOOK_EVERY:
            self._looked_at = monotonic()
            self._house(progress)

    def _gather(self) -> list[Written]:
        """Return what workers have handed in: all that is there, and what comes in while a write takes about as long
        anyway. A write for one line costs as much as for ten."""
        try:
            taken = [self._lines.get(timeout=TICK)]
        except queue.Empty:
            return []
        self._drain(taken)
        # Each line to the server has at most one hand-in that it waits for. One sleep: a look at each as it comes would
        # take the processor from those that make messages.
        if len(taken) < self.open_lines:
            sleep(min(MOST_PATIENT, self._write_takes / 2))
            self._drain(taken)
        return taken

    def _drain(self, taken: list[Written]) -> None:
        with suppress(queue.Empty):
            while len(taken) < MOST_AT_ONCE:
                taken.append(self._lines.get_nowait())

    def _put_down(self, journal: Journal, taken: list[Written]) -> None:
        if self._broken_journal:
            for each in taken:
                each.settle(error=self._broken_journal)
            return
        now = self.desk.clock.now()
        lines = [_stamped(line, now) for each in taken for line in each.lines]
        began = monotonic()
        try:
            refused: frozenset[int] = journal.write(lines, self.desk.actor)
        except BaseException as error:
            # Whatever it was: nothing of it is written, and no worker may wait for ever.
            for each in taken:
                each.settle(error=error.code if isinstance(error, DpoError) else "interrupted")
            raise
        self._write_takes = 0.8 * self._write_takes + 0.2 * (monotonic() - began)
        for each in taken:
            claimed = [line.delivery_id for line in each.lines if isinstance(line, Claim)]
            each.settle(refused=any(number in refused for number in claimed))
        self._count(lines, refused)
        if refused:
            self._look_at_arming()

    def _count(self, lines: Iterable[Line], refused: frozenset[int]) -> None:
        with self._changed:
            for line in lines:
                if isinstance(line, Claim) and line.delivery_id not in refused:
                    self._move(line.delivery_id, DeliveryState.HANDING_OVER)
                elif isinstance(line, Settled):
                    self._counts[DeliveryState.HANDING_OVER.value] -= 1
                    self._counts[line.state.value] += 1
                    text = f"{line.delivery_id}|{line.attempt}|{line.state}|{line.code}"
                    self._since_entry.append(text.encode())
                elif isinstance(line, Moved):
                    self._move(line.delivery_id, line.state)
                    self._since_entry.append(f"{line.delivery_id}|0|{line.state}|0".encode())

    def _move(self, delivery_id: int, to: DeliveryState) -> None:
        was = DeliveryState.DEFERRED if delivery_id in self._deferred else DeliveryState.QUEUED
        self._deferred.discard(delivery_id)
        self._counts[was.value] -= 1
        self._counts[to.value] += 1

    def _feed(self) -> None:
        """Read rows ahead, those whose time has come first."""
        now = self.desk.clock.now()
        with self._changed:
            if len(self._ready) > LOW or self.control.paused:
                return
            ids: list[int] = []
            while self._later and self._later[0][0] <= now and len(ids) < AHEAD:
                ids.append(heappop(self._later)[1])
            while self._ids and len(ids) < AHEAD:
                ids.append(self._ids.popleft())
            # Nobody may see an empty table between here and the rows being there.
            self._working += bool(ids)
        if not ids:
            return
        task = self.task
        with self.desk.read() as queries:
            rows = queries.waiting_rows(ids, task.frozen, task.newest, task.language)
            ledger = queries.ledger_lines(ids, task.frozen)
        items = [Item(row, ledger[row.delivery_id]) for row in rows if row.delivery_id in ledger]
        with self._changed:
            self._deferred |= {row.delivery_id for row in rows if row.state == DeliveryState.DEFERRED.value}
            self._ready.extend(interleaved(items))
            self._working -= 1
            self._changed.notify_all()

    def _house(self, progress: Progress) -> None:
        counts = figures(self._counts)
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
        now, control = monotonic(), self.control
        with self._changed:
            while self._recent and self._recent[0] < now - 60.0:
                self._recent.popleft()
            first = self._recent[0] if self._recent else now
            rate = (len(self._recent) - 1) * 60.0 / max(now - first, 1.0) if self._recent else 0.0
            wait = self.pace.wait(now)
            why, said = control.why
            left = self._ready or self._ids
            state = (
                "paused" if control.paused else "done" if final else "opening" if not self.open_lines and left
                else "pacing" if left and wait > 1.5 else "retrying" if not left and self._later else "sending"
            )  # fmt: skip
            after = self.desk.clock.now() + timedelta(seconds=wait) if state == "pacing" else None
            next_at = after or (self._later[0][0] if state == "retrying" else None)
            control.view = RunView(
                self.task.batch_id, state, figures(self._counts), rate, self.task.server.limits.per_minute,
                self.pace.slowed, self.open_lines, self.protection, self.checked, why, said, next_at,
            )  # fmt: skip

    def _entry(self, force: bool = False) -> None:
        """Bind what the journal holds to the trail."""
        due = len(self._since_entry) >= ENTRY_EVERY or monotonic() - self._entry_at > ENTRY_SECONDS
        if not self._since_entry or not (force or due):
            return
        digest = sha256(b"\n".join(sorted(self._since_entry))).hex()
        counts = figures(self._counts)
        with self.desk.begin() as uow:
            uow.audit.record(
                AuditAction.EMAILS_HANDED_OVER,
                subjects=(uow.queries.breach_uid(self.task.breach_id),),
                facts={"batch": self.task.batch_id, "lines": len(self._since_entry), "digest": digest, **counts},
            )
            uow.commit()
        self._since_entry, self._entry_at = [], monotonic()


def _stamped(line: Line, now: datetime) -> Line:
    """Return a line with the time at which it is written: one clock, in the order of the journal."""
    return line._replace(at=now) if isinstance(line, Claim | Settled | Moved) else line


def interleaved(items: Sequence[Item]) -> list[Item]:
    """Return members so that one receiver does not get many in a row: domains take turns, each in its own order."""
    by_domain: dict[str, deque[Item]] = {}
    for item in items:
        by_domain.setdefault(domain_of(item.ledger.email), deque()).append(item)
    out: list[Item] = []
    while by_domain:
        for domain in list(by_domain):
            out.append(by_domain[domain].popleft())
            if not by_domain[domain]:
                del by_domain[domain]
    return out


def domain_of(address: str) -> str:
    """Return the part of an address behind the @, in small letters."""
    return address.rpartition("@")[2].casefold()


def without_address(text: str, address: str) -> str:
    """Return what a server said as it may be kept: no address, no control signs, 300 signs."""
    plain = re.sub(re.escape(address), "<…>", text, flags=re.IGNORECASE) if address else text
    plain = re.sub(r"[^\s<>@]+@[^\s<>@]+", "<…>", plain)
    return "".join(sign if sign.isprintable() else " " for sign in plain)[:300]
