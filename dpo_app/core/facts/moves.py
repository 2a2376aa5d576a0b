"""Exposure that moves: who is owed more than they were told, when the facts or a person's dates change.

What somebody was told is fixed by the revision their message was written from: how sure it was then, and which windows
it spoke of. Windows are compared by their names, for their places change from revision to revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.facts.exposure import EXPOSURE_ORDER, IN_SCOPE, Exposure, ExposureReason, ExposureState, Window


class OwedReason(StrEnum):
    """Why somebody who was told is owed more, weightiest first; `messages` has a word for each."""

    SURER = "surer"
    NEW_WINDOW = "new_window"
    NEW_DATA = "new_data"


class Known(NamedTuple):
    """An exposure with the names of its windows."""

    state: ExposureState
    windows: frozenset[str]


def named(state: ExposureState, mask: int, windows: Sequence[Window]) -> Known:
    """Return an exposure with the names of the windows in `mask`."""
    return Known(state, frozenset(w.name for place, w in enumerate(windows) if mask >> place & 1))


def owed_more(told: Known | None, now: Known, spoken_of: frozenset[str], new_data: bool) -> OwedReason | None:
    """Return why a person who was told is owed more now, None if they are not.

    `told` is what their message was written from, None if no plan of that revision had them: then it told of those of
    their windows that it knew (`spoken_of`). `new_data` tells that kinds of data were added since.
    Less than was told is never owed; it stays in the history.
    """
    if now.state not in IN_SCOPE:
        return None
    before = told or Known(now.state, now.windows & spoken_of)
    if EXPOSURE_ORDER.index(now.state) < EXPOSURE_ORDER.index(before.state):
        return OwedReason.SURER
    if now.windows - before.windows:
        return OwedReason.NEW_WINDOW
    return OwedReason.NEW_DATA if new_data else None


def overruled(found: Exposure, kept: ExposureState | None) -> Exposure:
    """Return an exposure with the officer's overrule on top, which later facts do not take away."""
    return found if kept is None else Exposure(kept, found.windows, ExposureReason.OVERRULED)
