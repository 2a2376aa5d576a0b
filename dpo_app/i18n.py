"""Words in the officer's language: gettext catalogues as values.

A batch writes letters in many languages at once and in worker threads, so catalogues are values that are passed, not a
translator installed on the one application. English is the source; a missing catalogue is English.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dpo_app.paths import resources

LANGUAGES = ("en", "fi", "sv")
DOMAIN = "dpo"
_current = "en"


@lru_cache(maxsize=8)
def catalogue(language: str) -> _gettext.NullTranslations:
    """Return the catalogue of a language; English, and every unknown one, gives the source texts."""
    if language not in LANGUAGES or language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, str(resources() / "locale"), [language], fallback=True)


def use(language: str) -> None:
    """Choose the language of the screen."""
    global _current
    _current = language if language in LANGUAGES else "en"


def current() -> str:
    """Return the language of the screen."""
    return _current


def _(message: str) -> str:
    """Return a message in the language of the screen."""
    return catalogue(_current).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form of a message that fits `number`."""
    return catalogue(_current).ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    """Return a message whose meaning depends on where it stands."""
    return catalogue(_current).pgettext(context, message)


class Plural(str):
    """A text kept for later whose form hangs on a number: itself the form for many, `one` for one; `by` names the fact."""

    one: str
    by: str


def nN_(one: str, many: str, by: str) -> Plural:  # noqa: N802
    """Mark both forms of a message for translation that is looked up later, when the fact `by` is known."""
    made = Plural(many)
    made.one, made.by = one, by
    return made


def form_of(message: str, facts: Mapping[str, Any], translations: _gettext.NullTranslations | None = None) -> str:
    """Return a kept message in the form that fits the facts, in the language of the screen or of a catalogue."""
    found = translations or catalogue(_current)
    if isinstance(message, Plural):
        count = facts.get(message.by)
        return found.ngettext(message.one, str(message), count if isinstance(count, int) else 2)
    return found.gettext(message)


def N_(message: str) -> str:  # noqa: N802
    """Mark a message for translation that is looked up later."""
    return message
