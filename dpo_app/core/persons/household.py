"""Persons who share an address or a mail address. They are never one person because of it, and each is written to."""

from __future__ import annotations

from enum import StrEnum

from dpo_app.core.persons.names import folded


class Shared(StrEnum):
    """What a group of persons shares."""

    ADDRESS = "address"
    EMAIL = "email"


def address_key(street: str, postcode: str, town: str) -> str:
    """Return what two spellings of one door share, the flat included; "" for an address too poor to say."""
    door, place = folded(street).replace(",", " "), postcode.replace(" ", "") or folded(town)
    if not place or not any(sign.isdigit() for sign in door):
        return ""
    return f"{' '.join(door.split())}|{place}"


def email_key(email: str) -> str:
    """Return what two spellings of one mail address share."""
    return email.strip().casefold()
