"""Addresses as the destination wants them, and those to which no letter goes."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.postal import AddressProblem, country_line, set_address
from dpo_app.paths import resources

RULES: dict[str, Any] = tomllib.loads((resources() / "postal" / "countries.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("address", "sender", "lines"),
    [
        (PostalAddress("", "Katu 4 B 12", "90307", "Kannus", "FI"), "FI", ("Katu 4 B 12", "90307 KANNUS")),
        (PostalAddress("", "Katu 4", "90307", "Kannus", ""), "FI", ("Katu 4", "90307 KANNUS")),
        (PostalAddress("", "PL 74", "00101", "Helsinki", "FI"), "FI", ("PL 74", "00101 HELSINKI")),
        (PostalAddress("c/o Virtanen", "Katu 4", "90307", "Kannus", "FI"), "FI",
         ("c/o Virtanen", "Katu 4", "90307 KANNUS")),
        (PostalAddress("", "Storgatan 1 lgh 1601", "11455", "Stockholm", "SE"), "FI",
         ("Storgatan 1 lgh 1601", "SE-114 55 STOCKHOLM", "SWEDEN")),
        (PostalAddress("", "Katu 4", "90307", "Kannus", "FI"), "SE", ("Katu 4", "FI-90307 KANNUS", "FINLAND")),
        (PostalAddress("", "Weg 1", "10115", "Groß Gerau", "DE"), "FI", ("Weg 1", "10115 Groß Gerau", "GERMANY")),
        (PostalAddress("", "10 High St", "sw1a1aa", "London", "GB"), "FI",
         ("10 High St", "LONDON", "SW1A 1AA", "UNITED KINGDOM")),
        (PostalAddress("", "Fő utca 3", "1011", "Budapest", "HU"), "FI", ("BUDAPEST", "Fő utca 3", "1011", "HUNGARY")),
        (PostalAddress("", "1 Main St", "62701", "Springfield, IL", "US"), "FI",
         ("1 Main St", "SPRINGFIELD, IL 62701", "UNITED STATES")),
        (PostalAddress("", "Herengracht 1", "1015ba", "Amsterdam", "NL"), "FI",
         ("Herengracht 1", "1015 BA AMSTERDAM", "NETHERLANDS")),
        (PostalAddress("", "Triq Sant 1", "VLT 1000", "Valletta", "MT"), "FI",
         ("Triq Sant 1", "VALLETTA", "VLT 1000", "MALTA")),
        (PostalAddress("", "Calle 1", "75007", "Guadalajara", "MX"), "FI", ("Calle 1", "75007 Guadalajara", "MEXICO")),
        (PostalAddress("", "Brīvības iela 1", "LV-1010", "Rīga", "LV"), "FI",
         ("Brīvības iela 1", "Rīga, LV-1010", "LATVIA")),
    ],
)  # fmt: skip
def test_lines(address: PostalAddress, sender: str, lines: tuple[str, ...]) -> None:
    made = set_address("Aino Mallikas", address, RULES, sender)
    assert made.problem is None
    assert made.lines == ("Aino Mallikas", *lines)


def test_a_prefix_is_not_doubled() -> None:
    made = set_address("A B", PostalAddress("", "Gata 1", "SE-114 55", "Lund", "SE"), RULES, "FI")
    assert made.lines[2] == "SE-114 55 LUND"
    assert made.problem is None


P = AddressProblem


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (PostalAddress("", "", "00100", "Helsinki", "FI"), P.NO_DELIVERY_POINT),
        (PostalAddress("", "Katu 1", "", "", "FI"), P.NO_TOWN),
        (PostalAddress("", "Katu 1", "", "Helsinki", "FI"), P.POSTCODE_MISSING),
        (PostalAddress("", "Katu 1", "0010", "Helsinki", "FI"), P.POSTCODE_FORM),
        (PostalAddress("", "Katu 1", "00100", "Helsinki", "ZQ"), P.COUNTRY_UNKNOWN),
        (PostalAddress("", "ei tiedossa", "00100", "Helsinki", "FI"), P.PLACEHOLDER),
        (PostalAddress("", "-", "00100", "Helsinki", "FI"), P.PLACEHOLDER),
        (PostalAddress("", "Katu 1", "00000", "Helsinki", "FI"), P.PLACEHOLDER),
        (PostalAddress("", "Asunnoton", "00100", "Helsinki", "FI"), P.NO_FIXED_ABODE),
        (PostalAddress("", "=cmd 1", "00100", "Helsinki", "FI"), P.STARTS_ODD),
        (PostalAddress("", "aino@example.com", "00100", "Helsinki", "FI"), P.EMAIL_IN),
        (PostalAddress("010190-900A", "Katu 1", "00100", "Helsinki", "FI"), P.ID_IN),
    ],
)
def test_no_letter_goes_there(address: PostalAddress, problem: AddressProblem) -> None:
    assert set_address("Aino Mallikas", address, RULES).problem is problem


def test_an_address_without_a_name() -> None:
    address = PostalAddress("", "Katu 1", "00100", "Helsinki", "FI")
    assert set_address("  ", address, RULES).problem is P.NO_NAME


def test_country_lines() -> None:
    assert country_line("DE") == "GERMANY"
    assert country_line("DE", "de") == "DEUTSCHLAND"
    assert country_line("XX9") == ""


def test_rules_are_whole() -> None:
    for code, rule in RULES.items():
        if code == "version":
            continue
        assert country_line(code), code
        assert set(rule) <= {"last", "postcode", "caps", "prefix", "needs", "group", "tail"}, code
        assert "{town}" in rule["last"]
        assert "{postcode}" in rule["last"]
