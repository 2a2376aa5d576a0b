"""The log: what went wrong and where, never about whom.

Security.md section 9: event codes, ids and counts only, in a file of its own (0600, 3 x 5 MB). Whatever a library or a
traceback says is scrubbed to type, code, file and line before it reaches the disk: library errors quote their input.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from dpo_app.core.errors import DpoError, JobCancelled
from dpo_app.files import ensure_folder
from dpo_app.paths import log_folder

NAME = "dpo_app"
_FILE = "dpo-desk.log"
_LIMIT_BYTES = 5_000_000
_FILES = 3
_PLAIN = (bool, int, float)

log = logging.getLogger(NAME)


def places(error: BaseException) -> str:
    """Return where an error came from, innermost last: `file:line` of our own frames, and the last frame of all."""
    frames = traceback.extract_tb(error.__traceback__)
    kept = [f for f in frames if f"{os.sep}{NAME}{os.sep}" in f.filename] or frames[-1:]
    if frames and kept[-1] is not frames[-1]:
        kept.append(frames[-1])
    return " > ".join(f"{Path(f.filename).name}:{f.lineno}" for f in kept[-8:])


def scrubbed(error: BaseException) -> str:
    """Return an error without its words: type, code, the facts that are numbers, and places; causes after `from`."""
    parts = []
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        text = type(each).__name__
        if isinstance(each, DpoError):
            facts = (f"{key}={value}" for key, value in sorted(each.facts.items()) if isinstance(value, _PLAIN))
            text += f"[{' '.join((each.code, *facts))}]"
        elif isinstance(each, OSError) and each.errno:
            text += f"[errno={each.errno}]"
        parts.append(f"{text} at {places(each) or '?'}")
        each = each.__cause__ or each.__context__
    return " from ".join(parts)


class _Scrubbing(logging.Formatter):
    """Formats our own events with numbers only, and anybody else's as no more than their place in the source."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        head = f"{when} {record.levelname} {record.name} {record.filename}:{record.lineno}"
        ours = record.name == NAME or record.name.startswith(f"{NAME}.")
        text = f"{head} {_event(record)}" if ours else head
        if record.exc_info and record.exc_info[1] is not None:
            text += f" {scrubbed(record.exc_info[1])}"
        return text


def _event(record: logging.LogRecord) -> str:
    """Return the event with its arguments; of one that is no number or error only the type is told."""
    arguments = tuple(map(_told, record.args)) if isinstance(record.args, tuple) else ()
    try:
        return str(record.msg) % arguments
    except (TypeError, ValueError):
        return " ".join((str(record.msg), *map(str, arguments)))


def _told(argument: object) -> object:
    if isinstance(argument, _PLAIN):
        return argument
    return scrubbed(argument) if isinstance(argument, BaseException) else f"<{type(argument).__name__}>"


class _PrivateFile(RotatingFileHandler):
    """A rotating file that nobody else may read."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if os.name == "posix":
            os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")


def start(folder: Path | None = None, limit_bytes: int = _LIMIT_BYTES) -> Path | None:
    """Begin to log into `folder` (the platform's, if none), in files of at most `limit_bytes`; returns the file, or None where it cannot be written.

    A program that cannot log still works: the log helps us, the audit trail is what counts.
    """
    folder = folder or log_folder()
    stop()
    try:
        ensure_folder(folder)
        handler = _PrivateFile(folder / _FILE, maxBytes=limit_bytes, backupCount=_FILES - 1)
    except (OSError, DpoError):
        return None
    handler.setFormatter(_Scrubbing())
    # A library that sets logging up by a file switches off every logger made before it.
    log.disabled, log.propagate = False, True
    logging.disable(logging.NOTSET)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    log.setLevel(logging.INFO)
    return folder / _FILE


def stop() -> None:
    """Close the log file."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _PrivateFile)]:
        root.removeHandler(handler)
        handler.close()


def catch_bugs(show: Callable[[str], None] | None = None) -> None:
    """Log whatever no code foresaw, in any thread; `show` gets the scrubbed report, on the thread that failed."""

    def caught(error: BaseException | None) -> None:
        if error is None or isinstance(error, JobCancelled | KeyboardInterrupt | SystemExit):
            return
        report = scrubbed(error)
        log.error("bug", exc_info=error)
        if show is not None:
            show(report)

    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        caught(error)

    def in_thread(arguments: threading.ExceptHookArgs) -> None:
        caught(arguments.exc_value)

    def unraisable(arguments: Any) -> None:
        caught(arguments.exc_value)

    sys.excepthook = in_main
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
