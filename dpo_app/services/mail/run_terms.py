"""What the parts of a run of e-mails share: its rules, its task, a member in hand, and what a server said as it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dpo_app.core.ids import BatchId, BreachId, RevisionId
from dpo_app.core.mail.mail_server import MailServer
from dpo_app.services.mail.run_lines import LedgerLine, WaitingRow

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


@dataclass(frozen=True)
class RunRules:
    """When a run goes on and when it stops by itself. `refusals` in a row stop it, `policy` refusals for policy of one
    domain, `unknowns` in a row. `patience` are the seconds between tries to open a line. `wait_for_deferred`: stay until
    those are settled, too; `due_only`: leave those whose time has not come; `most`: hand over so many, the rest waits
    for a later call (None: all)."""

    refusals: int = 20
    policy: int = 3
    unknowns: int = 3
    faults: int = 12
    patience: tuple[float, ...] = (1.0, 5.0, 15.0, 60.0)
    wait_for_deferred: bool = True
    due_only: bool = True
    most: int | None = None


@dataclass(frozen=True)
class Task:
    """What a run is about: its batch, breach, server, the revisions that decide texts and rungs."""

    batch_id: BatchId
    breach_id: BreachId
    server: MailServer
    frozen: RevisionId
    newest: RevisionId
    language: str


@dataclass(frozen=True)
class Item:
    """One member in hand: what waits, what the ledger says of it, how often the line broke under it in this run."""

    waiting: WaitingRow
    ledger: LedgerLine
    broken: int = 0


def domain_of(address: str) -> str:
    """Return the part of an address behind the @, in small letters."""
    return address.rpartition("@")[2].casefold()


def without_address(text: str, address: str) -> str:
    """Return what a server said as it may be kept: no address, no control signs, 300 signs."""
    plain = text
    if "@" in plain:
        plain = re.sub(re.escape(address), "<…>", plain, flags=re.IGNORECASE) if address else plain
        plain = _ADDRESS.sub("<…>", plain)
    if not plain.isprintable():
        plain = "".join(sign if sign.isprintable() else " " for sign in plain)
    return plain[:300]
