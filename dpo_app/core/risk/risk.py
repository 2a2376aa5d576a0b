"""How severe a breach is for the persons, and what is owed (GDPR Art. 33(1), 34(1), 34(3)): pure computing over a
method that is data (resources/risk).

`SE = DPC x EI + CB` in quarters as whole numbers. GDPR asks for likelihood and severity (recitals 75, 76), which the
score alone does not answer: rules stand over it, each with its citation. The officer decides; a decision under what the
method says needs a reason and is marked as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.facts.fact_choices import Answer, Exemption


class DataKind(StrEnum):
    """Kinds of data that the method scores (ENISA, 4.1)."""

    SIMPLE = "simple"
    BEHAVIOURAL = "behavioural"
    FINANCIAL = "financial"
    SENSITIVE = "sensitive"


class ContextRow(StrEnum):
    """Rows to which a kind of data moves from its base."""

    PROFILE = "profile"
    SENSITIVE_HINT = "sensitive_hint"
    SAFETY = "safety"
    NO_INSIGHT = "no_insight"
    DAILY_LIFE = "daily_life"
    SENSITIVE_PROFILE = "sensitive_profile"
    SOME_INSIGHT = "some_insight"
    FRAUD = "fraud"
    GENERAL = "general"
    CERTAIN_MATTER = "certain_matter"


class Adjustment(StrEnum):
    """What raises or lowers the context by a step (ENISA, 4.1)."""

    VOLUME = "volume"
    BUSINESS = "business"
    VULNERABLE = "vulnerable"
    INACCURATE = "inaccurate"
    PUBLIC_BEFORE = "public_before"
    HARMLESS = "harmless"


class Identifier(StrEnum):
    """By what a person is recognised (ENISA, 4.2)."""

    NAME = "name"
    NATIONAL_ID = "national_id"
    PHONE_ADDRESS = "phone_address"
    MAIL = "mail"
    PICTURE = "picture"
    CODE = "code"
    ENCRYPTED = "encrypted"


class LossOfConfidentiality(StrEnum):
    """Into whose hands data came (ENISA, 4.3)."""

    NOT_CONCERNED = "not_concerned"
    EXPOSED = "exposed"
    KNOWN = "known_recipients"
    UNKNOWN = "unknown_recipients"


class LossOfIntegrity(StrEnum):
    """Whether data was changed and used."""

    NOT_CONCERNED = "not_concerned"
    RESTORED = "restored"
    REVERSIBLE = "reversible"
    NOT_REVERSIBLE = "not_reversible"


class LossOfAvailability(StrEnum):
    """Whether data can be had again."""

    NOT_CONCERNED = "not_concerned"
    COPY_AT_HAND = "copy_at_hand"
    FOR_A_TIME = "for_a_time"
    FOR_GOOD = "for_good"


class RiskLevel(StrEnum):
    """Bands of the score."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class Owed(StrEnum):
    """What an assessment says is owed; each includes what stands before it."""

    REGISTER_ONLY = "register_only"
    AUTHORITY = "authority"
    PERSONS = "persons"


class Question(StrEnum):
    """What the rules over the score ask; answered from the facts where they say it."""

    UNAVAILABLE_NOTICED = "unavailable_noticed"
    NO_USABLE_BACKUP = "no_usable_backup"
    TAKEN_ON_PURPOSE = "taken_on_purpose"
    UNKNOWN_HANDS = "unknown_hands"
    READABLE = "readable"
    ENOUGH_FOR_FRAUD = "enough_for_fraud"
    NATIONAL_IDS_OF_MANY = "national_ids_of_many"
    RECIPIENTS_NOT_BOUND = "recipients_not_bound"
    SPECIAL_DATA = "special_data"
    TAKEN_BY_ATTACKER = "taken_by_attacker"
    OPENING_CREDENTIALS = "opening_credentials"
    EXTORTION_OR_PUBLICATION = "extortion_or_publication"
    UNDETERMINED_WHOSE = "undetermined_whose"
    FEW_TRUSTED_RECIPIENTS = "few_trusted_recipients"
    LIGHT_DATA = "light_data"
    SYSTEMATIC_FAULT = "systematic_fault"
    UNREADABLE = "unreadable"
    COPY_AT_HAND = "copy_at_hand"


