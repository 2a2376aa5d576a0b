"""Persons who need care, in a real store: never in a batch, a list or a file unless asked for one by one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId, PersonId
from dpo_app.core.persons.care import CareRule
from dpo_app.services.desk.manage_store import decide
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import make_letters, withdraw_batch
from dpo_app.services.lines import PersonFilter
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons.export_persons import export_rows
from dpo_app.services.persons.mark_care import mark_care
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import export_audit
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

SECRET = {"Sukunimi": "Salainen", "Katuosoite": "Piilotie 7", "Turvakielto": "x", "Postinumero": "00990",
          "Sähköposti": "piilossa@example.com"}  # fmt: skip


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Five persons: two by e-mail, one by letter, two who share a mail address, one protected; an approved notice."""
    rows = [
        a_row(1), a_row(2), a_row(3, **{"Sähköposti": ""}), a_row(4, **{"Sähköposti": "koti@example.com"}),
        a_row(5, **{"Sähköposti": "Koti@example.com"}), a_row(6, **SECRET),
    ]  # fmt: skip
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    return breach_id


def one(desk: Desk, breach_id: BreachId, text: str) -> PersonId:
    with desk.read() as queries:
        (found,) = queries.find_persons(breach_id, text)
    return PersonId(found)


def rung(desk: Desk, breach_id: BreachId, text: str) -> tuple[str, str]:
    with desk.read() as queries:
        saved = queries.newest_revision(breach_id)
        line = queries.person_lines(saved.id, [one(desk, breach_id, text)])[0]
    return line.channel, line.channel_reason


def test_a_protected_person_stands_in_no_file_whatever_is_decided(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    person = one(desk, ready, "Salainen")
    assert rung(desk, ready, "Salainen") == ("officer", "protected")
    for channel in ("letter", "email"):
        decide(desk, ready, [person], "channel", channel, "asked for")
        make_letters(desk, ready, tmp_path / channel)
        try:
            export_emails(desk, ready, tmp_path / channel)
        except RuleError as error:
            assert error.code == "nobody_to_write_to"
    rows = list(export_rows(desk, ready, PersonFilter()))
    assert len(rows) == 5 and not any("Salainen" in map(str, row) for row in rows)
    (tmp_path / "audit.pdf").write_bytes(export_audit(desk, ready))
    written = [
        path for path in tmp_path.rglob("*") if path.is_file() and path.suffix in (".pdf", ".eml", ".csv", ".json")
    ]
    assert len(written) > 4
    for path in written:
        if path.name == "r.csv":
            continue
        text = path.read_bytes()
        if path.suffix == ".pdf":
            text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout
        for value in SECRET.values():
            assert value == "x" or value.encode() not in text, path.name


def test_one_letter_is_made_for_one_who_is_asked_for(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    made = make_letters(desk, ready, tmp_path / "one", only=one(desk, ready, "Salainen"))
    assert made.letters == 1
    text = subprocess.run(
        ["pdftotext", next((tmp_path / "one").rglob("*.pdf")), "-"], capture_output=True, check=True
    ).stdout.decode()  # fmt: skip
    assert "Piilotie 7" in text and "Mallipolku" not in text
    for name in ("manifest.csv", "manifest.json"):
        manifest = next((tmp_path / "one").rglob(name)).read_text("utf-8-sig")
        assert "00990" not in manifest and "fi-c5" in manifest, "where they live stands on the letter alone"
    again = make_letters(desk, ready, tmp_path / "two", only=one(desk, ready, "Salainen"))
    assert again.letters == 0, "on the way already"


def test_a_group_with_a_protected_person_is_not_put_on_a_channel(desk: Desk, ready: BreachId) -> None:
    group = [one(desk, ready, "Salainen"), one(desk, ready, "A1001")]
    with pytest.raises(RuleError, match="protected_in_group") as caught:
        decide(desk, ready, group, "channel", "letter", "all of them")
    assert caught.value.facts == {"persons": 1}
    assert rung(desk, ready, "A1001")[0] == "email"


def test_a_shared_mail_address_is_left_to_the_officer(desk: Desk, ready: BreachId) -> None:
    assert rung(desk, ready, "A1004") == rung(desk, ready, "A1005") == ("officer", "shared_mail")
    with desk.read() as queries:
        counts = queries.care_counts(ready)
    assert counts["shared_mail"] == 2 and counts["protected"] == 1
    decide(desk, ready, [one(desk, ready, "A1004"), one(desk, ready, "A1005")], "channel", "letter", "one each")
    assert rung(desk, ready, "A1005") == ("letter", "chosen")


def test_marks_move_the_rung_and_back(desk: Desk, ready: BreachId) -> None:
    person = [one(desk, ready, "A1001")]
    mark_care(desk, ready, person, CareRule.WISH, "asked by telephone", value="letter")
    assert rung(desk, ready, "A1001") == ("letter", "wish")
    mark_care(desk, ready, person, CareRule.DO_NOT_WRITE, "asked by telephone")
    assert rung(desk, ready, "A1001") == ("officer", "do_not_write")
    mark_care(desk, ready, person, CareRule.DO_NOT_WRITE, "a mistake", off=True)
    mark_care(desk, ready, person, CareRule.WISH, "a mistake", off=True)
    assert rung(desk, ready, "A1001") == ("email", "has_email")
    with desk.read() as queries:
        assert [line.current for line in queries.care_lines(person[0])] == [False] * 4


def test_a_letter_that_lies_ready_is_named_when_its_person_is_protected(
    desk: Desk, ready: BreachId, tmp_path: Path
) -> None:
    made = make_letters(desk, ready, tmp_path / "out")
    assert made.letters == 1
    person = [one(desk, ready, "A1003")]
    marked = mark_care(desk, ready, person, CareRule.PROTECTED, "the person called")
    assert [(m.batch_id, m.number, m.channel) for m in marked.in_hand] == [(1, 1, "letter")]
    withdraw_batch(desk, BatchId(1), "a letter had to be taken out")
    assert make_letters(desk, ready, tmp_path / "again").letters == 0


def test_marks_that_make_no_sense_are_refused(desk: Desk, ready: BreachId) -> None:
    two = [one(desk, ready, "Salainen"), one(desk, ready, "A1001")]
    for change, code in (
        ({"rule": CareRule.CHILD}, "care_not_markable"), ({"reason": " "}, "reason_needed"),
        ({"person_ids": []}, "nobody_chosen"), ({"rule": CareRule.WISH}, "wish_channel"),
        ({"off": True}, "protected_one_by_one"), ({"person_ids": [999]}, "no_such_person"),
    ):  # fmt: skip
        values = {"person_ids": two, "rule": CareRule.PROTECTED, "reason": "why"} | change
        with pytest.raises((InputError, RuleError), match=code):
            mark_care(desk, ready, **values)
