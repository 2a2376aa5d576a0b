"""Where a word may be parted at the end of a line: Pyphen's patterns, and for Finnish its rule of syllables.

Pyphen has no Finnish. Finnish parts before each consonant that a vowel follows, and between vowels that form neither a
long vowel nor a diphthong (Kielitoimisto, tavujako); a single letter is never left alone at either end.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pyphen

#: The least that stays before and after the hyphen.
LEFT, RIGHT = 3, 3
LEAST_LETTERS = 7
_VOWELS = "aeiouyåäöáéíóúü"
_DIPHTHONGS = frozenset(
    {"ai", "ei", "oi", "ui", "yi", "äi", "öi", "au", "eu", "ou", "iu", "äy", "öy", "ey", "iy", "uo", "yö", "ie"}
)
#: A stretch of letters alone: never an address, a number or a code.
_WORD = re.compile(r"^[^\W\d_]+$")
_DICTIONARIES = {"en": "en_GB", "sv": "sv", "de": "de_DE", "da": "da_DK", "nb": "nb_NO", "no": "nb_NO", "fr": "fr",
                 "nl": "nl_NL", "et": "et_EE"}  # fmt: skip


def known(language: str) -> bool:
    """Tell whether words of a language can be parted."""
    return language == "fi" or language in _DICTIONARIES


@lru_cache(maxsize=20_000)
def places(word: str, language: str) -> tuple[int, ...]:
    """Return the places in a word before which it may be parted, first to last. Signs around it (a comma, quotes)
    stay with their side; a word with hyphens of its own is parted at those."""
    bare = word.strip(".,;:!?()\"'»«”“’„")
    start = word.find(bare) if bare else 0
    if "-" in bare:
        cut = [start + place + 1 for place, sign in enumerate(bare) if sign == "-" and 1 < place < len(bare) - 2]
        return tuple(cut) if all(map(_WORD.match, filter(None, bare.split("-")))) else ()
    if len(bare) < LEAST_LETTERS or not _WORD.match(bare) or bare.isupper():
        return ()
    inside = _finnish(bare) if language == "fi" else _by_patterns(bare, language)
    return tuple(start + place for place in inside if LEFT <= place <= len(bare) - RIGHT)


def _by_patterns(word: str, language: str) -> tuple[int, ...]:
    name = _DICTIONARIES.get(language)
    return tuple(int(place) for place in _patterns(name).positions(word)) if name else ()


@lru_cache(maxsize=len(_DICTIONARIES))
def _patterns(name: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=name, left=LEFT, right=RIGHT)


def _finnish(word: str) -> tuple[int, ...]:
    signs = word.lower()
    found = []
    for place in range(1, len(signs)):
        here, before = signs[place], signs[place - 1]
        after = signs[place + 1] if place + 1 < len(signs) else ""
        if (
            here not in _VOWELS
            and after
            and after in _VOWELS
            or here in _VOWELS
            and before in _VOWELS
            and _apart(signs, place)
        ):
            found.append(place)
    # Around a syllable of one vowel the word stays whole: `yli-opisto` or `ylio-pisto`, a rule cannot tell.
    alone = {place for place in found if place + 1 in found} | {place for place in found if place - 1 in found}
    return tuple(place for place in found if place not in alone)


def _apart(signs: str, place: int) -> bool:
    """Tell whether the vowel at `place` begins a syllable of its own after the one before it."""
    pair = signs[place - 1 : place + 1]
    if pair[0] == pair[1] or pair in _DIPHTHONGS:
        # A third vowel in a row begins a syllable: `lauan-tai` has none, `hauis` and `maa-ilma` do.
        return place >= 2 and signs[place - 2] in _VOWELS and not _apart(signs, place - 1)
    return True
