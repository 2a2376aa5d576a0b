"""One change: one connection, one transaction, one audit obligation."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from dpo_app.core.errors import StoreError
from dpo_app.store.audit_log import AuditLog
from dpo_app.store.authority_store import SqlAuthorityStore
from dpo_app.store.clock_store import SqlClockStore
from dpo_app.store.facts_store import SqlAssessmentStore, SqlEvidenceStore
from dpo_app.store.faults import translated
from dpo_app.store.persons.care_store import SqlCareStore
from dpo_app.store.persons.correction_store import SqlCorrectionStore
from dpo_app.store.persons.enquiry_store import SqlEnquiryStore
from dpo_app.store.persons.link_store import SqlLinkStore
from dpo_app.store.persons.person_store import SqlPersonStore
from dpo_app.store.persons.staging import StagingStore
from dpo_app.store.queries import SqlQueries
from dpo_app.store.repositories import SqlBreachStore, SqlNoticeStore, SqlSettingStore
from dpo_app.store.sending.delivery_store import SqlDeliveryStore
from dpo_app.store.sending.returned_mail import SqlReturnedMailStore
from dpo_app.store.sending.sending_store import SqlSendingStore
from dpo_app.store.write_stop import WriteStop

#: Makes the audit log of one connection: bound to store id, actor, clock and keys by `bootstrap`.
MakeAuditLog = Callable[[Connection], AuditLog]
#: Told (seq, head) after each commit: writes the anchor beside the store.
AfterCommit = Callable[[int, bytes], None]


class SqlUnitOfWork:
    """See `services.ports.store.UnitOfWork`. Driver errors leave it as StoreError."""

    def __init__(
        self, engine: Engine, make_log: MakeAuditLog, after_commit: AfterCommit, stop: WriteStop | None = None
    ) -> None:
        self._engine, self._make_log, self._after_commit = engine, make_log, after_commit
        self._stop = stop or WriteStop()

    def __enter__(self) -> Self:
        self._stop.check()
        with translated():
            # The engine begins a transaction that is going to write by taking the write lock at once, so that two
            # writers wait for each other instead of failing half-way.
            self._connection = self._engine.connect().execution_options(dpo_write=True)
            try:
                self._transaction = self._connection.begin()
                self._before = self._make_log(self._connection).last()
            except BaseException:
                self._connection.close()
                raise
        self.audit = self._make_log(self._connection)
        self.breaches = SqlBreachStore(self._connection)
        self.clocks = SqlClockStore(self._connection)
        self.persons = SqlPersonStore(self._connection)
        self.notices = SqlNoticeStore(self._connection)
        self.authorities = SqlAuthorityStore(self._connection)
        self.deliveries = SqlDeliveryStore(self._connection)
        self.care = SqlCareStore(self._connection)
        self.returned_mail = SqlReturnedMailStore(self._connection)
        self.enquiries = SqlEnquiryStore(self._connection)
        self.sending = SqlSendingStore(self._connection)
        self.settings = SqlSettingStore(self._connection)
        self.evidence = SqlEvidenceStore(self._connection)
        self.assessments = SqlAssessmentStore(self._connection)
        self.staging = StagingStore(self._connection)
        self.links = SqlLinkStore(self._connection)
        self.corrections = SqlCorrectionStore(self._connection)
        self.queries: Any = SqlQueries(self._connection, self.audit)
        return self

    def commit(self) -> None:
        """Make the change last: transaction first, then the anchor. Raises StoreError: "no_audit_entry" without an
        entry (no change without its trace, security.md section 5), "anchor_not_written" if the change is saved and
        its anchor is not, and whatever ends the transaction; then nothing is saved."""
        last = self.audit.last()
        if last is None or last == self._before:
            self._transaction.rollback()
            raise StoreError("no_audit_entry")
        try:
            with translated():
                self._transaction.commit()
        except StoreError as error:
            self._stop.note(error)
            raise
        try:
            self._after_commit(*last)
        except StoreError as error:
            self._stop.note(error)
            raise StoreError("anchor_not_written", cause=error.facts.get("cause", error.code)) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._undo()
        finally:
            self._connection.close()
        if error is not None:
            with translated():
                raise error

    def _undo(self) -> None:
        if not self._transaction.is_active:
            return
        try:
            self._transaction.rollback()
        except DBAPIError:
            # After a fault of the disk SQLite has rolled back itself and refuses to do it twice; what matters is the
            # error that led here. The connection goes, so that nothing of it can be taken up again.
            self._connection.invalidate()


class SqlReading:
    """A snapshot for reading: `with reading() as queries`."""

    def __init__(self, engine: Engine, make_log: MakeAuditLog) -> None:
        self._engine, self._make_log = engine, make_log

    def __enter__(self) -> SqlQueries:
        with translated():
            self._connection = self._engine.connect()
            try:
                self._connection.begin()
            except BaseException:
                self._connection.close()
                raise
        return SqlQueries(self._connection, self._make_log(self._connection))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        if error is not None:
            with translated():
                raise error
