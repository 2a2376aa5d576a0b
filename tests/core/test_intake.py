from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.dates import DateOrder, NoSuchDate, order_of, parse_date
from dpo_app.core.errors import InputError
from dpo_app.core.persons.columns import Column, ColumnMap, Sureness, column_map, heading_score, propose
from dpo_app.core.persons.contact import parse_country, parse_email, parse_flag, parse_language, parse_phone
from dpo_app.core.persons.intake import ProblemCode, RowParser
from dpo_app.core.persons.names import clean, folded, match_key, sort_key, split_full_name, unguarded
from dpo_app.core.persons.national_id import masked, parse_national_id

TODAY = date(2026, 11, 24)
VALID = [
    "010152-901X",
    "290284Y912D",
    "131003A9551",
    "241221D987D",
    "310599+930K",
    "19800102-9803",
    "19900515-9810",
    "19670364-9845",
    "15879510063",
    "60001019906",
    "30303039914",
    "39901019992",
    "50001029996",
]
INVALID = ["290283Y9129", "131003G955K", "131003-955", "131052-308U", "19800102-9804", "48811040256", "12345678901"]


@pytest.mark.parametrize("text", VALID)
def test_artificial_ids_are_valid(text: str) -> None:
    assert parse_national_id(text) is not None


@pytest.mark.parametrize("text", INVALID)
def test_wrong_ids_are_not(text: str) -> None:
    assert parse_national_id(text) is None


def test_an_id_gives_a_birth_date_and_is_masked() -> None:
    known = parse_national_id("131003A9551")
    assert known is not None and known.born_on == date(2003, 10, 13)
    assert masked("131003A9551") == "••••••-•551"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3.4.2015", "2015-04-03"), ("03.04.15", "2015-04-03"), ("2015-04-03", "2015-04-03"), ("20150403", "2015-04-03"),
     ("42097", "2015-04-03"), ("3/4/2015", "2015-04-03"), ("1.1.30", "1930-01-01")],
)  # fmt: skip
def test_dates_as_registers_write_them(text: str, expected: str) -> None:
    found = parse_date(text, DateOrder.DAY_FIRST, TODAY)
    assert found is not None and found.earliest.isoformat() == expected


@pytest.mark.parametrize("text", ["31.2.2014", "99.99.9999", "12.13.2021", "x", "2014-02-30", "1.1.0001"])
def test_dates_that_do_not_exist(text: str) -> None:
    with pytest.raises(NoSuchDate):
        parse_date(text, DateOrder.DAY_FIRST, TODAY)


def test_the_order_of_a_column_is_proved_or_asked() -> None:
    assert order_of(["3/4/2015", "25/4/2015"]) is DateOrder.DAY_FIRST
    assert order_of(["3/4/2015", "4/25/2015"]) is DateOrder.MONTH_FIRST
    assert order_of(["3/4/2015"]) is DateOrder.UNDECIDED
    assert order_of(["3.4.2015"]) is DateOrder.DAY_FIRST


def test_contact_data() -> None:
    assert parse_email("Aino@Example.COM") == "Aino@example.com"
    assert parse_email("a@b") is None and parse_email("Mallipolku 4") is None
    assert parse_phone("(+358) 313899275") and parse_phone("050 123") and not parse_phone("kotona")
    assert [parse_country(x) for x in ("Suomi", "Sverige", "Deutschland", "se", "nowhere")] == [
        "FI",
        "SE",
        "DE",
        "SE",
        None,
    ]
    assert [parse_language(x) for x in ("suomi", "Svenska", "en", "fi-FI", "?")] == ["fi", "sv", "en", "fi", None]
    assert [parse_flag(x) for x in ("X", "kyllä", "ei", "", "ehkä")] == [True, True, False, False, None]


def test_names() -> None:
    assert split_full_name("Virtanen, Matti Juhani") == ("Virtanen", "Matti Juhani")
    assert split_full_name("Ludwig van Beethoven") == ("van Beethoven", "Ludwig")
    assert match_key("KOSONEN", "MATTI", "1978-05-26") == match_key("Kosonen", "Matti", "1978-05-26")
    assert sort_key("Zilliacus", "") < sort_key("Åberg", "") < sort_key("Äijälä", "") < sort_key("Öhman", "")
    assert clean("A\u202eB\u200b\x07C") == ("ABC", True)
    assert clean("<b>Aino</b>") == ("<b>Aino</b>", False)
    assert unguarded("'+358") == "+358" and unguarded("'t Hooft") == "'t Hooft"


