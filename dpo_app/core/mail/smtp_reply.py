"""What a mail server's answer means: codes of RFC 5321 and 5248, enhanced codes of RFC 3463, and what follows from them.

The enhanced code decides where there is one that fits the basic code; else the basic code, else the words. Sources:
letters-and-email.md 5.7 and the registers of RFC 5248. The same table reads the `Status` of a delivery report.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.delivery import DeliveryState


class Step(StrEnum):
    """Where in the dialogue an answer was given, or the line broke, in order."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    HANDSHAKE = "handshake"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


#: Before a message: what fails here concerns the line and no person.
BEFORE_MESSAGE = frozenset({Step.CONNECT, Step.GREETING, Step.EHLO, Step.STARTTLS, Step.HANDSHAKE, Step.AUTH})


class ReplyClass(StrEnum):
    """Why a message was not accepted, by what can be done about it."""

    ACCEPTED = "accepted"
    DEAD = "dead"
    REASSIGNED = "reassigned"
    FULL = "full"
    GREYLISTED = "greylisted"
    TOO_FAST = "too_fast"
    TROUBLE = "trouble"
    LINE = "line"
    POLICY = "policy"
    TRUST = "trust"
    LOGIN = "login"
    SETUP = "setup"
    PROTOCOL = "protocol"
    CONTENT = "content"
    PATH = "path"
    UNCLEAR = "unclear"
    #: Ours, before anything was sent: an address that is not one, or that the way cannot carry.
    BAD_ADDRESS = "bad_address"
    NO_SMTPUTF8 = "no_smtputf8"


_C = ReplyClass
#: Nothing more can be sent until somebody has mended it; nobody's delivery is marked.
OURS = frozenset({_C.LOGIN, _C.SETUP})
#: A final refusal that is not the person's fault: held for the officer, no letter yet.
HELD = frozenset({_C.POLICY, _C.TRUST, _C.PROTOCOL})
#: Temporary answers that ask for a slower pace.
SLOWER = frozenset({_C.TOO_FAST, _C.POLICY, _C.TROUBLE})

_ENHANCED = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.)")
_BY_DETAIL: dict[str, ReplyClass] = {
    "1.0": _C.DEAD, "1.1": _C.DEAD, "1.2": _C.DEAD, "1.3": _C.DEAD, "1.6": _C.DEAD, "1.10": _C.DEAD, "4.4": _C.DEAD,
    "1.7": _C.SETUP, "1.8": _C.SETUP, "2.0": _C.GREYLISTED, "2.1": _C.DEAD, "2.2": _C.FULL, "2.3": _C.CONTENT,
    "3.2": _C.TOO_FAST, "3.4": _C.CONTENT, "4.5": _C.TOO_FAST, "4.6": _C.PATH, "4.0": _C.PATH, "5.3": _C.TOO_FAST,
    "7.8": _C.LOGIN, "7.9": _C.LOGIN, "7.30": _C.LOGIN, "7.57": _C.LOGIN, "7.60": _C.SETUP,
    "7.17": _C.REASSIGNED, "7.18": _C.REASSIGNED,
    **dict.fromkeys(("7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26", "7.27", "7.509", "7.515"), _C.TRUST),
}  # fmt: skip
#: Details that say one thing for good and another for now.
_FOR_NOW: dict[str, ReplyClass] = {
    "2.1": _C.GREYLISTED, "1.1": _C.TROUBLE, "1.0": _C.TROUBLE, "1.2": _C.TROUBLE, "4.4": _C.TROUBLE, "3.4": _C.TROUBLE,
}  # fmt: skip
_BY_SUBJECT = {
    "1": _C.DEAD, "2": _C.UNCLEAR, "3": _C.PATH, "4": _C.PATH, "5": _C.PROTOCOL, "6": _C.CONTENT, "7": _C.POLICY,
}  # fmt: skip
_BY_CODE = {
    500: _C.PROTOCOL, 501: _C.DEAD, 502: _C.PROTOCOL, 503: _C.PROTOCOL, 504: _C.PROTOCOL, 530: _C.LOGIN,
    534: _C.LOGIN, 535: _C.LOGIN, 538: _C.LOGIN, 551: _C.DEAD, 552: _C.FULL, 553: _C.DEAD, 556: _C.DEAD,
    452: _C.FULL, 421: _C.TROUBLE, 432: _C.TOO_FAST, 454: _C.TROUBLE,
}  # fmt: skip
_GREY = re.compile(r"gr[ea]y-?list|try again later|please retry|deferred for|postgrey", re.I)
_FAST = re.compile(
    r"too (many|fast|much)|rate.?limit|throttl|concurrent|limit exceeded|slow down|quota.{0,20}messages", re.I
)
_DEAD = re.compile(
    r"(user|mailbox|recipient|address|account|domain|host)\b.{0,40}\b(unknown|not found|does ?n.t exist|not exist|disabled|"
    r"invalid|unavailable|inactive)|no such|unknown (user|recipient|mailbox|local)|unrouteable", re.I
)  # fmt: skip
_FULL = re.compile(r"(mailbox|quota|storage).{0,30}(full|exceed|over)|over quota|out of (disk|storage)", re.I)
_TRUST = re.compile(r"\b(spf|dkim|dmarc|unauthenticated (mail|email))\b", re.I)
_POLICY = re.compile(
    r"spam|block|policy|reputation|\blisted\b|blacklist|denied|not allowed|rejected for|abuse|relay", re.I
)


