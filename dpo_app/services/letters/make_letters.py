"""Make letters: cut batches, freeze their members, write them, confirm that they were posted.

Exactly once (security.md section 6): the members of a batch and their tokens are committed before the first page is
written, and the folder appears only when it is whole and every page was
read back and found right. A batch that was being made when the program ended is found in state *making* and made again
from its frozen members: the same bytes.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId, NoticeId, PersonId, RevisionId, batch_ref
from dpo_app.core.letters.letter import DEFAULT_BATCH, MOST_IN_BATCH, LetterRow
from dpo_app.core.letters.read_back import Mismatch
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import ensure_folder, need_space
from dpo_app.services.letters.letter_folder import LetterFolder, files_of
from dpo_app.services.letters.letter_layouts import letter_look
from dpo_app.services.letters.letter_run import LetterRun, Printing, Refused, printing_of
from dpo_app.services.letters.release_letters import facts_of, first_mismatch
from dpo_app.services.lines import BatchLine, MessageRow
from dpo_app.services.notices.message_plan import MessagePlan, new_token, plan_messages
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.letters import Pressroom
from dpo_app.services.progress import SILENT, Changes, Progress, Steady, Topic

BYTES_A_LETTER = 4_000


@dataclass(frozen=True)
class MadeBatch:
    """One batch as made: reference, letters, pages, sheets, files."""

    reference: str
    letters: int
    pages: int
    sheets: int
    files: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class MadeLetters:
    """What a run of letters gave; `refused` are (person code, code of the reason, detail)."""

    batches: tuple[MadeBatch, ...]
    refused: tuple[tuple[str, str, str], ...]
    changes: Changes
    unfinished: int = 0

    @property
    def letters(self) -> int:
        """Return the letters of all batches."""
        return sum(batch.letters for batch in self.batches)


def make_letters(
    desk: Desk, breach_id: BreachId, out: Path, layout: str = "fi-c5", duplex: bool = False,
    limit: int | None = None, batch_size: int = DEFAULT_BATCH, progress: Progress = SILENT,
    only: PersonId | None = None, *, large: bool = False, also: Sequence[str] = (),
) -> MadeLetters:  # fmt: skip
    """Make the letters of everybody on the letter rung who is still open, in batches under `out`; or, with `only`, the
    letter of one person, who may be one whom a rule of care leaves to the officer. `large` is large print, `also` are
    further languages in the same envelope.

    Raises RuleError("no_approved_notice"), RuleError("plan_outdated"), RuleError("batch_unfinished") while an earlier
    batch waits to be made again, InputError("batch_size"), StoreError("disk_full"), JobCancelled.
    """
    if not 1 <= batch_size <= MOST_IN_BATCH:
        raise InputError("batch_size", most=MOST_IN_BATCH)
    ensure_folder(out)
    with desk.read() as queries:
        _refuse_unfinished(queries.batches(breach_id))
        plan = plan_messages(desk, queries, breach_id, only=only)
        run = LetterRun(desk, plan, printing_of(desk, queries, layout, duplex, large, also), letter_look(queries))
        run.set_forms(queries)
        ids = queries.post_order(breach_id, RevisionId(plan.newest.id), plan.notice_id, only, limit)
    need_space(out, len(ids) * BYTES_A_LETTER)
    steady = Steady(progress, len(ids))
    refused: list[Refused] = []
    made: list[MadeBatch] = []
    waiting: deque[PrintingBatch] = deque()
    with run.pressroom(len(ids)) as room:
        try:
            for facts, members in run.batches(ids, batch_size, refused, steady):
                waiting.append(PrintingBatch(desk, run.freeze(members, facts), out, run, room))
                # While presses work on one batch, the next ones are measured.
                while len(waiting) > room.workers:
                    made.append(waiting.popleft().finish(steady))
            while waiting:
                made.append(waiting.popleft().finish(steady))
        finally:
            for each in waiting:
                each.abandon()
    left_out = _keep_refused(desk, plan, refused)
    return MadeLetters(tuple(made), left_out, Changes.of(breach_id, Topic.DELIVERIES))


def _refuse_unfinished(batches: list[BatchLine]) -> None:
    for batch in batches:
        if batch.state == "making" and batch.channel == Channel.LETTER:
            raise RuleError("batch_unfinished", batch=batch_ref(BatchId(batch.id)))


def _keep_refused(desk: Desk, plan: MessagePlan, refused: list[Refused]) -> tuple[tuple[str, str, str], ...]:
    """Record who gets no letter and why, so that they are on the ledger and not lost in a report."""
    if not refused:
        return ()
    now = desk.clock.now()
    with desk.begin() as uow:
        uow.deliveries.refuse(
            plan.breach_id, plan.notice_id, Channel.LETTER,
            [(row._replace(token=new_token(desk, plan.breach_id)), code) for row, code, _ in refused],
            now, desk.actor,
        )  # fmt: skip
        uow.audit.record(
            AuditAction.LETTERS_REFUSED,
            subjects=(uow.queries.breach_uid(plan.breach_id),),
            facts={"persons": len(refused)}
            | {f"code_{code}": n for code, n in Counter(c for _, c, _ in refused).items()},
        )
        uow.commit()
    return tuple((row.code, code, detail) for row, code, detail in refused)


def finish_batch(desk: Desk, batch_id: BatchId, out: Path, progress: Progress = SILENT) -> MadeBatch:
    """Write the folder of a batch in state *making* that was left so, and record it as made. Raises
    RuleError("batch_state"), RuleError("batch_changed")."""
    ensure_folder(out)
    with desk.read() as queries:
        line = queries.batch(batch_id)
        if line.state != "making":
            raise RuleError("batch_state", batch=batch_ref(batch_id), state=line.state)
        # The notice the batch was frozen with: a newer one may have been approved since.
        plan = plan_messages(desk, queries, queries.breach_of_batch(batch_id), NoticeId(line.notice_id))
        run = LetterRun(desk, plan, Printing.of(desk, line.facts), letter_look(queries))
        run.set_forms(queries)
    with run.pressroom(line.members) as room:
        batch = PrintingBatch(desk, batch_id, out, run, room)
        try:
            return batch.finish(Steady(progress, line.members))
        except BaseException:
            batch.abandon()
            raise


class PrintingBatch:
    """A frozen batch while it is printed: begun by making it, ended by `finish` or `abandon`."""

    def __init__(self, desk: Desk, batch_id: BatchId, out: Path, run: LetterRun, room: Pressroom) -> None:
        self._desk, self._id, self._run = desk, batch_id, run
        self._reference = batch_ref(batch_id)
        with desk.read() as queries:
            line = queries.batch(batch_id)
            messages = list(queries.batch_rows(batch_id))
        self._folder = LetterFolder(desk, run, room, out, self._reference, line, messages, self._rows(messages))

    def _rows(self, messages: list[MessageRow]) -> list[LetterRow]:
        rows = []
        for message in messages:
            row = self._run.row(message)
            if isinstance(row, str):
                raise RuleError("batch_changed", batch=self._reference, problem=row)
            rows.append(row)
        return rows

    def abandon(self) -> None:
        """Leave nothing behind; the batch stays frozen."""
        self._folder.abandon()

    def finish(self, progress: Steady) -> MadeBatch:
        """Wait for the files, hold every page beside the ledger, and release the batch or stop it."""
        desk, run = self._desk, self._run
        try:
            parts = self._folder.printed(progress)
            found = first_mismatch(desk, self._id, run, parts)
            if found is not None:
                self._folder.set_aside()
                raise _stopped(desk, self._id, run.plan.breach_id, found)
            with desk.read() as queries:
                last = queries.trail.last()
            files = self._folder.finish(files_of(parts, run.printing.duplex), last)
        except BaseException:
            self._folder.abandon()
            raise
        with desk.begin() as uow:
            uow.deliveries.close_batch(
                self._id, DeliveryState.BATCHED, "made", desk.clock.now(), desk.actor,
                [(r.number, r.sha256, r.pages) for r in files.records],
                pages=files.pages, sheets=files.sheets, merkle_root=files.merkle_root, files=files.files,
            )  # fmt: skip
            uow.audit.record(
                AuditAction.LETTERS_MADE,
                subjects=(uow.queries.breach_uid(run.plan.breach_id),),
                facts={
                    "batch": self._id, "letters": len(files.records), "pages": files.pages, "sheets": files.sheets,
                    "read_back": len(files.records), "merkle_root": files.merkle_root,
                    "files_sha256": " ".join(f["sha256"] for f in files.files),
                },
            )  # fmt: skip
            uow.commit()
        return MadeBatch(self._reference, len(files.records), files.pages, files.sheets, files.files)


def _stopped(desk: Desk, batch_id: BatchId, breach_id: BreachId, found: Mismatch) -> RuleError:
    """Mark a batch as not usable, open its persons again, and return the error that says where it is wrong."""
    facts = facts_of(found, batch_ref(batch_id))
    with desk.begin() as uow:
        persons = uow.deliveries.move_batch(
            batch_id, DeliveryState.SPOILED, "unusable", desk.clock.now(), desk.actor, reason=found.fault.value
        )
        uow.audit.record(
            AuditAction.LETTERS_STOPPED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={**facts, "batch": batch_id, "persons": persons},
        )
        uow.commit()
    return RuleError("letters_do_not_match", **facts)


def confirm_posted(desk: Desk, batch_id: BatchId, on: date) -> tuple[int, Changes]:
    """Record that a batch was handed to the post on a day; its persons are told from then on.

    Raises RuleError("batch_state") unless it was made, InputError("in_future"), InputError("before_made").
    """
    with desk.begin() as uow:
        line = uow.queries.batch(batch_id)
        if line.state not in ("made", "printed"):
            raise RuleError("batch_state", batch=batch_ref(batch_id), state=line.state)
        # Days are those of the organisation: after midnight in Helsinki it is still yesterday in UTC.
        zone = ZoneInfo(organisation_of(uow.queries).time_zone)
        if on > desk.clock.now().astimezone(zone).date():
            raise InputError("in_future", field="on")
        if on < line.made_at.astimezone(zone).date():
            raise InputError("before_made", batch=batch_ref(batch_id))
        breach_id = uow.queries.breach_of_batch(batch_id)
        persons = uow.deliveries.move_batch(
            batch_id, DeliveryState.POSTED, "posted", desk.clock.now(), desk.actor, settled_on=on
        )
        uow.audit.record(
            AuditAction.LETTERS_POSTED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "letters": persons, "on": on.isoformat()},
        )
        uow.commit()
    return persons, Changes.of(breach_id, Topic.DELIVERIES)


def withdraw_batch(desk: Desk, batch_id: BatchId, reason: str) -> tuple[int, Changes]:
    """Take a batch back that was not posted or sent (lost, spoiled, files destroyed); its persons are open again."""
    if not reason.strip():
        raise InputError("field_missing", field="reason")
    with desk.begin() as uow:
        line = uow.queries.batch(batch_id)
        if line.state not in ("making", "made", "printed", "exported"):
            raise RuleError("batch_state", batch=batch_ref(batch_id), state=line.state)
        breach_id = uow.queries.breach_of_batch(batch_id)
        persons = uow.deliveries.move_batch(
            batch_id, DeliveryState.CANCELLED, "withdrawn", desk.clock.now(), desk.actor, reason=reason
        )
        uow.audit.record(
            AuditAction.BATCH_WITHDRAWN,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "persons": persons},
            remarks={"reason": reason},
        )
        uow.commit()
    return persons, Changes.of(breach_id, Topic.DELIVERIES)
