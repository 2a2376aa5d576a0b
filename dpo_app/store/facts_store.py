"""Evidence and assessments on one connection: added, never changed; read whole or piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, insert, select

from dpo_app.core.errors import InputError
from dpo_app.core.facts.evidence import Evidence, EvidenceKind
from dpo_app.core.ids import BreachId, EvidenceId
from dpo_app.core.risk.risk import Assessment, Owed, RiskLevel
from dpo_app.store.tables import assessment, evidence, evidence_chunk, revision


class SqlEvidenceStore:
    """See `services.ports.facts.EvidenceStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, value: Evidence, chunks: Iterable[bytes]) -> EvidenceId:
        """Keep a file under the next number; its chunks are read one at a time."""
        row = value._asdict() | {"kind": value.kind.value, "sha256": bytes.fromhex(value.sha256)}
        del row["id"]
        result: Any = self._connection.execute(insert(evidence).values(row))
        number = int(result.inserted_primary_key[0])
        for place, data in enumerate(chunks):
            self._connection.execute(
                insert(evidence_chunk).values(evidence_id=number, number=place, data=data)
            )  # fmt: skip
        return EvidenceId(number)


class SqlAssessmentStore:
    """See `services.ports.facts.AssessmentStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, value: Assessment) -> int:
        """Keep an assessment with the revision it judged; returns its number in the store."""
        row = value._asdict() | {"level": value.level.value, "outcome": value.outcome.value,
                                 "decided": value.decided.value}  # fmt: skip
        del row["id"], row["revision"]
        result: Any = self._connection.execute(insert(assessment).values(row))
        return int(result.inserted_primary_key[0])


class FactQueries:
    """Reading of evidence and assessments; part of `SqlQueries`."""

    _connection: Connection

    def evidence(self, breach_id: BreachId) -> list[Evidence]:
        """Return the files of a breach in the order in which they were kept."""
        rows = self._connection.execute(
            select(evidence).where(evidence.c.breach_id == breach_id).order_by(evidence.c.id)
        )
        return [_evidence(row) for row in rows]

    def evidence_file(self, evidence_id: EvidenceId) -> Evidence:
        """Return one file. Raises InputError("no_such_evidence")."""
        row = self._connection.execute(select(evidence).where(evidence.c.id == evidence_id)).one_or_none()
        if row is None:
            raise InputError("no_such_evidence", evidence=f"E{evidence_id}")
        return _evidence(row)

    def evidence_chunks(self, evidence_id: EvidenceId) -> Iterator[bytes]:
        """Stream a file piece by piece."""
        number = 0
        while True:
            data = self._connection.scalar(
                select(evidence_chunk.c.data).where(
                    evidence_chunk.c.evidence_id == evidence_id, evidence_chunk.c.number == number
                )
            )
            if data is None:
                return
            yield bytes(data)
            number += 1

    def assessments(self, breach_id: BreachId) -> list[Assessment]:
        """Return the assessments of a breach, oldest first."""
        rows = self._connection.execute(
            select(assessment, revision.c.number.label("revision"))
            .join(revision, revision.c.id == assessment.c.revision_id)
            .where(assessment.c.breach_id == breach_id)
            .order_by(assessment.c.id)
        )
        return [
            Assessment(
                row.id, row.breach_id, row.revision_id, row.revision, row.method, RiskLevel(row.level), row.quarters,
                Owed(row.outcome), Owed(row.decided), row.document, row.made_by, row.made_at,
            )
            for row in rows
        ]  # fmt: skip

    def assessment(self, breach_id: BreachId) -> Assessment | None:
        """Return the newest assessment of a breach, or None: it counts, whatever revision it judged."""
        return next(iter(reversed(self.assessments(breach_id))), None)


def _evidence(row: Any) -> Evidence:
    return Evidence(
        row.id, row.breach_id, row.file_name, EvidenceKind(row.kind), row.title, row.source, row.received_on, row.size,
        row.sha256.hex(), row.added_by, row.added_at,
    )  # fmt: skip
