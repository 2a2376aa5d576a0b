"""Flat rows of a run of e-mails: what waits, what the ledger says of it, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dpo_app.core.veil import veiled
from dpo_app.services.lines import MessageRow


@veiled
class WaitingRow(NamedTuple):
    """A member of a run that waits: its delivery and state, what it is made from, the rung the person stands on now, tries so
    far, when the first was, and the hash of what was handed over then ("": nothing yet)."""

    delivery_id: int
    state: str
    row: MessageRow
    channel_now: str
    tries: int
    first_try_at: datetime | None
    sha256: str


@veiled
class LedgerLine(NamedTuple):
    """What the ledger says of one delivery, read apart from what the message is made of."""

    delivery_id: int
    token: str
    name: str
    given_names: str
    registered: str
    email: str
    language: str
    exposure: str
    channel: str
    age: int | None
    protected: bool
    deceased: bool


@veiled
class TriedLine(NamedTuple):
    """A delivery in a list of a run: to whom, state, since when, and what the server said last."""

    delivery_id: int
    person_id: int
    person_code: str
    name: str
    token: str
    state: str
    at: datetime
    tries: int
    next_try_at: datetime | None
    step: str
    code: int
    enhanced: str
    kind: str
    reply: str


class RunningTry(NamedTuple):
    """A try that has begun and has no answer in the journal."""

    delivery_id: int
    breach_id: int
    attempt: int
    stage: str
