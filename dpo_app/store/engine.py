"""Connections to the encrypted database: the only code that hands the key to the driver.

The driver is SQLCipher's; a plain SQLite would ignore the key in silence and write everything in clear, so a
connection without `cipher_version` is refused. Transactions begin by our own BEGIN: the driver's implicit ones let DDL
escape (style.md section 6).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from dpo_app.core.errors import StoreError
from dpo_app.files import make_private
from dpo_app.store.faults import as_store_error

#: What the driver raises on a connection of its own, outside SQLAlchemy.
DriverError = driver.Error
LEAST_CIPHER = (4, 7)
APPLICATION_ID = 0x44504F31  # "DPO1"
BUSY_MS = 5_000
_PRAGMAS = (
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "synchronous = FULL",
    "cache_size = -64000",
    f"busy_timeout = {BUSY_MS}",
)


def connect(path: Path, key: bytes, *, create: bool = False, read_only: bool = False) -> Any:
    """Return a driver's connection, keyed and configured. Raises StoreError: "plain_driver", "store_damaged" (also for
    a key that is not the file's: the vault has checked the key before), "store_missing"."""
    mode = "rwc" if create else "ro" if read_only else "rw"
    if not create and not path.is_file():
        raise StoreError("store_missing")
    if create:
        # SQLite makes files with the process's mask; what it lays beside them takes the rights of this one.
        make_private(path)
    try:
        raw = driver.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
    except driver.Error as error:
        raise as_store_error(error) from None
    try:
        _configure(raw, key, read_only)
    except driver.Error as error:
        raw.close()
        raise as_store_error(error) from None
    except StoreError:
        raw.close()
        raise
    return raw


def _configure(raw: Any, key: bytes, read_only: bool) -> None:
    # First of all: a damaged file would otherwise print hundreds of lines to the error stream.
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    version = raw.execute("PRAGMA cipher_version").fetchone()
    if not version or tuple(int(n) for n in version[0].split()[0].split(".")[:2]) < LEAST_CIPHER:
        raise StoreError("plain_driver")
    raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    for pragma in _PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
    if read_only:
        raw.execute("PRAGMA query_only = ON")
    else:
        raw.execute("PRAGMA journal_mode = WAL")


def make_engine(path: Path, key: bytes, *, read_only: bool = False) -> Engine:
    """Return an engine with a named pool (the default here is a connection per thread, each to be keyed anew)."""
    engine = create_engine(
        "sqlite+pysqlite://",
        module=driver,
        creator=lambda: connect(path, key, read_only=read_only),
        poolclass=QueuePool,
        pool_size=4,
        # The connection that read last has its pages decrypted in its cache: the next reader gets that one.
        pool_use_lifo=True,
        max_overflow=8,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("dpo_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
