"""How a run of e-mails is steered and looked at from another thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from dpo_app.core.delivery import DeliveryState

_S = DeliveryState
#: What a run's figures are made of; their sum is the number of members.
FIGURES: dict[str, tuple[DeliveryState, ...]] = {
    "accepted": (_S.ACCEPTED, _S.CONFIRMED, _S.REPORTED_SENT, _S.BOUNCED, _S.MISDELIVERED),
    "deferred": (_S.DEFERRED,),
    "rejected": (_S.REJECTED, _S.GIVEN_UP, _S.REFUSED),
    "held": (_S.HELD,),
    "unknown": (_S.UNKNOWN,),
    "waiting": (_S.PLANNED, _S.RENDERED, _S.QUEUED, _S.HANDING_OVER),
    "cancelled": (_S.CANCELLED,),
}


def figures(counts: dict[str, int]) -> dict[str, int]:
    """Return the figures of a run from its members by state."""
    return {name: sum(counts.get(state.value, 0) for state in states) for name, states in FIGURES.items()}


@dataclass(frozen=True)
class RunView:
    """A run as it is now. `state`: opening, sending, pacing (waits for its limits), closed (waits for its hours), retrying
    (only deferred ones are left), paused, done. `paused` is the code of why, `said` what the server said to it; `no_answer`
    counts tries in a row to open a line that failed."""

    batch_id: int = 0
    state: str = "opening"
    counts: dict[str, int] = field(default_factory=dict)
    per_minute: float = 0.0
    limit: int = 0
    slowed: bool = False
    lines: int = 0
    protection: str = ""
    checked: int = 0
    paused: str = ""
    said: str = ""
    next_at: datetime | None = None
    no_answer: int = 0

    @property
    def total(self) -> int:
        """Return the number of members."""
        return sum(self.counts.values())


class RunControl:
    """Pauses a run after the messages in hand, and shows it. The first reason counts."""

    def __init__(self) -> None:
        self._paused, self._lock = threading.Event(), threading.Lock()
        self._why, self._said = "", ""
        self.view = RunView()

    def pause(self, why: str = "officer", said: str = "") -> None:
        """Ask the run to stop after the messages in hand."""
        with self._lock:
            if not self._paused.is_set():
                self._why, self._said = why, said
                self._paused.set()

    @property
    def paused(self) -> bool:
        """Tell whether the run was asked to stop."""
        return self._paused.is_set()

    @property
    def why(self) -> tuple[str, str]:
        """Return the code of why it was asked to stop and what the server said to it; empty while it runs."""
        return self._why, self._said

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until asked to stop; returns whether it was."""
        return self._paused.wait(seconds)
