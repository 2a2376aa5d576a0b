"""Assessments and methods as documents: one shape for the TOML file of a script, the page, and the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from dpo_app.core.errors import InputError
from dpo_app.core.facts.document_fields import Field, Many, Table, choice, flag, number, text
from dpo_app.core.facts.document_reader import Reader
from dpo_app.core.facts.fact_choices import Answer, Exemption
from dpo_app.core.risk.risk import (
    Adjustment,
    AdjustmentAnswer,
    ContextRow,
    DataKind,
    Factor,
    FactorAnswer,
    Identifier,
    KindAnswer,
    KindTable,
    LossOfAvailability,
    LossOfConfidentiality,
    LossOfIntegrity,
    Method,
    Owed,
    Question,
    RiskAnswers,
    RiskLevel,
    RiskRule,
    Rule,
    Weight,
    assess_risk,
)

#: A reason is a sentence, not a word.
LEAST_WORDS = 3


class _Answers:
    """The table of questions: `{question = "yes"}`."""

    key = "answers"

    def read(self, reader: Reader) -> dict[str, Any]:
        raw = reader.raw(self.key)
        inner = Reader({} if raw is None else raw, reader.path(self.key), frozenset(Question))
        found = {question: inner.member_or_none(Answer, question.value) for question in Question}
        return {self.key: {question: said for question, said in found.items() if said is not None}}

    def write(self, value: Any) -> Any:
        return {question.value: said.value for question, said in value.answers.items()}


def _quarters(reader: Reader, name: str) -> int:
    """Return the ease of identification in quarters; a document gives it in points, 0.25 to 1."""
    value = reader.raw(name)
    quarters = value * 4 if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if quarters not in (1, 2, 3, 4):
        raise InputError("field_not_choice", field=reader.path(name), choices="0.25, 0.5, 0.75, 1")
    return int(quarters)


class _Identifying(Field):
    def write(self, value: Any) -> Any:
        return value.identifying / 4


_ANSWERS: Table[RiskAnswers] = Table(
    RiskAnswers,
    (
        Many("kind", Table(KindAnswer, (
            choice("kind", DataKind, required=True), choice("row", ContextRow), text("reason"))), "kinds"),
        choice("identifier", Identifier, required=True), _Identifying("identifying", _quarters),
        text("identifying_reason"),
        choice("confidentiality", LossOfConfidentiality, LossOfConfidentiality.NOT_CONCERNED),
        choice("integrity", LossOfIntegrity, LossOfIntegrity.NOT_CONCERNED),
        choice("availability", LossOfAvailability, LossOfAvailability.NOT_CONCERNED),
        flag("malicious", False), number("persons"),
        Many("adjustment", Table(AdjustmentAnswer, (choice("key", Adjustment, required=True), text("reason"))),
             "adjustments"),
        _Answers(),
        Many("factor", Table(FactorAnswer, (
            choice("factor", Factor, required=True), choice("weight", Weight, required=True), text("note"))),
            "factors"),
        choice("decision", Owed), text("decision_reason"), choice("exemption", Exemption), text("exemption_reason"),
    ),
)  # fmt: skip


def answers_from_document(document: Mapping[str, Any]) -> RiskAnswers:
    """Return the answers a document states. Raises InputError with the field's path."""
    return _ANSWERS.read(document, "")


def document_from_answers(answers: RiskAnswers) -> dict[str, Any]:
    """Return the document of an assessment's answers: plain values, ready for JSON."""
    return _ANSWERS.write(answers)


def check_answers(answers: RiskAnswers, method: Method) -> None:
    """Raise InputError with the field's path: "risk_no_data", "risk_row_of_other_kind", "risk_level_unknown", and
    "risk_reason" for a move, a step, a decision under the outcome or an exemption without a reason of a sentence."""
    if not answers.kinds:
        raise InputError("risk_no_data", field="kind")
    for place, each in enumerate(answers.kinds, 1):
        if each.row is not None and each.row not in method.kinds[each.kind].rows:
            raise InputError("risk_row_of_other_kind", field=f"kind[{place}].row")
        if each.row is not None:
            _need_reason(each.reason, f"kind[{place}].reason")
    if answers.identifying not in method.identifiers[answers.identifier]:
        raise InputError("risk_level_unknown", field="identifying")
    for place, step in enumerate(answers.adjustments, 1):
        _need_reason(step.reason, f"adjustment[{place}].reason")
    result = assess_risk(answers, method)
    if result.under_outcome:
        _need_reason(answers.decision_reason, "decision_reason")
    if answers.exemption is not None:
        if result.decided is not Owed.PERSONS:
            raise InputError("risk_exemption_not_needed", field="exemption")
        _need_reason(answers.exemption_reason, "exemption_reason")


def _need_reason(reason: str, path: str) -> None:
    if len(reason.split()) < LEAST_WORDS:
        raise InputError("risk_reason", field=path)


Member = TypeVar("Member", DataKind, ContextRow, Adjustment, Identifier, RiskLevel)


def method_from_document(document: Mapping[str, Any]) -> Method:
    """Return the method of a file in resources/risk. Raises KeyError, TypeError or ValueError for a faulty one."""
    identifiers = {Identifier(each["key"]): tuple(each["levels"]) for each in document["identifier"]}
    return Method(
        id=document["id"], title=document["title"], citation=document["citation"],
        many_persons=document["many_persons"],
        kinds={DataKind(each["key"]): KindTable(
            each["base"], {ContextRow(row["key"]): row["score"] for row in each["rows"]}) for each in document["kind"]},
        adjustments={Adjustment(key): step for key, step in document["adjustments"].items()}, identifiers=identifiers,
        unverified=frozenset(
            (Identifier(each["key"]), level) for each in document["identifier"] for level in each.get("unverified", ())
        ),
        confidentiality={LossOfConfidentiality(key): value for key, value in document["confidentiality"].items()},
        integrity={LossOfIntegrity(key): value for key, value in document["integrity"].items()},
        availability={LossOfAvailability(key): value for key, value in document["availability"].items()},
        intent_quarters=document["intent"]["yes"],
        bands={RiskLevel(key): value for key, value in document["bands"].items()},
        owed={RiskLevel(key): Owed(value) for key, value in document["owed"].items()},
        rules=tuple(map(_rule, document["rule"])), reliefs=tuple(map(_rule, document["relief"])),
    )  # fmt: skip


def _rule(document: Mapping[str, Any]) -> Rule:
    several = {name: tuple(map(Question, document.get(name, ()))) for name in ("all", "any", "none")}
    outcome = document.get("outcome")
    return Rule(
        RiskRule(document["key"]), document["citation"], Owed(outcome) if outcome else None, **several,
        many=document.get("many", 0), at_once=document.get("at_once", False),
        never_against=tuple(map(RiskRule, document.get("never_against", ()))),
    )  # fmt: skip
