"""The officer's words beside the entries of the trail, so that they can be erased.

Entries made before stay as they are: they are chained, and hold the words themselves.

Revision ID: 0010
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    """
    CREATE TABLE audit_remark (
        seq INTEGER NOT NULL,
        name VARCHAR(10) NOT NULL,
        "key" BLOB NOT NULL,
        text TEXT NOT NULL,
        CONSTRAINT pk_audit_remark PRIMARY KEY (seq, name)
    )
    """,
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
