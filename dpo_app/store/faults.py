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
    "SQLITE_READONLY": "read_only",
    "SQLITE_CORRUPT": "store_damaged",
    "SQLITE_NOTADB": "store_damaged",
    "SQLITE_IOERR": "store_io",
    "SQLITE_CANTOPEN": "store_io",
    "SQLITE_CONSTRAINT": "store_constraint",
    "SQLITE_INTERRUPT": "store_interrupted",
}


def code_of(error: BaseException) -> str:
    """Return our code for a driver's error; "store_fault" for one that was not foreseen."""
    name = str(getattr(error, "sqlite_errorname", "") or "")
    for known, code in _BY_CODE.items():
        if name.startswith(known):
            return code
    return "store_fault"


@contextmanager
def translated() -> Iterator[None]:
    """Turn a driver's error into a StoreError with the driver's error name; texts of SQLite can quote values, so they
    are left behind."""
    try:
        yield
    except DBAPIError as error:
        original = error.orig or error
        code = code_of(original)
        name = str(getattr(original, "sqlite_errorname", "") or type(original).__name__)
        raise StoreError(code, cause=name, needed_mb=100) from None
