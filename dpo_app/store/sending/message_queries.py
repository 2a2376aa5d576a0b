"""Who still has to be written to, as a stream; and the members of a batch."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, true

from dpo_app.core.delivery import BEST_FIRST, FAILED_BY_EMAIL, DeliveryState, Standing
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BatchId, BreachId, NoticeId, PersonId, RevisionId
from dpo_app.core.notices.notice import NoticeState
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.channel import Channel
from dpo_app.services.lines import MessageRow, RefusedLine, SentLine
from dpo_app.store.persons.person_store import CHUNK, chunks, letter_again_for
from dpo_app.store.sending.standing import excused, in_round, ranks, standing_rank
from dpo_app.store.tables import (
    batch,
    delivery,
    notice,
    notice_audience,
    notice_recipient,
    person,
    person_plan,
    told_plan,
)

COLUMNS = (
    person.c.id, person.c.code, person.c.family_name, person.c.given_names, person.c.email, person.c.care_of,
    person.c.street, person.c.postcode, person.c.town, person.c.country, person.c.language,
    person_plan.c.exposure, person_plan.c.channel, person_plan.c.age, person.c.registered, person.c.protected,
    person.c.large_print, person.c.easy_language,
)  # fmt: skip
#: Where in a row that begins with COLUMNS stands what was added.
OWN = len(COLUMNS)

#: The channel failed the person in this round, or waits for the officer: no run takes them by itself.
_FAILED = [
    state.value for state in (DeliveryState.REFUSED, DeliveryState.RETURNED, DeliveryState.HELD, *FAILED_BY_EMAIL)
]


class MessageQueries:
    """Streams for letters and e-mails; mixed into `queries.SqlQueries`."""

    _connection: Connection

    def message_rows(
        self, breach_id: BreachId, revision_id: RevisionId, channel: Channel, default_language: str,
        limit: int | None = None, notice_id: NoticeId | None = None, only: PersonId | None = None,
    ) -> Iterator[MessageRow]:  # fmt: skip
        """Stream those on a rung who still have to be written to: in scope, neither told nor on the way in the
        present round, not excused, not refused in it; with the number of their next attempt. Of a notice only those
        it is for. Protected persons are never among them, but for `only`: one person, on this rung or left to the
        officer, asked for by themselves."""
        attempts = self.attempts(breach_id, channel)
        blocked = set(self._connection.execute(_blocked(breach_id, channel)).scalars())
        statement = (
            _open_on(breach_id, revision_id, channel, only)
            .add_columns(*COLUMNS)
            .where(self._addressed(breach_id, notice_id))
            .join(person, person.c.id == person_plan.c.person_id)
            .order_by(person.c.id)
        )
        given = 0
        for row in self._connection.execute(statement, execution_options={"yield_per": CHUNK}):
            if row[0] in blocked:
                continue
            yield message_of(row, default_language, attempt=attempts.get(row[0], 0) + 1)
            given += 1
            if limit is not None and given >= limit:
                return

    def _addressed(self, breach_id: BreachId, notice_id: NoticeId | None) -> ColumnElement[bool]:
        """Return the condition on plan rows that a notice is for their person: one of its recipients if it has such;
        else everybody for whom there is no later notice of their own."""
        if notice_id is None:
            return true()
        own = notice_recipient.c.person_id
        if self._connection.scalar(select(notice_audience.c.notice_id).where(notice_audience.c.notice_id == notice_id)):
            return person_plan.c.person_id.in_(select(own).where(notice_recipient.c.notice_id == notice_id))
        version = select(notice.c.version).where(notice.c.id == notice_id).scalar_subquery()
        later = notice.alias("later")
        return person_plan.c.person_id.not_in(
            select(own)
            .join(later, later.c.id == notice_recipient.c.notice_id)
            .where(
                later.c.breach_id == breach_id,
                later.c.version > version,
                later.c.state.in_([NoticeState.APPROVED.value, NoticeState.SUPERSEDED.value]),
            )
        )

    def waiting(
        self, breach_id: BreachId, revision_id: RevisionId, channel: Channel, notice_id: NoticeId | None = None
    ) -> int:
        """Return how many persons `message_rows` would give."""
        statement = (
            _open_on(breach_id, revision_id, channel)
            .add_columns(func.count())
            .where(person_plan.c.person_id.not_in(_blocked(breach_id, channel)), self._addressed(breach_id, notice_id))
        )
        return int(self._connection.scalar(statement) or 0)

    def post_order(
        self, breach_id: BreachId, revision_id: RevisionId, notice_id: NoticeId, only: PersonId | None = None,
        limit: int | None = None,
    ) -> array[int]:  # fmt: skip
        """Return the numbers of those `message_rows` would give for letters, by country and postcode: eight bytes a
        person, however many there are."""
        statement = (
            _open_on(breach_id, revision_id, Channel.LETTER, only)
            .add_columns(person_plan.c.person_id)
            .join(person, person.c.id == person_plan.c.person_id)
            .where(
                person_plan.c.person_id.not_in(_blocked(breach_id, Channel.LETTER)),
                self._addressed(breach_id, notice_id),
            )
            .order_by(person.c.country, person.c.postcode, person.c.id)
            .limit(limit)
        )
        return array("q", self._connection.execute(statement, execution_options={"yield_per": CHUNK}).scalars())

    def attempts(
        self, breach_id: BreachId, channel: Channel, person_ids: Sequence[int] | None = None
    ) -> dict[int, int]:
        """Return the last attempt by this channel of those who had one: of everybody, or of some."""
        statement = (
            select(delivery.c.person_id, func.max(delivery.c.attempt))
            .where(delivery.c.breach_id == breach_id, delivery.c.channel == channel.value)
            .group_by(delivery.c.person_id)
        )
        parts = [None] if person_ids is None else list(chunks(person_ids, 500))
        found: dict[int, int] = {}
        for part in parts:
            own = statement if part is None else statement.where(delivery.c.person_id.in_(part))
            found.update((row[0], row[1]) for row in self._connection.execute(own))
        return found

    def breach_of_batch(self, batch_id: BatchId) -> BreachId:
        """Return the breach a batch belongs to."""
        return BreachId(self._connection.scalar(select(batch.c.breach_id).where(batch.c.id == batch_id)) or 0)

    def message_rows_of(
        self, revision_id: RevisionId, person_ids: Sequence[int], default_language: str
    ) -> list[MessageRow]:
        """Return the rows of these persons, in the order asked."""
        found: dict[int, MessageRow] = {}
        for start in range(0, len(person_ids), 500):
            part = person_ids[start : start + 500]
            statement = _of_revision(revision_id).where(person.c.id.in_(part))
            for row in self._connection.execute(statement):
                found[row[0]] = message_of(row, default_language)
        return [found[number] for number in person_ids if number in found]

    def batch_rows(self, batch_id: BatchId) -> Iterator[MessageRow]:
        """Stream the members of a batch by number, with token and number."""
        kept = self._connection.execute(
            select(batch.c.facts, notice.c.revision_id)
            .join(notice, batch.c.notice_id == notice.c.id)
            .where(batch.c.id == batch_id)
        ).one_or_none()
        # Exposure as planned when the batch was frozen: the notice may be from an older revision than the plan.
        revision_id = RevisionId(kept[0].get("revision", kept[1])) if kept is not None else None
        statement = (
            _of_revision(revision_id)
            .add_columns(delivery.c.language, delivery.c.token, delivery.c.number, delivery.c.attempt)
            .join(delivery, delivery.c.person_id == person.c.id)
            .where(delivery.c.batch_id == batch_id)
            .order_by(delivery.c.number)
        )
        for row in self._connection.execute(statement, execution_options={"yield_per": CHUNK}):
            message = message_of(row[:OWN], row[OWN], attempt=row[OWN + 3])
            # The language is the one the batch was frozen with, whatever the register says today.
            yield message._replace(language=row[OWN], token=row[OWN + 1], number=row[OWN + 2])

    def frozen_row(self, delivery_id: int) -> MessageRow | None:
        """Return what one message was made from, its exposure as it was frozen; None if none was made."""
        row = self._connection.execute(
            select(*COLUMNS)
            .add_columns(
                delivery.c.language, delivery.c.token, delivery.c.number, delivery.c.attempt, delivery.c.channel,
                told_plan.c.exposure, told_plan.c.easy,
            )
            .select_from(delivery)
            .join(person, person.c.id == delivery.c.person_id)
            .join(notice, notice.c.id == delivery.c.notice_id)
            .outerjoin(
                told_plan,
                and_(told_plan.c.person_id == person.c.id, told_plan.c.notice_id == delivery.c.notice_id),
            )
            .outerjoin(
                person_plan,
                and_(
                    person_plan.c.person_id == person.c.id,
                    person_plan.c.revision_id == func.coalesce(told_plan.c.revision_id, notice.c.revision_id),
                ),
            )
            .where(delivery.c.id == delivery_id, delivery.c.sha256 != "")
        ).one_or_none()  # fmt: skip
        if row is None:
            return None
        message = message_of(row[:OWN], row[OWN], attempt=row[OWN + 3])
        return message._replace(
            language=row[OWN], token=row[OWN + 1], number=row[OWN + 2], channel=row[OWN + 4],
            exposure=row[OWN + 5] or message.exposure, easy=bool(row[OWN + 6]),
        )  # fmt: skip

    def letter_digest(self, batch_id: BatchId, number: int) -> str:
        """Return the hash of what a letter of a batch shows, as it was recorded when it was made."""
        found = self._connection.scalar(
            select(delivery.c.sha256).where(delivery.c.batch_id == batch_id, delivery.c.number == number)
        )
        return str(found or "")

    def refused_lines(self, breach_id: BreachId, channel: Channel, limit: int = 500) -> list[RefusedLine]:
        """Return the persons refused in the present round by name; protected persons by their code alone."""
        rows = self._connection.execute(
            select(person.c.id, person.c.code, _name(), delivery.c.reason)
            .select_from(delivery)
            .join(person, person.c.id == delivery.c.person_id)
            .join(notice, notice.c.id == delivery.c.notice_id)
            .where(_refused(breach_id, channel))
            .order_by(person.c.family_name, person.c.given_names, person.c.id)
            .limit(limit)
        )
        return [RefusedLine._make(row) for row in rows]

    def delivery_by_token(self, token: str) -> SentLine | None:
        """Return the delivery that bears a code (stored form, twelve signs), or None."""
        row = self._connection.execute(
            select(
                delivery.c.id, delivery.c.breach_id, delivery.c.person_id, person.c.code, _name(), delivery.c.state,
                delivery.c.state_at, delivery.c.attempt, delivery.c.batch_id, delivery.c.reason, delivery.c.channel,
                delivery.c.number,
            )
            .join(person, person.c.id == delivery.c.person_id)
            .where(delivery.c.token == token)
        ).one_or_none()  # fmt: skip
        return SentLine._make(row) if row is not None else None

    def letters_back(self, breach_id: BreachId) -> dict[str, int]:
        """Return {reason: letters} of those that came back, and under "" how many were posted in all."""
        rows = self._connection.execute(
            select(delivery.c.state, delivery.c.reason, func.count())
            .where(
                delivery.c.breach_id == breach_id,
                delivery.c.channel == Channel.LETTER.value,
                delivery.c.state.in_([DeliveryState.RETURNED.value, DeliveryState.POSTED.value]),
            )
            .group_by(delivery.c.state, delivery.c.reason)
        )
        found: dict[str, int] = {"": 0}
        for state, reason, letters in rows:
            found[""] += letters
            if state == DeliveryState.RETURNED.value:
                found[reason] = found.get(reason, 0) + letters
        return found

    def refusals(self, breach_id: BreachId, channel: Channel) -> list[tuple[str, int]]:
        """Return (code, persons) of attempts refused in the present round, most first."""
        count = func.count()
        rows = self._connection.execute(
            select(delivery.c.reason, count)
            .join(notice, notice.c.id == delivery.c.notice_id)
            .where(_refused(breach_id, channel))
            .group_by(delivery.c.reason)
            .order_by(count.desc())
        )
        return [(row[0], row[1]) for row in rows]


def _open_on(
    breach_id: BreachId, revision_id: RevisionId, channel: Channel, only: PersonId | None = None
) -> Select[Any]:
    """Select, without columns yet, the plan rows of those in scope on a rung who are open in the present round; those
    with a protected address left out, or one person alone, whom a rule of care may have left to the officer."""
    of_deliveries, of_excused = ranks(breach_id), excused(breach_id)
    if only is None:
        protected = select(person.c.id).where(person.c.breach_id == breach_id, person.c.protected)
        who = and_(person_plan.c.channel == channel.value, person_plan.c.person_id.not_in(protected))
    else:
        rungs = (channel.value, Channel.OFFICER.value)
        who = and_(person_plan.c.person_id == only, person_plan.c.channel.in_(rungs))
    return (
        select()
        .select_from(person_plan)
        .outerjoin(of_deliveries, of_deliveries.c.person_id == person_plan.c.person_id)
        .outerjoin(of_excused, of_excused.c.person_id == person_plan.c.person_id)
        .where(
            person_plan.c.revision_id == revision_id,
            who,
            person_plan.c.exposure != ExposureState.NOT_EXPOSED.value,
            standing_rank(of_deliveries, of_excused) == BEST_FIRST.index(Standing.OPEN),
        )
    )


def _blocked(breach_id: BreachId, channel: Channel) -> Select[Any]:
    """Select those whom this channel failed in this round (refused, came back), and those in a batch being made."""
    return (
        select(delivery.c.person_id)
        .join(notice, notice.c.id == delivery.c.notice_id)
        .where(
            delivery.c.breach_id == breach_id,
            in_round(breach_id),
            or_(
                and_(
                    delivery.c.channel == channel.value,
                    delivery.c.state.in_(_FAILED),
                    or_(
                        delivery.c.state != DeliveryState.RETURNED.value,
                        delivery.c.person_id.not_in(letter_again_for(breach_id)),
                    ),
                ),
                delivery.c.state.in_([DeliveryState.RENDERED.value, DeliveryState.PLANNED.value]),
            ),
        )
    )


def _refused(breach_id: BreachId, channel: Channel) -> ColumnElement[bool]:
    """Return the condition on deliveries, joined with their notice, that were refused in the present round."""
    return and_(
        delivery.c.breach_id == breach_id,
        delivery.c.channel == channel.value,
        delivery.c.state == DeliveryState.REFUSED.value,
        in_round(breach_id),
    )


def _name() -> Any:
    """Return a person's name as family name, given names; of a protected person nothing."""
    whole = func.trim(person.c.family_name + ", " + person.c.given_names, ", ")
    return case((person.c.protected, ""), else_=whole)


def _of_revision(revision_id: RevisionId | None) -> Select[Any]:
    return (
        select(*COLUMNS)
        .select_from(person)
        .outerjoin(
            person_plan,
            and_(person_plan.c.person_id == person.c.id, person_plan.c.revision_id == revision_id),
        )
    )


def message_of(row: Any, default_language: str, attempt: int = 1) -> MessageRow:
    return MessageRow(
        row[0], row[1], row[2], row[3], row[4], PostalAddress(row[5], row[6], row[7], row[8], row[9]),
        row[10] or default_language, row[11] or "", row[12] or "", row[13], row[14], attempt=attempt,
        protected=row[15], large=bool(row[16]), easy=bool(row[17]),
    )  # fmt: skip
