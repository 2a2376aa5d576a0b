"""Pairs that may be one person, merges, and corrections.

Revision ID: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "CREATE INDEX ix_staged_row_person ON staged_row (import_id, same_as_person)",
    """
    CREATE TABLE link_pair (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        import_id INTEGER,
        left_row INTEGER,
        left_person INTEGER,
        right_row INTEGER,
        right_person INTEGER,
        likeness INTEGER NOT NULL,
        pattern INTEGER NOT NULL,
        sure BOOLEAN NOT NULL,
        verdict VARCHAR(10) NOT NULL,
        decided INTEGER NOT NULL,
        "before" TEXT,
        CONSTRAINT pk_link_pair PRIMARY KEY (id),
        CONSTRAINT fk_link_pair_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_link_pair_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (id)
    )
    """,
    "CREATE INDEX ix_link_pair_open ON link_pair (breach_id, import_id, verdict)",
    """
    CREATE TABLE person_merge (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        breach_id INTEGER NOT NULL,
        kept_id INTEGER NOT NULL,
        gone_id INTEGER NOT NULL,
        code VARCHAR(8) NOT NULL,
        gone TEXT NOT NULL,
        kept_before TEXT NOT NULL,
        moved TEXT NOT NULL,
        reason TEXT NOT NULL,
        merged_at BIGINT NOT NULL,
        merged_by TEXT NOT NULL,
        undone_at BIGINT,
        CONSTRAINT pk_person_merge PRIMARY KEY (id),
        CONSTRAINT uq_person_merge_uid UNIQUE (uid),
        CONSTRAINT fk_person_merge_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    "CREATE INDEX ix_person_merge_breach ON person_merge (breach_id)",
    "CREATE INDEX ix_person_merge_code ON person_merge (code)",
    "CREATE INDEX ix_person_merge_gone ON person_merge (gone_id)",
    "CREATE INDEX ix_person_merge_kept ON person_merge (kept_id)",
    """
    CREATE TABLE correction (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        breach_id INTEGER NOT NULL,
        source VARCHAR(8) NOT NULL,
        file_name TEXT NOT NULL,
        file_sha256 VARCHAR(64) NOT NULL,
        persons INTEGER NOT NULL,
        made_at BIGINT NOT NULL,
        made_by TEXT NOT NULL,
        undone_at BIGINT,
        CONSTRAINT pk_correction PRIMARY KEY (id),
        CONSTRAINT uq_correction_uid UNIQUE (uid),
        CONSTRAINT fk_correction_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    "CREATE INDEX ix_correction_breach ON correction (breach_id)",
    """
    CREATE TABLE correction_change (
        correction_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        "before" TEXT NOT NULL,
        "after" TEXT NOT NULL,
        CONSTRAINT pk_correction_change PRIMARY KEY (correction_id, person_id),
        CONSTRAINT fk_correction_change_correction_id_correction FOREIGN KEY(correction_id) REFERENCES correction (id)
    )
    """,
    "CREATE INDEX ix_correction_change_person ON correction_change (person_id)",
)


def upgrade() -> None:
    """Make the tables."""
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
