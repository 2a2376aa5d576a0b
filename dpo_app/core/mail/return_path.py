"""The signed code by which an e-mail that comes back finds its delivery: in the return address (VERP), in the envelope
id of RFC 3461 and in the Message-ID.

Security.md section 6: a bounce without a valid one changes nothing. The token alone proves nothing, since it stands in
the message for everybody who sees it; eight signs of HMAC-SHA256 under a key of the store are added. Lower case, as some
systems fold case; no sign that a server could take for its own, so that BATV and other wrappings around it do not matter.
"""

from __future__ import annotations

import re

from dpo_app.core.digests import hmac_sha256, same
from dpo_app.core.ids import CODE_ALPHABET, TOKEN_LENGTH

MAC_SIGNS = 8
#: RFC 5321 4.5.3.1.1: what stands before the @ has at most 64 octets.
LOCAL_PART_OCTETS = 64
_SIGNS = "2-9A-HJKMNP-TV-Z"
_SIGNED = re.compile(
    rf"(?<![A-Z0-9])([{_SIGNS}]{{{TOKEN_LENGTH}}})[.]?([{_SIGNS}]{{{MAC_SIGNS}}})(?![A-Z0-9])", re.IGNORECASE
)


def signed_code(token: str, key: bytes) -> str:
    """Return the token with its signature, twenty signs in lower case."""
    return (token + _mac(token, key)).lower()


def _mac(token: str, key: bytes) -> str:
    number = int.from_bytes(hmac_sha256(key, b"return-path|" + token.upper().encode())[:8], "big")
    signs = []
    for _place in range(MAC_SIGNS):
        number, sign = divmod(number, len(CODE_ALPHABET))
        signs.append(CODE_ALPHABET[sign])
    return "".join(signs)


def codes_in(text: str) -> list[str]:
    """Return everything in a text that has the form of a signed code, each once, in capitals; nothing is verified."""
    return list(dict.fromkeys("".join(found.groups()).upper() for found in _SIGNED.finditer(text)))


def token_of(code: str, key: bytes) -> str | None:
    """Return the token of a signed code, or None if the signature is not ours."""
    plain = code.replace(".", "").upper()
    token, mac = plain[:TOKEN_LENGTH], plain[TOKEN_LENGTH:]
    if len(mac) != MAC_SIGNS or not same(mac.encode(), _mac(token, key).encode()):
        return None
    return token


def address_with(mailbox: str, code: str, separator: str = "+") -> str:
    """Return the envelope sender of one delivery, `office+CODE@domain`, or `mailbox` as it is if its local part would
    be too long; then only envelope id and Message-ID carry the code."""
    local, at, domain = mailbox.rpartition("@")
    own = f"{local}{separator}{code}"
    return f"{own}{at}{domain}" if at and len(own.encode()) <= LOCAL_PART_OCTETS else mailbox


def message_id(token: str, attempt: int, domain: str, key: bytes) -> str:
    """Return the Message-ID of one attempt, angle brackets included: fixed, so that a repeat carries the same."""
    return id_with(signed_code(token, key), attempt, domain)


def id_with(code: str, attempt: int, domain: str) -> str:
    """Return the Message-ID with a signed code, as `message_id`."""
    return f"<{code[:TOKEN_LENGTH]}.{code[TOKEN_LENGTH:]}.{attempt}@{domain}>"
