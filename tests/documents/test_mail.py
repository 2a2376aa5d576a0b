"""E-mails read back by a parser of the test's own: the program's is the standard library, and so is what wrote them."""

from __future__ import annotations

import base64
import binascii
import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpo_app.core.errors import DeliveryError, InputError
from dpo_app.core.ids import grouped
from dpo_app.core.mail.return_path import token_of
from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.core.persons.national_id import id_in
from dpo_app.documents.mail import MailMaker
from dpo_app.services.ports.mail import MailOrder, MailRow

FORM = (
    Block(BlockKind.PARAGRAPH, (Run("Hyvä "), Run("", slot=Slot.FULL_NAME), Run(","))),
    Block(BlockKind.PARAGRAPH, (Run("Koodi ", True), Run("", True, slot=Slot.CODE), Run(". Päättyy = näin. " * 20))),
)
ORDER = MailOrder(
    (FORM,), ("fi",), "Esimerkki Öy, tietosuoja", "tietosuoja@example.com", {"fi": "Tärkeä viesti tiedoistasi"},
    "Mon, 28 Sep 2026 12:00:00 +0000", b"k" * 32, "https://www.example.com/tiedote",
)  # fmt: skip
TOKEN = "K7Q2M9X4T3AB"


def a_row(name: str = "Aino Esimerkki", address: str = "aino@example.com", number: int = 1) -> MailRow:
    slots = {Slot.FULL_NAME: name, Slot.FIRST_NAME: name, Slot.CODE: grouped(TOKEN), Slot.REGISTERED_ON: ""}
    return MailRow(number, TOKEN, 1, 0, name, address, slots)


def decoded(value: str) -> str:
    """Undo RFC 2047; white space between two encoded words is not part of the text."""
    value = re.sub(r"(\?=)\s+(=\?)", r"\1\2", value)

    def word(match: re.Match[str]) -> str:
        charset, kind, text = match.groups()
        if kind.lower() == "b":
            return base64.b64decode(text).decode(charset)
        return binascii.a2b_qp(text.replace("_", " "), header=False).decode(charset)

    return re.sub(r"=\?([\w-]+)\?([bBqQ])\?([^?]*)\?=", word, value)


def read(data: bytes) -> tuple[dict[str, str], str]:
    """Return headers (unfolded, none twice) and text of a message."""
    head, _, body = data.partition(b"\r\n\r\n")
    assert b"\n" not in head.replace(b"\r\n", b"") and b"\n" not in body.replace(b"\r\n", b""), "bare line ends"
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    headers: dict[str, str] = {}
    for line in head.decode("ascii").replace("\r\n ", " ").split("\r\n"):
        name, _, value = line.partition(": ")
        assert name not in headers and re.fullmatch(r"[A-Za-z-]+", name), line
        headers[name] = decoded(value)
    return headers, parts_of(headers["Content-Type"], body)["text/plain"]


def parts_of(kind: str, body: bytes) -> dict[str, str]:
    """Return the decoded texts by kind; of several parts, plain text stands first."""
    boundary = re.fullmatch('multipart/alternative; boundary="([^"]+)"', kind)
    if boundary is None:
        return {kind.split(";")[0]: binascii.a2b_qp(body).decode().replace("\r\n", "\n")}
    found = {}
    empty, *parts, end = body.split(b"--" + boundary.group(1).encode())
    assert empty == b"" and end == b"--\r\n"
    for part in parts:
        head, _, text = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        kind, encoding = (line.split(": ")[1] for line in head.decode("ascii").split("\r\n"))
        assert encoding == "quoted-printable" and kind.endswith('; charset="utf-8"')
        decoded_text = binascii.a2b_qp(text.removesuffix(b"\r\n")).decode().replace("\r\n", "\n")
        found[kind.split(";")[0]] = decoded_text
    assert list(found) == ["text/plain", "text/html"]
    return found


def test_headers_are_those_that_a_notice_needs_and_no_others() -> None:
    headers, text = read(MailMaker().prepare(ORDER).message(a_row()))
    assert headers["From"].endswith("<tietosuoja@example.com>") and "Öy" in headers["From"]
    assert headers["To"] == '"Aino Esimerkki" <aino@example.com>'
    assert headers["Subject"] == "Tärkeä viesti tiedoistasi"
    code = headers["Message-ID"].removeprefix("<").removesuffix(".1@example.com>")
    assert token_of(code, b"k" * 32) == TOKEN and token_of(code, b"j" * 32) is None
    assert headers["Auto-Submitted"] == "auto-generated" and headers["X-Auto-Response-Suppress"] == "All"
    assert headers["Content-Language"] == "fi" and headers["X-Unsent"] == "1" and headers["X-Notice-Ref"] == TOKEN
    assert not {"Cc", "Bcc", "Precedence", "List-Unsubscribe", "X-Mailer", "Disposition-Notification-To"} & set(headers)
    assert text.startswith("Hyvä Aino Esimerkki,\n\nKoodi K7Q2-M9X4-T3AB. Päättyy = näin.")


