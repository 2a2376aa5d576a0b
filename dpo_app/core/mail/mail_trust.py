"""Will our e-mail be believed? SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of the sender's domain, from records
that were pasted or looked up, and the judgement of a receiver (RFC 8601) from the headers of a trial message.

Everything here is worked out from texts; who looks names up is handed in. A finding is a code with facts; its sentence
stands in `messages.mail_trust`.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: RFC 7208 4.6.4: more look-ups than this and receivers treat the record as broken.
MOST_LOOKUPS = 10
#: From about 5,000 messages a day the large providers want all three (letters-and-email.md 5.4).
GOOD_KEY_BITS, LEAST_KEY_BITS = 2_048, 1_024


class TrustLevel(StrEnum):
    """How a finding bears on the run."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class TrustFinding(NamedTuple):
    """One finding: which check (spf, dkim, dmarc, seed), how grave, its code, and the facts of its sentence."""

    check: str
    level: TrustLevel
    code: str
    facts: tuple[tuple[str, str], ...] = ()


class Names(Protocol):
    """What is known of names: pasted by the officer, or asked of a name server. Missing names give nothing."""

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each joined."""

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of a name (A, AAAA)."""

    def exchangers(self, name: str) -> list[str]:
        """Return the mail servers of a name (MX)."""


class Pasted:
    """Records that the officer pasted: {name: texts}. It knows no addresses."""

    def __init__(self, texts: dict[str, list[str]]) -> None:
        self._texts = {name.lower().rstrip("."): found for name, found in texts.items()}

    def texts(self, name: str) -> list[str]:
        """Return the pasted records of a name."""
        return self._texts.get(name.lower().rstrip("."), [])

    def addresses(self, name: str) -> list[str]:
        """Return nothing: addresses are not pasted."""
        return []

    def exchangers(self, name: str) -> list[str]:
        """Return nothing."""
        return []


_G, _W, _B = TrustLevel.GOOD, TrustLevel.WARN, TrustLevel.BAD


def check_sender(
    domain: str, selectors: Sequence[str], names: Names, *, server: str = "", addresses: Sequence[str] = ()
) -> list[TrustFinding]:
    """Return what receivers will find for mail from `domain`, sent by a server with these addresses."""
    domain = domain.lower().rstrip(".")
    own = [*addresses, *(names.addresses(server) if server else [])]
    dkim = [finding for selector in selectors for finding in check_dkim(domain, selector, names)]
    if not selectors:
        dkim = [TrustFinding("dkim", _W, "dkim_no_selector")]
    return [*check_spf(domain, names, own), *dkim, *check_dmarc(domain, names)]


def check_spf(domain: str, names: Names, addresses: Sequence[str]) -> list[TrustFinding]:
    """Return what the SPF record of a domain says of our server's addresses."""
    records = _spf_records(domain, names)
    where = (("domain", domain),)
    if not records:
        return [TrustFinding("spf", _B, "spf_none", where)]
    if len(records) > 1:
        return [TrustFinding("spf", _B, "spf_many", (*where, ("count", str(len(records)))))]
    found: list[TrustFinding] = []
    ending = next((term for term in records[0].split() if term.lstrip("+-~?").lower() == "all"), "")
    if ending in ("all", "+all"):
        found.append(TrustFinding("spf", _B, "spf_open", where))
    walk = _SpfWalk(names)
    tried = [(text, walk.result(domain, ipaddress.ip_address(text))) for text in addresses if _is_address(text)]
    if walk.lookups > MOST_LOOKUPS:
        found.append(TrustFinding("spf", _B, "spf_lookups", (*where, ("count", str(walk.lookups)))))
    for text, result in tried:
        level = _G if result == "pass" else _W if result in ("softfail", "neutral") else _B
        found.append(TrustFinding("spf", level, f"spf_{result}", (*where, ("address", text))))
    if not tried:
        found.append(TrustFinding("spf", _W, "spf_server_unknown", where))
    return found


def _spf_records(domain: str, names: Names) -> list[str]:
    return [text.strip() for text in names.texts(domain) if re.match(r"v=spf1(\s|$)", text.strip(), re.IGNORECASE)]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


