"""What deliveries say of persons, as expressions: where everybody stands in the present round.

A *round* begins with the first notice, and anew with each approved follow-up, for those whom the follow-up is for: from
then on only deliveries of that version and later ones tell anything about a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select
from sqlalchemy.sql.selectable import ScalarSelect

from dpo_app.core.delivery import BEST_FIRST, STANDING_OF, Standing
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.store.tables import decision, delivery, notice, notice_audience, notice_recipient

#: Excused ranks between: a person told is told, whatever was decided before.
_RANK = {standing: rank for rank, standing in enumerate(BEST_FIRST)}
RANK_OF_EXCUSED = _RANK[Standing.EXCUSED]
RANK_OF_OPEN = _RANK[Standing.OPEN]


def round_start(breach_id: int | ColumnElement[int]) -> ScalarSelect[int]:
    """Return the version with which the present round of a breach began; 1 before any follow-up."""
    later = notice.alias("later_notice")
    return (
        select(func.coalesce(func.max(later.c.version), 1))
        .where(
            later.c.breach_id == breach_id,
            later.c.recipient == "persons",
            later.c.phase.in_([NoticePhase.FOLLOW_UP, NoticePhase.FINAL]),
            later.c.state.in_([NoticeState.APPROVED, NoticeState.SUPERSEDED]),
            later.c.id.not_in(select(notice_audience.c.notice_id)),
        )
        .scalar_subquery()
    )


def in_round(breach_id: int) -> ColumnElement[bool]:
    """Return the condition on a delivery, joined with its notice, that it counts in its person's present round: a
    follow-up for some persons only begins a new round for them alone."""
    own = notice.alias("own_notice")
    own_start = (
        select(func.max(own.c.version))
        .join(notice_recipient, notice_recipient.c.notice_id == own.c.id)
        .where(
            notice_recipient.c.person_id == delivery.c.person_id,
            own.c.state.in_([NoticeState.APPROVED, NoticeState.SUPERSEDED]),
        )
        .correlate(delivery)
        .scalar_subquery()
    )
    return and_(notice.c.version >= round_start(breach_id), notice.c.version >= func.coalesce(own_start, 0))


def rank_of_state() -> ColumnElement[int]:
    """Return the rank of a delivery's state, best = 0 (`core.delivery.BEST_FIRST`)."""
    return case({state.value: _RANK[standing] for state, standing in STANDING_OF.items()}, value=delivery.c.state)


def ranks(breach_id: int, person_ids: Sequence[int] = ()) -> Subquery:
    """Return (person_id, rank) for every person, or these, with a delivery in the present round."""
    statement = (
        select(delivery.c.person_id, func.min(rank_of_state()).label("rank"))
        .join(notice, notice.c.id == delivery.c.notice_id)
        .where(delivery.c.breach_id == breach_id, in_round(breach_id))
        .group_by(delivery.c.person_id)
    )
    if person_ids:
        statement = statement.where(delivery.c.person_id.in_(person_ids))
    return statement.subquery("ranks")


#: More than there will be deliveries: rank and newest delivery fit into one whole number.
_DELIVERIES = 1 << 44


def best_deliveries(breach_id: int) -> Subquery:
    """Return (person_id, rank, delivery_id) for every person with a delivery in the present round: the best rank, and
    the newest delivery of it. One walk over the deliveries: the least of rank first, newest second."""
    place = func.min(rank_of_state() * _DELIVERIES - delivery.c.id)
    found = (
        select(delivery.c.person_id, place.label("place"))
        .join(notice, notice.c.id == delivery.c.notice_id)
        .where(delivery.c.breach_id == breach_id, in_round(breach_id))
        .group_by(delivery.c.person_id)
        .subquery("placed")
    )
    rank = (found.c.place + _DELIVERIES - 1) // _DELIVERIES
    return select(
        found.c.person_id, rank.label("rank"), (rank * _DELIVERIES - found.c.place).label("delivery_id")
    ).subquery("best")


def excused(breach_id: int) -> Subquery:
    """Return (person_id) of everybody whom the officer has excused."""
    return (
        select(decision.c.person_id)
        .where(and_(decision.c.breach_id == breach_id, decision.c.kind == "excuse", decision.c.current))
        .subquery("excused")
    )


def standing_rank(of_deliveries: Subquery, of_excused: Subquery) -> ColumnElement[int]:
    """Return a person's rank from both sides, for a statement that outer-joins `ranks` and `excused`."""
    own = func.coalesce(of_deliveries.c.rank, RANK_OF_OPEN)
    return case((and_(of_excused.c.person_id.isnot(None), own > RANK_OF_EXCUSED), RANK_OF_EXCUSED), else_=own)


def standing_name(rank: ColumnElement[int]) -> ColumnElement[str]:
    """Return the standing's name for a rank."""
    return case({place: standing.value for standing, place in _RANK.items()}, value=rank)
