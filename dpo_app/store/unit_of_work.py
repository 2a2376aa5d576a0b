"""One change: one connection, one transaction, one audit obligation."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine

from dpo_app.core.errors import StoreError
from dpo_app.store.audit_log import AuditLog
from dpo_app.store.delivery_store import SqlDeliveryStore
from dpo_app.store.faults import translated
from dpo_app.store.person_store import SqlPersonStore
from dpo_app.store.queries import SqlQueries
from dpo_app.store.repositories import SqlBreachStore, SqlNoticeStore, SqlSettingStore
from dpo_app.store.staging import StagingStore

#: Makes the audit log of one connection: bound to store id, actor, clock and keys by `bootstrap`.
MakeAuditLog = Callable[[Connection], AuditLog]
#: Told (seq, head) after each commit: writes the anchor beside the store.
AfterCommit = Callable[[int, bytes], None]


class SqlUnitOfWork:
    """See `services.ports.store.UnitOfWork`. Driver errors leave it as StoreError."""

    def __init__(self, engine: Engine, make_log: MakeAuditLog, after_commit: AfterCommit) -> None:
        self._engine, self._make_log, self._after_commit = engine, make_log, after_commit

    def __enter__(self) -> Self:
        with translated():
            # The engine begins a transaction that is going to write by taking the write lock at once, so that two
            # writers wait for each other instead of failing half-way.
            self._connection = self._engine.connect().execution_options(dpo_write=True)
            self._transaction = self._connection.begin()
            self._before = self._make_log(self._connection).last()
        self.audit = self._make_log(self._connection)
        self.breaches = SqlBreachStore(self._connection)
        self.persons = SqlPersonStore(self._connection)
        self.notices = SqlNoticeStore(self._connection)
        self.deliveries = SqlDeliveryStore(self._connection)
        self.settings = SqlSettingStore(self._connection)
        self.staging = StagingStore(self._connection)
        self.queries: Any = SqlQueries(self._connection, self.audit)
        return self

    def commit(self) -> None:
        """Make the change last: transaction first, then the anchor. Raises StoreError("no_audit_entry") without an
        entry: no change without its trace (security.md section 5)."""
        last = self.audit.last()
        if last is None or last == self._before:
            self._transaction.rollback()
            raise StoreError("no_audit_entry")
        with translated():
            self._transaction.commit()
        self._after_commit(*last)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._transaction.is_active:
                self._transaction.rollback()
        finally:
            self._connection.close()
        if error is not None:
            with translated():
                raise error


class SqlReading:
    """A snapshot for reading: `with reading() as queries`."""

    def __init__(self, engine: Engine, make_log: MakeAuditLog) -> None:
        self._engine, self._make_log = engine, make_log

    def __enter__(self) -> SqlQueries:
        with translated():
            self._connection = self._engine.connect()
            self._connection.begin()
        return SqlQueries(self._connection, self._make_log(self._connection))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        if error is not None:
            with translated():
                raise error
