"""What can be proved: the audit file of a breach, and the trail walked from its first entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.facts.differences import differences
from dpo_app.core.ids import (
    BatchId,
    BreachId,
    ImportId,
    NoticeId,
    RevisionId,
    batch_ref,
    breach_ref,
    import_ref,
    notice_ref,
)
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction, TrailState, Verdict, verify
from dpo_app.core.proof.audit_file import (
    AssessmentFact,
    AuditFile,
    AuthorityFact,
    BatchFact,
    DecisionFact,
    ImportFact,
    NoticeFact,
    TrailFact,
)
from dpo_app.core.risk.risk import assess_risk
from dpo_app.core.risk.risk_document import answers_from_document
from dpo_app.services.clocks.clocks import clocks_of
from dpo_app.services.mail.journal_proof import JournalReport, verify_journal
from dpo_app.services.notices.write_notice import organisation_of, readers_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Progress

TRAIL_ENTRIES = 2_000
STEP = 2_000


def export_audit(desk: Desk, breach_id: BreachId, language: str = "") -> bytes:
    """Return the audit PDF of a breach; the export itself becomes an entry of the trail, after the head that is
    printed in it. Raises InputError("no_such_breach")."""
    with desk.read() as queries:
        file = audit_file(desk, queries, breach_id, language)
        uid = queries.breach_uid(breach_id)
    data: bytes = desk.audit_pdf.make(file)
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(
                AuditAction.AUDIT_EXPORTED,
                subjects=(uid,),
                facts={"breach": breach_id, "entries": file.entries, "head": file.head},
            )
            uow.commit()
    return data


def audit_file(desk: Desk, queries: Queries, breach_id: BreachId, language: str = "") -> AuditFile:
    """Return everything the audit PDF says."""
    revisions = queries.revisions(breach_id)
    newest = revisions[-1]
    revision_id = RevisionId(newest.id)
    organisation = organisation_of(queries)
    standing = queries.standings(breach_id, revision_id)
    last = queries.trail.last()
    return AuditFile(
        breach=breach_ref(breach_id), language=language or organisation.language,
        time_zone=organisation.time_zone, organisation=organisation.name or newest.facts.controller,
        made_at=desk.clock.now(), made_by=desk.actor, program=desk.program, entries=last[0] if last else 0,
        head=last[1].hex() if last else "", revisions=revisions,
        changes={
            new.number: differences(old.facts, new.facts)
            for old, new in zip(revisions, revisions[1:], strict=False)
        },
        deadlines=clocks_of(desk, queries, breach_id, language or organisation.language).deadlines, persons=queries.count_persons(breach_id),
        exposure=queries.exposure_counts(revision_id), windows=queries.window_counts(revision_id),
        channel=queries.channel_counts(revision_id), channel_reasons=queries.channel_reasons(revision_id),
        standing={name: getattr(standing, name) for name in
                  ("in_scope", "told", "on_the_way", "open", "unknown", "excused")},
        standing_parts=standing.parts,
        refusals=dict(queries.refusals(breach_id, Channel.LETTER)),
        imports=_imports(queries, breach_id), notices=_notices(queries, breach_id),
        batches=_batches(queries, breach_id),
        sent=[(s.day, s.channel, s.state, s.messages) for s in queries.sent_counts(breach_id)],
        decisions=[
            DecisionFact(d.kind, d.value, d.reason, d.decided_by, d.decided_at, persons)
            for d, persons in queries.decisions(breach_id)
        ],
        trail=[
            TrailFact(line.seq, line.at, line.actor, line.action, line.facts)
            for line in reversed(queries.trail.lines(subject=queries.breach_uid(breach_id), limit=TRAIL_ENTRIES))
        ],
        assessments=[
            AssessmentFact(each, assess_risk(answers_from_document(each.document), desk.risk), desk.risk.citation)
            for each in queries.assessments(breach_id)
        ],
        evidence=queries.evidence(breach_id),
        authority_notices=_to_authorities(desk, queries, breach_id),
        authority_events=queries.authority_events(breach_id),
    )  # fmt: skip


def _to_authorities(desk: Desk, queries: Queries, breach_id: BreachId) -> list[AuthorityFact]:
    told = {each.notice_id: each for each in queries.authority_told(breach_id)}
    facts = []
    for number, notice in queries.authority_notices(breach_id):
        handed_in = told.get(number)
        facts.append(
            AuthorityFact(
                notice_ref(number), desk.forms.directory().find(notice.authority).name, notice,
                desk.forms.words(notice.language, notice.template).fields, handed_in.at if handed_in else None,
                handed_in.reference if handed_in else "",
            )
        )  # fmt: skip
    return facts


def _imports(queries: Queries, breach_id: BreachId) -> list[ImportFact]:
    return [
        ImportFact(
            import_ref(ImportId(run.id)), run.state, run.accepted_at, run.accepted_by, run.file_sha256, run.rows,
            run.new, run.changed, run.duplicate, run.rejected,
        )
        for run in queries.imports(breach_id)
        if run.state != "staged"
    ]  # fmt: skip


def _notices(queries: Queries, breach_id: BreachId) -> list[NoticeFact]:
    return [
        NoticeFact(notice_ref(NoticeId(number)), notice, readers_of(queries, notice))
        for number, notice in queries.notices(breach_id)
    ]


def _batches(queries: Queries, breach_id: BreachId) -> list[BatchFact]:
    return [
        BatchFact(
            batch_ref(BatchId(b.id)), b.channel, b.state, b.made_at, b.settled_on, b.members, b.pages, b.sheets,
            b.merkle_root,
        )
        for b in reversed(queries.batches(breach_id))
    ]  # fmt: skip


@dataclass(frozen=True)
class TrailReport:
    """What a verification found: state, entries, head, first bad sequence; `anchor` tells how the store stood to its
    anchor when it was opened. `journal` is what of the runs of e-mails the entries bind; it is looked at once the chain
    itself holds."""

    state: TrailState
    entries: int
    head: str
    first_bad: int = 0
    anchor: str = ""
    missing: int = 0
    journal: JournalReport = JournalReport()


def verify_trail(desk: Desk, head: str = "", progress: Progress = SILENT) -> TrailReport:
    """Walk the whole trail; `head` is a printed head hash that must be in it.

    Never writes: a failed check must not move the anchor. Raises InputError("head_form") for a head that is not 64
    hex digits.
    """
    expected = _head_bytes(head)
    with desk.read() as queries:
        total = queries.trail.count()
        verdict: Verdict = verify(
            _watched(queries.trail.stream(), progress, total), desk.store_id, desk.audit_mac, expected
        )
        journal = verify_journal(queries, progress) if verdict.state is TrailState.INTACT else JournalReport()
    state = verdict.state if journal.whole else TrailState.ALTERED
    if state is TrailState.INTACT and desk.opening.anchor != "whole":
        state = TrailState.BEHIND
    return TrailReport(
        state, verdict.entries, verdict.head.hex(), verdict.first_bad or journal.first_bad, desk.opening.anchor,
        desk.opening.missing, journal,
    )  # fmt: skip


def _head_bytes(text: str) -> bytes | None:
    plain = "".join(text.split())
    if not plain:
        return None
    try:
        value = bytes.fromhex(plain)
    except ValueError:
        raise InputError("head_form") from None
    if len(value) != 32:
        raise InputError("head_form")
    return value


def _watched(entries: Any, progress: Progress, total: int) -> Any:
    for done, entry in enumerate(entries):
        if done % STEP == 0:
            progress.step(done, total)
        yield entry
