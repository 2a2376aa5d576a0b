"""Exposure that moves: what is foreseen comes to pass, and the second notice goes to those who are owed more, to no
one else."""

from __future__ import annotations

import email
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.facts.breach import DataCategory
from dpo_app.core.facts.exposure import Certainty
from dpo_app.core.facts.moves import OwedReason
from dpo_app.core.ids import BatchId, BreachId, PersonId, parse_ref
from dpo_app.services.desk.manage_store import decide
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.foresee_moves import foresee_dates, foresee_revision
from dpo_app.services.facts.record_breach import revise_breach
from dpo_app.services.letters.make_letters import make_letters
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices.follow_up import draft_follow_up
from dpo_app.services.notices.owed import owed
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons.correct_dates import correct_dates
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import W1, W2, a_register, a_revision, a_row
from tests.conftest import bring_in

#: Confirmed by both windows; possible by the second alone; after both; no date; gone before both.
ROWS = [
    a_row(1), a_row(2, Ensikäynti="1.1.2019"), a_row(3, Ensikäynti="1.1.2020"), a_row(4, Ensikäynti=""),
    a_row(5, Ensikäynti="1.1.2010", Poistettu="31.10.2018"), a_row(6, Ensikäynti="1.2.2019"),
    a_row(7, Ensikäynti="1.2.2019", **{"Sähköposti": ""}),
]  # fmt: skip
SURER = a_revision(windows=(W1, replace(W2, disclosure=Certainty.CONFIRMED)))


