"""Doubts about contact data: by country, with suggestions, none of them applied."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from dpo_app.core.mail.mail_check import MailDomains, looks_like, slip_in_domain
from dpo_app.core.persons.contact_check import ContactProblem, Doubt, Knowledge, doubts, valid_phone
from dpo_app.core.persons.national_id import parse_national_id
from dpo_app.paths import resources
from dpo_app.services.ports.staging import PERSON_FIELDS

_C = ContactProblem


def _domains() -> MailDomains:
    found = tomllib.loads((resources() / "registers" / "mail_domains.toml").read_text("utf-8"))
    return MailDomains(frozenset(found["domains"]), found["slips"])


RULES = {
    key: rule
    for key, rule in tomllib.loads((resources() / "postal" / "countries.toml").read_text("utf-8")).items()
    if isinstance(rule, dict)
}
DOMAINS = _domains()
KNOW = Knowledge(RULES, DOMAINS, "FI", date(2026, 11, 26), frozenset({"both@example.com"}))
RIGHT: dict[str, Any] = dict.fromkeys(PERSON_FIELDS, "") | {
    "family_name": "Virtanen", "given_names": "Aino", "street": "Mallipolku 4", "postcode": "90100", "town": "Oulu",
    "email": "aino@gmail.com", "phone": "+358 40 123 4567", "born": "1971-05-04", "registered": "2012-09-23",
    "deceased": False, "protected": False, "extra": {},
}  # fmt: skip


def found(**changes: Any) -> dict[ContactProblem, Doubt]:
    return {each.code: each for each in doubts(RIGHT | changes, KNOW)}


def test_what_is_right_is_left_alone() -> None:
    assert found() == {}
    sweden = {
        "street": "Storgatan 5",
        "postcode": "123 45",
        "town": "Stockholm",
        "country": "SE",
        "phone": "08-123 456 78",
    }
    assert found(**sweden) == {}
    assert found(street="PL 12", phone="09 1234567") == {}
    assert found(country="AX", postcode="22100", town="Mariehamn") == {}
    assert found(street="", postcode="", town="") == {}, (
        "no address is no doubtful one: there is no letter, that is all"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("aino@gmial.com", "aino@gmail.com"), ("aino@gmail.con", "aino@gmail.com"), ("a@hotmial.fi", "a@hotmail.fi"),
        ("a@kolumbs.fi", "a@kolumbus.fi"), ("a@outlok.com", "a@outlook.com"), ("a@firma.cmo", "a@firma.com"),
        ("a@gmail.com", ""), ("a@mail.com", ""), ("a@oma-yritys.fi", ""), ("a@yahoo.es", ""), ("a@hotmail.it", ""),
        ("a@live.fi", ""), ("a@example.com", ""), ("a@me.fi", ""),
    ],
)  # fmt: skip
def test_slips_in_well_known_domains_are_suggestions(written: str, meant: str) -> None:
    assert slip_in_domain(written, DOMAINS) == meant


@pytest.mark.parametrize(
    ("email", "posing", "read"),
    [
        ("a@gmаil.com", True, "gmail.com"), ("a@xn--gmil-6na.com", False, ""), ("a@аррӏе.com", True, ""),
        ("a@пример.com", False, ""), ("a@müller.de", False, ""), ("a@gmail.com", False, ""), ("a@οutlook.com", True, "outlook.com"),
    ],
)  # fmt: skip
def test_letters_of_another_script_that_only_look_alike(email: str, posing: bool, read: str) -> None:
    assert looks_like(email, DOMAINS) == (posing, read)


@pytest.mark.parametrize(
    ("changes", "code", "suggestion"),
    [
        ({"email": "a@gmаil.com"}, _C.EMAIL_LOOK_ALIKE, {"email": "a@gmail.com"}),
        ({"email": "äiti@example.com"}, _C.EMAIL_INTERNATIONAL, {}), ({"email": "info@example.com"}, _C.EMAIL_ROLE, {}),
        ({"email": "Both@example.com"}, _C.EMAIL_SHARED, {}), ({"phone": "+358 12"}, _C.PHONE_INVALID, {}),
        ({"postcode": "22100", "town": "Mariehamn"}, _C.ALAND, {"country": "AX"}),
        ({"postcode": "SE-123 45", "town": "Stockholm"}, _C.POSTCODE_COUNTRY, {"postcode": "123 45", "country": "SE"}),
        ({"postcode": "123 45", "town": "Stockholm"}, _C.POSTCODE_COUNTRY, {"country": "SE"}),
        ({"postcode": "", "town": "90100 Oulu"}, _C.POSTCODE_IN_TOWN, {"postcode": "90100", "town": "Oulu"}),
        ({"postcode": "9010"}, _C.POSTCODE_FORM, {}), ({"postcode": ""}, _C.POSTCODE_FORM, {}),
        ({"street": "P.O. Box 12"}, _C.BOX_FORM, {"street": "PL 12"}),
        ({"street": "PL 12", "country": "SE", "postcode": "123 45"}, _C.BOX_FORM, {"street": "Box 12"}),
        ({"street": "c/o Salo, Tie 3"}, _C.CARE_OF_IN_STREET, {"care_of": "c/o Salo", "street": "Tie 3"}),
        ({"street": "Tie 3, c/o Salo"}, _C.CARE_OF_IN_STREET, {"care_of": "c/o Salo", "street": "Tie 3"}),
        ({"street": "Tie 3 " + "x" * 40}, _C.LINE_LONG, {}), ({"street": "Metsola"}, _C.NO_HOUSE, {}),
        ({"street": "tuntematon"}, _C.ADDRESS_UNFIT, {}),
        ({"national_id": "131003A9551"}, _C.NATIONAL_ID_BORN, {"born": "2003-10-13"}),
        ({"born": "2027-01-01"}, _C.BORN_LATE, {}), ({"born": "1890-01-01", "registered": ""}, _C.BORN_EARLY, {}),
        ({"registered": "1970"}, _C.REGISTERED_UNBORN, {}), ({"removed": "2011"}, _C.REMOVED_EARLY, {}),
        ({"family_name": "VON ESSEN-ÅKERLUND", "given_names": "AINO"}, _C.NAME_CAPITALS,
         {"family_name": "von Essen-Åkerlund", "given_names": "Aino"}),
    ],
)  # fmt: skip
def test_doubts(changes: dict[str, Any], code: ContactProblem, suggestion: dict[str, str]) -> None:
    assert dict(found(**changes)[code].suggestion) == suggestion


@pytest.mark.parametrize("code", list(ContactProblem))
def test_a_suggestion_taken_leaves_no_doubt_of_its_kind(code: ContactProblem) -> None:
    for changes in [mark.values[0] if hasattr(mark, "values") else mark[0] for mark in _CASES]:
        doubt = found(**changes).get(code)
        if doubt is not None and doubt.suggestion:
            assert code not in found(**(changes | dict(doubt.suggestion)))


_CASES = test_doubts.pytestmark[0].args[1]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("number", "country", "valid"),
    [("050 123 4567", "FI", True), ("070-123 45 67", "SE", True), ("22 12 34 56", "NO", True), ("32 12 34 56", "DK", True),
     ("5123 4567", "EE", True), ("+49 30 123456", "FI", True), ("018 12345", "AX", True), ("1234", "FI", False),
     ("kotona", "FI", False)],
)  # fmt: skip
def test_telephone_numbers_by_country(number: str, country: str, valid: bool) -> None:
    assert valid_phone(number, country) is valid


def test_national_ids_by_country() -> None:
    danish = parse_national_id("0101801000", "DK")
    assert danish is not None and danish == ("010180-1000", "DK", date(1980, 1, 1))
    assert parse_national_id("310280-1000", "DK") is None and parse_national_id("010180-1000", "FI") is None
    assert parse_national_id("60001019906", "NO") is not None and parse_national_id("15879510063", "NO") is not None
    for sign in "YXWVU-":
        known = parse_national_id(f"131052{sign}308T")
        assert known is not None and known.born_on == date(1952, 10, 13)
    assert parse_national_id("131052Z308T") is None
