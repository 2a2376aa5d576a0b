"""E-mail that came back; statements in words of their own, as in the first.

Revision ID: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    """
    CREATE TABLE returned_mail (
        id INTEGER NOT NULL,
        identity VARCHAR(64) NOT NULL,
        read_at BIGINT NOT NULL,
        source VARCHAR(8) NOT NULL,
        kind VARCHAR(12) NOT NULL,
        reason VARCHAR(14) NOT NULL,
        status VARCHAR(12) NOT NULL,
        proof VARCHAR(12) NOT NULL,
        breach_id INTEGER,
        delivery_id INTEGER,
        outcome VARCHAR(12) NOT NULL,
        state_before VARCHAR(14) NOT NULL,
        host TEXT NOT NULL,
        address TEXT NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL,
        decided_by TEXT NOT NULL,
        decided_at BIGINT,
        CONSTRAINT pk_returned_mail PRIMARY KEY (id),
        CONSTRAINT uq_returned_mail_identity UNIQUE (identity),
        CONSTRAINT fk_returned_mail_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE INDEX ix_returned_mail_outcome ON returned_mail (outcome, breach_id)
    """,
    """
    CREATE INDEX ix_returned_mail_delivery ON returned_mail (delivery_id)
    """,
)


def upgrade() -> None:
    """Make the table and its indexes."""
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
