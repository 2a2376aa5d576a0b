"""Whose data was exposed, how surely, and why (design.md section 4).

A window is a closed interval of days in which somebody was, or may have been, inside. A person's data was at hand
from `registered_on` to `removed_on`; a missing `removed_on` is open. The strongest `disclosure` among the windows that
overlap that time decides. Without a usable beginning nobody is silently called not exposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Certainty(StrEnum):
    """How sure a statement about a window is; used for `intrusion` and for `disclosure`."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"


class ExposureState(StrEnum):
    """How surely one person's data was exposed."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNDETERMINED = "undetermined"
    NOT_EXPOSED = "not_exposed"


#: Strongest first: the order in which states are shown and compared.
EXPOSURE_ORDER = (
    ExposureState.CONFIRMED,
    ExposureState.LIKELY,
    ExposureState.POSSIBLE,
    ExposureState.UNDETERMINED,
    ExposureState.NOT_EXPOSED,
)
#: Every person who is not *not_exposed* is in scope (design.md section 7, `status`).
IN_SCOPE = frozenset(EXPOSURE_ORDER) - {ExposureState.NOT_EXPOSED}


class ExposureReason(StrEnum):
    """Why a person has their exposure; `messages` has a sentence for each."""

    IN_WINDOW = "in_window"
    LEFT_BEFORE = "left_before"
    CAME_AFTER = "came_after"
    BETWEEN_WINDOWS = "between_windows"
    NO_WINDOWS = "no_windows"
    NO_START_DATE = "no_start_date"
    MONTH_UNDECIDED = "month_undecided"
    DATES_CONTRADICT = "dates_contradict"
    OVERRULED = "overruled"


@dataclass(frozen=True)
class Window:
    """A period of intrusion: closed interval of days, `ends_on` None while it goes on.

    `identifiable` False says that nobody can tell whose data was seen or taken in it.
    """

    name: str
    begins_on: date
    ends_on: date | None
    intrusion: Certainty
    disclosure: Certainty
    identifiable: bool = True
    note: str = ""


class PartialDate(NamedTuple):
    """A date of which perhaps only the month or the year is known, as its first and last possible day."""

    earliest: date
    latest: date

    @classmethod
    def day(cls, value: date) -> PartialDate:
        """Return a fully known date."""
        return cls(value, value)


class Exposure(NamedTuple):
    """State, the windows that decided (bit i = i-th window of the revision), and the reason."""

    state: ExposureState
    windows: int
    reason: ExposureReason


def _between(windows: Sequence[Window], first: date, last: date | None) -> Exposure:
    """Return the exposure of data that was there from `first` to `last`, both closed and certain."""
    if not windows:
        return Exposure(ExposureState.NOT_EXPOSED, 0, ExposureReason.NO_WINDOWS)
    mask = 0
    strongest: ExposureState | None = None
    for index, window in enumerate(windows):
        if last is not None and last < window.begins_on:
            continue
        if window.ends_on is not None and first > window.ends_on:
            continue
        mask |= 1 << index
        state = ExposureState(window.disclosure.value)
        if strongest is None or EXPOSURE_ORDER.index(state) < EXPOSURE_ORDER.index(strongest):
            strongest = state
    if strongest is not None:
        return Exposure(strongest, mask, ExposureReason.IN_WINDOW)
    if last is not None and all(last < window.begins_on for window in windows):
        return Exposure(ExposureState.NOT_EXPOSED, 0, ExposureReason.LEFT_BEFORE)
    if all(window.ends_on is not None and first > window.ends_on for window in windows):
        return Exposure(ExposureState.NOT_EXPOSED, 0, ExposureReason.CAME_AFTER)
    return Exposure(ExposureState.NOT_EXPOSED, 0, ExposureReason.BETWEEN_WINDOWS)


def assess(windows: Sequence[Window], registered: PartialDate | None, removed: PartialDate | None) -> Exposure:
    """Return how surely data that was in the system from `registered` to `removed` was exposed, and why.

    A missing `removed` means that the data is still there. A missing `registered` is undetermined unless the data left
    before every window. A date known only by month decides if its first and last day give the same answer.
    Source: design.md section 4; worked examples in tests/core/test_exposure.py.
    """
    if registered is not None and removed is not None and removed.latest < registered.earliest:
        return Exposure(ExposureState.UNDETERMINED, 0, ExposureReason.DATES_CONTRADICT)
    if registered is None:
        if removed is None:
            return Exposure(ExposureState.UNDETERMINED, 0, ExposureReason.NO_START_DATE)
        # The longest stay that is possible: if even that misses all windows, the person was not exposed.
        longest = _between(windows, date.min, removed.latest)
        if longest.state is ExposureState.NOT_EXPOSED:
            return longest
        return Exposure(ExposureState.UNDETERMINED, longest.windows, ExposureReason.NO_START_DATE)
    answers = {
        _between(windows, first, last)
        for first in {registered.earliest, registered.latest}
        for last in ({removed.earliest, removed.latest} if removed else {None})
        if last is None or first <= last
    }
    if len({answer.state for answer in answers}) == 1:
        return max(answers, key=lambda answer: answer.windows)
    possible = 0
    for answer in answers:
        possible |= answer.windows
    return Exposure(ExposureState.UNDETERMINED, possible, ExposureReason.MONTH_UNDECIDED)
