"""What each level of agreement weighs, learned from the records at hand without anybody labelling a pair.

Fellegi and Sunter (1969): the weight of a level is log2(m / u), where m is how often pairs of the same person show it
and u how often pairs of different persons do. u comes from pairs drawn at large; m and the share of true pairs come from
expectation maximisation over the pairs of the blocks, with every other pair of the register counted as different. Both
start from, and with little data stay near, the general experience in `START`; it is nobody's data.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dpo_app.core.persons.linkage.compare import Field, number_of

#: (m, u) of each level of a field, the missing one left out: where learning begins.
START: dict[Field, tuple[tuple[float, float], ...]] = {
    Field.FAMILY: ((0.88, 0.004), (0.07, 0.006), (0.02, 0.001), (0.03, 0.989)),
    Field.GIVEN: ((0.82, 0.01), (0.08, 0.01), (0.06, 0.01), (0.04, 0.97)),
    Field.BORN: ((0.92, 0.0001), (0.05, 0.002), (0.03, 0.9979)),
    Field.NATIONAL_ID: ((0.93, 0.000001), (0.04, 0.0001), (0.03, 0.999899)),
    Field.NUMBER: ((0.60, 0.000001), (0.40, 0.999999)),
    Field.ADDRESS: ((0.60, 0.0005), (0.12, 0.002), (0.10, 0.08), (0.18, 0.9175)),
    Field.EMAIL: ((0.65, 0.00002), (0.08, 0.0005), (0.27, 0.99948)),
    Field.PHONE: ((0.70, 0.00002), (0.05, 0.0001), (0.25, 0.99988)),
}
#: How many pairs the start counts as: of the same person, and drawn at large.
_TRUE_WEIGHT, _LARGE_WEIGHT = 25.0, 2_000.0
_ROUNDS = 25


@dataclass(frozen=True)
class Weights:
    """`bits[field][level number]` adds to a pair's score; `prior` is the log odds, base 2, before anything is known."""

    bits: Mapping[Field, tuple[float, ...]]
    prior: float

    def score(self, pattern: int) -> float:
        """Return the log odds, base 2, that a pair of this pattern is one person."""
        return self.prior + sum(self.bits[field][number_of(pattern, field)] for field in Field)

    def likeness(self, pattern: int) -> float:
        """Return the probability, 0 to 1, that a pair of this pattern is one person."""
        return _probability(self.score(pattern))


def _probability(bits: float) -> float:
    return 1.0 / (1.0 + math.exp2(-max(-60.0, min(60.0, bits))))


def _shares(counts: Mapping[int, float], field: Field, column: int, strength: float) -> list[float]:
    """Return the share of each level but the missing one among `counts`, {pattern: pairs}, with the start mixed in."""
    start = START[field]
    found = [strength * each[column] for each in start]
    for pattern, pairs in counts.items():
        level = number_of(pattern, field)
        if level:
            found[level - 1] += pairs
    total = sum(found)
    return [each / total for each in found]


def learn(blocked: Mapping[int, float], at_large: Mapping[int, float], records: int) -> Weights:
    """Return weights for a register of so many records.

    `blocked` is {pattern: pairs} over all pairs that share a block, `at_large` over pairs drawn by chance.
    """
    u = {field: _shares(at_large, field, 1, _LARGE_WEIGHT) for field in Field}
    m = {field: [each[0] for each in START[field]] for field in Field}
    pairs = max(1.0, records * (records - 1) / 2)
    expected = max(1.0, records * 0.01)
    weights = _weights(m, u, expected, pairs)
    for _round in range(_ROUNDS):
        true = {pattern: count * weights.likeness(pattern) for pattern, count in blocked.items()}
        m = {field: _shares(true, field, 0, _TRUE_WEIGHT) for field in Field}
        before, expected = expected, max(1.0, sum(true.values()))
        weights = _weights(m, u, expected, pairs)
        if abs(before - expected) < 0.001 * expected:
            break
    return weights


def _weights(m: Mapping[Field, list[float]], u: Mapping[Field, list[float]], expected: float, pairs: float) -> Weights:
    share = min(0.5, expected / pairs)
    bits = {
        field: (0.0, *(math.log2(own / other) for own, other in zip(m[field], u[field], strict=True)))
        for field in Field
    }
    return Weights(bits, math.log2(share / (1 - share)))


def general(records: int) -> Weights:
    """Return the weights of general experience, for a register of so many records of whom one in a hundred is twice."""
    m, u = ({field: [each[column] for each in START[field]] for field in Field} for column in (0, 1))
    return _weights(m, u, max(1.0, records * 0.01), max(1.0, records * (records - 1) / 2))


def counted(patterns: Iterable[int]) -> dict[int, float]:
    """Return {pattern: pairs}."""
    counts: dict[int, float] = {}
    for pattern in patterns:
        counts[pattern] = counts.get(pattern, 0.0) + 1.0
    return counts
