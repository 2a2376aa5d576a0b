"""Correct persons in bulk: shown first, then done whole, and taken back whole.

Nothing here sends anything, and nothing opens a way to a protected address: a protected person's contact data are left
out unless asked for, protection is never taken off by a list, and a new address that is a protected person's own is
left out and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dpo_app.core.dates import DateOrder, NoSuchDate, parse_date
from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId, PersonId, correction_ref
from dpo_app.core.partial_date import format_partial
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.contact import parse_email, parse_language
from dpo_app.core.persons.correction import LeftOut
from dpo_app.core.persons.household import address_key, email_key
from dpo_app.core.persons.names import clean
from dpo_app.core.persons.national_id import parse_national_id
from dpo_app.core.persons.postal import country_line
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.veil import veiled
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.persons.merge_values import ADDRESS, derived
from dpo_app.services.ports.corrections import NewChange
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.staging import LETTER_NEEDS, PERSON_FIELDS
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

#: Columns that a correction may change; care flags but *protected: yes* are marks of the officer.
CORRECTABLE = tuple(
    name for name in PERSON_FIELDS if name not in ("sort_key", "match_key", "extra", "deceased", *LETTER_NEEDS)
)
_DATES = ("born", "registered", "removed")


@veiled
class ChangeLine(NamedTuple):
    """What a correction does to one person, or why it leaves them out. `row` is that of the file, 0 without one."""

    person_id: int
    code: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    left_out: LeftOut | None = None
    row: int = 0
    protected: bool = False
    shares_mail: bool = False


@dataclass(frozen=True)
class Preview:
    """What a correction would do. `unchanged` are those who have the values already."""

    lines: tuple[ChangeLine, ...] = field(repr=False)
    unchanged: int = 0

    @property
    def changed(self) -> tuple[ChangeLine, ...]:
        """Return the persons who would be changed."""
        return tuple(line for line in self.lines if line.left_out is None)

    @property
    def left_out(self) -> tuple[ChangeLine, ...]:
        """Return those who would be left out."""
        return tuple(line for line in self.lines if line.left_out is not None)


@dataclass(frozen=True)
class Corrected:
    """A correction as done: `in_hand` persons have a message made with the old data that is not gone yet."""

    correction_id: int
    persons: int
    in_hand: int
    changes: Changes


def checked(column: str, text: str, desk: Desk) -> Any:
    """Return a typed value as it is kept. Raises InputError("value_form", column=…) for one that cannot be."""
    value, _dropped = clean(text)
    if column == "protected":
        return value in ("True", "1")
    if not value or column not in ("email", "national_id", "language", "country", *_DATES):
        return value
    if column in _DATES:
        try:
            return format_partial(parse_date(value, DateOrder.DAY_FIRST, desk.clock.now().date()))
        except NoSuchDate:
            raise InputError("value_form", column=column) from None
    if column == "country":
        kept = value.upper() if len(value) == 2 and country_line(value.upper()) else None
    elif column == "national_id":
        known = parse_national_id(value, desk.home_country)
        kept = known.text if known is not None else None
    else:
        kept = parse_email(value) if column == "email" else parse_language(value)
    if kept is None:
        raise InputError("value_form", column=column)
    return kept


def preview(
    desk: Desk, breach_id: BreachId, wanted: Mapping[int, Mapping[str, Any]], *, protected_too: bool = False
) -> Preview:
    """Return what a correction would do; `wanted` is {person: {column: value}}. Nothing is changed."""
    with desk.read() as queries:
        return plan_changes(queries, breach_id, wanted, protected_too=protected_too)


def plan_changes(
    queries: Queries, breach_id: BreachId, wanted: Mapping[int, Mapping[str, Any]], *, protected_too: bool,
    rows: Mapping[int, int] | None = None,
) -> Preview:  # fmt: skip
    """Return what would change, with those who are left out."""
    people = queries.links.values(sorted(wanted))
    guard = _Guard(queries, breach_id, {str(v["email"]) for v in wanted.values() if v.get("email")})
    lines: list[ChangeLine] = []
    unchanged = 0
    for number, values in sorted(wanted.items()):
        now = people.get(number)
        if now is None:
            continue
        after = {n: v for n, v in values.items() if n in CORRECTABLE and v != now[n]}
        if not after:
            unchanged += 1
            continue
        if {"family_name", "given_names", "born"} & set(after):
            after |= {n: v for n, v in derived({**now, **after}).items() if v != now[n]}
        line = ChangeLine(
            number, now["code"], ", ".join(filter(None, (now["family_name"], now["given_names"]))),
            {name: now[name] for name in after}, after, guard.reason(number, now, after, protected_too),
            (rows or {}).get(number, 0), bool(now["protected"]), guard.shares(number, after),
        )  # fmt: skip
        lines.append(line)
    return Preview(tuple(lines), unchanged)


class _Guard:
    """Knows the contact data that must not be reached by a correction."""

    def __init__(self, queries: Queries, breach_id: BreachId, new_mails: set[str]) -> None:
        self._mails: dict[str, int] = {}
        self._doors: dict[str, int] = {}
        self._owners = queries.corrections.mail_owners(breach_id, {email_key(each) for each in new_mails})
        for number, street, postcode, town, email in queries.corrections.protected_contacts(breach_id):
            if email:
                self._mails[email_key(email)] = number
            if door := address_key(street, postcode, town):
                self._doors[door] = number

    def reason(
        self, number: int, now: Mapping[str, Any], after: Mapping[str, Any], protected_too: bool
    ) -> LeftOut | None:
        if now["protected"] and after.get("protected") is False:
            return LeftOut.UNPROTECTS
        contact = set(after) & {*ADDRESS, "email", "phone"}
        if now["protected"] and contact and not protected_too:
            return LeftOut.PROTECTED
        if now["protected"] or not contact:
            return None
        values = {**now, **after}
        mail = self._mails.get(email_key(values["email"])) if "email" in after else None
        moved = set(after) & set(ADDRESS)
        door = self._doors.get(address_key(values["street"], values["postcode"], values["town"])) if moved else None
        return LeftOut.TO_PROTECTED if {mail, door} - {None, number} else None

    def shares(self, number: int, after: Mapping[str, Any]) -> bool:
        """Tell whether a new mail address is another person's already: a rule of care then leaves it to the officer."""
        mail = after.get("email")
        return bool(mail) and bool(self._owners.get(email_key(str(mail)), set()) - {number})


