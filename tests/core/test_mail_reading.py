"""The second reader agrees with the standard library on what is ours, and refuses what is not."""

from __future__ import annotations

import contextlib
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.mail.mail_address import NeedsUtf8, NotOneAddress, wire_address
from dpo_app.core.mail.mail_reading import UnreadableMail, one_address, read_mail

HEAD = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nContent-Type: text/plain\r\n"
LETTERS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), max_size=40
)


@given(LETTERS, LETTERS, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_what_the_standard_library_writes_is_read_back(name: str, subject: str, body: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["X-Name"] = Header(name, "utf-8").encode(maxlinelen=0) if not name.isascii() else name
    message["To"] = "b@example.com"
    message.set_content(body, cte="quoted-printable")
    message.add_alternative(f"<p>{len(body)}</p>", subtype="html", cte="base64")
    found = read_mail(message.as_bytes())
    assert found.headers["subject"].split() == subject.split()
    assert found.to_address == "b@example.com"
    kinds = [kind for kind, _text in found.texts]
    assert kinds == ["text/plain", "text/html"] and found.texts[0][1].rstrip("\n") == body.rstrip("\n")


@pytest.mark.parametrize("data", [
    HEAD, HEAD.replace(b"Subject", b"To") + b"\r\nx", HEAD.replace(b"x\r\n", b"x\rBcc: c@example.com\r\n") + b"\r\nx",
    HEAD.replace(b"x\r\n", b"x\nBcc: c@example.com\r\n") + b"\r\nx", HEAD.replace(b"b@", b"\xc3\xa4@") + b"\r\nx",
    HEAD.replace(b"b@example.com", b"b@example.com, c@example.com") + b"\r\nx",
    HEAD.replace(b"b@example.com", b"all: b@example.com;") + b"\r\nx",
    HEAD.replace(b"text/plain", b"application/pdf") + b"\r\nx",
    HEAD.replace(b"text/plain", b"multipart/mixed") + b"\r\nx",
    HEAD.replace(b"text/plain", b'multipart/mixed; boundary="b"') + b"\r\n--b\r\n\r\nnever closed",
    HEAD.replace(b"Subject: x", b"Subject: =?utf-8?b?####?=") + b"\r\nx",
    HEAD + b"Content-Transfer-Encoding: 8bit\r\n\r\nx", b"", b"\r\n\r\n", b" x\r\n\r\n",
])  # fmt: skip
def test_what_is_not_ours_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableMail):
        read_mail(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for each in (data, HEAD + b"\r\n" + data, HEAD.replace(b"x", data.replace(b"\r\n\r\n", b"")) + b"\r\n"):
        with contextlib.suppress(UnreadableMail):
            read_mail(each)


@pytest.mark.parametrize(("value", "name", "address"), [
    ("b@example.com", "", "b@example.com"), ('"Li, Na" <b@example.com>', "Li, Na", "b@example.com"),
    ('"A\\"b" <b@example.com>', 'A"b', "b@example.com"), ("=?utf-8?q?=C3=84?= <b@example.com>", "Ä", "b@example.com"),
    ("=?utf-8?b?w4Q=?= =?utf-8?b?w5Y=?= <b@example.com>", "ÄÖ", "b@example.com"),
])  # fmt: skip
def test_one_address_is_taken_apart(value: str, name: str, address: str) -> None:
    assert one_address(value) == (name, address)


@pytest.mark.parametrize("text", [
    "", "a", "@x.fi", "a@", "a@b", "a@b.fi,c@d.fi", "a@b.fi c@d.fi", "<a@b.fi>", "a@b@c.fi", "a b@c.fi", "a@b..fi", ".a@b.fi",
    "a..b@c.fi", "a@b.fi\r\nBcc: c@d.fi", "a@b.fi\n", "a@b.fi\x00", "a@-b.fi", f"{'a' * 65}@b.fi", "a@b.fi;", '"a"@b.fi', "a@☃.fi", "a@ä..fi",
])  # fmt: skip
def test_what_is_not_one_address(text: str) -> None:
    with pytest.raises(NotOneAddress):
        wire_address(text)


def test_domains_go_in_their_ascii_form_and_letters_before_the_at_need_more() -> None:
    assert wire_address("aino@ääkköset.fi") == "aino@xn--kkset-fraa0m.fi"
    assert wire_address("aino@straße.de") == "aino@xn--strae-oqa.de", "strasse.de is somebody else's"
    with pytest.raises(NeedsUtf8):
        wire_address("äijä@example.com")
