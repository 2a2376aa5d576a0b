"""Reads what came back: from a mailbox file, a folder or single files, each message by the limited child.

The parent only cuts the source into messages and never parses one. A message that ends the child, or takes longer than
it may, is set aside as unreadable and another child goes on with the next.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError
from dpo_app.core.mail.bounce import BounceReason, MailKind, Proof, ReadMail
from dpo_app.dispatch.mail_child import LENGTH
from dpo_app.process import child_command, child_environment

#: Of a bigger message the head is read: the report stands before what was returned.
MOST_BYTES = 40_000_000
SECONDS = 30.0
#: An honest answer has some ten thousand signs; a child that was taken over may write without end.
MOST_ANSWER = 200_000
#: Messages under way in the child at once, so that neither side waits for the other.
AHEAD, AHEAD_BYTES = 32, 4_000_000
_ENVELOPE = re.compile(rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d")
_SUFFIXES = (".eml", ".txt", ".mail")


class MailReader:
    """`services.ports.mailbox.MailReader`."""

    def __init__(self, command: Callable[[], list[str]] | None = None, seconds: float = SECONDS) -> None:
        self._command = command or (lambda: child_command("--mail-child"))
        self._seconds = seconds

    def read(self, messages: Iterable[bytes]) -> Iterator[ReadMail]:
        """Yield the facts of each message, in order."""
        under_way: deque[bytes] = deque()
        size = 0
        child: _Child | None = None
        try:
            for message in messages:
                data = message[:MOST_BYTES]
                while under_way and (len(under_way) >= AHEAD or size + len(data) > AHEAD_BYTES):
                    child, mail = self._next(child, under_way)
                    size -= len(under_way.popleft())
                    yield mail
                under_way.append(data)
                size += len(data)
                child = child or _Child(self._command())
                child.send(data)
            while under_way:
                child, mail = self._next(child, under_way)
                under_way.popleft()
                yield mail
        finally:
            if child is not None:
                child.close()

    def _next(self, child: _Child | None, under_way: deque[bytes]) -> tuple[_Child | None, ReadMail]:
        """Return the answer to the oldest message under way; if there is none, a new child gets the later ones."""
        assert child is not None
        line = child.answer(self._seconds)
        if line is not None:
            return child, _mail(line, under_way[0])
        child.close()
        fresh = _Child(self._command()) if len(under_way) > 1 else None
        for data in list(under_way)[1:]:
            assert fresh is not None
            fresh.send(data)
        return fresh, unreadable(under_way[0])

    def messages(self, path: Path) -> Iterator[bytes]:
        """Yield the messages of a mailbox file, a file or a folder of files. Raises InputError: "no_such_file",
        "cannot_read", "no_mail_here"."""
        if not path.exists():
            raise InputError("no_such_file", file=path.name)
        if path.is_dir():
            yield from _folder(path)
            return
        try:
            with path.open("rb") as stream:
                head = stream.read(5)
                stream.seek(0)
                if head == b"From ":
                    yield from split_mbox(stream)
                else:
                    yield stream.read(MOST_BYTES)
        except OSError:
            raise InputError("cannot_read", file=path.name) from None


def _folder(path: Path) -> Iterator[bytes]:
    """Yield the messages in a folder, Maildir included, by name; mailbox files in it are cut too."""
    inner = [path / name for name in ("cur", "new") if (path / name).is_dir()]
    found = False
    for folder in inner or [path]:
        for each in sorted(folder.iterdir()):
            if not each.is_file() or each.is_symlink() or each.name.startswith("."):
                continue
            if inner or each.suffix.lower() in (*_SUFFIXES, ".mbox", ".mbx"):
                found = True
                yield from MailReader().messages(each)
    if not found:
        raise InputError("no_mail_here", file=path.name)


def split_mbox(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of a mailbox file (RFC 4155), `>From ` taken back; one at a time in memory.

    Some programs write no blank line between messages: a line that names sender, day and time begins one all the same.
    """
    lines: list[bytes] = []
    size, blank = 0, True
    for line in iter(lambda: stream.readline(1_000_000), b""):
        if line.startswith(b"From ") and (blank or _ENVELOPE.match(line)):
            if lines:
                yield b"".join(lines)
            lines, size, blank = [], 0, False
            continue
        blank = line in (b"\n", b"\r\n")
        if size < MOST_BYTES:
            unquoted = line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line
            lines.append(unquoted)
            size += len(line)
    if lines:
        yield b"".join(lines)


def unreadable(data: bytes) -> ReadMail:
    """Return what is known of a message that nobody could read: its bytes, and that it was there."""
    return ReadMail(sha256_hex(b"bytes|" + data), MailKind.UNREADABLE, None, "", "", "", "", "", ())


def _mail(line: bytes, data: bytes) -> ReadMail:
    """Return the child's answer as a value, checked: a child that was taken over can say what it likes, and nothing
    but that."""
    try:
        found: dict[str, Any] = json.loads(line)
        codes = tuple((Proof(place), str(code)[:24]) for place, code in found["codes"])
        reason = BounceReason(found["reason"]) if found["reason"] else None
        texts = [str(found[name]) for name in ("status", "host", "address", "subject", "text")]
        identity = str(found["identity"])
        kind = MailKind(found["kind"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return unreadable(data)
    if len(identity) != 64 or any(place in (Proof.FORGED, Proof.ADDRESS) for place, _code in codes):
        return unreadable(data)
    return ReadMail(identity, kind, reason, texts[0][:12], texts[1][:120], texts[2][:320], texts[3][:200],
                    texts[4][:2_000], codes[:20])  # fmt: skip


class _Child:
    """One run of the reading process. A thread takes its answers, so that waiting for one can end."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True,
            env=child_environment(),
        )  # fmt: skip
        self._answers: Queue[bytes] = Queue()
        self._orders: Queue[bytes | None] = Queue()
        self._threads = [Thread(target=work, daemon=True) for work in (self._take, self._give)]
        for thread in self._threads:
            thread.start()

    def send(self, data: bytes) -> None:
        """Hand over a message; it is written by a thread, for the child may have stopped reading."""
        self._orders.put(data)

    def answer(self, seconds: float) -> bytes | None:
        """Return the next answer, or None if the child has ended or takes too long."""
        try:
            return self._answers.get(timeout=seconds) or None
        except Empty:
            return None

    def _give(self) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            while (data := self._orders.get()) is not None:
                stream.write(LENGTH.pack(len(data)))
                stream.write(data)
                stream.flush()
            stream.close()
        except (OSError, ValueError):
            return

    def _take(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        try:
            while (line := stream.readline(MOST_ANSWER)).endswith(b"\n"):
                self._answers.put(line)
        except (OSError, ValueError):
            pass
        self._answers.put(b"")

    def close(self) -> None:
        """End the process and its threads."""
        self._orders.put(None)
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(OSError):
                stream.close()
