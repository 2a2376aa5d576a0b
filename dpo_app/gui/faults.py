"""What the screen says about errors: foreseen ones in their sentences, bugs with a report free of data.

A report names the kind of the error and the places in our code; never its text, which could hold a value of a row.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from dpo_app.core.errors import DpoError
from dpo_app.i18n import _
from dpo_app.logs import log
from dpo_app.messages import explain

_DEEPEST = 30


def sentence(error: BaseException) -> str:
    """Return what is said beside a field or in a banner: what happened, why, what to do."""
    if isinstance(error, DpoError):
        return str(explain(error))
    return _("Something went wrong in the program.") + " " + _("The step was stopped and changed nothing.")


def report_of(error: BaseException, program: str) -> str:
    """Return the report of a bug: program, system, kind, and where it happened, outermost first."""
    places: list[str] = []
    at = error.__traceback__
    while at is not None and len(places) < _DEEPEST:
        code = at.tb_frame.f_code
        places.append(f"  {_short(code.co_filename)}:{at.tb_lineno} {code.co_name}")
        at = at.tb_next
    head = f"DPO Desk {program}, Python {sys.version.split()[0]}, {sys.platform}"
    return "\n".join([head, type(error).__name__, *places])


def place_of(error: BaseException) -> str:
    """Return where an error was raised, as file and line; "" if it never was."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""


def _short(path: str) -> str:
    """Return a path without the parts that name the user or the machine."""
    parts = Path(path).parts
    start = next((n for n, part in enumerate(parts) if part in ("dpo_app", "site-packages")), len(parts) - 1)
    return "/".join(parts[start:])


class Bugs(QObject):
    """Catches what nobody caught, in every thread, and hands it to the screen's thread. One box at a time: a bug in a
    painter would else open hundreds."""

    caught = Signal(object)

    def __init__(self, show: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._show = show
        self._old: Any = None
        self._seen: set[str] = set()
        self.caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the hooks."""
        self._old = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(args.exc_type, args.exc_value, args.exc_traceback)

    def remove(self) -> None:
        """Give the hooks back."""
        if self._old is not None:
            sys.excepthook, threading.excepthook = self._old
            self._old = None

    def _hook(self, kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        error = error.with_traceback(at)
        log.error("bug", exc_info=error)
        self.caught.emit(error)

    def _on_caught(self, error: BaseException) -> None:
        where = report_of(error, "")
        if where not in self._seen:
            self._seen.add(where)
            self._show(error)