@given(st.text(max_size=40))
def test_folding_and_cleaning_twice_change_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert clean(clean(text)[0])[0] == clean(text)[0]


def a_map(*columns: Column) -> ColumnMap:
    return ColumnMap(columns, tuple(c.value for c in columns), dict.fromkeys((Column.BORN, Column.REGISTERED, Column.REMOVED), DateOrder.DAY_FIRST))  # fmt: skip


def codes(columns: tuple[Column, ...], *cells: str) -> set[ProblemCode]:
    return {p.code for p in RowParser(a_map(*columns), TODAY).parse(2, cells).problems}


NAME = (Column.FAMILY_NAME,)


def test_problems_of_rows() -> None:
    assert codes((*NAME, Column.REGISTERED), "A", "31.2.2014") == {ProblemCode.DATE_NOT_EXIST}
    assert codes((*NAME, Column.NATIONAL_ID), "A", "131052-308U") == {ProblemCode.NATIONAL_ID_CHECK}
    assert codes((*NAME, Column.EMAIL), "A", "Mallipolku 4") == {ProblemCode.EMAIL_FORM}
    assert codes((*NAME, Column.EMAIL), "A", "a@example.com b@example.com") == {ProblemCode.EMAIL_SEVERAL}
    assert ProblemCode.EMAIL_ELSEWHERE in codes((*NAME, Column.PHONE), "A", "a@example.com")
    assert codes((*NAME, Column.STREET), "A", "Katu 1, 131052-308T") == {ProblemCode.ID_IN_ADDRESS}
    assert codes((*NAME, Column.PROTECTED), "A", "ehkä") == {ProblemCode.FLAG_UNCLEAR}
    assert codes(NAME, "") == {ProblemCode.NO_NAME_OR_NUMBER}
    assert codes(NAME, "A", "B") == {ProblemCode.COLUMN_COUNT}
    assert codes(NAME, "VIRTANEN") == {ProblemCode.NAME_IN_CAPITALS}
    assert codes(NAME, "A\u202eB") == {ProblemCode.SIGNS_REMOVED}
    assert codes(NAME, "=1+1") == {ProblemCode.FORMULA}


def test_a_stopped_row_has_no_person_and_an_unclear_flag_protects() -> None:
    parser = RowParser(a_map(Column.FAMILY_NAME, Column.REGISTERED, Column.PROTECTED), TODAY)
    assert parser.parse(2, ["A", "99.99.9999", ""]).person is None
    person = parser.parse(3, ["A", "1.1.2020", "ehkä"]).person
    assert person is not None and person.protected


WORDS = {"email": ["sahkoposti"], "family_name": ["sukunimi"], "registered": ["ensikaynti"]}


def test_columns_are_recognised_or_asked_about() -> None:
    rows = [["a@example.com", "Virtanen", "1.2.2020"], ["b@example.com", "Mäkinen", "3.4.2021"]]
    found = propose(["Sähköposti", "Sukunimi", "Ensikäynti"], rows, WORDS, TODAY)
    assert [p.column for p in found] == [Column.EMAIL, Column.FAMILY_NAME, Column.REGISTERED]
    assert all(p.sureness is Sureness.BOTH for p in found)
    names = [["Virtanen", "Aino"], ["Mäkinen", "Eino"], ["Salo", "Elli"]]
    lying = propose(["Sähköposti", "Sukunimi"], names, WORDS, TODAY)
    assert lying[0].sureness is Sureness.ASK
    few = propose(["Sähköposti", "Sukunimi"], names[:2], WORDS, TODAY)
    assert few[0].sureness is Sureness.HEADING, "two values are problems of their rows"
    twins = propose(["Sukunimi", "Sukunimi (2)"], names, WORDS, TODAY)
    assert {each.sureness for each in twins} == {Sureness.BOTH, Sureness.TWICE}
    assert heading_score("Sähköposti (koti)", ["sahkoposti"]) == 0.7


def test_two_columns_alike_and_none_needed() -> None:
    rows = [["Virtanen", "Mäkinen"]]
    found = propose(["Sukunimi", "Toinen"], rows, WORDS, TODAY)
    made = column_map(found, rows, {"Toinen": "family_name"})
    assert made.columns == (Column.EXTRA, Column.FAMILY_NAME)
    with pytest.raises(InputError, match="column_needed"):
        column_map(found, rows, {"Sukunimi": "leave_out"})
    with pytest.raises(InputError, match="no_such_heading"):
        column_map(found, rows, {"Nimi": "email"})
