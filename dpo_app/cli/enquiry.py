"""Those who ask: codes, identity, answers, the log, and how many are to come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from dpo_app.cli.session import Session, person_of, reference
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, EnquiryId, RevisionId, enquiry_ref, grouped
from dpo_app.core.persons.enquiry import AskedFact, Caller, CodeResult, EnquiryKind, EnquiryState, EnquiryWay, Identity
from dpo_app.messages import word
from dpo_app.services.enquiries.forecast_load import forecast
from dpo_app.services.enquiries.identify_caller import Attempt, check_code, identify
from dpo_app.services.enquiries.log_enquiry import EnquiryDraft, close_enquiry, log_enquiry, ready_answer
from dpo_app.services.lines import EnquiryLine

KINDS = click.Choice([kind.value for kind in EnquiryKind])
LANGUAGE = click.option("--language", default="fi", show_default=True)


@click.group()
def enquiry() -> None:
    """Calls, mails and visits of those who ask."""


@enquiry.command("code")
@click.argument("code")
@click.option("--breach", "which", default="", help="Of one breach only.")
@click.pass_obj
def code_(session: Session, code: str, which: str) -> None:
    """Say whether the code of a message is ours; never to whom it went. Exit 1 if it is not genuine."""
    number: BreachId | None = reference(which, "B", "B1") if which else None
    with session.desk() as desk:
        found = check_code(desk, number, code)
    session.say({"result": found.result.value}, word(found.result))
    if found.result is not CodeResult.GENUINE:
        raise SystemExit(1)


@enquiry.command("identify")
@click.argument("which")
@click.option("--text", default="", help="The name, number or code that the caller gave.")
@click.option("--code", default="", help="Of the message in their hand.")
@click.option("--fact", "facts", multiple=True, help="FACT=ANSWER, such as registered=2/2021.")
@click.option("--called-back", is_flag=True)
@click.option("--strong", is_flag=True)
@click.pass_obj
def identify_(
    session: Session, which: str, text: str, code: str, facts: tuple[str, ...], called_back: bool, strong: bool
) -> None:
    """Say who the caller is if that is established, and nothing if it is not. Exit 1 then."""
    number = reference(which, "B", "B1")
    answers: dict[AskedFact, str] = {}
    for each in facts:
        name, given, answer = each.partition("=")
        if not given or name not in set(AskedFact):
            raise InputError("bad_reference", reference=name[:20], example="registered=2/2021")
        answers[AskedFact(name)] = answer
    with session.desk() as desk:
        checked = check_code(desk, number, code) if code else None
        found = identify(desk, number, Attempt(text, checked, answers, called_back, strong))
        person = ""
        if found.person_id is not None:
            with desk.read() as queries:
                revision = RevisionId(queries.newest_revision(number).id)
                person = queries.person(found.person_id, revision).line.code
    session.say(
        {"established": found.established, "identity": found.identity.value, "person": person,
         "other_code": found.other_code},
        f"{word(found.identity)} {grouped(person)}".strip(),
    )  # fmt: skip
    if not found.established:
        raise SystemExit(1)


@enquiry.command("answer")
@click.argument("which")
@click.argument("kind", type=KINDS)
@LANGUAGE
@click.option("--established", is_flag=True, help="Identity is established.")
@click.option("--code", type=click.Choice([each.value for each in CodeResult]), default=None)
@click.pass_obj
def answer(session: Session, which: str, kind: str, language: str, established: bool, code: str | None) -> None:
    """Say what may be answered now, ready to read aloud."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        said = ready_answer(
            desk, number, EnquiryKind(kind), language, established=established, code=CodeResult(code) if code else None
        )
    session.say({"answer": said.mark, "text": said.text, "missing": list(said.missing)}, said.text)


