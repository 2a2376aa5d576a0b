"""The log says what went wrong and where, and names nobody."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dpo_app import logs
from dpo_app.core.errors import InputError, JobCancelled

SECRET = "Aino-Kanarialintu"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    path = logs.start(tmp_path / "log")
    assert path is not None
    yield path
    logs.stop()
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.getLogger().setLevel(level)


def _failure() -> Exception:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise InputError("bad_row", row=7, value=SECRET) from error
    except InputError as caught:
        return caught


def test_an_error_is_type_code_numbers_and_place() -> None:
    text = logs.scrubbed(_failure())
    assert text.startswith("InputError[bad_row row=7] at test_logs.py:")
    assert " from ValueError at test_logs.py:" in text
    assert SECRET not in text


def test_an_operating_system_error_keeps_its_number() -> None:
    assert "[errno=2]" in logs.scrubbed(FileNotFoundError(2, SECRET))


def test_values_never_reach_the_file(log_file: Path) -> None:
    ours, theirs = logging.getLogger("dpo_app.store"), logging.getLogger("reportlab")
    ours.info("imported %d %s %s", 12, SECRET, 0.5)
    ours.error("failed %s", _failure())
    theirs.warning("cannot set %s", SECRET)
    theirs.error("worse", exc_info=_failure())
    text = log_file.read_text("utf-8")
    assert "imported 12 <str> 0.5" in text
    assert "reportlab" in text and "InputError[bad_row row=7]" in text
    assert SECRET not in text and "cannot set" not in text


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_the_file_is_private_and_so_are_its_successors(log_file: Path) -> None:
    logs.start(log_file.parent, 2_000)
    handler = next(each for each in logging.getLogger().handlers if getattr(each, "baseFilename", "") == str(log_file))
    for number in range(100):
        handler.handle(logs.log.makeRecord("dpo_app", logging.INFO, __file__, 1, "counted %d", (number,), None))
    kept = sorted(log_file.parent.iterdir())
    assert len(kept) == 3
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


def test_bugs_in_any_thread_are_logged_and_shown_without_data(log_file: Path) -> None:
    shown: list[str] = []
    logs.catch_bugs(shown.append)
    sys.excepthook(ValueError, ValueError(SECRET), None)
    sys.excepthook(JobCancelled, JobCancelled(), None)

    def work() -> None:
        raise KeyError(SECRET)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [text.split(" ")[0] for text in shown] == ["ValueError", "KeyError"]
    assert SECRET not in log_file.read_text("utf-8") + "".join(shown)


def test_a_program_that_cannot_log_still_works(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    assert logs.start(tmp_path / "log") is None
