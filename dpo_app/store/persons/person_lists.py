"""Which persons a list shows, in which order; the first rows at once, a million persons or not.

The whole list may be sorted by whatever it takes; its first rows, which somebody waits for, never are. Where few match,
they are found by an index of what makes them few and sorted; where many match, the list is walked in its order until
there are enough. Orders by exposure, channel and standing are a list by name for each of their values, one after the
other.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from dpo_app.core.delivery import BEST_FIRST, STANDING_OF, Standing
from dpo_app.core.facts.exposure import EXPOSURE_ORDER, IN_SCOPE, ExposureState
from dpo_app.core.ids import BreachId, RevisionId
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.services.lines import PersonFilter
from dpo_app.store.persons.person_search import matching, numbers_matching
from dpo_app.store.sending.standing import (
    RANK_OF_EXCUSED,
    RANK_OF_OPEN,
    excused,
    in_round,
    rank_of_state,
    ranks,
    standing_rank,
)
from dpo_app.store.tables import decision, delivery, notice, person, person_care, person_plan

#: So many numbers are looked up and sorted one by one; with more that match, walking the list finds a page soon.
FEW = 20_000
_CHUNK = 10_000
_NAME = (person.c.sort_key,)
_ORDERS: dict[str, tuple[Any, ...]] = {
    "name": _NAME,
    "code": (person.c.code,),
    "born": (person.c.born, person.c.sort_key),
    "language": (person.c.language, person.c.sort_key),
    "postcode": (person.c.postcode, person.c.sort_key),
}
_CHANNELS = tuple(Channel)
#: Orders made of a list by name for each value, best first.
_SEGMENTS: dict[str, tuple[Any, ...]] = {"exposure": EXPOSURE_ORDER, "channel": _CHANNELS, "standing": BEST_FIRST}


def own_plan(revision_id: RevisionId) -> ColumnElement[bool]:
    """Return the condition that joins persons with their plan under a revision."""
    return and_(person_plan.c.person_id == person.c.id, person_plan.c.revision_id == revision_id)


class PersonLists:
    """Numbers of persons in order; mixed into `person_queries.PersonQueries`."""

    _connection: Connection

    def person_ids(
        self, breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter, order: str = "name",
        descending: bool = False, limit: int | None = None,
    ) -> array[int]:  # fmt: skip
        """Return the numbers of matching persons in order, at most `limit`; `order` is a column of the list. Exposure,
        channel and standing are ordered by weight, their persons by name."""
        if limit is None:
            return self._whole(breach_id, revision_id, wanted, order, descending)
        if order in _SEGMENTS and wanted.text:
            # What was typed has made them few already.
            return self._whole(breach_id, revision_id, wanted, order, descending)[:limit]
        if order in _SEGMENTS:
            return self._by_segments(breach_id, revision_id, wanted, order, descending, limit)
        few = self._few(breach_id, revision_id, wanted)
        if few is not None:
            return self._looked_up(breach_id, revision_id, wanted, order, descending, few)[:limit]
        statement = self._matching(breach_id, revision_id, wanted, order, walking=True)
        keys = [key.desc() if descending else key.asc() for key in (*_keys(order), person.c.id)]
        return array("q", self._connection.scalars(statement.order_by(*keys).limit(limit)))

    def _whole(
        self, breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter, order: str, descending: bool
    ) -> array[int]:
        statement = self._matching(breach_id, revision_id, wanted, order, walking=False)
        keys: list[ColumnElement[Any]]
        if order in _SEGMENTS:
            weight = _weight(order, breach_id)
            ordered = weight.desc() if descending else weight.asc()
            keys = [person_plan.c.exposure.is_(None), ordered, person.c.sort_key, person.c.id]
        else:
            keys = [key.desc() if descending else key.asc() for key in (*_keys(order), person.c.id)]
        result = self._connection.execute(statement.order_by(*keys), execution_options={"yield_per": 20_000})
        return array("q", result.scalars())

    def _by_segments(
        self,
        breach_id: BreachId,
        revision_id: RevisionId,
        wanted: PersonFilter,
        order: str,
        descending: bool,
        limit: int,
    ) -> array[int]:
        found: array[int] = array("q")
        for part in _parts(wanted, order, descending):
            if len(found) < limit:
                found.extend(self.person_ids(breach_id, revision_id, part, "name", False, limit - len(found)))
        if len(found) < limit and not (wanted.exposures or wanted.channels or wanted.standings):
            unplanned = (
                self._matching(breach_id, revision_id, wanted, order, walking=True)
                .where(person_plan.c.exposure.is_(None))
                .order_by(person.c.sort_key, person.c.id)
                .limit(limit - len(found))
            )
            found.extend(self._connection.scalars(unplanned))
        return found

    def _matching(
        self, breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter, order: str, *, walking: bool,
        by_number: bool = False,
    ) -> Select[Any]:  # fmt: skip
        """Return the numbers that match, not yet ordered. `walking` asks about deliveries person by person, for a list
        that is left after a page; else they are put together first. `by_number`: persons are named by their numbers."""
        # An order by code is walked along the index of codes, which knows no breaches; and numbers find persons sooner
        # than any index of a breach would. The sum keeps such an index out.
        aside = by_number or (order == "code" and walking)
        breach = person.c.breach_id + 0 if aside else person.c.breach_id
        statement = select(person.c.id).where(breach == breach_id)
        planned = wanted.exposures or wanted.channels or wanted.care or wanted.window is not None or wanted.standings
        rank: ColumnElement[Any] | None = None
        if planned or order in _SEGMENTS:
            statement = statement.outerjoin(person_plan, own_plan(revision_id))
        if wanted.standings or (order == "standing" and not walking):
            if walking:
                rank = _rank_of_person(breach_id)
            else:
                of_deliveries, of_excused = ranks(breach_id), excused(breach_id)
                statement = _with_standing(statement, of_deliveries, of_excused)
                rank = standing_rank(of_deliveries, of_excused)
        return _filtered(statement, wanted, rank)

    def _few(self, breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter) -> list[int] | None:
        """Return the numbers among which all that match are, if an index finds that they are few; else None."""
        for statement in _narrow(breach_id, revision_id, wanted):
            found = list(self._connection.scalars(statement.limit(FEW + 1)))
            if len(found) <= FEW:
                return list(set(found))
        return None

    def _looked_up(
        self, breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter, order: str, descending: bool,
        few: Sequence[int],
    ) -> array[int]:  # fmt: skip
        keys = _keys(order)
        found: list[tuple[Any, ...]] = []
        statement = self._matching(breach_id, revision_id, wanted, order, walking=True, by_number=True)
        for start in range(0, len(few), _CHUNK):
            part = statement.where(person.c.id.in_(few[start : start + _CHUNK])).with_only_columns(*keys, person.c.id)
            found.extend(tuple(row) for row in self._connection.execute(part))
        found.sort(reverse=descending)
        return array("q", (row[-1] for row in found))


def _keys(order: str) -> tuple[Any, ...]:
    return _ORDERS.get(order, _NAME)


def _weight(order: str, breach_id: BreachId) -> ColumnElement[int]:
    """Return the place of a person among the segments of an order; those without a plan come last."""
    if order == "standing":
        in_scope = person_plan.c.exposure.in_([state.value for state in IN_SCOPE])
        return case((in_scope, _rank_of_person(breach_id)), else_=98)
    column = person_plan.c.exposure if order == "exposure" else person_plan.c.channel
    values = {member.value: place for place, member in enumerate(_SEGMENTS[order])}
    return func.coalesce(case(values, value=column), 99)


def _parts(wanted: PersonFilter, order: str, descending: bool) -> Iterator[PersonFilter]:
    """Yield the filter of each segment of an order that the filter itself leaves room for."""
    parts: list[PersonFilter] = []
    if order == "exposure":
        parts = [replace(wanted, exposures=frozenset({state})) for state in EXPOSURE_ORDER
                 if not wanted.exposures or state in wanted.exposures]  # fmt: skip
    elif order == "channel":
        parts = [replace(wanted, channels=frozenset({channel})) for channel in _CHANNELS
                 if not wanted.channels or channel in wanted.channels]  # fmt: skip
    else:
        parts = [replace(wanted, standings=frozenset({standing})) for standing in BEST_FIRST
                 if not wanted.standings or standing in wanted.standings]  # fmt: skip
        outside = ExposureState.NOT_EXPOSED
        if not wanted.standings and (not wanted.exposures or outside in wanted.exposures):
            parts.append(replace(wanted, exposures=frozenset({outside})))
    yield from reversed(parts) if descending else parts


def _narrow(breach_id: BreachId, revision_id: RevisionId, wanted: PersonFilter) -> Iterator[Any]:
    """Yield statements over indexes, each of which has all that match among its numbers, some of them twice."""
    typed = numbers_matching(wanted.text) if wanted.text else None
    if typed is not None:
        yield typed
    if wanted.care_rules or wanted.care:
        rules = [rule.value for rule in (wanted.care_rules or CareRule)]
        caring = select(person_care.c.person_id).where(
            person_care.c.breach_id == breach_id, person_care.c.rule.in_(rules)
        )
        left = select(person_plan.c.person_id).where(
            person_plan.c.revision_id == revision_id,
            person_plan.c.exposure.in_([state.value for state in EXPOSURE_ORDER]),
            person_plan.c.channel == Channel.OFFICER.value,
        )
        yield caring if wanted.care_rules else union_all(caring, left)
    if wanted.exposures or wanted.channels:
        yield select(person_plan.c.person_id).where(
            person_plan.c.revision_id == revision_id,
            person_plan.c.exposure.in_([state.value for state in (wanted.exposures or EXPOSURE_ORDER)]),
            person_plan.c.channel.in_([channel.value for channel in (wanted.channels or _CHANNELS)]),
        )
    if wanted.standings and Standing.OPEN not in wanted.standings:
        states = [state.value for state, standing in STANDING_OF.items() if standing in wanted.standings]
        sent = select(delivery.c.person_id).where(delivery.c.breach_id == breach_id, delivery.c.state.in_(states))
        let_off = select(decision.c.person_id).where(
            decision.c.breach_id == breach_id, decision.c.kind == "excuse", decision.c.current
        )
        if wanted.standings == {Standing.EXCUSED}:
            yield let_off
        else:
            yield union_all(sent, let_off) if Standing.EXCUSED in wanted.standings else sent


def _rank_of_person(breach_id: BreachId) -> ColumnElement[int]:
    """Return a person's rank, asked for one person at a time: for lists of which a page is looked at."""
    own = (
        select(func.min(rank_of_state()))
        .join(notice, notice.c.id == delivery.c.notice_id)
        .where(delivery.c.breach_id == breach_id, delivery.c.person_id == person.c.id, in_round(breach_id))
        .correlate(person)
        .scalar_subquery()
    )
    let_off = exists(
        select(literal(1))
        .where(decision.c.person_id == person.c.id, decision.c.kind == "excuse", decision.c.current)
        .correlate(person)
    )
    rank = func.coalesce(own, RANK_OF_OPEN)
    return case((and_(rank > RANK_OF_EXCUSED, let_off), RANK_OF_EXCUSED), else_=rank)


