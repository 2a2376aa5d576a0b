"""What persons need of a letter: large print, easy language; and which texts somebody was told in.

Revision ID: 0011
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    "ALTER TABLE person ADD COLUMN large_print BOOLEAN DEFAULT '0' NOT NULL",
    "ALTER TABLE person ADD COLUMN easy_language BOOLEAN DEFAULT '0' NOT NULL",
    "ALTER TABLE staged_row ADD COLUMN large_print BOOLEAN DEFAULT '0' NOT NULL",
    "ALTER TABLE staged_row ADD COLUMN easy_language BOOLEAN DEFAULT '0' NOT NULL",
    "ALTER TABLE told_plan ADD COLUMN easy BOOLEAN DEFAULT '0' NOT NULL",
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
