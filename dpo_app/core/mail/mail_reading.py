"""A second reader of finished e-mails, written apart from what makes them: it knows no template and no library's ideas.

It reads what our messages may be and nothing else (RFC 5322 without groups, comments and routes; MIME with
quoted-printable and base64), and refuses the rest by name. Two readers that agree on the bytes are what the guard
against the wrong person rests on (security.md section 6).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dpo_app.core.veil import veiled

_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t]?(.*)", re.DOTALL)
_WORD = re.compile(r"=\?utf-8\?([bqBQ])\?([!->@-~]*)\?=", re.IGNORECASE)
_ONE_ADDRESS = re.compile(
    r"""(?:(?:"(?P<quoted>(?:[^"\\\r\n]|\\["\\])*)"|(?P<words>(?:=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=\s*)+))\s*)?"""
    r"(?:<(?P<angle>[^<>@,;:\s]+@[^<>@,;:\s]+)>|(?P<bare>[^<>@,;:\s\"]+@[^<>@,;:\s\"]+))"
)
_BOUNDARY = re.compile(r'boundary="?([^";\s]{1,70})"?', re.IGNORECASE)
MOST_PARTS, DEEPEST = 8, 4


class UnreadableMail(ValueError):
    """The bytes are no message of ours; the text says why, without any value."""


@veiled
@dataclass(frozen=True)
class ReadMail:
    """Headers by lower-case name, the one recipient, and the decoded texts with their types, in order."""

    headers: Mapping[str, str]
    to_name: str
    to_address: str
    texts: tuple[tuple[str, str], ...]


def read_mail(data: bytes) -> ReadMail:
    """Return what a finished message says. Raises UnreadableMail."""
    headers, body = _entity(data)
    name, address = one_address(headers.get("to", ""))
    texts: list[tuple[str, str]] = []
    _texts(headers, body, texts, 0)
    return ReadMail({key: _decoded(value) for key, value in headers.items()}, name, address, tuple(texts))


def one_address(value: str) -> tuple[str, str]:
    """Return (name, address) of a field that holds exactly one. Raises UnreadableMail for none, two, or a group."""
    found = _ONE_ADDRESS.fullmatch(value.strip())
    if found is None or (found["quoted"] is not None or found["words"]) and found["bare"]:
        raise UnreadableMail("not one address")
    if found["quoted"] is not None:
        name = re.sub(r"\\(.)", r"\1", found["quoted"])
    else:
        name = _decoded((found["words"] or "").strip())
    return name, found["angle"] or found["bare"]


def _entity(data: bytes) -> tuple[dict[str, str], bytes]:
    head, parted, body = data.partition(b"\r\n\r\n")
    if not parted:
        raise UnreadableMail("no body")
    if not head.isascii() or re.search(rb"\r(?!\n)|(?<!\r)\n|[\x00-\x08\x0b\x0c\x0e-\x1f]", head):
        raise UnreadableMail("head")
    headers: dict[str, str] = {}
    for line in re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n"):
        found = _FIELD.fullmatch(line)
        if found is None:
            raise UnreadableMail("field")
        name = found.group(1).decode("ascii").lower()
        if name in headers:
            raise UnreadableMail("field twice")
        headers[name] = found.group(2).decode("ascii").strip()
    return headers, body


def _decoded(value: str) -> str:
    """Return a value with its encoded words decoded; blanks between two of them do not count (RFC 2047, 6.2)."""
    if "=?" not in value:
        return value
    joined = re.sub(r"(\?=)\s+(?==\?)", r"\1", value)
    out, last, held = [], 0, b""
    for found in _WORD.finditer(joined):
        if found.start() > last and held:
            out.append(held.decode("utf-8"))
            held = b""
        out.append(joined[last : found.start()])
        held += _word(found.group(1).lower(), found.group(2))
        last = found.end()
    try:
        out.append(held.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableMail("encoded word") from None
    return "".join(out) + joined[last:]


def _word(how: str, text: str) -> bytes:
    try:
        if how == "b":
            return binascii.a2b_base64(text, strict_mode=True)
        return binascii.a2b_qp(text.replace("_", "=20"))
    except (binascii.Error, ValueError):
        raise UnreadableMail("encoded word") from None


def _texts(headers: Mapping[str, str], body: bytes, out: list[tuple[str, str]], depth: int) -> None:
    kind = headers.get("content-type", "text/plain")
    what = kind.partition(";")[0].strip().lower()
    if what.startswith("multipart/"):
        found = _BOUNDARY.search(kind)
        if found is None or depth >= DEEPEST:
            raise UnreadableMail("parts")
        for part in _parts(body, found.group(1).encode("ascii")):
            inner_headers, inner = _entity(part)
            _texts(inner_headers, inner, out, depth + 1)
    elif what.startswith("text/"):
        out.append((what, _text(headers, body)))
    elif what not in ("application/pkcs7-signature", "application/x-pkcs7-signature"):
        raise UnreadableMail("attachment")


def _parts(body: bytes, boundary: bytes) -> list[bytes]:
    line = b"\r\n--" + boundary
    whole = b"\r\n" + body
    end = whole.find(line + b"--")
    if end < 0:
        raise UnreadableMail("parts not closed")
    pieces = whole[:end].split(line + b"\r\n")
    if len(pieces) < 2 or len(pieces) > MOST_PARTS + 1 or pieces[0].strip():
        raise UnreadableMail("parts")
    return pieces[1:]


def _text(headers: Mapping[str, str], body: bytes) -> str:
    how = headers.get("content-transfer-encoding", "7bit").lower()
    try:
        if how == "quoted-printable":
            plain = binascii.a2b_qp(body)
        elif how == "base64":
            plain = binascii.a2b_base64(body)
        elif how == "7bit" and body.isascii():
            plain = body
        else:
            raise UnreadableMail("encoding")
        return plain.decode("utf-8").replace("\r\n", "\n")
    except (binascii.Error, UnicodeDecodeError):
        raise UnreadableMail("text") from None
