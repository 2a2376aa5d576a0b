"""Lists of persons: numbers in order first, rows by number after, so that a million rows scroll (tech-notes: paging by
OFFSET is twelve times slower)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, or_, select

from dpo_app.core.address import PostalAddress
from dpo_app.core.care import CareRule
from dpo_app.core.channel import Channel, ChannelReason
from dpo_app.core.errors import InputError
from dpo_app.core.exposure import ExposureState
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.services.lines import CareLine, DecisionLine, DeliveryLine, PersonFilter, PersonLine, PersonView
from dpo_app.services.ports.linkage import LinkQueries
from dpo_app.store.person_search import matching
from dpo_app.store.standing import excused, ranks, standing_name, standing_rank
from dpo_app.store.tables import (
    care_mark,
    decision,
    delivery,
    notice,
    person,
    person_care,
    person_key,
    person_merge,
    person_plan,
    revision,
)

PAGE = 500
_CARE_REASONS = (ChannelReason.CHILD.value, ChannelReason.MINOR.value)

_ORDERS: dict[str, tuple[Any, ...]] = {
    "name": (person.c.sort_key,),
    "code": (person.c.code,),
    "born": (person.c.born, person.c.sort_key),
    "language": (person.c.language, person.c.sort_key),
    "postcode": (person.c.postcode, person.c.sort_key),
    "exposure": (person_plan.c.exposure, person.c.sort_key),
    "channel": (person_plan.c.channel, person.c.sort_key),
}


class PersonQueries:
    """Reading about persons from one connection; mixed into `queries.SqlQueries`."""

    _connection: Connection
    links: LinkQueries

    def person_ids(
        self, breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter, order: str = "name",
        descending: bool = False, limit: int | None = None,
    ) -> array[int]:  # fmt: skip
        """Return the numbers of matching persons in order, at most `limit`; `order` is a column of the list."""
        statement = select(person.c.id).where(person.c.breach_id == breach_id)
        needs_plan = bool(wanted.exposures or wanted.channels or wanted.care) or order in (
            "exposure",
            "channel",
        )
        needs_standing = bool(wanted.standings) or order == "standing"
        rank: ColumnElement[Any] | None = None
        if needs_plan or needs_standing:
            statement = statement.outerjoin(person_plan, _own_plan(revision_id))
        if needs_standing:
            of_deliveries, of_excused = ranks(breach_id), excused(breach_id)
            statement = _with_standing(statement, of_deliveries, of_excused)
            rank = standing_rank(of_deliveries, of_excused)
        statement = _filtered(statement, wanted, rank)
        keys = _ORDERS.get(order, (person.c.sort_key,))
        if order == "standing" and rank is not None:
            keys = (rank, person.c.sort_key)
        ordered = [key.desc() if descending else key.asc() for key in (*keys, person.c.id)]
        result = self._connection.execute(
            statement.order_by(*ordered).limit(limit), execution_options={"yield_per": 20_000}
        )
        return array("q", result.scalars())

    def person_lines(self, revision_id: RevisionId, ids: Sequence[int]) -> list[PersonLine]:
        """Return the rows of the list for these persons, in the order asked."""
        found: dict[int, PersonLine] = {}
        breach_id = self._connection.scalar(select(revision.c.breach_id).where(revision.c.id == revision_id))
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            last = self._last_deliveries(part)
            for row in self._connection.execute(_line_select(breach_id or 0, revision_id, part)):
                found[row.id] = _line(row, last.get(row.id))
        return [found[number] for number in ids if number in found]

    def _last_deliveries(self, ids: Sequence[int]) -> dict[int, Any]:
        newest = (
            select(delivery.c.person_id, func.max(delivery.c.id).label("id"))
            .where(delivery.c.person_id.in_(ids))
            .group_by(delivery.c.person_id)
            .subquery()
        )
        rows = self._connection.execute(
            select(delivery.c.person_id, delivery.c.state, delivery.c.state_at).join(
                newest, newest.c.id == delivery.c.id
            )
        )
        return {row.person_id: row for row in rows}

    def find_persons(self, breach_id: BreachId, text: str, limit: int = 20) -> list[int]:
        """Return persons by the beginning of name parts, code, customer number or mail address, by name."""
        condition = matching(text)
        if condition is None:
            return []
        return list(
            self._connection.execute(
                select(person.c.id)
                .where(person.c.breach_id == breach_id, condition)
                .order_by(person.c.sort_key, person.c.id)
                .limit(limit)
            ).scalars()
        )

    def person(self, person_id: PersonId, revision_id: RevisionId) -> PersonView:
        """Return one person. Raises InputError("no_such_person")."""
        lines = self.person_lines(revision_id, [person_id])
        if not lines:
            raise InputError("no_such_person")
        row = self._connection.execute(
            select(person, person_key.c.uid, person_plan.c.exposure_reason, person_plan.c.windows)
            .outerjoin(person_key, person_key.c.person_id == person.c.id)
            .outerjoin(person_plan, _own_plan(revision_id))
            .where(person.c.id == person_id)
        ).one()
        decided = self._connection.execute(
            select(decision).where(decision.c.person_id == person_id).order_by(decision.c.id.desc())
        )
        return PersonView(
            id=row.id, uid=row.uid.hex() if row.uid else "", breach_id=row.breach_id, line=lines[0],
            customer_number=row.customer_number, national_id=row.national_id, born=row.born, email=row.email,
            phone=row.phone,
            address=PostalAddress(row.care_of, row.street, row.postcode, row.town, row.country),
            registered=row.registered, removed=row.removed, guardian=row.guardian, extra=row.extra or {},
            noted=tuple(filter(None, row.noted.split(","))), exposure_reason=row.exposure_reason or "",
            windows=row.windows or 0, import_id=row.import_id, row_number=row.row_number,
            decisions=tuple(
                DecisionLine(d.kind, d.value, d.reason, d.decided_by, d.decided_at) for d in decided
            ),
            marks=tuple(self.care_lines(person_id)),
        )  # fmt: skip

    def care_counts(self, breach_id: BreachId) -> dict[str, int]:
        """Return {rule of care: persons} as the last plan found them, every rule present."""
        rows = self._connection.execute(
            select(person_care.c.rule, func.count())
            .where(person_care.c.breach_id == breach_id)
            .group_by(person_care.c.rule)
        )
        return {rule.value: 0 for rule in CareRule} | {row[0]: row[1] for row in rows}

    def care_lines(self, person_id: PersonId) -> list[CareLine]:
        """Return the marks of a person, newest first."""
        own = care_mark.c
        rows = self._connection.execute(
            select(own.rule, own.value, own.reason, own.marked_by, own.marked_at, own.taken_off, own.current)
            .where(own.person_id == person_id)
            .order_by(own.id.desc())
        )
        return [CareLine._make(row) for row in rows]

    def person_uids(self, person_ids: Sequence[int]) -> list[str]:
        """Return the opaque references under which the trail speaks of these persons."""
        rows = self._connection.execute(
            select(person_key.c.uid).where(person_key.c.person_id.in_(person_ids)).order_by(person_key.c.person_id)
        )
        return [row[0].hex() for row in rows]

    def person_by_code(self, code: str) -> int | None:
        """Return the number of the person with this code, or None; that of a person who became part of another one
        names the other."""
        found: int | None = self._connection.scalar(select(person.c.id).where(person.c.code == code))
        if found is not None:
            return found
        gone: int | None = self._connection.scalar(
            select(person_merge.c.gone_id).where(person_merge.c.code == code, person_merge.c.undone_at.is_(None))
        )
        return None if gone is None else self.links.person_now(gone)

    def breach_of_person(self, person_id: PersonId) -> BreachId:
        """Return the breach a person belongs to."""
        return BreachId(self._connection.scalar(select(person.c.breach_id).where(person.c.id == person_id)) or 0)

    def person_deliveries(self, person_id: PersonId) -> list[DeliveryLine]:
        """Return a person's deliveries, newest first."""
        rows = self._connection.execute(
            select(delivery, notice.c.version)
            .join(notice, notice.c.id == delivery.c.notice_id)
            .where(delivery.c.person_id == person_id)
            .order_by(delivery.c.id.desc())
        )
        return [
            DeliveryLine(
                row.id, row.notice_id, row.version, row.channel, row.attempt, row.state, row.state_at, row.token,
                row.language, row.batch_id, row.number, row.reason, row.sha256,
            )
            for row in rows
        ]  # fmt: skip


