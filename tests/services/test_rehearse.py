"""The rehearsal: every message made and checked as a run would, and nothing of it left behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dpo_app.core.errors import JobCancelled, RuleError
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.arm_breach import arm_breach, disarm_breach
from dpo_app.services.mail.email_run import plan_to_send
from dpo_app.services.mail.rehearse import rehearse_emails
from dpo_app.services.mail.sending_watch import RunControl
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.dispatch.kit import quick, ready_to_send, send, server_at, standing
from tests.dispatch.servers import Plan, serving
from tests.services.test_sending import _Tampered


def _spoil(desk: Desk, person: int, **values: str) -> None:
    with desk.begin() as uow:
        for name, value in values.items():
            uow.queries._connection.exec_driver_sql(f"UPDATE person SET {name} = ? WHERE id = ?", (value, person))
        uow.audit.record(AuditAction.VERIFIED, facts={"entries": 0})
        uow.commit()


def test_a_rehearsal_makes_what_a_run_would_send_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 5)
    disarm_breach(desk, ready)
    before = standing(desk, ready)
    steps: list[int] = []

    class Seen:
        def step(self, done: int, total: int | None = None) -> None:
            steps.append(done)

    found = rehearse_emails(desk, ready, progress=Seen())
    assert (found.planned, found.made, found.left_out, found.wrong) == (5, 5, 0, 0), "no arming, no server needed"
    assert dict(found.languages) == {"fi": 5} and len(found.texts) == 1
    assert 0 < found.smallest <= found.largest < 20_000 and found.total_bytes >= 5 * found.smallest
    assert steps[-1] == 5
    assert standing(desk, ready) == before and plan_to_send(desk, ready).planned == 5
    with desk.read() as queries:
        assert queries.batches(ready) == [] and queries.trail.lines(limit=1)[0].action == "sending_rehearsed"
    with serving() as server:
        arm_breach(desk, ready, desk.clock.now() + timedelta(hours=1))
        assert send(quick(desk), ready, server_at(server), 5).counts["accepted"] == 5
    sizes = sorted(len(each.data) for each in server.kept)
    assert abs(sizes[-1] - found.largest) < 64, "what was rehearsed is what went out"
    with pytest.raises(RuleError, match="nobody_to_write_to"):
        rehearse_emails(desk, ready)


def test_what_cannot_be_sent_is_counted_and_named(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 5)
    _spoil(desk, 2, email="a@example.com, b@example.com")
    _spoil(desk, 3, email="ääni@example.com")
    found = rehearse_emails(desk, ready)
    assert (found.planned, found.made) == (5, 3)
    assert dict(found.reasons) == {"bad_address": 1, "no_smtputf8": 1}
    assert [(each.person_id, each.wrong) for each in found.named] == [(2, False), (3, False)]
    assert all(each.code and each.name for each in found.named)
    with serving() as server:
        end = send(quick(desk), ready, server_at(server), 5)
    assert end.counts["accepted"] == found.made and end.counts["rejected"] == found.left_out


def test_a_message_that_is_not_its_persons_is_found_before_any_leaves(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 3)
    tampered = replace(desk, mail=_Tampered(desk.mail, 2, b"aino2@example.com", b"aino3@example.com"))
    found = rehearse_emails(tampered, ready)
    assert (found.made, found.wrong, found.left_out) == (2, 1, 0)
    assert [(each.person_id, each.reason, each.wrong) for each in found.named] == [(2, "address", True)]


def test_those_who_wait_in_a_paused_run_are_rehearsed_with_the_new(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 4)
    control = RunControl()
    with serving(Plan("dot", "none", 1, after=1)) as server:
        server.plan.said = control.pause
        send(quick(desk), ready, server_at(server), 4, control=control)
    found = rehearse_emails(desk, ready)
    assert (found.planned, found.made) == (3, 3)
    approve_notice(desk, draft_notice(desk, ready)[0], "M")
    with pytest.raises(RuleError, match="run_outdated"):
        rehearse_emails(desk, ready)


def test_a_rehearsal_can_be_stopped(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 2)

    class Stops:
        def step(self, done: int, total: int | None = None) -> None:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        rehearse_emails(desk, ready, progress=Stops())
    with desk.read() as queries:
        assert queries.trail.lines(limit=1)[0].action != "sending_rehearsed"
