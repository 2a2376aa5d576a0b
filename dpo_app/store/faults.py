"""The driver's errors to our own: nothing above the store sees a driver's exception (style.md section 5)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from dpo_app.core.errors import StoreError

_BY_CODE = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_BUSY": "store_busy",
    "SQLITE_LOCKED": "store_busy",
    "SQLITE_READONLY": "store_io",  # SQLite opens for reading what it may not write, and says so late
    "SQLITE_CORRUPT": "store_damaged",
    "SQLITE_NOTADB": "store_damaged",
    "SQLITE_IOERR": "store_io",
    "SQLITE_CANTOPEN": "store_io",
    "SQLITE_CONSTRAINT": "store_constraint",
    "SQLITE_INTERRUPT": "store_interrupted",
}
#: The backup interface raises without a name; these texts are constants of SQLite (`sqlite3_errstr`).
_BY_TEXT = {
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "unable to open database file": "SQLITE_CANTOPEN",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "database is locked": "SQLITE_BUSY",
    "database disk image is malformed": "SQLITE_CORRUPT",
}


def _name_of(error: BaseException) -> str:
    return str(getattr(error, "sqlite_errorname", "") or _BY_TEXT.get(str(error), ""))


def code_of(error: BaseException) -> str:
    """Return our code for a driver's error; "store_fault" for one that was not foreseen."""
    name = _name_of(error)
    for known, code in _BY_CODE.items():
        if name.startswith(known):
            return code
    return "store_fault"


def as_store_error(error: BaseException) -> StoreError:
    """Return our error for a driver's, with the driver's error name; texts of SQLite can quote values, so they are
    left behind."""
    name = _name_of(error) or type(error).__name__
    return StoreError(code_of(error), cause=name, needed_mb=100)


@contextmanager
def translated() -> Iterator[None]:
    """Turn a driver's error into a StoreError."""
    try:
        yield
    except DBAPIError as error:
        raise as_store_error(error.orig or error) from None
