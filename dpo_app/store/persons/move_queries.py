"""Who would move, and who was told less than they are owed, grouped in SQL: a million persons are some thousand groups."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, and_, func, literal, or_, select, true

from dpo_app.core.delivery import STANDING_OF, Standing
from dpo_app.core.facts.exposure import ExposureReason
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.services.lines import DateGroup, ToldGroup
from dpo_app.store.tables import delivery, notice, person, person_plan, told_plan

_TOLD = [state.value for state, standing in STANDING_OF.items() if standing is Standing.TOLD]


class MoveQueries:
    """Mixed into `queries.SqlQueries`."""

    _connection: Connection

    def date_groups(self, breach_id: BreachId, revision_id: RevisionId) -> list[DateGroup]:
        """Return persons by their dates in the register and their exposure under a revision."""
        overruled = person_plan.c.exposure_reason == ExposureReason.OVERRULED.value
        keys = (person.c.registered, person.c.removed, func.coalesce(person_plan.c.exposure, ""), overruled)
        rows = self._connection.execute(
            select(*keys, func.count())
            .select_from(person)
            .outerjoin(person_plan, _plan(person_plan, revision_id, person.c.id))
            .where(person.c.breach_id == breach_id)
            .group_by(*keys)
        )
        return [DateGroup(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows]

    def told_groups(self, breach_id: BreachId, revision_id: RevisionId) -> list[ToldGroup]:
        """Return those who were told: by the revision their last message was written from, their exposure then and
        under a revision, and their dates."""
        rows = self._connection.execute(
            select(*_told_columns(), func.count())
            .select_from(_told_join(breach_id, revision_id))
            .group_by(*_told_columns())
        )
        return [ToldGroup(*row[:6], bool(row[6]), row[7], row[8], row[9]) for row in rows]

    def told_group_of(self, breach_id: BreachId, revision_id: RevisionId, person_id: PersonId) -> list[ToldGroup]:
        """Return the group of one person who was told; empty if they were not."""
        rows = self._connection.execute(
            select(*_told_columns(), literal(1))
            .select_from(_told_join(breach_id, revision_id, person_id))
            .where(person.c.id == person_id)
        )
        return [ToldGroup(*row[:6], bool(row[6]), row[7], row[8], row[9]) for row in rows]

    def told_ids(self, breach_id: BreachId, revision_id: RevisionId, groups: Sequence[ToldGroup]) -> array[int]:
        """Return the persons of these groups, by number."""
        found: array[int] = array("q")
        columns = _told_columns()
        for start in range(0, len(groups), 100):
            wanted = [
                and_(*(column.is_not_distinct_from(value) for column, value in zip(columns, group[:9], strict=True)))
                for group in groups[start : start + 100]
            ]
            found.extend(
                self._connection.scalars(
                    select(person.c.id).select_from(_told_join(breach_id, revision_id)).where(or_(*wanted))
                )
            )
        return array("q", sorted(found))


_before, _after = person_plan.alias("before"), person_plan.alias("after")
_source = notice.alias("source")


def _plan(plan: Any, revision_id: RevisionId, person_id: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(plan.c.person_id == person_id, plan.c.revision_id == revision_id)


def _told_columns() -> tuple[ColumnElement[Any], ...]:
    """Return what makes a group of those who were told, in the order of `ToldGroup`."""
    return (
        _source.c.revision_id, func.coalesce(told_plan.c.revision_id, _source.c.revision_id),
        func.coalesce(told_plan.c.exposure, _before.c.exposure), func.coalesce(told_plan.c.windows, _before.c.windows),
        _after.c.exposure, _after.c.windows,
        func.coalesce(_after.c.exposure_reason == ExposureReason.OVERRULED.value, False), person.c.registered,
        person.c.removed,
    )  # fmt: skip


def told_version(breach_id: int, person_id: int | None = None) -> Subquery:
    """Return (person_id, version) of the last notice that told each person, or one."""
    own = true() if person_id is None else delivery.c.person_id == person_id
    return (
        select(delivery.c.person_id, func.max(notice.c.version).label("version"))
        .join(notice, notice.c.id == delivery.c.notice_id)
        .where(delivery.c.breach_id == breach_id, delivery.c.state.in_(_TOLD), own)
        .group_by(delivery.c.person_id)
        .subquery("told")
    )


def _told_join(breach_id: BreachId, revision_id: RevisionId, person_id: int | None = None) -> Any:
    told = told_version(breach_id, person_id)
    return (
        person.join(told, told.c.person_id == person.c.id)
        .join(
            _source,
            and_(
                _source.c.breach_id == breach_id, _source.c.recipient == "persons", _source.c.version == told.c.version
            ),
        )
        .outerjoin(told_plan, and_(told_plan.c.person_id == person.c.id, told_plan.c.notice_id == _source.c.id))
        .outerjoin(_before, and_(_before.c.person_id == person.c.id, _before.c.revision_id == _source.c.revision_id))
        .outerjoin(_after, _plan(_after, revision_id, person.c.id))
    )
