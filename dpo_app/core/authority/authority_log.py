"""What passed between the controller and an authority: notices handed in, receipts, letters, calls, orders.

Entries are never changed; one that was wrong is replaced by another that names it. When an authority was told, as the
deadlines ask, is read from here and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.errors import RuleError
from dpo_app.core.notices.notice import NoticePhase

#: A receipt or a letter is a page or a few, not an archive.
MOST_FILE_MB = 10


class ContactKind(StrEnum):
    """What an entry of the log is. `attempted`: a channel that was down, the proof that it was tried in time."""

    SUBMITTED = "submitted"
    ATTEMPTED = "attempted"
    RECEIVED = "received"
    SENT = "sent"
    CALL = "call"
    ORDER = "order"


class KeptFile(NamedTuple):
    """A file kept in the store with an entry or a notice."""

    id: int
    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class AuthorityEvent:
    """An entry of the log. `notice_id` 0: no notice of this program, as for one made by other means; then `phase` says
    which it was. `reference` is the authority's own number; `reason` why it was late; `corrects` the entry it replaces,
    0 for none."""

    breach_id: int
    authority: str
    kind: ContactKind
    at: datetime
    channel: AuthorityChannel
    by: str
    notice_id: int = 0
    phase: NoticePhase | None = None
    withdraw: bool = False
    reference: str = ""
    note: str = ""
    reason: str = ""
    corrects: int = 0
    id: int = 0
    recorded_at: datetime | None = None
    recorded_by: str = ""
    files: tuple[KeptFile, ...] = ()


class AuthorityTold(NamedTuple):
    """A notice that was handed in: to whom, when, in which phase, and the authority's number for it."""

    authority: str
    at: datetime
    phase: NoticePhase
    notice_id: int
    reference: str
    withdraw: bool = False


def effective(events: Sequence[AuthorityEvent]) -> tuple[AuthorityEvent, ...]:
    """Return the entries that count, oldest first: those that another one replaces are left out."""
    replaced = {each.corrects for each in events if each.corrects}
    return tuple(sorted((e for e in events if e.id not in replaced), key=lambda each: (each.at, each.id)))


def told(events: Sequence[AuthorityEvent], authority: str = "") -> tuple[AuthorityTold, ...]:
    """Return what was handed in, oldest first, to one authority or to all."""
    return tuple(
        AuthorityTold(e.authority, e.at, e.phase or NoticePhase.INITIAL, e.notice_id, e.reference, e.withdraw)
        for e in effective(events)
        if e.kind is ContactKind.SUBMITTED and authority in ("", e.authority)
    )


def earlier_number(events: Sequence[AuthorityEvent], authority: str) -> str:
    """Return the authority's number of the notices so far, the newest that it gave; "" if it gave none yet."""
    numbered = [each.reference for each in effective(events) if each.authority == authority and each.reference]
    return numbered[-1] if numbered else ""


def check_phase(phase: NoticePhase, withdraw: bool, events: Sequence[AuthorityEvent], authority: str) -> None:
    """Make sure that a notice of this phase can be written to an authority (Art. 33(4)).

    Raises RuleError: "no_initial_to_authority" for a follow-up, final or withdrawal before a first notice is recorded as
    handed in; "initial_given" for a second first one; "authority_withdrawn" after a withdrawal.
    """
    so_far = told(events, authority)
    if any(each.withdraw for each in so_far):
        raise RuleError("authority_withdrawn", authority=authority)
    if phase is NoticePhase.INITIAL and not withdraw:
        if so_far:
            raise RuleError("initial_given", authority=authority)
    elif not so_far:
        raise RuleError("no_initial_to_authority", authority=authority)
