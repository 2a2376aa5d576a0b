"""Addresses as they are set on an envelope, and what makes one undeliverable (letters-and-email.md section 2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from babel import Locale

from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.names import folded
from dpo_app.core.veil import veiled

#: {ISO 3166 alpha-2: facts of resources/postal/countries.toml}
CountryRules = Mapping[str, Mapping[str, Any]]


class AddressProblem(StrEnum):
    """Why no letter can be made to an address; the codes of letters-and-email.md 2.5 that stop a letter."""

    NO_NAME = "addr_no_name"
    NO_DELIVERY_POINT = "addr_no_delivery_point"
    NO_TOWN = "addr_few_lines"
    POSTCODE_MISSING = "addr_postcode_missing"
    POSTCODE_FORM = "addr_postcode_form"
    COUNTRY_UNKNOWN = "addr_country_unknown"
    PLACEHOLDER = "addr_placeholder"
    NO_FIXED_ABODE = "addr_no_fixed"
    STARTS_ODD = "addr_starts_odd"
    EMAIL_IN = "addr_email_in"
    ID_IN = "addr_hetu_in"
    MANY_LINES = "addr_many_lines"
    LINE_WIDE = "addr_line_wide"
    GLYPH = "addr_glyph"
    TOO_LONG = "letter_too_long"


@veiled
class SetAddress(NamedTuple):
    """Lines of an address in order, and the first problem that stops the letter."""

    lines: tuple[str, ...]
    problem: AddressProblem | None = None


_PLACEHOLDERS = frozenset(
    {
        "unknown", "tuntematon", "okand", "unbekannt", "x", "xx", "xxx", "test", "testi", "ei tiedossa", "ei ole",
        "n a", "na", "puuttuu", "saknas", "00000", "99999", "",
    }
)  # fmt: skip
_NO_FIXED = (
    "no fixed abode",
    "nfa",
    "asunnoton",
    "vailla vakinaista asuntoa",
    "utan fast bostad",
    "bostadslos",
)
_ODD = '@()=[]"\\/,<>~'
_ID = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b")


@lru_cache(maxsize=512)
def country_line(country: str, language: str = "en") -> str:
    """Return the country's name for the last line, in capitals; "" if the code is none."""
    name = Locale(language).territories.get(country, "")
    return str(name).upper()


@lru_cache(maxsize=65_536)
def _town_capitals(town: str) -> str:
    """Capitals by Unicode: ß becomes SS."""
    return town.upper()


def set_address(name: str, address: PostalAddress, rules: CountryRules, sender_country: str = "FI") -> SetAddress:
    """Return the lines of an address as the destination wants them, country last and only abroad.

    No blank lines, no commas added, the person's own spelling in the name. The country's line is in English, which is
    read everywhere (a setting of the sender's country later).
    """
    if not name.strip():
        return SetAddress((), AddressProblem.NO_NAME)
    country = address.country or sender_country
    rule = rules.get(country, {})
    problem = _problem(address, country, rule)
    abroad = country != sender_country and not {country, sender_country} <= {"FI", "AX"}
    postcode = _postcode(address.postcode, rule)
    if abroad and postcode and rule.get("prefix") and not postcode.startswith(rule["prefix"]):
        postcode = f"{rule['prefix']}{postcode}"
    town = _town_capitals(address.town) if rule.get("caps") else address.town
    template = rule.get("last", "{postcode} {town}")
    own_street = "{street}" in template
    last = template.format(postcode=postcode, town=town, street=address.street)
    lines = [name, address.care_of, "" if own_street else address.street, *last.split("\n")]
    if abroad:
        lines.append(country_line(country))
    kept = tuple(" ".join(line.split()).strip(" ,") for line in lines)
    return SetAddress(tuple(line for line in kept if line), problem)


def _postcode(text: str, rule: Mapping[str, Any]) -> str:
    plain = text.strip().upper()
    group = rule.get("group")
    if group and plain.replace(" ", "").isdigit():
        digits = plain.replace(" ", "")
        return f"{digits[: group[0]]} {digits[group[0] :]}"
    tail = rule.get("tail")
    if tail:
        signs = plain.replace(" ", "")
        return f"{signs[:-tail]} {signs[-tail:]}" if len(signs) > tail else plain
    return plain


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _problem(address: PostalAddress, country: str, rule: Mapping[str, Any]) -> AddressProblem | None:
    if not address.street:
        return AddressProblem.NO_DELIVERY_POINT
    if not address.town and not address.postcode:
        return AddressProblem.NO_TOWN
    if not country_line(country):
        return AddressProblem.COUNTRY_UNKNOWN
    for part in (address.street, address.town, address.care_of, address.postcode):
        found = _part_problem(part)
        if found is not None:
            return found
    if rule.get("needs") and not address.postcode:
        return AddressProblem.POSTCODE_MISSING
    plain = address.postcode.strip().upper().removeprefix(rule.get("prefix", "\x00"))
    if rule.get("needs") and not _pattern(rule["postcode"]).fullmatch(plain):
        return AddressProblem.POSTCODE_FORM
    return None


@lru_cache(maxsize=262_144)
def _part_problem(part: str) -> AddressProblem | None:
    if not part:
        return None
    plain = folded(part)
    if plain in _PLACEHOLDERS:
        return AddressProblem.PLACEHOLDER
    if plain in _NO_FIXED:
        return AddressProblem.NO_FIXED_ABODE
    if part[0] in _ODD:
        return AddressProblem.STARTS_ODD
    if "@" in part:
        return AddressProblem.EMAIL_IN
    return AddressProblem.ID_IN if _ID.search(part.upper()) else None
