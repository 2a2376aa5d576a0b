"""The controller whose officer uses the program: what notices, letters and e-mails say about the sender."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from dpo_app.core.errors import InputError
from dpo_app.core.persons.address import PostalAddress

#: Fields that take one of a list, with the options of the authorities' form.
CHOICES = {
    "id_kind": ("company_id", "organisation_number", "vat"),
    "sector": ("private", "public"),
    "size": ("micro", "sme", "large", "other"),
}


@dataclass(frozen=True)
class Organisation:
    """Sender and contact. `return_line` stands in the envelope's window: keep it neutral, a name such as
    "Psychotherapy Clinic" tells the postman (letters-and-email.md, finding 10). `country` is ISO 3166 alpha-2.

    The fields from `business_id` on are what authorities ask: identifier with its kind, sector, size, line of business,
    the region of the seat where a state has several authorities (`NW`, `AX`), and, for a controller outside the EEA, the
    representative in it.
    """

    name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "FI"
    language: str = "fi"
    phone: str = ""
    hours: str = ""
    email: str = ""
    web_page: str = ""
    dpo: str = ""
    signatory: str = ""
    return_line: str = ""
    time_zone: str = "Europe/Helsinki"
    business_id: str = ""
    id_kind: str = ""
    sector: str = ""
    size: str = ""
    activity: str = ""
    land: str = ""
    representative: str = ""
    representative_contact: str = ""

    @property
    def address(self) -> PostalAddress:
        """Return the sender's postal address."""
        return PostalAddress("", self.street, self.postcode, self.town, self.country)

    def checked(self) -> Organisation:
        """Return the organisation if what programs read in it can be read.

        Raises InputError: "organisation_country", "organisation_language", "organisation_zone",
        "organisation_email", "organisation_web_page", "organisation_choice".
        """
        if not re.fullmatch("[A-Z]{2}", self.country) or self.country not in Locale("en").territories:
            raise InputError("organisation_country")
        if not re.fullmatch("[a-z]{2}", self.language) or self.language not in Locale("en").languages:
            raise InputError("organisation_language")
        try:
            ZoneInfo(self.time_zone)
        except (ValueError, OSError, LookupError):
            raise InputError("organisation_zone") from None
        if self.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", self.email):
            raise InputError("organisation_email")
        if self.web_page and not re.fullmatch(r"https?://[^\s/]+\.\S+", self.web_page):
            raise InputError("organisation_web_page")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in ("", *choices):
                raise InputError("organisation_choice", field=name, choices=", ".join(choices))
        return self

    def to_document(self) -> dict[str, str]:
        """Return the plain form kept in the store."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Organisation:
        """Return the organisation of a stored document; fields it does not know are left at their default."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: str(value) for name, value in document.items() if name in known})
