"""First schema.

Revision ID: 0001
"""

from __future__ import annotations

from alembic import op

from dpo_app.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    metadata.create_all(op.get_bind())
