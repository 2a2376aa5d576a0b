"""Assess the risk of a breach on a revision of its facts, and keep the assessment with it."""

from __future__ import annotations

from dataclasses import dataclass

from dpo_app.core.ids import BreachId, RevisionId
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.risk.risk import Assessment, Method, RiskAnswers, RiskResult, assess_risk
from dpo_app.core.risk.risk_document import answers_from_document, check_answers, document_from_answers
from dpo_app.core.risk.risk_facts import answers_from_facts
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Changes, Topic


@dataclass(frozen=True)
class RiskView:
    """How the risk of a breach stands. `kept` None: not assessed, `answers` are what the facts say. `outdated`: the
    facts have a newer revision than the one that was judged. `revision` is the newest one's number."""

    answers: RiskAnswers
    result: RiskResult
    revision: int
    kept: Assessment | None
    outdated: bool


@dataclass(frozen=True)
class Judged:
    """An assessment as kept, its working, and what to reload."""

    kept: Assessment
    result: RiskResult
    changes: Changes


def suggested_answers(queries: Queries, breach_id: BreachId) -> RiskAnswers:
    """Return what the newest facts and the ledger say; what they do not say stays out."""
    saved = queries.newest_revision(breach_id)
    counts = queries.exposure_counts(RevisionId(saved.id))
    in_scope = sum(count for state, count in counts.items() if state != "not_exposed")
    return answers_from_facts(saved.facts, in_scope or None)


def risk_of(queries: Queries, breach_id: BreachId, method: Method) -> RiskView:
    """Return how the risk of a breach stands: by its newest assessment, else by what the facts say."""
    saved, kept = queries.newest_revision(breach_id), queries.assessment(breach_id)
    answers = answers_from_document(kept.document) if kept else suggested_answers(queries, breach_id)
    result = assess_risk(answers, method)
    return RiskView(answers, result, saved.number, kept, kept is not None and kept.revision_id != saved.id)


def keep_assessment(desk: Desk, breach_id: BreachId, answers: RiskAnswers) -> Judged:
    """Keep an assessment of the newest revision; older ones stay. Raises InputError of `check_answers`."""
    check_answers(answers, desk.risk)
    result = assess_risk(answers, desk.risk)
    with desk.begin() as uow:
        saved = uow.queries.newest_revision(breach_id)
        value = Assessment(
            0, breach_id, saved.id, saved.number, desk.risk.id, result.level, result.quarters, result.outcome,
            result.decided, document_from_answers(answers), desk.actor, desk.clock.now(),
        )  # fmt: skip
        number = uow.assessments.add(value)
        uow.audit.record(
            AuditAction.RISK_ASSESSED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={
                "breach": breach_id, "revision": saved.number, "assessment": number, "level": result.level.value,
                "score": f"{result.score:g}", "outcome": result.outcome.value, "decided": result.decided.value,
            },
        )  # fmt: skip
        kept = uow.queries.assessment(breach_id)
        uow.commit()
    assert kept is not None
    return Judged(kept, result, Changes.of(breach_id, Topic.BREACHES, Topic.FACTS))
