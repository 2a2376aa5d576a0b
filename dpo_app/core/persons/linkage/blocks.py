"""Which pairs are looked at: those that share a block, so that a million records need not meet each other.

Ten passes, each by another key, so that a slip in one value leaves nine others. A block that is larger than the size of
the register allows is not dropped: its records are put in order twice and each meets those next to it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dpo_app.core.persons.linkage.record import Record

#: Pairs that one pass may bring about; what a block may hold follows from it and the number of records.
PAIRS_PER_PASS = 6_000_000
LARGEST, SMALLEST = 200, 16
#: How many neighbours a record meets, each way, in a block that is too large.
NEIGHBOURS = 8


@dataclass
class Blocks:
    """What blocking did: blocks that were too large and how many records stood in them."""

    large: int = 0
    in_large: int = 0


def _names(r: Record) -> str:
    """The beginnings of both names in order: the same key when they stand in each other's place."""
    if not (r.family and r.given):
        return ""
    first, second = sorted((r.family[:3], r.given[:3]))
    return f"{first}|{second}"


def _joined(*parts: str) -> str:
    return "|".join(parts) if all(parts) else ""


#: Keys, and in how many signals (`RecordMaker.signals`) a pair of the block must agree to be compared: one more than the
#: key itself says.
PASSES: tuple[tuple[Callable[[Record], str], int], ...] = (
    (lambda r: r.national_id, 2),
    (lambda r: r.born if len(r.born) == 8 else "", 2),
    (lambda r: r.national_id[:5], 2),
    (_names, 3),
    (lambda r: _joined(r.postcode, r.family[:3]), 3),
    (lambda r: _joined(r.postcode, r.given[:3]), 3),
    (lambda r: _joined(r.house, r.street[:5]), 3),
    (lambda r: r.email, 2),
    (lambda r: r.phone, 2),
    (lambda r: r.number, 2),
)


def largest_block(records: int) -> int:
    """Return how many records a block may hold before only neighbours meet in it."""
    return max(SMALLEST, min(LARGEST, 2 * PAIRS_PER_PASS // max(1, records)))


def block_pairs(records: Sequence[Record], key: Callable[[Record], str], report: Blocks) -> Iterator[tuple[int, int]]:
    """Yield pairs of places in `records`, lower first, that share a key; a pair may come more than once."""
    blocks: dict[str, int | array[int]] = {}
    for place, record in enumerate(records):
        value = key(record)
        if not value:
            continue
        met = blocks.get(value)
        if met is None:
            blocks[value] = place
        elif isinstance(met, int):
            blocks[value] = array("l", (met, place))
        else:
            met.append(place)
    most = largest_block(len(records))
    for members in blocks.values():
        if isinstance(members, int):
            continue
        if len(members) <= most:
            for at, second in enumerate(members):
                for first in members[:at]:
                    yield first, second
        else:
            report.large += 1
            report.in_large += len(members)
            yield from _neighbours(records, members)


def _by_name(r: Record) -> tuple[str, str, str]:
    return r.family, r.given, r.born


def _by_birth(r: Record) -> tuple[str, str, str]:
    return r.given, r.born, r.family


def _neighbours(records: Sequence[Record], members: array[int]) -> Iterator[tuple[int, int]]:
    for order in (_by_name, _by_birth):
        line = sorted(members, key=lambda place: order(records[place]))  # noqa: B023  # used in this turn only
        for at, first in enumerate(line):
            for second in line[at + 1 : at + 1 + NEIGHBOURS]:
                yield (first, second) if first < second else (second, first)
