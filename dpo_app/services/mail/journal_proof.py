"""The journal of handing over and the trail: what is bound how, and whether it still holds.

Handing over leaves no entry for each message, so an entry every few hundred lines carries their digest and the span of
delivery events they stand in (`after` < number <= `upto`). Spans of a run follow on each other without a gap: lines that
a crash left without an entry are bound when the run goes on. Whoever changes a line, or what became of a message, behind
the program's back changes a digest that is chained into the trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dpo_app.core.digests import sha256
from dpo_app.core.ids import BatchId
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.progress import SILENT, Progress

PAGE = 500


@dataclass(frozen=True)
class JournalReport:
    """`lines` that entries bind; `first_bad` is the first entry whose lines are not those it binds (0: none), `moved` how
    many deliveries stand elsewhere than their last event says."""

    lines: int = 0
    first_bad: int = 0
    moved: int = 0

    @property
    def whole(self) -> bool:
        """Tell whether everything is as it was written."""
        return not self.first_bad and not self.moved


def line_bytes(
    delivery_id: int, attempt: int, state: str, step: str, code: int, enhanced: str, kind: str, sha: str
) -> bytes:
    """Return what of a settled try is bound: not the address, and not the answer's words, which may be erased."""
    return f"{delivery_id}|{attempt}|{state}|{step}|{code}|{enhanced}|{kind}|{sha}".encode()


def digest(lines: Iterable[bytes]) -> str:
    """Return the digest of lines in whatever order."""
    return sha256(b"\n".join(sorted(lines))).hex()


def bind(
    uow: UnitOfWork, batch_id: BatchId, breach_uid: str, lines: int, value: str, counts: Mapping[str, int]
) -> None:
    """Record the entry that binds everything the journal of a run has got since the one before."""
    after, upto = _bound(uow.queries, batch_id), uow.queries.last_event()
    facts: dict[str, int | str] = {
        "batch": batch_id,
        "lines": lines,
        "digest": value,
        "after": after,
        "upto": upto,
        **counts,
    }
    uow.audit.record(AuditAction.EMAILS_HANDED_OVER, subjects=(breach_uid,), facts=facts)
    uow.sending.set_run(batch_id, uow.queries.batch(batch_id).state, {"bound": upto})


def bind_rest(uow: UnitOfWork, batch_id: BatchId, breach_uid: str, counts: Mapping[str, int]) -> None:
    """Bind lines that a crash left without an entry, before a run goes on."""
    found = uow.queries.journal_lines(batch_id, _bound(uow.queries, batch_id), uow.queries.last_event())
    if found:
        bind(uow, batch_id, breach_uid, len(found), digest(line_bytes(*each) for each in found), counts)


def _bound(queries: Queries, batch_id: BatchId) -> int:
    return int(queries.batch(batch_id).facts.get("bound", 0))


def verify_journal(queries: Queries, progress: Progress = SILENT) -> JournalReport:
    """Work the digests out anew, entry by entry; no more than one entry's lines are in memory."""
    lines, ends = 0, dict[int, int]()
    for number, facts in _entries(queries):
        batch_id, after, upto = int(facts["batch"]), int(facts["after"]), int(facts["upto"])
        found = queries.journal_lines(BatchId(batch_id), after, upto)
        follows = after == ends.get(batch_id, 0)
        if not follows or len(found) != facts["lines"] or digest(line_bytes(*e) for e in found) != facts["digest"]:
            return JournalReport(lines, number)
        ends[batch_id] = upto
        lines += len(found)
        progress.step(lines, None)
    return JournalReport(lines, 0, queries.strayed_deliveries())


def _entries(queries: Queries) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the entries that bind lines, oldest first."""
    found: list[tuple[int, Mapping[str, Any]]] = []
    before = 0
    while page := queries.trail.lines(actions=[AuditAction.EMAILS_HANDED_OVER], limit=PAGE, before=before):
        found.extend((each.seq, each.facts) for each in page if "upto" in each.facts)
        before = page[-1].seq
    return found[::-1]
