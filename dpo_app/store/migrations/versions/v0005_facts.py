"""Evidence files in chunks, and assessments of the risk.

Revision ID: 0005
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
    CREATE TABLE evidence (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        file_name TEXT NOT NULL,
        kind VARCHAR(30) NOT NULL,
        title TEXT NOT NULL,
        source TEXT NOT NULL,
        received_on DATE,
        size INTEGER NOT NULL,
        sha256 BLOB NOT NULL,
        added_by TEXT NOT NULL,
        added_at BIGINT NOT NULL,
        CONSTRAINT pk_evidence PRIMARY KEY (id),
        CONSTRAINT uq_evidence_breach_id_sha256 UNIQUE (breach_id, sha256),
        CONSTRAINT fk_evidence_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE TABLE evidence_chunk (
        evidence_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        data BLOB NOT NULL,
        CONSTRAINT pk_evidence_chunk PRIMARY KEY (evidence_id, number),
        CONSTRAINT fk_evidence_chunk_evidence_id_evidence FOREIGN KEY(evidence_id) REFERENCES evidence (id)
    )
    """,
    """
    CREATE TABLE assessment (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        revision_id INTEGER NOT NULL,
        method VARCHAR(40) NOT NULL,
        level VARCHAR(12) NOT NULL,
        quarters INTEGER NOT NULL,
        outcome VARCHAR(16) NOT NULL,
        decided VARCHAR(16) NOT NULL,
        document TEXT NOT NULL,
        made_by TEXT NOT NULL,
        made_at BIGINT NOT NULL,
        CONSTRAINT pk_assessment PRIMARY KEY (id),
        CONSTRAINT fk_assessment_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_assessment_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id)
    )
    """,
    "CREATE INDEX ix_assessment_breach ON assessment (breach_id, id)",
)


def upgrade() -> None:
    """Make the tables."""
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
