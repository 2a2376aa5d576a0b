"""Chapters of the audit PDF on the risk, with every step of the method, and on evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from dpo_app.core.facts.evidence import Evidence
from dpo_app.core.facts.fact_choices import Exemption
from dpo_app.core.proof.audit_file import AssessmentFact
from dpo_app.core.risk.risk_document import answers_from_document
from dpo_app.documents.papers import paper
from dpo_app.messages import msgid
from dpo_app.messages.facts import FactWords
from dpo_app.messages.risk import points, reasons, step_words


def risk_chapter(assessments: Sequence[AssessmentFact], words: FactWords) -> list[Flowable]:
    """Return each assessment with its steps, rules, factors and decision."""
    _ = words.translate
    if not assessments:
        return [paper.para(_("The risk has not been assessed yet."))]
    content: list[Flowable] = []
    for each in assessments:
        content += _assessment(each, words)
    return content


def _assessment(fact: AssessmentFact, words: FactWords) -> list[Flowable]:
    _, kept, result = words.translate, fact.kept, fact.result
    heading = _("Assessment of revision {number}").format(number=kept.revision)
    made = _("Made {when} by {who}, by {method}.").format(
        when=words.instant(kept.made_at), who=kept.made_by, method=fact.citation
    )
    rows: list[Any] = [(_("Step"), _("Answer"), _("Points"))]
    for step in result.steps:
        text, figure = step_words(step, _)
        rows.append((_(msgid(step.kind)), text, figure))
    rows.append((_("Sum"), _(msgid(result.level)), f"= {points(result.quarters)}"))
    content: list[Flowable] = [
        paper.para(heading, "h2"), paper.para(made, "small"),
        paper.table(rows, (22, 62, 16), right=(2,), total=True),
    ]  # fmt: skip
    content += [paper.para(each) for each in reasons(result, _)]
    answers = answers_from_document(kept.document)
    weighed = [each for each in answers.factors if each.note or each.weight.value != "neutral"]
    if weighed:
        rows = [(_("Factor of Guidelines 9/2022"), _("Weight"), _("Remark"))]
        rows += [(_(msgid(each.factor)), _(msgid(each.weight)), each.note) for each in weighed]
        content.append(paper.table(rows, (40, 20, 40)))
    content.append(paper.para(_("Decided: {owed}").format(owed=_(msgid(kept.decided))), "mark"))
    moved = [each.reason for each in answers.kinds] + [each.reason for each in answers.adjustments]
    content += [paper.para(why) for why in (answers.decision_reason, *moved) if why]
    if answers.exemption is not None:
        exempt = _(msgid(Exemption(answers.exemption)))
        name = _("Exemption of Art. 34(3)")
        content.append(paper.para(f"{name}: {exempt}. {answers.exemption_reason}"))
    return content


def evidence_chapter(evidence: Sequence[Evidence], words: FactWords) -> list[Flowable]:
    """Return the list of evidence with its hashes."""
    _ = words.translate
    if not evidence:
        return [paper.para(_("No evidence is kept in the store."))]
    rows: list[Any] = [(_("Evidence"), _("What it is"), _("Kept"), "SHA-256")]
    for each in evidence:
        name = f"{_(msgid(each.kind))}: {each.title or each.file_name}"
        kept = f"{words.instant(each.added_at)}, {each.added_by}"
        rows.append((each.ref, f"{name}\n{each.source}".strip(), kept, f"{each.sha256[:32]} {each.sha256[32:]}"))
    return [paper.table(rows, (10, 34, 24, 32))]
