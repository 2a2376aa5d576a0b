"""E-mail that came back: kept once, tied to deliveries, decided by the officer; and whom e-mail failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, insert, or_, select, update

from dpo_app.core.delivery import BEST_FIRST, FAILED_BY_EMAIL, Standing
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId
from dpo_app.core.persons.channel import Channel
from dpo_app.services.mail.returned_lines import FailedClass, ReturnedLine, ReturnedRow, TiedDelivery
from dpo_app.store.persons.person_store import chunks
from dpo_app.store.sending.standing import excused, ranks, round_start, standing_rank
from dpo_app.store.tables import decision, delivery, notice, person, returned_mail

_FAILED = sorted(state.value for state in FAILED_BY_EMAIL)
_PART = 500


class SqlReturnedMailStore:
    """Writes what came back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, rows: Sequence[ReturnedRow]) -> None:
        """Keep messages; their identities are new."""
        if rows:
            self._connection.execute(insert(returned_mail), [row._asdict() for row in rows])

    def decide(
        self, line_ids: Sequence[int], outcome: str, by: str, at: datetime, *, delivery_id: int | None = None,
        breach_id: int | None = None, state_before: str | None = None,
    ) -> None:  # fmt: skip
        """Set what became of messages; their text is no longer kept."""
        values: dict[str, Any] = {
            "outcome": outcome, "decided_by": by, "decided_at": at, "text": "", "address": "", "subject": "",
        }  # fmt: skip
        if delivery_id is not None:
            values |= {"delivery_id": delivery_id, "breach_id": breach_id}
        if state_before is not None:
            values["state_before"] = state_before
        for part in chunks(line_ids, _PART):
            self._connection.execute(update(returned_mail).where(returned_mail.c.id.in_(part)).values(**values))


