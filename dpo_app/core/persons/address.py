"""Postal and mail addresses: parsed once at the edge, raw text kept (letters-and-email.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass

from dpo_app.core.veil import veiled


@veiled
@dataclass(frozen=True)
class PostalAddress:
    """Where a letter goes. `street` is street with house and flat, or the box; `country` is ISO 3166 alpha-2 or "".

    All parts are NFC text without control signs; an empty string means *not given*.
    """

    care_of: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
