"""Records of clocks in the table `clock_record`: added by `SqlClockStore`, read by `ClockQueries`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from dpo_app.core.clocks.clock_record import ClockRecord, RecordKind
from dpo_app.core.ids import BreachId
from dpo_app.store.tables import clock_record, delivery


class SqlClockStore:
    """Adds records; the newest of a kind and key counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, breach_id: BreachId, record: ClockRecord) -> None:
        """Add a record in the place of the one that counted so far."""
        table = clock_record
        self._connection.execute(
            update(table)
            .where(
                table.c.breach_id == breach_id, table.c.kind == record.kind, table.c.key == record.key, table.c.current
            )
            .values(current=False)
        )
        self._connection.execute(
            insert(table).values(
                breach_id=breach_id, kind=record.kind.value, key=record.key, at=record.at, zone=record.zone,
                text=record.text, document=dict(record.document), recorded_by=record.recorded_by,
                recorded_at=record.recorded_at, current=True,
            )
        )  # fmt: skip


class ClockQueries:
    """Reads records, and when the last person was told."""

    _connection: Connection

    def clock_records(self, breach_id: BreachId) -> list[ClockRecord]:
        """Return every record of a breach, oldest first."""
        rows = self._connection.execute(
            select(clock_record).where(clock_record.c.breach_id == breach_id).order_by(clock_record.c.id)
        )
        return [
            ClockRecord(
                RecordKind(row.kind), row.key, row.recorded_by, row.recorded_at, row.at, row.zone, row.text,
                _plain(row.document), row.current,
            )
            for row in rows
        ]  # fmt: skip

    def last_delivery_at(self, breach_id: BreachId) -> datetime | None:
        """Return when the newest state of a delivery was reached, or None if there is none."""
        found: datetime | None = self._connection.scalar(
            select(func.max(delivery.c.state_at)).where(delivery.c.breach_id == breach_id)
        )
        return found


def _plain(document: object) -> Mapping[str, object]:
    return document if isinstance(document, dict) else {}
