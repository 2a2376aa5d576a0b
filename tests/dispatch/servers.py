"""Mail servers for tests: one that behaves and can be told not to, on plain sockets, on this computer only."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

#: The steps of a dialogue in order, as the server meets them; `done` is after the answer to the dot.
STEPS = (
    "connect", "greeting", "ehlo", "starttls", "handshake", "ehlo_again", "auth", "auth_answer", "mail", "rcpt", "data",
    "body", "body_end", "dot", "done", "quit",
)  # fmt: skip
FAULTS = ("drop", "hang", "4xx", "5xx", "garbage", "half", "tls")
#: Longer than any time-out of a test.
HANG = 4.0


@dataclass
class Kept:
    """A message that the server took: whoever it was for, and its bytes."""

    recipient: str
    sender: str
    data: bytes

    @property
    def message(self) -> Any:
        return message_from_bytes(self.data, policy=policy.default)


class Broken(Exception):
    """The server ends this connection."""


@dataclass
class Plan:
    """What goes wrong: `fault` at `step`, `times` times (-1: always), from the `after`th message on. `said` is called when
    it does: a test may kill the program there. Whether a message was taken although the answer was spoilt is `takes`."""

    step: str = ""
    fault: str = ""
    times: int = 1
    after: int = 0
    takes: bool = False
    said: Callable[[], None] = field(default=lambda: None)


class FaultyServer:
    """Speaks SMTP on loopback, one thread a connection. Counts who got what, keeps what it answered 250 to."""

    def __init__(
        self, plan: Plan | None = None, *, context: ssl.SSLContext | None = None, implicit: bool = False,
        login: tuple[str, str] | None = None, answers: dict[str, list[bytes]] | None = None, extensions: str = "",
    ) -> None:  # fmt: skip
        self.plan, self.context, self.implicit, self.login = plan or Plan(), context, implicit, login
        #: By local part of the recipient: answers to the dot (or to RCPT, if they begin with `rcpt `), in order.
        self.answers = answers or {}
        self.extensions = extensions
        self.kept: list[Kept] = []
        self.handled = 0
        self.seen_auth: list[bytes] = []
        self.commands: list[bytes] = []
        self.lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._stopped = False
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopped = True
        self._socket.close()
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.close()
        self._thread.join(2)

    def recipients(self) -> list[str]:
        with self.lock:
            return [each.recipient for each in self.kept]

    def _accept(self) -> None:
        while not self._stopped:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            line.settimeout(20)
            self._open.add(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        dialogue = _Dialogue(self, line)
        try:
            dialogue.run()
        except (Broken, OSError, ssl.SSLError):
            pass
        finally:
            self._open.discard(line)
            with contextlib.suppress(OSError):
                dialogue.line.close()

    def strikes(self, step: str) -> bool:
        """Tell whether the plan's fault happens at this step now."""
        with self.lock:
            plan = self.plan
            if step != plan.step or plan.times == 0 or self.handled < plan.after:
                return False
            plan.times -= 1
        plan.said()
        return plan.fault != "none"


