"""Who is in a register twice: surely, or perhaps, with the score and the reasons (domain/persons.md section 5).

*Surely the same* needs the score and the absence of anything that speaks against it: two different valid national ids,
birth dates apart or given names apart are for the officer to judge, however much else agrees. So are father and son at
one address, whom only name and address make alike. Members of a household are never one person because of what they
share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import eq
from typing import NamedTuple

from dpo_app.core.persons.linkage.blocks import PASSES, Blocks, block_pairs
from dpo_app.core.persons.linkage.compare import Field, Level, compare, level_of
from dpo_app.core.persons.linkage.record import Record, RecordMaker
from dpo_app.core.persons.linkage.weights import Weights, counted, general, learn
from dpo_app.core.persons.names import contradict
from dpo_app.core.sequence import Sequence as Numbers

#: Likeness from which a pair is surely the same if nothing speaks against it, and from which it is shown at all.
SURE, PERHAPS = 0.99, 0.20
#: Bits under general experience below which a pair is forgotten at once.
_FORGOTTEN = -12.0
_AT_LARGE = 60_000
Step = Callable[[int, int], None]


class Pair(NamedTuple):
    """Two records, by key, lower first; `pattern` says what agrees (`compare.level_of`)."""

    left: int
    right: int
    likeness: float
    pattern: int


@dataclass(frozen=True)
class Linked:
    """What linkage found. `groups` are keys of records that are surely one person, lowest first; `sure` the pairs that
    hold them together; `perhaps` what the officer looks at, most alike first."""

    groups: tuple[tuple[int, ...], ...]
    sure: tuple[Pair, ...]
    perhaps: tuple[Pair, ...]
    weights: Weights
    compared: int
    blocks: Blocks


def link(
    records: Sequence[Record], *, ids_checked: bool = True, apart: frozenset[tuple[int, int]] = frozenset(),
    weights: Weights | None = None, step: Step | None = None,
) -> Linked:  # fmt: skip
    """Return who is twice in `records`.

    `ids_checked` tells that national ids passed their check, so that two different ones are two persons; `apart` holds
    pairs of keys, lower first, that the officer has found to be different people. Weights are learned from the records
    unless they are given.
    """
    report = Blocks()
    found, compared = _candidates(records, report, step)
    if weights is None:
        weights = learn(counted(found.values()), counted(_at_large(records)), len(records))
    count = len(records)
    sure: list[Pair] = []
    perhaps: list[Pair] = []
    likeness: dict[int, float] = {}
    for packed, pattern in found.items():
        score = likeness.get(pattern)
        if score is None:
            score = likeness[pattern] = weights.likeness(pattern)
        a, b = records[packed // count], records[packed % count]
        verdict = judge(a, b, pattern, score, ids_checked)
        if verdict is None or ((a.key, b.key) if a.key < b.key else (b.key, a.key)) in apart:
            continue
        pair = Pair(min(a.key, b.key), max(a.key, b.key), score, pattern)
        (sure if verdict else perhaps).append(pair)
    return _grouped(records, sure, perhaps, weights, compared, report, ids_checked)


def judge(a: Record, b: Record, pattern: int, likeness: float, ids_checked: bool = True) -> bool | None:
    """Return True if two records are surely one person, False if perhaps, None if the pair is not worth a look."""
    ident, given, born = (level_of(pattern, f) for f in (Field.NATIONAL_ID, Field.GIVEN, Field.BORN))
    if ids_checked and ident is Level.SAME:
        return not contradict(frozenset(f"{a.family} {a.given}".split()), frozenset(f"{b.family} {b.given}".split()))
    apart = (given is Level.DIFFERENT, born is Level.DIFFERENT, ids_checked and ident in (Level.NEAR, Level.DIFFERENT))
    if likeness >= SURE and (ident is Level.SAME or (ident is Level.NEAR and not ids_checked)):
        # Without a check sign a slip in the number cannot be told from another number; the weights speak.
        return True
    if likeness < PERHAPS or sum(apart) >= 2:
        return None
    if likeness < SURE or any(apart):
        return False
    agree = (Level.SAME, Level.NEAR)
    own = born in agree or ident in agree or level_of(pattern, Field.NUMBER) is Level.SAME
    reached = any(level_of(pattern, field) is Level.SAME for field in (Field.EMAIL, Field.PHONE))
    named = given is not Level.MISSING or level_of(pattern, Field.FAMILY) is Level.SWAPPED
    return own or (reached and named)


def _candidates(records: Sequence[Record], report: Blocks, step: Step | None) -> tuple[dict[int, int], int]:
    """Return {place * count + place: pattern} of pairs worth keeping, and how many pairs were compared."""
    maker = RecordMaker()
    signals = [maker.signals(record) for record in records]
    count, compared = len(records), 0
    found: dict[int, int] = {}
    known: dict[int, bool] = {}
    start = general(count)
    for done, (key, needed) in enumerate(PASSES):
        if step is not None:
            step(done, len(PASSES))
        for first, second in block_pairs(records, key, report):
            if sum(map(eq, signals[first], signals[second])) < needed:
                continue
            packed = first * count + second
            if packed in found:
                continue
            compared += 1
            pattern = compare(records[first], records[second])
            keep = known.get(pattern)
            if keep is None:
                keep = known[pattern] = start.score(pattern) > _FORGOTTEN
            if keep:
                found[packed] = pattern
    return found, compared


def _at_large(records: Sequence[Record]) -> Iterator[int]:
    """Yield patterns of pairs drawn by chance; the same register draws the same."""
    numbers, count = Numbers(1), len(records)
    if count < 2:
        return
    for _turn in range(min(_AT_LARGE, 20 * count)):
        first, second = numbers.below(count), numbers.below(count)
        if first != second:
            yield compare(records[first], records[second])


def _grouped(
    records: Sequence[Record], sure: list[Pair], perhaps: list[Pair], weights: Weights, compared: int,
    report: Blocks, ids_checked: bool,
) -> Linked:  # fmt: skip
    """Join sure pairs into groups, best first; a pair that would bring two valid ids together is left to the officer."""
    ids = {record.key: record.national_id for record in records} if ids_checked else {}
    leader: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    held: dict[int, str] = {}

    def lead(key: int) -> int:
        while leader.get(key, key) != key:
            key = leader[key]
        return key

    kept: list[Pair] = []
    for pair in sorted(sure, key=lambda p: (-p.likeness, p.left, p.right)):
        first, second = lead(pair.left), lead(pair.right)
        if first == second:
            continue
        one, other = held.get(first, ids.get(first, "")), held.get(second, ids.get(second, ""))
        if one and other and one != other:
            perhaps.append(pair)
            continue
        first, second = min(first, second), max(first, second)
        leader[second] = first
        members[first] = members.get(first, [first]) + members.pop(second, [second])
        held[first] = one or other
        kept.append(pair)
    # Two groups are looked at once, by the pair that is most alike.
    between: dict[tuple[int, int], Pair] = {}
    for pair in sorted(perhaps, key=lambda p: (-p.likeness, p.left, p.right)):
        first, second = sorted((lead(pair.left), lead(pair.right)))
        if first != second:
            between.setdefault((first, second), pair)
    left = between.values()
    groups = tuple(tuple(sorted(each)) for _first, each in sorted(members.items()))
    return Linked(groups, tuple(kept), tuple(left), weights, compared, report)
