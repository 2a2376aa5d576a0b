"""One mail address as it goes on the wire: parsed once, its domain in ASCII, and nothing that could make two of it."""

from __future__ import annotations

import re

import idna

_NEVER = re.compile(r"[\s<>()\[\]\\,;:\"\x00-\x1f\x7f]")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+")


class NotOneAddress(ValueError):
    """The text is not exactly one address."""


class NeedsUtf8(ValueError):
    """The part before the @ has letters that only RFC 6531 carries; not every server on the way does."""


def wire_address(text: str) -> str:
    """Return the address with its domain in the ASCII form of RFC 5890. Raises NotOneAddress, NeedsUtf8.

    Not by the codec of the standard library: that follows RFC 3490, where `straße.de` is the domain `strasse.de` of
    somebody else.
    """
    local, at, domain = text.rpartition("@")
    if not at or not local or "@" in local:
        raise NotOneAddress
    if _NEVER.search(text):
        raise NotOneAddress
    if not local.isascii():
        raise NeedsUtf8
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        raise NotOneAddress from None
    if not _LOCAL.fullmatch(local) or len(local) > 64 or not _DOMAIN.fullmatch(ascii_domain):
        raise NotOneAddress
    return f"{local}@{ascii_domain}"
