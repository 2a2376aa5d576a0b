"""Letters as values: what one is made from, its token, and how letters are cut into batches."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.digests import sha256
from dpo_app.core.ids import CODE_ALPHABET, TOKEN_LENGTH, TOKEN_RANDOM, plain_code
from dpo_app.core.notices.notice import Slot
from dpo_app.core.persons.names import folded
from dpo_app.core.veil import veiled

#: Letters in a batch: a tray holds 300 to 500, and a batch that is lost is a batch that is made again.
DEFAULT_BATCH, MOST_IN_BATCH = 2_000, 5_000
SHEET_GRAMS = 4.99
#: Letters in one file: a jam spoils little, and memory stays flat (letters-and-email.md 3.7).
LETTERS_IN_FILE = 2_000
#: Size of the text; large print is a right of those who cannot read the other (letters-and-email.md 4.6).
BODY_PT, LARGE_PT = 11.0, 16.0


@veiled
class LetterRow(NamedTuple):
    """What one letter is made from: place in its batch, token, number of its form, lines of the address, slots,
    whether its reader needs large print."""

    number: int
    token: str
    form: int
    address: tuple[str, ...]
    slots: Mapping[Slot, str]
    large: bool = False


class Letterhead(NamedTuple):
    """What stands on every letter: the sender's name and lines, the neutral return line, place and date by language,
    words for the reference by language; the organisation's `logo` (a PNG or JPEG file) and `colour` (`#rrggbb`)."""

    sender: str
    sender_lines: tuple[str, ...]
    return_line: str
    dates: Mapping[str, str]
    reference_words: Mapping[str, str]
    page_words: Mapping[str, str]
    logo: bytes = b""
    colour: str = ""


class LetterRecord(NamedTuple):
    """Where a made letter lies: number, token, file, first page in it, pages, sheets, hash of what its pages show."""

    number: int
    token: str
    file: str
    first_page: int
    pages: int
    sheets: int
    sha256: str


class Proof(StrEnum):
    """Why a letter is among those to look at before all are made."""

    FIRST = "proof_first"
    LAST = "proof_last"
    LONGEST = "proof_longest"
    SHORTEST = "proof_shortest"
    ODD = "proof_odd"


def make_token(random_signs: str, breach_id: int) -> str:
    """Return the token of a delivery: ten random signs and two that check them together with the breach.

    It says nothing, and other people's codes are rejected (letters-and-email.md 3.5).
    """
    return random_signs + _check_signs(random_signs, breach_id)


def _check_signs(signs: str, breach_id: int) -> str:
    digest = sha256(f"token/{breach_id}/{signs}".encode())
    number = int.from_bytes(digest[:4], "big")
    size = len(CODE_ALPHABET)
    return CODE_ALPHABET[number % size] + CODE_ALPHABET[number // size % size]


def token_ok(text: str, breach_id: int) -> bool:
    """Tell whether a typed or scanned token is one of this breach's."""
    token = plain_code(text)
    if len(token) != TOKEN_LENGTH or any(sign not in CODE_ALPHABET for sign in token):
        return False
    return _check_signs(token[:TOKEN_RANDOM], breach_id) == token[TOKEN_RANDOM:]


class PostZone(StrEnum):
    """A zone by its name, for the words of the screen."""

    HOME = "home"
    EUROPE = "europe"
    WORLD = "world"


class Zone(NamedTuple):
    """Where a letter goes, for the price: home, europe or world."""

    name: str
    order: int


HOME, EUROPE, WORLD = Zone("home", 0), Zone("europe", 1), Zone("world", 2)
_EUROPE = frozenset(
    [
        "AD",
        "AL",
        "AT",
        "AX",
        "BA",
        "BE",
        "BG",
        "BY",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FO",
        "FR",
        "GB",
        "GG",
        "GI",
        "GR",
        "HR",
        "HU",
        "IE",
        "IM",
        "IS",
        "IT",
        "JE",
        "LI",
        "LT",
        "LU",
        "LV",
        "MC",
        "MD",
        "ME",
        "MK",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "RS",
        "SE",
        "SI",
        "SK",
        "SM",
        "TR",
        "UA",
        "VA",
        "XK",
    ]
)


def zone_of(country: str, sender_country: str) -> Zone:
    """Return the postal zone of a letter; Åland counts as Finland."""
    if country in ("", sender_country) or {country, sender_country} == {"FI", "AX"}:
        return HOME
    return EUROPE if country in _EUROPE else WORLD


def post_order(country: str, postcode: str, town: str, street: str, name: str) -> tuple[str, ...]:
    """Return the key by which letters are sorted for the post: country, postcode, town, street, name, folded."""
    return (country, postcode.replace(" ", ""), folded(town), folded(street), folded(name))


def sheet_class(pages: int, duplex: bool) -> int:
    """Return the sheets of a letter, 3 for three and more: batches never mix them (weight and inserter)."""
    return min(3, sheets_of(pages, duplex))


def sheets_of(pages: int, duplex: bool) -> int:
    """Return how many sheets a letter of `pages` takes."""
    return (pages + 1) // 2 if duplex else pages


def file_names(reference: str, letters: int, duplex: bool) -> list[tuple[str, int, int]]:
    """Return (name, first letter, last letter) of the files of a batch; files are cut between letters."""
    mark = "-duplex" if duplex else ""
    if letters <= LETTERS_IN_FILE:
        return [(f"{reference}-letters{mark}.pdf", 1, letters)]
    starts = range(1, letters + 1, LETTERS_IN_FILE)
    ends = [min(start + LETTERS_IN_FILE - 1, letters) for start in starts]
    return [(f"{reference}-{a:05d}-{b:05d}{mark}.pdf", a, b) for a, b in zip(starts, ends, strict=True)]
