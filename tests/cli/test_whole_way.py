"""The whole way by `dpo` in a script, on a register whose truth is worked out here, by other code."""

from __future__ import annotations

import csv
import hashlib
import random
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from tests.builders import HEADINGS, a_register, a_row
from tests.cli.conftest import CONFIRMED, Dpo

FIRST = date(2018, 11, 1), date(2018, 11, 30)
SECOND = date(2018, 12, 1), date(2019, 3, 31)


class Truth(NamedTuple):
    exposure: str
    channel: str


def _register(persons: int) -> tuple[list[list[str]], dict[str, Truth]]:
    """Return rows and, for each customer number, what must come of it: by counting days, not by intervals."""
    chance = random.Random(4)  # noqa: S311 - test data
    inside_first = {FIRST[0] + timedelta(days=n) for n in range((FIRST[1] - FIRST[0]).days + 1)}
    inside_second = {SECOND[0] + timedelta(days=n) for n in range((SECOND[1] - SECOND[0]).days + 1)}
    rows, truth = [], {}
    for number in range(persons):
        since = date(2017, 1, 1) + timedelta(days=chance.randrange(1100))
        gone = since + timedelta(days=chance.randrange(20, 900)) if chance.random() < 0.4 else None
        own = {
            "Ensikäynti": f"{since.day}.{since.month}.{since.year}",
            "Poistettu": f"{gone.day}.{gone.month}.{gone.year}" if gone else "",
            "Sähköposti": "" if chance.random() < 0.3 else f"aino{number}@example.com",
            "Turvakielto": "x" if chance.random() < 0.05 else "",
            "Kuollut": "1.1.2020" if chance.random() < 0.04 else "",
            "Kieli": chance.choice(["fi", "sv", "en", ""]),
        }
        rows.append(a_row(number, **own))
        days = {since + timedelta(days=n) for n in range(((gone or date(2020, 12, 31)) - since).days + 1)}
        exposure = "confirmed" if days & inside_first else "possible" if days & inside_second else "not_exposed"
        channel = "email" if own["Sähköposti"] else "letter"
        if own["Turvakielto"] or own["Kuollut"]:
            channel = "officer"
        truth[f"A{1000 + number}"] = Truth(exposure, "none" if exposure == "not_exposed" else channel)
    return rows, truth


def test_from_the_register_to_the_proof(run: Dpo, store: Path, tmp_path: Path) -> None:
    rows, truth = _register(320)
    a_register(tmp_path / "r.csv", [*rows, rows[0], a_row(999, **{"Ensikäynti": "31.2.2018"})])
    looked = run("persons", "import", "B1", "r.csv", "--check").json
    assert not looked["applied"] and looked["new"] == 320
    brought = run("persons", "import", "B1", "r.csv").json
    assert (brought["rows"], brought["new"], brought["duplicate"], brought["rejected"]) == (322, 320, 1, 1)
    stop = next(each for each in brought["problems"] if each["severity"] == "stop")
    assert (stop["row"], stop["column"], stop["code"]) == (323, "Ensikäynti", "date_not_exist")
    plan = run("plan", "B1").json
    assert plan["persons"] == 320
    for part in ("exposure", "channel"):
        assert Counter({k: n for k, n in plan[part].items() if n}) == Counter(getattr(t, part) for t in truth.values())
    listed = run("persons", "list", "B1").json["list"]
    shown = {line["family_name"]: (line["exposure"], line["channel"]) for line in listed}
    kept = [dict(zip(HEADINGS, row, strict=True)) for row in rows]
    expected = {row["Sukunimi"]: tuple(truth[row["Asiakasnumero"]]) for row in kept if not row["Turvakielto"]}
    assert shown == expected
    _write_and_send(run, tmp_path, Counter(each.channel for each in truth.values()))


def _write_and_send(run: Dpo, tmp_path: Path, channels: Counter[str]) -> None:
    notice = run("notice", "draft", "B1", "--to", "persons").json["notice"]
    assert run("letters", "make", "B1", "--out", "early").code == 1, "no letters before an approval"
    checked = run("notice", "check", notice).json
    assert (checked["missing"], checked["unconfirmed"]) == ([], [])
    assert run("notice", "approve", notice, "--by", "M").json["error"] == "notice_unread"
    unsure = run("notice", "approve", notice, "--by", "M", *CONFIRMED[:-1])
    assert (unsure.code, unsure.json["error"]) == (1, "facts_unconfirmed")
    assert run("notice", "settle", notice, "--stands", "1").json["error"] == "no_such_claim"
    assert run("notice", "approve", notice, "--by", "Maija Mallikas", *CONFIRMED).json["approved"]
    made = run("letters", "make", "B1", "--out", "letters").json
    assert made["letters"] == channels["letter"] and made["refused"] == []
    for file in made["files"]:
        data = (tmp_path / "letters" / file["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
    manifest = next((tmp_path / "letters").rglob("manifest.csv"))
    with manifest.open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream, delimiter=";"))) - 1 >= len(made["files"])
    assert run("email", "send", "B1").json["planned"] == channels["email"]
    assert run("email", "send", "B1", "--eml", "mail").json["planned"] == channels["email"]
    mails = list((tmp_path / "mail").rglob("*.eml"))
    assert len(mails) == channels["email"]
    to = [message_from_bytes(each.read_bytes(), policy=default)["To"] for each in mails]
    assert len(set(map(str, to))) == len(to)
    status = run("status", "B1").json
    assert (status["on_the_way"], status["told"]) == (channels["email"] + channels["letter"], 0)
    early = run("letters", "posted", made["batch"][0], "--on", "2020-01-07")
    assert early.code in (1, 2), "posted before it was made"
    assert (
        run("letters", "posted", made["batch"][0], "--on", date.today().isoformat()).json["persons"]
        == channels["letter"]
    )
    status = run("status", "B1").json
    five = [status[name] for name in ("told", "on_the_way", "open", "unknown", "excused")]
    assert sum(five) == status["in_scope"] == sum(channels.values()) - channels["none"]
    assert status["told"] == channels["letter"] and status["open"] == channels["officer"]
    proof = run("audit", "pdf", "B1", "--out", "audit.pdf").json
    assert (tmp_path / "audit.pdf").read_bytes().startswith(b"%PDF-")
    verified = run("audit", "verify", "--head", proof["head"])
    assert verified.code == 0 and verified.json["state"] == "intact"
