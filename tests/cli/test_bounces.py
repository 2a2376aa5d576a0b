"""`dpo email bounces` and what follows from it, as a script calls it."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tests.builders import a_register, a_row
from tests.cli.conftest import CONFIRMED, Dpo
from tests.dispatch.bounce_kit import CORPUS, a_bounce


@pytest.fixture
def bounced(run: Dpo, store: Path, tmp_path: Path) -> Path:
    """Four e-mails sent by another program, two of which came back by what their Message-ID says."""
    rows = [a_row(n) for n in range(1, 5)]
    run("persons", "import", "B1", a_register(tmp_path / "r.csv", rows))
    run("plan", "B1")
    notice = run("notice", "draft", "B1", "--to", "persons").json["notice"]
    assert run("notice", "approve", notice, "--by", "Maija", *CONFIRMED).code == 0
    assert run("email", "send", "B1", "--eml", "mail").json["planned"] == 4
    assert run("email", "sent", "L1", "--count", "4").json["persons"] == 4
    box = tmp_path / "box"
    box.mkdir()
    for place, path in enumerate(sorted((tmp_path / "mail" / "L1").glob("*.eml"))[:2]):
        ours = message_from_bytes(path.read_bytes(), policy=default)
        report = a_bounce("tietosuoja@example.com", number=place).replace(
            b"\n--b--", b"\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: %s\n\n--b--" % ours["Message-ID"].encode()
        )  # fmt: skip
        (box / f"{place}.eml").write_bytes(report)
    (box / "9.eml").write_bytes(a_bounce("tietosuoja@example.com", number=9))
    return box


def test_from_the_mailbox_to_the_letter(run: Dpo, bounced: Path) -> None:
    looked = run("email", "bounces", "B1", bounced, "--check").json
    assert [each["kind"] for each in looked["read"]] == ["bounced"] * 3
    found = run("email", "bounces", "B1", bounced).json
    assert {name: found[name] for name in ("planned", "accepted", "rejected", "deferred", "unknown")} == {
        "planned": 4, "accepted": 2, "rejected": 2, "deferred": 0, "unknown": 0,
    }  # fmt: skip
    assert (found["messages"], found["bounced"], found["undecided"], found["again"]) == (3, 2, 1, 0)
    assert found["reasons"] == {"dead_address": 2}
    again = run("email", "bounces", "B1", bounced).json
    assert (again["again"], again["bounced"]) == (3, 0)
    assert run("email", "to-letter", "B1").json == {"persons": 2, "classes": {"dead_address": 2}}
    assert run("email", "to-letter", "B1", "--confirm", "3").code == 1
    assert run("email", "to-letter", "B1", "--confirm", "2").json["persons"] == 2
    assert run("status", "B1").json["told"] == 2
    assert run("letters", "make", "B1", "--out", "letters").json["letters"] == 2


def test_what_nobody_could_tie_is_decided(run: Dpo, bounced: Path) -> None:
    run("email", "bounces", "B1", bounced)
    (line,) = run("email", "undecided", "B1").json["undecided"]
    assert line["proof"] == "none" and "User unknown" in line["text"]
    said = run("email", "decide", line["mail"], "--as", "bounced")
    assert (said.code, said.json["error"]) == (1, "mail_needs_code")
    assert run("email", "decide", line["mail"], "--as", "nothing").code == 0
    assert run("email", "undecided", "B1").json["undecided"] == []
    said = run("email", "set-aside", "B1")
    assert (said.code, said.json["error"]) == (1, "nothing_to_dismiss")


def test_a_bounce_is_taken_back(run: Dpo, bounced: Path) -> None:
    run("email", "bounces", "B1", bounced)
    assert run("email", "take-back", "M1", "--reason", "she answered").code == 0
    assert run("status", "B1").json["told"] == 3
    for mail, error in (("M1", "mail_not_applied"), ("M99", "no_such_mail")):
        assert run("email", "take-back", mail, "--reason", "x").json["error"] == error


def test_strangers_mail_and_wrong_paths(run: Dpo, bounced: Path) -> None:
    found = run("email", "bounces", "B1", CORPUS / "seen").json
    assert found["bounced"] == 0 and found["messages"] > 100, "signed by another store"
    assert run("email", "bounces", "B1", "nowhere").json["error"] == "no_such_file"
