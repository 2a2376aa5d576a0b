"""Counts over the plan of a revision and over where persons stand; every sum adds up by construction."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, and_, func, select, true

from dpo_app.core.delivery import BEST_FIRST, Standing
from dpo_app.core.facts.exposure import EXPOSURE_ORDER, ExposureState
from dpo_app.core.ids import BreachId, NoticeId, RevisionId
from dpo_app.core.notices.notice import Reader
from dpo_app.core.persons.channel import Channel
from dpo_app.services.lines import Standings
from dpo_app.store.sending.standing import best_deliveries, excused, standing_rank
from dpo_app.store.tables import delivery, notice_recipient, person, person_plan, revision

_NOT_EXPOSED = ExposureState.NOT_EXPOSED.value


class PlanQueries:
    """Counting by exposure, channel and standing; mixed into `queries.SqlQueries`."""

    _connection: Connection

    def count_persons(self, breach_id: BreachId) -> int:
        """Return how many persons a breach has."""
        return self._count(select(func.count()).where(person.c.breach_id == breach_id))

    def is_planned(self, revision_id: RevisionId) -> bool:
        """Tell whether every person of the breach has a row in this revision's plan."""
        breach_id = self._connection.scalar(select(revision.c.breach_id).where(revision.c.id == revision_id))
        rows = self._count(select(func.count()).where(person_plan.c.revision_id == revision_id))
        return rows == self.count_persons(BreachId(breach_id or 0))

    def _count(self, statement: Any) -> int:
        return int(self._connection.scalar(statement) or 0)

    def exposure_counts(self, revision_id: RevisionId) -> dict[str, int]:
        """Return {exposure: persons}, every state present."""
        counts = {state.value: 0 for state in EXPOSURE_ORDER}
        return counts | self._grouped(person_plan.c.exposure, revision_id)

    def channel_counts(self, revision_id: RevisionId) -> dict[str, int]:
        """Return {channel: persons}, every channel present."""
        counts = {channel.value: 0 for channel in Channel}
        return counts | self._grouped(person_plan.c.channel, revision_id)

    def _grouped(self, column: Any, revision_id: RevisionId) -> dict[str, int]:
        rows = self._connection.execute(
            select(column, func.count()).where(person_plan.c.revision_id == revision_id).group_by(column)
        )
        return {row[0]: row[1] for row in rows}

    def channel_reasons(self, revision_id: RevisionId) -> dict[tuple[str, str], int]:
        """Return {(channel, reason): persons}."""
        return self._pairs(person_plan.c.channel, person_plan.c.channel_reason, revision_id)

    def window_counts(self, revision_id: RevisionId) -> dict[tuple[str, int], int]:
        """Return {(exposure, windows mask): persons}."""
        return self._pairs(person_plan.c.exposure, person_plan.c.windows, revision_id)

    def _pairs(self, first: Any, second: Any, revision_id: RevisionId) -> dict[tuple[str, Any], int]:
        rows = self._connection.execute(
            select(first, second, func.count()).where(person_plan.c.revision_id == revision_id).group_by(first, second)
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def moves(self, old: RevisionId, new: RevisionId) -> dict[tuple[str, str], int]:
        """Return {(exposure before, exposure after): persons}; persons without an older row count as new."""
        before, after = person_plan.alias("before"), person_plan.alias("after")
        rows = self._connection.execute(
            select(func.coalesce(before.c.exposure, ""), after.c.exposure, func.count())
            .select_from(after)
            .outerjoin(before, and_(before.c.person_id == after.c.person_id, before.c.revision_id == old))
            .where(after.c.revision_id == new)
            .group_by(before.c.exposure, after.c.exposure)
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def standings(self, breach_id: BreachId, revision_id: RevisionId) -> Standings:
        """Return where everybody in scope stands."""
        # The list of breaches asks this of every breach: one without a plan is answered before the large statements.
        anybody = select(person_plan.c.person_id).where(person_plan.c.revision_id == revision_id).limit(1)
        if self._connection.scalar(anybody) is None:
            return Standings(0, 0, 0, 0, 0, 0, {standing.value: {} for standing in Standing})
        best, of_excused = best_deliveries(breach_id), excused(breach_id)
        rank = standing_rank(best, of_excused)
        rows = self._connection.execute(
            select(rank, person_plan.c.channel_reason, delivery.c.channel, delivery.c.state, func.count())
            .select_from(person_plan)
            .outerjoin(best, best.c.person_id == person_plan.c.person_id)
            .outerjoin(delivery, delivery.c.id == best.c.delivery_id)
            .outerjoin(of_excused, of_excused.c.person_id == person_plan.c.person_id)
            .where(person_plan.c.revision_id == revision_id, person_plan.c.exposure != _NOT_EXPOSED)
            .group_by(rank, person_plan.c.channel_reason, delivery.c.channel, delivery.c.state)
        )
        counts = dict.fromkeys(Standing, 0)
        parts: dict[str, dict[str, int]] = {standing.value: defaultdict(int) for standing in Standing}
        for place, reason, channel, state, count in rows:
            standing = BEST_FIRST[place]
            counts[standing] += count
            # Who is open or excused stands there for a reason; the others by the channel of their newest delivery.
            of_plan = standing in (Standing.OPEN, Standing.EXCUSED)
            parts[standing.value][reason if of_plan else f"{channel}.{state}"] += count
        return Standings(
            sum(counts.values()), counts[Standing.TOLD], counts[Standing.ON_THE_WAY], counts[Standing.OPEN],
            counts[Standing.UNKNOWN], counts[Standing.EXCUSED],
            {name: dict(each) for name, each in parts.items()},
        )  # fmt: skip

    def reader_counts(
        self, revision_id: RevisionId, default_language: str, recipients_of: NoticeId | None = None
    ) -> list[tuple[Reader, int]]:
        """Return each kind of reader in scope with how many there are; no language means `default_language`. With
        `recipients_of` only those whom that notice is for."""
        recipients = select(notice_recipient.c.person_id).where(notice_recipient.c.notice_id == recipients_of)
        rows = self._connection.execute(
            select(
                person.c.language, person_plan.c.exposure, person_plan.c.channel, person_plan.c.age,
                person.c.easy_language, func.count(),
            )
            .select_from(person_plan)
            .join(person, person.c.id == person_plan.c.person_id)
            .where(
                person_plan.c.revision_id == revision_id,
                person_plan.c.exposure != _NOT_EXPOSED,
                person_plan.c.person_id.in_(recipients) if recipients_of is not None else true(),
            )
            .group_by(
                person.c.language, person_plan.c.exposure, person_plan.c.channel, person_plan.c.age,
                person.c.easy_language,
            )
        )  # fmt: skip
        counts: dict[Reader, int] = defaultdict(int)
        for language, exposure, channel, age, easy, count in rows:
            reader = Reader(language or default_language, ExposureState(exposure), Channel(channel), age, bool(easy))
            counts[reader] += count
        return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
