"""Mail addresses, telephone numbers, countries and languages as registers write them."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from email_validator import EmailNotValidError, validate_email

from dpo_app.core.persons.names import folded

#: Plain addresses need no library: letters, digits and single dots, a domain of at least two labels. A million of them
#: would take the library a minute and a half.
_PLAIN = re.compile(
    r"^[a-z0-9](?:[a-z0-9_+-]*(?:\.[a-z0-9_+-]+)*)@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}$",
    re.IGNORECASE,
)
_PHONE = re.compile(r"^[+(]?[+\d]?[\d\s()./-]{5,24}$")
_NAME_LANGUAGES = ("en", "fi", "sv", "de")


def parse_email(text: str) -> str | None:
    """Return a mail address in its normal form, domain in lower case, or None if it is none (RFC 5321, 5322, 6531).

    Nothing is asked of the network.
    """
    value = text.strip().removeprefix("mailto:")
    if len(value) <= 254 and _PLAIN.match(value) and len(value.partition("@")[0]) <= 64:
        local, _, domain = value.rpartition("@")
        return f"{local}@{domain.lower()}"
    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def several_emails(text: str) -> bool:
    """Tell whether a cell holds more than one mail address."""
    return text.count("@") > 1


def parse_phone(text: str) -> str | None:
    """Return a telephone number as written, blanks tidied, or None if it has not 5 to 15 digits and no letters."""
    value = " ".join(text.split())
    digits = sum(sign.isdigit() for sign in value)
    return value if 5 <= digits <= 15 and _PHONE.match(value) else None


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in _NAME_LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(folded(name), code)
                names.setdefault(code.casefold(), code)
    return names | {"uk": "GB", "usa": "US", "ruotsin kuningaskunta": "SE", "eire": "IE"}


@lru_cache(maxsize=4_096)
def parse_country(text: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a country's code or its Finnish, Swedish, English or German name, or None."""
    return _countries().get(folded(text))


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in _NAME_LANGUAGES:
        for code, name in Locale(language).languages.items():
            if len(code) == 2:
                names.setdefault(folded(name), code)
                names.setdefault(code, code)
    return names | {"se": "sv", "fin": "fi", "swe": "sv", "eng": "en", "ger": "de", "deu": "de", "est": "et"}


@lru_cache(maxsize=1_024)
def parse_language(text: str) -> str | None:
    """Return the two-letter tag of a language's code or name, or None."""
    plain = folded(text).replace("_", " ")
    return _languages().get(plain) or _languages().get(plain[:2] if "-" in text or "_" in text else plain)


_TRUE = frozenset(["1", "x", "k", "kylla", "on", "true", "t", "ja", "j", "y", "yes", "tosi", "sant"])
_FALSE = frozenset(["0", "ei", "nej", "nein", "no", "false", "e", "n", "epatosi", "falskt"]) | {"", "-"}


def parse_flag(text: str) -> bool | None:
    """Return whether a cell says yes or no, None if it says neither."""
    value = folded(text)
    return True if value in _TRUE else False if value in _FALSE else None
