"""Care, moves and enquiries as a script calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import a_register, a_row
from tests.cli.conftest import BREACH, CONFIRMED, Dpo

SURER = BREACH.replace('disclosure = "possible"', 'disclosure = "confirmed"').replace(
    "known_as_of = 2020-10-24", "known_as_of = 2020-10-25"
)


@pytest.fixture
def told(run: Dpo, store: Path, tmp_path: Path) -> dict[str, str]:
    """Two were told by e-mail, one is protected; returns {customer number: code}."""
    rows = [a_row(1), a_row(2, Ensikäynti="1.1.2019"), a_row(3, Turvakielto="x", Katuosoite="Piilotie 7")]
    a_register(tmp_path / "r.csv", rows)
    assert run("persons", "import", "B1", "r.csv").code == 0
    assert run("plan", "B1").code == 0
    assert run("notice", "draft", "B1", "--to", "persons").code == 0
    assert run("notice", "approve", "N1", "--by", "Maija Mallikas", *CONFIRMED).code == 0
    assert run("email", "send", "B1", "--eml", "out").json["planned"] == 2
    assert run("email", "sent", "L1", "--count", "2").code == 0
    return {number: run("persons", "find", "B1", number).json["persons"][0]["person"]
            for number in ("A1001", "A1002", "A1003")}  # fmt: skip


def test_care_is_counted_with_its_law_and_marked(run: Dpo, told: dict[str, str]) -> None:
    rules = {rule["rule"]: rule for rule in run("persons", "care", "B1").json["rules"]}
    assert rules["protected"]["persons"] == 1 and not rules["protected"]["in_files"]
    assert any(law.startswith("FI:") for law in rules["protected"]["law"])
    made = run("persons", "care", "B1", told["A1001"], "--rule", "do_not_write", "--reason", "asked").json
    assert (made["persons"], made["in_hand"]) == (1, [])
    assert run("persons", "care", "B1", told["A1001"], "--rule", "do_not_write").code == 2
    assert run("persons", "care", "B1", "ZZZZZZZZ", "--rule", "staff", "--reason", "x").code == 2
    assert "Piilotie" not in run("persons", "list", "B1").out + run("persons", "find", "B1", "A1003").out


def test_one_letter_to_a_protected_address(run: Dpo, told: dict[str, str], tmp_path: Path) -> None:
    assert run("letters", "make", "B1", "--out", "batch").json["letters"] == 0
    assert run("letters", "make", "B1", "--out", "one", "--person", told["A1003"]).json["letters"] == 1
    again = run("letters", "make", "B1", "--out", "two", "--person", told["A1003"])
    assert again.code == 1 and again.json["error"] == "not_one_by_one"


def test_a_revision_is_foreseen_and_the_second_audience_drafted(run: Dpo, told: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "surer.toml").write_text(SURER)
    seen = run("breach", "foresee", "B1", "surer.toml").json
    assert {"from": "possible", "to": "confirmed", "persons": 1} in seen["moves"] and seen["owed"] == {"surer": 1}
    assert run("persons", "owed", "B1").json["owed"] == 0
    assert run("breach", "revise", "B1", "surer.toml").code == 0
    found = run("persons", "owed", "B1", "--draft").json
    assert (found["owed"], found["persons"], found["notice"]) == (1, [told["A1002"]], "N2")
    assert run("notice", "approve", "N2", "--by", "Maija Mallikas", *CONFIRMED).code == 0
    assert run("email", "send", "B1", "--eml", "second").json["planned"] == 1
    assert run("persons", "owed", "B1", "--draft").code == 0
    assert run("breach", "foresee", "B1", "nowhere.toml").code == 2


def test_dates_are_only_said_until_a_reason_is_given(run: Dpo, told: dict[str, str]) -> None:
    said = run("persons", "dates", told["A1002"], "--registered", "2018-11-10").json
    assert said == {"from": "possible", "to": "confirmed", "owed": "surer", "applied": False}
    assert run("persons", "dates", told["A1002"], "--registered", "10.11.2018").code == 2
    kept = run("persons", "dates", told["A1002"], "--registered", "2018-11-10", "--reason", "contract").json
    assert kept["applied"] and run("persons", "owed", "B1").json["owed"] == 1


def test_enquiries_from_code_to_closed(run: Dpo, told: dict[str, str], tmp_path: Path) -> None:
    shown = run("persons", "show", told["A1001"]).json
    code = shown["messages"][0]["code"]
    assert shown["messages"][0]["same"] is True and run("enquiry", "code", code).json == {"result": "genuine"}
    assert run("enquiry", "code", "K7Q2-M9X4-T3AB").code == 1
    nobody = run("enquiry", "identify", "B1", "--text", "A1001", "--fact", "customer_number=A1001")
    assert nobody.code == 1 and nobody.json["person"] == ""
    found = run("enquiry", "identify", "B1", "--code", code, "--fact", "customer_number=A1001")
    assert found.code == 0 and found.json["person"] == told["A1001"]
    assert "((" not in run("enquiry", "answer", "B1", "my_data", "--language", "sv", "--established").json["text"]
    assert run("enquiry", "add", "B1", "--kind", "access", "--person", told["A1001"]).code == 1
    added = run("enquiry", "add", "B1", "--kind", "access", "--person", told["A1001"], "--identity", "strong").json
    assert added["enquiry"] == "Q1" and added["state"] == "open" and added["due"]
    assert run("enquiry", "list", "B1", "--open").json["open"] == 1
    assert run("persons", "record", told["A1001"], "--out", "record.pdf").code == 0
    assert (tmp_path / "record.pdf").read_bytes()[:5] == b"%PDF-"
    assert run("enquiry", "close", "Q1", "--outcome", "sent").code == 0
    assert run("enquiry", "close", "Q1", "--outcome", "sent").code == 1
    assert run("enquiry", "close", "Q9", "--outcome", "sent").code == 2
    assert run("enquiry", "forecast", "B1").json["told"] == 2
    assert run("persons", "show", told["A1003"]).json["address"] == []
    assert "Piilotie 7" in run("persons", "show", told["A1003"], "--address").json["address"]
    assert (
        run("persons", "overrule", "B1", "--exposure", "possible", "--to", "confirmed", "--reason", "x").json["persons"]
        == 1
    )
