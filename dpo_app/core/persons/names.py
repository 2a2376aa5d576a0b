"""Names and other text of a register: cleaned without loss, folded for matching and sorting."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Letters that are letters of their own but that registers write in two ways; folded for matching only.
_FOLD = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ð": "d", "þ": "th", "ł": "l", "đ": "d"}
)
_GAPS = re.compile(r"[-'’`´._]+")
_BLANKS = re.compile(r"\s+")
_PARTICLES = frozenset({"von", "af", "de", "van", "der", "den", "al", "bin", "di", "da", "la", "le", "zu"})
_JOINERS = "\u200c\u200d"
#: Scripts whose words need joiners to be written right.
_JOINED_SCRIPTS = ("ARABIC", "DEVANAGARI", "BENGALI", "SINHALA", "TAMIL", "MALAYALAM", "KANNADA")


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """Return text for matching: NFKC, lower case, marks and foreign forms dropped, hyphens and apostrophes to blanks.

    Folding twice changes nothing.
    """
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_FOLD)
    bare = "".join(s for s in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(s))
    return _BLANKS.sub(" ", _GAPS.sub(" ", bare.translate(_FOLD))).strip()


#: Finnish and Swedish order: å, ä, ö after z. Two private-use-free signs that sort after every ASCII letter.
_SORT = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})


@lru_cache(maxsize=200_000)
def _sort_part(text: str) -> str:
    lowered = unicodedata.normalize("NFC", text).lower().translate(_SORT)
    return "".join(s for s in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(s))


def sort_key(family_name: str, given_names: str) -> str:
    """Return the key by which lists are ordered: å, ä and ö after z, other accents as if they were not there."""
    return f"{_sort_part(family_name)}\x1f{_sort_part(given_names)}"


def name_tokens(*names: str) -> frozenset[str]:
    """Return the folded words of names: equal sets are the same name, whichever way round."""
    return frozenset(folded(" ".join(names)).split())


def match_key(family_name: str, given_names: str, born: str) -> str:
    """Return the key that two records of the same person share: all folded name words and a full birth date; "" if
    there are not both (domain/persons.md section 5)."""
    if len(born) != 10:
        return ""
    words = sorted(name_tokens(family_name, given_names))
    return f"{' '.join(words)}|{born}" if words else ""


def contradict(left: frozenset[str], right: frozenset[str]) -> bool:
    """Tell whether two names have no word in common, so that one number can hardly belong to both."""
    return bool(left) and bool(right) and not left & right


def split_full_name(text: str) -> tuple[str, str]:
    """Return (family, given) of a whole name: a comma puts the family name first, else the last word is it, with its
    particles; a single word is a family name."""
    if "," in text:
        family, _, given = text.partition(",")
        return family.strip(), given.strip()
    words = text.split()
    if len(words) < 2:
        return text.strip(), ""
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in _PARTICLES:
        first -= 1
    return " ".join(words[first:]), " ".join(words[:first])


def clean(text: str) -> tuple[str, bool]:
    """Return (text in NFC with single blanks, whether signs had to be left out).

    Left out: control, bidi, invisible, tag and private-use signs and lone surrogates; joiners only outside the scripts
    that need them. Markup is text and stays.
    """
    if text.isascii() and text.isprintable():
        return (_BLANKS.sub(" ", text).strip(), False)
    kept: list[str] = []
    dropped = False
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if category in ("Cc", "Cf", "Cs", "Co", "Cn"):
            if sign in "\t\r\n":
                kept.append(" ")
                dropped = dropped or sign != "\t"
                continue
            if sign in _JOINERS and kept and unicodedata.name(kept[-1], "").startswith(_JOINED_SCRIPTS):
                kept.append(sign)
                continue
            if sign == "\u00ad":
                continue
            dropped = True
            continue
        kept.append(" " if category == "Zs" else sign)
    return _BLANKS.sub(" ", "".join(kept)).strip(), dropped


_GUARDED = re.compile(r"^'[\s\"]*[=+\-@\t\r\n＝＋－＠]")


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that our own exports put before what looks like a formula."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
