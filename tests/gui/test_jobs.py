"""Jobs: results come back in the screen's thread, one write at a time, cancel between units, nothing after the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from dpo_app.core.errors import InputError, JobCancelled
from dpo_app.gui.jobs import JobRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.close()


def test_a_job_that_ends_at_once_still_calls_back_in_the_screens_thread(qtbot: QtBot, runner: JobRunner) -> None:
    threads = []
    for number in range(200):
        job = runner.run(lambda _p, n=number: n)
        job.done.connect(lambda value: threads.append((value, threading.current_thread())))
    qtbot.waitUntil(lambda: len(threads) == 200)
    assert {thread for _value, thread in threads} == {threading.main_thread()}
    assert sorted(value for value, _thread in threads) == list(range(200))


def test_writes_run_one_at_a_time_in_order(qtbot: QtBot, runner: JobRunner) -> None:
    running, most, order = [0], [0], []

    def work(number: int) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        order.append(number)
        running[0] -= 1

    for number in range(50):
        runner.write(lambda _p, n=number: work(n))
    qtbot.waitUntil(lambda: not runner.busy())
    assert most == [1] and order == list(range(50))


def test_a_foreseen_error_fails_the_job_and_is_no_bug(qtbot: QtBot, runner: JobRunner) -> None:
    failed: list[Any] = []
    bugs: list[Any] = []
    runner.bug.connect(bugs.append)

    def work(_progress: Any) -> None:
        raise InputError("no_such_file", file="x")

    runner.run(work).failed.connect(failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert failed[0].code == "no_such_file" and not bugs


def test_anything_else_is_a_bug(qtbot: QtBot, runner: JobRunner) -> None:
    with qtbot.waitSignal(runner.bug) as caught:
        runner.run(lambda _p: 1 / 0)
    assert isinstance(caught.args[0], ZeroDivisionError)


def test_cancel_takes_hold_between_units(qtbot: QtBot, runner: JobRunner) -> None:
    begun, units, failed = threading.Event(), [], []

    def work(progress: Any) -> None:
        for unit in range(1_000_000):
            progress.step(unit, 1_000_000)
            units.append(unit)
            begun.set()

    job = runner.run(work)
    job.failed.connect(failed.append)
    assert begun.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], JobCancelled) and len(units) < 1_000_000


def test_progress_is_throttled_and_tells_the_end(qtbot: QtBot, runner: JobRunner) -> None:
    told: list[tuple[int, int]] = []

    def work(progress: Any) -> None:
        for unit in range(1, 20_001):
            progress.step(unit, 20_000)

    job = runner.run(work)
    job.stepped.connect(lambda done, total: told.append((done, total)))
    with qtbot.waitSignal(job.done):
        pass
    assert told[-1] == (20_000, 20_000) and len(told) < 200


def test_nothing_is_heard_of_a_job_whose_window_was_closed(qtbot: QtBot) -> None:
    runner, begun, heard = JobRunner(), threading.Event(), []

    def work(progress: Any) -> str:
        begun.set()
        while True:
            progress.step(0)

    runner.run(work).failed.connect(heard.append)
    assert begun.wait(5)
    runner.close()
    qtbot.waitUntil(lambda: not runner.busy())
    assert not heard
