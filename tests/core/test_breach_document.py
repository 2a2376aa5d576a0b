"""A revision and its document are one: nothing is lost between them, older documents read, and a slip names its field."""

from __future__ import annotations

import typing
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dpo_app.core.errors import InputError
from dpo_app.core.facts import breach, fact_values
from dpo_app.core.facts.breach import Measure, Revision
from dpo_app.core.facts.breach_document import document_from_revision, revision_from_document
from dpo_app.core.facts.differences import ChangeKind, differences
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.facts.fact_choices import FactState, MeasureState
from dpo_app.core.facts.fact_values import Basis, Count, FactNote, Statement
from tests.builders import a_revision

WORDS = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12)
DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 31))
INSTANTS = st.datetimes(datetime(2015, 1, 1), datetime(2025, 12, 31), timezones=st.just(timezone(timedelta(hours=2))))
COUNTRIES = st.sampled_from(["FI", "SE", "DE"])


@st.composite
def counts(draw: st.DrawFn) -> Count:
    """Return a count whose numbers follow each other."""
    least, value, most = sorted(draw(st.lists(st.integers(0, 10**6), min_size=3, max_size=3)))
    some = draw(st.booleans())
    exact = Count(value, Basis.ESTIMATE, least if some else None, most if some else None)
    return draw(st.sampled_from([exact, Count(), Count(basis=Basis.UNDETERMINABLE), Count(value, Basis.EXACT)]))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Return a window that ends when it begins or later."""
    first = draw(DAYS)
    last = draw(st.none() | st.dates(first, date(2026, 1, 1)))
    sure = st.sampled_from(list(Certainty))
    return Window(draw(WORDS), first, last, draw(sure), draw(sure), draw(st.booleans()))


OWN = {str: WORDS, datetime: INSTANTS, datetime | None: st.none() | INSTANTS, Count: counts()}


def a_value(kind: type[Any], **given: Any) -> st.SearchStrategy[Any]:
    """Return any value of a dataclass: texts without blanks around them, times with zone, choices each once."""
    hints = typing.get_type_hints(kind)
    own = {name: OWN[hints[name]] for name in hints if hints[name] in OWN}
    several = {
        name: st.lists(st.sampled_from(list(typing.get_args(hint)[0])), unique=True, max_size=3).map(tuple)
        for name, hint in hints.items()
        if typing.get_origin(hint) is tuple and issubclass(typing.get_args(hint)[0], StrEnum)
    }
    return st.builds(kind, **(own | several | given))


def a_tuple(each: st.SearchStrategy[Any], key: Any = None) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return up to three values; with `key` no two that are equal in it."""
    return st.lists(each, unique_by=key, max_size=3).map(tuple)


AT = datetime(2026, 2, 1, tzinfo=UTC)
REVISIONS = a_value(
    Revision, known_as_of=st.just(AT), windows=a_tuple(windows(), lambda each: each.name),
    awareness=a_value(breach.Awareness, at=st.just(AT)),
    category_counts=a_tuple(a_value(breach.CategoryCount), lambda each: each.category),
    cross_border=a_value(
        fact_values.CrossBorder, main_establishment=COUNTRIES, states=st.just(("FI", "SE")),
        persons_by_country=a_tuple(st.builds(fact_values.CountryCount, COUNTRIES, counts()), lambda each: each.country),
        authorities_told=st.just(("IMY",)),
    ),
    systems=a_tuple(a_value(fact_values.System, country=COUNTRIES)),
    parties=a_tuple(a_value(fact_values.Party, country=COUNTRIES)), statements=a_tuple(a_value(Statement)),
    measures=a_tuple(a_value(Measure)), events=a_tuple(a_value(fact_values.Event)),
    reports=a_tuple(a_value(fact_values.Report)), concerned=a_value(fact_values.Concerned),
    before=a_value(fact_values.Before), occurrence=a_value(fact_values.Occurrence),
    contact=a_value(fact_values.ContactPoint), communication=a_value(fact_values.Communication),
    scope=a_value(fact_values.Scope, contract_hours=st.none() | st.integers(0, 100)),
    facts=a_tuple(a_value(FactNote, evidence=st.just(("E1",)))),
)  # fmt: skip


