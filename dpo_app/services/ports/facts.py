"""What use-cases ask of the store about evidence and assessments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from dpo_app.core.facts.evidence import Evidence
from dpo_app.core.ids import BreachId, EvidenceId
from dpo_app.core.risk.risk import Assessment


class EvidenceStore(Protocol):
    """Files that prove facts."""

    def add(self, value: Evidence, chunks: Iterable[bytes]) -> EvidenceId:
        """Keep a file under the next number; its chunks are read one at a time."""


class AssessmentStore(Protocol):
    """Assessments of the risk."""

    def add(self, value: Assessment) -> int:
        """Keep an assessment with the revision it judged; returns its number in the store."""


class FactQueries(Protocol):
    """Reading evidence and assessments."""

    def evidence(self, breach_id: BreachId) -> list[Evidence]:
        """Return the files of a breach in the order in which they were kept."""

    def evidence_file(self, evidence_id: EvidenceId) -> Evidence:
        """Return one file. Raises InputError("no_such_evidence")."""

    def evidence_chunks(self, evidence_id: EvidenceId) -> Iterator[bytes]:
        """Stream a file piece by piece."""

    def assessments(self, breach_id: BreachId) -> list[Assessment]:
        """Return the assessments of a breach, oldest first."""

    def assessment(self, breach_id: BreachId) -> Assessment | None:
        """Return the newest assessment of a breach, or None: it counts, whatever revision it judged."""
