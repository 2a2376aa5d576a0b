"""A better address for somebody whose letter came back, and the letter again as a new attempt."""

from __future__ import annotations

from dataclasses import dataclass

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.postal import set_address
from dpo_app.core.proof.audit import AuditAction, commitment
from dpo_app.core.veil import veiled
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic


@veiled
@dataclass(frozen=True)
class CorrectedAddress:
    """The lines as the next letter will show them."""

    lines: tuple[str, ...]
    changes: Changes


def correct_address(
    desk: Desk, breach_id: BreachId, person_id: PersonId, address: PostalAddress, reason: str
) -> CorrectedAddress:
    """Write another postal address, with the reason for believing it, and let the letter rung be used again.

    The trail keeps the reason and a commitment, not the address. Raises InputError: "reason_needed", "no_such_person",
    "address_unchanged", "address_not_usable".
    """
    if not reason.strip():
        raise InputError("reason_needed")
    with desk.begin() as uow:
        revision = RevisionId(uow.queries.newest_revision(breach_id).id)
        own = uow.queries.message_rows_of(revision, [person_id], "")
        if not own:
            raise InputError("no_such_person")
        if own[0].address == address:
            raise InputError("address_unchanged")
        country = organisation_of(uow.queries).country
        found = set_address(own[0].full_name, address, desk.country_rules, country)
        if found.problem is not None:
            raise InputError("address_not_usable", problem=found.problem)
        kept = uow.persons.set_address(person_id, address)
        if kept is None:
            raise InputError("no_such_person")
        uid, key = kept
        uow.persons.letter_again(breach_id, [person_id], True, desk.actor, desk.clock.now())
        uow.persons.letter_rung(revision, [person_id])
        uow.audit.record(
            AuditAction.ADDRESS_CORRECTED,
            subjects=(uow.queries.breach_uid(breach_id), uid.hex()),
            remarks={"reason": reason},
            commitments={"address": commitment(key, "address", "\n".join(found.lines))},
        )
        uow.commit()
    return CorrectedAddress(found.lines, Changes.of(breach_id, Topic.PERSONS, Topic.PLAN, Topic.DELIVERIES))
