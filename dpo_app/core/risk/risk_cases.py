"""The guidelines' example cases as inputs of the method: a check of the method, and a comparison for the officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dpo_app.core.facts.fact_choices import Answer
from dpo_app.core.risk.risk import (
    ContextRow,
    DataKind,
    Identifier,
    KindAnswer,
    LossOfAvailability,
    LossOfConfidentiality,
    LossOfIntegrity,
    Method,
    Owed,
    Question,
    RiskAnswers,
    assess_risk,
)


class Case(NamedTuple):
    """One case: its number, its title by language, what the method is asked, and what the guidelines say is owed."""

    no: int
    titles: Mapping[str, str]
    answers: RiskAnswers
    owed: Owed


def cases_from_document(document: Mapping[str, Any]) -> tuple[Case, ...]:
    """Return the cases of a file in resources/risk. Raises KeyError or ValueError for a faulty one."""
    return tuple(map(_case, document["case"]))


def _case(document: Mapping[str, Any]) -> Case:
    said = dict.fromkeys(map(Question, document["yes"]), Answer.YES)
    said |= dict.fromkeys(map(Question, document["no_to"]), Answer.NO)
    row = document["row"]
    owed = Owed.PERSONS if document["persons"] else Owed.AUTHORITY if document["authority"] else Owed.REGISTER_ONLY
    return Case(
        document["no"], document["title"],
        RiskAnswers(
            kinds=(KindAnswer(DataKind(document["kind"]), ContextRow(row) if row else None),),
            identifier=Identifier(document["identifier"]), identifying=int(document["identifying"] * 4),
            confidentiality=LossOfConfidentiality(document["confidentiality"]),
            integrity=LossOfIntegrity(document["integrity"]), availability=LossOfAvailability(document["availability"]),
            malicious=document["malicious"], persons=document["persons_hit"], answers=said,
        ),
        owed,
    )  # fmt: skip


def nearest_case(answers: RiskAnswers, cases: Sequence[Case], method: Method) -> Case:
    """Return the case whose inputs differ least: context, identification and circumstances in points, a point for each
    rule that holds in one of the two only and for intent, a quarter for each question answered otherwise."""

    def distance(case: Case) -> float:
        ours, theirs = assess_risk(answers, method), assess_risk(case.answers, method)
        rules = {r.rule for r in ours.rules if r.holds} ^ {r.rule for r in theirs.rules if r.holds}
        other = sum(
            1 for question, said in case.answers.answers.items() if answers.answers.get(question, said) is not said
        )
        return (
            other / 4 + abs(ours.context - theirs.context) + abs(ours.identifying - theirs.identifying) / 4 + len(rules)
            + abs(ours.circumstances - theirs.circumstances) / 4 + (answers.malicious != case.answers.malicious)
            + (answers.availability is not case.answers.availability)
            + (answers.confidentiality is not case.answers.confidentiality)
        )  # fmt: skip

    return min(cases, key=lambda case: (distance(case), case.no))
