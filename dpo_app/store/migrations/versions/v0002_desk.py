"""Care marks, audiences of follow-ups, saved filters, enquiries, search by any part of a word, lists ordered by an index;
statements in words of their own, as in the first.

Revision ID: 0002
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    CREATE TABLE care_mark (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        rule VARCHAR(20) NOT NULL,
        value VARCHAR(20) NOT NULL,
        reason TEXT NOT NULL,
        marked_by TEXT NOT NULL,
        marked_at BIGINT NOT NULL,
        taken_off BOOLEAN NOT NULL,
        current BOOLEAN NOT NULL,
        CONSTRAINT pk_care_mark PRIMARY KEY (id),
        CONSTRAINT fk_care_mark_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE INDEX ix_care_mark_breach ON care_mark (breach_id, current, rule)
    """,
    """
    CREATE INDEX ix_care_mark_person ON care_mark (person_id, rule, current)
    """,
    """
    CREATE TABLE person_care (
        person_id INTEGER NOT NULL,
        rule VARCHAR(20) NOT NULL,
        breach_id INTEGER NOT NULL,
        CONSTRAINT pk_person_care PRIMARY KEY (person_id, rule),
        CONSTRAINT fk_person_care_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE INDEX ix_person_care_rule ON person_care (breach_id, rule, person_id)
    """,
    """
    CREATE TABLE notice_audience (
        notice_id INTEGER NOT NULL,
        kind VARCHAR(10) NOT NULL,
        CONSTRAINT pk_notice_audience PRIMARY KEY (notice_id),
        CONSTRAINT fk_notice_audience_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id)
    )
    """,
    """
    CREATE TABLE notice_recipient (
        notice_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        CONSTRAINT pk_notice_recipient PRIMARY KEY (notice_id, person_id),
        CONSTRAINT fk_notice_recipient_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id)
    )
    """,
    """
    CREATE INDEX ix_notice_recipient_person ON notice_recipient (person_id, notice_id)
    """,
    """
    CREATE TABLE told_plan (
        person_id INTEGER NOT NULL,
        notice_id INTEGER NOT NULL,
        revision_id INTEGER NOT NULL,
        exposure VARCHAR(12) NOT NULL,
        windows INTEGER NOT NULL,
        CONSTRAINT pk_told_plan PRIMARY KEY (person_id, notice_id),
        CONSTRAINT fk_told_plan_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id),
        CONSTRAINT fk_told_plan_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id)
    )
    """,
    """
    CREATE TABLE saved_filter (
        name VARCHAR(60) NOT NULL,
        document TEXT NOT NULL,
        CONSTRAINT pk_saved_filter PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE enquiry (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        breach_id INTEGER NOT NULL,
        person_id INTEGER,
        way VARCHAR(10) NOT NULL,
        kind VARCHAR(20) NOT NULL,
        caller VARCHAR(12) NOT NULL,
        identity VARCHAR(16) NOT NULL,
        code_check VARCHAR(10) NOT NULL,
        delivery_id INTEGER,
        began_at BIGINT NOT NULL,
        saved_at BIGINT NOT NULL,
        taken_by TEXT NOT NULL,
        answer VARCHAR(60) NOT NULL,
        note TEXT NOT NULL,
        state VARCHAR(6) NOT NULL,
        due_on DATE,
        closed_at BIGINT,
        closed_by TEXT NOT NULL,
        outcome TEXT NOT NULL,
        seconds INTEGER NOT NULL,
        CONSTRAINT pk_enquiry PRIMARY KEY (id),
        CONSTRAINT uq_enquiry_uid UNIQUE (uid),
        CONSTRAINT fk_enquiry_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE INDEX ix_enquiry_breach ON enquiry (breach_id, state, id)
    """,
    """
    CREATE INDEX ix_enquiry_person ON enquiry (person_id, id)
    """,
    """
    CREATE INDEX ix_person_born ON person (breach_id, born, sort_key, id)
    """,
    """
    CREATE INDEX ix_person_language ON person (breach_id, language, sort_key, id)
    """,
    """
    CREATE INDEX ix_person_postcode ON person (breach_id, postcode, sort_key, id)
    """,
    """
    CREATE INDEX ix_person_protected ON person (breach_id, id) WHERE protected = 1
    """,
)
#: Search by any part: the index, what keeps it, and the persons who are there already.
SEARCH = (
    "CREATE VIRTUAL TABLE person_part USING fts5(part, content='', columnsize=0, tokenize='trigram remove_diacritics 1')",
    "INSERT INTO person_part(person_part, rank) VALUES('secure-delete', 1)",
    "CREATE TRIGGER person_part_add AFTER INSERT ON person BEGIN INSERT INTO person_part(rowid, part) VALUES (new.id, new.family_name || ' ' || new.given_names || ' ' || new.code || ' ' || new.customer_number || ' ' || new.email || ' ' || replace(replace(new.phone, ' ', ''), '-', '')); END",
    "CREATE TRIGGER person_part_remove AFTER DELETE ON person BEGIN INSERT INTO person_part(person_part, rowid, part) VALUES ('delete', old.id, old.family_name || ' ' || old.given_names || ' ' || old.code || ' ' || old.customer_number || ' ' || old.email || ' ' || replace(replace(old.phone, ' ', ''), '-', '')); END",
    "CREATE TRIGGER person_part_change AFTER UPDATE OF family_name, given_names, code, customer_number, email, phone ON person BEGIN INSERT INTO person_part(person_part, rowid, part) VALUES ('delete', old.id, old.family_name || ' ' || old.given_names || ' ' || old.code || ' ' || old.customer_number || ' ' || old.email || ' ' || replace(replace(old.phone, ' ', ''), '-', '')); INSERT INTO person_part(rowid, part) VALUES (new.id, new.family_name || ' ' || new.given_names || ' ' || new.code || ' ' || new.customer_number || ' ' || new.email || ' ' || replace(replace(new.phone, ' ', ''), '-', '')); END",
    """
    INSERT INTO person_part(rowid, part)
    SELECT id, family_name || ' ' || given_names || ' ' || code || ' ' || customer_number || ' ' || email || ' '
        || replace(replace(phone, ' ', ''), '-', '') FROM person
    """,
)


def upgrade() -> None:
    """Make the tables and indexes, then index the persons."""
    connection = op.get_bind()
    for statement in (*STATEMENTS, *SEARCH):
        connection.exec_driver_sql(statement)
