"""Duplicates, merges and households on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dpo_app.core.persons.household import address_key
from tests.builders import HEADINGS, a_csv, a_row
from tests.cli.conftest import Dpo

ONE = {
    "Sukunimi": "Virtanen",
    "Etunimi": "Aino Maria",
    "Henkilötunnus": "010152-901X",
    "Sähköposti": "aino@example.com",
}
AGAIN = ONE | {"Sukunimi": "Virtamen", "Henkilötunnus": ""}
SPOUSE = {"Sukunimi": "Virtanen", "Etunimi": "Eero", "Sähköposti": "aino@example.com"}


@pytest.fixture
def register(tmp_path: Path) -> str:
    """One person twice, a spouse with the same mail address, a stranger elsewhere."""
    people = ((ONE, "1.1.1952"), (AGAIN, "1.1.1952"), (SPOUSE, "3.3.1950"), ({"Katuosoite": "Tie 9"}, "2.2.1990"))
    rows = [[*a_row(n, **changes), born] for n, (changes, born) in enumerate(people, 1)]
    (tmp_path / "r.csv").write_text(a_csv(rows, headings=(*HEADINGS, "Syntymäaika")), "utf-8")
    return "r.csv"


def test_an_import_can_merge_who_is_surely_one(run: Dpo, store: Path, register: str) -> None:
    said = run("persons", "import", "B1", register, "--link").json
    assert (said["rows"], said["new"], said["duplicate"]) == (4, 3, 1)
    assert run("persons", "duplicates", "B1").json["pairs"] == []


def test_merged_unmerged_and_kept_apart(run: Dpo, store: Path, register: str) -> None:
    assert run("persons", "import", "B1", register).json["new"] == 4
    found = run("persons", "duplicates", "B1")
    (pair,) = found.json["pairs"]
    assert (found.json["records"], found.json["persons"], found.json["sure"]) == (4, 4, 1)
    assert (
        pair["sure"]
        and pair["likeness"] > 0.99
        and "Address" in pair["agree"]
        and pair["differ"] == ["Customer number"]
    )
    assert "Virta" not in found.out + found.err, "codes, never names"
    merged = run("persons", "merge", pair["left"], pair["right"], "--reason", "one person").json
    assert merged == {"merge": "M1", "kept": pair["left"]}
    assert run("status", "B1").json["in_scope"] == 3
    assert [m["merge"] for m in run("persons", "merges", "B1").json["merges"]] == ["M1"]
    count = run("persons", "duplicates", "B1").json
    assert (count["records"], count["persons"], count["merged"], count["pairs"]) == (4, 3, 1, [])
    assert run("persons", "undo", "I1").json["error"] == "import_merged"
    assert sorted(run("persons", "unmerge", "M1").json["persons"]) == sorted((pair["left"], pair["right"]))
    assert (run("persons", "unmerge", "M1").code, run("persons", "unmerge", "M7").code) == (1, 2)
    run("persons", "duplicates", "B1")
    assert run("persons", "different", pair["right"], pair["left"]).code == 0
    assert run("persons", "duplicates", "B1").json["sure"] == 0
    assert run("persons", "merge", pair["left"], "AAAA-AAAA", "--reason", "x").json["error"] == "no_such_person"


def test_all_that_are_sure_are_merged_for_a_reason(run: Dpo, store: Path, register: str) -> None:
    run("persons", "import", "B1", register)
    assert run("persons", "duplicates", "B1", "--merge-sure").json["error"] == "reason_needed"
    said = run("persons", "duplicates", "B1", "--merge-sure", "--reason", "same person, two numbers").json
    assert (said["merged_now"], said["persons"]) == (1, 3)


def test_households_are_groups_of_persons_who_are_each_written_to(run: Dpo, store: Path, register: str) -> None:
    run("persons", "import", "B1", register, "--link")
    said = run("persons", "households", "B1").json
    assert (said["addresses"], said["mail_addresses"], said["persons"]) == (1, 1, 2)
    assert {group["shared"] for group in said["groups"]} == {"address", "email"}
    assert run("status", "B1").json["in_scope"] in (0, 3), "nobody is left out for sharing an address"


def test_one_door_in_two_spellings() -> None:
    assert (
        address_key("Mallipolku 4 B 12", "90 100", "Oulu") == address_key("MALLIPOLKU 4  b 12", "90100", "OULU") != ""
    )
    assert address_key("Mallipolku 4 B 12", "90100", "") != address_key("Mallipolku 4 B 13", "90100", "")
    assert address_key("Mallipolku", "90100", "Oulu") == "" == address_key("Tie 4", "", "")
