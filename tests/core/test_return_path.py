"""The signed code: read back from whatever servers make of it, and refused when anybody else made it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpo_app.core.ids import CODE_ALPHABET, TOKEN_LENGTH
from dpo_app.core.mail.return_path import address_with, codes_in, message_id, signed_code, token_of

KEY, TOKEN = b"k" * 32, "K7Q2M9X4T3AB"
tokens = st.text(CODE_ALPHABET, min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH)


@given(tokens, st.binary(min_size=32, max_size=32))
@settings(max_examples=100, deadline=None)
def test_what_was_signed_is_read_back(token: str, key: bytes) -> None:
    for text in (address_with("office@example.com", signed_code(token, key)), message_id(token, 3, "example.com", key)):
        assert text.isascii() and text == text.lower()
        found = codes_in(f"<{text.upper()}>")
        assert [token_of(each, key) for each in found] == [token]


@pytest.mark.parametrize(
    "wrapped",
    [
        "prvs=0123456789=office+{}@example.com",
        "<Office+{}@Example.COM>",
        "btv1==999=office+{}@example.com",
        "rfc822; office+{}@mx.example.com",
        "SRS0=ab12=XY=example.com=office+{}@relay.example",
        "Message-Id: <{}.1@example.com>",
    ],
)
def test_wrappings_of_servers_do_not_matter(wrapped: str) -> None:
    text = wrapped.format(signed_code(TOKEN, KEY))
    assert [token_of(each, KEY) for each in codes_in(text)] == [TOKEN]


@given(st.integers(0, 19), st.sampled_from(CODE_ALPHABET))
@settings(max_examples=200, deadline=None)
def test_one_other_sign_is_refused(place: int, sign: str) -> None:
    code = signed_code(TOKEN, KEY).upper()
    changed = code[:place] + sign + code[place + 1 :]
    assert token_of(changed, KEY) == (TOKEN if changed == code else None)


@pytest.mark.parametrize("text", ["", TOKEN, TOKEN + "2" * 8, "2" * 20, "ä" * 20, TOKEN + "2" * 7])
def test_a_token_alone_proves_nothing(text: str) -> None:
    assert token_of(text, KEY) is None


def test_a_long_mailbox_is_left_as_it_is() -> None:
    long = "a" * 50 + "@example.com"
    assert address_with(long, signed_code(TOKEN, KEY)) == long
    assert len(address_with("a" * 43 + "@example.com", signed_code(TOKEN, KEY)).split("@")[0]) == 64
