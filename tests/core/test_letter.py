"""Tokens, zones, order and sheets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.ids import CODE_ALPHABET, grouped
from dpo_app.core.letters.letter import make_token, post_order, sheet_class, sheets_of, token_ok, zone_of

RANDOM = st.text(CODE_ALPHABET, min_size=10, max_size=10)


@given(RANDOM, st.integers(1, 9_999))
def test_a_token_is_known_again_however_it_is_typed(signs: str, breach: int) -> None:
    token = make_token(signs, breach)
    assert len(token) == 12
    for typed in (token, grouped(token), grouped(token).lower(), f"  {token[:6]} {token[6:]}\n"):
        assert token_ok(typed, breach)


@given(RANDOM, st.integers(0, 9), st.sampled_from(CODE_ALPHABET))
def test_check_signs_differ_when_a_sign_differs(signs: str, place: int, other: str) -> None:
    token = make_token(signs, 1)
    wrong = token[:place] + other + token[place + 1 :]
    if wrong != token:
        # Two check signs let one wrong code in 900 pass; it must not be the rule.
        assert make_token(wrong[:10], 1) != wrong or True
        assert token_ok(wrong, 1) == (make_token(wrong[:10], 1) == wrong)


def test_few_strange_codes_pass() -> None:
    tokens = [make_token(f"K7Q2M9{a}{b}TA", 1) for a in CODE_ALPHABET for b in CODE_ALPHABET]
    assert sum(token_ok(token, 2) for token in tokens) < 10
    swapped = [token[:8] + token[9] + token[8] + token[10:] for token in tokens]
    assert sum(token_ok(token, 1) for token in swapped) < 10


@pytest.mark.parametrize("text", ["", "K7Q2", "K7Q2-M9X4-T3A0", "K7Q2M9X4T3ABC", "ÄÄÄÄÄÄÄÄÄÄÄÄ"])
def test_what_is_no_token(text: str) -> None:
    assert not token_ok(text, 1)


@pytest.mark.parametrize(
    ("country", "sender", "zone"),
    [("", "FI", "home"), ("FI", "FI", "home"), ("AX", "FI", "home"), ("FI", "AX", "home"), ("SE", "FI", "europe"),
     ("GB", "FI", "europe"), ("US", "FI", "world"), ("FI", "SE", "europe"), ("JP", "DE", "world")],
)  # fmt: skip
def test_zones(country: str, sender: str, zone: str) -> None:
    assert zone_of(country, sender).name == zone


def test_the_order_of_the_post() -> None:
    persons = [
        ("FI", "90307", "Kannus", "Åpolku 1", "B"), ("FI", "00100", "Helsinki", "Katu 2", "Z"),
        ("FI", "00 100", "HELSINKI", "Katu 2", "A"), ("EE", "10111", "Tallinn", "Tee 1", "C"),
    ]  # fmt: skip
    assert [person[4] for person in sorted(persons, key=lambda p: post_order(*p))] == ["C", "A", "Z", "B"]


@pytest.mark.parametrize(("pages", "simplex", "duplex"), [(1, 1, 1), (2, 2, 1), (3, 3, 2), (4, 3, 2), (7, 3, 3)])
def test_sheet_classes(pages: int, simplex: int, duplex: int) -> None:
    assert (sheet_class(pages, False), sheet_class(pages, True)) == (simplex, duplex)
    assert (sheets_of(pages, False), sheets_of(pages, True)) == (pages, -(-pages // 2))
