"""What is doubtful about the data of a person who is in the register, and what would mend it, country by country.

Suggestions are for the officer; nothing is changed by looking. Postal facts: letters-and-email.md section 2 (UPU S42
and the postal services' guides); identifiers and dates: domain/persons.md sections 3 and 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import phonenumbers

from dpo_app.core.mail.mail_check import MailDomains, international, looks_like, role_address, slip_in_domain
from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.names import folded
from dpo_app.core.persons.national_id import parse_national_id
from dpo_app.core.persons.postal import AddressProblem, CountryRules, set_address


class ContactProblem(StrEnum):
    """What can be doubtful."""

    EMAIL_SLIP = "email_slip"
    EMAIL_LOOK_ALIKE = "email_look_alike"
    EMAIL_INTERNATIONAL = "email_international"
    EMAIL_ROLE = "email_role"
    EMAIL_SHARED = "email_shared"
    PHONE_INVALID = "phone_invalid"
    ADDRESS_UNFIT = "address_unfit"
    ALAND = "aland"
    POSTCODE_COUNTRY = "postcode_country"
    POSTCODE_IN_TOWN = "postcode_in_town"
    POSTCODE_FORM = "postcode_form"
    BOX_FORM = "box_form"
    CARE_OF_IN_STREET = "care_of_in_street"
    LINE_LONG = "line_long"
    NO_HOUSE = "no_house"
    NATIONAL_ID_BORN = "national_id_born"
    BORN_LATE = "born_late"
    BORN_EARLY = "born_early"
    REGISTERED_UNBORN = "registered_unborn"
    REMOVED_EARLY = "removed_early"
    NAME_CAPITALS = "name_capitals"


class Doubt(NamedTuple):
    """A problem of one person: the column it stands in, and the columns that would mend it, if anything is plain.

    `detail` is the code of an `AddressProblem`, else "".
    """

    code: ContactProblem
    column: str
    suggestion: Mapping[str, str] = {}
    detail: str = ""


class Knowledge(NamedTuple):
    """What is the same for all persons: postal facts, mail domains, the organisation's country, today, and mail
    addresses that several persons have."""

    rules: CountryRules
    domains: MailDomains
    home: str
    today: date
    shared: frozenset[str] = frozenset()


#: An address line that a window and a label take in common sizes of type.
LINE_LIMIT = 40
OLDEST = 115
_C = ContactProblem
_CARE_OF = re.compile(r"^(?P<care>c/o\s+.+?)\s*,\s*(?P<street>.+)$|^(?P<front>.+?)\s*,?\s+(?P<back>c/o\s+.+)$", re.I)
_BOX = {
    "FI": (re.compile(r"^(?:p\.?\s?l\.?|postilokero|po\.? ?box|p\.o\. ?box|box)\s*(\d+)$", re.I), "PL {}"),
    "AX": (re.compile(r"^(?:p\.?\s?b\.?|pl|postbox|po\.? ?box|p\.o\. ?box|box)\s*(\d+)$", re.I), "PB {}"),
    "SE": (re.compile(r"^(?:box|postbox|pb|pl|po\.? ?box|p\.o\. ?box)\s*(\d+)$", re.I), "Box {}"),
    "NO": (re.compile(r"^(?:postboks|pb\.?|boks|po\.? ?box|p\.o\. ?box)\s*(\d+)$", re.I), "Postboks {}"),
    "DK": (re.compile(r"^(?:postboks|pb\.?|boks|po\.? ?box|p\.o\. ?box)\s*(\d+)$", re.I), "Postboks {}"),
    "DE": (re.compile(r"^(?:postfach|pf\.?|po\.? ?box|p\.o\. ?box)\s*(\d[\d ]*)$", re.I), "Postfach {}"),
}
_PREFIXED = re.compile(r"^(FI|AX|SE|S|NO|N|DK|EE|DE|D|LV|LT)[- ]\s?(\d[\d ]*)$", re.I)
_SHORT = {"S": "SE", "N": "NO", "D": "DE"}
_TOWN = re.compile(r"^(\d{3} ?\d{2}|\d{4,5})\s+(\D{2,})$")
_MOBILE = re.compile(r"^(?:\+358 ?|0)(?:4\d|50)[ -]?\d{3}[ -]?\d{2}[ -]?\d{1,3}$")


def doubts(values: Mapping[str, Any], know: Knowledge) -> Iterator[Doubt]:
    """Yield what is doubtful about a person, given by the columns of the register."""
    yield from _email(values["email"], know)
    phone = values["phone"]
    if phone and not _MOBILE.match(phone) and not valid_phone(phone, values["country"] or know.home):
        yield Doubt(_C.PHONE_INVALID, "phone")
    if values["street"] or values["postcode"] or values["town"]:
        yield from _postal(values, know)
    yield from _dates(values, know)
    name = f"{values['family_name']} {values['given_names']}".strip()
    if len(name) > 3 and name.isupper():
        yield Doubt(_C.NAME_CAPITALS, "family_name", _small_letters(values))


def _email(email: str, know: Knowledge) -> Iterator[Doubt]:
    if not email:
        return
    posing, read = looks_like(email, know.domains)
    if posing:
        local = email.rpartition("@")[0]
        yield Doubt(_C.EMAIL_LOOK_ALIKE, "email", {"email": f"{local}@{read}"} if read else {})
    elif slip := slip_in_domain(email, know.domains):
        yield Doubt(_C.EMAIL_SLIP, "email", {"email": slip})
    if international(email):
        yield Doubt(_C.EMAIL_INTERNATIONAL, "email")
    if role_address(email):
        yield Doubt(_C.EMAIL_ROLE, "email")
    if email.casefold() in know.shared:
        yield Doubt(_C.EMAIL_SHARED, "email")


@lru_cache(maxsize=50_000)
def valid_phone(text: str, country: str) -> bool:
    """Tell whether a telephone number can exist, read as one of a country where it names none."""
    try:
        number = phonenumbers.parse(text, country if country != "AX" else "FI")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def _postal(values: Mapping[str, Any], know: Knowledge) -> Iterator[Doubt]:
    street, postcode, town, country = (values[name] for name in ("street", "postcode", "town", "country"))
    moved = _moved_parts(street, postcode, town, country or know.home)
    yield from moved
    if not moved:
        address = PostalAddress(values["care_of"], street, postcode, town, country)
        problem = set_address("x", address, know.rules, know.home).problem
        if problem is not None and problem is not AddressProblem.NO_DELIVERY_POINT:
            form = problem in (AddressProblem.POSTCODE_FORM, AddressProblem.POSTCODE_MISSING)
            column = "postcode" if form else "street"
            yield Doubt(_C.POSTCODE_FORM if form else _C.ADDRESS_UNFIT, column, {}, problem.value)
        elif problem is not None:
            yield Doubt(_C.ADDRESS_UNFIT, "street", {}, problem.value)
    for column in ("care_of", "street", "town"):
        if len(values[column]) > LINE_LIMIT:
            yield Doubt(_C.LINE_LONG, column)
    if street and not any(sign.isdigit() for sign in street) and (country or know.home) in _BOX:
        yield Doubt(_C.NO_HOUSE, "street")


def _moved_parts(street: str, postcode: str, town: str, country: str) -> list[Doubt]:
    """Return what stands in the wrong place, with where it belongs."""
    found: list[Doubt] = []
    box = _BOX.get(country)
    if box is not None and (match := box[0].match(street)) and (wanted := box[1].format(match[1])) != street:
        found.append(Doubt(_C.BOX_FORM, "street", {"street": wanted}))
    if match := _CARE_OF.match(street):
        care, rest = (match["care"], match["street"]) if match["care"] else (match["back"], match["front"])
        found.append(Doubt(_C.CARE_OF_IN_STREET, "street", {"care_of": care, "street": rest}))
    if not postcode and (match := _TOWN.match(town)):
        found.append(Doubt(_C.POSTCODE_IN_TOWN, "town", {"postcode": match[1].replace(" ", ""), "town": match[2]}))
    if match := _PREFIXED.match(postcode):
        named = _SHORT.get(match[1].upper(), match[1].upper())
        if named != country:
            found.append(Doubt(_C.POSTCODE_COUNTRY, "postcode", {"postcode": match[2].strip(), "country": named}))
    elif country == "FI" and postcode[:2] == "22" and len(postcode) == 5 and postcode.isdigit():
        found.append(Doubt(_C.ALAND, "country", {"country": "AX"}))
    elif country == "FI" and re.fullmatch(r"\d{3} \d{2}", postcode):
        found.append(Doubt(_C.POSTCODE_COUNTRY, "postcode", {"country": "SE"}))
    return found


def _dates(values: Mapping[str, Any], know: Knowledge) -> Iterator[Doubt]:
    born, registered, removed = (parse_partial(values[name]) for name in ("born", "registered", "removed"))
    known = parse_national_id(values["national_id"], values["country"]) if values["national_id"] else None
    stated = known.born_on if known is not None else None
    if born is not None and stated is not None and not born.earliest <= stated <= born.latest:
        yield Doubt(_C.NATIONAL_ID_BORN, "born", {"born": stated.isoformat()})
    if born is not None and born.earliest > know.today:
        yield Doubt(_C.BORN_LATE, "born")
    elif born is not None and know.today.year - born.latest.year > OLDEST and not values["deceased"]:
        yield Doubt(_C.BORN_EARLY, "born")
    if born is not None and registered is not None and registered.latest < born.earliest:
        yield Doubt(_C.REGISTERED_UNBORN, "registered")
    if registered is not None and removed is not None and removed.latest < registered.earliest:
        yield Doubt(_C.REMOVED_EARLY, "removed")


_PARTICLES = frozenset({"von", "af", "de", "van", "der", "den", "zu", "la", "di", "da"})


def _small_letters(values: Mapping[str, Any]) -> dict[str, str]:
    """Return names in capitals as they are usually written; what a hyphen or an apostrophe parts begins anew."""
    return {
        name: " ".join(_word(word, place) for place, word in enumerate(values[name].split()))
        for name in ("family_name", "given_names")
        if values[name].isupper()
    }


def _word(word: str, place: int) -> str:
    if folded(word) in _PARTICLES and (place == 0 or len(word) < 4):
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda part: part[0][:1] + part[0][1:].lower(), word)
