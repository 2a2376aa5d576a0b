"""Sending through a mail server: the journal of tries, arming, tries and next try of a delivery.

Revision ID: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    "ALTER TABLE delivery ADD COLUMN tries INTEGER DEFAULT '0' NOT NULL",
    "ALTER TABLE delivery ADD COLUMN next_try_at BIGINT",
    """
    CREATE TABLE handover (
        id INTEGER NOT NULL,
        delivery_id INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        began_at BIGINT NOT NULL,
        ended_at BIGINT,
        stage VARCHAR(4) NOT NULL,
        server VARCHAR(260) NOT NULL,
        message_id VARCHAR(200) NOT NULL,
        sender TEXT NOT NULL,
        recipient TEXT NOT NULL,
        sha256 VARCHAR(64) NOT NULL,
        step VARCHAR(10) NOT NULL,
        code INTEGER NOT NULL,
        enhanced VARCHAR(12) NOT NULL,
        kind VARCHAR(12) NOT NULL,
        reply TEXT NOT NULL,
        CONSTRAINT pk_handover PRIMARY KEY (id),
        CONSTRAINT uq_handover_delivery_id_attempt UNIQUE (delivery_id, attempt),
        CONSTRAINT fk_handover_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id)
    )
    """,
    "CREATE INDEX ix_handover_running ON handover (delivery_id) WHERE ended_at is null",
    "CREATE INDEX ix_handover_began ON handover (began_at)",
    """
    CREATE TABLE arming (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        armed_by TEXT NOT NULL,
        armed_at BIGINT NOT NULL,
        until BIGINT NOT NULL,
        ended_at BIGINT,
        ended_by TEXT NOT NULL,
        CONSTRAINT pk_arming PRIMARY KEY (id),
        CONSTRAINT fk_arming_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    "CREATE INDEX ix_arming_breach ON arming (breach_id, id)",
)


def upgrade() -> None:
    """Add tables and columns."""
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
