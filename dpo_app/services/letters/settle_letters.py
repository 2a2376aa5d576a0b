"""What a person says of a batch after it was made: printed, one letter printed again. Neither is assumed."""

from __future__ import annotations

from pathlib import Path

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, NoticeId, batch_ref
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import ensure_folder, inside
from dpo_app.services.letters.letter_layouts import letter_look
from dpo_app.services.letters.letter_run import LetterRun, Printing
from dpo_app.services.letters.release_letters import copy_differs
from dpo_app.services.notices.message_plan import plan_messages
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic


def confirm_printed(desk: Desk, batch_id: BatchId, sheets: int) -> Changes:
    """Record that a batch was printed, and that so many sheets were counted.

    Raises RuleError("batch_state"), InputError("sheets_differ"): sheets that are missing or too many are letters that
    are missing, or two in one envelope.
    """
    with desk.begin() as uow:
        line = uow.queries.batch(batch_id)
        if line.state != "made":
            raise RuleError("batch_state", batch=batch_ref(batch_id), state=line.state)
        if sheets != line.sheets:
            raise InputError("sheets_differ", stated=sheets, planned=line.sheets)
        breach_id = uow.queries.breach_of_batch(batch_id)
        uow.deliveries.move_batch(batch_id, DeliveryState.PRINTED, "printed", desk.clock.now(), desk.actor)
        uow.audit.record(
            AuditAction.LETTERS_PRINTED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "sheets": sheets},
        )
        uow.commit()
    return Changes.of(breach_id, Topic.DELIVERIES)


def reprint_letter(desk: Desk, batch_id: BatchId, number: int, reason: str, out: Path) -> tuple[str, Changes]:
    """Write one letter of a batch again, the same letter with the same code, because its print was spoiled; returns the
    file's name. Its pages have tags, so that it can be read aloud, too. The spoiled copy must be destroyed.

    Raises RuleError("batch_state") unless the batch is made or printed, InputError: "reason_needed", "no_such_letter",
    RuleError("reprint_differs") if the person's data changed since: then it would be another letter.
    """
    reference = batch_ref(batch_id)
    if not reason.strip():
        raise InputError("reason_needed")
    ensure_folder(out)
    with desk.read() as queries:
        line = queries.batch(batch_id)
        if line.state not in ("made", "printed"):
            raise RuleError("batch_state", batch=reference, state=line.state)
        message = next((row for row in queries.batch_rows(batch_id) if row.number == number), None)
        if message is None:
            raise InputError("no_such_letter", batch=reference, letter=number)
        digest = queries.letter_digest(batch_id, number)
        breach_id = queries.breach_of_batch(batch_id)
        plan = plan_messages(desk, queries, breach_id, NoticeId(line.notice_id))
        run = LetterRun(desk, plan, Printing.of(desk, line.facts), letter_look(queries))
        run.set_forms(queries)
    row = run.row(message)
    if isinstance(row, str):
        raise RuleError("reprint_differs", batch=reference, letter=number)
    name = f"{reference}-{number:05d}-reprint.pdf"
    path = inside(out, name)
    part = run.press.copy(row, path, reference)
    # Read back as its batch was: what lies in the file is what counts.
    if part.records[0].sha256 != digest or copy_differs(run, message, part, reference):
        path.unlink()
        raise RuleError("reprint_differs", batch=reference, letter=number)
    with desk.begin() as uow:
        uow.audit.record(
            AuditAction.LETTER_REPRINTED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "letter": number, "file_sha256": part.sha256},
            remarks={"reason": reason},
        )
        uow.commit()
    return name, Changes.of(breach_id, Topic.DELIVERIES)