def correct_persons(
    desk: Desk, breach_id: BreachId, wanted: Mapping[int, Mapping[str, Any]], *, protected_too: bool = False,
    source: str = "bulk", file_name: str = "", file_sha256: str = "", progress: Progress = SILENT,
) -> Corrected:  # fmt: skip
    """Correct persons in one transaction and work the plan out anew. Raises InputError("nothing_to_correct")."""
    with desk.begin() as uow:
        found = plan_changes(uow.queries, breach_id, wanted, protected_too=protected_too)
        done = keep_changes(desk, uow, breach_id, found, source, file_name, file_sha256)
        uow.commit()
    make_plan(desk, breach_id, progress)
    return done


def keep_changes(
    desk: Desk, uow: UnitOfWork, breach_id: BreachId, found: Preview, source: str, file_name: str, file_sha256: str
) -> Corrected:
    if not found.changed:
        raise InputError("nothing_to_correct", left_out=len(found.left_out))
    numbers = [line.person_id for line in found.changed]
    values = {
        "uid": desk.ids.uid(), "breach_id": breach_id, "source": source, "file_name": file_name,
        "file_sha256": file_sha256, "persons": len(numbers), "made_at": desk.clock.now(), "made_by": desk.actor,
        "undone_at": None,
    }  # fmt: skip
    changes = [NewChange(line.person_id, line.before, line.after) for line in found.changed]
    number = uow.corrections.add_correction(values, changes)
    stop_waiting(desk, uow, [line.person_id for line in found.changed if line.after.get("protected") is True])
    in_hand = uow.care.in_hand([PersonId(each) for each in numbers])
    uow.audit.record(
        AuditAction.PERSONS_CORRECTED, subjects=(uow.queries.breach_uid(breach_id),),
        facts={"correction": number, "persons": len(numbers), "left_out": len(found.left_out),
               "in_hand": len(in_hand), "file_sha256": file_sha256 or "-"},
    )  # fmt: skip
    changed = Changes.of(breach_id, Topic.PERSONS, Topic.PLAN, Topic.DELIVERIES)
    return Corrected(number, len(numbers), len({each.person_code for each in in_hand}), changed)


def stop_waiting(desk: Desk, uow: UnitOfWork, numbers: Sequence[int]) -> int:
    """Stop what waits to be sent to persons who are protected from now on; returns how many messages."""
    waiting = uow.care.waiting_ids([PersonId(number) for number in numbers]) if numbers else []
    if waiting:
        uow.deliveries.move_ones(
            waiting, DeliveryState.CANCELLED, CareRule.PROTECTED.value, desk.clock.now(), desk.actor
        )
    return len(waiting)


@dataclass(frozen=True)
class CorrectionUndone:
    """How many persons are as they were before."""

    persons: int
    changes: Changes


def undo_correction(desk: Desk, correction_id: int) -> CorrectionUndone:
    """Take a correction back. Raises InputError("no_such_correction"), RuleError: "correction_undone",
    "correction_sent" once something went to any of the persons with the new data (a newer correction of single persons
    is the way then), "correction_built_on" while a later correction concerns them, "correction_merged"."""
    with desk.begin() as uow:
        line = uow.corrections.correction(correction_id)
        said = correction_ref(correction_id)
        if line.undone_at is not None:
            raise RuleError("correction_undone", correction=said)
        if sent := uow.corrections.sent_since(correction_id):
            raise RuleError("correction_sent", correction=said, persons=sent)
        if later := uow.corrections.corrected_since(correction_id):
            raise RuleError("correction_built_on", correction=said, later=correction_ref(later[-1]))
        if merged := uow.corrections.merged_since(correction_id):
            raise RuleError("correction_merged", correction=said, persons=merged)
        breach_id = BreachId(line.breach_id)
        persons = uow.corrections.undo_correction(correction_id, desk.clock.now())
        uow.audit.record(
            AuditAction.CORRECTION_UNDONE, subjects=(uow.queries.breach_uid(breach_id),),
            facts={"correction": correction_id, "persons": persons},
        )  # fmt: skip
        uow.commit()
    make_plan(desk, breach_id)
    return CorrectionUndone(persons, Changes.of(breach_id, Topic.PERSONS, Topic.PLAN))
