"""Several presses at once: each in a process of its own, because one Python fills one core.

Decision: processes that are started by us and spoken to through pipes, not a pool of the standard library: that would
pickle, import the main module again and know nothing of a frozen program. A start costs about half a second, so a short
run is printed in this very process.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from types import TracebackType
from typing import Any, Self

from dpo_app.core.errors import DpoError, InputError, StoreError
from dpo_app.core.letters.letter import LetterRow
from dpo_app.documents.letters.letter import LetterPress
from dpo_app.documents.letters.press_child import order_to_document, part_from_document, rows_to_document
from dpo_app.process import child_command, child_environment
from dpo_app.services.ports.letters import PressOrder, PrintedPart

_KINDS: dict[str, type[DpoError]] = {"InputError": InputError, "StoreError": StoreError}
#: From so many letters on another process pays; more than four wait for the ledger.
LEAST_FOR_PROCESSES, MOST_PROCESSES = 4_000, 4


def workers_for(letters: int) -> int:
    """Return how many processes a run of so many letters is worth; 0 for none but this one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_PROCESSES) if letters >= LEAST_FOR_PROCESSES and cores > 1 else 0


class Pressroom:
    """Prints parts: `services.ports.letters.Pressroom`. Use it as a context; leaving it ends its processes."""

    def __init__(self, press: LetterPress, order: PressOrder, workers: int) -> None:
        self.workers = workers
        self._press, self._order = press, order
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        self._children: list[_Child] = []
        self._lock, self._closed = Lock(), False
        self._threads = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="press")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What waits is taken back first: a part that begins now would start another process.
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            children = list(self._children)
        for child in children:
            child.end()
        self._threads.shutdown(wait=True)

    def submit(self, rows: Sequence[LetterRow], path: Path, reference: str) -> Future[PrintedPart]:
        """Have one file printed and read back."""
        if self.workers:
            return self._threads.submit(self._by_child, rows, path, reference)
        done: Future[PrintedPart] = Future()
        try:
            done.set_result(self._press.print_part(rows, path, reference))
        except Exception as error:
            done.set_exception(error)
        return done

    def _by_child(self, rows: Sequence[LetterRow], path: Path, reference: str) -> PrintedPart:
        child = self._free()
        try:
            return child.ask({"rows": rows_to_document(rows), "path": str(path.absolute()), "reference": reference})
        finally:
            self._idle.put(child)

    def _free(self) -> _Child:
        """Return a process that waits for work, started if there may be another one."""
        with self._lock:
            if self._closed:
                raise StoreError("press_ended")
            if self._idle.empty() and len(self._children) < self.workers:
                child = _Child(self._order)
                self._children.append(child)
                return child
        return self._idle.get()


class _Child:
    """One process with a press."""

    def __init__(self, order: PressOrder) -> None:
        document = order_to_document(order)
        self._process = subprocess.Popen(
            child_command("--press-child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment() | {"PYTHONUTF8": "1"},
            close_fds=True,
        )
        try:
            self._write(document)
        except BaseException:
            self.end()
            raise

    def _write(self, document: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(document).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            raise StoreError("press_ended") from None

    def ask(self, job: dict[str, Any]) -> PrintedPart:
        """Print one part. Raises what printing raises, and StoreError("press_ended") if the process is gone."""
        self._write(job)
        assert self._process.stdout is not None
        try:
            line = self._process.stdout.readline()
        except (OSError, ValueError):
            line = b""
        if not line:
            raise StoreError("press_ended")
        answer = json.loads(line)
        if "error" in answer:
            raise _KINDS.get(answer["error"], StoreError)(answer["code"], **answer["facts"])
        return part_from_document(answer)

    def end(self) -> None:
        """End the process: it has nothing that anybody else waits for."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
