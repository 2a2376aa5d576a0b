"""A made-up register whose duplicates are known: names by the frequencies of real ones (few are common, many are rare),
families at one address, and records brought in twice with slips of the hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

_SYLLABLES = [c + v for c in "hjklmnprstv" for v in ("a", "e", "i", "o", "u", "aa", "ii", "uo", "ai", "en", "il", "or")]
_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


class Made(NamedTuple):
    """A row: `who` is the same number for the same person."""

    who: int
    family: str
    given: str
    born: str
    national_id: str
    number: str
    street: str
    postcode: str
    town: str
    email: str
    phone: str


def made_rows(rows: int, seed: int = 11, twice: float = 0.04) -> Iterator[Made]:
    """Yield rows; about `twice` of them repeat an earlier person, most of these with slips and without an id."""
    chance = random.Random(seed)
    families, given = _Names(chance, 18_000, 3), _Names(chance, 1_200, 2)
    streets = [f"{_word(chance, 3)}{chance.choice(('katu', 'tie', 'polku', 'kuja'))}" for _ in range(9_000)]
    towns = [(f"{chance.randrange(100, 99_999):05d}", _word(chance, 3).title()) for _ in range(2_600)]
    kept: list[Made] = []
    taken: dict[date, int] = {}
    home: tuple[str, str, str, str] = ("", "", "", "")
    for who in range(rows):
        if kept and chance.random() < twice:
            yield _again(chance, chance.choice(kept), who)
            continue
        if not home[0] or chance.random() > 0.35:
            postcode, town = chance.choice(towns)
            home = (families.one(), f"{chance.choice(streets)} {chance.randrange(1, 130)}", postcode, town)
        made = _person(chance, who, given.one(), home, taken)
        if len(kept) < 60_000:
            kept.append(made)
        yield made


def _person(
    chance: random.Random, who: int, given: str, home: tuple[str, str, str, str], taken: dict[date, int]
) -> Made:
    family, street, postcode, town = home
    born = date(1936, 1, 1) + timedelta(days=chance.randrange(82 * 365))
    # Nobody shares a number with somebody born on the same day.
    taken[born] = taken.get(born, -1) + 1
    individual = 2 + (taken[born] * 619 + born.toordinal()) % 898
    number = int(f"{born:%d%m%y}{individual:03d}")
    ident = f"{born:%d%m%y}{'A' if born.year >= 2000 else '-'}{individual:03d}{_SIGNS[number % 31]}"
    email = f"{given}.{family}{chance.randrange(99)}@example.com".lower() if chance.random() < 0.7 else ""
    phone = f"040{chance.randrange(10_000_000):07d}" if chance.random() < 0.8 else ""
    return Made(who, family, given, born.isoformat(), ident if chance.random() < 0.8 else "", f"K{who}", street,
                postcode, town, email, phone)  # fmt: skip


def _again(chance: random.Random, made: Made, row: int) -> Made:
    """The same person, typed anew: another customer number, and what people get wrong."""
    values = made._asdict() | {"number": f"K{row}", "national_id": made.national_id if chance.random() < 0.3 else ""}
    for name in ("family", "given", "born", "street", "email", "phone"):
        if values[name] and chance.random() < 0.12:
            values[name] = _slip(chance, values[name])
    if chance.random() < 0.05:
        values["family"], values["given"] = values["given"], values["family"]
    if chance.random() < 0.15:
        values["street"] = "Uusikatu 7"
    if chance.random() < 0.2:
        values["email"] = ""
    return Made(**values)


def _slip(chance: random.Random, text: str) -> str:
    places = [n for n, sign in enumerate(text) if sign.isalnum()]
    at = chance.choice(places)
    sign = chance.choice("0123456789" if text[at].isdigit() else "aeioklnrst")
    if chance.random() < 0.5 or at == 0:
        return text[:at] + sign + text[at + 1 :]
    return text[:at] + text[at + 1 :] if not text[at].isdigit() else text[:at] + sign + text[at + 1 :]


def _word(chance: random.Random, most: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, most)))


class _Names:
    """Names drawn by Zipf's law."""

    def __init__(self, chance: random.Random, count: int, most: int) -> None:
        self._chance = chance
        self._names = sorted({_word(chance, most).title() for _ in range(count)})
        chance.shuffle(self._names)
        self._weights = list(accumulate(1 / (place + 8) for place in range(len(self._names))))

    def one(self) -> str:
        return self._chance.choices(self._names, cum_weights=self._weights)[0]
