"""What letters weigh and cost: the officer's own price list, by zone and weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dpo_app.core.errors import InputError
from dpo_app.core.letters.letter import EUROPE, HOME, SHEET_GRAMS, WORLD

ZONES = (HOME, EUROPE, WORLD)
_MOST_GRAMS, _MOST_CENTS = 2_000, 100_000


class Price(NamedTuple):
    """A price: zone by its name, heaviest letter it is for, cents of the officer's currency."""

    zone: str
    up_to_grams: int
    cents: int


class PriceList(NamedTuple):
    """Prices and what they are counted in; nothing of it comes with the program, because it changes every year."""

    currency: str = "EUR"
    prices: tuple[Price, ...] = ()

    def cents(self, zone: int, grams: float) -> int | None:
        """Return what a letter costs; None if the list has no price for it."""
        name = ZONES[zone].name
        fitting = [price for price in self.prices if price.zone == name and grams <= price.up_to_grams]
        return min(fitting, key=lambda price: price.up_to_grams).cents if fitting else None

    def to_document(self) -> dict[str, Any]:
        """Return the plain form kept in the store."""
        return {"currency": self.currency, "prices": [list(price) for price in self.prices]}


def price_list(document: Mapping[str, Any]) -> PriceList:
    """Return the price list of a stored document. Raises InputError("bad_price")."""
    try:
        prices = tuple(Price(str(zone), int(grams), int(cents)) for zone, grams, cents in document.get("prices", ()))
        currency = str(document.get("currency", "EUR"))
    except (TypeError, ValueError):
        raise InputError("bad_price") from None
    known = {zone.name for zone in ZONES}
    for price in prices:
        if price.zone not in known or not 0 < price.up_to_grams <= _MOST_GRAMS or not 0 < price.cents <= _MOST_CENTS:
            raise InputError("bad_price")
    if len({(price.zone, price.up_to_grams) for price in prices}) != len(prices):
        raise InputError("bad_price")
    return PriceList(currency, prices)


def parse_prices(lines: Iterable[str], currency: str = "EUR") -> PriceList:
    """Return the prices of lines such as `home 50 2,75`: zone, grams, price. Raises InputError("bad_price")."""
    rows = []
    for line in lines:
        parts = line.replace(";", " ").replace(":", " ").split()
        if not parts:
            continue
        try:
            zone, grams, price = parts
            rows.append([zone.lower(), int(grams), round(float(price.replace(",", ".")) * 100)])
        except ValueError:
            raise InputError("bad_price") from None
    return price_list({"currency": currency, "prices": rows})


def letter_grams(sheets: int, envelope_grams: float) -> float:
    """Return what a letter weighs: sheets of 80 g/m² and the envelope (letters-and-email.md 1.3)."""
    return sheets * SHEET_GRAMS + envelope_grams
