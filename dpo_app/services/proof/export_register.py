"""The register of breaches (Art. 33(5)): read for the screen, and written as PDF, workbook, CSV or JSON."""

from __future__ import annotations

import json
from enum import StrEnum
from zoneinfo import ZoneInfo

from dpo_app.core.clocks.deadline import Deadline
from dpo_app.core.clocks.regime import Addressee, FactName
from dpo_app.core.delivery import STANDING_OF, DeliveryState, Standing
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, RevisionId, breach_ref
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.proof.register import Register, RegisterEntry, RegisterFilter, notified_of
from dpo_app.core.proof.register_document import document_of
from dpo_app.core.risk.risk_document import answers_from_document
from dpo_app.i18n import catalogue
from dpo_app.messages.facts import FactWords
from dpo_app.messages.register_words import RegisterWords
from dpo_app.services.clocks.clocks import Clocks, clocks_of
from dpo_app.services.lines import BreachLine
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Progress

#: Which clock stands in the register: the first notice under the law that governs, in this order.
_FIRST = ("gdpr.art33_1", "uk_gdpr.art33_1", "ch_fadp.art24_1")


class RegisterForm(StrEnum):
    """In which form the register is written."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def form_of(file_name: str) -> RegisterForm:
    """Return the form that a file's name asks for. Raises InputError("register_kind")."""
    end = file_name.rpartition(".")[2].lower()
    if end not in [each.value for each in RegisterForm]:
        raise InputError("register_kind", file=file_name[-60:])
    return RegisterForm(end)


def register_of(
    desk: Desk, queries: Queries, wanted: RegisterFilter | None = None, language: str = "", progress: Progress = SILENT
) -> Register:
    """Return the entries that are asked for, the newest awareness first."""
    lines, organisation = queries.breaches(), organisation_of(queries)
    spoken, asked = language or organisation.language, wanted or RegisterFilter()
    entries = []
    for done, line in enumerate(lines):
        progress.step(done, len(lines))
        entry = _entry(desk, queries, line, spoken)
        if asked.takes(entry, desk.time_zone):
            entries.append(entry)
    last = queries.trail.last()
    return Register(
        organisation=organisation.name, language=spoken, zone=desk.time_zone, made_at=desk.clock.now(),
        made_by=desk.actor, program=desk.program, trail_entries=last[0] if last else 0,
        head=last[1].hex() if last else "",
        entries=tuple(sorted(entries, key=lambda each: (each.aware_at, each.id), reverse=True)), total=len(lines),
    )  # fmt: skip


def export_register(
    desk: Desk,
    form: RegisterForm,
    wanted: RegisterFilter | None = None,
    language: str = "",
    progress: Progress = SILENT,
) -> bytes:
    """Return the register as a file; the export becomes an entry of the trail, after the head that is named in it."""
    with desk.read() as queries:
        register = register_of(desk, queries, wanted, language, progress)
    data = _written(desk, register, form)
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(
                AuditAction.REGISTER_EXPORTED,
                facts={"breaches": len(register.entries), "form": form.value, "head": register.head},
            )
            uow.commit()
    return data


def _written(desk: Desk, register: Register, form: RegisterForm) -> bytes:
    if form is RegisterForm.PDF:
        return desk.register_pdf.make(register)
    if form is RegisterForm.JSON:
        return (json.dumps(document_of(register), ensure_ascii=False, indent=1) + "\n").encode()
    words = register_words(register)
    rows = [[cell.text for cell in words.cells(each)] for each in register.entries]
    return (desk.sheets.xlsx if form is RegisterForm.XLSX else desk.sheets.csv)(words.headings(), rows)


def register_words(register: Register) -> RegisterWords:
    """Return what says entries in the language and the zone of a register."""
    facts = FactWords(register.language, register.zone, catalogue(register.language).gettext)
    return RegisterWords(facts, register.language, register.zone, register.made_at)


def _entry(desk: Desk, queries: Queries, line: BreachLine, language: str) -> RegisterEntry:
    breach_id = BreachId(line.id)
    standing = queries.standings(breach_id, RevisionId(line.revision_id))
    clocks = clocks_of(desk, queries, breach_id, language, standing)
    saved = clocks.revisions[-1]
    duty, now = _duty(clocks), desk.clock.now()
    met = duty.done if duty is not None else None
    roles = clocks.facts.facts[FactName.ROLE]
    assessment = queries.assessment(breach_id)
    answers = answers_from_document(assessment.document) if assessment is not None else None
    exemption = answers.exemption if answers is not None and answers.exemption else saved.facts.communication.exemption
    why = answers.exemption_reason if answers is not None else ""
    told = [each for each in queries.sent_counts(breach_id) if _tells(each.state)]
    days = sorted(each.day for each in told)
    return RegisterEntry(
        id=line.id, reference=breach_ref(breach_id), saved=saved, revisions=len(clocks.revisions),
        aware_at=clocks.facts.anchors["awareness"].at.astimezone(ZoneInfo("UTC")), duty=duty,
        notified=notified_of(duty, met, now, "controller" not in roles), met=met,
        told=tuple(queries.authority_told(breach_id)),
        delay=duty.late_by(now) if duty is not None else now - now, delay_reason=duty.reason if duty is not None else "",
        assessment=assessment, risk_reason=answers.decision_reason if answers is not None else "", exemption=exemption,
        exemption_reason=why or saved.facts.communication.reason, in_scope=standing.in_scope,
        persons_told=standing.told, persons_excused=standing.excused, told_from=days[0] if days else None,
        told_to=days[-1] if days else None, channels=tuple(dict.fromkeys(each.channel for each in told)),
        closed_at=line.closed_at,
    )  # fmt: skip


def _duty(clocks: Clocks) -> Deadline | None:
    """Return the clock of the first notice to a data-protection authority, or None if no law asks for one."""
    found = {each.key: each for each in clocks.deadlines if each.addressee is Addressee.AUTHORITY}
    return next((found[key] for key in _FIRST if key in found), None)


def _tells(state: str) -> bool:
    return STANDING_OF[DeliveryState(state)] is Standing.TOLD
