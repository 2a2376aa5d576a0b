"""A message taken apart: texts for people, machine-readable reports, and what was returned of our own message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html import unescape

MOST_PARTS, MOST_TEXT = 500, 2_000_000
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_DROPPED = re.compile(r"<(style|script|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass
class Parts:
    """Texts in order; text of each delivery report; text of what was returned; whether there is a feedback report or
    a read receipt."""

    texts: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    feedback: bool = False
    receipt: bool = False


def take_apart(message: Message) -> Parts:
    """Return the parts of a message. A report inside a forwarded message counts if the outer one has none."""
    parts = Parts()
    size = 0
    for place, (part, returned) in enumerate(_walk(message)):
        if place >= MOST_PARTS or size > MOST_TEXT:
            break
        kind = part.get_content_type()
        if kind in _REPORTS:
            parts.reports.append(_inner(part))
        elif kind == "message/feedback-report":
            parts.feedback = parts.feedback or not returned
        elif kind == "message/disposition-notification":
            parts.receipt = parts.receipt or not returned
        elif kind in _RETURNED:
            parts.returned.append(_inner(part)[:MOST_TEXT])
        elif part.get_content_maintype() == "text" and not part.is_multipart():
            text = text_of(part)
            size += len(text)
            (parts.returned if returned else parts.texts).append(text)
    if len(parts.texts) > 1:
        # The same in HTML adds nothing; keep it only if there is no plain text with words in it.
        spoken = [text for text in parts.texts if text.strip()]
        parts.texts = list(dict.fromkeys(spoken))
    return parts


def _walk(message: Message) -> Iterator[tuple[Message, bool]]:
    """Yield each part with whether it stands inside a returned message; a stack, so that depth breaks nothing."""
    stack: list[tuple[Message, bool]] = [(message, False)]
    while stack:
        part, returned = stack.pop()
        yield part, returned
        payload = part.get_payload()
        if not isinstance(payload, list) or part.get_content_type() in _REPORTS:
            continue
        inside = returned or part.get_content_type() in _RETURNED
        stack.extend((each, inside) for each in reversed(payload) if isinstance(each, Message))


def _inner(part: Message) -> str:
    """Return what a `message/...` part contains, as text, however the parser has kept it."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(_flat(each) for each in payload if isinstance(each, Message))
    return text_of(part)


def _flat(message: Message) -> str:
    head = "\n".join(f"{name}: {value}" for name, value in message.items())
    payload = message.get_payload()
    return f"{head}\n\n{payload}" if isinstance(payload, str) else head


def text_of(part: Message) -> str:
    """Return a part's text, decoded; HTML without its tags."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    payload = payload[:MOST_TEXT]
    try:
        text = payload.decode(charset)
    except (LookupError, UnicodeError):
        text = payload.decode("utf-8", "replace") if is_utf8(payload) else payload.decode("latin-1")
    return _spoken(text) if part.get_content_type() == "text/html" else text


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are text in UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _spoken(page: str) -> str:
    """Return the words of an HTML page; nothing is rendered and nothing fetched."""
    text = _TAG.sub(" ", _BREAKS.sub("\n", _DROPPED.sub(" ", page)))
    return "\n".join(" ".join(line.split()) for line in unescape(text).split("\n") if line.strip())


def plain_of(text: str) -> str:
    """Return a text with soft line breaks of quoted-printable taken back, so that a code cut in two is found."""
    return text.replace("=\n", "")


def block_fields(report: str) -> list[dict[str, str]]:
    """Return the blocks of a delivery report as {field in small letters: value unfolded} (RFC 3464, section 2.1)."""
    blocks: list[dict[str, str]] = []
    current: dict[str, str] = {}
    last = ""
    for line in [*report.split("\n"), ""]:
        if not line.strip():
            if current:
                blocks.append(current)
            current, last = {}, ""
        elif line[0] in " \t" and last:
            current[last] += " " + line.strip()
        else:
            name, colon, value = line.partition(":")
            if colon and re.fullmatch(r"[A-Za-z0-9-]+", name.strip()):
                last = name.strip().lower()
                current.setdefault(last, value.strip())
    return blocks
