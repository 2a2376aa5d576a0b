"""One message that came back, as facts: which kind, why, and every signed code in it with the place where it stood.

The report of RFC 3464 is read first, flufl.bounce second, words third (letters-and-email.md 5.8). Nothing is verified
and nothing decided here; this runs in the limited child, on bytes of strangers, and must survive all of them.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from typing import NamedTuple

from flufl.bounce import all_failures

from dpo_app.core.digests import sha256_hex
from dpo_app.core.mail.bounce import BounceReason, MailKind, Proof, ReadMail, reason_of, status_in
from dpo_app.core.mail.bounce_phrases import AWAY, BY_MACHINE, CHALLENGE, COMPLAINED, FAILED, LATE
from dpo_app.core.mail.return_path import codes_in
from dpo_app.core.veil import veiled
from dpo_app.dispatch.mail_parts import Parts, block_fields, is_utf8, plain_of, take_apart

#: What of a message is looked through for codes and words, and what is kept to be read by a person.
SEARCHED, KEPT = 1_000_000, 2_000
LEAD_WORDS = 4_000
HEADER_SIGNS, HEADER_OCTETS = 2_000, 20_000
_OWN_HEADERS = (
    "Delivered-To",
    "X-Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "To",
    "Cc",
    "Received",
)
#: Lines of which every message, however broken, has one at its head; a picture or a note has none.
_HEAD_LINE = re.compile(
    rb"^(?:from|to|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|reply-to|"
    rb"auto-submitted|x-[a-z-]{2,40})[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_REFERRING = ("In-Reply-To", "References", "X-Original-Message-ID")
_DAEMON = re.compile(
    r"mailer.?daemon|postmaster|mail delivery|delivery (?:sub)?system|mdaemon|system administrator|mail administrator|"
    r"microsoftexchange|mail system|mailerdaemon|toimitusjärjestelmä|bounces?@|auto-?bounce|postmeister|hostmaster",
    re.IGNORECASE,
)
_AUTO_HEADERS = (
    "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Vacation", "X-MS-Exchange-Inbox-Rules-Loop",
)  # fmt: skip
_DIAGNOSTIC = re.compile(
    r"^[ \t>]*(?:.{0,60}\bsaid: |<<< |.{0,40}<-- |Remote host said: |Reason: |.{0,40}replied: )?#?(?P<line>[45]\d\d[ -]?#?(?:[45]\.\d+\.\d+)?.{0,300})$",
    re.MULTILINE,
)
_FIELD = re.compile(
    r"^(Action|Status|Diagnostic-Code|Final-Recipient|Original-Envelope-Id):[ \t]*(.+(?:\n[ \t].+)*)",
    re.MULTILINE | re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'=-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24}")


@veiled
class Report(NamedTuple):
    """What a delivery report says of the recipient who fared worst."""

    action: str
    status: str
    diagnostic: str
    host: str
    address: str


_WORST_FIRST = ("failed", "delayed", "delivered", "relayed", "expanded")


def read_mail(data: bytes) -> ReadMail:
    """Return the facts of a message; whatever is wrong with it, it is read as well as it can be."""
    # Servers and mailbox files differ in line ends; the same message must be the same however it came here.
    data = data.replace(b"\r\n", b"\n").lstrip(b"\r\n")
    if b"\n" not in data[:HEADER_OCTETS] and b"\r" in data[:HEADER_OCTETS]:
        data = data.replace(b"\r", b"\n")
    if not _HEAD_LINE.search(data[:HEADER_OCTETS]):
        return ReadMail(sha256_hex(b"bytes|" + data), MailKind.NO_MESSAGE, None, "", "", "", "", "", ())
    try:
        message = message_from_bytes(data, policy=compat32)
        parts = take_apart(message)
    except (RecursionError, ValueError, LookupError, AssertionError, TypeError, AttributeError):
        # Parts nested a thousand deep, or headers that the parser chokes on: the top and the words are left.
        message = message_from_bytes(data.partition(b"\n\n")[0] + b"\n\n", policy=compat32)
        parts = Parts(texts=[data[:SEARCHED].decode("latin-1")])
    raw = data[:SEARCHED].decode("latin-1")
    subject, sender = header(message, "Subject"), header(message, "From")
    text = "\n".join(parts.texts)[:SEARCHED]
    report = _report(parts, raw)
    kind = _kind(message, parts, report, subject, sender, text)
    if kind in (MailKind.BOUNCED, MailKind.DELAYED, MailKind.UNREADABLE) and report is None:
        report = _from_words(message, text)
    reason: BounceReason | None = None
    if kind in (MailKind.BOUNCED, MailKind.DELAYED) and report is not None:
        reason = reason_of(kind, report.status, report.diagnostic, _lead(f"{subject}\n{text}"))
    codes = _codes(message, parts, raw, text)
    shown = f"{text.strip()}\n{report.diagnostic if report else ''}".strip()
    return ReadMail(
        _identity(message, data, kind, codes), kind, reason, report.status if report else "",
        report.host if report else "", report.address if report else parseaddr(sender)[1][:320],
        subject[:200], _clean(shown)[:KEPT], codes,
    )  # fmt: skip


def header(message: Message, name: str) -> str:
    """Return a header as people read it, encoded words decoded, on one line; whatever is wrong with it stays as is."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")[:HEADER_SIGNS]
    # Eight-bit signs, which no header may have and many do, come from the parser as lone surrogates.
    octets = raw.encode("utf-8", "surrogateescape")
    raw = octets.decode("utf-8") if is_utf8(octets) else octets.decode("latin-1")
    try:
        value = raw if not raw.isascii() else str(make_header(decode_header(raw)))
    except (HeaderParseError, UnicodeError, LookupError, ValueError, TypeError):
        value = raw
    return _clean(" ".join(value.split()))[:500]


