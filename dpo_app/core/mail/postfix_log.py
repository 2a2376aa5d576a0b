"""Reading a Postfix `mail.log`: which messages, by Message-ID, the server took into its queue and what it did with them.

Lines: `… postfix/cleanup[…]: QUEUEID: message-id=<…>`, `… postfix/qmgr[…]: QUEUEID: from=<…>, size=…, nrcpt=… (queue
active)`, `… postfix/smtp[…]: QUEUEID: to=<…>, …, status=sent (…)`. cleanup names the id while the text still comes in; only
qmgr's line says that the whole message lies in the queue, which is what a 250 to the final dot promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_LINE = re.compile(
    r"postfix(?:-[\w.-]+)?/(?:[\w.-]+/)?(cleanup|qmgr|smtp|lmtp|local|virtual|relay|pipe|error|discard)\[\d+\]: "
    r"([0-9A-Za-z]{6,20}): (.*)"
)
_ID = re.compile(r"(?:resent-)?message-id=(<[^>\s]{3,250}>)")
_STATUS = re.compile(r"to=<[^>]*>.*\bstatus=(\w+)")


class LogResult(StrEnum):
    """How far a message came in the log."""

    QUEUED = "queued"
    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"


_STRENGTH = {LogResult.QUEUED: 1, LogResult.DEFERRED: 2, LogResult.BOUNCED: 3, LogResult.SENT: 4}


@dataclass(frozen=True)
class PostfixLog:
    """Messages that lay whole in the queue, by Message-ID with angle brackets, and how many lines were read."""

    results: dict[str, LogResult]
    lines: int


def read_postfix_log(lines: Iterable[str]) -> PostfixLog:
    """Return what a log says. Lines of other programs are passed over; nothing is kept of addresses."""
    ids: dict[str, str] = {}
    queued: dict[str, LogResult] = {}
    count = 0
    for line in lines:
        count += 1
        found = _LINE.search(line[:4_000])
        if found is None:
            continue
        program, number, said = found.groups()
        if program == "cleanup":
            own = _ID.match(said)
            if own is not None:
                ids[number] = own.group(1)
        elif program == "qmgr":
            if said.startswith("from=<") and "(queue active)" in said:
                queued.setdefault(number, LogResult.QUEUED)
        elif number in queued:
            status = _STATUS.match(said)
            if status is not None and status.group(1) in ("sent", "deferred", "bounced"):
                result = LogResult(status.group(1))
                if _STRENGTH[result] > _STRENGTH[queued[number]]:
                    queued[number] = result
    results: dict[str, LogResult] = {}
    for number, result in queued.items():
        message_id = ids.get(number)
        if message_id is not None and _STRENGTH[result] >= _STRENGTH.get(results.get(message_id, result), 0):
            results[message_id] = result
    return PostfixLog(results, count)
