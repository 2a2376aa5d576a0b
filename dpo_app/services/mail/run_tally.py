"""What a run of e-mails has come to: members by state, answers in a row that stop it, its picture, its entries in the
trail."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable
from time import monotonic

from dpo_app.core.delivery import DeliveryState
from dpo_app.services.mail.journal_proof import digest, line_bytes
from dpo_app.services.mail.run_terms import RunRules
from dpo_app.services.mail.sending_watch import RunControl, figures
from dpo_app.services.ports.journal import Claim, Line, Moved, Settled

#: The rate shown is that of so many seconds.
RATE_SECONDS = 60.0


class RunTally:
    """Counts of one run. Guarded by one lock."""

    def __init__(self, rules: RunRules, control: RunControl) -> None:
        self._rules, self._control = rules, control
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._deferred: set[int] = set()
        self._in_a_row: Counter[str] = Counter()
        self._domains: Counter[str] = Counter()
        self._recent: deque[float] = deque()
        self._unbound: list[bytes] = []
        self._hashes: dict[int, str] = {}
        self.open_lines, self.checked, self.protection = 0, 0, ""
        self.no_answer = 0

    def begin(self, counts: dict[str, int]) -> None:
        """Take over how the members stand at the start."""
        self._counts = Counter(counts)

    def figures(self) -> dict[str, int]:
        """Return the figures of the run."""
        with self._lock:
            return figures(self._counts)

    # ---- for workers -------------------------------------------------------------------------------------------

    def count_no_answer(self) -> None:
        """Count a try to open a line that failed."""
        with self._lock:
            self.no_answer += 1

    def count_line(self, change: int, protection: str = "") -> None:
        """Count a line that opened or closed."""
        with self._lock:
            self.no_answer = 0 if change > 0 else self.no_answer
            self.open_lines += change
            self.protection = protection or self.protection

    def count_checked(self) -> None:
        """Count a message that was read again and found right."""
        with self._lock:
            self.checked += 1

    def judge(self, kind: str, outcome: str, domain: str, said: str) -> None:
        """Count one answer and stop the run where a rule says so. `outcome` is accepted, refused, held, deferred,
        unknown or ours."""
        rules, control = self._rules, self._control
        with self._lock:
            if outcome == "accepted":
                self._in_a_row.clear()
                self._recent.append(monotonic())
            elif outcome in ("refused", "held"):
                self._in_a_row["refusals"] += 1
                if outcome == "held":
                    self._domains[domain] += 1
            elif outcome == "unknown":
                self._in_a_row["unknowns"] += 1
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
        with self._lock:
            self._in_a_row["faults"] += 1
            many = self._in_a_row["faults"] >= self._rules.faults
        if many:
            self._control.pause("unreachable")

    # ---- for the journal's thread ------------------------------------------------------------------------------

    def mark_deferred(self, delivery_ids: Iterable[int]) -> None:
        """Remember which members read ahead are deferred ones."""
        with self._lock:
            self._deferred.update(delivery_ids)

    def count(self, lines: Iterable[Line], refused: frozenset[int]) -> None:
        """Count lines that are on the disk."""
        with self._lock:
            for line in lines:
                if isinstance(line, Claim):
                    if line.delivery_id not in refused:
                        self._move(line.delivery_id, DeliveryState.HANDING_OVER)
                        self._hashes[line.delivery_id] = line.sha256
                elif isinstance(line, Settled):
                    self._counts[DeliveryState.HANDING_OVER.value] -= 1
                    self._counts[line.state.value] += 1
                    sha = self._hashes.pop(line.delivery_id, "")
                    self._unbound.append(
                        line_bytes(
                            line.delivery_id,
                            line.attempt,
                            line.state,
                            line.step,
                            line.code,
                            line.enhanced,
                            line.kind,
                            sha,
                        )
                    )
                elif isinstance(line, Moved):
                    self._move(line.delivery_id, line.state)
                    self._unbound.append(line_bytes(line.delivery_id, 0, line.state, "", 0, "", line.reason, ""))

    def _move(self, delivery_id: int, to: DeliveryState) -> None:
        was = DeliveryState.DEFERRED if delivery_id in self._deferred else DeliveryState.QUEUED
        self._deferred.discard(delivery_id)
        self._counts[was.value] -= 1
        self._counts[to.value] += 1

    def per_minute(self) -> float:
        """Return the messages a minute that were accepted of late."""
        now = monotonic()
        with self._lock:
            while self._recent and self._recent[0] < now - RATE_SECONDS:
                self._recent.popleft()
            first = self._recent[0] if self._recent else now
            return (len(self._recent) - 1) * 60.0 / max(now - first, 1.0) if self._recent else 0.0

    @property
    def unbound(self) -> int:
        """Return how many lines no entry of the trail binds yet."""
        return len(self._unbound)

    def digest(self) -> str:
        """Return the digest that binds those lines."""
        return digest(self._unbound)

    def bound(self) -> None:
        """Forget lines that an entry binds now."""
        self._unbound = []