def _own_plan(revision_id: RevisionId) -> ColumnElement[bool]:
    return and_(person_plan.c.person_id == person.c.id, person_plan.c.revision_id == revision_id)


def _with_standing(statement: Select[Any], of_deliveries: Subquery, of_excused: Subquery) -> Select[Any]:
    return statement.outerjoin(of_deliveries, of_deliveries.c.person_id == person.c.id).outerjoin(
        of_excused, of_excused.c.person_id == person.c.id
    )


def _filtered(statement: Select[Any], wanted: PersonFilter, rank: ColumnElement[Any] | None) -> Select[Any]:
    if wanted.exposures:
        statement = statement.where(person_plan.c.exposure.in_(sorted(wanted.exposures)))
    if wanted.channels:
        statement = statement.where(person_plan.c.channel.in_(sorted(wanted.channels)))
    if wanted.care:
        statement = statement.where(
            or_(
                person.c.protected,
                person.c.deceased,
                person_plan.c.channel == Channel.OFFICER.value,
                person_plan.c.channel_reason.in_(_CARE_REASONS),
            )
        )
    if wanted.standings and rank is not None:
        # Somebody who is not exposed stands nowhere: only those in scope have a standing.
        statement = statement.where(
            person_plan.c.exposure != ExposureState.NOT_EXPOSED.value,
            standing_name(rank).in_(sorted(wanted.standings)),
        )
    if wanted.language:
        statement = statement.where(person.c.language == wanted.language)
    if wanted.import_id is not None:
        statement = statement.where(person.c.import_id == wanted.import_id)
    if wanted.text:
        condition = matching(wanted.text)
        statement = statement.where(condition) if condition is not None else statement
    return statement


