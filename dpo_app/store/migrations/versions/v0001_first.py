"""First schema, as it was shipped: statements in words of their own, so that no later change of the tables in the code
can reach back into it.

Revision ID: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE audit_entry (
        seq INTEGER NOT NULL,
        at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        action VARCHAR(30) NOT NULL,
        canonical BLOB NOT NULL,
        head BLOB NOT NULL,
        mac BLOB NOT NULL,
        CONSTRAINT pk_audit_entry PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
    BEGIN
        SELECT RAISE(ABORT, 'the audit trail is append-only');
    END
    """,
    """
    CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
    BEGIN
        SELECT RAISE(ABORT, 'the audit trail is append-only');
    END
    """,
    """
    CREATE TABLE audit_subject (
        seq INTEGER NOT NULL,
        subject VARCHAR(32) NOT NULL,
        CONSTRAINT pk_audit_subject PRIMARY KEY (seq, subject)
    )
    """,
    """
    CREATE INDEX ix_audit_subject_subject ON audit_subject (subject, seq)
    """,
    """
    CREATE TRIGGER audit_subject_no_update BEFORE UPDATE ON audit_subject
    BEGIN
        SELECT RAISE(ABORT, 'the audit trail is append-only');
    END
    """,
    """
    CREATE TRIGGER audit_subject_no_delete BEFORE DELETE ON audit_subject
    BEGIN
        SELECT RAISE(ABORT, 'the audit trail is append-only');
    END
    """,
    """
    CREATE TABLE breach (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        created_at BIGINT NOT NULL,
        closed_at BIGINT,
        CONSTRAINT pk_breach PRIMARY KEY (id),
        CONSTRAINT uq_breach_uid UNIQUE (uid)
    )
    """,
    """
    CREATE TABLE setting (
        name VARCHAR(60) NOT NULL,
        value TEXT NOT NULL,
        CONSTRAINT pk_setting PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE delivery_event (
        id INTEGER NOT NULL,
        delivery_id INTEGER NOT NULL,
        at BIGINT NOT NULL,
        state VARCHAR(14) NOT NULL,
        source VARCHAR(10) NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        CONSTRAINT pk_delivery_event PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_delivery_event_delivery ON delivery_event (delivery_id, id)
    """,
    """
    CREATE TABLE person_key (
        person_id INTEGER NOT NULL,
        uid BLOB NOT NULL,
        "key" BLOB NOT NULL,
        CONSTRAINT pk_person_key PRIMARY KEY (person_id),
        CONSTRAINT uq_person_key_uid UNIQUE (uid)
    )
    """,
    """
    CREATE TABLE import_profile (
        signature VARCHAR(64) NOT NULL,
        name TEXT NOT NULL,
        columns TEXT NOT NULL,
        CONSTRAINT pk_import_profile PRIMARY KEY (signature)
    )
    """,
    """
    CREATE TABLE revision (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        reference TEXT NOT NULL,
        controller TEXT NOT NULL,
        known_as_of BIGINT NOT NULL,
        author TEXT NOT NULL,
        recorded_at BIGINT NOT NULL,
        document TEXT NOT NULL,
        CONSTRAINT pk_revision PRIMARY KEY (id),
        CONSTRAINT uq_revision_breach_id_number UNIQUE (breach_id, number),
        CONSTRAINT fk_revision_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE TABLE decision (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        kind VARCHAR(12) NOT NULL,
        value VARCHAR(20) NOT NULL,
        reason TEXT NOT NULL,
        decided_by TEXT NOT NULL,
        decided_at BIGINT NOT NULL,
        current BOOLEAN NOT NULL,
        CONSTRAINT pk_decision PRIMARY KEY (id),
        CONSTRAINT fk_decision_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE INDEX ix_decision_breach ON decision (breach_id, kind, current)
    """,
    """
    CREATE INDEX ix_decision_person ON decision (person_id, kind, current)
    """,
    """
    CREATE TABLE import_run (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        breach_id INTEGER NOT NULL,
        state VARCHAR(12) NOT NULL,
        file_name TEXT NOT NULL,
        file_sha256 VARCHAR(64) NOT NULL,
        staged_at BIGINT NOT NULL,
        accepted_at BIGINT,
        undone_at BIGINT,
        accepted_by TEXT NOT NULL,
        rows INTEGER NOT NULL,
        new INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        duplicate INTEGER NOT NULL,
        rejected INTEGER NOT NULL,
        reading TEXT NOT NULL,
        CONSTRAINT pk_import_run PRIMARY KEY (id),
        CONSTRAINT uq_import_run_uid UNIQUE (uid),
        CONSTRAINT fk_import_run_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
    )
    """,
    """
    CREATE INDEX ix_import_run_breach ON import_run (breach_id, state)
    """,
    """
    CREATE TABLE notice (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        breach_id INTEGER NOT NULL,
        revision_id INTEGER NOT NULL,
        recipient VARCHAR(10) NOT NULL,
        version INTEGER NOT NULL,
        phase VARCHAR(10) NOT NULL,
        state VARCHAR(10) NOT NULL,
        document TEXT NOT NULL,
        canonical BLOB,
        sha256 VARCHAR(64) NOT NULL,
        created_at BIGINT NOT NULL,
        approved_by TEXT NOT NULL,
        approved_at BIGINT,
        CONSTRAINT pk_notice PRIMARY KEY (id),
        CONSTRAINT uq_notice_breach_id_recipient_version UNIQUE (breach_id, recipient, version),
        CONSTRAINT uq_notice_uid UNIQUE (uid),
        CONSTRAINT fk_notice_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_notice_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id)
    )
    """,
    """
    CREATE TABLE person (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        import_id INTEGER NOT NULL,
        row_number INTEGER NOT NULL,
        code VARCHAR(8) NOT NULL,
        customer_number TEXT NOT NULL,
        family_name TEXT NOT NULL,
        given_names TEXT NOT NULL,
        sort_key TEXT NOT NULL,
        match_key TEXT NOT NULL,
        national_id TEXT NOT NULL,
        born VARCHAR(10) NOT NULL,
        language VARCHAR(8) NOT NULL,
        email TEXT NOT NULL,
        phone TEXT NOT NULL,
        care_of TEXT NOT NULL,
        street TEXT NOT NULL,
        postcode TEXT NOT NULL,
        town TEXT NOT NULL,
        country VARCHAR(2) NOT NULL,
        registered VARCHAR(10) NOT NULL,
        removed VARCHAR(10) NOT NULL,
        deceased BOOLEAN NOT NULL,
        protected BOOLEAN NOT NULL,
        guardian TEXT NOT NULL,
        extra TEXT NOT NULL,
        noted TEXT NOT NULL,
        CONSTRAINT pk_person PRIMARY KEY (id),
        CONSTRAINT fk_person_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_person_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (id)
    )
    """,
    """
    CREATE INDEX ix_person_list ON person (breach_id, sort_key, id)
    """,
    """
    CREATE INDEX ix_person_match_key ON person (breach_id, match_key)
    """,
    """
    CREATE INDEX ix_person_import ON person (import_id)
    """,
    """
    CREATE UNIQUE INDEX ix_person_code ON person (code)
    """,
    """
    CREATE INDEX ix_person_customer_number ON person (breach_id, customer_number)
    """,
    """
    CREATE INDEX ix_person_national_id ON person (breach_id, national_id)
    """,
    """
    CREATE VIRTUAL TABLE person_search USING fts5(family_name, given_names, code, customer_number, email,
        content='person', content_rowid='id', tokenize="unicode61 remove_diacritics 2", prefix='2 3')
    """,
    """
    INSERT INTO person_search(person_search, rank) VALUES('secure-delete', 1)
    """,
    """
    CREATE TRIGGER person_search_add AFTER INSERT ON person
    BEGIN
        INSERT INTO person_search(rowid, family_name, given_names, code, customer_number, email) VALUES (new.id,
            new.family_name, new.given_names, new.code, new.customer_number, new.email);
    END
    """,
    """
    CREATE TRIGGER person_search_remove AFTER DELETE ON person
    BEGIN
        INSERT INTO person_search(person_search, rowid, family_name, given_names, code, customer_number, email)
            VALUES ('delete', old.id, old.family_name, old.given_names, old.code, old.customer_number, old.email);
    END
    """,
    """
    CREATE TRIGGER person_search_change AFTER UPDATE OF family_name, given_names, code, customer_number, email ON
        person
    BEGIN
        INSERT INTO person_search(person_search, rowid, family_name, given_names, code, customer_number, email)
            VALUES ('delete', old.id, old.family_name, old.given_names, old.code, old.customer_number, old.email);
        INSERT INTO person_search(rowid, family_name, given_names, code, customer_number, email) VALUES (new.id,
            new.family_name, new.given_names, new.code, new.customer_number, new.email);
    END
    """,
    """
    CREATE TABLE person_plan (
        revision_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        exposure VARCHAR(12) NOT NULL,
        windows INTEGER NOT NULL,
        exposure_reason VARCHAR(20) NOT NULL,
        channel VARCHAR(8) NOT NULL,
        channel_reason VARCHAR(20) NOT NULL,
        age INTEGER,
        CONSTRAINT pk_person_plan PRIMARY KEY (revision_id, person_id),
        CONSTRAINT fk_person_plan_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id)
    )
    """,
    """
    CREATE INDEX ix_person_plan_states ON person_plan (revision_id, exposure, channel, person_id)
    """,
    """
    CREATE TABLE staged_row (
        import_id INTEGER NOT NULL,
        row_number INTEGER NOT NULL,
        outcome VARCHAR(10) NOT NULL,
        same_as_row INTEGER,
        same_as_person INTEGER,
        cells TEXT,
        code VARCHAR(8) NOT NULL,
        uid BLOB NOT NULL,
        "key" BLOB NOT NULL,
        noted TEXT NOT NULL,
        customer_number TEXT NOT NULL,
        family_name TEXT NOT NULL,
        given_names TEXT NOT NULL,
        sort_key TEXT NOT NULL,
        match_key TEXT NOT NULL,
        national_id TEXT NOT NULL,
        born VARCHAR(10) NOT NULL,
        language VARCHAR(8) NOT NULL,
        email TEXT NOT NULL,
        phone TEXT NOT NULL,
        care_of TEXT NOT NULL,
        street TEXT NOT NULL,
        postcode TEXT NOT NULL,
        town TEXT NOT NULL,
        country VARCHAR(2) NOT NULL,
        registered VARCHAR(10) NOT NULL,
        removed VARCHAR(10) NOT NULL,
        deceased BOOLEAN NOT NULL,
        protected BOOLEAN NOT NULL,
        guardian TEXT NOT NULL,
        extra TEXT NOT NULL,
        CONSTRAINT pk_staged_row PRIMARY KEY (import_id, row_number),
        CONSTRAINT fk_staged_row_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (id)
    )
    """,
    """
    CREATE INDEX ix_staged_row_code ON staged_row (code)
    """,
    """
    CREATE TABLE staged_problem (
        id INTEGER NOT NULL,
        import_id INTEGER NOT NULL,
        row_number INTEGER NOT NULL,
        "column" TEXT NOT NULL,
        code VARCHAR(40) NOT NULL,
        severity VARCHAR(4) NOT NULL,
        CONSTRAINT pk_staged_problem PRIMARY KEY (id),
        CONSTRAINT fk_staged_problem_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (id)
    )
    """,
    """
    CREATE INDEX ix_staged_problem_row ON staged_problem (import_id, row_number)
    """,
    """
    CREATE TABLE person_before (
        import_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        fields TEXT NOT NULL,
        CONSTRAINT pk_person_before PRIMARY KEY (import_id, person_id),
        CONSTRAINT fk_person_before_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (id)
    )
    """,
    """
    CREATE TABLE batch (
        id INTEGER NOT NULL,
        uid VARCHAR(32) NOT NULL,
        breach_id INTEGER NOT NULL,
        notice_id INTEGER NOT NULL,
        channel VARCHAR(8) NOT NULL,
        state VARCHAR(14) NOT NULL,
        made_at BIGINT NOT NULL,
        made_by TEXT NOT NULL,
        settled_on DATE,
        members INTEGER NOT NULL,
        pages INTEGER NOT NULL,
        sheets INTEGER NOT NULL,
        merkle_root VARCHAR(64) NOT NULL,
        facts TEXT NOT NULL,
        files TEXT NOT NULL,
        CONSTRAINT pk_batch PRIMARY KEY (id),
        CONSTRAINT uq_batch_uid UNIQUE (uid),
        CONSTRAINT fk_batch_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_batch_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id)
    )
    """,
    """
    CREATE INDEX ix_batch_breach ON batch (breach_id, state)
    """,
    """
    CREATE TABLE delivery (
        id INTEGER NOT NULL,
        breach_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        notice_id INTEGER NOT NULL,
        channel VARCHAR(8) NOT NULL,
        attempt INTEGER NOT NULL,
        state VARCHAR(14) NOT NULL,
        state_at BIGINT NOT NULL,
        token VARCHAR(12) NOT NULL,
        language VARCHAR(8) NOT NULL,
        batch_id INTEGER,
        number INTEGER NOT NULL,
        pages INTEGER NOT NULL,
        sha256 VARCHAR(64) NOT NULL,
        reason VARCHAR(30) NOT NULL,
        CONSTRAINT pk_delivery PRIMARY KEY (id),
        CONSTRAINT uq_delivery_person_id_notice_id_channel_attempt UNIQUE (person_id, notice_id, channel, attempt),
        CONSTRAINT fk_delivery_breach_id_breach FOREIGN KEY(breach_id) REFERENCES breach (id),
        CONSTRAINT fk_delivery_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id),
        CONSTRAINT fk_delivery_batch_id_batch FOREIGN KEY(batch_id) REFERENCES batch (id)
    )
    """,
    """
    CREATE UNIQUE INDEX ux_delivery_active ON delivery (person_id, notice_id) WHERE state in ('batched', 'deferred',
        'exported', 'handing_over', 'held', 'planned', 'printed', 'queued', 'rendered', 'unknown')
    """,
    """
    CREATE UNIQUE INDEX ix_delivery_token ON delivery (token)
    """,
    """
    CREATE INDEX ix_delivery_standing ON delivery (breach_id, person_id, state, state_at)
    """,
    """
    CREATE INDEX ix_delivery_batch ON delivery (batch_id, number)
    """,
)


def upgrade() -> None:
    """Make all tables, indexes, triggers, and the full-text index of persons."""
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
