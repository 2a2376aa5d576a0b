"""Identity, due dates and the forecast: nothing is confirmed too early, nobody is promised too late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.facts.breach import DataCategory
from dpo_app.core.persons.enquiry import (
    ESTABLISHED,
    FREQUENT,
    RARE,
    AskedFact,
    EnquiryKind,
    Evidence,
    Identity,
    answer_due,
    facts_to_ask,
    identity_of,
    tells_rightly,
)
from dpo_app.core.persons.enquiry_load import (
    HOUR,
    RATE,
    Service,
    Wave,
    expected_by_hour,
    learned_rate,
    share_by,
)

TODAY = date(2026, 10, 1)
A = AskedFact


@pytest.mark.parametrize(
    ("fact", "kept", "answer", "right"),
    [
        (A.BORN, "1969-03-04", "4.3.1969", True), (A.BORN, "1969-03-04", "1969", False),
        (A.BORN, "1969-03-04", "3.4.1969", False), (A.REGISTERED, "2021-02-03", "2/2021", True),
        (A.REGISTERED, "2021-02-03", "3.2.2021", True), (A.REGISTERED, "2021-02-03", "2021", False),
        (A.REGISTERED, "2021-02", "15.2.2021", True), (A.REGISTERED, "2021-02-03", "3/2021", False),
        (A.CUSTOMER_NUMBER, "E100001", "e 100001", True), (A.CUSTOMER_NUMBER, "", "", False),
        (A.PHONE, "+358 40 123 4567", "040-1234567", True), (A.PHONE, "+358 40 123 4567", "4567", False),
        (A.POSTCODE, "00100", "00 100", True), (A.BORN, "1969-03-04", "soon", False), (A.BORN, "", "4.3.1969", False),
    ],
)  # fmt: skip
def test_what_people_say_against_the_register(fact: AskedFact, kept: str, answer: str, right: bool) -> None:
    assert tells_rightly(fact, kept, answer, TODAY) is right


def test_stolen_facts_are_not_asked_without_a_code() -> None:
    stolen = (DataCategory.CONTACT, DataCategory.NATIONAL_ID)
    assert facts_to_ask(stolen, with_code=False) == (A.CUSTOMER_NUMBER, A.REGISTERED)
    assert set(facts_to_ask(stolen, with_code=True)) == set(A)
    assert A.BORN in facts_to_ask((DataCategory.HEALTH,), with_code=False)


@given(
    code=st.booleans(), right=st.frozensets(st.sampled_from(AskedFact)), back=st.booleans(),
    categories=st.frozensets(st.sampled_from(DataCategory)),
)  # fmt: skip
def test_identity_needs_more_than_a_thief_has(
    code: bool, right: frozenset[AskedFact], back: bool, categories: frozenset[DataCategory]
) -> None:
    found = identity_of(Evidence(code, right, back), categories)
    free = right & set(facts_to_ask(categories, with_code=False))
    if found in ESTABLISHED:
        assert (code and right) or (back and free) or len(free) >= 2
    if not right:
        assert found not in ESTABLISHED
    if right == {A.BORN} and not code:
        assert found not in ESTABLISHED or back


def test_strong_identification_stands_alone() -> None:
    assert identity_of(Evidence(strong=True), ()) is Identity.STRONG
    assert identity_of(Evidence(), ()) is Identity.NONE


def test_digits_reach_every_kind_once() -> None:
    assert len(FREQUENT) == 9 and len(RARE) <= 9 and set(FREQUENT) | set(RARE) == set(EnquiryKind)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 28), date(2026, 10, 28)), (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2027, 1, 31), date(2027, 3, 1)), (date(2026, 11, 6), date(2026, 12, 7)),
        (date(2026, 11, 25), date(2026, 12, 28)), (date(2026, 12, 31), date(2027, 2, 1)),
        (date(2028, 1, 31), date(2028, 2, 29)),
    ],
)  # fmt: skip
def test_a_request_is_answered_within_a_month(received: date, due: date) -> None:
    """28 February 2026 is a Saturday; 6 December a Sunday and a holiday; 25 and 26 December are holidays."""
    assert answer_due(received, "FI") == due


@given(received=st.dates(date(2020, 1, 1), date(2040, 12, 31)), country=st.sampled_from(["FI", "SE", "DE", "XX"]))
def test_a_due_day_is_a_working_day_about_a_month_on(received: date, country: str) -> None:
    due = answer_due(received, country)
    assert timedelta(days=28) <= due - received <= timedelta(days=38) and due.weekday() < 5


MONDAY = datetime(2026, 9, 28, 9, tzinfo=UTC)


def weekend(day: date) -> bool:
    return day.weekday() >= 5


@given(
    waves=st.lists(st.builds(Wave, st.integers(0, 100).map(lambda h: MONDAY + h * HOUR), st.integers(0, 50_000)),
                   max_size=5),
    rate=st.floats(0, 100),
)  # fmt: skip
def test_nobody_is_lost_and_nobody_calls_a_closed_desk(waves: list[Wave], rate: float) -> None:
    hours = 24 * 60
    found = expected_by_hour(waves, rate, MONDAY, hours, Service(), weekend)
    asking = sum(wave.persons for wave in waves) * rate / 1000
    assert asking * 0.98 - 1e-6 <= sum(found) <= asking + 1e-6
    for place, expected in enumerate(found):
        at = MONDAY + place * HOUR
        assert expected == 0 or (at.weekday() < 5 and 8 <= at.hour < 17)


def test_half_ask_within_two_days_and_the_log_teaches_the_rate() -> None:
    assert share_by(timedelta(hours=48)) == pytest.approx(0.5)
    wave = [Wave(MONDAY, 33_000)]
    later = MONDAY + timedelta(days=2)
    assert learned_rate([], 0, MONDAY) == RATE
    expected = 33_000 * RATE / 1000 * 0.5
    assert learned_rate(wave, round(expected), later) == pytest.approx(RATE, rel=0.01)
    assert learned_rate(wave, round(expected * 2), later) > RATE * 1.5
    assert learned_rate(wave, 0, later) < RATE / 2
