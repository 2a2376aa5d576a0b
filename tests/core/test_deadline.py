"""Clocks from rule packs and recorded events: which are owed, which end drives, what is late by how much."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dpo_app.core.clocks.clock_record import ClockRecord, RecordKind, clock_facts, driving_awareness, stated_awareness
from dpo_app.core.clocks.deadline import ClockState, Deadline, Drives, Event, authority_due, deadlines_of, nearest
from dpo_app.core.clocks.regime import FactName, RulePacks
from dpo_app.core.facts.breach import Awareness, SavedRevision
from dpo_app.documents.regimes import load_packs
from dpo_app.paths import resources
from tests.builders import a_revision

PACKS = load_packs(resources() / "regimes")
AWARE = datetime(2026, 9, 28, 11, 5, tzinfo=UTC)
SOON_AFTER = AWARE + timedelta(hours=10)


def saved(number: int, at: datetime, recorded: datetime | None = None, **facts: Any) -> SavedRevision:
    known = facts.pop("known_as_of", datetime(2026, 12, 1, tzinfo=UTC))
    revision = a_revision(awareness=Awareness(at, "message", facts.pop("delay", "")), known_as_of=known, **facts)
    return SavedRevision(number, 1, number, "Tester", recorded or at + timedelta(hours=number), revision)


def record(
    kind: RecordKind, key: str, at: datetime | None = None, when: datetime = SOON_AFTER, **more: Any
) -> ClockRecord:
    return ClockRecord(kind, key, "Tester", when, at, "Europe/Helsinki" if at else "", **more)


def clocks(*records: ClockRecord, now: datetime = SOON_AFTER, revisions: tuple[SavedRevision, ...] = (), **more: Any) -> dict[
    str, Deadline
]:  # fmt: skip
    values: dict[str, Any] = {"zone": "Europe/Helsinki", "country": "FI"}
    facts = clock_facts(revisions or (saved(1, AWARE),), records, **(values | more))
    return {each.key: each for each in deadlines_of(PACKS, facts, now)}


def test_seventy_two_hours_both_ways_and_the_earlier_one_drives() -> None:
    found = clocks()["gdpr.art33_1"]
    assert found.due == AWARE + timedelta(hours=72) and found.drives is Drives.STRICT
    assert found.adjusted_due == datetime(2026, 10, 1, 12, tzinfo=UTC), "from 15:00 on, so to 15:00 in Helsinki"
    assert found.calendar == "FI" and found.no_calendar == ""


def test_states_to_the_second() -> None:
    found = clocks()["gdpr.art33_1"]
    due = AWARE + timedelta(hours=72)
    second = timedelta(seconds=1)
    assert found.state(due - timedelta(hours=36)) is ClockState.RUNNING
    assert found.state(due - timedelta(hours=36) + second) is ClockState.DUE_SOON
    assert found.state(due) is ClockState.DUE_SOON and found.state(due + second) is ClockState.LATE
    assert found.late_by(due + second) == second and found.owes_reason(due + second)


def test_met_in_time_late_and_with_its_reason() -> None:
    due = AWARE + timedelta(hours=72)
    early = clocks(record(RecordKind.DONE, "gdpr.art33_1", due, text="Receipt 1"), now=due + timedelta(days=9))
    assert early["gdpr.art33_1"].state(due) is ClockState.DONE and not early["gdpr.art33_1"].late_by(due)
    late = record(RecordKind.DONE, "gdpr.art33_1", due + timedelta(seconds=1))
    found = clocks(late)["gdpr.art33_1"]
    assert found.state(due) is ClockState.DONE_LATE and found.late_by(due) == timedelta(seconds=1)
    assert found.owes_reason(due + timedelta(days=1))
    reasoned = clocks(late, record(RecordKind.REASON, "gdpr.art33_1", text="Nobody read the mailbox"))["gdpr.art33_1"]
    assert not reasoned.owes_reason(due + timedelta(days=1)) and reasoned.reason == "Nobody read the mailbox"


def test_the_reason_in_the_facts_counts() -> None:
    found = clocks(revisions=(saved(1, AWARE, delay="The server was down"),))["gdpr.art33_1"]
    assert found.reason == "The server was down" and not found.owes_reason(AWARE + timedelta(days=9))


def test_the_earlier_of_two_receipts_counts() -> None:
    known = {"gdpr.art33_1": Event(AWARE + timedelta(hours=5), "form")}
    officer = record(RecordKind.DONE, "gdpr.art33_1", AWARE + timedelta(hours=4), text="phone")
    assert clocks(officer, done=known)["gdpr.art33_1"].done == Event(
        AWARE + timedelta(hours=4), "phone", "Europe/Helsinki", "Tester", SOON_AFTER
    )
    assert clocks(done=known)["gdpr.art33_1"].done is known["gdpr.art33_1"]


def test_conditions_decide_what_is_owed() -> None:
    undecided = clocks()
    assert undecided["gdpr.art33_1"].owed is None, "owed until somebody says that a risk is unlikely"
    only = clocks(facts={FactName.RISK: frozenset({"register_only"})})
    assert only["gdpr.art33_1"].state(SOON_AFTER) is ClockState.NOT_OWED
    high = clocks(facts={FactName.RISK: frozenset({"persons"})})
    assert high["gdpr.art34_1"].owed is True and high["gdpr.art34_1"].state(SOON_AFTER) is ClockState.NOT_STARTED
    processor = clocks(record(RecordKind.FACT, "controller.role", text="x", document={"values": ["processor"]}))
    assert processor["gdpr.art33_1"].owed is False and processor["gdpr.art33_2"].owed is True
    assert processor["gdpr.art33_2"].state(SOON_AFTER) is ClockState.RUNNING and processor["gdpr.art33_2"].due is None
    both = clocks(
        record(RecordKind.FACT, "controller.role", text="x", document={"values": ["processor", "controller"]})
    )
    assert both["gdpr.art33_1"].owed is None and both["gdpr.art33_2"].owed is True


def test_undue_delay_takes_the_officers_own_date_and_is_never_late_by_it() -> None:
    own = AWARE + timedelta(days=2)
    found = clocks(
        record(RecordKind.ANCHOR, "high_risk_determined", AWARE), record(RecordKind.TARGET, "gdpr.art34_1", own),
    )["gdpr.art34_1"]  # fmt: skip
    assert (found.due, found.drives) == (own, Drives.TARGET)
    assert found.state(own + timedelta(hours=1)) is ClockState.LATE and not found.late_by(own + timedelta(hours=1))


def test_nis2_runs_in_a_chain() -> None:
    law = record(RecordKind.LAW, "nis2", text="x", document={"applies": True})
    found = clocks(law, record(RecordKind.ANCHOR, "significant_incident", AWARE - timedelta(hours=1)))
    assert found["nis2.early_warning"].due == AWARE + timedelta(hours=23)
    assert found["nis2.incident_notice"].due == AWARE + timedelta(hours=71)
    assert found["nis2.final_report"].state(SOON_AFTER) is ClockState.NOT_STARTED
    sent = record(RecordKind.DONE, "nis2.incident_notice", datetime(2026, 9, 30, 8, tzinfo=UTC))
    final = clocks(law, sent)["nis2.final_report"]
    assert final.due == datetime(2026, 10, 30, 22, tzinfo=UTC), "24:00 of 30 October in Helsinki, winter time by then"


def test_dora_takes_the_earlier_of_two_ends() -> None:
    law = record(RecordKind.LAW, "dora", text="x", document={"applies": True})
    late = clocks(law, record(RecordKind.ANCHOR, "classified_major", AWARE + timedelta(hours=23)))["dora.initial"]
    assert (late.due, late.drives) == (AWARE + timedelta(hours=24), Drives.LATEST)
    soon = clocks(law, record(RecordKind.ANCHOR, "classified_major", AWARE + timedelta(hours=2)))["dora.initial"]
    assert (soon.due, soon.drives) == (AWARE + timedelta(hours=6), Drives.STRICT)


def test_an_agreement_has_hours_of_its_own() -> None:
    terms = {"partner": "Insurer", "clause": "7.2", "hours": 48, "anchor": "awareness"}
    found = clocks(record(RecordKind.CONTRACT, "a1", text="Insurer", document=terms))["contract.a1"]
    assert found.due == AWARE + timedelta(hours=48) and found.citation == "7.2" and found.adjusted is None


def test_a_law_can_be_left_and_one_not_yet_in_force_starts_no_clock() -> None:
    left = clocks(record(RecordKind.LAW, "gdpr", text="x", document={"applies": False}))
    assert not left
    old = (saved(1, datetime(2017, 3, 1, 8, tzinfo=UTC)),)
    assert not clocks(revisions=old), "the GDPR applies from 25 May 2018"


def test_without_a_calendar_the_strict_count_stands() -> None:
    found = clocks(country="ZZ", facts={FactName.COUNTRY: frozenset({"FI"})})["gdpr.art33_1"]
    assert found.due == AWARE + timedelta(hours=72) and found.adjusted is None and found.no_calendar == "no_calendar"


def test_the_nearest_that_is_still_owed_comes_first() -> None:
    law = record(RecordKind.LAW, "nis2", text="x", document={"applies": True})
    order = list(clocks(law))
    assert order[:3] == ["nis2.early_warning", "gdpr.art33_1", "nis2.incident_notice"]
    assert order[-1] == "gdpr.art33_2", "what does not arise comes last"
    first = nearest(tuple(clocks(law).values()), SOON_AFTER)
    assert first is not None and first.key == "nis2.early_warning"


def test_new_facts_start_the_follow_up_without_new_hours() -> None:
    told = record(RecordKind.DONE, "gdpr.art33_1", AWARE + timedelta(hours=20))
    first, second = saved(1, AWARE), saved(2, AWARE, AWARE + timedelta(days=2), source="Investigators")
    assert clocks(told, revisions=(first,))["gdpr.art33_4"].state(SOON_AFTER) is ClockState.NOT_STARTED
    found = clocks(told, revisions=(first, second))
    assert found["gdpr.art33_4"].event is not None and found["gdpr.art33_4"].event.at == AWARE + timedelta(days=2)
    assert found["gdpr.art33_1"].due == AWARE + timedelta(hours=72), "the first clock does not move"
    sent = record(RecordKind.DONE, "gdpr.art33_4", AWARE + timedelta(days=3))
    assert clocks(told, sent, revisions=(first, second))["gdpr.art33_4"].state(SOON_AFTER) is ClockState.DONE
    third = saved(3, AWARE, AWARE + timedelta(days=4))
    again = clocks(told, sent, revisions=(first, second, third))["gdpr.art33_4"]
    assert again.done is None and again.event is not None and again.event.at == AWARE + timedelta(days=4)


def test_a_decision_not_to_tell_the_persons_ends_that_duty() -> None:
    facts = {FactName.RISK: frozenset({"persons"}), FactName.COMMUNICATION: frozenset({"exempt"})}
    assert clocks(facts=facts)["gdpr.art34_1"].owed is False


def test_awareness_corrected_twice_keeps_the_earliest_until_somebody_decides() -> None:
    first, second, third = AWARE, AWARE + timedelta(hours=9), AWARE + timedelta(hours=4)
    revisions = (
        saved(1, first, AWARE + timedelta(days=1)), saved(2, second, AWARE + timedelta(days=2)),
        saved(3, third, AWARE + timedelta(days=3)),
    )  # fmt: skip
    assert [each.at for each in stated_awareness(revisions)] == [first, second, third]
    assert driving_awareness(revisions, None).at == first
    decided = record(RecordKind.ANCHOR, "awareness", third, AWARE + timedelta(days=4), text="The first was a guess")
    assert clocks(decided, revisions=revisions)["gdpr.art33_1"].due == third + timedelta(hours=72)
    later = saved(4, AWARE - timedelta(hours=2), AWARE + timedelta(days=5))
    assert driving_awareness((*revisions, later), decided).at == AWARE - timedelta(hours=2)
    again = saved(4, second, AWARE + timedelta(days=5))
    assert driving_awareness((*revisions, again), decided).at == third, "a later one moves nothing by itself"


def test_without_a_zone_there_is_no_clock() -> None:
    with pytest.raises(ValueError, match="zone"):
        authority_due(datetime(2026, 9, 28, 14, 5))
    assert authority_due(AWARE) == AWARE + timedelta(hours=72)


def test_nothing_is_known_without_packs() -> None:
    facts = clock_facts((saved(1, AWARE),), (), zone="Europe/Helsinki", country="FI")
    assert deadlines_of(RulePacks(), facts, AWARE) == ()
    assert date(2026, 9, 28) == AWARE.date()
