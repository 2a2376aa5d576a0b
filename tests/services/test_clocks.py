"""Clocks of a real store: what starts and ends them is recorded, refused if it cannot be, and leaves its trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dpo_app.core.clocks.clock_record import RecordKind
from dpo_app.core.clocks.deadline import ClockState
from dpo_app.core.errors import DpoError, InputError, RuleError
from dpo_app.core.facts.breach import Awareness
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.facts.fact_choices import EventKind, OwnRole, ProviderKind
from dpo_app.core.facts.fact_values import Event, Scope
from dpo_app.core.ids import BreachId
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.clocks.clocks import clocks_of, due_soon
from dpo_app.services.clocks.export_calendar import breach_calendar, reminder_calendar
from dpo_app.services.clocks.record_clock import (
    choose_calendar,
    choose_law,
    give_reason,
    record_anchor,
    record_contract,
    record_done,
    set_target,
    state_fact,
    take_back,
)
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.ports.desk import Desk
from tests.builders import a_revision

AWARE = datetime(2026, 9, 28, 11, 5, tzinfo=UTC)
NOW = AWARE + timedelta(hours=50)


class StoppedClock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic_ms(self) -> int:
        return int(self.at.timestamp() * 1000)


@pytest.fixture
def early(desk: Desk) -> Desk:
    """The desk fifty hours after awareness."""
    return replace(desk, clock=StoppedClock(NOW))


def a_breach(desk: Desk, at: datetime = AWARE, **changes: Any) -> BreachId:
    values = {"awareness": Awareness(at, "Message"), "known_as_of": at + timedelta(hours=1)}
    return add_breach(desk, a_revision(**(values | changes))).breach_id


def clocks(desk: Desk, breach_id: BreachId) -> dict[str, Any]:
    with desk.read() as queries:
        return {each.key: each for each in clocks_of(desk, queries, breach_id).deadlines}


def actions(desk: Desk) -> list[str]:
    with desk.read() as queries:
        return [line.action for line in queries.trail.lines(limit=5)]


def test_a_duty_is_met_and_leaves_its_trace(early: Desk) -> None:
    breach = a_breach(early)
    record_done(early, breach, "art33_1", AWARE + timedelta(hours=29), "Ombudsman, receipt 4471")
    found = clocks(early, breach)["gdpr.art33_1"]
    assert found.state(NOW) is ClockState.DONE and found.done.source == "Ombudsman, receipt 4471"
    assert actions(early)[0] == AuditAction.DUTY_MET


def test_a_late_duty_owes_its_reason_until_it_is_given(desk: Desk) -> None:
    desk = replace(desk, clock=StoppedClock(AWARE + timedelta(hours=73)))
    breach = a_breach(desk)
    assert clocks(desk, breach)["gdpr.art33_1"].owes_reason(desk.clock.now())
    with pytest.raises(InputError, match="reason_needed"):
        give_reason(desk, breach, "gdpr.art33_1", "  ")
    give_reason(desk, breach, "gdpr.art33_1", "The mailbox was not read over the weekend.")
    found = clocks(desk, breach)["gdpr.art33_1"]
    assert not found.owes_reason(desk.clock.now()) and found.reason.startswith("The mailbox")


REFUSED: tuple[tuple[Any, str], ...] = (
    (lambda d, b: record_done(d, b, "gdpr.art33_1", NOW + timedelta(seconds=1), ""), "in_future"),
    (lambda d, b: record_done(d, b, "gdpr.art33_1", AWARE - timedelta(seconds=1), ""), "done_before_start"),
    (lambda d, b: record_done(d, b, "gdpr.art99", NOW, ""), "no_such_rule"),
    (lambda d, b: record_done(d, b, "gdpr.art33_1", datetime(2026, 9, 29, 8), ""), "field_without_zone"),
    (lambda d, b: record_anchor(d, b, "full_moon", NOW, ""), "no_such_anchor"),
    (lambda d, b: record_anchor(d, b, "detected", NOW + timedelta(hours=1), ""), "in_future"),
    (lambda d, b: record_anchor(d, b, "awareness", NOW, "because"), "awareness_not_stated"),
    (lambda d, b: record_anchor(d, b, "awareness", AWARE, ""), "reason_needed"),
    (lambda d, b: set_target(d, b, "gdpr.art33_1", NOW), "no_target_wanted"),
    (lambda d, b: choose_law(d, b, "nothing", True, "x"), "no_such_law"),
    (lambda d, b: choose_law(d, b, "omnibus", True, "x"), "law_proposed"),
    (lambda d, b: choose_law(d, b, "nis2", True, " "), "reason_needed"),
    (lambda d, b: record_contract(d, b, "Insurer", "7", 0), "contract_hours"),
    (lambda d, b: record_contract(d, b, " ", "7", 24), "field_missing"),
    (lambda d, b: record_contract(d, b, "Insurer", "7", 24, "full_moon"), "no_such_anchor"),
    (lambda d, b: state_fact(d, b, "weather", ("fine",), "x"), "field_not_choice"),
    (lambda d, b: state_fact(d, b, "controller.role", ("king",), "x"), "field_not_choice"),
    (lambda d, b: take_back(d, b, RecordKind.DONE, "gdpr.art33_1", "x"), "no_such_rule"),
    (lambda d, _b: choose_calendar(d, "XX", ""), "no_calendar"),
    (lambda d, b: record_done(d, BreachId(99), "gdpr.art33_1", NOW, ""), "no_such_breach"),
)


def test_what_cannot_be_is_refused_and_changes_nothing(early: Desk) -> None:
    breach = a_breach(early)
    before = clocks(early, breach), actions(early)
    for act, code in REFUSED:
        with pytest.raises(DpoError) as caught:
            act(early, breach)
        assert caught.value.code == code
        assert (clocks(early, breach), actions(early)) == before, code


def test_a_law_that_was_not_in_force_is_refused(early: Desk) -> None:
    breach = a_breach(early, datetime(2020, 9, 28, 11, 5, tzinfo=UTC))
    with pytest.raises(RuleError, match="law_not_in_force"):
        choose_law(early, breach, "nis2", True, "Essential entity")


def test_awareness_in_the_future_or_before_the_breach_is_refused(early: Desk) -> None:
    with pytest.raises(InputError, match="in_future"):
        a_breach(early, NOW + timedelta(minutes=1))
    with pytest.raises(InputError, match="awareness_before_breach"):
        a_breach(early, datetime(2018, 10, 31, 8, tzinfo=UTC), measures=())
    backwards = Window("backwards", date(2018, 11, 30), date(2018, 11, 1), Certainty.LIKELY, Certainty.LIKELY)
    with pytest.raises(InputError, match="window_ends_before"):
        a_breach(early, windows=(backwards,))


def test_awareness_corrected_twice_is_decided_with_a_reason(early: Desk) -> None:
    breach = a_breach(early)
    for number, hours in ((2, 9), (3, 4)):
        at = AWARE + timedelta(hours=hours)
        revise_breach(early, breach, a_revision(
            awareness=Awareness(at, "Message", correction=f"corrected {number}"), known_as_of=AWARE + timedelta(hours=20 + number)))  # fmt: skip
    assert clocks(early, breach)["gdpr.art33_1"].due == AWARE + timedelta(hours=72)
    record_anchor(early, breach, "awareness", AWARE + timedelta(hours=4), "The first time was that of the mail server")
    found = clocks(early, breach)["gdpr.art33_1"]
    assert found.due == AWARE + timedelta(hours=76) and found.event.source.startswith("The first time")


def test_what_the_facts_state_starts_and_ends_clocks(early: Desk) -> None:
    events = (
        Event(EventKind.CLASSIFIED_MAJOR, AWARE + timedelta(hours=1)), Event(EventKind.CONTRACT_CLOCK, AWARE - timedelta(hours=3)),
        Event(EventKind.INITIAL_SUBMITTED, AWARE + timedelta(hours=3)),
    )  # fmt: skip
    scope = Scope(OwnRole.JOINT_CONTROLLER, None, (ProviderKind.FINANCIAL_ENTITY,), "Insurer", 48)
    known = AWARE + timedelta(hours=4)
    found = clocks(early, a_breach(early, scope=scope, events=events, known_as_of=known))
    assert found["dora.initial"].state(NOW) is ClockState.DONE
    assert found["dora.intermediate"].due == AWARE + timedelta(hours=75)
    assert found["contract.stated"].due == AWARE + timedelta(hours=45)
    assert found["gdpr.art33_1"].owed is None
    processor = clocks(early, a_breach(early, scope=Scope(OwnRole.PROCESSOR)))
    assert processor["gdpr.art33_2"].owed is True and processor["gdpr.art33_1"].owed is False


def test_another_calendar_moves_the_second_count_only(desk: Desk) -> None:
    desk = replace(desk, clock=StoppedClock(datetime(2026, 6, 22, tzinfo=UTC)))
    breach = a_breach(desk, datetime(2026, 6, 18, 7, tzinfo=UTC))
    before = clocks(desk, breach)["gdpr.art33_1"]
    choose_calendar(desk, "DE", "BY")
    after = clocks(desk, breach)["gdpr.art33_1"]
    assert before.due == after.due and before.adjusted_due != after.adjusted_due
    assert after.calendar == "DE-BY"


def test_reminders_are_what_is_late_or_due_within_three_days(early: Desk) -> None:
    first, later = a_breach(early), a_breach(early, AWARE - timedelta(days=30))
    done = a_breach(early, AWARE - timedelta(hours=2))
    record_done(early, done, "gdpr.art33_1", NOW, "")
    with early.read() as queries:
        found = due_soon(early, queries)
    assert [(each.breach.id, each.state) for each in found] == [
        (later, ClockState.LATE), (first, ClockState.DUE_SOON),
    ]  # fmt: skip


def test_the_calendar_file_is_stable_and_says_nothing_personal(early: Desk) -> None:
    breach = a_breach(early, title="Aino Virtanen's letters", reference="2026/03")
    text = breach_calendar(early, breach, "en").decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert text.endswith("END:VCALENDAR\r\n") and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "DTSTART:20261001T110500Z" in lines
    assert "SUMMARY:Deadline: Authority\\, first notice\\, breach 2026/03" in lines
    assert [line for line in lines if line.startswith("TRIGGER")] == ["TRIGGER:-PT24H", "TRIGGER:-PT2H"]
    assert "Virtanen" not in text
    uid = next(line for line in lines if line.startswith("UID"))
    set_contract = record_contract(early, breach, "Insurer", "7", 72)
    assert set_contract.breach_id == breach
    again = breach_calendar(early, breach, "en", "gdpr.art33_1").decode().replace("\r\n ", "").split("\r\n")
    assert uid in again and "SEQUENCE:1" in again and "SEQUENCE:0" in lines
    assert reminder_calendar(early, "fi").decode().count("BEGIN:VEVENT") == 2
    record_done(early, breach, "gdpr.art33_1", NOW, "")
    with pytest.raises(InputError, match="nothing_due"):
        breach_calendar(early, breach, "en", "gdpr.art33_1")


def test_an_agreement_that_was_an_error_is_taken_back_and_its_number_not_used_again(early: Desk) -> None:
    breach = a_breach(early)
    record_contract(early, breach, "Insurer", "7", 48)
    take_back(early, breach, RecordKind.CONTRACT, "a1", "Wrong breach")
    assert not [key for key in clocks(early, breach) if key.startswith("contract")]
    record_contract(early, breach, "Bank", "2", 24)
    assert "contract.a2" in clocks(early, breach)
    with early.read() as queries:
        assert len(queries.clock_records(breach)) == 3
