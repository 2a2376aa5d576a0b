"""One attempt to reach one person: its states, why an envelope comes back, and what they say of the person.

States that need a mail server come with that capability; their names are reserved here so that stores need no renaming.
"""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """How far an attempt is."""

    PLANNED = "planned"
    REFUSED = "refused"
    RENDERED = "rendered"
    QUEUED = "queued"
    HANDING_OVER = "handing_over"
    DEFERRED = "deferred"
    HELD = "held"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    EXPORTED = "exported"
    REPORTED_SENT = "reported_sent"
    REJECTED = "rejected"
    BOUNCED = "bounced"
    GIVEN_UP = "given_up"
    MISDELIVERED = "misdelivered"
    BATCHED = "batched"
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"
    SPOILED = "spoiled"
    CANCELLED = "cancelled"


class ReturnReason(StrEnum):
    """Why an envelope came back, in the order in which posts tick it; `messages` has a word for each."""

    UNKNOWN = "unknown"
    MOVED = "moved"
    INSUFFICIENT = "insufficient"
    UNCLAIMED = "unclaimed"
    REFUSED = "refused"
    DECEASED = "deceased"
    NO_BOX = "no_box"
    BUSINESS_GONE = "business_gone"
    POSTAGE = "postage"
    DAMAGED = "damaged"
    OTHER = "other"


class Standing(StrEnum):
    """Where a person stands; everyone in scope is in exactly one."""

    TOLD = "told"
    ON_THE_WAY = "on_the_way"
    OPEN = "open"
    UNKNOWN = "unknown"
    EXCUSED = "excused"


_S = DeliveryState
STANDING_OF: dict[DeliveryState, Standing] = {
    **dict.fromkeys((_S.ACCEPTED, _S.CONFIRMED, _S.REPORTED_SENT, _S.POSTED), Standing.TOLD),
    **dict.fromkeys(
        (_S.QUEUED, _S.HANDING_OVER, _S.DEFERRED, _S.EXPORTED, _S.BATCHED, _S.PRINTED), Standing.ON_THE_WAY
    ),
    _S.UNKNOWN: Standing.UNKNOWN,
    **dict.fromkeys(
        (
            _S.PLANNED, _S.REFUSED, _S.RENDERED, _S.HELD, _S.REJECTED, _S.BOUNCED, _S.GIVEN_UP, _S.MISDELIVERED,
            _S.RETURNED, _S.SPOILED, _S.CANCELLED,
        ),
        Standing.OPEN,
    ),
}  # fmt: skip
#: Best first: a person told by letter is told, even if an e-mail to them bounced.
BEST_FIRST = (Standing.TOLD, Standing.ON_THE_WAY, Standing.UNKNOWN, Standing.EXCUSED, Standing.OPEN)
#: At most one of these for a person and notice at any time.
ACTIVE = frozenset(
    {
        _S.PLANNED, _S.RENDERED, _S.QUEUED, _S.HANDING_OVER, _S.DEFERRED, _S.HELD, _S.UNKNOWN, _S.EXPORTED,
        _S.BATCHED, _S.PRINTED,
    }
)  # fmt: skip
#: This channel failed the person in this round; the ladder goes on from here, and no new run takes them.
FAILED_BY_EMAIL = frozenset({_S.REJECTED, _S.BOUNCED, _S.GIVEN_UP, _S.MISDELIVERED})
