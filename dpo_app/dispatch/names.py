"""Asks the computer's name server, and only when the officer wants it: by dnspython."""

from __future__ import annotations

import dns.exception
import dns.name
import dns.resolver

from dpo_app.core.errors import DeliveryError

SECONDS = 5.0


class NameServer:
    """`core.mail.mail_trust.Names` from the network. Raises DeliveryError("dns_unreachable") if nobody answers; a name that
    does not exist gives nothing."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._given = resolver
        self._known: dict[tuple[str, str], list[dns.rdata.Rdata]] = {}

    def _ask(self, name: str, kind: str) -> list[dns.rdata.Rdata]:
        key = (name.lower().rstrip("."), kind)
        if key not in self._known:
            self._known[key] = self._answers(*key)
        return self._known[key]

    def _answers(self, name: str, kind: str) -> list[dns.rdata.Rdata]:
        try:
            resolver = self._given or dns.resolver.Resolver()
            return list(resolver.resolve(name, kind, lifetime=SECONDS, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except (dns.exception.DNSException, OSError):
            raise DeliveryError("dns_unreachable", retryable=True) from None

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each joined."""
        return [b"".join(getattr(found, "strings", ())).decode("utf-8", "replace") for found in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of a name."""
        return [str(getattr(found, "address", "")) for kind in ("A", "AAAA") for found in self._ask(name, kind)]

    def exchangers(self, name: str) -> list[str]:
        """Return the mail servers of a name."""
        return [str(getattr(found, "exchange", "")).rstrip(".") for found in self._ask(name, "MX")]