_RESULT = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class _SpfWalk:
    """One evaluation of RFC 7208 section 4, with its count of look-ups."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.lookups = 0

    def result(self, domain: str, address: Address, depth: int = 0) -> str:
        """Return pass, fail, softfail, neutral, none or error."""
        records = _spf_records(domain, self._names)
        if len(records) != 1:
            return "none" if not records else "error"
        redirect = ""
        for term in records[0].split()[1:]:
            if term.lower().startswith("redirect="):
                redirect = term.partition("=")[2]
                continue
            sign, rest = (term[0], term[1:]) if term[0] in _RESULT else ("+", term)
            if self._matches(rest, domain, address, depth):
                return _RESULT[sign]
            if self.lookups > MOST_LOOKUPS:
                return "error"
        if redirect and depth < MOST_LOOKUPS:
            self.lookups += 1
            return self.result(redirect, address, depth + 1)
        return "neutral"

    def _matches(self, mechanism: str, domain: str, address: Address, depth: int) -> bool:
        name, _, value = mechanism.partition(":")
        kind = name.lower().partition("/")[0]
        if kind == "all":
            return True
        if kind in ("ip4", "ip6"):
            return _in_network(address, value)
        if kind not in ("include", "a", "mx", "exists", "ptr"):
            return False
        self.lookups += 1
        if kind == "include" and depth < MOST_LOOKUPS and self.lookups <= MOST_LOOKUPS:
            return self.result(value, address, depth + 1) == "pass"
        if kind not in ("a", "mx"):
            return False
        # Only a CIDR after the name, or after the bare mechanism, narrows it: `a:host/24`, `mx/24`.
        target, _, size = (value or f"{domain}/{name.partition('/')[2]}").partition("/")
        hosts = [target] if kind == "a" else self._names.exchangers(target)
        found = [each for host in hosts[:MOST_LOOKUPS] for each in self._names.addresses(host)]
        return any(_in_network(address, f"{each}/{size}" if size else each) for each in found)


def _in_network(address: Address, text: str) -> bool:
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return address.version == network.version and address in network


def check_dkim(domain: str, selector: str, names: Names) -> list[TrustFinding]:
    """Return what the published key of a selector is worth."""
    name = f"{selector}._domainkey.{domain}"
    where = (("name", name),)
    records = [tags for text in names.texts(name) if "p" in (tags := _tags(text))]
    if not records:
        return [TrustFinding("dkim", _B, "dkim_none", where)]
    tags = records[0]
    key = "".join(tags["p"].split())
    if not key:
        return [TrustFinding("dkim", _B, "dkim_revoked", where)]
    found: list[TrustFinding] = []
    if "y" in tags.get("t", "").lower().split(":"):
        found.append(TrustFinding("dkim", _W, "dkim_testing", where))
    if tags.get("k", "rsa").lower() == "ed25519":
        return [*found, TrustFinding("dkim", _G, "dkim_good", (*where, ("bits", "256")))]
    bits = _rsa_bits(key)
    facts = (*where, ("bits", str(bits)))
    if bits == 0:
        found.append(TrustFinding("dkim", _B, "dkim_broken", where))
    elif bits < LEAST_KEY_BITS:
        found.append(TrustFinding("dkim", _B, "dkim_short", facts))
    else:
        level, code = (_W, "dkim_weak") if bits < GOOD_KEY_BITS else (_G, "dkim_good")
        found.append(TrustFinding("dkim", level, code, facts))
    return found


def _rsa_bits(key: str) -> int:
    """Return the length of a public RSA key (DER in base64), 0 if it is none: the modulus is the longest integer."""
    try:
        data = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return 0
    place = data.find(b"\x02\x82")
    if place >= 0:
        size, start = int.from_bytes(data[place + 2 : place + 4], "big"), place + 4
    else:
        place = data.find(b"\x02\x81")
        if place < 0:
            return 0
        size, start = data[place + 2], place + 3
    modulus = data[start : start + size]
    return int.from_bytes(modulus, "big").bit_length() if len(modulus) == size else 0


def _tags(record: str) -> dict[str, str]:
    """Return the tags of a DKIM or DMARC record, names in small letters."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def check_dmarc(domain: str, names: Names) -> list[TrustFinding]:
    """Return what the DMARC policy asks of receivers; a domain without one is under that of the domain above it."""
    labels = domain.split(".")
    for place in range(max(1, len(labels) - 1)):
        above = ".".join(labels[place:])
        records = [
            text.strip() for text in names.texts(f"_dmarc.{above}") if text.strip().lower().startswith("v=dmarc1")
        ]
        if records:
            return _dmarc(domain, above, records)
    return [TrustFinding("dmarc", _B, "dmarc_none", (("domain", domain),))]


def _dmarc(domain: str, above: str, records: list[str]) -> list[TrustFinding]:
    where = (("domain", above),)
    if len(records) > 1:
        return [TrustFinding("dmarc", _B, "dmarc_many", where)]
    tags = _tags(records[0])
    policy = (tags.get("sp") if domain != above else None) or tags.get("p", "")
    if policy.lower() not in ("none", "quarantine", "reject"):
        return [TrustFinding("dmarc", _B, "dmarc_broken", where)]
    code = "dmarc_only_watches" if policy.lower() == "none" else "dmarc_good"
    found = [TrustFinding("dmarc", _W if policy.lower() == "none" else _G, code, (*where, ("policy", policy.lower())))]
    if tags.get("adkim", "r").lower() == "s" or tags.get("aspf", "r").lower() == "s":
        found.append(TrustFinding("dmarc", _W, "dmarc_strict", where))
    return found


_RESULTS = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)


def check_headers(headers: str) -> list[TrustFinding]:
    """Return what a receiver found, from the pasted headers of a trial message. The topmost header counts: those below
    it may come from the sender (RFC 8601, section 5)."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", headers)
    line = next((each for each in unfolded.splitlines() if each.lower().startswith("authentication-results:")), "")
    if not line:
        return [TrustFinding("seed", _B, "seed_no_results")]
    best: dict[str, str] = {}
    for name, result in _RESULTS.findall(re.sub(r"\([^()]*\)", " ", line)):
        if best.get(name.lower()) != "pass":
            best[name.lower()] = result.lower()
    found = []
    for name in ("spf", "dkim", "dmarc"):
        result = best.get(name, "none")
        level = _G if result == "pass" else _B if name == "dmarc" or result in ("fail", "permerror") else _W
        found.append(TrustFinding("seed", level, "seed_result", (("what", name.upper()), ("result", result))))
    return found


def pasted_records(text: str) -> Pasted:
    """Return records from free text, one a line: `NAME "TEXT"` as a name server or a provider's page shows it, with or
    without TTL, `IN` and `TXT`; texts in several quotes are joined."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, _, rest = line.strip().partition(" ")
        quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', rest)
        value = (
            "".join(quoted)
            if quoted
            else re.sub(r"^\s*(?:\d+\s+)?(?:IN\s+)?(?:TXT\s+)?", "", rest, flags=re.IGNORECASE)
        )
        if name and value.strip():
            found.setdefault(name.rstrip(".").lower(), []).append(value.strip())
    return Pasted(found)