def _with_standing(statement: Select[Any], of_deliveries: Subquery, of_excused: Subquery) -> Select[Any]:
    return statement.outerjoin(of_deliveries, of_deliveries.c.person_id == person.c.id).outerjoin(
        of_excused, of_excused.c.person_id == person.c.id
    )


def _filtered(statement: Select[Any], wanted: PersonFilter, rank: ColumnElement[Any] | None) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    plan = person_plan.c
    if wanted.exposures:
        conditions.append(plan.exposure.in_(sorted(wanted.exposures)))
    if wanted.channels:
        conditions.append(plan.channel.in_(sorted(wanted.channels)))
    if wanted.care_rules:
        rules = [rule.value for rule in wanted.care_rules]
        conditions.append(person.c.id.in_(select(person_care.c.person_id).where(person_care.c.rule.in_(rules))))
    if wanted.care:
        conditions.append(or_(person.c.id.in_(select(person_care.c.person_id)), plan.channel == Channel.OFFICER.value))
    if wanted.standings and rank is not None:
        # Somebody who is not exposed stands nowhere: only those in scope have a standing.
        conditions.append(plan.exposure != ExposureState.NOT_EXPOSED.value)
        conditions.append(rank.in_([BEST_FIRST.index(standing) for standing in wanted.standings]))
    if wanted.window is not None:
        conditions.append(plan.windows.op("&")(1 << wanted.window) != 0)
    if wanted.born_after:
        conditions.append(person.c.born >= wanted.born_after)
    if wanted.language:
        conditions.append(person.c.language == wanted.language)
    if wanted.import_id is not None:
        conditions.append(person.c.import_id == wanted.import_id)
    found = matching(wanted.text) if wanted.text else None
    if found is not None:
        conditions.append(found)
    return statement.where(*conditions)