@pytest.fixture
def told(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Those with a mail address were told under revision 1; the seventh waits for a letter."""
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", ROWS))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    send(desk, breach_id, tmp_path / "first")
    return breach_id


def send(desk: Desk, breach_id: BreachId, out: Path) -> set[str]:
    """Export and confirm the e-mails; returns the addresses they went to."""
    made = export_emails(desk, breach_id, out)
    confirm_sent(desk, BatchId(parse_ref(made.reference, "L") or 0), made.planned)
    messages = [email.message_from_bytes(p.read_bytes(), policy=policy.default) for p in out.rglob("*.eml")]
    return {str(m["To"].addresses[0].addr_spec) for m in messages}


def one(desk: Desk, breach_id: BreachId, text: str) -> PersonId:
    with desk.read() as queries:
        (found,) = queries.find_persons(breach_id, text)
    return PersonId(found)


def counts(desk: Desk, breach_id: BreachId) -> tuple[int, int, int]:
    with desk.read() as queries:
        found = queries.standings(breach_id, queries.newest_revision(breach_id).id)
    assert found.in_scope == found.told + found.on_the_way + found.open + found.unknown + found.excused
    return found.told, found.on_the_way, found.open


@pytest.mark.parametrize(
    "facts",
    [
        SURER, a_revision(windows=(W1,)), a_revision(windows=(W2, W1), summary="other order"),
        a_revision(windows=(replace(W1, ends_on=W1.begins_on), W2)), a_revision(windows=()),
        a_revision(windows=(W1, replace(W2, ends_on=None))),
    ],
)  # fmt: skip
def test_what_is_foreseen_comes_to_pass(desk: Desk, told: BreachId, facts: object) -> None:
    foreseen = foresee_revision(desk, told, facts)  # type: ignore[arg-type]
    assert foreseen.persons == 7 == sum(foreseen.cells.values())
    with desk.read() as queries:
        before = queries.newest_revision(told)
        assert len(queries.revisions(told)) == 1, "nothing was kept"
    after = revise_breach(desk, told, facts).revision  # type: ignore[arg-type]
    make_plan(desk, told)
    with desk.read() as queries:
        assert queries.moves(before.id, after.id) == foreseen.cells
    assert sum(owed(desk, told).reasons.values()) == owed(desk, told).persons == sum(foreseen.owed.values())


def test_the_second_notice_goes_to_those_who_are_owed_more_and_to_no_one_else(
    desk: Desk, told: BreachId, tmp_path: Path
) -> None:
    assert counts(desk, told) == (4, 0, 1)
    with pytest.raises(RuleError, match="nobody_owed"):
        draft_follow_up(desk, told)
    revise_breach(desk, told, SURER)
    with pytest.raises(RuleError, match="plan_outdated"):
        owed(desk, told)
    make_plan(desk, told)
    found = owed(desk, told)
    expected = {one(desk, told, "A1002"), one(desk, told, "A1006")}
    assert set(found.ids) == expected and found.reasons == {OwedReason.SURER: 2} and found.told_under == {1: 2}
    notice_id, persons, _ = draft_follow_up(desk, told)
    assert persons == 2 and counts(desk, told) == (4, 0, 1), "a draft moves nobody"
    approve_notice(desk, notice_id, "Maija Mallikas")
    assert counts(desk, told) == (2, 0, 3)
    with desk.read() as queries:
        assert set(queries.recipient_ids(notice_id)) == expected
    assert send(desk, told, tmp_path / "second") == {"aino2@example.com", "aino6@example.com"}
    assert counts(desk, told) == (4, 0, 1)
    assert owed(desk, told).persons == 0
    letters = make_letters(desk, told, tmp_path / "letters")
    assert letters.letters == 1, "who was not told yet still gets the first notice"
    with desk.read() as queries:
        (line,) = queries.person_deliveries(one(desk, told, "A1007"))
        assert line.notice_version == 1
        assert [d.notice_version for d in queries.person_deliveries(one(desk, told, "A1002"))] == [2, 1]
    with pytest.raises(RuleError, match="nobody_to_write_to"):
        export_emails(desk, told, tmp_path / "third")


def test_recipients_follow_what_is_decided_before_approval(desk: Desk, told: BreachId) -> None:
    revise_breach(desk, told, SURER)
    make_plan(desk, told)
    notice_id, persons, _ = draft_follow_up(desk, told)
    assert persons == 2
    decide(desk, told, [one(desk, told, "A1006")], "exposure", "not_exposed", "was never a customer")
    approve_notice(desk, notice_id, "Maija Mallikas")
    with desk.read() as queries:
        assert list(queries.recipient_ids(notice_id)) == [one(desk, told, "A1002")]


def test_less_than_was_told_is_not_owed_and_more_data_is(desk: Desk, told: BreachId) -> None:
    revise_breach(desk, told, a_revision(windows=(replace(W1, disclosure=Certainty.POSSIBLE), W2)))
    make_plan(desk, told)
    assert owed(desk, told).persons == 0
    more = a_revision(windows=(W1, W2), categories=(*a_revision().categories, DataCategory.PASSWORD))
    revise_breach(desk, told, more)
    make_plan(desk, told)
    found = owed(desk, told)
    assert found.reasons == {OwedReason.NEW_DATA: 4}


def test_other_dates_are_shown_before_they_are_accepted(desk: Desk, told: BreachId) -> None:
    person = one(desk, told, "A1002")
    (move,) = foresee_dates(desk, told, {person: ("2018-11-10", "")})
    assert (move.before, move.after.state.value, move.owed) == ("possible", "confirmed", OwedReason.SURER)
    (less,) = foresee_dates(desk, told, {person: ("2020", "")})
    assert (less.after.state.value, less.owed) == ("not_exposed", None)
    assert owed(desk, told).persons == 0, "nothing was kept"
    for change, code in ((("13.13.2013", ""), "date_form"), (("", "2018-02-30"), "date_form")):
        with pytest.raises(InputError, match=code):
            foresee_dates(desk, told, {person: change})
    with pytest.raises(InputError, match="reason_needed"):
        correct_dates(desk, told, person, "2018-11-10", "", " ")
    correct_dates(desk, told, person, "2018-11-10", "", "the contract says so")
    found = owed(desk, told)
    assert list(found.ids) == [person] and found.told_under == {1: 1}
    with desk.read() as queries:
        entries = [line.canonical for line in queries.trail.lines(limit=5)]
    assert any("dates_corrected" in entry for entry in entries) and not any("2018-11-10" in entry for entry in entries)
