"""SMTP as a client (RFC 5321), one message and one recipient at a time, with every step known.

smtplib connects, protects and signs in. From MAIL on the steps are ours: `SMTP.data` would send text and dot in one
call, and nobody could tell afterwards whether the dot had left (letters-and-email.md 5.6). Answers are read strictly: a
line too long, a code that changes within an answer, or an answer to a question that was not asked, and the line is not
trusted any more. No PIPELINING and no BDAT. Nothing of a dialogue is logged.
"""

from __future__ import annotations

import contextlib
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from time import monotonic
from typing import Any

from dpo_app.core.errors import DeliveryError, InputError
from dpo_app.core.mail.mail_server import MailServer, Security, SignIn
from dpo_app.core.mail.smtp_reply import Step
from dpo_app.services.ports.dispatch import Envelope, LineFacts, LineFault, LineRefused, Reply

#: RFC 5321 4.5.3.1.5 allows 512 octets; what providers write is longer.
LONGEST_LINE, MOST_LINES = 4_096, 128
#: A line serves so many messages or seconds, then a new one is opened: servers close theirs at some number of their own.
MOST_MESSAGES, LONGEST_LIFE = 100, 300.0
_REPLY = re.compile(rb"^([2-5][0-9][0-9])(?:([ -])([^\r\n\x00]*))?$")
#: A mail address as it may stand between < and > without quoting: nothing that could end it, add to it or be a second.
_PATH = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}\Z)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True)
class Times:
    """How long each phase may take, in seconds (RFC 5321 4.5.3.2)."""

    connect: float = 60.0
    greeting: float = 300.0
    command: float = 300.0
    data: float = 120.0
    block: float = 180.0
    dot: float = 600.0


class SmtpDispatcher:
    """`services.ports.dispatch.Dispatcher`."""

    def __init__(self, times: Times | None = None) -> None:
        self._times = times or Times()

    def line(self, server: MailServer) -> SmtpLine:
        """Return a line to a server, not yet open."""
        return SmtpLine(server.checked(), self._times)


class _Client(smtplib.SMTP):
    """smtplib with strict reading: answers are cut from a buffer of ours, so that what nobody asked for is seen."""

    sock: Any

    def __init__(self) -> None:
        self.step, self.buffer = Step.CONNECT, bytearray()
        # Named here, or smtplib would ask the name service for it.
        super().__init__(local_hostname="localhost")

    def getreply(self) -> tuple[int, bytes]:
        """Read one whole answer. Raises LineFault for anything that is none."""
        lines: list[bytes] = []
        code = b""
        while True:
            found = _REPLY.match(self._line())
            if found is None or (code and found.group(1) != code) or len(lines) >= MOST_LINES:
                raise LineFault(self.step, "garbage")
            code = found.group(1)
            lines.append((found.group(3) or b"").strip(b" \t"))
            if found.group(2) != b"-":
                return int(code), b"\n".join(lines)

    def _line(self) -> bytes:
        deadline = monotonic() + (self.sock.gettimeout() or 0)
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > LONGEST_LINE:
                raise LineFault(self.step, "garbage")
            # A server that gives a sign now and then must not hold the line for ever.
            if monotonic() > deadline:
                raise TimeoutError
            more = self.sock.recv(8_192)
            if not more:
                raise LineFault(self.step, "lost")
            self.buffer += more
        line = bytes(self.buffer[:end]).removesuffix(b"\r")
        del self.buffer[: end + 1]
        return line

    def nothing_waits(self) -> None:
        """Raise LineFault if the server said something that was not asked for: what it says next cannot be matched
        with what we ask. Before STARTTLS this also shuts out commands slipped in ahead of the protection."""
        if self.buffer or self._can_read():
            raise LineFault(self.step, "garbage")

    def _can_read(self) -> bool:
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        return bool(select.select([self.sock], [], [], 0)[0]) and self._has_bytes()

    def _has_bytes(self) -> bool:
        """Tell whether readable means something to read: a TLS line also carries records of its own."""
        before = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            more = self.sock.recv(8_192)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        finally:
            self.sock.settimeout(before)
        if not more:
            raise LineFault(self.step, "lost")
        self.buffer += more
        return True

    def ask(self, step: Step, command: str, seconds: float) -> Reply:
        """Send one command and return its answer. Anything that came with the answer before is nobody's answer; what comes
        in later is found before the dot at the latest, as then one answer is left over."""
        self.step = step
        if self.buffer:
            raise LineFault(step, "garbage")
        if self.sock.gettimeout() != seconds:
            self.sock.settimeout(seconds)
        self.putcmd(command)
        code, text = self.getreply()
        return Reply(code, text.decode("utf-8", "replace"), step)


