"""The first rows of a list are the first rows of the whole list, whichever way they were found; any part of what a
person is called by finds them."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from dpo_app.core.delivery import BEST_FIRST, Standing
from dpo_app.core.facts.exposure import EXPOSURE_ORDER, ExposureState
from dpo_app.core.ids import BatchId, BreachId, PersonId, grouped, parse_ref
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.services.desk.manage_store import decide
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import make_letters
from dpo_app.services.lines import PersonFilter
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.store.persons import person_lists, person_queries
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

FAMILIES = ("Äikäs", "Mäkinen", "Öst", "Åberg", "Aalto", "van der Berg", "Zeta", "makinen")


@pytest.fixture
def listed(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Forty persons: told, on the way, open, excused, protected, not exposed, without dates; some not planned."""
    starts = itertools.cycle(("1.1.2010", "1.1.2019", "1.1.2020", "", "2.12.2018"))
    rows = [
        a_row(
            number, Sukunimi=FAMILIES[number % 8], Etunimi=("Maija-Liisa", "Bo", "")[number % 3], Ensikäynti=next(starts),
            Kieli=("fi", "sv", "en")[number % 3], Postinumero=f"{90_000 + number * 7 % 100:05d}",
            Turvakielto="x" if number % 11 == 0 else "",
            **({"Sähköposti": ""} if number % 4 == 0 else {}),
        )
        for number in range(40)
    ]  # fmt: skip
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    make_letters(desk, breach_id, tmp_path / "letters", limit=3)
    made = export_emails(desk, breach_id, tmp_path / "mail", limit=9)
    confirm_sent(desk, BatchId(parse_ref(made.reference, "L") or 0), made.planned)
    decide(desk, breach_id, [PersonId(5), PersonId(6)], "excuse", "excused", "moved abroad")
    bring_in(desk, breach_id, a_register(tmp_path / "late.csv", [a_row(90), a_row(91)]))
    return breach_id


FILTERS = [
    PersonFilter(), PersonFilter(care=True), PersonFilter(language="sv"), PersonFilter(window=1),
    PersonFilter(care_rules=frozenset({CareRule.PROTECTED})), PersonFilter(text="äkin"), PersonFilter(born_after="1950"),
    *(PersonFilter(exposures=frozenset({state})) for state in EXPOSURE_ORDER),
    *(PersonFilter(channels=frozenset({channel})) for channel in Channel),
    *(PersonFilter(standings=frozenset({standing})) for standing in BEST_FIRST),
    PersonFilter(standings=frozenset({Standing.OPEN, Standing.EXCUSED}), channels=frozenset({Channel.EMAIL})),
    PersonFilter(exposures=frozenset({ExposureState.POSSIBLE, ExposureState.NOT_EXPOSED}), language="fi"),
]  # fmt: skip


@pytest.mark.parametrize(
    "few", [pytest.param(0, marks=pytest.mark.slow), 3, pytest.param(20_000, marks=pytest.mark.slow)]
)
def test_first_rows_are_the_first_of_the_whole(
    desk: Desk, listed: BreachId, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(person_lists, "FEW", few)
    with desk.read() as queries:
        revision = queries.newest_revision(listed).id
        for wanted in FILTERS:
            every = set(queries.person_ids(listed, revision, wanted))  # type: ignore[arg-type]
            for order in ("name", "exposure", "channel", "standing", "language", "postcode", "born", "code"):
                for down in (False, True):
                    whole = queries.person_ids(listed, revision, wanted, order, down)  # type: ignore[arg-type]
                    first = queries.person_ids(listed, revision, wanted, order, down, 7)  # type: ignore[arg-type]
                    assert set(whole) == every and len(whole) == len(every), (wanted, order)
                    assert list(first) == list(whole[:7]), (wanted, order, down)


def test_exposure_is_ordered_by_weight_and_names_within(desk: Desk, listed: BreachId) -> None:
    with desk.read() as queries:
        revision = queries.newest_revision(listed).id
        ids = queries.person_ids(listed, revision, PersonFilter(), "exposure")  # type: ignore[arg-type]
        lines = queries.person_lines(revision, ids)  # type: ignore[arg-type]
    places = [EXPOSURE_ORDER.index(ExposureState(line.exposure)) if line.exposure else 9 for line in lines]
    assert places == sorted(places) and len(lines) == 42
    confirmed = [line.family_name for line in lines if line.exposure == "confirmed"]
    assert confirmed == sorted(confirmed, key=lambda name: person_order(name))
    told = [line for line in lines if line.standing == "told"]
    assert told and all(line.told_revision == revision for line in told)
    assert all(("protected" in line.care) == line.protected for line in lines if line.exposure)


def person_order(name: str) -> str:
    """Order of Finnish and Swedish lists: å, ä, ö after z."""
    from dpo_app.core.persons.names import sort_key

    return sort_key(name, "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("äkine", "A1001"), ("AKINEN bo", "A1001"), ("ino1@exa", "A1001"), ("1001", "A1001"), ("a1001", "A1001"),
        ("der erg", "A1005"), ("liisa äikäs", "A1000"), ("iisa", "A1000"),
    ],
)  # fmt: skip
def test_any_part_finds(desk: Desk, listed: BreachId, text: str, number: str) -> None:
    with desk.read() as queries:
        revision = queries.newest_revision(listed).id
        found = queries.find_persons(listed, text, 100)
        numbers = {queries.person(PersonId(each), revision).customer_number for each in found}  # type: ignore[arg-type]
    assert number in numbers


@pytest.mark.parametrize("few", [0, 20_000])
def test_many_who_match_are_found_by_walking(
    desk: Desk, listed: BreachId, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(person_queries, "FEW", few)
    with desk.read() as queries:
        revision = queries.newest_revision(listed).id
        for text in ("ain", "äki", "maija", "bo", "example", "A10", "@example.com", "maija äikäs", "ma öst", "A1007"):
            found = list(queries.find_persons(listed, text, 50))
            by_name = queries.person_ids(listed, revision, PersonFilter(text=text))  # type: ignore[arg-type]
            assert found == list(by_name), text
            assert list(queries.find_persons(listed, text, 2)) == found[:2]


def test_codes_in_groups_numbers_with_blanks_and_strange_signs(desk: Desk, listed: BreachId) -> None:
    with desk.read() as queries:
        revision = queries.newest_revision(listed).id
        code = queries.person_lines(revision, [1])[0].code  # type: ignore[arg-type]
        assert list(queries.find_persons(listed, grouped(code))) == [1]
        assert list(queries.find_persons(listed, code[2:6])) and 1 in queries.find_persons(listed, code[2:6], 50)
        for strange in ("", '"', "'; DROP TABLE person", "a AND OR NOT", "*", "NEAR(", "ä" * 300, "()", "-", "\x00"):
            queries.find_persons(listed, strange)
        assert not queries.find_persons(listed, "zzzq")
