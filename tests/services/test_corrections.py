"""Corrections: shown first, done whole, taken back whole, and never a way to a protected address."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId
from dpo_app.core.persons.contact_check import ContactProblem
from dpo_app.core.persons.correction import LeftOut
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import confirm_posted, make_letters
from dpo_app.services.lines import PersonFilter
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons.correct_by_file import correct_by_file, read_corrections
from dpo_app.services.persons.correct_persons import checked, correct_persons, preview, undo_correction
from dpo_app.services.persons.find_problems import find_problems
from dpo_app.services.persons.merge_persons import merge_persons
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_csv, a_register, a_row
from tests.conftest import bring_in

WHERE = {"Katuosoite": "Salakatu 7", "Postinumero": "00100", "Postitoimipaikka": "Helsinki"}


@pytest.fixture
def people(desk: Desk, breach_id: BreachId, tmp_path: Path) -> dict[str, int]:
    """Four persons by customer number; the third has a protected address."""
    rows = [
        a_row(1, **{"Sähköposti": "aino@gmial.com"}), a_row(2, **{"Sähköposti": ""}),
        a_row(3, **{"Turvakielto": "x", "Sähköposti": "salainen@example.com"}, **WHERE), a_row(4, Sukunimi="VIRTANEN"),
    ]  # fmt: skip
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    return {each["customer_number"]: number for number, each in persons(desk).items()}


def persons(desk: Desk) -> dict[int, dict[str, Any]]:
    with desk.read() as queries:
        revision = queries.newest_revision(BreachId(1))
        return queries.links.values(queries.person_ids(BreachId(1), revision.id, PersonFilter()))


def channel(desk: Desk, number: int) -> str:
    with desk.read() as queries:
        return str(queries.person(number, queries.newest_revision(BreachId(1)).id).line.channel)  # type: ignore[arg-type]


def corrections(path: Path, headings: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    path.write_text(a_csv(rows, headings=headings), "utf-8")
    return path


def test_suggestions_are_shown_and_taken_and_taken_back(
    desk: Desk, breach_id: BreachId, people: dict[str, int]
) -> None:
    before = persons(desk)
    found = find_problems(desk, breach_id, ContactProblem.EMAIL_SLIP)
    assert [(k.code.value, k.persons, k.suggested) for k in found.kinds] == [("email_slip", 1, 1)] or len(
        found.kinds
    ) > 1
    (line,) = found.lines
    assert persons(desk) == before, "nothing is changed by looking"
    done = correct_persons(desk, breach_id, {line.person_id: dict(line.doubt.suggestion)})
    assert persons(desk)[people["A1001"]]["email"] == "aino@gmail.com"
    assert not find_problems(desk, breach_id, ContactProblem.EMAIL_SLIP).lines
    undo_correction(desk, done.correction_id)
    assert persons(desk) == before
    with pytest.raises(RuleError, match="correction_undone"):
        undo_correction(desk, done.correction_id)
    with pytest.raises(InputError, match="nothing_to_correct"):
        correct_persons(desk, breach_id, {line.person_id: {"email": before[line.person_id]["email"]}})


def test_names_in_capitals_stay_findable_and_sorted(desk: Desk, breach_id: BreachId, people: dict[str, int]) -> None:
    found = find_problems(desk, breach_id, ContactProblem.NAME_CAPITALS)
    assert not found.lines, "Aino is no capitals"
    correct_persons(desk, breach_id, {people["A1004"]: {"family_name": "Åkerlund"}})
    with desk.read() as queries:
        assert queries.find_persons(breach_id, "akerl") == [people["A1004"]]
        revision = queries.newest_revision(breach_id).id
        assert queries.person_ids(breach_id, revision, PersonFilter())[-1] == people["A1004"]


def test_nothing_leads_to_a_protected_address(desk: Desk, breach_id: BreachId, people: dict[str, int]) -> None:
    first, second, hidden, _fourth = (people[f"A100{n}"] for n in range(1, 5))
    moves = {
        first: {"street": "SALAKATU 7", "postcode": "00100", "town": "Helsinki"},
        second: {"email": "Salainen@example.com"},
        hidden: {"email": "uusi@example.com"},
    }  # fmt: skip
    found = preview(desk, breach_id, moves)
    assert {line.person_id: line.left_out for line in found.left_out} == {
        first: LeftOut.TO_PROTECTED, second: LeftOut.TO_PROTECTED, hidden: LeftOut.PROTECTED,
    }  # fmt: skip
    with pytest.raises(InputError, match="nothing_to_correct"):
        correct_persons(desk, breach_id, moves)
    done = correct_persons(desk, breach_id, {hidden: moves[hidden]}, protected_too=True)
    assert done.persons == 1 and channel(desk, hidden) == "officer", (
        "it is kept, and still nobody writes there in a batch"
    )
    off = preview(desk, breach_id, {hidden: {"protected": False}}, protected_too=True)
    assert [line.left_out for line in off.lines] == [LeftOut.UNPROTECTS]
    correct_persons(desk, breach_id, {first: {"protected": True}})
    assert channel(desk, first) == "officer"


def test_two_persons_claiming_one_mail_address_are_told(
    desk: Desk, breach_id: BreachId, people: dict[str, int]
) -> None:
    found = preview(desk, breach_id, {people["A1002"]: {"email": "aino@gmial.com"}})
    assert [line.shares_mail for line in found.changed] == [True]
    correct_persons(desk, breach_id, {people["A1002"]: {"email": "aino@gmial.com"}})
    shared = find_problems(desk, breach_id, ContactProblem.EMAIL_SHARED)
    assert {line.person_id for line in shared.lines} == {people["A1001"], people["A1002"]}


def test_a_file_is_matched_previewed_and_applied(
    desk: Desk, breach_id: BreachId, people: dict[str, int], tmp_path: Path
) -> None:
    before = persons(desk)
    code = before[people["A1002"]]["code"]
    path = corrections(
        tmp_path / "c.csv", ("Koodi", "Asiakasnumero", "Sähköposti", "Katuosoite", "Turvakielto"),
        ("", "A1001", "aino@gmail.com", "", "ei"), (f"{code[:4]}-{code[4:]}", "", "", "Uusikatu 1", ""),
        ("", "A1003", "uusi@example.com", "", ""), ("", "A9999", "x@example.com", "", ""),
        (code, "A1001", "y@example.com", "", ""), ("", "A1001", "z@example.com", "", ""), ("", "A1004", "", "", ""),
    )  # fmt: skip
    found = read_corrections(desk, breach_id, path)
    assert persons(desk) == before
    assert {(line.row, line.left_out) for line in found.preview.left_out} == {
        (4, LeftOut.PROTECTED), (5, LeftOut.NOT_FOUND), (6, LeftOut.AMBIGUOUS), (7, LeftOut.TWICE),
    }  # fmt: skip
    assert found.rows == 7 == len(found.preview.lines) + found.preview.unchanged
    found, done = correct_by_file(desk, breach_id, path)
    after = persons(desk)
    assert after[people["A1001"]]["email"] == "aino@gmail.com" and after[people["A1002"]]["street"] == "Uusikatu 1"
    assert after[people["A1002"]]["postcode"] == before[people["A1002"]]["postcode"], "what the file lacks stays"
    assert after[people["A1003"]] == before[people["A1003"]]
    undo_correction(desk, done.correction_id)
    assert persons(desk) == before


def test_a_file_must_say_whom_it_is_about(
    desk: Desk, breach_id: BreachId, people: dict[str, int], tmp_path: Path
) -> None:
    path = corrections(tmp_path / "c.csv", ("Sukunimi", "Sähköposti"), ("Virtanen", "a@example.com"))
    with pytest.raises(InputError, match="no_matching_column"):
        read_corrections(desk, breach_id, path)


def test_taking_back_is_refused_once_something_went_out(
    desk: Desk, breach_id: BreachId, people: dict[str, int], tmp_path: Path
) -> None:
    number = people["A1002"]
    done = correct_persons(desk, breach_id, {number: {"street": "Uusikatu 1"}})
    later = correct_persons(desk, breach_id, {number: {"street": "Uusikatu 2"}})
    with pytest.raises(RuleError, match="correction_built_on") as caught:
        undo_correction(desk, done.correction_id)
    assert caught.value.facts["later"] == f"C{later.correction_id}"
    undo_correction(desk, later.correction_id)
    approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    make_letters(desk, breach_id, tmp_path / "out")
    in_hand = correct_persons(desk, breach_id, {number: {"street": "Uusikatu 3"}})
    assert in_hand.in_hand == 1, "a letter lies ready with the old address"
    undo_correction(desk, in_hand.correction_id)
    with desk.read() as queries:
        (batch,) = queries.batches(breach_id)
    confirm_posted(desk, batch.id, date.today())
    with pytest.raises(RuleError, match="correction_sent") as sent:
        undo_correction(desk, done.correction_id)
    assert sent.value.facts["persons"] == 1


def test_a_merge_stands_before_an_older_correction(desk: Desk, breach_id: BreachId, people: dict[str, int]) -> None:
    one, two = people["A1001"], people["A1002"]
    done = correct_persons(desk, breach_id, {two: {"street": "Uusikatu 1"}})
    merge_persons(desk, one, two, "one person")  # type: ignore[arg-type]
    with pytest.raises(RuleError, match="correction_merged"):
        undo_correction(desk, done.correction_id)


@pytest.mark.parametrize(
    ("column", "text", "kept"),
    [("email", "A@Example.COM", "A@example.com"), ("born", "4.5.1971", "1971-05-04"), ("country", "se", "SE"),
     ("national_id", "131003a9551", "131003A9551"), ("street", " Tie\u200b 1 ", "Tie 1"), ("language", "suomi", "fi")],
)  # fmt: skip
def test_typed_values_are_kept_in_their_form(desk: Desk, column: str, text: str, kept: str) -> None:
    assert checked(column, text, desk) == kept


@pytest.mark.parametrize(
    ("column", "text"), [("email", "a@b"), ("born", "31.2.2000"), ("country", "XX"), ("national_id", "1")]
)
def test_typed_values_that_cannot_be_are_refused(desk: Desk, column: str, text: str) -> None:
    with pytest.raises(InputError, match="value_form"):
        checked(column, text, desk)


def test_a_preview_waits_for_nobody_who_writes(
    desk: Desk, breach_id: BreachId, people: dict[str, int], tmp_path: Path
) -> None:
    path = corrections(tmp_path / "c.csv", ("Asiakasnumero", "Sähköposti"), ("A1002", "uusi@example.com"))
    with desk.begin():
        found = preview(desk, breach_id, {people["A1002"]: {"email": "uusi@example.com"}})
        read = read_corrections(desk, breach_id, path)
    assert [line.after for line in found.changed] == [line.after for line in read.preview.changed]
    assert len(found.changed) == 1
