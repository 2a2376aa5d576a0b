"""Everything about one person, as they may ask for it (Art. 15)."""

from __future__ import annotations

from dpo_app.core.ids import BreachId, ImportId, PersonId, RevisionId, breach_ref
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.enquiries.sent_message import sent_messages
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.reports import ExposureFact, MessageFact, PersonRecord
from dpo_app.services.ports.store import Queries

MOST_EVENTS = 500


def export_record(desk: Desk, person_id: PersonId, language: str = "") -> bytes:
    """Return the record of a person as PDF, in their language if there is none given and the program has it; that it
    was made is an entry of the trail. Raises InputError("no_such_person")."""
    with desk.read() as queries:
        record = person_record(desk, queries, person_id, language)
    data: bytes = desk.record_pdf.make(record)
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(
                AuditAction.RECORD_EXPORTED,
                subjects=(uow.queries.breach_uid(BreachId(record.view.breach_id)), record.view.uid),
                facts={"language": record.language},
            )
            uow.commit()
    return data


def person_record(desk: Desk, queries: Queries, person_id: PersonId, language: str = "") -> PersonRecord:
    """Return everything the store has about a person."""
    breach_id = queries.breach_of_person(person_id)
    revisions = queries.revisions(breach_id) if breach_id else []
    newest = RevisionId(revisions[-1].id) if revisions else RevisionId(0)
    view = queries.person(person_id, newest)
    facts = revisions[-1].facts
    organisation = organisation_of(queries)
    last = queries.trail.last()
    exposures = []
    for saved in revisions:
        seen = queries.person(person_id, RevisionId(saved.id))
        if seen.line.exposure:
            windows = tuple(w.name for place, w in enumerate(saved.facts.windows) if seen.windows >> place & 1)
            exposures.append(
                ExposureFact(saved.number, saved.facts.known_as_of, seen.line.exposure, seen.exposure_reason, windows)
            )
    contact = (organisation.dpo, organisation.phone, organisation.email, organisation.web_page)
    return PersonRecord(
        language=language or view.line.language or organisation.language, time_zone=organisation.time_zone,
        controller=facts.controller, contact=tuple(filter(None, contact)), breach_title=facts.title,
        breach_reference=facts.reference or breach_ref(breach_id),
        categories=tuple(category.value for category in facts.categories), made_at=desk.clock.now(),
        made_by=desk.actor, program=desk.program, head=last[1].hex() if last else "", view=view,
        source=queries.import_run(ImportId(view.import_id)), exposures=tuple(exposures), standing=view.line.standing,
        messages=tuple(
            MessageFact(m.channel, m.notice_version, m.state, m.at, m.language, m.token, m.subject, m.text, m.same)
            for m in sent_messages(desk, queries, person_id)
        ),
        enquiries=tuple(queries.enquiries(breach_id, person_id=person_id)),
        events=tuple(queries.trail.lines(subject=view.uid, limit=MOST_EVENTS)),
    )  # fmt: skip
