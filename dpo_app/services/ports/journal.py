"""The journal of a run: what is made durable before and after each step of handing a message over.

The one kind of write without an entry of its own in the audit trail: a run of 33,000 would bury everything else. In its
stead entries at the start, every few hundred messages and at the end carry the counts and a digest of the journal's
lines since the one before (services/mail/sending.py), so that no line can be changed unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.veil import veiled


@veiled
class Claim(NamedTuple):
    """A message is about to be handed over. Written before its first byte."""

    delivery_id: int
    attempt: int
    server: str
    message_id: str
    sender: str
    recipient: str
    sha256: str


class AtDot(NamedTuple):
    """Everything but the final dot is with the server. Written before the dot: from here on only an answer tells."""

    delivery_id: int
    attempt: int


class Settled(NamedTuple):
    """What became of a try. Written before the next message of the same line."""

    delivery_id: int
    attempt: int
    state: DeliveryState
    next_try_at: datetime | None
    reason: str
    step: str
    code: int
    enhanced: str
    kind: str
    reply: str


class Moved(NamedTuple):
    """A message that was not handed over at all moves: its address is none, or it is no longer owed."""

    delivery_id: int
    state: DeliveryState
    reason: str


Line = Claim | AtDot | Settled | Moved


class Journal(Protocol):
    """Held by one thread for the time of a run."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write(self, lines: Sequence[Line], at: datetime, actor: str) -> frozenset[int]:
        """Write lines, all of one instant, in one transaction that is on the disk when this returns.

        Returns the deliveries whose claim or whose step to the dot was refused, because they do not wait any more or the
        breach is not armed: those must not be handed over. Raises StoreError; then nothing of it is written."""