def _line_select(breach_id: int, revision_id: RevisionId, ids: Sequence[int]) -> Select[Any]:
    own_ranks = ranks(breach_id, ids)
    own_excused = (
        select(decision.c.person_id)
        .where(decision.c.person_id.in_(ids), decision.c.kind == "excuse", decision.c.current)
        .subquery()
    )
    return (
        select(
            person.c.id, person.c.code, person.c.family_name, person.c.given_names, person.c.born,
            person.c.language, person.c.protected, person.c.deceased, person_plan.c.exposure,
            person_plan.c.channel, person_plan.c.channel_reason, person_plan.c.age,
            standing_name(standing_rank(own_ranks, own_excused)).label("standing"),
        )
        .outerjoin(person_plan, _own_plan(revision_id))
        .outerjoin(own_ranks, own_ranks.c.person_id == person.c.id)
        .outerjoin(own_excused, own_excused.c.person_id == person.c.id)
        .where(person.c.id.in_(ids))
    )  # fmt: skip


def _line(row: Any, last: Any) -> PersonLine:
    exposure = row.exposure or ""
    in_scope = exposure not in ("", ExposureState.NOT_EXPOSED.value)
    return PersonLine(
        id=row.id, code=row.code, family_name=row.family_name, given_names=row.given_names,
        birth_year=row.born[:4], language=row.language, exposure=exposure, channel=row.channel or "",
        channel_reason=row.channel_reason or "", standing=row.standing if in_scope else "",
        last_state=last.state if last else "", last_at=last.state_at if last else None,
        protected=bool(row.protected), deceased=bool(row.deceased), age=row.age,
    )  # fmt: skip
