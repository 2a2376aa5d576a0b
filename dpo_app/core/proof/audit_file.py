"""Everything the audit PDF of one breach says, as one value: counts, texts and hashes, no persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dpo_app.core.authority.authority_log import AuthorityEvent
from dpo_app.core.authority.authority_notice import AuthorityNotice
from dpo_app.core.clocks.deadline import Deadline
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.facts.differences import FactChange
from dpo_app.core.facts.evidence import Evidence
from dpo_app.core.notices.notice import Notice, Reader
from dpo_app.core.risk.risk import Assessment, RiskResult
from dpo_app.core.veil import veiled


@dataclass(frozen=True)
class ImportFact:
    """One import: file hash and counts that add up."""

    reference: str
    state: str
    accepted_at: datetime | None
    accepted_by: str
    sha256: str
    rows: int
    new: int
    changed: int
    duplicate: int
    rejected: int


@dataclass(frozen=True)
class BatchFact:
    """One batch of letters or export of e-mails."""

    reference: str
    channel: str
    state: str
    made_at: datetime
    settled_on: date | None
    members: int
    pages: int
    sheets: int
    merkle_root: str


@veiled
@dataclass(frozen=True)
class DecisionFact:
    """One decision with its reason and how many persons it concerns."""

    kind: str
    value: str
    reason: str
    by: str
    at: datetime
    persons: int


@dataclass(frozen=True)
class NoticeFact:
    """A notice with its reference and how many of each kind of reader there are."""

    reference: str
    notice: Notice
    readers: Sequence[tuple[Reader, int]]


@dataclass(frozen=True)
class AssessmentFact:
    """An assessment of the risk as kept, worked out again from its answers, and the method's citation."""

    kept: Assessment
    result: RiskResult
    citation: str


@dataclass(frozen=True)
class AuthorityFact:
    """A notice to an authority: its reference, the authority's name, the words for its fields in its own language, and
    when it was handed in under which number."""

    reference: str
    authority: str
    notice: AuthorityNotice
    labels: Mapping[str, str]
    handed_in_at: datetime | None = None
    number: str = ""


@dataclass(frozen=True)
class TrailFact:
    """One entry of the trail in words' material: action and facts."""

    seq: int
    at: datetime
    actor: str
    action: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class AuditFile:
    """The audit file of a breach as of `made_at`."""

    breach: str
    language: str
    time_zone: str
    organisation: str
    made_at: datetime
    made_by: str
    program: str
    entries: int
    head: str
    revisions: Sequence[SavedRevision]
    changes: Mapping[int, Sequence[FactChange]]
    deadlines: Sequence[Deadline]
    persons: int
    exposure: Mapping[str, int]
    windows: Mapping[tuple[str, int], int]
    channel: Mapping[str, int]
    channel_reasons: Mapping[tuple[str, str], int]
    standing: Mapping[str, int]
    standing_parts: Mapping[str, Mapping[str, int]]
    refusals: Mapping[str, int]
    imports: Sequence[ImportFact]
    notices: Sequence[NoticeFact]
    batches: Sequence[BatchFact]
    sent: Sequence[tuple[date, str, str, int]]
    decisions: Sequence[DecisionFact]
    trail: Sequence[TrailFact]
    assessments: Sequence[AssessmentFact] = ()
    evidence: Sequence[Evidence] = ()
    authority_notices: Sequence[AuthorityFact] = ()
    authority_events: Sequence[AuthorityEvent] = ()
