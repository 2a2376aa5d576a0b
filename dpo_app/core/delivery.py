"""One attempt to reach one person: its states, why an envelope comes back, and what they say of the person.

The moves of an e-mail are a table (letters-and-email.md 6.3): whatever happens to a delivery in a state that has no
line for it changes nothing but its list of events.
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


#: The keys 1 to 9 at the desk for returned mail, most frequent first; the two that concern us or companies have none.
RETURN_KEYS = (
    ReturnReason.UNKNOWN, ReturnReason.MOVED, ReturnReason.INSUFFICIENT, ReturnReason.UNCLAIMED, ReturnReason.REFUSED,
    ReturnReason.DECEASED, ReturnReason.NO_BOX, ReturnReason.DAMAGED, ReturnReason.OTHER,
)  # fmt: skip


class ReturnFollows(StrEnum):
    """What is to be done about a letter that came back (letters-and-email.md 3.8)."""

    PUBLIC = "follows_public"
    ASK = "follows_ask"
    CORRECT = "follows_correct"
    OFFICER = "follows_officer"
    OURS = "follows_ours"


FOLLOWS: dict[ReturnReason, ReturnFollows] = {
    ReturnReason.UNKNOWN: ReturnFollows.PUBLIC, ReturnReason.BUSINESS_GONE: ReturnFollows.PUBLIC,
    ReturnReason.MOVED: ReturnFollows.ASK, ReturnReason.INSUFFICIENT: ReturnFollows.CORRECT,
    ReturnReason.UNCLAIMED: ReturnFollows.CORRECT, ReturnReason.REFUSED: ReturnFollows.OFFICER,
    ReturnReason.DECEASED: ReturnFollows.OFFICER, ReturnReason.NO_BOX: ReturnFollows.OFFICER,
    ReturnReason.OTHER: ReturnFollows.OFFICER, ReturnReason.POSTAGE: ReturnFollows.OURS,
    ReturnReason.DAMAGED: ReturnFollows.OURS,
}  # fmt: skip


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


class DeliveryEvent(StrEnum):
    """What can happen to an e-mail on its way."""

    TAKEN = "taken"
    FOUND_BEFORE_DOT = "found_before_dot"
    FOUND_AFTER_DOT = "found_after_dot"
    ANSWERED_2XX = "answered_2xx"
    DEFERRED = "deferred"
    TRIED_LONG_ENOUGH = "tried_long_enough"
    REFUSED_FOR_GOOD = "refused_for_good"
    REFUSED_OURS = "refused_ours"
    NOT_TRIED = "not_tried"
    NO_ANSWER = "no_answer"
    COUNTED_AS_SENT = "counted_as_sent"
    SENT_AGAIN = "sent_again"
    LETTER_INSTEAD = "letter_instead"
    REPORTED_FAILED = "reported_failed"
    MENDED = "mended"
    CANCELLED = "cancelled"


_E = DeliveryEvent
#: (state, event) -> state; numbers are the lines of letters-and-email.md 6.3.
MOVES: dict[tuple[DeliveryState, DeliveryEvent], DeliveryState] = {
    (_S.RENDERED, _E.CANCELLED): _S.CANCELLED,  # 4
    (_S.QUEUED, _E.CANCELLED): _S.CANCELLED,
    (_S.DEFERRED, _E.CANCELLED): _S.CANCELLED,
    (_S.HELD, _E.CANCELLED): _S.CANCELLED,  # 25
    (_S.QUEUED, _E.TAKEN): _S.HANDING_OVER,  # 8
    (_S.DEFERRED, _E.TAKEN): _S.HANDING_OVER,
    (_S.HANDING_OVER, _E.DEFERRED): _S.DEFERRED,  # 9, 16
    (_S.HANDING_OVER, _E.TRIED_LONG_ENOUGH): _S.GIVEN_UP,  # 10, 16
    (_S.HANDING_OVER, _E.REFUSED_FOR_GOOD): _S.REJECTED,  # 11, 17
    (_S.HANDING_OVER, _E.REFUSED_OURS): _S.HELD,  # 12, 17
    (_S.HANDING_OVER, _E.NOT_TRIED): _S.QUEUED,
    (_S.HANDING_OVER, _E.FOUND_BEFORE_DOT): _S.QUEUED,  # 13
    (_S.HANDING_OVER, _E.FOUND_AFTER_DOT): _S.UNKNOWN,  # 18
    (_S.HANDING_OVER, _E.ANSWERED_2XX): _S.ACCEPTED,  # 15
    (_S.HANDING_OVER, _E.NO_ANSWER): _S.UNKNOWN,  # 18
    (_S.UNKNOWN, _E.COUNTED_AS_SENT): _S.ACCEPTED,  # 20, 21
    (_S.UNKNOWN, _E.SENT_AGAIN): _S.QUEUED,  # 22
    (_S.UNKNOWN, _E.LETTER_INSTEAD): _S.REJECTED,  # 23
    (_S.UNKNOWN, _E.REPORTED_FAILED): _S.BOUNCED,  # 19
    (_S.ACCEPTED, _E.REPORTED_FAILED): _S.BOUNCED,  # 27
    (_S.REPORTED_SENT, _E.REPORTED_FAILED): _S.BOUNCED,
    (_S.HELD, _E.MENDED): _S.QUEUED,  # 24
    (_S.HELD, _E.LETTER_INSTEAD): _S.REJECTED,  # 25
    (_S.QUEUED, _E.REFUSED_FOR_GOOD): _S.REJECTED,
    (_S.DEFERRED, _E.REFUSED_FOR_GOOD): _S.REJECTED,
    (_S.DEFERRED, _E.TRIED_LONG_ENOUGH): _S.GIVEN_UP,  # 26
}
#: This channel failed the person in this round; the ladder goes on from here, and no new run takes them.
FAILED_BY_EMAIL = frozenset({_S.REJECTED, _S.BOUNCED, _S.GIVEN_UP, _S.MISDELIVERED})


class Resolution(StrEnum):
    """What the officer decides about an unknown outcome."""

    SENT = "sent"
    AGAIN = "again"
    LETTER = "letter"


def moved(state: DeliveryState, event: DeliveryEvent) -> DeliveryState | None:
    """Return the state that an event leads to, or None if it changes nothing there."""
    return MOVES.get((state, event))
