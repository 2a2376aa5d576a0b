"""How alike two records are, field by field, as levels; a pair's levels are packed into one whole number.

Missing values say nothing: level 0 everywhere. Alike spellings are told by Jaro and Winkler's measure (0.88 and more),
slips by one changed, added or swapped sign.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from dpo_app.core.persons.linkage.record import Record

NEAR = 0.88


class Field(IntEnum):
    """What is compared; the value is the field's place in a pattern. Words: `messages.linkage`."""

    FAMILY = 0
    GIVEN = 1
    BORN = 2
    NATIONAL_ID = 3
    NUMBER = 4
    ADDRESS = 5
    EMAIL = 6
    PHONE = 7


class Level(StrEnum):
    """How two values stand to each other, for words on the screen."""

    MISSING = "missing"
    SAME = "same"
    NEAR = "near"
    PARTLY = "partly"
    SWAPPED = "swapped"
    DIFFERENT = "different"


#: Levels of each field by number. Number 0 is *missing*, the last one *different*.
LEVELS: dict[Field, tuple[Level, ...]] = {
    Field.FAMILY: (Level.MISSING, Level.SAME, Level.NEAR, Level.SWAPPED, Level.DIFFERENT),
    Field.GIVEN: (Level.MISSING, Level.SAME, Level.NEAR, Level.PARTLY, Level.DIFFERENT),
    Field.BORN: (Level.MISSING, Level.SAME, Level.NEAR, Level.DIFFERENT),
    Field.NATIONAL_ID: (Level.MISSING, Level.SAME, Level.NEAR, Level.DIFFERENT),
    Field.NUMBER: (Level.MISSING, Level.SAME, Level.DIFFERENT),
    Field.ADDRESS: (Level.MISSING, Level.SAME, Level.NEAR, Level.PARTLY, Level.DIFFERENT),
    Field.EMAIL: (Level.MISSING, Level.SAME, Level.NEAR, Level.DIFFERENT),
    Field.PHONE: (Level.MISSING, Level.SAME, Level.NEAR, Level.DIFFERENT),
}
BITS = 3
_MASK = (1 << BITS) - 1
_GIVEN, _BORN, _ID, _NUMBER, _ADDRESS, _EMAIL, _PHONE = (BITS * field for field in list(Field)[1:])


def number_of(pattern: int, field: Field) -> int:
    """Return the number of a field's level in a pattern."""
    return pattern >> BITS * field & _MASK


def level_of(pattern: int, field: Field) -> Level:
    """Return a field's level in a pattern."""
    return LEVELS[field][number_of(pattern, field)]


@lru_cache(maxsize=400_000)
def _alike(left: str, right: str) -> bool:
    return JaroWinkler.similarity(left, right, score_cutoff=NEAR) >= NEAR


def alike(left: str, right: str) -> bool:
    """Tell whether two spellings could be the same word."""
    return left == right or (_alike(left, right) if left < right else _alike(right, left))


def slip(left: str, right: str) -> bool:
    """Tell whether two numbers differ by one sign changed, added, left out, or by two neighbours swapped."""
    return abs(len(left) - len(right)) < 2 and OSA.distance(left, right, score_cutoff=1) <= 1


def compare(a: Record, b: Record) -> int:
    """Return the pattern of a pair: a level for each field."""
    pattern = _names(a, b)
    if a.born and b.born:
        pattern |= (1 if a.born == b.born else _born(a.born, b.born)) << _BORN
    if a.national_id and b.national_id:
        same = a.national_id == b.national_id
        pattern |= (1 if same else 2 if slip(a.national_id, b.national_id) else 3) << _ID
    if a.number and b.number:
        pattern |= (1 if a.number == b.number else 2) << _NUMBER
    pattern |= _address(a, b) << _ADDRESS
    if a.email and b.email:
        pattern |= (1 if a.email == b.email else _email(a.email, b.email)) << _EMAIL
    if a.phone and b.phone:
        pattern |= (1 if a.phone == b.phone else 2 if slip(a.phone, b.phone) else 3) << _PHONE
    return pattern


def _names(a: Record, b: Record) -> int:
    family, given = 0, 0
    if a.family and b.family:
        family = 1 if a.family == b.family else 2 if alike(a.family, b.family) else 4
    if a.given and b.given:
        given = 1 if a.given == b.given else _given(a.given, b.given)
    if family in (0, 4) and given in (0, 4) and _crossed(a, b):
        return 3
    return family | given << _GIVEN


def _given(left: str, right: str) -> int:
    """Several given names, of which one register knows fewer, or only their first letters, agree in part."""
    if alike(left, right):
        return 2
    ones, others = left.split(), right.split()
    if len(ones) > len(others):
        ones, others = others, ones
    if len(others) > 1 and all(any(alike(one, other) for other in others) for one in ones):
        return 3
    if any(len(one) == 1 for one in (*ones, *others)) and all(
        one[0] == other[0] and (len(one) == 1 or len(other) == 1 or alike(one, other))
        for one, other in zip(ones, others, strict=False)
    ):
        return 3
    return 4


def _crossed(a: Record, b: Record) -> bool:
    """Family and given name stand in each other's place; one of the four may be missing."""
    pairs = [(x, y) for x, y in ((a.family, b.given), (a.given, b.family)) if x and y]
    return bool(pairs) and all(alike(x, y) for x, y in pairs)


def _born(left: str, right: str) -> int:
    if len(left) != len(right):
        short, long = sorted((left, right), key=len)
        return 2 if long.startswith(short) else 3
    if slip(left, right):
        return 2
    swapped = len(left) == 8 and left[:4] == right[:4] and left[4:6] == right[6:] and left[6:] == right[4:6]
    return 2 if swapped else 3


def _address(a: Record, b: Record) -> int:
    """One level for the whole address: its parts hang together, so they must not count as if they did not."""
    known = agreeing = 0
    street = False
    if a.street and b.street:
        known += 1
        if a.street == b.street or alike(a.street, b.street):
            agreeing += 1
            street = True
    for left, right in ((a.house, b.house), (a.postcode, b.postcode)):
        if left and right:
            known += 1
            agreeing += left == right
    if a.town and b.town:
        known += 1
        agreeing += a.town == b.town or alike(a.town, b.town)
    if not known:
        return 0
    if agreeing == known and street:
        return 1
    if agreeing >= 2 and (street or agreeing == 3):
        return 2
    return 3 if agreeing else 4


def _email(left: str, right: str) -> int:
    """Addresses are made of names: that the same name stands before another domain, or before another number, says
    nothing that the names did not say."""
    if left.partition("@")[0] == right.partition("@")[0]:
        return 0
    return 2 if slip(left, right) and _digits(left) == _digits(right) else 3


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
