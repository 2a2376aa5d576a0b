"""What linkage compares: a person's values in the form in which they are compared, missing ones empty."""

from __future__ import annotations

import re
from typing import NamedTuple

from dpo_app.core.persons.names import folded
from dpo_app.core.veil import veiled

#: Digits of a telephone number that are compared: country and trunk prefixes are written in many ways.
PHONE_DIGITS = 8
_HOUSE = re.compile(r"^(.*?\D)\s*(\d+)(.*)$")
_HOUSE_FIRST = re.compile(r"^(\d+)\s*[a-z]?\s+(\D.*)$")
_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_NAN = float("nan")


@veiled
class Record(NamedTuple):
    """One row or person. `key` is the caller's number for it.

    Names, street and town are folded; `born` is YYYYMMDD, shorter if less is known; `phone` its last digits.
    """

    key: int
    family: str = ""
    given: str = ""
    born: str = ""
    national_id: str = ""
    number: str = ""
    street: str = ""
    house: str = ""
    postcode: str = ""
    town: str = ""
    email: str = ""
    phone: str = ""


class RecordMaker:
    """Makes the records of one register; what stands in many of them is kept once, so that a million fit in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def make(
        self, key: int, *, family: str = "", given: str = "", born: str = "", national_id: str = "",
        number: str = "", street: str = "", postcode: str = "", town: str = "", email: str = "", phone: str = "",
    ) -> Record:  # fmt: skip
        """Return a record of values as they are kept: dates YYYY-MM-DD, YYYY-MM or YYYY, street with its number."""
        keep = self._keep
        name, house = split_street(street) if street else ("", "")
        date = _DATE.match(born) if born else None
        return Record(
            key, keep(folded(family)), keep(folded(given)),
            keep("".join(part or "" for part in date.groups())) if date else "",
            national_id.upper().replace(" ", ""), number.strip().casefold(), keep(name), keep(house),
            keep(postcode.replace(" ", "").upper()), keep(folded(town)), email.strip().casefold(), _phone(phone),
        )  # fmt: skip

    def _keep(self, text: str) -> str:
        return self._kept.setdefault(text, text)

    def signals(self, record: Record) -> tuple[object, ...]:
        """Return what must agree in part before a pair is compared: beginnings of names and streets, and the rest. One
        national id for two is always looked at, so it stands here twice."""
        keep = self._keep
        # In order, so that names in each other's place agree as well.
        first, second = sorted((record.family[:3], record.given[:3]))
        values = (
            keep(first), keep(second), record.born, record.national_id, record.national_id,
            # One place is one sign: postcode and town say the same.
            record.postcode or record.town, record.house, keep(record.street[:5]), record.email, record.phone,
            record.number,
        )  # fmt: skip
        # Not a number equals nothing, itself least of all: a missing value agrees with no other.
        return tuple(value or _NAN for value in values)


def split_street(text: str) -> tuple[str, str]:
    """Return (folded street, house number): `Mallipolku 4 B 12` is ("mallipolku", "4"), as is `4 Mallipolku`."""
    plain = folded(text).replace(",", " ")
    match = _HOUSE.match(plain)
    if match is not None and match.group(1).strip():
        return match.group(1).strip(), match.group(2)
    match = _HOUSE_FIRST.match(plain)
    if match is not None:
        return match.group(2).strip(), match.group(1)
    return plain, ""


def _phone(text: str) -> str:
    digits = "".join(sign for sign in text if sign.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= 5 else ""