@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(REVISIONS)
def test_nothing_is_lost_between_a_revision_and_its_document(revision: Revision) -> None:
    document = document_from_revision(revision)
    assert revision_from_document(document) == revision
    assert document_from_revision(revision_from_document(document)) == document
    assert differences(revision, revision) == ()


def test_a_document_of_the_first_version_reads_and_says_nothing_about_the_rest() -> None:
    old = {
        "title": "Register copied", "controller": "Esimerkki Oy", "known_as_of": "2020-10-24T21:30:00+03:00",
        "source": "Investigators", "awareness": {"at": "2020-09-28T14:05:00+03:00", "how": "", "reason_for_delay": ""},
        "nature": {"kinds": ["confidentiality"], "cause": "unknown", "summary": "Copied."}, "window": [],
        "data": {"categories": ["name"], "persons": {"count": 3, "basis": "exact"}, "records": {"basis": "unknown"}},
        "consequences": {"likely": [], "text": ""}, "note": "",
        "measure": [{"kind": "contain", "text": "Closed.", "done_on": "2020-10-01"}],
    }  # fmt: skip
    revision = revision_from_document(old)
    assert revision.parties == () and revision.severity is None and revision.facts == ()
    assert revision.measures[0].standing is MeasureState.DONE


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        (("data", "persons"), {"count": 5, "basis": "estimate", "minimum": 9}, "count_out_of_order", "data.persons"),
        (("data", "persons"), {"basis": "exact"}, "field_not_number", "data.persons.count"),
        (("data", "by_category"), {"shoes": {"basis": "unknown"}}, "field_not_choice", "data.by_category.shoes.kind"),
        (("cross_border", "states"), ["Finland"], "field_not_country", "cross_border.states"),
        (("cross_border", "persons_by_country"), {"fi": {}}, "field_not_country",
         "cross_border.persons_by_country.fi.country"),
        (("cross_border", "concerned"), "perhaps", "field_not_choice", "cross_border.concerned"),
        (("scope", "contract_hours"), -1, "field_not_number", "scope.contract_hours"),
        (("awareness", "told_at"), "2020-09-28T14:05:00", "field_without_zone", "awareness.told_at"),
        (("occurrence", "estimated"), "maybe", "field_not_flag", "occurrence.estimated"),
        (("party",), [{"name": "Host Oy"}], "field_not_choice", "party[1].role"),
        (("statement",), [{"author": "N. N.", "text": " "}], "field_missing", "statement[1].text"),
        (("window",), [{"name": "w", "from": "2018-11-02", "to": "2018-11-01", "intrusion": "likely",
                        "disclosure": "likely"}], "window_ends_before", "window[1].to"),
        (("shoes",), 1, "field_unknown", "shoes"),
        (("communication", "shoes"), 1, "field_unknown", "communication.shoes"),
        (("measure",), "none", "field_not_list", "measure"),
        (("before",), [], "field_not_table", "before"),
    ],
)  # fmt: skip
def test_a_slip_names_its_field(path: tuple[str, ...], value: Any, code: str, field: str) -> None:
    document = document_from_revision(a_revision())
    place = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(InputError) as caught:
        revision_from_document(document)
    assert (caught.value.code, caught.value.facts["field"]) == (code, field)


def test_states_and_statements_are_differences_of_their_own() -> None:
    waits = FactNote("data.records", FactState.NOT_YET_KNOWN, reason="counting goes on", due=date(2020, 11, 6))
    said = (Statement("Expert A", "From outside."), Statement("Expert A", "By one person."))
    old, new = a_revision(), a_revision(facts=(waits,), statements=said)
    found = {each.key: each.kind for each in differences(old, new)}
    assert found == {
        "fact.data.records": ChangeKind.ADDED, "statement.Expert A": ChangeKind.ADDED,
        "statement.Expert A (2)": ChangeKind.ADDED,
    }  # fmt: skip
