"""The journal of handing over: what it refuses, what it undoes, and that an answer outlives another writer."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.errors import StoreError
from dpo_app.core.ids import BatchId, BreachId, NoticeId
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.mail.arm_breach import disarm_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.journal import AtDot, Claim, Moved, Settled
from dpo_app.store import engine
from tests.dispatch.kit import ready_to_send, states


@pytest.fixture
def queued(desk: Desk, tmp_path: Path) -> BreachId:
    """Three e-mails that wait."""
    breach_id = ready_to_send(desk, tmp_path, 3)
    now = desk.clock.now()
    with desk.begin() as uow:
        newest = uow.queries.newest_revision(breach_id).id
        rows = [
            row._replace(token=f"{row.number:0>12}"[-11:] + str(place), number=place)
            for place, row in enumerate(uow.queries.message_rows(breach_id, newest, Channel.EMAIL, "fi"), 1)
        ]
        uow.deliveries.open_batch("b" * 32, breach_id, NoticeId(1), Channel.EMAIL, now, "T", {}, rows)
        uow.deliveries.move_batch(BatchId(1), DeliveryState.QUEUED, "sending", now, "T")
        uow.audit.record(AuditAction.VERIFIED, facts={"entries": 0})
        uow.commit()
    return breach_id


def _claim(number: int, attempt: int = 1) -> Claim:
    return Claim(number, attempt, "mail:25", f"<{number}>", "a@b.fi", "c@d.fi", "0" * 64)


def _settled(number: int, state: DeliveryState = DeliveryState.ACCEPTED) -> Settled:
    return Settled(number, 1, state, None, "", "dot", 250, "2.0.0", "accepted", "ok")


def test_only_what_waits_can_be_claimed_and_only_once(desk: Desk, queued: BreachId) -> None:
    with desk.journal(queued) as journal:
        assert journal.write([_claim(1), _claim(2)], desk.clock.now(), "T") == frozenset()
        assert journal.write([_claim(2, 2), _claim(3)], desk.clock.now(), "T") == {2}, "the other claim holds"
        assert journal.write([AtDot(1, 1), _settled(2)], desk.clock.now(), "T") == frozenset()
        assert journal.write([Moved(3, DeliveryState.CANCELLED, "changed")], desk.clock.now(), "T") == frozenset()
        assert journal.write([_claim(3, 2)], desk.clock.now(), "T") == {3}
    assert states(desk, queued) == {"handing_over": 1, "accepted": 1, "cancelled": 1}
    with desk.read() as queries:
        running = {(each.delivery_id, each.stage) for each in queries.running_tries()}
    assert (1, "dot") in running and (2, "dot") not in running


def test_nothing_is_claimed_once_the_arming_is_taken_back(desk: Desk, queued: BreachId) -> None:
    with desk.journal(queued) as journal:
        assert journal.write([_claim(1)], desk.clock.now(), "T") == frozenset()
        disarm_breach(desk, queued)
        assert journal.write([_settled(1), _claim(2)], desk.clock.now(), "T") == {2}, (
            "the answer in hand is kept all the same"
        )
        assert journal.write([_claim(3)], desk.clock.now() + timedelta(days=2), "T") == {3}
    assert states(desk, queued) == {"accepted": 1, "queued": 2}


def test_a_step_to_the_dot_is_refused_once_the_arming_is_taken_back(desk: Desk, queued: BreachId) -> None:
    with desk.journal(queued) as journal:
        assert journal.write([_claim(1), _claim(2)], desk.clock.now(), "T") == frozenset()
        assert journal.write([AtDot(1, 1)], desk.clock.now(), "T") == frozenset()
        disarm_breach(desk, queued)
        assert journal.write([AtDot(2, 1), _claim(3)], desk.clock.now(), "T") == {2, 3}
    with desk.read() as queries:
        assert {(each.delivery_id, each.stage) for each in queries.running_tries()} == {(1, "dot"), (2, "open")}


def test_an_answer_waits_for_another_writer(desk: Desk, queued: BreachId, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.journal(queued) as journal:
        journal._pooled.driver_connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]
        held, let_go = threading.Event(), threading.Event()

        def long_import() -> None:
            with desk.begin():
                held.set()
                let_go.wait(5)

        other = threading.Thread(target=long_import)
        other.start()
        held.wait(5)
        threading.Timer(0.3, let_go.set).start()
        assert journal.write([_claim(1)], desk.clock.now(), "T") == frozenset()
        other.join()
    assert engine.BUSY_MS >= 1_000 and states(desk, queued)["handing_over"] == 1


def test_a_write_that_fails_leaves_nothing(desk: Desk, queued: BreachId) -> None:
    with desk.journal(queued) as journal:
        with pytest.raises(StoreError):
            journal.write([_claim(1), _claim(2)._replace(server=None)], desk.clock.now(), "T")  # type: ignore[arg-type]
    assert states(desk, queued) == {"queued": 3}
