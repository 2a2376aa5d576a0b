"""`make run`: the whole way once with the made-up clinic, into a folder, told in ten lines."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from dpo_app import bootstrap
from dpo_app.cli.session import Meter
from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_log import AuthorityEvent, ContactKind
from dpo_app.core.authority.authority_notice import Own
from dpo_app.core.ids import BatchId, BreachId, RevisionId, notice_ref, parse_ref
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.core.risk.risk import RiskResult
from dpo_app.files import ensure_folder, write_bytes
from dpo_app.services.authority.record_authority import record_authority_event
from dpo_app.services.authority.tell_authority import (
    approve_authority_notice,
    draft_authority_notice,
    leave_open,
    look_at,
    notice_pdf,
    published_form,
    say_in_notice,
)
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.facts.judge_risk import keep_assessment, suggested_answers
from dpo_app.services.letters.make_letters import confirm_posted, make_letters
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.notices.write_notice import DEFAULT_LANGUAGES, Confirmed, approve_notice, draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import export_audit, verify_trail

#: Opens the example only: it is printed, and it protects nothing.
PASSPHRASE = "look around in the example"
NAME = "Esimerkkiklinikka"


def walk(out: Path, persons: int, actor: str) -> tuple[Any, ...]:
    """Make the example in a new folder `out/run-N` and walk it; returns a result and ten lines."""
    started = time.perf_counter()
    ensure_folder(out)
    number = 1 + max((int(p.name[4:]) for p in out.glob("run-*") if p.name[4:].isdigit()), default=0)
    folder = out / f"run-{number}"
    ensure_folder(folder)
    store = folder / f"{NAME}.dpo"
    bootstrap.make_store(store, NAME, PASSPHRASE, folder / "recovery-sheet.pdf", actor)
    with bootstrap.opened_with_passphrase(store, PASSPHRASE, actor) as desk:
        made = make_example(desk, persons, progress=Meter("persons"))
        risk = _assess(desk, made.breach_id)
        first_notice = _tell_authority(desk, made.breach_id, NoticePhase.INITIAL, folder)
        notice_id, _ = draft_notice(desk, made.breach_id)
        approved, _ = approve_notice(desk, notice_id, "Maija Mallikas", Confirmed(DEFAULT_LANGUAGES, True))
        letters = make_letters(desk, made.breach_id, folder / "letters", progress=Meter("letters"))
        emails = export_emails(desk, made.breach_id, folder / "emails", progress=Meter("e-mails"))
        first = parse_ref(letters.batches[0].reference, "L") if letters.batches else None
        if first is not None:
            confirm_posted(desk, BatchId(first), desk.clock.now().date())
        _tell_authority(desk, made.breach_id, NoticePhase.FOLLOW_UP, folder)
        write_bytes(folder / "audit.pdf", export_audit(desk, made.breach_id))
        report = verify_trail(desk)
        with desk.read() as queries:
            revision = RevisionId(queries.newest_revision(made.breach_id).id)
            exposure = queries.exposure_counts(revision)
            channel = queries.channel_counts(revision)
            standing = queries.standings(made.breach_id, revision)
    seconds = time.perf_counter() - started
    result = {
        "folder": str(folder), "store": str(store), "persons": made.persons, "exposure": exposure,
        "channel": channel, "letters": letters.letters, "emails": emails.planned,
        "risk": risk.level.value, "score": risk.score, "in_scope": standing.in_scope, "trail": report.state.value, "seconds": round(seconds, 1),
    }  # fmt: skip
    return (
        result,
        f"A made-up clinic lost its register. {made.persons} persons were brought in; nothing here is real.",
        f"Risk by the method of ENISA: {risk.score:g}, {risk.level.value.replace('_', ' ')}; owed: {risk.decided.value}. "
        f"Exposure: {exposure['confirmed']} confirmed, {exposure['possible']} possible, "
        f"{exposure['undetermined']} undetermined, {exposure['not_exposed']} not exposed.",
        f"Channel: {channel['email']} by e-mail, {channel['letter']} by letter, {channel['officer']} for you to decide.",
        f"Notice to the authority {first_notice}, handed in, and a follow-up on who was told; PDF and JSON of both.",
        f"Notice in {', '.join(approved.languages)}, checked against Art. 34(2), frozen as {approved.sha256[:16]}…",
        f"Letters: {letters.letters} in {len(letters.batches)} batch(es) in {folder / 'letters'}",
        f"E-mails: {emails.planned} files in {folder / 'emails'}",
        f"Ledger: told {standing.told} + on the way {standing.on_the_way} + open {standing.open} + unknown "
        f"{standing.unknown} + excused {standing.excused} = {standing.in_scope} in scope.",
        f"Audit PDF: {folder / 'audit.pdf'}; trail {report.state.value}, {report.entries} entries.",
        f"Store: {store} (passphrase: {PASSPHRASE})",
        f"Done in {seconds:.1f} s.",
    )


def _assess(desk: Desk, breach_id: BreachId) -> RiskResult:
    """Keep the assessment that the facts give by themselves."""
    with desk.read() as queries:
        answers = suggested_answers(queries, breach_id)
    return keep_assessment(desk, breach_id, answers).result


def _tell_authority(desk: Desk, breach_id: BreachId, phase: NoticePhase, folder: Path) -> str:
    """Write, approve and hand in a notice to the authority, with PDF and JSON beside the letters; returns its reference.
    What nobody knows is left open with its reason."""
    notice_id, _ = draft_authority_notice(desk, breach_id, phase=phase)
    late = Own("The officer was alone with the breach; the first facts were told to the authority by telephone.")
    said = {gap.key: late for gap in look_at(desk, notice_id).filled.gaps if gap.key == "late_reason"}
    if said:
        say_in_notice(desk, notice_id, said)
    if look_at(desk, notice_id).filled.gaps:
        leave_open(desk, notice_id, "The investigation goes on.", desk.clock.now().date() + timedelta(days=14))
    approve_authority_notice(desk, notice_id, "Maija Mallikas")
    name = f"authority-{phase.value.replace('_', '-')}"
    with desk.read() as queries:
        paper, form = notice_pdf(desk, queries, notice_id), published_form(desk, queries, notice_id)
    write_bytes(folder / f"{name}.pdf", paper)
    write_bytes(folder / f"{name}.json", form)
    event = AuthorityEvent(breach_id, "", ContactKind.SUBMITTED, desk.clock.now(), AuthorityChannel.PORTAL,
                           "Maija Mallikas", notice_id, reference="EXAMPLE-1")  # fmt: skip
    record_authority_event(desk, event)
    return notice_ref(notice_id)
