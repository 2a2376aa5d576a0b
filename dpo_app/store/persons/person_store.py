"""Plans and decisions about persons, as sets: streamed reads, chunked writes, never a person at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, and_, case, delete, func, insert, or_, select, update

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel, ChannelReason
from dpo_app.services.lines import PlanRow, PlanSource
from dpo_app.store.tables import care_mark, decision, delivery, person, person_key, person_plan

CHUNK = 5_000
Item = TypeVar("Item")

#: States after which a rung is left: the channel did not reach the person (design.md, the ladder).
#: An e-mail that was sent and failed leaves its rung only when the officer agrees (decision `ladder`).
_EMAIL_FAILED = (DeliveryState.REFUSED,)
#: The decision that a better address lets the letter rung be used again.
LETTER_AGAIN = "letter_again"
_NONE: frozenset[CareRule] = frozenset()
_LETTER_FAILED = (DeliveryState.RETURNED, DeliveryState.REFUSED)


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Yield `items` in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


class SqlPersonStore:
    """Persons of a breach as sets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan_sources(self, breach_id: BreachId) -> Iterator[PlanSource]:
        """Stream what decides exposure and rung, by person number.

        The rare things (failed channels, overrules) are read first as small mappings: joining them to a million
        persons would cost more than the persons.
        """
        failed_email = (
            self._failed(breach_id, Channel.EMAIL, _EMAIL_FAILED) | self._overrules(breach_id, "ladder").keys()
        )
        again = set(self._connection.execute(letter_again_for(breach_id)).scalars())
        failed_letter = self._failed(breach_id, Channel.LETTER, _LETTER_FAILED) - again
        overruled = self._overrules(breach_id, "exposure")
        moved = self._overrules(breach_id, "channel")
        marks, wishes = self._marks(breach_id)
        shared = self._shared_mails(breach_id)
        result = self._connection.execute(_plan_select(breach_id), execution_options={"yield_per": CHUNK})
        for row in result:
            number = row[0]
            yield PlanSource(
                number, row[1], row[2], row[3], bool(row[4]), bool(row[5]), row[6] != "", row[7], row[8], bool(row[9]),
                number in failed_email, number in failed_letter, overruled.get(number, ""), moved.get(number, ""),
                marks.get(number, _NONE) | _needs(row[10], row[11]), wishes.get(number, ""), row[8].lower() in shared,
            )  # fmt: skip

    def _failed(self, breach_id: BreachId, channel: Channel, states: Sequence[DeliveryState]) -> set[int]:
        rows = self._connection.execute(
            select(delivery.c.person_id).where(
                delivery.c.breach_id == breach_id, delivery.c.channel == channel, delivery.c.state.in_(states)
            )
        )
        return set(rows.scalars())

    def _overrules(self, breach_id: BreachId, kind: str) -> dict[int, str]:
        rows = self._connection.execute(
            select(decision.c.person_id, decision.c.value).where(
                decision.c.breach_id == breach_id, decision.c.kind == kind, decision.c.current
            )
        )
        return {row[0]: row[1] for row in rows}

    def _marks(self, breach_id: BreachId) -> tuple[dict[int, frozenset[CareRule]], dict[int, str]]:
        """Return the officer's marks and the channels persons asked for, by person."""
        marks: dict[int, frozenset[CareRule]] = {}
        wishes: dict[int, str] = {}
        rows = self._connection.execute(
            select(care_mark.c.person_id, care_mark.c.rule, care_mark.c.value).where(
                care_mark.c.breach_id == breach_id, care_mark.c.current
            )
        )
        for number, rule, value in rows:
            marks[number] = marks.get(number, _NONE) | {CareRule(rule)}
            if value:
                wishes[number] = value
        return marks, wishes

    def _shared_mails(self, breach_id: BreachId) -> set[str]:
        """Return the mail addresses that several persons of the breach have, in small letters."""
        address = func.lower(person.c.email)
        return set(
            self._connection.scalars(
                select(address)
                .where(person.c.breach_id == breach_id, person.c.email != "")
                .group_by(address)
                .having(func.count() > 1)
            )
        )

    def set_dates(self, person_id: PersonId, registered: str, removed: str) -> tuple[bytes, bytes] | None:
        """Write other dates of a person; returns (uid, key), None if there is no such person."""
        self._connection.execute(
            update(person).where(person.c.id == person_id).values(registered=registered, removed=removed)
        )
        row = self._connection.execute(
            select(person_key.c.uid, person_key.c.key).where(person_key.c.person_id == person_id)
        ).one_or_none()
        return (bytes(row[0]), bytes(row[1])) if row is not None else None

    def replace_plan(self, revision_id: RevisionId, rows: Iterable[PlanRow]) -> int:
        """Replace the plan of a revision; returns the number of rows."""
        self._connection.execute(delete(person_plan).where(person_plan.c.revision_id == revision_id))
        count = 0
        names = ("revision_id", *PlanRow._fields)
        statement = insert(person_plan)
        for chunk in chunks(rows):
            values: list[dict[str, Any]] = [dict(zip(names, (revision_id, *row), strict=True)) for row in chunk]
            self._connection.execute(statement, values)
            count += len(chunk)
        return count

    def letter_again(
        self, breach_id: BreachId, person_ids: Sequence[PersonId], again: bool, actor: str, at: datetime
    ) -> None:
        """Let the letter rung be used again for persons whose letter came back, or (False) no longer."""
        known = set(self._connection.execute(letter_again_for(breach_id)).scalars())
        wanted = [each for each in person_ids if again != (each in known)]
        if wanted:
            self.decide(breach_id, wanted, LETTER_AGAIN, Channel.LETTER.value if again else "", "", actor, at)

    def lower_rung(self, revision_id: RevisionId, person_ids: Sequence[PersonId]) -> None:
        """Put persons on the letter rung of a plan on the public one, as the next plan will."""
        for part in chunks(person_ids, 500):
            self._connection.execute(
                update(person_plan)
                .where(
                    person_plan.c.revision_id == revision_id, person_plan.c.person_id.in_(part),
                    person_plan.c.channel == Channel.LETTER.value,
                    person_plan.c.channel_reason != ChannelReason.CHOSEN.value,
                )
                .values(channel=Channel.PUBLIC.value, channel_reason=ChannelReason.LETTER_FAILED.value)
            )  # fmt: skip

    def letter_rung(self, revision_id: RevisionId, person_ids: Sequence[PersonId]) -> None:
        """Put persons whom a returned letter left on the public rung of a plan on the letter one again."""
        for part in chunks(person_ids, 500):
            mail = select(person.c.id).where(person.c.id.in_(part), person.c.email != "")
            reason = case(
                (person_plan.c.person_id.in_(mail), ChannelReason.EMAIL_FAILED.value),
                else_=ChannelReason.NO_EMAIL.value,
            )
            self._connection.execute(
                update(person_plan)
                .where(
                    person_plan.c.revision_id == revision_id, person_plan.c.person_id.in_(part),
                    person_plan.c.channel == Channel.PUBLIC.value,
                    person_plan.c.channel_reason.in_(
                        [ChannelReason.LETTER_FAILED.value, ChannelReason.NO_ADDRESS.value]
                    ),
                )
                .values(channel=Channel.LETTER.value, channel_reason=reason)
            )  # fmt: skip

    def set_address(self, person_id: PersonId, address: PostalAddress) -> tuple[bytes, bytes] | None:
        """Write another postal address of a person; returns (uid, key), None if there is no such person."""
        self._connection.execute(
            update(person)
            .where(person.c.id == person_id)
            .values(
                care_of=address.care_of, street=address.street, postcode=address.postcode, town=address.town,
                country=address.country,
            )
        )  # fmt: skip
        row = self._connection.execute(
            select(person_key.c.uid, person_key.c.key).where(person_key.c.person_id == person_id)
        ).one_or_none()
        return (bytes(row[0]), bytes(row[1])) if row is not None else None

    def decide(
        self, breach_id: BreachId, person_ids: Sequence[PersonId], kind: str, value: str, reason: str,
        decided_by: str, decided_at: datetime,
    ) -> int:  # fmt: skip
        """Record one decision for each person of this breach; the older one of its kind no longer counts."""
        count = 0
        for chunk in chunks(person_ids, 500):
            own = select(person.c.id).where(person.c.breach_id == breach_id, person.c.id.in_(chunk))
            self._connection.execute(
                update(decision)
                .where(decision.c.person_id.in_(own), decision.c.kind == kind, decision.c.current)
                .values(current=False)
            )
            found = list(self._connection.execute(own).scalars())
            if found:
                self._connection.execute(
                    insert(decision),
                    [
                        {
                            "breach_id": breach_id, "person_id": number, "kind": kind, "value": value,
                            "reason": reason, "decided_by": decided_by, "decided_at": decided_at,
                            "current": value != "",
                        }
                        for number in found
                    ],
                )  # fmt: skip
            count += len(found)
        return count


