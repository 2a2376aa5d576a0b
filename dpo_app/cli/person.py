"""One person: everything about them, their record under Art. 15, and overruling for one or many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dpo_app.cli.persons import persons
from dpo_app.cli.session import Session, person_of, reference
from dpo_app.core.facts.exposure import ExposureReason, ExposureState
from dpo_app.core.ids import BreachId, PersonId, RevisionId, grouped
from dpo_app.core.persons.national_id import masked
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import write_bytes
from dpo_app.messages import word
from dpo_app.services.desk.manage_store import decide, note, view_person
from dpo_app.services.enquiries.export_record import export_record
from dpo_app.services.enquiries.sent_message import sent_messages
from dpo_app.services.lines import PersonFilter


@persons.command("show")
@click.argument("code")
@click.option("--national-id", "in_full", is_flag=True, help="In full; an entry of the trail.")
@click.option("--address", "with_address", is_flag=True, help="Of a protected person, too; an entry of the trail.")
@click.pass_obj
def show(session: Session, code: str, in_full: bool, with_address: bool) -> None:
    """Show everything about one person; that somebody looked is an entry of the trail."""
    with session.desk() as desk:
        person, revision = person_of(desk, code)
        view = view_person(desk, person, RevisionId(revision.id))
        if in_full:
            note(desk, AuditAction.ID_SHOWN)
        secret = view.line.protected and not with_address
        if view.line.protected and with_address:
            note(desk, AuditAction.ADDRESS_SHOWN)
        with desk.read() as queries:
            messages = sent_messages(desk, queries, person)
            enquiries = queries.enquiries(BreachId(view.breach_id), person_id=person)
            care = queries.person_lines(RevisionId(revision.id), [person])[0].care
    line, address = view.line, view.address
    result: dict[str, Any] = {
        "person": line.code, "family_name": line.family_name, "given_names": line.given_names, "born": view.born,
        "language": line.language, "customer_number": view.customer_number,
        "national_id": view.national_id if in_full else masked(view.national_id) if view.national_id else "",
        "email": "" if secret else view.email, "phone": "" if secret else view.phone,
        "address": [] if secret else [address.care_of, address.street, address.postcode, address.town, address.country],
        "protected": line.protected, "care": list(care), "registered": view.registered, "removed": view.removed,
        "exposure": line.exposure, "exposure_reason": view.exposure_reason, "channel": line.channel,
        "channel_reason": line.channel_reason, "standing": line.standing, "problems": list(view.noted),
        "import": f"I{view.import_id}", "row": view.row_number,
        "messages": [{"channel": m.channel, "state": m.state, "at": m.at.isoformat(), "language": m.language,
                      "code": m.token, "same": m.same, "text": m.text} for m in messages],
        "enquiries": [f"Q{each.id}" for each in enquiries],
    }  # fmt: skip
    why = word(ExposureReason(view.exposure_reason)) if view.exposure_reason else ""
    session.say(
        result,
        f"{grouped(line.code)}  {line.family_name}, {line.given_names}",
        f"{word(ExposureState(line.exposure)) if line.exposure else '-'}: {why}",
        *(f"{name}: {result[name]}" for name in ("channel", "channel_reason", "standing", "registered", "removed")),
        *(f"  {m.at:%Y-%m-%d %H:%M} {m.channel} {m.state}, code of the message {grouped(m.token)}" for m in messages),
    )


@persons.command("record")
@click.argument("code")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--language", default="", help="Of the person, unless given.")
@click.pass_obj
def record(session: Session, code: str, out: Path, language: str) -> None:
    """Make the record of one person as PDF, for a request under Art. 15."""
    with session.desk() as desk:
        person, _revision = person_of(desk, code)
        write_bytes(out, export_record(desk, person, language))
    session.say({"file": str(out)}, f"Written to {out}")


@persons.command("overrule")
@click.argument("which")
@click.argument("codes", nargs=-1)
@click.option("--to", "state", type=click.Choice([*(e.value for e in ExposureState), "none"]), required=True)
@click.option("--reason", required=True)
@click.option("--exposure", multiple=True, type=click.Choice([e.value for e in ExposureState]), help="Of a group.")
@click.option("--language", default="", help="Of a group.")
@click.pass_obj
def overrule(
    session: Session, which: str, codes: tuple[str, ...], state: str, reason: str, exposure: tuple[str, ...],
    language: str,
) -> None:  # fmt: skip
    """Overrule the exposure of persons, or of a group, with a reason; `none` takes it back."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        ids = [person_of(desk, code)[0] for code in codes]
        if not codes and (exposure or language):
            wanted = PersonFilter(exposures=frozenset(map(ExposureState, exposure)), language=language)
            with desk.read() as queries:
                revision = RevisionId(queries.newest_revision(number).id)
                ids = [PersonId(each) for each in queries.person_ids(number, revision, wanted)]
        decide(desk, number, ids, "exposure", "" if state == "none" else state, reason)
    session.say({"persons": len(ids)}, f"Overruled for {len(ids)} persons.")


COMMANDS: tuple[click.Command, ...] = ()
