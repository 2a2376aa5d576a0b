"""What use-cases ask of the way out: one line to a mail server, on which one message at a time is handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.mail.smtp_reply import Step
from dpo_app.core.veil import veiled


@veiled
class Envelope(NamedTuple):
    """Who hands over to whom: one sender, one recipient, and the id that a report brings back (RFC 3461 ENVID)."""

    sender: str
    recipient: str
    envelope_id: str


@veiled
class Reply(NamedTuple):
    """A server's answer: code, text with its lines joined, and the step it answers."""

    code: int
    text: str
    step: Step

    @property
    def final(self) -> bool:
        """Tell whether the server says that trying again does not help."""
        return self.code // 100 == 5


class LineFault(Exception):  # noqa: N818
    """No answer that can be understood: the line broke, hung, or said what no server may say. `kind`: lost, timeout,
    garbage, tls, certificate. After `Step.DOT` nobody knows what became of the message."""

    def __init__(self, step: Step, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind} at {step}")
        self.step, self.kind, self.detail = step, kind, detail


class LineRefused(Exception):  # noqa: N818
    """The server does not let us begin: its greeting, hello, STARTTLS or login was answered with a refusal."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.code} at {reply.step}")
        self.reply = reply


@dataclass(frozen=True)
class LineFacts:
    """What is known of an open line, for the preflight: protection, end of the certificate, what the server offers."""

    protection: str = ""
    valid_until: datetime | None = None
    offers: tuple[str, ...] = ()


class MailLine(Protocol):
    """One connection. Not shared between threads."""

    facts: LineFacts

    def open(self) -> None:
        """Connect, protect the line, say who we are. Raises LineFault, LineRefused; then nothing is open."""

    def hand_over(
        self, envelope: Envelope, data: bytes, taken: Callable[[], None], before_dot: Callable[[], None]
    ) -> Reply:
        """Hand one message over and return the answer that settles it: the first refusal, or that to the final dot.

        `taken` is called when the server has agreed to sender and recipient, `before_dot` when everything but the dot is
        with the server; if one raises, the message is not handed over. Raises LineFault, after which the line is closed; with `Step.DOT` the outcome is unknown.
        """

    def reusable(self) -> bool:
        """Tell whether another message may follow on this line."""

    def close(self) -> None:
        """Say goodbye and close; what goes wrong here changes nothing."""

    def abort(self) -> None:
        """Cut the line from another thread: whoever waits on it gets a LineFault at once."""


class Dispatcher(Protocol):
    """Makes lines."""

    def line(self, server: MailServer) -> MailLine:
        """Return a line to a server, not yet open. Raises InputError as `MailServer.checked`."""
