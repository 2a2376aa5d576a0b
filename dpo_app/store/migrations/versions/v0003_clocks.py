"""Records that start and stop clocks: events, duties met, reasons for delay, choices of law.

Revision ID: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    """
    CREATE TABLE clock_record (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        kind VARCHAR(10) NOT NULL,
        "key" VARCHAR(60) NOT NULL,
        at BIGINT,
        zone VARCHAR(60) NOT NULL,
        text TEXT NOT NULL,
        document TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        recorded_at BIGINT NOT NULL,
        current BOOLEAN NOT NULL,
        CONSTRAINT pk_clock_record PRIMARY KEY (id),
        CONSTRAINT fk_clock_record_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE INDEX ix_clock_record_breach ON clock_record (breach_id, current)
    """,
)


def upgrade() -> None:
    """Make the table of records."""
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
