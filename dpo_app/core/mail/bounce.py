"""What comes back after an e-mail: what kind of message it is, and why a message could not be delivered.

Kinds follow RFC 3464 (delivery reports), RFC 3834 (automatic answers), RFC 5965 (feedback reports) and RFC 8098 (read
receipts); reasons follow the codes of RFC 3463 and 5248 and, where a report has none or a worthless one, the words that
servers use (`core.mail.bounce_phrases`). Only a failed report with a signed code changes a delivery (security.md
section 6).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.mail.bounce_phrases import REASON_PHRASES
from dpo_app.core.veil import veiled


class MailKind(StrEnum):
    """What a message is that came back."""

    BOUNCED = "bounced"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    AUTO_REPLY = "auto_reply"
    CHALLENGE = "challenge"
    COMPLAINT = "complaint"
    RECEIPT = "receipt"
    ANSWER = "answer"
    #: From a mail system, but nothing we understand; or a message that could not be read at all.
    UNREADABLE = "unreadable"
    #: A file that is no e-mail: it has none of the lines that every message begins with.
    NO_MESSAGE = "no_message"


class BounceReason(StrEnum):
    """Why a message was not delivered, by what can be done about it."""

    DEAD_ADDRESS = "dead_address"
    DEAD_DOMAIN = "dead_domain"
    DISABLED = "disabled"
    MOVED = "moved"
    FULL = "full"
    EXPIRED = "expired"
    SERVER = "server"
    GREYLISTED = "greylisted"
    DELAYED = "delayed"
    POLICY = "policy"
    TRUST = "trust"
    SETUP = "setup"
    CONTENT = "content"
    TOO_BIG = "too_big"
    UNCLEAR = "unclear"


_R = BounceReason
#: The address is no good, or nothing more will come of it: the next rung is the letter.
LADDER = (_R.DEAD_ADDRESS, _R.DEAD_DOMAIN, _R.DISABLED, _R.MOVED, _R.FULL, _R.EXPIRED, _R.SERVER, _R.UNCLEAR)
#: Refused because of us or our message: mend the cause first, or decide for the letter all the same.
OURS = (_R.POLICY, _R.TRUST, _R.SETUP, _R.CONTENT, _R.TOO_BIG)


class Proof(StrEnum):
    """By what a message was tied to its delivery. The last three prove nothing and change nothing."""

    RETURN_PATH = "return_path"
    ENVELOPE_ID = "envelope_id"
    MESSAGE_ID = "message_id"
    #: A code that looks like ours with a signature that is not.
    FORGED = "forged"
    #: Only the address fits: a suggestion for the officer.
    ADDRESS = "address"
    NONE = "none"


PROVEN = frozenset({Proof.RETURN_PATH, Proof.ENVELOPE_ID, Proof.MESSAGE_ID})


_S, _K = DeliveryState, MailKind
#: (state, what came back with proof) -> state (letters-and-email.md 6.3, lines 19, 20, 27 and 28). What has no line
#: changes nothing and is only noted.
COME_BACK: dict[tuple[DeliveryState, MailKind], DeliveryState] = {
    **{(state, _K.BOUNCED): _S.BOUNCED for state in (_S.ACCEPTED, _S.REPORTED_SENT, _S.UNKNOWN, _S.EXPORTED)},
    **{(state, _K.DELIVERED): _S.CONFIRMED for state in (_S.ACCEPTED, _S.REPORTED_SENT, _S.UNKNOWN, _S.EXPORTED)},
    (_S.UNKNOWN, _K.RELAYED): _S.ACCEPTED,
}
#: A bounce in one of these states needs the officer: it was confirmed before, or comes before the message left.
FOR_THE_OFFICER = frozenset(
    {_S.CONFIRMED, _S.PLANNED, _S.RENDERED, _S.QUEUED, _S.HANDING_OVER, _S.DEFERRED, _S.HELD}
)  # fmt: skip
#: A bounce later than this after the last change of its delivery needs the officer as well.
LATEST_DAYS = 90
#: Kinds that somebody has to look at even if nothing ties them to a delivery.
WORTH_KEEPING = frozenset({_K.BOUNCED, _K.UNREADABLE, _K.COMPLAINT})


@veiled
class ReadMail(NamedTuple):
    """What the reading child made of one message. `codes` are (where, signed code as found), best place first;
    nothing in them is verified yet. `identity` is the same for the same message read twice."""

    identity: str
    kind: MailKind
    reason: BounceReason | None
    status: str
    host: str
    address: str
    subject: str
    text: str
    codes: tuple[tuple[Proof, str], ...]


_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_TRUST_DETAILS = frozenset({"7.20", "7.21", "7.22", "7.23", "7.24", "7.26", "7.27", "7.509", "7.512", "7.515"})
_BY_DETAIL = {
    "1.0": _R.DEAD_ADDRESS, "1.1": _R.DEAD_ADDRESS, "1.2": _R.DEAD_DOMAIN, "1.3": _R.DEAD_ADDRESS,
    "1.4": _R.DEAD_ADDRESS, "1.5": _R.DEAD_ADDRESS, "1.6": _R.MOVED, "1.7": _R.SETUP, "1.8": _R.SETUP,
    "1.9": _R.SETUP, "1.10": _R.DEAD_DOMAIN, "2.1": _R.DISABLED, "2.2": _R.FULL, "2.3": _R.TOO_BIG, "2.4": _R.SERVER,
    "3.1": _R.FULL, "3.2": _R.SERVER, "3.4": _R.TOO_BIG, "3.5": _R.SERVER, "4.1": _R.EXPIRED, "4.2": _R.EXPIRED,
    "4.3": _R.SERVER, "4.4": _R.DEAD_DOMAIN, "4.5": _R.SERVER, "4.6": _R.SERVER, "4.7": _R.EXPIRED, "4.8": _R.SERVER,
    "7.8": _R.SETUP, "7.9": _R.SETUP, "7.17": _R.DISABLED, "7.18": _R.DEAD_DOMAIN, "7.57": _R.SETUP, "7.60": _R.SETUP,
    "4.300": _R.EXPIRED, "4.310": _R.DEAD_DOMAIN, "4.312": _R.SERVER, "4.316": _R.EXPIRED, "4.317": _R.EXPIRED,
}  # fmt: skip
#: Replies of RFC 5321 that mean one thing even without words.
_BY_REPLY = {"551": _R.MOVED, "552": _R.FULL, "553": _R.DEAD_ADDRESS, "556": _R.DEAD_DOMAIN}
_BY_SUBJECT = {"3": _R.SERVER, "4": _R.SERVER, "5": _R.SETUP, "6": _R.CONTENT, "7": _R.POLICY}
_FOR_NOW = {"2.0": _R.GREYLISTED, "2.1": _R.GREYLISTED, "2.2": _R.FULL, "7.1": _R.GREYLISTED}


#: What a mail server answered at once (`core.mail.smtp_reply`), in the classes of what comes back later.
_OF_REPLY = {
    "dead": _R.DEAD_ADDRESS, "reassigned": _R.DISABLED, "bad_address": _R.DEAD_ADDRESS, "no_smtputf8": _R.SERVER,
    "too_fast": _R.SERVER, "trouble": _R.SERVER, "line": _R.SERVER, "path": _R.SERVER, "login": _R.SETUP,
    "protocol": _R.SETUP,
}  # fmt: skip


def class_of(reason: str) -> BounceReason:
    """Return the class of the reason that stands at a failed delivery, whoever wrote it there."""
    if reason in set(BounceReason):
        return BounceReason(reason)
    return _OF_REPLY.get(reason, _R.UNCLEAR)


def status_in(text: str) -> str:
    """Return the first enhanced code in a text that says something, else the first, else ""."""
    found = _STATUS.findall(text)
    return next((each for each in found if not each.endswith(".0.0")), found[0] if found else "")


def reason_of(kind: MailKind, status: str, diagnostic: str, text: str) -> BounceReason:
    """Return why a message was not delivered, or is late.

    A code that leaves no doubt comes first, then what the server said in so many words, then what the report says to
    people, then the code's class: servers put 5.0.0, 5.5.0 or 5.7.1 on nearly everything, and mean their words.
    """
    spoken = status_in(diagnostic)
    for code in (status, spoken):
        if code[2:] in _TRUST_DETAILS:
            return _R.TRUST
    for said in (diagnostic, text):
        found = phrase_reason(said)
        if found is not None:
            return _late(kind, found)
    for code in (status, spoken, status_in(text)):
        if code and not code.endswith(".0.0"):
            found = _of_code(kind, code)
            if found is not None:
                return _late(kind, found)
    if kind is MailKind.DELAYED:
        return _R.DELAYED
    return _BY_REPLY.get(diagnostic.strip()[:3], _R.UNCLEAR)


def _of_code(kind: MailKind, code: str) -> BounceReason | None:
    detail = code[2:]
    if code.startswith("4") and kind is MailKind.DELAYED and detail in _FOR_NOW:
        return _FOR_NOW[detail]
    return _BY_DETAIL.get(detail) or _BY_SUBJECT.get(detail.split(".")[0])


def _late(kind: MailKind, found: BounceReason) -> BounceReason:
    """A message that is still being tried has not expired; and one that was given up was not greylisted."""
    if kind is MailKind.DELAYED:
        return _R.DELAYED if found in (_R.EXPIRED, _R.DEAD_DOMAIN, _R.DEAD_ADDRESS) else found
    return _R.EXPIRED if found in (_R.GREYLISTED, _R.DELAYED) else found


def phrase_reason(text: str) -> BounceReason | None:
    """Return the reason that a text's words give, or None."""
    said = " ".join(text.split()).casefold()
    for name, pattern in REASON_PHRASES:
        if pattern.search(said):
            return BounceReason(name)
    return None
