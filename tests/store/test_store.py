from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from dpo_app.core.errors import InputError, RuleError, StoreError
from dpo_app.core.ids import BreachId
from dpo_app.core.proof.audit import AuditAction, TrailState
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import verify_trail
from dpo_app.store import vault
from dpo_app.store.engine import connect, make_engine
from dpo_app.store.tables import metadata
from tests.builders import W1, a_revision


def test_the_newest_migration_makes_the_tables(opened: vault.OpenStore) -> None:
    with opened.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = [d for d in compare_metadata(context, metadata) if not re.search("person_(search|part)", str(d))]
    assert found == []


def test_pragmas_hold_on_every_connection(opened: vault.OpenStore) -> None:
    with opened.engine.connect() as connection:
        for pragma, value in (("foreign_keys", 1), ("synchronous", 2), ("secure_delete", 1), ("temp_store", 2),
                              ("trusted_schema", 0), ("journal_mode", "wal"), ("mmap_size", 0)):  # fmt: skip
            found = connection.execute(text(f"PRAGMA {pragma}")).scalar()
            assert (found or 0) == value, pragma


def test_the_trail_refuses_change_and_removal(desk: Desk, opened: vault.OpenStore) -> None:
    add_breach(desk, a_revision())
    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "DELETE FROM audit_subject"):
        with opened.engine.connect() as connection, connection.begin(), pytest.raises(DatabaseError):
            connection.execute(text(statement))


def test_no_key_shows_in_a_description(desk: Desk, opened: vault.OpenStore) -> None:
    for key in (opened.root, opened.subkeys.store, opened.subkeys.audit_mac):
        assert repr(key)[2:-1] not in repr(opened) + repr(desk) and key.hex() not in repr(opened) + repr(desk)
    assert "correct horse" not in repr(vault.Secret(vault.SlotKind.PASSPHRASE, passphrase="correct horse"))


def test_an_edited_entry_is_named(desk: Desk, opened: vault.OpenStore) -> None:
    add_breach(desk, a_revision())
    assert verify_trail(desk).state is TrailState.INTACT
    with opened.engine.connect().execution_options(dpo_write=True) as connection, connection.begin():
        connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        connection.execute(
            text("UPDATE audit_entry SET canonical = replace(canonical, 'Tester', 'Nobody') WHERE seq = 2")
        )
    report = verify_trail(desk)
    assert (report.state, report.first_bad) == (TrailState.ALTERED, 2)


def test_a_printed_head_is_found_and_a_foreign_one_is_not(desk: Desk) -> None:
    head = verify_trail(desk).head
    add_breach(desk, a_revision())
    assert verify_trail(desk, " ".join(head[i : i + 4] for i in range(0, 64, 4))).state is TrailState.INTACT
    assert verify_trail(desk, "ab" * 32).state is TrailState.BEHIND
    with pytest.raises(InputError, match="head_form"):
        verify_trail(desk, "xyz")


def test_no_change_without_an_entry(desk: Desk) -> None:
    with desk.begin() as uow:
        uow.settings.put("organisation", {"name": "silently changed"})
        with pytest.raises(StoreError, match="no_audit_entry"):
            uow.commit()
    with desk.read() as queries:
        assert queries.setting("organisation")["name"] == "Esimerkki Oy"


def test_leaving_without_commit_rolls_back(desk: Desk) -> None:
    before = verify_trail(desk).entries
    with pytest.raises(RuntimeError), desk.begin() as uow:
        uow.audit.record(AuditAction.SEARCHED, facts={"hits": 1})
        raise RuntimeError
    assert verify_trail(desk).entries == before


def test_revisions(desk: Desk, breach_id: BreachId) -> None:
    later = a_revision(windows=(W1,), summary="Only one.")
    made = revise_breach(desk, breach_id, later)
    assert made.revision.number == 2
    with pytest.raises(InputError, match="revision_same"):
        revise_breach(desk, breach_id, later)
    with pytest.raises(InputError, match="revision_older"):
        old = a_revision(title="x")
        revise_breach(desk, breach_id, type(old)(**{**old.__dict__, "known_as_of": old.awareness.at}))
    with desk.read() as queries:
        assert [r.facts for r in queries.revisions(breach_id)] == [a_revision(), later]


def test_unknown_references_are_said(desk: Desk) -> None:
    with desk.read() as queries:
        for ask, code in ((queries.newest_revision, "no_such_breach"), (queries.notice, "no_such_notice"),
                          (queries.batch, "no_such_batch"), (queries.import_run, "no_such_import")):  # fmt: skip
            with pytest.raises(InputError, match=code):
                ask(99)  # type: ignore[arg-type]


def test_import_waits_for_two_ways_in(tmp_path: object, desk: Desk, breach_id: BreachId) -> None:
    from dataclasses import replace
    from pathlib import Path

    from dpo_app.services.persons.import_persons import accept_import, stage_import
    from tests.builders import a_register, a_row

    locked = replace(desk, ready_for_persons=lambda: False)
    path = a_register(Path(str(tmp_path)) / "r.csv", [a_row(1)])
    staged = stage_import(locked, breach_id, path)
    with pytest.raises(RuleError, match="two_ways_in"):
        accept_import(locked, staged.import_id)


def test_the_migrations_make_what_the_tables_of_the_code_say(opened: vault.OpenStore, tmp_path: Path) -> None:
    """Every table, index and trigger, constraints and all: statement by statement, spaces apart."""
    from dpo_app.store.persons import person_search

    assert person_search.STATEMENTS
    path, key = tmp_path / "tables.db", bytes(32)
    connect(path, key, create=True).close()
    engine = make_engine(path, key)
    with engine.begin() as connection:
        metadata.create_all(connection)
    found = [_schema(each) for each in (opened.engine, engine)]
    engine.dispose()
    assert found[0] == found[1]


def _schema(engine: Engine) -> dict[str, str]:
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(query).all()
    return {name: "".join(sql.split()) for name, sql in rows}
