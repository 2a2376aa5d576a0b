"""The few things that are loaded and saved whole: breaches with their revisions, notices, settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.facts.breach import Revision, SavedRevision
from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.core.notices.notice import Notice, NoticeState
from dpo_app.store.mapping import notice_to_row, revision_from_row, revision_to_row
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.tables import breach, notice, notice_audience, notice_recipient, revision, saved_filter, setting


class SqlBreachStore:
    """Breaches and revisions in the tables `breach` and `revision`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, uid: str, created_at: datetime) -> BreachId:
        """Add an empty breach under its opaque reference."""
        result = self._connection.execute(insert(breach).values(uid=uid, created_at=created_at))
        return BreachId(_key(result))

    def add_revision(self, breach_id: BreachId, facts: Revision, author: str, recorded_at: datetime) -> SavedRevision:
        """Add the next revision; numbers run from 1 without holes."""
        last = self._connection.scalar(select(func.max(revision.c.number)).where(revision.c.breach_id == breach_id))
        values = revision_to_row(facts) | {
            "breach_id": breach_id,
            "number": (last or 0) + 1,
            "author": author,
            "recorded_at": recorded_at,
        }
        result = self._connection.execute(insert(revision).values(values))
        row = self._connection.execute(select(revision).where(revision.c.id == _key(result))).one()
        return revision_from_row(row)


class SqlNoticeStore:
    """Notices to persons in the table `notice`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, uid: str, value: Notice, created_at: datetime) -> NoticeId:
        """Add a draft; its version is given by the caller."""
        row = notice_to_row(value) | {"uid": uid, "created_at": created_at, "recipient": "persons"}
        return NoticeId(_key(self._connection.execute(insert(notice).values(row))))

    def address(self, notice_id: NoticeId, kind: str, person_ids: Iterable[int]) -> None:
        """Say that a draft is for these persons only, and of which kind they are."""
        for table in (notice_recipient, notice_audience):
            self._connection.execute(delete(table).where(table.c.notice_id == notice_id))
        self._connection.execute(insert(notice_audience).values(notice_id=notice_id, kind=kind))
        for chunk in chunks(person_ids):
            rows = [{"notice_id": notice_id, "person_id": number} for number in chunk]
            self._connection.execute(insert(notice_recipient), rows)

    def save(self, notice_id: NoticeId, value: Notice) -> None:
        """Replace a draft's texts. Raises RuleError("notice_frozen") for an approved one."""
        changed = self._connection.execute(
            update(notice)
            .where(notice.c.id == notice_id, notice.c.state == NoticeState.DRAFT)
            .values(notice_to_row(value))
        )
        if changed.rowcount != 1:
            self._refuse(notice_id)

    def freeze(self, notice_id: NoticeId, value: Notice, canonical: bytes) -> None:
        """Keep the approved text and its bytes; older approved versions of the same phase become superseded."""
        changed = self._connection.execute(
            update(notice)
            .where(notice.c.id == notice_id, notice.c.state == NoticeState.DRAFT)
            .values(notice_to_row(value) | {"canonical": canonical})
        )
        if changed.rowcount != 1:
            self._refuse(notice_id)
        self._connection.execute(
            update(notice)
            .where(
                notice.c.breach_id == value.breach_id,
                notice.c.recipient == "persons",
                notice.c.phase == value.phase,
                notice.c.state == NoticeState.APPROVED,
                notice.c.id != notice_id,
            )
            .values(state=NoticeState.SUPERSEDED)
        )

    def _refuse(self, notice_id: NoticeId) -> None:
        found = self._connection.scalar(select(notice.c.id).where(notice.c.id == notice_id))
        if found is None:
            raise InputError("no_such_notice", notice=f"N{notice_id}")
        raise RuleError("notice_frozen", notice=f"N{notice_id}")


class SqlSettingStore:
    """Documents by name in the table `setting`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> Any | None:
        """Return the document kept under `name`, or None."""
        return self._connection.scalar(select(setting.c.value).where(setting.c.name == name))

    def put(self, name: str, value: Any) -> None:
        """Keep a document of plain values under `name`."""
        if self._connection.execute(update(setting).where(setting.c.name == name).values(value=value)).rowcount:
            return
        self._connection.execute(insert(setting).values(name=name, value=value))

    def put_filter(self, name: str, document: Any) -> None:
        """Keep a filter under a name, in the place of an older one."""
        self.drop_filter(name)
        self._connection.execute(insert(saved_filter).values(name=name, document=document))

    def drop_filter(self, name: str) -> bool:
        """Forget a filter; tells whether there was one."""
        return self._connection.execute(delete(saved_filter).where(saved_filter.c.name == name)).rowcount == 1


def _key(result: Any) -> int:
    row: Row[Any] = result.inserted_primary_key
    return int(row[0])