class SmtpLine:
    """`services.ports.dispatch.MailLine`."""

    def __init__(self, server: MailServer, times: Times) -> None:
        self._server, self._times = server, times
        self._client: Any = None
        self._served, self._since = 0, 0.0
        self.facts = LineFacts()

    def open(self) -> None:
        """Connect, protect the line, say who we are."""
        self.close()
        client = self._client = _Client()
        try:
            with _faults(client):
                self._connect(client)
                self._sign_in(client)
        except BaseException:
            self._drop()
            raise
        self._served, self._since = 0, monotonic()
        client.sock.settimeout(self._times.command)

    def _connect(self, client: _Client) -> None:
        server, times = self._server, self._times
        client.sock = socket.create_connection((server.host, server.port), times.connect)
        # Text and dot are two sends: held back until the first is acknowledged, the dot would wait 40 ms each time.
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own = client.sock.getsockname()[0]
        # RFC 5321 4.1.3: a client without a name of its own says its number.
        client.local_hostname = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
        if server.security is Security.TLS:
            client.step = Step.HANDSHAKE
            client.sock = _context(server).wrap_socket(client.sock, server_hostname=server.host)
        client.step = Step.GREETING
        client.sock.settimeout(times.greeting)
        code, text = client.getreply()
        if code != 220:
            raise LineRefused(Reply(code, text.decode("utf-8", "replace"), Step.GREETING))
        self._hello(client)
        if server.security is Security.STARTTLS:
            if not client.has_extn("starttls"):
                raise LineFault(Step.STARTTLS, "no_starttls")
            reply = client.ask(Step.STARTTLS, "STARTTLS", times.command)
            if reply.code != 220:
                raise LineRefused(reply)
            client.nothing_waits()
            client.step = Step.HANDSHAKE
            client.sock = _context(server).wrap_socket(client.sock, server_hostname=server.host)
            # What was offered in clear does not count (RFC 3207, 4.2).
            client.ehlo_resp, client.esmtp_features, client.does_esmtp = None, {}, False
            self._hello(client)
        self.facts = _facts(client)

    def _hello(self, client: _Client) -> None:
        client.step = Step.EHLO
        client.nothing_waits()
        client.sock.settimeout(self._times.command)
        code, text = client.ehlo()
        if code != 250:
            raise LineRefused(Reply(code, text.decode("utf-8", "replace"), Step.EHLO))

    def _sign_in(self, client: _Client) -> None:
        server = self._server
        if server.sign_in is SignIn.NONE:
            return
        client.step = Step.AUTH
        client.nothing_waits()
        client.sock.settimeout(self._times.command)
        try:
            if server.sign_in is SignIn.OAUTH:
                client.user, client.password = server.user, server.secret
                token = f"user={server.user}\x01auth=Bearer {server.secret}\x01\x01"
                client.auth("XOAUTH2", lambda challenge=None: token if challenge is None else "")
            else:
                client.login(server.user, server.secret)
        except smtplib.SMTPAuthenticationError as error:
            said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
            raise LineRefused(Reply(error.smtp_code, said, Step.AUTH)) from None
        except smtplib.SMTPNotSupportedError:
            raise LineRefused(Reply(504, "no way to sign in is offered", Step.AUTH)) from None

    def hand_over(
        self, envelope: Envelope, data: bytes, taken: Callable[[], None], before_dot: Callable[[], None]
    ) -> Reply:
        """Hand one message over and return the answer that settles it."""
        client: _Client = self._client
        self._served += 1
        try:
            with _faults(client):
                reply = self._dialogue(client, envelope, data, taken, before_dot)
                if reply.step is Step.DOT:
                    self._after_dot(client, reply)
        except BaseException:
            # Whatever stopped us: the server must not take what follows for the rest of the text.
            self._drop()
            raise
        if reply.step is not Step.DOT:
            self._take_back(client)
        return reply

    def _take_back(self, client: _Client) -> None:
        """Bring the server back to where it was before MAIL; if that fails, the answer stands and the line goes."""
        try:
            with _faults(client):
                if client.ask(Step.MAIL, "RSET", self._times.command).code == 250:
                    return
        except LineFault:
            pass
        self._drop()

    def _dialogue(
        self, client: _Client, envelope: Envelope, data: bytes, taken: Callable[[], None],
        before_dot: Callable[[], None],
    ) -> Reply:  # fmt: skip
        times, dsn = self._times, client.has_extn("dsn")
        # Checked before the first command: an address that needs more than ASCII or quoting is refused by the caller.
        sender, recipient = _path(envelope.sender), _path(envelope.recipient)
        if not _plain(data):
            raise DeliveryError("mail_not_as_planned", retryable=False, number=0)
        tail = f" RET=HDRS ENVID={envelope.envelope_id}" if dsn and envelope.envelope_id else ""
        reply = client.ask(Step.MAIL, f"MAIL FROM:<{sender}>{tail}", times.command)
        if reply.code != 250:
            return _understood(reply)
        tail = " NOTIFY=FAILURE,DELAY" if dsn else ""
        reply = client.ask(Step.RCPT, f"RCPT TO:<{recipient}>{tail}", times.command)
        if reply.code not in (250, 251):
            return _understood(reply)
        taken()
        reply = client.ask(Step.DATA, "DATA", times.data)
        if reply.code != 354:
            return _understood(reply)
        client.step = Step.BODY
        client.sock.settimeout(times.block)
        client.sock.sendall((b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n.."))
        before_dot()
        client.nothing_waits()
        client.sock.settimeout(times.dot)
        client.step = Step.DOT
        client.sock.sendall(b".\r\n")
        code, text = client.getreply()
        if code // 100 == 3:
            raise LineFault(Step.DOT, "garbage")
        return Reply(code, text.decode("utf-8", "replace"), Step.DOT)

    def _after_dot(self, client: _Client, reply: Reply) -> None:
        """Look at what came along with the answer to the dot. The same class again costs the line; another class
        contradicts it, and then nobody knows."""
        while client.buffer:
            try:
                code, _text = client.getreply()
            except (LineFault, OSError):
                code = 0
            if code // 100 != reply.code // 100:
                raise LineFault(Step.DOT, "garbage")
            self._drop_later()

    def _drop_later(self) -> None:
        self._served = MOST_MESSAGES

    def reusable(self) -> bool:
        """Tell whether another message may follow on this line."""
        return self._client is not None and self._served < MOST_MESSAGES and monotonic() - self._since < LONGEST_LIFE

    def close(self) -> None:
        """Say goodbye and close."""
        client = self._client
        if client is not None and client.sock is not None:
            with contextlib.suppress(Exception):
                client.sock.settimeout(min(2.0, self._times.command))
                client.ask(Step.MAIL, "QUIT", min(2.0, self._times.command))
        self._drop()

    def abort(self) -> None:
        """Cut the line from another thread."""
        client = self._client
        # Taken once: the line's own thread may let go of it at any moment.
        sock = client.sock if client is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None and client.sock is not None:
            with contextlib.suppress(Exception):
                client.sock.close()
            client.sock = None


#: RFC 5321 4.5.3.1.6: the longest line of a text, without its end.
LONGEST_TEXT_LINE = 998


def _plain(data: bytes) -> bool:
    """Tell whether a message can go out as it is: whole line ends only, one at the end, no NUL, no line too long."""
    lines = data.split(b"\r\n")
    ends = len(lines) - 1
    whole = data.endswith(b"\r\n") and data.count(b"\r") == ends == data.count(b"\n") and b"\x00" not in data
    return whole and max(map(len, lines)) <= LONGEST_TEXT_LINE


def _path(address: str) -> str:
    """Return an address as it stands in MAIL and RCPT. Raises DeliveryError("mail_address") if it is not one alone."""
    if not _PATH.fullmatch(address) or ".." in address:
        raise DeliveryError("mail_address", retryable=False)
    return address


def _understood(reply: Reply) -> Reply:
    """Return a refusal. A code that neither agrees nor refuses at its step is no answer to what was asked."""
    if reply.code // 100 not in (4, 5):
        raise LineFault(reply.step, "garbage")
    return reply


def _context(server: MailServer) -> ssl.SSLContext:
    """Return what a line is protected with: certificate and name are checked, always. Raises InputError("mail_authority")
    for an authority of the organisation's that cannot be read."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if server.authority:
        try:
            context.load_verify_locations(cadata=server.authority)
        except (ssl.SSLError, ValueError):
            raise InputError("mail_authority") from None
    return context


def _facts(client: _Client) -> LineFacts:
    offers = tuple(sorted(client.esmtp_features))
    if not isinstance(client.sock, ssl.SSLSocket):
        return LineFacts("", None, offers)
    shown: Any = client.sock.getpeercert() or {}
    ends = shown.get("notAfter")
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), timezone.utc) if isinstance(ends, str) else None
    return LineFacts(client.sock.version() or "TLS", until, offers)


@contextmanager
def _faults(client: _Client) -> Iterator[None]:
    """Turn what the system and smtplib raise into LineFault with the step it happened at."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise LineFault(client.step, "certificate", error.verify_message) from None
    except ssl.SSLError:
        raise LineFault(client.step, "tls") from None
    except TimeoutError:
        raise LineFault(client.step, "timeout") from None
    except OSError as error:
        # smtplib's own errors are OSErrors, too; their texts may hold an address.
        raise LineFault(client.step, "lost", getattr(error, "strerror", None) or "") from None
    except (ValueError, UnicodeError):
        raise LineFault(client.step, "garbage") from None
