"""The mailbox that bounces come back to and drafts are put into: where it is and how it is reached (RFC 9051)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from dpo_app.core.errors import InputError
from dpo_app.core.mail.mail_server import is_host, is_loopback


class Protection(StrEnum):
    """How the line is protected. `plain` only ever leads to this computer."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


PORTS = {Protection.TLS: 993, Protection.STARTTLS: 143, Protection.PLAIN: 143}
_SCHEMES = {"imaps": Protection.TLS, "imap+starttls": Protection.STARTTLS, "imap": Protection.PLAIN}


@dataclass(frozen=True)
class MailAccount:
    """One mailbox. `secret` is a password, or with `oauth` an access token; `folder` is read, `drafts` is written to
    ("" : the folder that the server names for drafts); `authority` is the PEM text of a certificate authority of the
    organisation's own."""

    host: str = ""
    port: int = 993
    protection: Protection = Protection.TLS
    user: str = ""
    secret: str = field(default="", repr=False)
    oauth: bool = False
    folder: str = "INBOX"
    drafts: str = ""
    authority: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Return what the mailbox is called in the trail: never who signs in."""
        return f"{self.host}:{self.port}"

    def checked(self) -> MailAccount:
        """Return the account if it may be used. Raises InputError: "box_host", "box_port", "box_plain" (a line in clear
        to another computer), "box_login", "box_folder"."""
        if not is_host(self.host):
            raise InputError("box_host")
        if not 1 <= self.port <= 65_535:
            raise InputError("box_port")
        if self.protection is Protection.PLAIN and not is_loopback(self.host):
            raise InputError("box_plain", host=self.host)
        if not self.user or not self.secret or _unclean(self.user + self.secret):
            raise InputError("box_login")
        if not self.folder or _unclean(self.folder + self.drafts):
            raise InputError("box_folder")
        return self

    def to_document(self) -> dict[str, Any]:
        """Return the plain form kept in the store, which is encrypted as a whole."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> MailAccount:
        """Return the account of a stored document; fields it does not know are left at their default."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in document.items() if name in known}
        return cls(**{**values, "protection": Protection(values.get("protection", Protection.TLS))})


def _unclean(text: str) -> bool:
    return any(ord(sign) < 32 or ord(sign) == 127 for sign in text)


def account_from_url(url: str, base: MailAccount | None = None) -> MailAccount:
    """Return the account of `imaps://user@host/folder`, `imap+starttls://` or, on this computer only, `imap://`; the
    password comes from `base`, never from a command line that everybody can see. Raises InputError("box_url")."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError("box_url") from None
    protection = _SCHEMES.get(parts.scheme)
    if protection is None or not parts.hostname or parts.query or parts.fragment or parts.password:
        raise InputError("box_url")
    base = base or MailAccount()
    if base.host and parts.hostname != base.host.lower():
        # A password belongs to its server and is never shown to another one.
        base = replace(base, user="", secret="", oauth=False)
    return replace(
        base, host=parts.hostname, port=port or PORTS[protection], protection=protection,
        user=unquote(parts.username or "") or base.user, folder=unquote(parts.path.strip("/")) or base.folder,
    )  # fmt: skip
