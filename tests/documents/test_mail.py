"""E-mails read back by a parser of the test's own: the program's is the standard library, and so is what wrote them."""

from __future__ import annotations

import base64
import binascii
import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpo_app.core.errors import DeliveryError, InputError
from dpo_app.core.ids import grouped
from dpo_app.core.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.mail import MailMaker
from dpo_app.services.ports.mail import MailOrder, MailRow

FORM = (
    Block(BlockKind.PARAGRAPH, (Run("Hyvä "), Run("", slot=Slot.FULL_NAME), Run(","))),
    Block(BlockKind.PARAGRAPH, (Run("Koodi ", True), Run("", True, slot=Slot.CODE), Run(". Päättyy = näin. " * 20))),
)
ORDER = MailOrder(
    (FORM,), ("fi",), "Esimerkki Öy, tietosuoja", "tietosuoja@example.com", {"fi": "Tärkeä viesti tiedoistasi"},
    "Mon, 28 Sep 2026 12:00:00 +0000",
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
    return headers, binascii.a2b_qp(body).decode().replace("\r\n", "\n")


def test_headers_are_those_that_a_notice_needs_and_no_others() -> None:
    headers, text = read(MailMaker().prepare(ORDER).message(a_row()))
    assert headers["From"].endswith("<tietosuoja@example.com>") and "Öy" in headers["From"]
    assert headers["To"] == '"Aino Esimerkki" <aino@example.com>'
    assert headers["Subject"] == "Tärkeä viesti tiedoistasi"
    assert headers["Message-ID"] == f"<{TOKEN.lower()}.1@example.com>"
    assert headers["Auto-Submitted"] == "auto-generated" and headers["X-Auto-Response-Suppress"] == "All"
    assert headers["Content-Language"] == "fi" and headers["X-Unsent"] == "1" and headers["X-Notice-Ref"] == TOKEN
    assert headers["Content-Type"] == 'text/plain; charset="utf-8"'
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


def test_the_same_row_is_the_same_bytes() -> None:
    assert MailMaker().prepare(ORDER).message(a_row()) == MailMaker().prepare(ORDER).message(a_row())
