"""Mail addresses that are written right and yet look wrong: slips in well-known domains, letters of another script.

Everything here is a suggestion for the officer. An address is never changed by it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import idna
from rapidfuzz.distance import OSA

#: Well-known domains shorter than this are too near to others to call one of them a slip.
_SHORTEST = 8
_ROLES = frozenset(
    {"info", "office", "admin", "kirjaamo", "registraator", "asiakaspalvelu", "toimisto", "posti", "kontakt", "kontor",
     "support", "sales", "myynti", "postmaster", "webmaster", "noreply", "no-reply", "mail", "contact", "kundtjanst"}
)  # fmt: skip
#: Letters of other scripts that cannot be told from a Latin one by eye (after Unicode TS 39, the common ones).
_LOOK = str.maketrans(
    "аеорсухіјѕһԁԛԝӏкмтвнοανρτυικχѵɡı", "aeopcyxijshdqwlkmtbhoavptuikxvgi"
)  # fmt: skip


@dataclass(frozen=True)
class MailDomains:
    """Facts of resources/registers/mail_domains.toml."""

    known: frozenset[str] = frozenset()
    slips: Mapping[str, str] = field(default_factory=dict)


def domain_of(email: str) -> str:
    """Return the domain of an address in small letters, in Unicode if it is written in ASCII form."""
    domain = email.rpartition("@")[2].lower()
    return ".".join(_unicode(label) for label in domain.split("."))


@lru_cache(maxsize=20_000)
def _unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except idna.IDNAError:
        return label


def role_address(email: str) -> bool:
    """Tell whether an address is that of an office rather than of a person."""
    return email.partition("@")[0].lower() in _ROLES


def international(email: str) -> bool:
    """Tell whether an address has letters outside ASCII before its @, which many mail servers refuse (RFC 6531)."""
    return not email.partition("@")[0].isascii()


def looks_like(email: str, domains: MailDomains) -> tuple[bool, str]:
    """Return whether a domain has letters that only look like others, and the well-known domain it looks like, or "".

    Looked for: several scripts in one label, and a label that the eye reads as Latin and is not.
    """
    domain = domain_of(email)
    if domain.isascii():
        return False, ""
    read = domain.translate(_LOOK)
    mixed = any(len(_scripts(label)) > 1 for label in domain.split("."))
    posing = read.isascii() and read != domain
    return mixed or posing, read if read in domains.known else ""


def _scripts(label: str) -> frozenset[str]:
    return frozenset(unicodedata.name(sign, "?").split(" ")[0] for sign in label if sign.isalpha())


def slip_in_domain(email: str, domains: MailDomains) -> str:
    """Return the address with the domain that was probably meant, or ""."""
    local, _, domain = email.rpartition("@")
    meant = _meant(domain.lower(), domains.known, tuple(sorted(domains.slips.items())))
    return f"{local}@{meant}" if meant else ""


@lru_cache(maxsize=50_000)
def _meant(domain: str, known: frozenset[str], slips: tuple[tuple[str, str], ...]) -> str:
    if domain in known or not domain.isascii():
        return ""
    name, _, top = domain.rpartition(".")
    right = dict(slips).get(top)
    if right is not None:
        return f"{name}.{right}"
    near = [
        each for each in known
        if len(each) >= _SHORTEST and abs(len(each) - len(domain)) < 2 and OSA.distance(each, domain, score_cutoff=1) <= 1
    ]  # fmt: skip
    # A slip in the country alone is none: yahoo.es is no yahoo.se.
    near = [each for each in near if each.rpartition(".")[0] != name or len(top) != 2]
    return near[0] if len(near) == 1 else ""
