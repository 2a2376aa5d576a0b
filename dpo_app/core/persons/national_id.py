"""National identifiers: checked by python-stdnum, with the cases it does not take (domain/persons.md section 3)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu
from stdnum.no import fodselsnummer
from stdnum.se import personnummer

from dpo_app.core.veil import veiled


@veiled
class NationalId(NamedTuple):
    """A valid identifier in its written form, its country, and the birth date it states."""

    text: str
    country: str
    born_on: date | None


_FI = re.compile(r"^\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]$", re.IGNORECASE)
_SE = re.compile(r"^(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})$")
_FI_CENTURY = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}


@lru_cache(maxsize=4_096)
def parse_national_id(text: str, country: str = "") -> NationalId | None:
    """Return the identifier that `text` is, or None. `country` is where the register or the person is, if it is known.

    Finland with the signs of 2023 and the artificial numbers 900 to 999, Sweden with coordination numbers (day + 60),
    Norway with D and synthetic numbers (month + 80), Estonia. Danish numbers have had no check sign since 2007: only
    their form and their day are looked at, so they are taken for such in Denmark alone.
    """
    value = text.strip().upper().replace(" ", "")
    if _FI.match(value) and 1 <= int(value[:2]) <= 31 and 1 <= int(value[2:4]) <= 12:
        # It reads as a Finnish one: a wrong check sign must not turn it into a Swedish one that fits by chance.
        return _finnish(value)
    if not any(sign.isdigit() for sign in value):
        return None
    if country == "DK":
        return _danish(value)
    return _estonian_or_norwegian(value, country) or _swedish(value)


def looks_like_one(text: str) -> bool:
    """Tell whether a text has the Finnish or Swedish form with its sign, valid or not: such a text never belongs into
    an address or a mail."""
    value = text.strip().upper()
    return bool(_FI.match(value) or re.match(r"^(\d{6}|\d{8})[-+]\d{4}$", value))


#: Anything in a running text that reads as one: Finnish with its sign, Swedish, Danish (day-sign-four), valid or not.
_ANYWHERE = re.compile(
    r"(?<![\w+-])(?:\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]|(?:19|20)?\d{6}[-+]\d{4})(?![\w-])", re.IGNORECASE
)
#: Norway and Estonia write eleven digits without a sign; only valid ones count, or every long number would.
_ELEVEN = re.compile(r"(?<![\d+-])\d{11}(?![\d-])")


def id_in(text: str) -> bool:
    """Tell whether a running text contains a national id: such a text never goes into an e-mail."""
    if sum(map(str.isdigit, text)) < 9:
        return False
    return bool(_ANYWHERE.search(text)) or any(parse_national_id(found) for found in _ELEVEN.findall(text))


def _finnish(value: str) -> NationalId | None:
    try:
        hetu.validate(value, allow_temporary=True)
    except ValidationError:
        return None
    year = _FI_CENTURY[value[6]] + int(value[4:6])
    return NationalId(value, "FI", date(year, int(value[2:4]), int(value[:2])))


def _danish(value: str) -> NationalId | None:
    if not re.match(r"^\d{6}-?\d{4}$", value):
        return None
    try:
        born = cpr.get_birth_date(value)
    except (ValidationError, ValueError):
        return None
    digits = value.replace("-", "")
    return NationalId(f"{digits[:6]}-{digits[6:]}", "DK", born)


def _swedish(value: str) -> NationalId | None:
    match = _SE.match(value)
    if match is None or (not match.group(5) and not match.group(1)):
        return None
    century, year, month, day, sign, serial = match.groups()
    plain = int(day) - 60 if int(day) > 60 else int(day)
    digits = f"{year}{month}{day}{serial}"
    if not _luhn(digits):
        return None
    try:
        born = personnummer.get_birth_date(f"{century or ''}{year}{month}{plain:02d}{sign or '-'}{serial}")
    except (ValidationError, ValueError):
        return None
    return NationalId(f"{born.year}{month}{day}{sign or '-'}{serial}", "SE", born)


def _luhn(digits: str) -> bool:
    total = 0
    for place, sign in enumerate(reversed(digits)):
        number = int(sign) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _estonian_or_norwegian(value: str, country: str) -> NationalId | None:
    if len(value) != 11 or not value.isdigit():
        return None
    # A number can pass both checks: where the country is known, its own comes first.
    if ik.is_valid(value) and not (country == "NO" and fodselsnummer.is_valid(value)):
        return NationalId(value, "EE", ik.get_birth_date(value))
    synthetic = int(value[2:4]) > 80
    if synthetic:
        first = fodselsnummer.calc_check_digit1(value)
        valid = value[9:] == first + fodselsnummer.calc_check_digit2(value[:9] + first + value[10:])
        return NationalId(value, "NO", None) if valid else None
    if not fodselsnummer.is_valid(value):
        return None
    return NationalId(value, "NO", fodselsnummer.get_birth_date(value))


def masked(text: str) -> str:
    """Return an identifier as screens show it: only its last three signs."""
    return "••••••-•" + text[-3:] if text else ""
