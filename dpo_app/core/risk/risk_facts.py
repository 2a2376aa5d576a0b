"""What the facts already say about the risk: answers that need not be asked, and those that the officer must give."""

from __future__ import annotations

from dpo_app.core.facts.breach import SPECIAL, BreachKind, Cause, Consequence, DataCategory, Revision
from dpo_app.core.facts.exposure import Certainty
from dpo_app.core.facts.fact_choices import (
    Answer,
    AvailabilityEffect,
    ConfidentialityEffect,
    EventKind,
    Incident,
    IntegrityEffect,
    Protection,
    Sector,
)
from dpo_app.core.risk.risk import (
    DataKind,
    Factor,
    FactorAnswer,
    Identifier,
    KindAnswer,
    LossOfAvailability,
    LossOfConfidentiality,
    LossOfIntegrity,
    Question,
    RiskAnswers,
    Weight,
)

_C = DataCategory
_KINDS: dict[DataKind, frozenset[DataCategory]] = {
    DataKind.SIMPLE: frozenset({_C.NAME, _C.CONTACT, _C.NATIONAL_ID, _C.PHOTOS, _C.DOCUMENT, _C.OTHER, _C.CHILD}),
    DataKind.BEHAVIOURAL: frozenset({_C.LOCATION, _C.MESSAGES, _C.PROFILE}),
    DataKind.FINANCIAL: frozenset({_C.ACCOUNT, _C.CARD, _C.FINANCIAL}),
    DataKind.SENSITIVE: SPECIAL,
}
_MISDIRECTED = frozenset({Incident.SENT_BY_MISTAKE, Incident.MAIL_LOST, Incident.MIXED_UP_RECORDS,
                          Incident.SHOWN_TO_WRONG_PERSON, Incident.OPEN_RECIPIENTS, Incident.TOLD_ALOUD})  # fmt: skip
_ATTACK = frozenset({Cause.MALICIOUS_EXTERNAL, Cause.MALICIOUS_INTERNAL})
#: From here on a number of persons is large (the method's own flag).
MANY = 100


def _yes(value: bool) -> Answer:
    return Answer.YES if value else Answer.NO


def _taken(revision: Revision) -> bool:
    stated = revision.confidentiality in (ConfidentialityEffect.EXFILTRATED, ConfidentialityEffect.LIKELY)
    return stated or any(each.disclosure in (Certainty.CONFIRMED, Certainty.LIKELY) for each in revision.windows)


def _hands(revision: Revision) -> LossOfConfidentiality:
    """Return into whose hands the data came. Who got in may have seen it: a possible disclosure does not lower the
    circumstances, it belongs to the likelihood."""
    if BreachKind.CONFIDENTIALITY not in revision.kinds:
        return LossOfConfidentiality.NOT_CONCERNED
    if revision.confidentiality is ConfidentialityEffect.NOT_WITH_EVIDENCE:
        return LossOfConfidentiality.EXPOSED
    if revision.cause in _ATTACK or Incident.UNINTENDED_PUBLICATION in revision.incidents:
        return LossOfConfidentiality.UNKNOWN
    if _MISDIRECTED.intersection(revision.incidents):
        return LossOfConfidentiality.KNOWN
    return LossOfConfidentiality.UNKNOWN if _taken(revision) else LossOfConfidentiality.EXPOSED


def _identifying(revision: Revision) -> tuple[Identifier, int]:
    have = set(revision.categories)
    if revision.protection is Protection.INTACT:
        return Identifier.ENCRYPTED, 1
    if _C.NAME in have and have & {_C.CONTACT, _C.NATIONAL_ID, _C.DOCUMENT}:
        return Identifier.NAME, 4
    if have & {_C.NATIONAL_ID, _C.DOCUMENT}:
        return Identifier.NATIONAL_ID, 3
    if _C.CONTACT in have:
        return Identifier.PHONE_ADDRESS, 3
    if _C.NAME in have:
        return Identifier.NAME, 2
    return (Identifier.PICTURE, 2) if _C.PHOTOS in have else (Identifier.CODE, 1)


_INTEGRITY = {
    IntegrityEffect.ALTERED_UNUSED: LossOfIntegrity.RESTORED, IntegrityEffect.REVERSIBLE: LossOfIntegrity.REVERSIBLE,
    IntegrityEffect.NOT_REVERSIBLE: LossOfIntegrity.NOT_REVERSIBLE,
}  # fmt: skip
_AVAILABILITY = {
    AvailabilityEffect.TEMPORARY: LossOfAvailability.FOR_A_TIME,
    AvailabilityEffect.PERMANENT: LossOfAvailability.FOR_GOOD,
    AvailabilityEffect.NOT_DETERMINED: LossOfAvailability.FOR_A_TIME,
}  # fmt: skip


