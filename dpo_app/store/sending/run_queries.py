"""Reading runs of e-mails: who waits, the ledger beside the message, what became of each, how fast it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Connection, Select, and_, case, func, literal, select, type_coerce

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.facts.exposure import EXPOSURE_ORDER, ExposureState
from dpo_app.core.ids import BatchId, BreachId, RevisionId
from dpo_app.core.mail.arming import Arming
from dpo_app.core.notices.notice import Reader
from dpo_app.core.persons.channel import Channel
from dpo_app.services.mail.run_lines import LedgerLine, RunningTry, TriedLine, WaitingRow
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.sending.journal import WAITING
from dpo_app.store.sending.message_queries import COLUMNS, OWN, message_of
from dpo_app.store.tables import arming, batch, delivery, delivery_event, handover, person, person_plan

_PART = 500
_RANK = {state.value: place for place, state in enumerate(EXPOSURE_ORDER)}


class RunQueries:
    """Mixed into `queries.SqlQueries`."""

    _connection: Connection

    def open_runs(self, breach_id: BreachId) -> list[BatchId]:
        """Return the runs of a breach that have not ended, oldest first."""
        rows = self._connection.execute(
            select(batch.c.id)
            .where(batch.c.breach_id == breach_id, batch.c.state == "sending", batch.c.channel == Channel.EMAIL.value)
            .order_by(batch.c.id)
        )
        return [BatchId(row[0]) for row in rows]

    def run_counts(self, batch_id: BatchId) -> dict[str, int]:
        """Return {state: members} of a batch."""
        rows = self._connection.execute(
            select(delivery.c.state, func.count()).where(delivery.c.batch_id == batch_id).group_by(delivery.c.state)
        )
        return {row[0]: row[1] for row in rows}

    def waiting_members(self, batch_id: BatchId, revision_id: RevisionId) -> list[tuple[int, datetime | None]]:
        """Return (delivery, next try or None for now) of all who wait, most surely exposed first, then by number."""
        rank = case(_RANK, value=person_plan.c.exposure, else_=len(_RANK))
        rows = self._connection.execute(
            select(delivery.c.id, delivery.c.next_try_at)
            .outerjoin(
                person_plan,
                and_(person_plan.c.person_id == delivery.c.person_id, person_plan.c.revision_id == revision_id),
            )
            .where(delivery.c.batch_id == batch_id, delivery.c.state.in_(WAITING))
            .order_by(rank, delivery.c.number)
        )
        return [(row[0], row[1]) for row in rows]

    def waiting_rows(
        self, delivery_ids: Sequence[int], frozen: RevisionId, newest: RevisionId, default_language: str
    ) -> list[WaitingRow]:
        """Return what messages are made from, in the order asked; `frozen` is the revision the run was planned from."""
        now = person_plan.alias("plan_now")
        tries = (
            select(handover.c.delivery_id, func.min(handover.c.began_at).label("first"))
            .where(handover.c.delivery_id.in_(delivery_ids))
            .group_by(handover.c.delivery_id)
            .subquery("tries")
        )  # fmt: skip
        rows = self._connection.execute(
            select(
                *COLUMNS, delivery.c.language, delivery.c.token, delivery.c.number, delivery.c.attempt,
                delivery.c.id, now.c.channel, delivery.c.tries, tries.c.first, delivery.c.sha256, delivery.c.state,
            )
            .select_from(delivery)
            .join(person, person.c.id == delivery.c.person_id)
            .outerjoin(person_plan, and_(person_plan.c.person_id == person.c.id, person_plan.c.revision_id == frozen))
            .outerjoin(now, and_(now.c.person_id == person.c.id, now.c.revision_id == newest))
            .outerjoin(tries, tries.c.delivery_id == delivery.c.id)
            .where(delivery.c.id.in_(delivery_ids), delivery.c.state.in_(WAITING))
        )  # fmt: skip
        found: dict[int, WaitingRow] = {}
        for row in rows:
            own, kept = row[:OWN], row[OWN:]
            message = message_of(own, default_language, attempt=kept[3])
            message = message._replace(language=kept[0], token=kept[1], number=kept[2])
            found[kept[4]] = WaitingRow(kept[4], kept[9], message, kept[5] or "", kept[6], kept[7], kept[8])
        return [found[each] for each in delivery_ids if each in found]

    def run_readers(self, batch_id: BatchId, frozen: RevisionId) -> list[Reader]:
        """Return the kinds of readers among the members of a run."""
        rows = self._connection.execute(
            select(delivery.c.language, person_plan.c.exposure, person_plan.c.age)
            .join(
                person_plan, and_(person_plan.c.person_id == delivery.c.person_id, person_plan.c.revision_id == frozen)
            )
            .where(delivery.c.batch_id == batch_id)
            .distinct()
        )
        return [Reader(row[0], ExposureState(row[1]), Channel.EMAIL, row[2]) for row in rows]

    def ledger_lines(self, delivery_ids: Sequence[int], frozen: RevisionId) -> dict[int, LedgerLine]:
        """Return what the ledger says of deliveries, by their number: a statement of its own, so that a row that slipped
        on its way to the message is seen."""
        name = func.trim(person.c.given_names + literal(" ") + person.c.family_name)
        rows = self._connection.execute(
            select(
                delivery.c.id, delivery.c.token, name, person.c.given_names, person.c.registered, person.c.email, delivery.c.language, person_plan.c.exposure,
                delivery.c.channel, person_plan.c.age, person.c.protected, person.c.deceased,
            )
            .join(person, person.c.id == delivery.c.person_id)
            .join(person_plan, and_(person_plan.c.person_id == person.c.id, person_plan.c.revision_id == frozen))
            .where(delivery.c.id.in_(delivery_ids))
        )  # fmt: skip
        return {row[0]: LedgerLine(*row[:10], bool(row[10]), bool(row[11])) for row in rows}

    def ledger_of(
        self, person_ids: Sequence[int], revision_id: RevisionId, default_language: str
    ) -> dict[int, LedgerLine]:
        """Return what the ledger says of persons who are in no run yet, by their number; without a code."""
        name = func.trim(person.c.given_names + literal(" ") + person.c.family_name)
        language = case((person.c.language == "", default_language), else_=person.c.language)
        rows = self._connection.execute(
            select(
                person.c.id, literal(""), name, person.c.given_names, person.c.registered, person.c.email, language,
                person_plan.c.exposure, person_plan.c.channel, person_plan.c.age, person.c.protected, person.c.deceased,
            )
            .join(person_plan, and_(person_plan.c.person_id == person.c.id, person_plan.c.revision_id == revision_id))
            .where(person.c.id.in_(person_ids))
        )  # fmt: skip
        return {row[0]: LedgerLine._make((0, *row[1:10], bool(row[10]), bool(row[11]))) for row in rows}

    def last_event(self) -> int:
        """Return the number of the newest delivery event; 0 without any."""
        return int(self._connection.scalar(select(func.max(delivery_event.c.id))) or 0)

    def journal_lines(
        self, batch_id: BatchId, after: int, upto: int
    ) -> list[tuple[int, int, str, str, int, str, str, str]]:
        """Return what the journal of a run holds between two events."""
        event, tried = delivery_event.c, handover.c
        rows = self._connection.execute(
            select(
                event.delivery_id, event.state, event.source, event.reason, tried.attempt, tried.step, tried.code,
                tried.enhanced, tried.kind, tried.sha256,
            )
            .join(delivery, delivery.c.id == event.delivery_id)
            .outerjoin(handover, and_(tried.delivery_id == event.delivery_id, tried.ended_at == event.at,
                                      event.source == "smtp"))
            .where(event.id > after, event.id <= upto, event.source.in_(("smtp", "program")),
                   delivery.c.batch_id == batch_id)
        )  # fmt: skip
        return [
            (row[0], row[4] or 0, row[1], row[5] or "", row[6] or 0, row[7] or "", row[8] or "", row[9] or "")
            if row[2] == "smtp" else (row[0], 0, row[1], "", 0, "", row[3], "")
            for row in rows
        ]  # fmt: skip

    def strayed_deliveries(self) -> int:
        """Return how many deliveries stand in another state than their last event says; one in hand has none yet."""
        event = delivery_event.alias("last")
        last = (
            select(event.c.state).where(event.c.delivery_id == delivery.c.id).order_by(event.c.id.desc()).limit(1)
        ).scalar_subquery()  # fmt: skip
        return int(
            self._connection.scalar(
                select(func.count())
                .select_from(delivery)
                .where(delivery.c.state != DeliveryState.HANDING_OVER.value, delivery.c.state != last)
            )
            or 0
        )

    def tried_lines(
        self, breach_id: BreachId, states: Sequence[DeliveryState], batch_id: BatchId | None = None, limit: int = 500,
        tried: bool = False,
    ) -> list[TriedLine]:  # fmt: skip
        """Return deliveries by e-mail in these states (none given: any), newest first; `tried` leaves out those that
        were never handed over. Names of protected persons are not in it."""
        statement = self._tried().where(delivery.c.breach_id == breach_id, delivery.c.channel == Channel.EMAIL.value)
        if states:
            statement = statement.where(delivery.c.state.in_([each.value for each in states]))
        if batch_id is not None:
            statement = statement.where(delivery.c.batch_id == batch_id)
        if tried:
            statement = statement.where(delivery.c.tries > 0)
        rows = self._connection.execute(statement.order_by(delivery.c.state_at.desc(), delivery.c.id).limit(limit))
        return [TriedLine._make(row) for row in rows]

    def tried_by_token(self, token: str) -> TriedLine | None:
        """Return the delivery with this code, or None."""
        row = self._connection.execute(self._tried().where(delivery.c.token == token)).one_or_none()
        return TriedLine._make(row) if row is not None else None

    def _tried(self) -> Select[tuple[object, ...]]:
        whole = func.trim(person.c.family_name + ", " + person.c.given_names, ", ")
        return (
            select(
                delivery.c.id, delivery.c.person_id, person.c.code, case((person.c.protected, ""), else_=whole),
                delivery.c.token, delivery.c.state, delivery.c.state_at, delivery.c.tries, delivery.c.next_try_at,
                func.coalesce(handover.c.step, ""), func.coalesce(handover.c.code, 0), func.coalesce(handover.c.enhanced, ""),
                func.coalesce(func.nullif(handover.c.kind, ""), delivery.c.reason), func.coalesce(handover.c.reply, ""),
            )
            .select_from(delivery)
            .join(person, person.c.id == delivery.c.person_id)
            .outerjoin(handover, and_(handover.c.delivery_id == delivery.c.id, handover.c.attempt == delivery.c.tries))
        )  # fmt: skip

    def batches_of(self, delivery_ids: Sequence[int]) -> list[BatchId]:
        """Return the batches that these deliveries are in."""
        found: set[int] = set()
        for part in chunks(delivery_ids, _PART):
            found.update(self._connection.execute(select(delivery.c.batch_id).where(delivery.c.id.in_(part))).scalars())
        return [BatchId(each) for each in sorted(found)]

    def running_tries(self) -> list[RunningTry]:
        """Return the tries that began and have no answer in the journal."""
        rows = self._connection.execute(
            select(handover.c.delivery_id, delivery.c.breach_id, handover.c.attempt, handover.c.stage)
            .join(delivery, delivery.c.id == handover.c.delivery_id)
            .where(handover.c.ended_at.is_(None))
        )
        return [RunningTry._make(row) for row in rows]

    def begun_since(self, server: str, since: datetime) -> list[datetime]:
        """Return when tries through a server began, since an instant, in order: its limits count them."""
        rows = self._connection.execute(
            select(handover.c.began_at)
            .where(handover.c.began_at > since, handover.c.server == server)
            .order_by(handover.c.began_at)
        )
        return list(rows.scalars())

    def handed_by_minute(self, batch_id: BatchId, since: datetime) -> dict[int, int]:
        """Return {minute since 1970: messages accepted} of a run."""
        minute = type_coerce(handover.c.ended_at, BigInteger) // 60_000
        rows = self._connection.execute(
            select(minute, func.count())
            .join(delivery, delivery.c.id == handover.c.delivery_id)
            .where(delivery.c.batch_id == batch_id, handover.c.ended_at > since, handover.c.code.between(200, 299))
            .group_by(minute)
        )
        return {int(row[0]): row[1] for row in rows}

    def arming(self, breach_id: BreachId) -> Arming | None:
        """Return the newest arming of a breach, or None if it never was armed."""
        row = self._connection.execute(
            select(arming).where(arming.c.breach_id == breach_id).order_by(arming.c.id.desc()).limit(1)
        ).one_or_none()
        if row is None:
            return None
        return Arming(row.armed_by, row.armed_at, row.until, row.ended_at, row.ended_by)

    def states_of_tokens(self, tokens: Sequence[str]) -> dict[str, tuple[int, int, str]]:
        """Return {code: (delivery, breach, state)} of the codes that are ours."""
        found: dict[str, tuple[int, int, str]] = {}
        for part in chunks(tokens, _PART):
            rows = self._connection.execute(
                select(delivery.c.token, delivery.c.id, delivery.c.breach_id, delivery.c.state).where(
                    delivery.c.token.in_(part)
                )
            )
            found.update({row[0]: (row[1], row[2], row[3]) for row in rows})
        return found

    def anybody_at(self, breach_id: BreachId, addresses: Sequence[str]) -> bool:
        """Tell whether a person of a breach has one of these mail addresses, given in small letters."""
        own = select(person.c.id).where(
            person.c.breach_id == breach_id, func.lower(func.trim(person.c.email)).in_(addresses)
        )
        return self._connection.execute(own.limit(1)).first() is not None
