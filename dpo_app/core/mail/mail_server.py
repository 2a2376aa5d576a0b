"""The organisation's mail server: where it is, how it is reached, what it allows. Its password never shows in `repr`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from dpo_app.core.errors import InputError
from dpo_app.core.mail.pacing import Limits
from dpo_app.core.mail.sending_hours import SendingHours


class Security(StrEnum):
    """How the line is protected. `plain` only ever leads to this computer."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


class SignIn(StrEnum):
    """How we say who we are."""

    NONE = "none"
    PASSWORD = "password"
    OAUTH = "oauth"


PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.PLAIN: 25}
_SCHEMES = {"smtps": Security.TLS, "smtp+starttls": Security.STARTTLS, "smtp": Security.PLAIN}
MOST_CONNECTIONS = 20
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class MailServer:
    """One profile. `secret` is a password or an OAuth access token; `authority` the PEM text of a certificate authority
    of the organisation's own, beside those of the system; `signed_return` puts a signed code into the return address
    (`office+CODE@domain`), `return_mailbox` is where reports come back ("" : the organisation's address); `hours` are the
    days and hours in which messages go out."""

    host: str = ""
    port: int = 465
    security: Security = Security.TLS
    sign_in: SignIn = SignIn.NONE
    user: str = ""
    secret: str = field(default="", repr=False)
    connections: int = 3
    limits: Limits = Limits()
    authority: str = field(default="", repr=False)
    signed_return: bool = True
    return_mailbox: str = ""
    hours: SendingHours = SendingHours()

    @property
    def loopback(self) -> bool:
        """Tell whether the server is this computer."""
        return is_loopback(self.host)

    @property
    def name(self) -> str:
        """Return what the server is called in lists and in the trail."""
        return f"{self.host}:{self.port}"

    def checked(self) -> MailServer:
        """Return the server if mail can be sent by it.

        Raises InputError: "mail_host_missing", "mail_host", "mail_port", "mail_plain" (a line in clear to another computer), "mail_login",
        "mail_password_in_clear", "mail_connections", "mail_limits", "mail_hours", "return_mailbox".
        """
        if not self.host:
            raise InputError("mail_host_missing")
        if not is_host(self.host):
            raise InputError("mail_host")
        if not 1 <= self.port <= 65_535:
            raise InputError("mail_port")
        if self.security is Security.PLAIN and not self.loopback:
            raise InputError("mail_plain", host=self.host)
        if self.sign_in is not SignIn.NONE and not (self.user and self.secret):
            raise InputError("mail_login")
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in self.user + self.secret):
            raise InputError("mail_login")
        if self.sign_in is not SignIn.NONE and self.security is Security.PLAIN:
            raise InputError("mail_password_in_clear")
        if not 1 <= self.connections <= MOST_CONNECTIONS:
            raise InputError("mail_connections", most=MOST_CONNECTIONS)
        if min(self.limits.per_minute, self.limits.per_hour, self.limits.per_day) < 0:
            raise InputError("mail_limits")
        self.hours.checked()
        if self.return_mailbox and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s.<>]+", self.return_mailbox):
            raise InputError("return_mailbox")
        return self

    def to_document(self) -> dict[str, Any]:
        """Return the plain form kept in the store, which is encrypted as a whole."""
        return {**asdict(self), "hours": self.hours.to_document()}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> MailServer:
        """Return the server of a stored document; fields it does not know are left at their default."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in document.items() if name in known}
        values["limits"] = Limits(**values.get("limits", {}))
        values["hours"] = SendingHours.from_document(values.get("hours", {}))
        values["security"] = Security(values.get("security", Security.TLS))
        values["sign_in"] = SignIn(values.get("sign_in", SignIn.NONE))
        return cls(**values)


def is_host(host: str) -> bool:
    """Tell whether a text can be the name or the number of a computer, and nothing besides."""
    return is_address(host) or _HOST.fullmatch(host) is not None


def is_address(host: str) -> bool:
    """Tell whether a host is written as a number."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether a host is this computer for certain: a loopback number, or the reserved name (RFC 6761)."""
    return host.lower() == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def server_from_url(url: str, base: MailServer | None = None) -> MailServer:
    """Return the server of `smtps://`, `smtp+starttls://` or, to this computer only, `smtp://`; what a URL cannot say
    comes from `base`, the password always: a command line can be seen by everybody. Raises InputError("mail_url"), and
    as `MailServer.checked`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError("mail_url") from None
    security = _SCHEMES.get(parts.scheme)
    more = parts.path not in ("", "/") or parts.query or parts.fragment or parts.password is not None
    if security is None or not parts.hostname or more:
        raise InputError("mail_url")
    base = base or MailServer()
    if base.host and parts.hostname != base.host.lower():
        # A login belongs to its server and is never shown to another one.
        base = replace(base, user="", secret="", sign_in=SignIn.NONE)
    made = replace(base, host=parts.hostname, security=security, port=port or PORTS[security])
    if parts.username:
        sign_in = base.sign_in if base.sign_in is not SignIn.NONE else SignIn.PASSWORD
        made = replace(made, user=unquote(parts.username), sign_in=sign_in)
    return made.checked()