def answers_from_facts(revision: Revision, persons: int | None = None) -> RiskAnswers:
    """Return what the facts say; `persons` is the number in scope by the ledger, which counts before the stated one.

    A question that the facts do not answer stays out. Data of several kinds is scored kind by kind.
    """
    have = set(revision.categories)
    kinds = tuple(KindAnswer(kind) for kind in reversed(DataKind) if have & _KINDS[kind])
    identifier, quarters = _identifying(revision)
    count = persons or revision.persons.value
    return RiskAnswers(
        kinds=kinds or (KindAnswer(DataKind.SIMPLE),), identifier=identifier, identifying=quarters,
        confidentiality=_hands(revision),
        integrity=_INTEGRITY.get(revision.integrity, LossOfIntegrity.NOT_CONCERNED)
        if revision.integrity else LossOfIntegrity.NOT_CONCERNED,
        availability=_AVAILABILITY[revision.availability] if revision.availability
        else LossOfAvailability.NOT_CONCERNED,
        malicious=revision.cause in _ATTACK, persons=count, answers=_questions(revision, count),
        factors=_factors(revision, count),
    )  # fmt: skip


def _questions(revision: Revision, persons: int | None) -> dict[Question, Answer]:
    have, taken, hands = set(revision.categories), _taken(revision), _hands(revision)
    unreadable = revision.protection is Protection.INTACT
    said: dict[Question, Answer] = {
        Question.UNKNOWN_HANDS: _yes(hands is LossOfConfidentiality.UNKNOWN),
        Question.SPECIAL_DATA: _yes(bool(have & SPECIAL)),
        Question.ENOUGH_FOR_FRAUD: _yes(bool(have & {_C.NATIONAL_ID, _C.DOCUMENT})),
        Question.TAKEN_ON_PURPOSE: _yes(taken and revision.cause in _ATTACK),
        Question.TAKEN_BY_ATTACKER: _yes(taken and revision.cause is Cause.MALICIOUS_EXTERNAL),
        Question.UNDETERMINED_WHOSE: _yes(any(not each.identifiable for each in revision.windows)),
        Question.LIGHT_DATA: _yes(have <= {_C.NAME, _C.CONTACT, _C.OTHER, _C.PHOTOS}),
    }
    if revision.protection in (Protection.INTACT, Protection.NONE):
        said |= {Question.UNREADABLE: _yes(unreadable), Question.READABLE: _yes(not unreadable)}
    if persons is not None:
        said[Question.NATIONAL_IDS_OF_MANY] = _yes(_C.NATIONAL_ID in have and persons >= MANY)
    if _C.PASSWORD not in have:
        said[Question.OPENING_CREDENTIALS] = Answer.NO
    if revision.cause in (Cause.TECHNICAL, *_ATTACK):
        said[Question.SYSTEMATIC_FAULT] = _yes(revision.cause is Cause.TECHNICAL)
    if hands is LossOfConfidentiality.UNKNOWN:
        said |= {Question.RECIPIENTS_NOT_BOUND: Answer.YES, Question.FEW_TRUSTED_RECIPIENTS: Answer.NO}
    if BreachKind.AVAILABILITY not in revision.kinds:
        said |= {Question.UNAVAILABLE_NOTICED: Answer.NO, Question.NO_USABLE_BACKUP: Answer.NO}
    events = {each.kind for each in revision.events}
    if Consequence.EXTORTION in revision.consequences or events & {EventKind.EXTORTION, EventKind.PUBLISHED}:
        known = bool(events & {EventKind.EXTORTION, EventKind.PUBLISHED})
        said |= {Question.EXTORTION_OR_PUBLICATION: Answer.YES} if known else {}
    return said


def _factors(revision: Revision, persons: int | None) -> tuple[FactorAnswer, ...]:
    """Return the factors of Guidelines 9/2022, IV.B, as the facts weigh them; the officer may weigh otherwise."""
    have = set(revision.categories)
    _identifier, quarters = _identifying(revision)
    weights = {
        Factor.BREACH_TYPE: Weight.RAISES if _taken(revision) else Weight.NEUTRAL,
        Factor.DATA: Weight.RAISES if have & (SPECIAL | {_C.NATIONAL_ID, _C.CARD, _C.PASSWORD}) else Weight.NEUTRAL,
        Factor.IDENTIFICATION: Weight.RAISES if quarters == 4 else Weight.LOWERS if quarters == 1 else Weight.NEUTRAL,
        Factor.SEVERITY: Weight.RAISES if revision.cause in _ATTACK else Weight.NEUTRAL,
        Factor.SPECIAL_PERSONS: Weight.RAISES
        if revision.concerned.vulnerable or _C.CHILD in have else Weight.NEUTRAL,
        Factor.SPECIAL_CONTROLLER: Weight.RAISES if revision.scope.sector is Sector.HEALTH else Weight.NEUTRAL,
        Factor.NUMBER: Weight.RAISES if persons and persons >= MANY else Weight.NEUTRAL,
        Factor.GENERAL: Weight.NEUTRAL,
    }  # fmt: skip
    return tuple(FactorAnswer(factor, weight) for factor, weight in weights.items())