class _Dialogue:
    def __init__(self, server: FaultyServer, line: Any) -> None:
        self.server, self.line, self.buffer = server, line, b""

    def read(self) -> bytes:
        while b"\r\n" not in self.buffer:
            more = self.line.recv(65_536)
            if not more:
                raise Broken
            self.buffer += more
        found, _, self.buffer = self.buffer.partition(b"\r\n")
        with self.server.lock:
            self.server.commands.append(found)
        return found

    def say(self, text: bytes) -> None:
        self.line.sendall(text)

    def answer(self, step: str, text: bytes) -> bool:
        """Answer a step, or do what the plan says; returns whether the answer was the right one."""
        if not self.server.strikes(step):
            self.say(text)
            return True
        self.misbehave(self.server.plan.fault)
        return False

    def misbehave(self, fault: str) -> None:
        if fault == "drop":
            raise Broken
        if fault == "hang":
            time.sleep(HANG)
            raise Broken
        if fault == "half":
            self.say(b"25")
            raise Broken
        if fault == "garbage":
            self.say(b"\x00\xfe not an answer \r\n")
        elif fault == "4xx":
            self.say(b"451 4.3.0 Try later\r\n")
        elif fault == "5xx":
            self.say(b"550 5.1.1 No such user here\r\n")
        elif fault == "tls":
            # Not a record of the protected line, or no answer at all on an open one.
            raw = socket.socket(fileno=self.line.fileno()) if isinstance(self.line, ssl.SSLSocket) else self.line
            raw.sendall(b"\x15\x03\x03\x00\x02\x02\x28 not TLS \r\n")
            if raw is not self.line:
                raw.detach()
            raise Broken

    def run(self) -> None:
        server = self.server
        if server.strikes("connect"):
            # A reset, as a port that nobody listens on any more.
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if server.plan.fault == "hang":
                time.sleep(HANG)
            raise Broken
        if server.implicit:
            self.protect()
        self.answer("greeting", b"220 test ESMTP\r\n")
        hellos = 0
        while True:
            command = self.read()
            verb = command[:4].upper()
            if verb == b"EHLO":
                hellos += 1
                offers = [b"test", b"8BITMIME", *server.extensions.encode().split()]
                if server.context is not None and not isinstance(self.line, ssl.SSLSocket):
                    offers.append(b"STARTTLS")
                if server.login is not None:
                    offers.append(b"AUTH PLAIN XOAUTH2")
                lines = [b"250-" + each for each in offers[:-1]] + [b"250 " + offers[-1]]
                self.answer("ehlo" if hellos == 1 else "ehlo_again", b"\r\n".join(lines) + b"\r\n")
            elif verb == b"STAR":
                if self.answer("starttls", b"220 go\r\n"):
                    self.protect()
            elif verb == b"AUTH":
                self.auth(command)
            elif verb == b"MAIL":
                sender = re.search(rb"<([^>]*)>", command)
                self.sender = sender.group(1).decode() if sender else ""
                self.answer("mail", b"250 2.1.0 ok\r\n")
            elif verb == b"RCPT":
                self.rcpt(command)
            elif verb == b"DATA":
                if self.answer("data", b"354 go\r\n"):
                    self.text()
            elif verb == b"QUIT":
                self.answer("quit", b"221 bye\r\n")
                raise Broken
            else:
                self.say(b"250 ok\r\n")

    def protect(self) -> None:
        if self.server.strikes("handshake"):
            self.misbehave(self.server.plan.fault)
            raise Broken
        assert self.server.context is not None
        self.line = self.server.context.wrap_socket(self.line, server_side=True)
        self.buffer = b""

    def auth(self, command: bytes) -> None:
        self.server.seen_auth.append(command)
        if self.server.strikes("auth"):
            self.misbehave(self.server.plan.fault)
            return
        assert self.server.login is not None
        import base64

        given = base64.b64decode(command.split()[-1])
        user, password = self.server.login
        right = given in (
            f"\0{user}\0{password}".encode(), f"user={user}\x01auth=Bearer {password}\x01\x01".encode()
        )  # fmt: skip
        if not right and b"XOAUTH2" in command:
            # What is wrong comes as a challenge; the refusal follows on the client's empty answer.
            self.say(b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n")
            self.read()
        self.answer("auth_answer", b"235 2.7.0 ok\r\n" if right else b"535 5.7.8 no\r\n")

    def rcpt(self, command: bytes) -> None:
        found = re.search(rb"<([^>]*)>", command)
        self.recipient = found.group(1).decode() if found else ""
        own = self.server.answers.get(self.recipient.partition("@")[0], [])
        if own and own[0].startswith(b"rcpt "):
            self.say(own.pop(0)[5:] + b"\r\n")
            return
        self.answer("rcpt", b"250 2.1.5 ok\r\n")

    def text(self) -> None:
        server, data = self.server, self.buffer
        self.buffer = b""
        if server.strikes("body"):
            self.misbehave(server.plan.fault)
        ended = False
        while not data.endswith(b"\r\n.\r\n"):
            if not ended and data and server.plan.step == "body_end":
                ended = True
                if server.strikes("body_end"):
                    self.misbehave(server.plan.fault)
            more = self.line.recv(65_536)
            if not more:
                raise Broken
            data += more
        body = re.sub(rb"(?m)^\.\.", b".", data[:-3])
        own = server.answers.get(self.recipient.partition("@")[0], [])
        answer = own.pop(0) + b"\r\n" if own else b"250 2.0.0 taken\r\n"
        with server.lock:
            server.handled += 1
        struck = server.strikes("dot")
        if (struck and server.plan.takes) or (not struck and answer[:1] == b"2"):
            with server.lock:
                server.kept.append(Kept(self.recipient, self.sender, body))
        if struck:
            self.misbehave(server.plan.fault)
            return
        self.say(answer)
        if server.strikes("done"):
            self.misbehave(server.plan.fault)


@contextlib.contextmanager
def serving(*args: Any, **options: Any) -> Iterator[FaultyServer]:
    """A server for the time of a block."""
    made = FaultyServer(*args, **options)
    try:
        yield made
    finally:
        made.close()