class ReturnedMailQueries:
    """Reads what came back; mixed into `queries.SqlQueries`."""

    _connection: Connection

    def known_mail(self, identities: Iterable[str]) -> set[str]:
        """Return those identities that were read before."""
        known: set[str] = set()
        for part in chunks(identities, _PART):
            known.update(
                self._connection.scalars(
                    select(returned_mail.c.identity).where(returned_mail.c.identity.in_(part))
                )
            )  # fmt: skip
        return known

    def deliveries_by_tokens(self, tokens: Iterable[str]) -> dict[str, TiedDelivery]:
        """Return {code: delivery by e-mail} of those codes that are ours."""
        found: dict[str, TiedDelivery] = {}
        for part in chunks(tokens, _PART):
            for row in self._connection.execute(
                _tied(delivery.c.token).where(
                    delivery.c.token.in_(part), delivery.c.channel == Channel.EMAIL.value
                )
            ):  # fmt: skip
                found[row[-1]] = TiedDelivery._make(row[:-1])
        return found

    def deliveries_by_addresses(self, addresses: Iterable[str]) -> dict[str, TiedDelivery]:
        """Return {address in small letters: delivery} of those that exactly one person has who got an e-mail."""
        counts: dict[str, list[TiedDelivery]] = {}
        low = func.lower(person.c.email)
        for part in chunks(addresses, _PART):
            statement = (
                _tied(low)
                .join(person, person.c.id == delivery.c.person_id)
                .where(low.in_(part), delivery.c.channel == Channel.EMAIL.value)
                .order_by(delivery.c.id)
            )
            for row in self._connection.execute(statement):
                counts.setdefault(row[-1], []).append(TiedDelivery._make(row[:-1]))
        return {
            address: tied[-1] for address, tied in counts.items() if len({each.person_id for each in tied}) == 1
        }  # fmt: skip

    def returned_lines(
        self, breach_id: BreachId | None, outcomes: Sequence[str], limit: int = 500
    ) -> list[ReturnedLine]:
        """Return messages with these outcomes, of a breach or of none yet: what suggests a person first, then newest.
        Of a protected person only the code is shown."""
        rows = self._connection.execute(
            _lines()
            .where(
                returned_mail.c.outcome.in_(list(outcomes)),
                or_(returned_mail.c.breach_id == breach_id, returned_mail.c.breach_id.is_(None)),
            )
            .order_by(returned_mail.c.delivery_id.is_(None), returned_mail.c.read_at.desc(), returned_mail.c.id.desc())
            .limit(limit)
        )
        return [ReturnedLine._make(row) for row in rows]

    def returned_line(self, line_id: int) -> ReturnedLine:
        """Return one message. Raises InputError("no_such_mail")."""
        row = self._connection.execute(_lines().where(returned_mail.c.id == line_id)).one_or_none()
        if row is None:
            raise InputError("no_such_mail", mail=f"M{line_id}")
        return ReturnedLine._make(row)

    def returned_counts(self, breach_id: BreachId) -> dict[tuple[str, str], int]:
        """Return {(kind, outcome): messages} of a breach and of those tied to none."""
        rows = self._connection.execute(
            select(returned_mail.c.kind, returned_mail.c.outcome, func.count())
            .where(or_(returned_mail.c.breach_id == breach_id, returned_mail.c.breach_id.is_(None)))
            .group_by(returned_mail.c.kind, returned_mail.c.outcome)
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def email_counts(self, breach_id: BreachId) -> dict[str, int]:
        """Return {state: deliveries by e-mail} of a breach."""
        rows = self._connection.execute(
            select(delivery.c.state, func.count())
            .where(delivery.c.breach_id == breach_id, delivery.c.channel == Channel.EMAIL.value)
            .group_by(delivery.c.state)
        )
        return {row[0]: row[1] for row in rows}

    def failed_classes(self, breach_id: BreachId) -> list[FailedClass]:
        """Return by reason how many persons e-mail failed in this round who are open and were not moved on yet."""
        count = func.count(func.distinct(delivery.c.person_id))
        rows = self._connection.execute(
            _failed(breach_id)
            .add_columns(delivery.c.reason, count)
            .group_by(delivery.c.reason)
            .order_by(count.desc(), delivery.c.reason)
        )  # fmt: skip
        return [FailedClass(row[0], row[1]) for row in rows]

    def failed_persons(self, breach_id: BreachId, reasons: Sequence[str]) -> list[int]:
        """Return the persons of these reasons, in order."""
        statement = _failed(breach_id).add_columns(delivery.c.person_id).where(delivery.c.reason.in_(list(reasons)))
        return sorted(set(self._connection.scalars(statement)))


def _tied(named: Any) -> Select[Any]:
    return select(
        delivery.c.id, delivery.c.breach_id, delivery.c.person_id, delivery.c.notice_id, delivery.c.state,
        delivery.c.state_at, named,
    )  # fmt: skip


def _lines() -> Select[Any]:
    m = returned_mail.c
    name = case((person.c.protected, ""), else_=func.trim(person.c.family_name + ", " + person.c.given_names, ", "))
    return (
        select(
            m.id, m.read_at, m.kind, m.reason, m.status, m.proof, m.outcome, m.breach_id, m.delivery_id,
            delivery.c.person_id, func.coalesce(person.c.code, ""), func.coalesce(name, ""),
            func.coalesce(delivery.c.state, ""), m.state_before, m.address, m.subject, m.text,
        )
        .select_from(returned_mail)
        .outerjoin(delivery, delivery.c.id == m.delivery_id)
        .outerjoin(person, person.c.id == delivery.c.person_id)
    )  # fmt: skip


def _failed(breach_id: BreachId) -> Select[Any]:
    """Select, without columns yet, failed deliveries by e-mail of this round whose persons are open and stay so."""
    of_deliveries, of_excused = ranks(breach_id), excused(breach_id)
    moved = select(decision.c.person_id).where(
        decision.c.breach_id == breach_id, decision.c.kind == "ladder", decision.c.current
    )
    return (
        select()
        .select_from(delivery)
        .join(notice, notice.c.id == delivery.c.notice_id)
        .join(of_deliveries, of_deliveries.c.person_id == delivery.c.person_id)
        .outerjoin(of_excused, of_excused.c.person_id == delivery.c.person_id)
        .where(
            and_(
                delivery.c.breach_id == breach_id,
                delivery.c.channel == Channel.EMAIL.value,
                delivery.c.state.in_(_FAILED),
                notice.c.version >= round_start(breach_id),
                standing_rank(of_deliveries, of_excused) == BEST_FIRST.index(Standing.OPEN),
                delivery.c.person_id.not_in(moved),
            )
        )
    )