@enquiry.command("add")
@click.argument("which")
@click.option("--kind", type=KINDS, required=True)
@click.option("--way", type=click.Choice([way.value for way in EnquiryWay]), default="call", show_default=True)
@click.option("--caller", type=click.Choice([each.value for each in Caller]), default="self", show_default=True)
@click.option("--person", default="", help="Code of the person; needs --identity.")
@click.option("--identity", type=click.Choice([each.value for each in Identity]), default="none", show_default=True)
@click.option("--code", default="", help="Of the message in their hand.")
@click.option("--answer", "mark", default="", help="Mark of the ready answer that was given.")
@click.option("--note", default="")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--open", "is_open", is_flag=True)
@click.pass_obj
def add(
    session: Session, which: str, kind: str, way: str, caller: str, person: str, identity: str, code: str, mark: str,
    note: str, due: datetime | None, is_open: bool,
) -> None:  # fmt: skip
    """Log an enquiry. A request under Art. 15 or 17 is due in a month."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        checked = check_code(desk, number, code) if code else None
        logged = log_enquiry(
            desk, number,
            EnquiryDraft(
                EnquiryWay(way), EnquiryKind(kind), desk.clock.now(), Identity(identity),
                person_of(desk, person)[0] if person else None, Caller(caller), checked.result if checked else None,
                checked.delivery.id if checked and checked.delivery else None, mark, note, due.date() if due else None,
                is_open,
            ),
        )  # fmt: skip
    due_on = logged.due_on.isoformat() if logged.due_on else ""
    session.say(
        {"enquiry": logged.reference, "state": logged.state.value, "due": due_on},
        f"{logged.reference} {word(logged.state)} {due_on}".strip(),
    )


@enquiry.command("list")
@click.argument("which")
@click.option("--open", "only_open", is_flag=True)
@click.pass_obj
def list_(session: Session, which: str, only_open: bool) -> None:
    """List enquiries, the open ones by due day; persons by their codes."""
    number = reference(which, "B", "B1")
    with session.desk() as desk, desk.read() as queries:
        lines = queries.enquiries(number, EnquiryState.OPEN if only_open else None)
        opened, total = queries.enquiry_counts(number)
    session.say(
        {"open": opened, "enquiries": total, "list": [_shown(line) for line in lines]},
        *(f"{enquiry_ref(EnquiryId(line.id)):>6}  {line.saved_at:%Y-%m-%d %H:%M}  {word(EnquiryWay(line.way))}  "
          f"{word(EnquiryKind(line.kind))}  {word(EnquiryState(line.state))}  {line.due_on or ''}  "
          f"{line.person_code or ''}" for line in lines),
        f"{opened} open of {total}",
    )  # fmt: skip


def _shown(line: EnquiryLine) -> dict[str, Any]:
    return {
        "enquiry": enquiry_ref(EnquiryId(line.id)), "at": line.saved_at.isoformat(), "way": line.way, "kind": line.kind,
        "caller": line.caller, "identity": line.identity, "code": line.code_check, "person": line.person_code or "",
        "state": line.state, "due": line.due_on.isoformat() if line.due_on else "", "by": line.taken_by,
    }  # fmt: skip


@enquiry.command("close")
@click.argument("which")
@click.option("--outcome", required=True)
@click.pass_obj
def close(session: Session, which: str, outcome: str) -> None:
    """Close an open enquiry with what came of it."""
    number = EnquiryId(reference(which, "Q", "Q1"))
    with session.desk() as desk:
        close_enquiry(desk, number, outcome)
    session.say({"enquiry": which.upper(), "state": "closed"}, f"{which.upper()} closed.")


@enquiry.command("forecast")
@click.argument("which")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]))
@click.pass_obj
def forecast_(session: Session, which: str, day: datetime | None) -> None:
    """Say how many are expected in each hour of service, and by which rate."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        found = forecast(desk, number, day.date() if day else None)
    session.say(
        {"rate": round(found.rate, 1), "asked": found.asked, "told": found.told, "peak": round(found.peak, 1),
         "hours": [{"at": h.at.isoformat(), "expected": round(h.expected, 1), "asked": h.asked} for h in found.hours]},
        *(f"{hour.at:%a %d.%m. %H:%M}  {hour.expected:6.1f}  {'' if hour.asked is None else hour.asked}"
          for hour in found.hours),
        f"{found.rate:.0f} of 1 000 told ask, half of them within two days; {found.asked} have asked, {found.told} told",
    )  # fmt: skip


COMMANDS = (enquiry,)
