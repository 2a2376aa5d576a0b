"""The method of the risk: its worked examples, its edges, and how often it agrees with the guidelines' own cases."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.bootstrap import risk_cases, risk_method
from dpo_app.core.errors import InputError
from dpo_app.core.facts.exposure import Certainty
from dpo_app.core.facts.fact_choices import Answer, Exemption, Protection
from dpo_app.core.risk.risk import (
    Adjustment,
    AdjustmentAnswer,
    ContextRow,
    DataKind,
    Identifier,
    KindAnswer,
    LossOfAvailability,
    LossOfConfidentiality,
    LossOfIntegrity,
    Owed,
    Question,
    RiskAnswers,
    RiskLevel,
    RiskRule,
    assess_risk,
)
from dpo_app.core.risk.risk_cases import nearest_case
from dpo_app.core.risk.risk_document import answers_from_document, check_answers, document_from_answers
from dpo_app.core.risk.risk_facts import answers_from_facts
from dpo_app.messages.risk import CITATIONS
from tests.builders import W2, a_revision

METHOD = risk_method()
CASES = risk_cases()
K, R, L = DataKind, ContextRow, RiskLevel
C, G, V = LossOfConfidentiality, LossOfIntegrity, LossOfAvailability


def judged(
    kind: DataKind,
    row: ContextRow | None,
    quarters: int,
    conf: C = C.NOT_CONCERNED,
    *,
    malicious: bool = False,
    **more: Any,
) -> Any:
    """Return the result for one kind of data."""
    answers = RiskAnswers((KindAnswer(kind, row),), Identifier.NAME, quarters, conf, malicious=malicious, **more)
    return assess_risk(answers, METHOD)


@pytest.mark.parametrize(
    ("kind", "row", "ei", "conf", "more", "score", "level"),
    [
        (K.SENSITIVE, None, 4, C.UNKNOWN, {"malicious": True}, 5.0, L.VERY_HIGH),
        (K.SIMPLE, None, 3, C.KNOWN, {}, 1.0, L.LOW),
        (K.SIMPLE, R.SENSITIVE_HINT, 3, C.KNOWN, {}, 2.5, L.MEDIUM),
        (K.SENSITIVE, None, 1, C.EXPOSED, {"malicious": True}, 1.5, L.LOW),
        (K.SIMPLE, None, 4, C.EXPOSED, {"malicious": True}, 1.5, L.LOW),
        (K.FINANCIAL, R.SOME_INSIGHT, 4, C.KNOWN, {}, 2.25, L.MEDIUM),
        (K.FINANCIAL, R.FRAUD, 4, C.UNKNOWN, {"malicious": True}, 5.0, L.VERY_HIGH),
        (K.SIMPLE, R.PROFILE, 4, C.UNKNOWN, {"malicious": True}, 3.0, L.HIGH),
        (K.SIMPLE, None, 4, C.NOT_CONCERNED, {"malicious": True, "integrity": G.REVERSIBLE}, 1.75, L.LOW),
        (K.BEHAVIOURAL, R.DAILY_LIFE, 3, C.UNKNOWN, {"malicious": True}, 3.25, L.HIGH),
        (K.BEHAVIOURAL, None, 2, C.UNKNOWN, {}, 1.5, L.LOW),
        (K.FINANCIAL, None, 4, C.KNOWN, {}, 3.25, L.HIGH),
        (K.SENSITIVE, None, 4, C.NOT_CONCERNED, {"malicious": True, "availability": V.FOR_A_TIME}, 4.75, L.VERY_HIGH),
        (K.FINANCIAL, R.NO_INSIGHT, 4, C.UNKNOWN, {"malicious": True}, 2.0, L.MEDIUM),
        (K.FINANCIAL, None, 4, C.UNKNOWN, {"malicious": True}, 4.0, L.VERY_HIGH),
    ],
)  # fmt: skip
def test_worked_examples(
    kind: DataKind, row: ContextRow | None, ei: int, conf: C, more: dict[str, Any], score: float, level: RiskLevel
) -> None:
    result = judged(kind, row, ei, conf, **more)
    assert (result.score, result.level) == (score, level)


def test_the_sum_is_the_sum_of_its_lines() -> None:
    answers = RiskAnswers(
        (KindAnswer(K.SIMPLE), KindAnswer(K.BEHAVIOURAL)), Identifier.NAME, 3, C.KNOWN, G.REVERSIBLE, V.FOR_GOOD, True,
        adjustments=(AdjustmentAnswer(Adjustment.VULNERABLE, "children in care"),),
    )  # fmt: skip
    result = assess_risk(answers, METHOD)
    assert result.context == 3, "the kind that weighs most, and a step up"
    assert result.quarters == 3 * 3 + 1 + 1 + 2 + 2
    assert sum(step.quarters for step in result.steps if step.kind in ("context", "adjustment")) == 4 * result.context


@given(
    st.sampled_from(list(K)), st.integers(1, 4), st.sampled_from(list(C)), st.sampled_from(list(G)),
    st.sampled_from(list(V)), st.booleans(), st.lists(st.sampled_from(list(Adjustment)), max_size=6),
)  # fmt: skip
def test_the_score_stays_in_its_bounds_and_grows_with_each_circumstance(
    kind: DataKind, ei: int, conf: C, integ: G, avail: V, malicious: bool, steps: list[Adjustment]
) -> None:
    answers = RiskAnswers((KindAnswer(kind),), Identifier.NAME, ei, conf, integ, avail, malicious,
                          adjustments=tuple(AdjustmentAnswer(each, "x") for each in steps))  # fmt: skip
    result = assess_risk(answers, METHOD)
    assert 1 <= result.context <= 4 and 1 <= result.quarters <= 24
    assert assess_risk(replace(answers, malicious=True), METHOD).quarters >= result.quarters
    assert assess_risk(replace(answers, confidentiality=C.UNKNOWN), METHOD).quarters >= result.quarters
    assert assess_risk(replace(answers, identifying=4), METHOD).quarters >= result.quarters
    assert answers_from_document(document_from_answers(answers)) == answers


#: EDPB Guidelines 01/2021: where the score alone says otherwise than the guidelines, and why. The rules over the score
#: were written with these cases in view: that all eighteen agree with them shows consistency, not skill.
SCORE_MISSES = {
    2: "the score does not know that data was missing for days",
    8: "names of business contacts weigh little; that somebody took them on purpose does not",
    11: "a hundred thousand readable records count like one",
    14: "mailed to known recipients, who are not bound to anything",
    15: "two diets make the list one of health data",
}
#: Annex B of Guidelines 9/2022, for which nothing was adjusted.
ANNEX_MISSES = {
    "vii": "simple data seen by other customers scores low; the guidelines count the fault of a system that serves many",
    "ix": "simple data to known recipients scores low; the guidelines count the thousand recipients",
}


def test_the_score_alone_agrees_with_thirteen_of_eighteen_cases() -> None:
    assert [case.no for case in CASES] == list(range(1, 19))
    missed = {case.no for case in CASES if assess_risk(case.answers, METHOD).by_score is not case.owed}
    assert missed == set(SCORE_MISSES)


def test_with_the_rules_all_eighteen_cases_agree() -> None:
    assert [case.no for case in CASES if assess_risk(case.answers, METHOD).outcome is not case.owed] == []


def _annex() -> list[dict[str, Any]]:
    path = Path(__file__).parent.parent / "data" / "annex-b.toml"
    return list(tomllib.loads(path.read_text("utf-8"))["case"])


def test_annex_b_agrees_in_seven_of_nine_verdicts_on_the_authority_and_four_of_four_on_the_persons() -> None:
    agree, missed = {"authority": 0, "persons": 0}, set()
    verdicts = {"authority": 0, "persons": 0}
    for case in _annex():
        said = dict.fromkeys(Question, Answer.NO) | dict.fromkeys(map(Question, case["yes"]), Answer.YES)
        answers = RiskAnswers(
            (KindAnswer(DataKind(case["kind"])),), Identifier(case["identifier"]), int(case["identifying"] * 4),
            C(case.get("confidentiality", "not_concerned")), availability=V(case.get("availability", "not_concerned")),
            malicious=case["malicious"], answers=said,
        )  # fmt: skip
        outcome = assess_risk(answers, METHOD).outcome
        owed = {"authority": outcome is not Owed.REGISTER_ONLY, "persons": outcome is Owed.PERSONS}
        for name, is_owed in owed.items():
            if case[name] == "depends":
                assert case["condition"]
                continue
            verdicts[name] += 1
            agree[name] += is_owed == (case[name] == "yes")
            if is_owed != (case[name] == "yes"):
                missed.add(case["no"])
    assert (verdicts, agree) == ({"authority": 9, "persons": 4}, {"authority": 7, "persons": 4})
    assert missed == set(ANNEX_MISSES)


def test_every_case_is_nearest_to_itself() -> None:
    found = [nearest_case(case.answers, CASES, METHOD).no for case in CASES]
    assert found == [{13: 9, 18: 17}.get(no, no) for no in range(1, 19)], "13 has the inputs of 9, 18 those of 17"
    stolen = answers_from_facts(a_revision(), 33_000)
    assert nearest_case(stolen, CASES, METHOD).owed is Owed.PERSONS


def test_a_rule_that_cannot_be_answered_is_open_and_does_not_decide() -> None:
    answers = RiskAnswers(
        (KindAnswer(K.SIMPLE),), Identifier.NAME, 4, C.UNKNOWN, answers={Question.SPECIAL_DATA: Answer.YES}
    )
    result = assess_risk(answers, METHOD)
    r5 = next(each for each in result.rules if each.rule is RiskRule.R5)
    assert not r5.holds and r5.open == (Question.TAKEN_BY_ATTACKER,) and result.outcome is not Owed.PERSONS
    known = replace(answers, answers=answers.answers | {Question.TAKEN_BY_ATTACKER: Answer.YES})
    assert assess_risk(known, METHOD).outcome is Owed.PERSONS


def test_a_relief_never_stands_against_what_aggravates_and_never_on_the_unknown() -> None:
    light = {Question.FEW_TRUSTED_RECIPIENTS: Answer.YES, Question.LIGHT_DATA: Answer.YES,
             Question.TAKEN_ON_PURPOSE: Answer.NO}  # fmt: skip
    answers = RiskAnswers((KindAnswer(K.SENSITIVE, R.GENERAL),), Identifier.NAME, 4, C.KNOWN, answers=light)
    assert assess_risk(answers, METHOD).relief is None, "nobody said whether there may be more of it"
    sure = replace(answers, answers=light | {Question.SYSTEMATIC_FAULT: Answer.NO})
    assert assess_risk(sure, METHOD).outcome is Owed.REGISTER_ONLY
    blackmail = replace(sure, answers=sure.answers | {Question.EXTORTION_OR_PUBLICATION: Answer.YES})
    assert assess_risk(blackmail, METHOD).outcome is Owed.PERSONS and assess_risk(blackmail, METHOD).at_once


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"kinds": ()}, "risk_no_data", "kind"),
        ({"kinds": (KindAnswer(K.SIMPLE, R.FRAUD, "a b c d"),)}, "risk_row_of_other_kind", "kind[1].row"),
        ({"kinds": (KindAnswer(K.SIMPLE, R.PROFILE, "because"),)}, "risk_reason", "kind[1].reason"),
        ({"identifier": Identifier.ENCRYPTED, "identifying": 2}, "risk_level_unknown", "identifying"),
        ({"adjustments": (AdjustmentAnswer(Adjustment.VOLUME, ""),)}, "risk_reason", "adjustment[1].reason"),
        ({"decision": Owed.REGISTER_ONLY, "decision_reason": "no"}, "risk_reason", "decision_reason"),
        ({"exemption": Exemption.UNINTELLIGIBLE, "exemption_reason": "safe"}, "risk_reason", "exemption_reason"),
        ({"kinds": (KindAnswer(K.SIMPLE),), "confidentiality": C.EXPOSED, "malicious": False,
          "exemption": Exemption.UNINTELLIGIBLE, "exemption_reason": "a b c d"}, "risk_exemption_not_needed", "exemption"),
    ],
)  # fmt: skip
def test_what_does_not_convince_is_refused(changes: dict[str, Any], code: str, field: str) -> None:
    whole = RiskAnswers((KindAnswer(K.SENSITIVE),), Identifier.NAME, 4, C.UNKNOWN, malicious=True)
    check_answers(whole, METHOD)
    with pytest.raises(InputError) as caught:
        check_answers(replace(whole, **changes), METHOD)
    assert (caught.value.code, caught.value.facts["field"]) == (code, field)


def test_facts_answer_what_they_can() -> None:
    answers = answers_from_facts(a_revision(), 33_000)
    result = assess_risk(answers, METHOD)
    assert result.score == 5.0 and result.outcome is Owed.PERSONS and result.many_persons
    assert {each.rule for each in result.rules if each.holds} >= {RiskRule.R2, RiskRule.R4, RiskRule.R5, RiskRule.R10}
    assert Question.READABLE not in answers.answers, "nobody said whether it can be read"
    only_possible = answers_from_facts(a_revision(windows=(W2,)))
    assert W2.disclosure is Certainty.POSSIBLE and assess_risk(only_possible, METHOD).score == 5.0
    locked = answers_from_facts(a_revision(protection=Protection.INTACT))
    assert (locked.identifier, locked.identifying) == (Identifier.ENCRYPTED, 1)
    assert locked.answers[Question.UNREADABLE] is Answer.YES


def test_every_citation_of_a_rule_can_be_said_in_each_language() -> None:
    assert {each.citation for each in (*METHOD.rules, *METHOD.reliefs)} == set(CITATIONS)
