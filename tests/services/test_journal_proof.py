"""The journal of handing over is bound to the trail: whatever is changed behind the program's back is found."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from dpo_app.core.delivery import Resolution
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.core.proof.audit import AuditAction, TrailState
from dpo_app.services.mail import sending
from dpo_app.services.mail.email_run import find_interrupted, release_held
from dpo_app.services.mail.journal_proof import bind, digest, line_bytes, verify_journal
from dpo_app.services.mail.resolve_emails import resolve_emails
from dpo_app.services.mail.sending_watch import RunControl
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import verify_trail
from tests.dispatch.kit import RULES, quick, ready_to_send, send, server_at
from tests.dispatch.servers import Plan, serving


def _behind_its_back(desk: Desk, statement: str) -> None:
    with desk.begin() as uow:
        changed = uow.queries._connection.exec_driver_sql(statement)
        assert changed.rowcount > 0, statement
        uow.audit.record(AuditAction.VERIFIED, facts={"entries": 0})
        uow.commit()


@pytest.fixture
def sent(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BreachId:
    """A run with all kinds of answers, paused once, an entry of the trail every two lines."""
    monkeypatch.setattr(sending, "ENTRY_EVERY", 2)
    ready = ready_to_send(desk, tmp_path, 8)
    answers = {
        "aino1": [b"rcpt 550 5.1.1 no such user"], "aino2": [b"452 4.2.2 mailbox full"], "aino3": [b"550 5.7.1 policy"],
        "aino5": [b"whatever"],
    }  # fmt: skip
    control = RunControl()
    with serving(answers=answers) as server:
        server.plan = Plan("dot", "none", 1, after=3)
        server.plan.said = control.pause
        send(quick(desk), ready, server_at(server), 8, control=control)
        send(quick(desk), ready, server_at(server), None)
        release_held(desk, BatchId(1), "mended")
        send(quick(desk), ready, server_at(server), None)
    with desk.read() as queries:
        unknown = [each.token for each in queries.tried_lines(ready, []) if each.state == "unknown"]
    resolve_emails(desk, ready, Resolution.SENT, "", unknown)
    return ready


def test_a_run_as_it_was_written_verifies(desk: Desk, sent: BreachId) -> None:
    report = verify_trail(desk)
    assert report.state is TrailState.INTACT and report.journal.whole
    with desk.read() as queries:
        tries = queries._connection.exec_driver_sql("SELECT count(*) FROM handover").scalar()
        entries = queries.trail.lines(actions=[AuditAction.EMAILS_HANDED_OVER])
    assert report.journal.lines == tries and len(entries) >= 3


@pytest.mark.parametrize("statement", [
    "UPDATE handover SET code = 250 WHERE code = 550 AND kind = 'dead'",
    "UPDATE handover SET kind = 'accepted' WHERE kind = 'dead'",
    "UPDATE handover SET enhanced = '2.0.0' WHERE enhanced = '5.1.1'",
    "UPDATE handover SET sha256 = 'x' || substr(sha256, 2) WHERE id = 4",
    "UPDATE handover SET ended_at = ended_at + 1000 WHERE id = 2",
    "UPDATE handover SET attempt = 9 WHERE id = 1",
    "DELETE FROM handover WHERE id = 6",
    "UPDATE delivery_event SET state = 'accepted' WHERE state = 'rejected'",
    "UPDATE delivery_event SET source = 'operator' WHERE id = (SELECT min(id) FROM delivery_event WHERE source = 'smtp')",
    "DELETE FROM delivery_event WHERE id = (SELECT min(id) FROM delivery_event WHERE source = 'smtp')",
    "INSERT INTO delivery_event (delivery_id, at, state, source, actor, reason) SELECT delivery_id, at, state, source, "
    "actor, reason FROM delivery_event WHERE source = 'smtp'",
    "UPDATE delivery SET state = 'accepted' WHERE state = 'rejected'",
])  # fmt: skip
def test_a_row_that_is_altered_is_found(desk: Desk, sent: BreachId, statement: str) -> None:
    _behind_its_back(desk, statement)
    report = verify_trail(desk)
    if statement.startswith("INSERT"):
        # A row after the last entry is no line of any; it makes its delivery stand elsewhere, or is bound with the next.
        assert report.state is TrailState.ALTERED or report.journal.lines
        return
    assert report.state is TrailState.ALTERED, statement
    assert bool(report.journal.first_bad) != bool(report.journal.moved)


def test_lines_that_a_crash_left_unbound_are_bound_when_the_run_goes_on(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = ready_to_send(desk, tmp_path, 4)
    control = RunControl()
    with serving(Plan("dot", "none", 1, after=1)) as server:
        server.plan.said = control.pause
        with monkeypatch.context() as dying:
            dying.setattr(sending.Ledger, "_entry", lambda _self, force=False: None)
            send(quick(desk), ready, server_at(server), 4, control=control)
        assert verify_trail(desk).journal.lines == 0
        find_interrupted(desk)
        send(quick(desk), ready, server_at(server), None, rules=replace(RULES))
    report = verify_trail(desk)
    assert report.journal.lines == 4 and report.state is TrailState.INTACT


@pytest.mark.slow
def test_a_run_of_33000_is_verified_in_seconds(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 1)
    with serving() as server:
        send(quick(desk), ready, server_at(server), 1)
    many = 33_000
    with desk.begin() as uow:
        db = uow.queries._connection
        uid = uow.queries.breach_uid(ready)
        columns = "breach_id, person_id, notice_id, channel, state, state_at, language, batch_id, number, pages, reason, tries"
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {many})"
        db.exec_driver_sql(
            f"INSERT INTO delivery (id, attempt, token, sha256, {columns})"
            f" {numbers} SELECT i, i, 'T' || i, sha256, {columns} FROM delivery, n WHERE delivery.id = 1"
        )
        columns = "attempt, began_at, ended_at, stage, server, message_id, sender, recipient, sha256, step, code, enhanced, kind, reply"
        db.exec_driver_sql(
            f"INSERT INTO handover (delivery_id, {columns}) {numbers} SELECT i, {columns} FROM handover, n WHERE delivery_id = 1"
        )
        step, code, enhanced, kind, sha = db.exec_driver_sql(
            "SELECT step, code, enhanced, kind, sha256 FROM handover"
        ).first()
        for start in range(2, many + 1, 500):
            part = range(start, min(start + 500, many + 1))
            db.exec_driver_sql(
                "INSERT INTO delivery_event (delivery_id, at, state, source, actor, reason)"
                " SELECT delivery_id, ended_at, 'accepted', 'smtp', 'x', '' FROM handover"
                f" WHERE delivery_id >= {part.start} AND delivery_id < {part.stop}"
            )
            lines = [line_bytes(each, 1, "accepted", step, code, enhanced, kind, sha) for each in part]
            bind(uow, BatchId(1), uid, len(lines), digest(lines), {})
        uow.commit()
    began = time.monotonic()
    with desk.read() as queries:
        found = verify_journal(queries)
    assert found.whole and found.lines == many
    print(f"{many} lines verified in {time.monotonic() - began:.2f} s")  # noqa: T201