def enhanced_of(code: int, text: str) -> str:
    """Return the enhanced code at the head of an answer's text, such as `5.1.1`, or "" if there is none or it says
    another class than the basic code."""
    found = _ENHANCED.match(text)
    return found.group(0).strip() if found and int(found.group(1)) == code // 100 else ""


def classify(code: int, text: str, step: Step) -> ReplyClass:
    """Return what an answer means. `text` is what follows the code, lines joined."""
    if code // 100 == 2:
        return ReplyClass.ACCEPTED
    enhanced = enhanced_of(code, text)
    if step is Step.AUTH:
        return ReplyClass.TROUBLE if code // 100 == 4 else ReplyClass.LOGIN
    if code // 100 == 4:
        return _for_now(code, enhanced, text)
    if step in BEFORE_MESSAGE:
        return ReplyClass.PATH
    found = _for_good(code, enhanced, text)
    # The sender was refused, whatever the words: it is ours, and the next person would be refused alike.
    return ReplyClass.SETUP if step is Step.MAIL and found not in OURS | HELD else found


def _for_now(code: int, enhanced: str, text: str) -> ReplyClass:
    detail = enhanced[2:]
    if _FAST.search(text):
        return ReplyClass.TOO_FAST
    if _GREY.search(text) and not _FULL.search(text):
        return ReplyClass.GREYLISTED
    if detail in _FOR_NOW:
        return _FOR_NOW[detail]
    if detail in _BY_DETAIL and _BY_DETAIL[detail] is not ReplyClass.DEAD:
        return _BY_DETAIL[detail]
    if detail.startswith("7."):
        return ReplyClass.POLICY
    if detail:
        return ReplyClass.TROUBLE
    if code == 452 and not _FULL.search(text):
        return ReplyClass.TROUBLE
    if code in _BY_CODE:
        return _BY_CODE[code]
    return ReplyClass.FULL if _FULL.search(text) else ReplyClass.TROUBLE if code == 451 else ReplyClass.GREYLISTED


def _for_good(code: int, enhanced: str, text: str) -> ReplyClass:
    detail = enhanced[2:]
    # Some say 5.1.1 or nothing at all where the words speak of trust: the person is not at fault then.
    if _TRUST.search(text) and (not detail or detail.startswith("7.")):
        return ReplyClass.TRUST
    if detail in _BY_DETAIL:
        known = _BY_DETAIL[detail]
        return ReplyClass.UNCLEAR if known in (ReplyClass.GREYLISTED, ReplyClass.TOO_FAST) else known
    if detail.startswith("7.1") and _DEAD.search(text) and not _POLICY.search(text):
        return ReplyClass.DEAD
    if detail.partition(".")[0] in _BY_SUBJECT:
        return _BY_SUBJECT[detail.partition(".")[0]]
    if code in _BY_CODE:
        return _BY_CODE[code]
    for pattern, kind in ((_FULL, _C.FULL), (_DEAD, _C.DEAD), (_POLICY, _C.POLICY)):
        if pattern.search(text):
            return kind
    return ReplyClass.UNCLEAR


#: Waits between tries (letters-and-email.md 5.7); the last one repeats until `GIVE_UP`.
RETRY = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
RETRY_GREY = tuple(timedelta(minutes=m) for m in (15, 15, 30, 60, 240))
RETRY_FULL = tuple(timedelta(hours=h) for h in (4, 12, 24, 48, 96))
GIVE_UP = {ReplyClass.FULL: timedelta(days=5)}
GIVE_UP_ELSE = timedelta(hours=48)


class Outcome(NamedTuple):
    """What becomes of a delivery after a try: its state, and when it is tried again (None: not by itself)."""

    state: DeliveryState
    wait: timedelta | None = None


def outcome_of(kind: ReplyClass, final: bool, tries: int, since_first: timedelta) -> Outcome:
    """Return what follows from an answer before or after the dot: `final` for 5xx, `tries` made so far with this one,
    `since_first` the time since the first of them."""
    if kind is ReplyClass.ACCEPTED:
        return Outcome(DeliveryState.ACCEPTED)
    if kind in OURS:
        return Outcome(DeliveryState.QUEUED)
    if final:
        return Outcome(DeliveryState.HELD if kind in HELD else DeliveryState.REJECTED)
    if since_first >= GIVE_UP.get(kind, GIVE_UP_ELSE):
        return Outcome(DeliveryState.GIVEN_UP)
    waits = RETRY_FULL if kind is ReplyClass.FULL else RETRY_GREY if kind is ReplyClass.GREYLISTED else RETRY
    return Outcome(DeliveryState.DEFERRED, waits[min(max(tries, 1), len(waits)) - 1])
