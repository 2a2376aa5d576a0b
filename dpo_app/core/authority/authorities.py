"""Supervisory authorities as dated data: who they are, for whom, in which languages, by which channels.

The directory is `resources/authorities/authorities.toml`; what nobody has looked at (`verified_on` empty) is shown as
unverified and printed in no notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.errors import InputError

#: Member states of the EU and the three EEA states; Greece is GR.
EEA = frozenset(
    (
        "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU",
        "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
    )
)  # fmt: skip


class AuthorityScope(StrEnum):
    """For whom an authority is there, within its state or region."""

    GENERAL = "general"
    PRIVATE = "private"
    PUBLIC = "public"
    FEDERAL = "federal"
    REGION = "region"
    REGIONAL_PUBLIC = "regional_public"
    UNION = "union"


class AuthorityRegime(StrEnum):
    """The law under which an authority is told."""

    GDPR = "gdpr"
    UK_GDPR = "uk_gdpr"
    CH_FADP = "ch_fadp"
    EU_BODIES = "eu_bodies"


class AuthorityChannel(StrEnum):
    """By what means an authority is told or answers."""

    PORTAL = "portal"
    FORM = "form"
    EMAIL = "email"
    POST = "post"
    PHONE = "phone"


class ContactChannel(NamedTuple):
    """A way to an authority: a web address, and what has to be known about it."""

    kind: AuthorityChannel
    url: str
    note: str = ""


@dataclass(frozen=True)
class Authority:
    """A supervisory authority. `id` is the country's code, with the region's for regional ones: `FI`, `DE-NW`.

    `site` is its domain, "" if nobody has seen one; `postal` and `phone` stay empty until somebody has verified them.
    """

    id: str
    country: str
    name: str
    name_en: str
    languages: tuple[str, ...]
    regime: AuthorityRegime
    scope: AuthorityScope
    land: str = ""
    site: str = ""
    postal: str = ""
    phone: str = ""
    channels: tuple[ContactChannel, ...] = ()
    verified_on: date | None = None

    @property
    def verified(self) -> bool:
        """Tell whether somebody has looked at the authority's own page."""
        return self.verified_on is not None


@dataclass(frozen=True)
class Directory:
    """All authorities of a version of the data."""

    version: str
    valid_from: date
    citation: str
    authorities: tuple[Authority, ...]

    def find(self, authority_id: str) -> Authority:
        """Return an authority by its id, in any case. Raises InputError("no_such_authority")."""
        wanted = authority_id.strip().upper()
        for each in self.authorities:
            if each.id == wanted:
                return each
        raise InputError("no_such_authority", authority=authority_id[:12])

    def of_country(self, country: str) -> tuple[Authority, ...]:
        """Return the authorities of a state, its general or federal one first."""
        return tuple(each for each in self.authorities if each.country == country)

    def matching(self, text: str) -> tuple[Authority, ...]:
        """Return the authorities whose id, country, names or languages contain a text; all for an empty one."""
        wanted = text.strip().casefold()
        return tuple(
            each
            for each in self.authorities
            if wanted in " ".join((each.id, each.name, each.name_en, each.site)).casefold()
            or wanted in (each.country.casefold(), *each.languages)
        )


_KEYS = frozenset(
    {
        "id", "country", "land", "name", "name_en", "languages", "regime", "scope", "site", "postal", "phone",
        "channels", "verified_on",
    }
)  # fmt: skip


def directory_from_document(document: Mapping[str, Any]) -> Directory:
    """Return the directory that a file states. Raises ValueError naming the authority and the key."""
    made = tuple(_authority(each) for each in document["authority"])
    ids = [each.id for each in made]
    if len(set(ids)) < len(ids):
        raise ValueError(f"authority twice: {next(i for i in ids if ids.count(i) > 1)}")
    return Directory(document["version"], document["valid_from"], document["citation"], made)


def _authority(table: Mapping[str, Any]) -> Authority:
    strange = sorted(set(table) - _KEYS)
    if strange:
        raise ValueError(f"unknown key in authority {table.get('id')}: {strange[0]}")
    verified = table["verified_on"]
    try:
        return Authority(
            table["id"], table["country"], table["name"], table["name_en"], tuple(table["languages"]),
            AuthorityRegime(table["regime"]), AuthorityScope(table["scope"]), table.get("land", ""),
            table.get("site", ""), table.get("postal", ""), table.get("phone", ""),
            tuple(
                ContactChannel(AuthorityChannel(c["kind"]), c["url"], c.get("note", ""))
                for c in table.get("channels", ())
            ),
            date.fromisoformat(verified) if verified else None,
        )  # fmt: skip
    except KeyError as error:
        raise ValueError(f"authority {table.get('id')} lacks {error.args[0]}") from None
