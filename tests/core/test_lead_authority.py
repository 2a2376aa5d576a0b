"""Whom a controller owes a notice: the rows of the law and of the guidelines, one by one."""

from __future__ import annotations

import pytest

from dpo_app import bootstrap
from dpo_app.core.authority.authorities import EEA
from dpo_app.core.authority.lead_authority import (
    BodyKind,
    CrossBorder,
    Owed,
    OwedReason,
    OwedRole,
    is_cross_border,
    who_is_owed,
)
from dpo_app.core.errors import InputError

DIRECTORY = bootstrap.forms().directory()


def owed(**values: object) -> list[Owed]:
    return list(who_is_owed(CrossBorder(**values), DIRECTORY))  # type: ignore[arg-type]


def roles(found: list[Owed]) -> list[tuple[str, OwedRole, bool | None]]:
    return [(each.authority, each.role, each.owed) for each in found]


def test_one_establishment_and_persons_at_home_is_one_authority() -> None:
    found = owed(country="FI", persons={"FI": 500})
    assert roles(found) == [("FI", OwedRole.COMPETENT, True)] and found[0].persons == 500
    assert found[0].reasons == (OwedReason.ONLY_ESTABLISHMENT,)


def test_persons_substantially_affected_elsewhere_make_it_cross_border() -> None:
    found = owed(country="FI", persons={"FI": 500, "SE": 318}, likely_substantial=True)
    assert roles(found) == [("FI", OwedRole.LEAD, True), ("SE", OwedRole.CONCERNED, False)]
    assert OwedReason.RESIDENTS_AFFECTED in found[0].reasons and found[1].persons == 318


def test_whether_they_are_substantially_affected_is_a_judgement() -> None:
    case = CrossBorder("FI", persons={"FI": 500, "SE": 3, "DE": 1})
    assert is_cross_border(case) is None
    assert owed(country="FI", persons={"SE": 3})[1].reasons == (OwedReason.RESIDENTS_MAYBE,)
    judged = owed(country="FI", persons={"SE": 3, "DE": 1}, substantially=frozenset({"SE"}))
    assert [each.authority for each in judged] == ["FI", "SE"]
    denied = owed(country="FI", persons={"SE": 3}, substantially=frozenset())
    assert roles(denied) == [("FI", OwedRole.COMPETENT, True)]


def test_establishments_in_several_states_need_no_judgement() -> None:
    found = owed(country="FI", establishments=frozenset({"FI", "EE"}), persons={"FI": 9})
    assert roles(found) == [("FI", OwedRole.LEAD, True), ("EE", OwedRole.CONCERNED, False)]
    assert found[1].reasons == (OwedReason.ESTABLISHED_THERE,)


def test_an_unknown_main_establishment_is_told_where_it_took_place() -> None:
    found = owed(country="", establishments=frozenset({"SE", "FI"}), place="SE", persons={"SE": 1, "FI": 2})
    assert roles(found)[0] == ("SE", OwedRole.PLACE, True)
    assert roles(found)[1] == ("FI", OwedRole.CONCERNED, None)


@pytest.mark.parametrize("home", ["US", "GB", "CH", ""])
def test_without_an_establishment_every_state_with_persons_is_told(home: str) -> None:
    found = owed(country=home, persons={"FI": 2, "SE": 30, "DE": 0, "": 4})
    every = [each for each in found if each.role is OwedRole.EVERY_STATE]
    assert [(each.authority, each.owed) for each in every] == [("SE", True), ("FI", True)]
    beside = [each.authority for each in found if each.role is OwedRole.BESIDE]
    assert beside == {"GB": ["UK"], "CH": ["CH"]}.get(home, [])


def test_a_public_body_has_no_lead() -> None:
    found = owed(country="FI", sector=BodyKind.PUBLIC, persons={"FI": 5, "SE": 5}, likely_substantial=True)
    assert roles(found) == [("FI", OwedRole.COMPETENT, True)]
    assert found[0].reasons == (OwedReason.PUBLIC_BODY,)


@pytest.mark.parametrize(("land", "sector", "authority"), [
    ("NW", BodyKind.PRIVATE, "DE-NW"), ("BY", BodyKind.PRIVATE, "DE-BY"), ("BY", BodyKind.PUBLIC, "DE-BY-P"),
    ("NW", BodyKind.TELECOM_POST, "DE"), ("", BodyKind.PRIVATE, "DE"),
])  # fmt: skip
def test_germany_is_told_by_land(land: str, sector: BodyKind, authority: str) -> None:
    found = owed(country="DE", land=land, sector=sector, persons={"DE": 1})
    assert found[0].authority == authority
    assert (OwedReason.LAND_UNKNOWN in found[0].reasons) == (not land)


@pytest.mark.parametrize(("country", "land", "sector", "authority"), [
    ("ES", "CT", BodyKind.PUBLIC, "ES-CT"), ("ES", "CT", BodyKind.PRIVATE, "ES"), ("FI", "AX", BodyKind.PUBLIC, "AX"),
    ("FI", "AX", BodyKind.PRIVATE, "FI"),
])  # fmt: skip
def test_regional_authorities_are_for_public_bodies(country: str, land: str, sector: BodyKind, authority: str) -> None:
    assert owed(country=country, land=land, sector=sector)[0].authority == authority


def test_uk_and_swiss_persons_stand_beside() -> None:
    found = owed(country="FI", persons={"FI": 9, "GB": 2, "CH": 1})
    assert roles(found)[1:] == [("UK", OwedRole.BESIDE, None), ("CH", OwedRole.BESIDE, None)]


def test_the_directory_has_every_state_and_every_land() -> None:
    assert {each.country for each in DIRECTORY.authorities} >= EEA | {"GB", "CH", "EU"}
    lands = {each.land for each in DIRECTORY.authorities if each.country == "DE" and each.land}
    assert len(lands) == 16
    for each in DIRECTORY.authorities:
        assert each.languages and each.name and each.name_en
        assert each.verified or not (each.postal or each.phone), "unseen contact data is left out"
        assert all(each.site in channel.url for channel in each.channels)


def test_an_unknown_authority_is_named() -> None:
    assert DIRECTORY.find("fi").id == "FI"
    with pytest.raises(InputError) as caught:
        DIRECTORY.find("XX")
    assert caught.value.code == "no_such_authority"
