"""Schema of a store: made, recognised, brought up to date.

A newer schema is refused untouched; an older one is changed only after a verified copy of the encrypted file lies
beside it, in one transaction: a revision that fails half-way changes nothing (security.md section 4, Migration).
"""

from __future__ import annotations

from contextlib import closing, suppress
from enum import StrEnum
from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from dpo_app.core.errors import StoreError
from dpo_app.files import need_space, put_in_place, remove_leftovers
from dpo_app.store.engine import APPLICATION_ID, DriverError, connect, make_engine
from dpo_app.store.faults import as_store_error, translated
from dpo_app.store.folder import BESIDE


class SchemaState(StrEnum):
    """How a store's schema stands to this program."""

    CURRENT = "current"
    OLDER = "older"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def head_revision() -> str:
    """Return the newest revision this program knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def create_schema(path: Path, key: bytes) -> None:
    """Make an encrypted database with the newest schema in a new file. Raises StoreError."""
    raw = connect(path, key, create=True)
    try:
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except DriverError as error:
        raise as_store_error(error) from None
    finally:
        raw.close()
    engine = make_engine(path, key)
    try:
        _run(engine)
        with translated(), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def schema_state(path: Path, key: bytes) -> tuple[SchemaState, str]:
    """Return whether a store's schema is this program's or older, and its revision. Raises StoreError("schema_newer") for one this
    program does not know, StoreError("store_damaged") if the key does not open the file."""
    raw = connect(path, key, read_only=True)
    try:
        if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError("store_damaged", cause="application_id")
        row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    except DriverError as error:
        raise as_store_error(error) from None
    finally:
        raw.close()
    if row is None:
        raise StoreError("store_damaged", cause="alembic_version")
    if row[0] == head_revision():
        return SchemaState.CURRENT, row[0]
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if row[0] not in known:
        raise StoreError("schema_newer")
    return SchemaState.OLDER, row[0]


def bring_up_to_date(path: Path, key: bytes, state: SchemaState) -> None:
    """Run the missing revisions, after a copy that was read back lies beside the store."""
    if state is SchemaState.CURRENT:
        return
    _verified_copy(path, path.with_name("store.before-migration.db"), key)
    engine = make_engine(path, key)
    try:
        _run(engine)
    finally:
        engine.dispose()


def _verified_copy(path: Path, target: Path, key: bytes) -> None:
    """Copy encrypted to encrypted through the driver's backup interface, and read the copy back; it takes the place
    of an older copy only then."""
    need_space(path.parent, path.stat().st_size)
    building = target.with_name(f".{target.name}.part")
    remove_leftovers(building, *(building.with_name(building.name + end) for end in BESIDE))
    try:
        with closing(connect(path, key)) as source, closing(connect(building, key, create=True)) as copy:
            source.backup(copy)
            if copy.execute("PRAGMA cipher_integrity_check").fetchall():
                raise StoreError("backup_not_verified")
            if copy.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise StoreError("backup_not_verified")
            if copy.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
                raise StoreError("backup_not_verified")
        put_in_place(building, target)
    except DriverError as error:
        raise as_store_error(error) from None
    finally:
        with suppress(StoreError):
            remove_leftovers(building, *(building.with_name(building.name + end) for end in BESIDE))


def _run(engine: Engine) -> None:
    config = _config()
    with translated(), engine.connect().execution_options(dpo_write=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        upgrade(config, "head")
        context = MigrationContext.configure(connection)
        if context.get_current_revision() != head_revision():
            raise StoreError("migration_failed")
