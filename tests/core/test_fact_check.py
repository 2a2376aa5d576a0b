"""What a new revision has to keep, and which facts are open."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import Awareness, BreachKind, Cause, Count, Measure, MeasureKind
from dpo_app.core.facts.breach_document import document_from_revision, revision_from_document
from dpo_app.core.facts.fact_catalogue import BY_KEY, CATALOGUE, FactGroup, FactKind, open_facts, standings, value_at
from dpo_app.core.facts.fact_check import check_facts
from dpo_app.core.facts.fact_choices import (
    CommunicationDecision,
    Discovery,
    EventKind,
    Exemption,
    FactState,
    MeasureState,
)
from dpo_app.core.facts.fact_values import Basis, Communication, Event, FactNote
from dpo_app.paths import resources
from dpo_app.services.desk.make_example import example_document
from tests.builders import a_revision

AWARE = datetime(2020, 9, 28, 11, 5, tzinfo=UTC)
LATER = datetime(2020, 9, 28, 11, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"awareness": Awareness(AWARE, told_at=LATER)}, "report_after_awareness", "awareness.told_at"),
        ({"awareness": Awareness(AWARE, first_report_at=LATER)}, "report_after_awareness", "awareness.first_report_at"),
        ({"events": (Event(EventKind.CONTAINED, datetime(2021, 1, 1, tzinfo=UTC)),)}, "event_after_known", "event[1].at"),
        ({"measures": (Measure(MeasureKind.CONTAIN, "x", date(2020, 10, 26)),)}, "measure_done_later",
         "measure[1].done_on"),
        ({"measures": (Measure(MeasureKind.CONTAIN, "x", date(2020, 10, 1), MeasureState.PLANNED),)},
         "measure_state_contradicts", "measure[1].state"),
        ({"facts": (FactNote("shoes", FactState.KNOWN),)}, "fact_unknown", "fact[1].key"),
        ({"facts": (FactNote("data.records", FactState.NOT_YET_KNOWN),) * 2}, "fact_twice", "fact[2].key"),
        ({"facts": (FactNote("data.records", FactState.KNOWN),)}, "fact_state_empty", "fact[1].state"),
        ({"facts": (FactNote("data.persons", FactState.NOT_YET_KNOWN),)}, "fact_state_has_value", "fact[1].state"),
        ({"facts": (FactNote("data.persons", FactState.KNOWN, evidence=("report.pdf",)),)}, "evidence_reference",
         "fact[1].evidence"),
        ({"communication": Communication(CommunicationDecision.EXEMPT, None, Exemption.UNINTELLIGIBLE, "encrypted")},
         "exemption_reason", "communication.reason"),
        ({"communication": Communication(CommunicationDecision.TOLD, None, Exemption.RISK_REMOVED, "a b c d")},
         "exemption_without_decision", "communication.exemption"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_at_their_field(changes: dict[str, Any], code: str, field: str) -> None:
    check_facts(a_revision())
    with pytest.raises(InputError) as caught:
        check_facts(a_revision(**changes))
    assert (caught.value.code, caught.value.facts["field"]) == (code, field)


def test_an_unknown_cause_goes_with_not_yet_known() -> None:
    check_facts(a_revision(cause=Cause.UNKNOWN, facts=(FactNote("nature.cause", FactState.NOT_YET_KNOWN, reason="x"),)))


def _standing(revision: Any, key: str) -> Any:
    return next(each for each in standings(revision) if each.spec.key == key)


def test_a_fact_is_open_until_stated_excused_or_given_a_reason() -> None:
    revision = a_revision()
    assert _standing(revision, "data.records").open and _standing(revision, "data.records").state is None
    assert _standing(revision, "data.persons").state is FactState.ESTIMATED
    silent = replace(revision, facts=(FactNote("data.records", FactState.NOT_YET_KNOWN),))
    assert _standing(silent, "data.records").open, "not yet known without a reason is still open"
    waits = replace(revision, facts=(FactNote("data.records", FactState.NOT_YET_KNOWN, reason="counting"),))
    assert not _standing(waits, "data.records").open and _standing(waits, "data.records").waiting
    none = replace(revision, facts=(FactNote("party", FactState.NOT_APPLICABLE),))
    assert _standing(revision, "party").open and not _standing(none, "party").open
    assert open_facts(revision)[FactGroup.DATA] == open_facts(waits)[FactGroup.DATA] + 1
    exact = replace(revision, records=Count(7, Basis.EXACT))
    assert _standing(exact, "data.records").state is FactState.KNOWN


def test_what_is_demanded_follows_from_other_facts() -> None:
    plain = a_revision()
    assert not BY_KEY["nature.availability"].demanded(plain) and BY_KEY["nature.protection"].demanded(plain)
    lost = replace(plain, kinds=(BreachKind.AVAILABILITY,))
    assert BY_KEY["nature.availability"].demanded(lost) and not BY_KEY["nature.protection"].demanded(lost)
    told = replace(plain, awareness=Awareness(AWARE, discovered_by=Discovery.PROCESSOR))
    assert BY_KEY["awareness.told_at"].demanded(told) and BY_KEY["awareness.processor_aware_at"].demanded(told)
    assert not BY_KEY["awareness.told_at"].demanded(plain)


def test_every_fact_of_the_document_is_in_the_catalogue_and_the_other_way() -> None:
    document = document_from_revision(a_revision())
    stamps = {"known_as_of", "source", "fact"}
    paths = set()
    for name, value in document.items():
        if isinstance(value, dict):
            paths |= {f"{name}.{each}" for each in value}
        elif name not in stamps:
            paths.add(name)
    assert paths == set(BY_KEY)
    for spec in CATALOGUE:
        assert (spec.choices is not None) == (
            spec.kind in (FactKind.CHOICE, FactKind.CHOICES) or spec.key == "data.by_category"
        )
        assert re.fullmatch(r"[a-z_.]+", spec.key) and value_at(document, f"{spec.key}.none") is None


#: Fields of the template that facts of a breach answer; the rest come from organisation, officer, notice and ledger.
FROM_FACTS = {*range(44, 49), 49, 50, 51, 52, 53, *range(55, 64), 65, 66, 67, 68, *range(70, 74), 75, 76, *range(79, 88),
              92, 94, 97, 99, 100, 101, 109, 110, 111, *range(113, 119), *range(120, 124), 38, 39, 40, 41, 18, 19, 29, 30,
              31, *range(33, 37), 7}  # fmt: skip


def test_every_field_of_the_authorities_form_has_a_home() -> None:
    held = {number for spec in CATALOGUE for number in spec.numbers}
    assert held >= FROM_FACTS, sorted(FROM_FACTS - held)


def test_the_worked_example_leaves_nothing_open_without_a_reason() -> None:
    document: dict[str, Any] = example_document(resources() / "example")
    facts = revision_from_document(document["revision"])
    check_facts(facts)
    assert not [each.spec.key for each in standings(facts) if each.open]
    waiting = [each for each in standings(facts) if each.waiting]
    assert [each.spec.key for each in waiting] == ["data.records"]
    assert waiting[0].note is not None and waiting[0].note.due is not None
    assert not set(map(str, sum((each.evidence for each in facts.facts), ()))) - {"E1", "E2"}
