"""Flat rows about e-mail that came back."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dpo_app.core.veil import veiled


class TiedDelivery(NamedTuple):
    """A delivery that a message may be tied to."""

    id: int
    breach_id: int
    person_id: int
    notice_id: int
    state: str
    state_at: datetime


@veiled
class ReturnedRow(NamedTuple):
    """What is kept of one message; see the table `returned_mail`."""

    identity: str
    read_at: datetime
    source: str
    kind: str
    reason: str
    status: str
    proof: str
    breach_id: int | None
    delivery_id: int | None
    outcome: str
    state_before: str
    host: str
    address: str
    subject: str
    text: str


@veiled
class ReturnedLine(NamedTuple):
    """A message on the screen: what it is, the person it is tied to or suggests, and what became of it."""

    id: int
    read_at: datetime
    kind: str
    reason: str
    status: str
    proof: str
    outcome: str
    breach_id: int | None
    delivery_id: int | None
    person_id: int | None
    person_code: str
    name: str
    delivery_state: str
    state_before: str
    address: str
    subject: str
    text: str


class FailedClass(NamedTuple):
    """How many persons e-mail failed for a reason (as it stands at the delivery) and who are open."""

    reason: str
    persons: int
