"""Opening a store of an older program: a copy first, all or nothing; and of a newer one: not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config

from dpo_app.core.errors import StoreError
from dpo_app.store import vault
from dpo_app.store.engine import connect
from dpo_app.store.keys.keyfile import SlotKind
from dpo_app.store.migrations import runner
from dpo_app.store.vault import Secret
from tests.builders import PASSPHRASE

SECOND = '''"""Second schema."""
from alembic import op

revision = "newer"
down_revision = {before!r}


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE TABLE extra (id INTEGER NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql({statement!r})
'''
SECRET = Secret(SlotKind.PASSPHRASE, passphrase=PASSPHRASE)
#: What this program makes; later a test makes the program newer.
HEAD = runner.head_revision()
COPY = "store.before-migration.db"


@pytest.fixture
def closed(opened: vault.OpenStore) -> tuple[Path, bytes]:
    """A closed store and the key of its database."""
    opened.close()
    return opened.folder, opened.subkeys.store


def make_newer(base: Path, statement: str) -> Callable[[], Config]:
    """Make the program one schema newer; returns what it was."""
    scripts = base / "migrations"
    shutil.copytree(Path(runner.__file__).parent, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "v9999_second.py").write_text(SECOND.format(statement=statement, before=HEAD))
    before, config = runner._config, runner._config()
    config.set_main_option("script_location", str(scripts))
    runner._config = lambda: config
    return before


def _next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    monkeypatch.setattr(runner, "_config", runner._config)  # so that it is put back
    make_newer(tmp_path, statement)


def _tables(path: Path, key: bytes) -> tuple[set[str], str]:
    raw = connect(path, key, read_only=True)
    try:
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return names, raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    finally:
        raw.close()


def test_an_older_store_is_copied_then_brought_up_to_date(
    closed: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key = closed
    before = _tables(folder / "store.db", key)
    _next_version(tmp_path, monkeypatch, "CREATE INDEX ix_extra ON extra (id)")
    vault.open_store(folder, SECRET).close()
    after, version = _tables(folder / "store.db", key)
    assert after == before[0] | {"extra"} and version == "newer"
    assert _tables(folder / COPY, key) == before
    assert (folder / COPY).read_bytes()[:15] != b"SQLite format 3"
    assert (folder / COPY).stat().st_mode & 0o077 == 0


def test_a_revision_that_fails_half_way_changes_nothing(
    closed: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key = closed
    before = _tables(folder / "store.db", key)
    with monkeypatch.context() as newer:
        _next_version(tmp_path, newer, "CREATE TABLE breach (id INTEGER)")
        with pytest.raises(StoreError):
            vault.open_store(folder, SECRET)
    assert _tables(folder / "store.db", key) == before == _tables(folder / COPY, key)
    vault.open_store(folder, SECRET).close()


def test_a_copy_that_cannot_be_read_back_stops_the_migration(
    closed: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key = closed
    before = _tables(folder / "store.db", key)
    _next_version(tmp_path, monkeypatch, "CREATE INDEX ix_extra ON extra (id)")

    def unreadable(*_: object) -> None:
        raise StoreError("backup_not_verified")

    monkeypatch.setattr(runner, "_verified_copy", unreadable)
    with pytest.raises(StoreError) as caught:
        vault.open_store(folder, SECRET)
    assert caught.value.code == "backup_not_verified"
    assert _tables(folder / "store.db", key) == before


def test_a_newer_store_is_left_alone(closed: tuple[Path, bytes]) -> None:
    folder, key = closed
    raw = connect(folder / "store.db", key)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = (folder / "store.db").read_bytes()
    with pytest.raises(StoreError) as caught:
        vault.open_store(folder, SECRET)
    assert caught.value.code == "schema_newer"
    assert (folder / "store.db").read_bytes() == before and not (folder / COPY).exists()
