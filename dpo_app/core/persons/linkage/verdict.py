"""What the officer says about two records that may be one person."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Left and right are the sides of the review; the left one came first."""

    OPEN = ""
    MERGED = "merged"
    KEEP_LEFT = "left"
    KEEP_RIGHT = "right"
    DIFFERENT = "different"


#: Verdicts after which two records are one person.
ONE_PERSON = frozenset({Verdict.MERGED, Verdict.KEEP_LEFT, Verdict.KEEP_RIGHT})