def letter_again_for(breach_id: BreachId) -> Select[Any]:
    """Select the persons who have a better address since their letter came back."""
    return select(decision.c.person_id).where(
        decision.c.breach_id == breach_id, decision.c.kind == LETTER_AGAIN, decision.c.current
    )


def _needs(large: bool, easy: bool) -> frozenset[CareRule]:
    """Return what a register says that a person needs of a letter, as marks."""
    if not large and not easy:
        return _NONE
    return frozenset(rule for rule, on in ((CareRule.LARGE_PRINT, large), (CareRule.EASY_LANGUAGE, easy)) if on)


def _plan_select(breach_id: BreachId) -> Select[Any]:
    return (
        select(
            person.c.id,
            person.c.registered,
            person.c.removed,
            person.c.born,
            person.c.protected,
            person.c.deceased,
            person.c.guardian,
            person.c.country,
            person.c.email,
            # A letter needs somebody to name, a place and a door or box; the rest is judged when it is set.
            and_(
                or_(person.c.family_name != "", person.c.given_names != ""),
                person.c.street != "",
                or_(person.c.postcode != "", person.c.town != ""),
            ),
            person.c.large_print,
            person.c.easy_language,
        )
        .where(person.c.breach_id == breach_id)
        .order_by(person.c.id)
    )
