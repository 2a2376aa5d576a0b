"""Runs keep to the hours of sending: they wait, say until when, and go on by themselves, on days with a jump too."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dpo_app.core.mail.sending_hours import ALL_DAYS, SendingHours
from dpo_app.services.mail.arm_breach import arm_breach
from dpo_app.services.mail.email_run import plan_to_send
from dpo_app.services.mail.sending_watch import RunControl
from dpo_app.services.ports.desk import Desk
from tests.dispatch.kit import quick, ready_to_send, send, server_at
from tests.dispatch.servers import Plan, serving

HELSINKI = ZoneInfo("Europe/Helsinki")


class MovedClock:
    """The real clock, moved; `at` moves it anew."""

    def __init__(self, local: str) -> None:
        self.at(local)

    def at(self, local: str, fold: int = 0) -> None:
        """Let it be a wall time in Helsinki now."""
        wanted = datetime.fromisoformat(local).replace(tzinfo=HELSINKI, fold=fold)
        self._shift = wanted.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def monotonic_ms(self) -> int:
        return int(time.monotonic() * 1000)


def _moved(desk: Desk, clock: MovedClock) -> Desk:
    made = replace(quick(desk), clock=clock, time_zone="Europe/Helsinki")
    arm_breach(made, made_breach(made), clock.now() + timedelta(days=3))
    return made


def made_breach(desk: Desk) -> int:
    with desk.read() as queries:
        return queries.breaches()[0].id


def _once(ready: Callable[[], bool], then: Callable[[], None]) -> threading.Thread:
    """Do something in a thread of its own once something holds."""

    def wait() -> None:
        end = time.monotonic() + 10
        while not ready() and time.monotonic() < end:
            time.sleep(0.02)
        then()

    made = threading.Thread(target=wait)
    made.start()
    return made


@pytest.mark.parametrize(("begins", "hours", "opens"), [
    # Clocks go forward: half past three is skipped, four o'clock follows on three.
    ("2027-03-28 02:59:59.2", SendingHours(ALL_DAYS, 3 * 60 + 30, 720), "2027-03-28T01:00:00+00:00"),
    # Clocks go back: half past three comes twice, the first one counts.
    ("2026-10-25 03:29:59.2", SendingHours(ALL_DAYS, 3 * 60 + 30, 720), "2026-10-25T00:30:00+00:00"),
    ("2026-11-30 07:59:59.2", SendingHours((0,), 8 * 60, 20 * 60), "2026-11-30T06:00:00+00:00"),
])  # fmt: skip
def test_a_run_begins_when_its_hours_do(
    desk: Desk, tmp_path: Path, begins: str, hours: SendingHours, opens: str
) -> None:
    ready = ready_to_send(desk, tmp_path, 2)
    clock = MovedClock(begins)
    moved = _moved(desk, clock)
    with serving() as server:
        profile = server_at(server, hours=hours)
        plan = plan_to_send(moved, ready, profile)
        assert plan.opens_at is not None and plan.opens_at.isoformat() == opens
        sent_at: list[datetime] = []
        server.plan = Plan("dot", "none", -1)
        server.plan.said = lambda: sent_at.append(clock.now())
        assert send(moved, ready, profile, 2).counts["accepted"] == 2
    assert min(sent_at) >= datetime.fromisoformat(opens)


def test_a_run_rests_over_the_night_and_says_until_when(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 4)
    clock = MovedClock("2026-11-30 19:00")
    moved = _moved(desk, clock)
    control = RunControl()
    with serving(Plan("dot", "none", 1, after=1)) as server:
        server.plan.said = lambda: clock.at("2026-11-30 20:00:01")
        profile = server_at(server, hours=SendingHours(ALL_DAYS, 8 * 60, 20 * 60))
        seen = []

        def morning() -> None:
            seen.append((control.view, len(server.kept)))
            clock.at("2026-12-01 08:00:01")

        waiter = _once(lambda: control.view.state == "closed", morning)
        end = send(moved, ready, profile, 4, control=control)
        waiter.join()
    ((view, kept),) = seen
    assert view.next_at == datetime(2026, 12, 1, 6, 0, tzinfo=UTC) and view.counts["waiting"] == 4 - kept
    assert kept <= 3, "the one in hand, and what was claimed ahead within the hours"
    assert end.counts["accepted"] == 4 and end.paused == ""


def test_a_run_outside_its_hours_can_be_paused(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 2)
    moved = _moved(desk, MovedClock("2026-11-30 23:00"))
    control = RunControl()
    with serving() as server:
        waiter = _once(lambda: control.view.state == "closed", control.pause)
        end = send(moved, ready, server_at(server, hours=SendingHours(ALL_DAYS, 480, 1200)), 2, control=control)
        waiter.join()
        assert not server.kept and end.paused == "officer" and end.counts["waiting"] == 2
        assert send(moved, ready, server_at(server), None).counts["accepted"] == 2, "other hours, other day"
