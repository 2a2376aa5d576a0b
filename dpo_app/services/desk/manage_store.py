"""Settings of the organisation, entries for unlocking and locking, and the officer's decisions about persons."""

from __future__ import annotations

from collections.abc import Sequence

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.core.organisation import Organisation
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.lines import PersonView
from dpo_app.services.persons.mark_care import refuse_protected_group
from dpo_app.services.persons.subjects import subjects_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic


def save_organisation(desk: Desk, organisation: Organisation) -> Changes:
    """Keep what notices and letters say about the sender. Raises InputError as `Organisation.checked`."""
    organisation.checked()
    with desk.begin() as uow:
        uow.settings.put("organisation", organisation.to_document())
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": "organisation"})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)


def note(desk: Desk, action: AuditAction, *, reason: str = "", **facts: int | str) -> None:
    """Add an entry of its own: unlocked, locked, a way in changed; a reason in the officer's own words may go with it."""
    with desk.begin() as uow:
        uow.audit.record(action, facts=facts, remarks={"reason": reason} if reason else None)
        uow.commit()


_ACTIONS = {
    "exposure": AuditAction.EXPOSURE_OVERRULED,
    "channel": AuditAction.CHANNEL_CHANGED,
    "excuse": AuditAction.EXCUSED,
}


def decide(
    desk: Desk, breach_id: BreachId, person_ids: Sequence[PersonId], kind: str, value: str, reason: str
) -> Changes:
    """Record the officer's decision about persons, with its reason, and work the plan out anew.

    `kind`: exposure (value: an exposure state), channel (value: email, letter, public or officer), excuse (value
    "excused"); value "" takes a decision back. Raises InputError("reason_needed"), InputError("nobody_chosen"),
    RuleError("channel_impossible", persons=n), RuleError("protected_in_group", persons=n).
    """
    if not reason.strip():
        raise InputError("reason_needed")
    if not person_ids:
        raise InputError("nobody_chosen")
    if value and kind == "exposure":
        ExposureState(value)
    if value and kind == "channel":
        _refuse_impossible(desk, breach_id, person_ids, Channel(value))
    with desk.begin() as uow:
        if kind == "channel" and value in (Channel.EMAIL, Channel.LETTER):
            refuse_protected_group(uow, person_ids)
        count = uow.persons.decide(breach_id, person_ids, kind, value, reason.strip(), desk.actor, desk.clock.now())
        uow.audit.record(
            _ACTIONS[kind],
            subjects=subjects_of(uow, breach_id, person_ids),
            facts={"persons": count, "value": value or "-"},
            remarks={"reason": reason},
        )
        uow.commit()
    if kind != "excuse":
        make_plan(desk, breach_id)
    return Changes.of(breach_id, Topic.PLAN, Topic.PERSONS)


def _refuse_impossible(desk: Desk, breach_id: BreachId, person_ids: Sequence[PersonId], channel: Channel) -> None:
    with desk.read() as queries:
        revision = queries.newest_revision(breach_id)
        rows = queries.message_rows_of(RevisionId(revision.id), person_ids, "fi")
    lacking = sum(
        (channel is Channel.EMAIL and not row.email)
        or (channel is Channel.LETTER and not (row.address.street and row.full_name))
        for row in rows
    )
    if lacking:
        raise RuleError("channel_impossible", persons=lacking)


def view_person(desk: Desk, person_id: PersonId, revision_id: RevisionId) -> PersonView:
    """Return one person for the pane; that somebody looked is an entry of the trail (security.md section 5)."""
    with desk.read() as queries:
        view = queries.person(person_id, revision_id)
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(AuditAction.PERSON_VIEWED, subjects=(view.uid,))
            uow.commit()
    return view
