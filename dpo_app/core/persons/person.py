"""A person of a register, as one breach knows them."""

from __future__ import annotations

from dataclasses import dataclass, field

from dpo_app.core.facts.exposure import PartialDate
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.veil import veiled


@veiled
@dataclass(frozen=True)
class Person:
    """One person as imported for a breach.

    Names keep the register's own spelling (NFC). `national_id` is in its country's written form and valid, else empty
    and kept in `extra` as it stood. `email` is empty unless it passed the address check. `language` is a BCP 47 tag of
    two letters or "". `extra` holds the columns that have no place of their own, as imported.
    """

    customer_number: str = ""
    family_name: str = ""
    given_names: str = ""
    national_id: str = ""
    born: PartialDate | None = None
    language: str = ""
    email: str = ""
    phone: str = ""
    address: PostalAddress = PostalAddress()
    registered: PartialDate | None = None
    removed: PartialDate | None = None
    deceased: bool = False
    protected: bool = False
    large_print: bool = False
    easy_language: bool = False
    guardian: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Return the name as it is written on an envelope: given names, then family name."""
        return f"{self.given_names} {self.family_name}".strip()
