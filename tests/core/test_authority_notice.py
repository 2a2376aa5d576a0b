"""Filling the form: what is asked when, what is missing, what may stay open, what changed."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app import bootstrap
from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_facts import Known, Ledger, proposals
from dpo_app.core.authority.authority_log import (
    AuthorityEvent,
    ContactKind,
    check_phase,
    earlier_number,
    effective,
    told,
)
from dpo_app.core.authority.authority_notice import (
    Answer,
    AnswerState,
    Completeness,
    Filled,
    GapKind,
    Own,
    Proposal,
    answer_document,
    answer_from_document,
    changes_since,
    fill,
    own_document,
    own_from_document,
    parsed_own,
)
from dpo_app.core.authority.authority_template import Origin
from dpo_app.core.errors import RuleError
from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts.breach import Basis, Cause, Count, DataCategory, Measure, MeasureKind
from dpo_app.core.facts.fact_values import Before, Communication, Concerned, CrossBorder, FactNote, Party, System
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.messages.notice_words import NoticeWords, texts_of
from tests.builders import a_revision, an_organisation

FORMS = bootstrap.forms()
TEMPLATE = FORMS.template()
FACTS = {"in_eea": "yes", "late": "no", "asks_person_id": "no"}


def known(ledger: Ledger | None = None, organisation: dict[str, Any] | None = None, **changes: Any) -> Known:
    return Known(
        a_revision(**changes), an_organisation(**(organisation or {})), ledger or Ledger(), "Tester", crossing=False
    )


def filled(source: Known, own: dict[str, Own] | None = None, phase: NoticePhase = NoticePhase.INITIAL,
           withdraw: bool = False, **facts: str) -> Filled:  # fmt: skip
    return fill(TEMPLATE, proposals(source), own or {}, FACTS | facts, phase, withdraw)


def value(found: Filled, key: str) -> Any:
    answer = found.get(key)
    return answer.value if answer is not None else "not asked"


COMPLETE: dict[str, Any] = {
    "incidents": (of.Incident.HACKING,), "protection": of.Protection.NONE, "systems": (System("Patient system"),),
    "before": Before((of.Safeguard.BACKUP,)), "severity": of.ImpactSeverity.SEVERE,
    "confidentiality_consequences": (of.ConfidentialityConsequence.MISUSED,),
    "concerned": Concerned((of.PersonGroup.PATIENTS,), "Customers"), "records": Count(900, Basis.ESTIMATE, 800, 1200),
    "measures": (Measure(MeasureKind.CONTAIN, "Closed.", date(2020, 9, 29)),
                 Measure(MeasureKind.PREVENT, "More training.", safeguard=of.Safeguard.TRAINING)),
    "communication": Communication(of.CommunicationDecision.WILL_BE, date(2020, 10, 1)),
    "facts": (FactNote("party", of.FactState.NOT_APPLICABLE, reason="nobody else"),),
    "cross_border": CrossBorder(of.Answer.NO),
}  # fmt: skip
OWN = {"discovered": Own("outside"), "told_us_on": Own("2020-09-28"), "risk_outcome": Own("high"),
       "risk_method": Own("By the method of ENISA."), "told_content": Own("A letter.")}  # fmt: skip


def test_a_whole_set_of_facts_makes_a_complete_notice() -> None:
    found = filled(known(organisation={"sector": "private", "size": "sme"}, **COMPLETE), OWN)
    assert [gap.key for gap in found.gaps] == [] and found.completeness is Completeness.COMPLETE
    assert value(found, "subtype") == "complete" and not found.open
    assert value(found, "records") == {"minimum": 800, "estimate": 900, "maximum": 1200}
    assert found.get("records").state is AnswerState.ESTIMATED  # type: ignore[union-attr]
    assert value(found, "measures_prevent") == ("training",)
    assert value(found, "confidentiality") == "exfiltrated" and value(found, "occurred") == "from_to"
    assert value(found, "late_reason") == "not asked" and value(found, "representative") == "not asked"


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_answer_has_words_in_every_language(language: str) -> None:
    source = known(
        Ledger(9, 8, 1, {"told": 3, "on_the_way": 1, "open": 2, "unknown": 1, "excused": 1},
               {"told": {"email.accepted": 3}, "on_the_way": {"letter.printed": 1}, "open": {"no_email": 2},
                "unknown": {"email.unknown": 1}, "excused": {"no_address": 1}},
               datetime(2020, 9, 30, 5, 0, tzinfo=UTC), {"FI": 7, "SE": 1, "": 0}, 2, ("N1", 1, "ab" * 32)),
        **(COMPLETE | {"cross_border": CrossBorder(of.Answer.YES)}),
    )  # fmt: skip
    words = FORMS.words(language)
    said = NoticeWords(TEMPLATE, language, "Europe/Helsinki", words.option, words.to_be_determined)
    found = filled(source, OWN | {"severity": Own(open=True, reason="counting", due=date(2020, 11, 6))})
    texts = texts_of(said, found.answers)
    for answer in found.answers:
        if answer.says_something:
            text = texts[answer.key]
            assert text and "{" not in text and "None" not in text, (answer.key, text)
    assert words.to_be_determined in texts["severity"] and "counting" in texts["severity"]
    assert value(found, "persons_told") == "yes" and value(found, "all_told") == "no"
    assert found.get("all_told").extra["computed"]["in_scope"] == 8  # type: ignore[union-attr]


def test_what_depends_on_an_answer_is_asked_when_it_is_given() -> None:
    assert value(filled(known(), {"other_parties": Own("yes")}), "party_names") is None
    assert value(filled(known()), "party_names") == "not asked"
    late = filled(known(), late="yes")
    assert late.get("late_reason").state is AnswerState.MISSING  # type: ignore[union-attr]
    outside = filled(known(), in_eea="no")
    assert outside.get("representative") is not None and outside.get("cross_border") is None
    integrity = filled(known(kinds=()), {"kinds": Own(("integrity",))})
    assert integrity.get("integrity") is not None and integrity.get("confidentiality") is None


def test_what_is_open_needs_a_reason_and_a_day() -> None:
    base = known(**COMPLETE)
    for own, kind in ((Own(open=True), GapKind.OPEN_WITHOUT_REASON),
                      (Own(open=True, reason="counting goes on"), GapKind.OPEN_WITHOUT_DATE)):  # fmt: skip
        gaps = {gap.key: gap.kind for gap in filled(base, OWN | {"records_basis": own}).gaps}
        assert gaps["records_basis"] is kind
    settled = Own(open=True, reason="counting goes on", due=date(2020, 11, 6))
    found = filled(base, OWN | {"records_basis": settled, "sector": Own("public")})
    assert found.completeness is Completeness.INCOMPLETE and not found.gaps
    assert [each.key for each in found.open] == ["records_basis"]
    final = filled(base, OWN | {"records_basis": Own(open=True, reason="lost for ever"), "sector": Own("public")},
                   NoticePhase.FINAL)  # fmt: skip
    assert [gap.key for gap in final.gaps] == ["earlier_id"] and value(final, "type") == "follow_up"
    assert GapKind.OPEN_AT_THE_END in {
        g.kind for g in filled(base, OWN | {"severity": Own(open=True)}, NoticePhase.FINAL).gaps
    }


def test_a_fact_that_is_not_yet_known_brings_its_reason_and_day() -> None:
    note = FactNote("data.records", of.FactState.NOT_YET_KNOWN, "Investigators", (), "counting", date(2020, 11, 6))
    found = filled(known(records=Count(), facts=(note,)))
    answer = found.get("records_basis")
    assert answer is not None and (answer.state, answer.reason, answer.due, answer.source) == (
        AnswerState.OPEN, "counting", date(2020, 11, 6), "Investigators",
    )  # fmt: skip


def test_what_the_ledger_counted_stands_before_what_was_stated() -> None:
    ledger = Ledger(30, 27, 0, {"open": 27}, {"open": {"no_email": 27}})
    answer = filled(known(ledger, persons=Count(500, Basis.ESTIMATE))).get("persons")
    assert answer is not None and answer.value == 27 and answer.origin is Origin.LEDGER
    assert answer.extra["stated_in_facts"] == 500


def test_planned_measures_are_not_told_as_done() -> None:
    measures = (Measure(MeasureKind.CONTAIN, "Closed.", date(2020, 9, 29)), Measure(MeasureKind.MITIGATE, "Hotline."),
                Measure(MeasureKind.PREVENT, "Given up.", state=of.MeasureState.DROPPED))  # fmt: skip
    lines = value(filled(known(measures=measures)), "measures_taken")["measures"]
    assert [(each["text"], each["state"]) for each in lines] == [("Closed.", "done"), ("Hotline.", "planned")]


def test_a_withdrawal_asks_only_what_identifies_it() -> None:
    found = filled(known(), phase=NoticePhase.FOLLOW_UP, withdraw=True)
    assert {each.no for each in found.answers} <= TEMPLATE.withdrawal
    assert value(found, "subtype") == "withdraw" and found.completeness is Completeness.WITHDRAW
    assert "withdrawal_reason" in {gap.key for gap in found.gaps}


@pytest.mark.parametrize("category", list(DataCategory))
def test_every_kind_of_data_has_a_place_in_the_form(category: DataCategory) -> None:
    types = value(filled(known(categories=(category,))), "data_types")
    assert set(types) <= set(TEMPLATE.field("data_types").options) and types


def test_every_list_of_the_facts_fits_the_options_of_the_form() -> None:
    pairs: list[tuple[str, str, Any]] = [
        ("discovered", "x", of.Discovery), ("confidentiality", "confidentiality", of.ConfidentialityEffect),
        ("unintelligible", "protection", of.Protection), ("integrity", "integrity", of.IntegrityEffect),
        ("availability", "availability", of.AvailabilityEffect), ("severity", "severity", of.ImpactSeverity),
        ("person_categories", "x", of.PersonGroup), ("party_roles", "x", of.PartyRole),
        ("occurred", "x", of.OccurrenceKind), ("measures_prevent", "x", of.Safeguard),
        ("police", "x", of.Answer), ("exemption", "x", of.Exemption),
        ("confidentiality_effects", "x", of.ConfidentialityConsequence),
        ("integrity_effects", "x", of.IntegrityConsequence), ("availability_effects", "x", of.AvailabilityConsequence),
    ]  # fmt: skip
    for key, _name, choices in pairs:
        values = {each.value for each in choices} - {"to_be_determined", "under_assessment"}
        assert values <= set(TEMPLATE.field(key).options), key
    incidents = {each.value for each in of.Incident} - {"credential_stuffing"}
    assert incidents <= set(TEMPLATE.field("incident").options)
    for cause in Cause:
        said = filled(known(cause=cause)).get("cause")
        assert said is not None and (said.value in TEMPLATE.field("cause").options or said.state is AnswerState.OPEN)


def test_parties_are_named_with_role_and_contact() -> None:
    found = filled(known(parties=(Party("Host Oy", of.PartyRole.PROCESSOR, "dpo@host.example"),)))
    assert value(found, "party_roles") == ("processor",)
    assert value(found, "party_contacts") == {"lines": ["Host Oy: dpo@host.example"]}


def test_what_changed_is_told_with_was_and_is() -> None:
    before = filled(known(persons=Count(500, Basis.ESTIMATE)))
    after = filled(known(persons=Count(600, Basis.EXACT)), phase=NoticePhase.FOLLOW_UP)
    changed = changes_since(before.answers, after.answers)
    assert [each.key for each in changed] == ["persons_basis", "persons"]
    assert (changed[1].was.value, changed[1].now.value) == (500, 600)  # type: ignore[union-attr]
    assert changes_since(before.answers, before.answers) == ()


_STATES = st.sampled_from(list(AnswerState))
_VALUES = st.one_of(st.none(), st.text(max_size=20), st.integers(0, 10**9), st.lists(st.text(max_size=5)).map(tuple),
                    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3))  # fmt: skip


@given(_VALUES, _STATES, st.sampled_from(list(Origin)), st.text(max_size=9), st.none() | st.dates())
def test_an_answer_is_kept_as_it_was(
    held: Any, state: AnswerState, origin: Origin, said: str, due: date | None
) -> None:
    answer = Answer(7, "own_reference", held, state, origin, said, said, due, {"windows": ["a"]} if said else {})
    assert answer_from_document(json.loads(json.dumps(answer_document(answer)))) == answer


@given(_VALUES, st.booleans(), st.text(max_size=9), st.none() | st.dates())
def test_own_words_are_kept_as_they_were(held: Any, left: bool, reason: str, due: date | None) -> None:
    own = Own(held, left, reason, due)
    assert own_from_document(json.loads(json.dumps(own_document(own)))) == own


@pytest.mark.parametrize(("key", "text", "held"), [
    ("sector", "public", "public"), ("kinds", "integrity, availability", ("integrity", "availability")),
    ("persons", "33 000", 33000), ("told_us_on", "2026-10-01", "2026-10-01"), ("summary", " What. ", "What."),
    ("aware_at", "2026-09-28T14:05+03:00", "2026-09-28T14:05:00+03:00"), ("kinds", "", ()),
])  # fmt: skip
def test_what_is_typed_becomes_a_value(key: str, text: str, held: Any) -> None:
    assert parsed_own(TEMPLATE.field(key), text) == held


@pytest.mark.parametrize(("key", "text"), [
    ("sector", "both"), ("sector", "public, private"), ("kinds", "all"), ("persons", "many"), ("persons", "-4"),
    ("told_us_on", "yesterday"), ("aware_at", "2026-09-28T14:05"), ("aware_at", "noon"),
])  # fmt: skip
def test_what_a_field_does_not_take_is_refused(key: str, text: str) -> None:
    with pytest.raises(ValueError):
        parsed_own(TEMPLATE.field(key), text)


def an_event(number: int, **changes: Any) -> AuthorityEvent:
    values: dict[str, Any] = {
        "breach_id": 1, "authority": "FI", "kind": ContactKind.SUBMITTED, "at": datetime(2020, 9, 29, number, tzinfo=UTC),
        "channel": AuthorityChannel.PORTAL, "by": "Maija", "phase": NoticePhase.INITIAL, "id": number,
    }  # fmt: skip
    return AuthorityEvent(**(values | changes))


def test_a_corrected_entry_does_not_count() -> None:
    events = [an_event(1, reference="A"), an_event(2, corrects=1, reference="B"), an_event(3, authority="SE")]
    assert [each.id for each in effective(events)] == [2, 3]
    assert [each.reference for each in told(events, "FI")] == ["B"]
    assert earlier_number([*events, an_event(4, kind=ContactKind.RECEIVED, reference="C")], "FI") == "C"


def test_phases_follow_each_other() -> None:
    first = [an_event(1)]
    check_phase(NoticePhase.INITIAL, False, [], "FI")
    check_phase(NoticePhase.FOLLOW_UP, False, first, "FI")
    check_phase(NoticePhase.INITIAL, False, first, "SE")
    for phase, withdraw, events, code in (
        (NoticePhase.FOLLOW_UP, False, [], "no_initial_to_authority"), (NoticePhase.FINAL, False, [], "no_initial_to_authority"),
        (NoticePhase.INITIAL, True, [], "no_initial_to_authority"), (NoticePhase.INITIAL, False, first, "initial_given"),
        (NoticePhase.FOLLOW_UP, False, [*first, an_event(2, withdraw=True)], "authority_withdrawn"),
        (NoticePhase.FOLLOW_UP, False, [an_event(1, kind=ContactKind.ATTEMPTED)], "no_initial_to_authority"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as caught:
            check_phase(phase, withdraw, events, "FI")
        assert caught.value.code == code


def test_a_proposal_without_value_is_no_answer() -> None:
    found = fill(TEMPLATE, {"summary": Proposal("")}, {}, FACTS, NoticePhase.INITIAL, False)
    assert found.get("summary").state is AnswerState.MISSING  # type: ignore[union-attr]
    assert dataclasses.replace(found.get("summary"), state=AnswerState.OPEN).says_something  # type: ignore[type-var]