class RiskRule(StrEnum):
    """Rules over the score."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"
    R8 = "R8"
    R9 = "R9"
    R10 = "R10"


class Factor(StrEnum):
    """Factors of EDPB Guidelines 9/2022, section IV.B."""

    BREACH_TYPE = "breach_type"
    DATA = "data"
    IDENTIFICATION = "identification"
    SEVERITY = "severity"
    SPECIAL_PERSONS = "special_persons"
    SPECIAL_CONTROLLER = "special_controller"
    NUMBER = "number"
    GENERAL = "general"


class Weight(StrEnum):
    """Which way a factor points."""

    LOWERS = "lowers"
    NEUTRAL = "neutral"
    RAISES = "raises"


@dataclass(frozen=True)
class KindTable:
    """Base score of a kind of data, and the scores of its rows."""

    base: int
    rows: dict[ContextRow, int]


@dataclass(frozen=True)
class Rule:
    """A rule over the score; `outcome` None: it changes who counts, not what is owed."""

    key: RiskRule
    citation: str
    outcome: Owed | None = None
    all: tuple[Question, ...] = ()
    any: tuple[Question, ...] = ()
    none: tuple[Question, ...] = ()
    many: int = 0
    at_once: bool = False
    never_against: tuple[RiskRule, ...] = ()


@dataclass(frozen=True)
class Method:
    """A method as read from its file; scores are quarters where the name says so, else points."""

    id: str
    title: str
    citation: str
    many_persons: int
    kinds: dict[DataKind, KindTable]
    adjustments: dict[Adjustment, int]
    identifiers: dict[Identifier, tuple[int, ...]]
    unverified: frozenset[tuple[Identifier, int]]
    confidentiality: dict[LossOfConfidentiality, int]
    integrity: dict[LossOfIntegrity, int]
    availability: dict[LossOfAvailability, int]
    intent_quarters: int
    bands: dict[RiskLevel, int]
    owed: dict[RiskLevel, Owed]
    rules: tuple[Rule, ...]
    reliefs: tuple[Rule, ...]


@dataclass(frozen=True)
class KindAnswer:
    """One kind of data in the breach: its base, or the row it moves to, with the reason for the move."""

    kind: DataKind
    row: ContextRow | None = None
    reason: str = ""


@dataclass(frozen=True)
class AdjustmentAnswer:
    """A step up or down, with its reason."""

    key: Adjustment
    reason: str


@dataclass(frozen=True)
class FactorAnswer:
    """How one factor of the guidelines bears on this breach."""

    factor: Factor
    weight: Weight
    note: str = ""


@dataclass(frozen=True)
class RiskAnswers:
    """Everything an assessment rests on. `identifying` is in quarters, 1 to 4. Questions not in `answers` are unknown;
    `decision` None is what the method says."""

    kinds: tuple[KindAnswer, ...]
    identifier: Identifier
    identifying: int
    confidentiality: LossOfConfidentiality = LossOfConfidentiality.NOT_CONCERNED
    integrity: LossOfIntegrity = LossOfIntegrity.NOT_CONCERNED
    availability: LossOfAvailability = LossOfAvailability.NOT_CONCERNED
    malicious: bool = False
    persons: int | None = None
    adjustments: tuple[AdjustmentAnswer, ...] = ()
    identifying_reason: str = ""
    answers: dict[Question, Answer] = field(default_factory=dict)
    factors: tuple[FactorAnswer, ...] = ()
    decision: Owed | None = None
    decision_reason: str = ""
    exemption: Exemption | None = None
    exemption_reason: str = ""


class StepKind(StrEnum):
    """A line of the sum."""

    CONTEXT = "context"
    ADJUSTMENT = "adjustment"
    IDENTIFYING = "identifying"
    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"
    INTENT = "intent"


class Step(NamedTuple):
    """One line of the sum: what, the answer that gave it, and its quarters (for `IDENTIFYING` the factor's)."""

    kind: StepKind
    answer: str
    quarters: int


class RuleFinding(NamedTuple):
    """A rule that holds, or that would if what is unknown were so (`open`)."""

    rule: RiskRule
    outcome: Owed | None
    citation: str
    open: tuple[Question, ...] = ()

    @property
    def holds(self) -> bool:
        """Tell whether the rule holds on what is known."""
        return not self.open


class RiskResult(NamedTuple):
    """What the method says: the sum, its level, what the score alone owes, which rules hold and may hold, what both
    together owe, whether the persons come before the analysis ends, and the two flags beside the score."""

    steps: tuple[Step, ...]
    context: int
    identifying: int
    circumstances: int
    quarters: int
    level: RiskLevel
    by_score: Owed
    rules: tuple[RuleFinding, ...]
    relief: RuleFinding | None
    outcome: Owed
    at_once: bool
    many_persons: bool
    unintelligible: bool
    decided: Owed
    under_outcome: bool

    @property
    def score(self) -> float:
        """Return the score in points, exact in quarters."""
        return self.quarters / 4


class Assessment(NamedTuple):
    """An assessment as kept: never changed, bound to the revision it judged (`revision` is its number). `document` is
    that of its answers; `outcome` is what the method said, `decided` what the officer did."""

    id: int
    breach_id: int
    revision_id: int
    revision: int
    method: str
    level: RiskLevel
    quarters: int
    outcome: Owed
    decided: Owed
    document: dict[str, Any]
    made_by: str
    made_at: datetime


_ORDER = tuple(Owed)


def strongest(*owed: Owed) -> Owed:
    """Return the strongest of several outcomes."""
    return max(owed, key=_ORDER.index)


def context_score(answer: KindAnswer, method: Method) -> int:
    """Return the points of one kind of data: its base, or those of its row. Raises KeyError for a row of another."""
    table = method.kinds[answer.kind]
    return table.base if answer.row is None else table.rows[answer.row]


def level_of(quarters: int, method: Method) -> RiskLevel:
    """Return the band of a score."""
    return max((level for level, least in method.bands.items() if quarters >= least), key=method.bands.__getitem__)


def _context(answers: RiskAnswers, method: Method) -> tuple[int, list[Step]]:
    """Return the points of the context with its lines: the kind that weighs most, then each step up or down."""
    scored = [(context_score(each, method), place, each) for place, each in enumerate(answers.kinds)]
    points, _place, heaviest = max(scored, key=lambda item: (item[0], -item[1]))
    steps = [Step(StepKind.CONTEXT, heaviest.kind.value, points * 4)]
    for each in answers.adjustments:
        moved = min(4, max(1, points + method.adjustments[each.key]))
        steps.append(Step(StepKind.ADJUSTMENT, each.key.value, (moved - points) * 4))
        points = moved
    return points, steps


def assess_risk(answers: RiskAnswers, method: Method) -> RiskResult:
    """Work an assessment out step by step (ENISA 2013, then the rules over the score)."""
    context, steps = _context(answers, method)
    lost = (
        Step(StepKind.CONFIDENTIALITY, answers.confidentiality.value, method.confidentiality[answers.confidentiality]),
        Step(StepKind.INTEGRITY, answers.integrity.value, method.integrity[answers.integrity]),
        Step(StepKind.AVAILABILITY, answers.availability.value, method.availability[answers.availability]),
        Step(StepKind.INTENT, Answer.YES if answers.malicious else Answer.NO,
             method.intent_quarters if answers.malicious else 0),
    )  # fmt: skip
    steps.append(Step(StepKind.IDENTIFYING, answers.identifier.value, answers.identifying))
    steps.extend(lost)
    circumstances = sum(step.quarters for step in lost)
    # Points times quarters are quarters: nothing is rounded.
    quarters = context * answers.identifying + circumstances
    level = level_of(quarters, method)
    by_score = method.owed[level]
    rules = tuple(each for rule in method.rules if (each := _found(rule, answers)) is not None)
    holding = [each for each in rules if each.holds]
    outcome = strongest(by_score, *(each.outcome for each in holding if each.outcome is not None))
    relief = _relief(answers, method, {each.rule for each in holding})
    if relief is not None:
        outcome = Owed.REGISTER_ONLY
    decided = answers.decision or outcome
    return RiskResult(
        tuple(steps), context, answers.identifying, circumstances, quarters, level, by_score, rules, relief, outcome,
        _at_once(method, holding), answers.persons is not None and answers.persons > method.many_persons,
        answers.answers.get(Question.UNREADABLE) is Answer.YES, decided, _ORDER.index(decided) < _ORDER.index(outcome),
    )  # fmt: skip


def _at_once(method: Method, holding: list[RuleFinding]) -> bool:
    hurried = {rule.key for rule in method.rules if rule.at_once}
    return any(each.rule in hurried for each in holding)


def _found(rule: Rule, answers: RiskAnswers) -> RuleFinding | None:
    """Return the rule if it holds, or what is unknown and would make it hold; None if it does not."""
    unknown: list[Question] = []
    if rule.many and answers.persons is not None and answers.persons < rule.many:
        return None
    for question in rule.all:
        said = answers.answers.get(question, Answer.UNKNOWN)
        if said is Answer.NO:
            return None
        if said is Answer.UNKNOWN:
            unknown.append(question)
    if rule.any:
        said_any = [answers.answers.get(question, Answer.UNKNOWN) for question in rule.any]
        if Answer.YES not in said_any:
            if Answer.UNKNOWN not in said_any:
                return None
            unknown.extend(q for q, said in zip(rule.any, said_any, strict=True) if said is Answer.UNKNOWN)
    return RuleFinding(rule.key, rule.outcome, rule.citation, tuple(unknown))


def _relief(answers: RiskAnswers, method: Method, holding: set[RiskRule]) -> RuleFinding | None:
    """Return the rule that lets it fall to the register alone: everything known, nothing aggravating."""
    for rule in method.reliefs:
        if holding.intersection(rule.never_against):
            continue
        if any(answers.answers.get(question) is not Answer.YES for question in rule.all):
            continue
        if any(answers.answers.get(question) is not Answer.NO for question in rule.none):
            continue
        return RuleFinding(rule.key, Owed.REGISTER_ONLY, rule.citation)
    return None
