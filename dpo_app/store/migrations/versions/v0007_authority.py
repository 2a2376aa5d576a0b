"""What passed between the controller and authorities, with its files.

Revision ID: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    """
    CREATE TABLE authority_event (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        breach_id INTEGER NOT NULL,
        authority VARCHAR(12) NOT NULL,
        kind VARCHAR(10) NOT NULL,
        at BIGINT NOT NULL,
        channel VARCHAR(10) NOT NULL,
        "by" TEXT NOT NULL,
        notice_id INTEGER,
        phase VARCHAR(10) NOT NULL,
        withdraw BOOLEAN NOT NULL,
        reference TEXT NOT NULL,
        note TEXT NOT NULL,
        reason TEXT NOT NULL,
        corrects INTEGER,
        recorded_at BIGINT NOT NULL,
        recorded_by TEXT NOT NULL,
        CONSTRAINT pk_authority_event PRIMARY KEY (id),
        CONSTRAINT uq_authority_event_uid UNIQUE (uid),
        CONSTRAINT fk_authority_event_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_authority_event_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id),
        CONSTRAINT fk_authority_event_corrects_authority_event FOREIGN KEY(corrects) REFERENCES authority_event (id)
    )
    """,
    """
    CREATE INDEX ix_authority_event_breach ON authority_event (breach_id, at)
    """,
    """
    CREATE TABLE authority_file (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        event_id INTEGER,
        notice_id INTEGER,
        name TEXT NOT NULL,
        sha256 VARCHAR(64) NOT NULL,
        size INTEGER NOT NULL,
        data BLOB NOT NULL,
        CONSTRAINT pk_authority_file PRIMARY KEY (id),
        CONSTRAINT fk_authority_file_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_authority_file_event_id_authority_event FOREIGN KEY(event_id) REFERENCES authority_event (id),
        CONSTRAINT fk_authority_file_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id)
    )
    """,
    """
    CREATE INDEX ix_authority_file_event ON authority_file (event_id)
    """,
    """
    CREATE INDEX ix_authority_file_notice ON authority_file (notice_id)
    """,
)


def upgrade() -> None:
    """Make the tables of the log and its files."""
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
