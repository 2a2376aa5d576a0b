"""How much of the corpus is recognised, and with the right reason: both figures, for the part that the rules know and
for the part that was kept from them."""

from __future__ import annotations

from collections import Counter

import pytest

from dpo_app.core.bounce import PROVEN, BounceReason, MailKind, Proof, ReadMail
from dpo_app.core.return_path import token_of
from dpo_app.dispatch.bounce_parser import read_mail
from tests.dispatch.bounce_kit import KEY, Truth, corpus

#: The figures asked for.
RECOGNISED, REASON_RIGHT = 0.90, 0.85


@pytest.fixture(scope="module")
def read() -> dict[str, ReadMail]:
    """Every message of the corpus, read."""
    return {each.file: read_mail(each.data) for each in corpus()}


def proof_of(mail: ReadMail, token: str) -> str:
    """Return the place of the first code that is ours."""
    return next((place.value for place, code in mail.codes if token_of(code, KEY) == token), "none")


def reports(part: str) -> list[Truth]:
    return [each for each in corpus(part) if each.kind in ("bounced", "delayed")]


def test_the_corpus_is_as_big_as_it_must_be() -> None:
    kinds = Counter(each.kind for each in corpus())
    assert kinds["bounced"] >= 150 and set(kinds) == set(MailKind) - {MailKind.UNREADABLE}
    assert {each.reason for each in corpus()} - {""} == set(BounceReason)
    assert 3 * len(corpus("held")) >= len(corpus()), "a third was kept from the rules"


@pytest.mark.parametrize("part", ["seen", "held"])
def test_recognised_and_reasons(part: str, read: dict[str, ReadMail], record_property: pytest.RecordProperty) -> None:
    wanted = reports(part)
    kinds = sum(read[each.file].kind.value == each.kind for each in wanted)
    reasons = sum((found := read[each.file].reason) is not None and found.value == each.reason for each in wanted)
    record_property(f"bounces_recognised_{part}", f"{kinds} of {len(wanted)}")
    record_property(f"bounce_reasons_{part}", f"{reasons} of {len(wanted)}")
    assert kinds >= RECOGNISED * len(wanted), f"{kinds} of {len(wanted)} recognised"
    assert reasons >= REASON_RIGHT * len(wanted), f"{reasons} of {len(wanted)} reasons right"


@pytest.mark.parametrize("each", [e for e in corpus() if e.kind not in ("bounced", "delayed")], ids=lambda e: e.file)
def test_what_is_no_bounce_is_not_taken_for_one(each: Truth, read: dict[str, ReadMail]) -> None:
    assert read[each.file].kind.value == each.kind
    assert read[each.file].reason is None


@pytest.mark.parametrize("each", corpus(), ids=lambda e: e.file)
def test_tied_by_a_signed_code_or_not_at_all(each: Truth, read: dict[str, ReadMail]) -> None:
    mail = read[each.file]
    assert proof_of(mail, each.token) == each.proof
    assert all(place in PROVEN for place, _code in mail.codes)
    others = {token_of(code, KEY) for _place, code in mail.codes} - {None, each.token}
    assert not others, "no code of somebody else"


def test_the_same_message_is_the_same_whatever_its_line_ends(read: dict[str, ReadMail]) -> None:
    for each in corpus("seen")[:20]:
        assert read_mail(each.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")) == read[each.file]
    identities = Counter(mail.identity for mail in read.values())
    assert set(identities.values()) == {1}


def test_a_reused_message_id_hides_nothing() -> None:
    first = (e for e in corpus("seen") if e.proof == Proof.RETURN_PATH and e.reason == "full")
    one, two = next(first), next(first)
    lines = {e.file: [x for x in e.data.split(b"\n") if x.lower().startswith(b"message-id:")][0] for e in (one, two)}
    forged = two.data.replace(lines[two.file], lines[one.file], 1)
    assert read_mail(forged).identity != read_mail(one.data).identity