NAMES = [
    "<b>Aino</b> & co", 'Aino "Ainu" \\ Esimerkki', "Åsa Öberg-Ääkkönen", "\u05d3\u05d5\u05d3 \u05db\u05d4\u05df",
    "Aino \U0001f600 Esimerkki", "A" * 200, "Ö" * 200, "Aino Bcc: x@example.org", "Doe, Jane (work); x", "",
    "=?utf-8?q?no?=", "O'Neill",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(name: str) -> None:
    headers, text = read(MailMaker().prepare(ORDER).message(a_row(name)))
    shown, _, address = headers["To"].rpartition(" ")
    assert address.strip("<>") == "aino@example.com"
    plain = re.sub(r"\\(.)", r"\1", shown.strip().removeprefix('"').removesuffix('"'))
    assert plain in (name, ""), "the whole name, or none if the header cannot hold it"
    assert f"Hyvä {name}," in text


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co")), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_name_is_read_back(name: str) -> None:
    headers, text = read(MailMaker().prepare(ORDER).message(a_row(name)))
    assert headers["To"].rstrip(">").endswith("aino@example.com")
    assert len(re.findall(r"@example\.com", headers["To"])) == 1 + name.count("@example.com") or not name.isascii()
    assert f"Hyvä {name}," in text


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.org", "a\nb", "a\x00b"])
def test_a_line_end_in_a_name_stops_the_run(bad: str) -> None:
    run = MailMaker().prepare(ORDER)
    with pytest.raises(DeliveryError, match="mail_not_as_planned"):
        run.message(a_row(bad))
    with pytest.raises(DeliveryError, match="mail_not_as_planned"):
        run.message(a_row(address=f"{bad}@example.com"))


@pytest.mark.parametrize("sender", ["", "no address", "a@", "@b.example", "a@b.example\r\nBcc: c@d.example"])
def test_a_wrong_sender_is_refused_before_anything_is_written(sender: str) -> None:
    with pytest.raises(InputError, match="sender_address"):
        MailMaker().prepare(replace(ORDER, sender_address=sender))
    with pytest.raises(InputError, match="sender_address"):
        MailMaker().prepare(replace(ORDER, sender_name="Clinic\r\nBcc: c@d.example"))


def test_a_folder_of_messages_and_its_manifest_agree(tmp_path: Path) -> None:
    steps: list[int] = []
    rows = [a_row(f"Person {n}", f"p{n}@example.com", n) for n in range(1, 1102)]
    records = MailMaker().prepare(ORDER).write(rows, tmp_path / "out", steps.append)
    assert len(records) == len(list((tmp_path / "out").glob("*.eml"))) == 1101 and steps == [500, 1000]
    with (tmp_path / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as stream:
        kept = list(csv.DictReader(stream, delimiter=";"))
    assert [row["file"] for row in kept] == [f"{n:06d}.eml" for n in range(1, 1102)]
    assert "@" not in (tmp_path / "out" / "manifest.csv").read_text("utf-8-sig"), "the list names nobody"
    recipients = {read((tmp_path / "out" / row["file"]).read_bytes())[0]["To"] for row in kept}
    assert len(recipients) == 1101


class Tags(HTMLParser):
    """Collects tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


LINKED = (
    Block(BlockKind.TITLE, (Run("Tärkeä <viesti> & muuta"),)),
    Block(BlockKind.BULLET, (Run("Oma", link="https://www.example.com/tiedote"),)),
    Block(BlockKind.BULLET, (Run("Muu", link="https://example.org/x"), Run(" "), Run("", slot=Slot.FULL_NAME))),
    Block(BlockKind.PARAGRAPH, (Run("", True, slot=Slot.CODE),)),
)


def test_the_page_says_the_same_and_fetches_nothing() -> None:
    data = MailMaker().prepare(replace(ORDER, forms=(LINKED,))).message(a_row('<img src="x"> & Öy'))
    headers, plain = read(data)
    page = parts_of(headers["Content-Type"], data.partition(b"\r\n\r\n")[2])["text/html"]
    found = Tags(page)
    names = {name for name, _ in found.tags}
    assert names == {"html", "head", "meta", "title", "body", "h1", "ul", "li", "a", "p", "strong"}
    assert {key for _, attributes in found.tags for key in attributes} == {"lang", "charset", "href"}
    assert [each["href"] for name, each in found.tags if name == "a"] == ["https://www.example.com/tiedote"]
    assert ("html", {"lang": "fi"}) in found.tags and "<title>Tärkeä viesti tiedoistasi</title>" in page
    words = found.text.replace("Tärkeä viesti tiedoistasi", "", 1).split()
    own = plain.replace("- ", "").replace(" (https://www.example.com/tiedote)", "").split()
    assert words == own, "the same words in both parts"


@pytest.mark.parametrize(
    "value", ["131052-308T", "131052A308T", "19811218-9876", "811218-9876", "170150-0001", "13097248022"]
)
def test_a_national_id_in_a_value_stops_the_message(value: str) -> None:
    with pytest.raises(DeliveryError, match="id_in_mail"):
        MailMaker().prepare(ORDER).message(a_row(f"Aino {value}"))


@pytest.mark.parametrize("value", ["+358 40 123 4567", "040-1234567", "12345678901", "2026-09-28 12:00", "Aino 123456"])
def test_other_numbers_do_not(value: str) -> None:
    assert not id_in(value)


def test_text_alone_and_without_the_mark_of_a_draft() -> None:
    headers, text = read(MailMaker().prepare(replace(ORDER, html=False, unsent=False)).message(a_row()))
    assert headers["Content-Type"] == 'text/plain; charset="utf-8"' and "X-Unsent" not in headers
    assert text.startswith("Hyvä Aino Esimerkki,")


def test_the_same_row_is_the_same_bytes() -> None:
    assert MailMaker().prepare(ORDER).message(a_row()) == MailMaker().prepare(ORDER).message(a_row())
