"""Who is next in a run of e-mails: members read ahead, those put off until later, and the pace. Shared by all threads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from time import monotonic
from typing import NamedTuple

from dpo_app.core.mail.pacing import DAY, Pace
from dpo_app.core.mail.sending_hours import HoursGate
from dpo_app.services.mail.run_terms import Item, RunRules, Task, domain_of
from dpo_app.services.mail.sending_watch import RunControl
from dpo_app.services.ports.desk import Desk

#: Rows read ahead, and how few may be left before more are read.
AHEAD, LOW = 400, 100
#: The longest wait for a member between two looks at whether the run was asked to stop, in seconds.
TICK = 0.1
#: Lines to the server are told to slow down at the same time; the pace is lowered once in so many seconds.
ONE_MOMENT = 5.0
#: A wall clock can jump, by a sleep of the machine for one: nobody waits longer for it than this without a look.
WALL_TICK = 1.0


class Outlook(NamedTuple):
    """What comes next: whether members are left whose time has come; the seconds the pace asks for; when the hours of
    sending begin again (None: they are now); whether the server's answers hold the pace back; when the next deferred one
    can go out."""

    left: bool
    wait: float
    opens_at: datetime | None
    slowed: bool
    later: datetime | None


class RunQueue:
    """Members of one run in their turn. Guarded by one lock."""

    def __init__(self, desk: Desk, task: Task, control: RunControl, rules: RunRules) -> None:
        self._desk, self._task, self._control, self._rules = desk, task, control, rules
        self._ready: deque[Item] = deque()
        self._later: list[tuple[datetime, int]] = []
        self._ids: deque[int] = deque()
        self._changed = threading.Condition()
        self._working = 0
        self._pace = Pace(task.server.limits)
        self._hours = HoursGate(task.server.hours, desk.zone)
        self._slowed_at = float("-inf")

    # ---- for workers -------------------------------------------------------------------------------------------

    def take(self, seconds: float) -> Item | None:
        """Return the next member whose turn it is, or None after so many seconds without one."""
        deadline = monotonic() + seconds
        with self._changed:
            while not self._control.paused:
                wait = max(self._pace.wait(monotonic()), self._hours.wait(self._desk.clock.now()))
                if self._ready and wait <= 0:
                    self._pace.taken(monotonic())
                    self._working += 1
                    return self._ready.popleft()
                left = deadline - monotonic()
                if left <= 0 or self._nothing_left():
                    return None
                self._changed.wait(min(left, max(wait, 0.02), WALL_TICK) if self._ready else min(left, TICK))
        return None

    def take_ahead(self) -> Item | None:
        """Return a member to be made ready while the one before it is on the line, or None. Not under a limit: there
        the time of taking counts as that of handing over."""
        return None if self._pace.per_minute or self._task.server.limits.bound() else self.take(0.0)

    def over(self) -> bool:
        """Tell whether nothing is left to take: now, or until deferred ones are due if those are not waited for."""
        with self._changed:
            return self._control.paused or self._nothing_left()

    def _nothing_left(self) -> bool:
        """Tell whether no row is ready and none can become so: those in hand may still come back."""
        waits = bool(self._later) and self._rules.wait_for_deferred
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

    def later(self, delivery_id: int, at: datetime) -> None:
        """Remember a deferred member for its time."""
        with self._changed:
            heappush(self._later, (at, delivery_id))

    def went_well(self) -> None:
        """Tell the pace that a message was accepted."""
        with self._changed:
            self._pace.went_well()

    def slow_down(self) -> None:
        """Tell the pace that the server asked for patience; several answers of one moment count once."""
        with self._changed:
            if monotonic() - self._slowed_at > ONE_MOMENT:
                self._slowed_at = monotonic()
                self._pace.asked_to_slow()

    # ---- for the journal's thread ------------------------------------------------------------------------------

    def load(self) -> None:
        """Read who waits, and when messages went out before: limits hold across a restart."""
        task, limits = self._task, self._task.server.limits
        now = self._desk.clock.now()
        with self._desk.read() as queries:
            waiting = queries.waiting_members(task.batch_id, task.frozen)
            begun = queries.begun_since(task.server.name, now - timedelta(seconds=DAY)) if limits.bound() else []
        clock = monotonic()
        self._pace = Pace(limits, [clock - (now - each).total_seconds() for each in begun])
        for delivery_id, at in waiting:
            if self._rules.most is not None and len(self._ids) >= self._rules.most:
                break
            if at is not None and at > now and self._rules.due_only:
                heappush(self._later, (at, delivery_id))
            else:
                self._ids.append(delivery_id)

    def feed(self, read: Callable[[list[int]], list[Item]]) -> None:
        """Have rows read ahead, those whose time has come first."""
        now = self._desk.clock.now()
        with self._changed:
            if len(self._ready) > LOW or self._control.paused:
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
        items = read(ids)
        with self._changed:
            self._ready.extend(interleaved(items))
            self._working -= 1
            self._changed.notify_all()

    def outlook(self) -> Outlook:
        """Return what comes next."""
        with self._changed:
            opens_at = self._hours.opens_at(self._desk.clock.now())
            later = self._later[0][0] if self._later else None
            if later is not None:
                later = self._hours.opens_at(later) or later
            left = bool(self._ready or self._ids)
            return Outlook(left, self._pace.wait(monotonic()), opens_at, self._pace.slowed, later)


def interleaved(items: Iterable[Item]) -> Sequence[Item]:
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