def _clean(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


def _identity(message: Message, data: bytes, kind: MailKind, codes: tuple[tuple[Proof, str], ...]) -> str:
    """Return what is the same for a message however it reaches us: its Message-ID with what we made of it, so that a
    stranger who reuses an id hides nothing of ours; without an id, its bytes."""
    own = str(message.get("Message-ID", "") or "").strip().lower()
    if not own:
        return sha256_hex(b"bytes|" + data.rstrip())
    found = "|".join((own, kind.value, *(code for _place, code in codes[:4]), str(message.get("Date", ""))))
    return sha256_hex(f"id|{found}".encode("utf-8", "replace"))


def _report(parts: Parts, raw: str) -> Report | None:
    """Return the report of RFC 3464, from its part or, if the parts are broken, from its fields in the raw text."""
    blocks = [block for part in parts.reports for block in block_fields(part)]
    found = [block for block in blocks if "action" in block or "status" in block or "final-recipient" in block]
    if not found and "action:" in raw.lower() and "final-recipient:" in raw.lower():
        loose: dict[str, str] = {}
        for name, value in _FIELD.findall(raw):
            loose.setdefault(name.lower(), " ".join(value.split()))
        found = [loose] if {"action", "status"} <= loose.keys() else []
    if not found:
        return None
    block = min(found, key=lambda each: _rank(each.get("action", "failed")))
    status = status_in(block.get("status", ""))
    kind, _, said = block.get("diagnostic-code", "").partition(";")
    diagnostic = said.strip() or kind.strip()
    address = block.get("original-recipient") or block.get("final-recipient") or ""
    host = block.get("remote-mta", "").partition(";")[2].strip()
    action = block.get("action", "failed").split(" ")[0].lower()
    if action not in _WORST_FIRST:
        action = "delayed" if status.startswith("4") else "failed"
    return Report(action, status, diagnostic, host[:120], address.partition(";")[2].strip()[:320])


def _rank(action: str) -> int:
    name = action.split(" ")[0].lower()
    return _WORST_FIRST.index(name) if name in _WORST_FIRST else 0


def _kind(message: Message, parts: Parts, report: Report | None, subject: str, sender: str, text: str) -> MailKind:
    if report is not None:
        return {
            "failed": MailKind.BOUNCED, "delayed": MailKind.DELAYED, "delivered": MailKind.DELIVERED,
        }.get(report.action, MailKind.RELAYED)  # fmt: skip
    if parts.feedback or (parts.returned and COMPLAINED.search(subject.casefold())):
        return MailKind.COMPLAINT
    if parts.receipt:
        # Sieve's reject answers by a receipt (RFC 5429): the words tell it from one that says "read".
        return MailKind.BOUNCED if "reject" in _lead(text) else MailKind.RECEIPT
    daemon = bool(_DAEMON.search(sender))
    null = str(message.get("Return-Path", "x")).strip() == "<>"
    said_subject, said = subject.casefold(), _lead(text)
    failed_headers = "X-Failed-Recipients" in message
    if CHALLENGE.search(said) and not failed_headers and not FAILED.search(said_subject):
        return MailKind.CHALLENGE
    if not failed_headers and _automatic(message, said_subject):
        return MailKind.AUTO_REPLY
    if daemon or failed_headers or (null and (FAILED.search(said_subject) or LATE.search(said_subject))):
        return _daemon_kind(message, said_subject, said, failed_headers)
    answered = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower() not in ("", "no")
    if (answered or null) and FAILED.search(said) and BY_MACHINE.search(said) and not AWAY.search(said):
        return MailKind.DELAYED if LATE.search(said) else MailKind.BOUNCED
    if answered or null or str(message.get("Precedence", "")).lower() in ("auto_reply", "junk"):
        return MailKind.AUTO_REPLY
    # A person may write "delivery failed" in a subject; a mail system that hides its name says it twice.
    if FAILED.search(said_subject) and FAILED.search(said) and not message.get("In-Reply-To"):
        later, gone = _failures(message)
        if later or LATE.search(said):
            return MailKind.DELAYED
        return MailKind.BOUNCED if gone or BY_MACHINE.search(said) else MailKind.ANSWER
    return MailKind.ANSWER


def _automatic(message: Message, subject: str) -> bool:
    if any(name in message for name in _AUTO_HEADERS) or "vacation" in str(message.get("Auto-Submitted", "")).lower():
        return True
    return bool(AWAY.search(subject)) and not FAILED.search(subject)


def _daemon_kind(message: Message, subject: str, said: str, failed_headers: bool) -> MailKind:
    """Return what a message from a mail system is that brings no report."""
    if LATE.search(subject) or (LATE.search(said) and not FAILED.search(subject)):
        return MailKind.DELAYED
    if failed_headers or FAILED.search(subject) or FAILED.search(said):
        return MailKind.BOUNCED
    if AWAY.search(said):
        return MailKind.AUTO_REPLY
    return MailKind.BOUNCED if _failures(message)[1] else MailKind.UNREADABLE


def _failures(message: Message) -> tuple[list[str], list[str]]:
    """Return what flufl.bounce finds: addresses that fail for now, and for good. It expects every header as text."""
    for name, value in message.items():
        if not isinstance(value, str):
            message.replace_header(name, str(value))
    try:
        later, gone = all_failures(message)
    except (ValueError, TypeError, LookupError, AttributeError, UnicodeError, RecursionError, AssertionError):
        return [], []
    decoded = (
        [a.decode("ascii", "replace") if isinstance(a, bytes) else str(a) for a in each] for each in (later, gone)
    )
    now, good = decoded
    return sorted(now), sorted(good)


def _from_words(message: Message, text: str) -> Report:
    """Return what can be read from a report in free form: the server's line, its code, the address."""
    lines = [" ".join(found.group("line").split()) for found in _DIAGNOSTIC.finditer(text[:20_000])]
    diagnostic = " ".join(dict.fromkeys(lines[:4]))
    later, gone = _failures(message)
    named = str(message.get("X-Failed-Recipients", "")).split(",")[0].strip()
    found = _ADDRESS.search(text[:20_000])
    address = named or next(iter(gone or later), "") or (found.group(0) if found else "")
    status = status_in(diagnostic) or status_in(_lead(text))
    return Report("failed", status if status[:1] in ("4", "5") else "", diagnostic, "", address[:320])


def _lead(text: str) -> str:
    """Return the part of a text that says what happened, in small letters: what was returned below is ours."""
    cut = re.split(
        r"\n\s*-{2,}.{0,20}(?:below this line|original message|copy of|header of the original|kopfzeilen|message headers)|"
        r"\noriginal message follows|\nalkuperäinen viesti|\nreceived: from |\nmessage-id: ",
        text[: LEAD_WORDS * 4], maxsplit=1, flags=re.IGNORECASE,
    )[0]  # fmt: skip
    return " ".join(cut.split())[:LEAD_WORDS].casefold()


def _codes(message: Message, parts: Parts, raw: str, text: str) -> tuple[tuple[Proof, str], ...]:
    """Return (place, signed code) for every code in the message, the place that proves most first, each once."""
    found: dict[str, Proof] = {}

    def note(place: Proof, value: str) -> None:
        for code in codes_in(value):
            found.setdefault(code, place)

    for name in _OWN_HEADERS:
        for value in message.get_all(name, []):
            note(Proof.RETURN_PATH, str(value))
    for part in parts.reports:
        for block in block_fields(part):
            note(Proof.ENVELOPE_ID, block.get("original-envelope-id", ""))
    for name in _REFERRING:
        note(Proof.MESSAGE_ID, str(message.get(name, "")))
    for value in (*parts.returned, text, raw):
        note(Proof.MESSAGE_ID, plain_of(value)[:SEARCHED])
    return tuple((place, code) for code, place in list(found.items())[:20])
