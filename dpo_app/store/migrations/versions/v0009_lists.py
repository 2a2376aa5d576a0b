"""Deliveries by their state, for lists of the few.

Revision ID: 0009
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the index."""
    op.get_bind().exec_driver_sql("CREATE INDEX ix_delivery_state ON delivery (breach_id, state, person_id)")
