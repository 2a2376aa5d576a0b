"""Lists of persons: numbers in order first, rows by number after, so that a million rows scroll (tech-notes: paging by
OFFSET is twelve times slower)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from dpo_app.core.delivery import STANDING_OF, Standing
from dpo_app.core.errors import InputError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.care import CareRule
from dpo_app.services.lines import CareLine, DecisionLine, DeliveryLine, PersonLine, PersonView
from dpo_app.services.ports.linkage import LinkQueries
from dpo_app.store.persons.person_lists import FEW, PersonLists, own_plan
from dpo_app.store.persons.person_search import fits, folded, numbers_matching, words_of
from dpo_app.store.sending.standing import ranks, standing_name, standing_rank
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
    saved_filter,
)

PAGE = 500
_TOLD = [state.value for state, standing in STANDING_OF.items() if standing is Standing.TOLD]


class PersonQueries(PersonLists):
    """Reading about persons from one connection; mixed into `queries.SqlQueries`."""

    _connection: Connection
    links: LinkQueries

    def person_lines(self, revision_id: RevisionId, ids: Sequence[int]) -> list[PersonLine]:
        """Return the rows of the list for these persons, in the order asked."""
        found: dict[int, PersonLine] = {}
        breach_id = self._connection.scalar(select(revision.c.breach_id).where(revision.c.id == revision_id))
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            last, care, told = self._last_deliveries(part), self._care_of(part), self._told_under(part)
            for row in self._connection.execute(_line_select(breach_id or 0, revision_id, part)):
                found[row.id] = _line(row, last.get(row.id), care.get(row.id, ()), told.get(row.id, 0))
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

    def _care_of(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the rules of care that the last plan found, in the order in which they are asked."""
        found: dict[int, tuple[str, ...]] = {}
        rows = self._connection.execute(
            select(person_care.c.person_id, person_care.c.rule).where(person_care.c.person_id.in_(ids))
        ).all()
        order = {rule.value: place for place, rule in enumerate(CareRule)}
        for number, rule in sorted(rows, key=lambda row: order.get(row[1], 99)):
            found[number] = (*found.get(number, ()), rule)
        return found

    def _told_under(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the revision from which the last message that told each person was written."""
        last = (
            select(delivery.c.person_id, func.max(notice.c.version).label("version"))
            .join(notice, notice.c.id == delivery.c.notice_id)
            .where(delivery.c.person_id.in_(ids), delivery.c.state.in_(_TOLD))
            .group_by(delivery.c.person_id)
            .subquery()
        )
        rows = self._connection.execute(
            select(last.c.person_id, notice.c.revision_id)
            .join(person, person.c.id == last.c.person_id)
            .join(
                notice,
                and_(
                    notice.c.breach_id == person.c.breach_id, notice.c.recipient == "persons",
                    notice.c.version == last.c.version,
                ),
            )
        )  # fmt: skip
        return {row[0]: row[1] for row in rows}

    def find_persons(self, breach_id: BreachId, text: str, limit: int = 20) -> list[int]:
        """Return persons by the beginning of name parts, code, customer number or mail address, by name."""
        found = numbers_matching(text)
        if found is None:
            return []
        numbers = list(self._connection.scalars(found.limit(FEW + 1)))
        if len(numbers) > FEW:
            # So many match that walking the list by name meets enough of them soon.
            return self._walked(breach_id, text, limit)
        rows: list[tuple[str, int]] = []
        own = select(person.c.sort_key, person.c.id).where(person.c.breach_id + 0 == breach_id)
        for start in range(0, len(numbers), 10_000):
            part = own.where(person.c.id.in_(numbers[start : start + 10_000]))
            rows.extend((row[0], row[1]) for row in self._connection.execute(part))
        return [number for _key, number in sorted(rows)[:limit]]

    def _walked(self, breach_id: BreachId, text: str, limit: int) -> list[int]:
        words = [folded(word) for word in words_of(text)]
        own = person.c
        columns = (own.family_name, own.given_names, own.code, own.customer_number, own.email, own.phone)
        rows = self._connection.execute(
            select(own.id, *columns).where(own.breach_id == breach_id).order_by(own.sort_key, own.id),
            execution_options={"yield_per": 1_000},
        )
        found: list[int] = []
        for row in rows:
            whole = " ".join(row[1:6]) + " " + row[6].replace(" ", "").replace("-", "")
            if fits(whole, words):
                found.append(row[0])
                if len(found) == limit:
                    break
        rows.close()
        return found

    def person(self, person_id: PersonId, revision_id: RevisionId) -> PersonView:
        """Return one person. Raises InputError("no_such_person")."""
        lines = self.person_lines(revision_id, [person_id])
        if not lines:
            raise InputError("no_such_person")
        row = self._connection.execute(
            select(person, person_key.c.uid, person_plan.c.exposure_reason, person_plan.c.windows)
            .outerjoin(person_key, person_key.c.person_id == person.c.id)
            .outerjoin(person_plan, own_plan(revision_id))
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

    def saved_filters(self) -> list[tuple[str, Any]]:
        """Return the kept filters of the person list by name."""
        rows = self._connection.execute(
            select(saved_filter.c.name, saved_filter.c.document).order_by(saved_filter.c.name)
        )
        return [(row[0], row[1]) for row in rows]

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
            person_plan.c.channel, person_plan.c.channel_reason, person_plan.c.age, person.c.postcode,
            person.c.registered, person.c.removed, person.c.import_id,
            standing_name(standing_rank(own_ranks, own_excused)).label("standing"),
        )
        .outerjoin(person_plan, own_plan(revision_id))
        .outerjoin(own_ranks, own_ranks.c.person_id == person.c.id)
        .outerjoin(own_excused, own_excused.c.person_id == person.c.id)
        .where(person.c.id.in_(ids))
    )  # fmt: skip


def _line(row: Any, last: Any, care: tuple[str, ...], told_revision: int) -> PersonLine:
    exposure = row.exposure or ""
    in_scope = exposure not in ("", ExposureState.NOT_EXPOSED.value)
    return PersonLine(
        id=row.id, code=row.code, family_name=row.family_name, given_names=row.given_names,
        birth_year=row.born[:4], language=row.language, exposure=exposure, channel=row.channel or "",
        channel_reason=row.channel_reason or "", standing=row.standing if in_scope else "",
        last_state=last.state if last else "", last_at=last.state_at if last else None,
        protected=bool(row.protected), deceased=bool(row.deceased), age=row.age, care=care, postcode=row.postcode,
        registered=row.registered, removed=row.removed, told_revision=told_revision, import_id=row.import_id,
    )  # fmt: skip
