"""How much of the corpus is recognised, and with the right reason: both figures, for the part that the rules know and
for the part that was kept from them."""

from __future__ import annotations

from collections import Counter

import pytest

from dpo_app.core.mail.bounce import PROVEN, BounceReason, MailKind, Proof, ReadMail
from dpo_app.core.mail.return_path import token_of
from dpo_app.dispatch.bounce_parser import read_mail
from tests.dispatch.bounce_kit import KEY, Truth, a_bounce, corpus

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
    assert kinds["bounced"] >= 150 and set(kinds) == set(MailKind) - {MailKind.UNREADABLE, MailKind.NO_MESSAGE}
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
        assert read_mail(each.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r")) == read[each.file], "old Macs"
        assert read_mail(each.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")) == read[each.file]
    identities = Counter(mail.identity for mail in read.values())
    assert set(identities.values()) == {1}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("550 5.1.0 <office@example.com> sender rejected. Refer to Error Codes section", "policy"),
        ("550-5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy", "trust"),
        ("421 4.3.0 Upstream error, please check the postmaster page for possible reasons why", "server"),
        ("550 Unknown user x@posti.example", "dead_address"), ("552 1 Mail size limit exceeded", "too_big"),
        ("550 5.7.1 Recipient address rejected: user x@posti.example does not exist", "dead_address"),
        ("554 5.2.1 Mailbox is inactive", "disabled"), ("550 5.2.2 user has exceeded their storage quota", "full"),
        ("550 5.7.0 Local Policy Violation", "policy"), ("553 sorry, that domain isn't in my list of allowed rcpthosts", "setup"),
        ("550 5.4.1 Relay Access Denied", "setup"), ("550 This IP address is not allowed to send", "policy"),
        ("550 mailbox temporarily locked", "disabled"), ("550 Host unknown", "dead_domain"),
        ("554 5.6.0 Message contains invalid header", "content"), ("451 4.7.1 Please try again later (greylisted)", "expired"),
    ],
)  # fmt: skip
def test_what_servers_say(said: str, reason: str) -> None:
    mail = read_mail(a_bounce("office@example.com", said))
    assert mail.reason is not None and (mail.kind, mail.reason.value) == (MailKind.BOUNCED, reason)


def test_a_complaint_in_a_form_of_its_own() -> None:
    data = (
        b"From: neko@provider.example\nSubject: complaint about message from 192.0.2.222\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ntext\n\n--b--\n'
    )
    assert read_mail(data).kind is MailKind.COMPLAINT


def test_a_reused_message_id_hides_nothing() -> None:
    first = (e for e in corpus("seen") if e.proof == Proof.RETURN_PATH and e.reason == "full")
    one, two = next(first), next(first)
    lines = {e.file: [x for x in e.data.split(b"\n") if x.lower().startswith(b"message-id:")][0] for e in (one, two)}
    forged = two.data.replace(lines[two.file], lines[one.file], 1)
    assert read_mail(forged).identity != read_mail(one.data).identity
