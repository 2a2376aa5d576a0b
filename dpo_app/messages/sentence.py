"""The form of a message: three parts, each with `{fields}` that an error's facts fill."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Sentence(NamedTuple):
    """What happened, why, what to do; English source texts marked with `N_`."""

    what: str
    why: str = ""
    do: str = ""


#: Members with their words. Pairs, not a mapping: members of two enums with the same value are equal as keys.
Words = tuple[tuple[StrEnum, str], ...]
