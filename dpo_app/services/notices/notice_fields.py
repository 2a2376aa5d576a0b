"""Values for a notice's Field placeholders, in the words and date forms of each language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from babel.lists import format_list

from dpo_app.core.facts.breach import SPECIAL, Revision
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.notices.claims import closed_on, police_told_on, safeguards
from dpo_app.core.notices.notice import Field
from dpo_app.core.organisation import Organisation
from dpo_app.services.ports.wording import Frame

_LOCALES = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI", "de": "de_DE"}


def locale_of(language: str) -> str:
    """Return the locale in which a language's dates are written."""
    return _LOCALES.get(language, language)


@lru_cache(maxsize=4_096)
def long_date(day: date, language: str) -> str:
    """Return a date in full: `28. syyskuuta 2020`, `28 september 2020`, `28 September 2020`."""
    return str(format_date(day, "long", locale=locale_of(language)))


def short_date(day: date, language: str) -> str:
    """Return a date in figures without leading zeros, as the language writes it."""
    pattern = "d.M.y" if language in ("fi", "sv", "de") else "d MMM y"
    return str(format_date(day, pattern, locale=locale_of(language)))


def period(window: Window, language: str) -> str:
    """Return a window's days as an interval in figures; an open end is left open."""
    first = short_date(window.begins_on, language)
    last = short_date(window.ends_on, language) if window.ends_on else ""
    if first == last:
        return first
    # A dash with no blanks in figures, with blanks where words stand beside it.
    return f"{first} – {last}" if language == "en" else f"{first}–{last}"


def when_of(windows: Iterable[Window], language: str, periods: Mapping[str, str]) -> str:
    """Return when windows were, with the words that belong before or after: `in the period 1 Nov 2018 – 30 Nov 2018`,
    `on 26 Nov 2018`. Windows of one kind in a row share the words."""
    told = []
    for kind, group in groupby(windows, _kind):
        days = [_days(each, kind, language) for each in group]
        words = "ranges" if kind == "range" and len(days) > 1 else kind
        told.append(periods[words].format(when=_joined(days, language)))
    return _joined(told, language)


def _kind(window: Window) -> str:
    if window.ends_on is None:
        return "open"
    return "day" if window.ends_on == window.begins_on else "range"


def _days(window: Window, kind: str, language: str) -> str:
    return period(window, language) if kind == "range" else short_date(window.begins_on, language)


def _joined(parts: Iterable[str], language: str) -> str:
    return str(format_list(list(parts), locale=locale_of(language)))


#: Days of the week from Monday, as people write them before hours.
_DAYS = {
    "fi": (("ma",), ("ti",), ("ke",), ("to",), ("pe",), ("la",), ("su",)),
    "sv": (("mån", "må"), ("tis", "ti"), ("ons", "on"), ("tors", "tor", "to"), ("fre", "fr"), ("lör", "lö"), ("sön", "sö")),
    "en": (("mon",), ("tue",), ("wed",), ("thu",), ("fri",), ("sat",), ("sun",)),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def hours_in(text: str, own: str, language: str) -> str:
    """Return opening hours with their days in another language: `ma–pe 8–18` is `Mon–Fri 8–18`. Hours with any other
    word stay as they are: nothing of them is guessed."""
    known = {word: place for place, words in enumerate(_DAYS.get(own, ())) for word in words}
    if language == own or not all(word.lower() in known for word in _WORD.findall(text)):
        return text
    names = get_day_names("abbreviated", locale=locale_of(language))
    return _WORD.sub(lambda found: str(names[known[found[0].lower()]]), text)


def fields_for(
    language: str,
    revision: Revision,
    organisation: Organisation,
    frame: Frame,
    authority_told_at: datetime | None = None,
) -> Mapping[str, str]:
    """Return {placeholder: value} for one language; a value that is not known is missing, never a gap."""
    zone = ZoneInfo(organisation.time_zone)
    confirmed = [w for w in revision.windows if w.disclosure is Certainty.CONFIRMED]
    others = [w for w in revision.windows if w.disclosure is not Certainty.CONFIRMED]
    full = [frame.categories[c.value] for c in revision.categories]
    discreet = [frame.categories[c.value] for c in revision.categories if c not in SPECIAL]
    if revision.has_special_data:
        discreet.append(frame.categories["discreet"])
    values = {
        Field.AWARE_ON: long_date(revision.awareness.at.astimezone(zone).date(), language),
        Field.KNOWN_AS_OF: long_date(revision.known_as_of.astimezone(zone).date(), language),
        Field.CONTROLLER: revision.controller,
        Field.PHONE: organisation.phone,
        Field.HOURS: hours_in(organisation.hours, organisation.language, language),
        Field.EMAIL: organisation.email,
        Field.WEB_PAGE: organisation.web_page,
        Field.DPO: organisation.dpo,
        Field.SIGNATORY: organisation.signatory or organisation.dpo,
        Field.WINDOWS: _joined((period(w, language) for w in revision.windows), language),
        Field.WINDOWS_CONFIRMED: _joined((period(w, language) for w in confirmed), language),
        Field.WINDOWS_OTHER: _joined((period(w, language) for w in others), language),
        Field.WHEN: when_of(revision.windows, language, frame.periods),
        Field.WHEN_CONFIRMED: when_of(confirmed, language, frame.periods),
        Field.WHEN_OTHER: when_of(others, language, frame.periods),
        Field.DATA: _joined(full, language),
        Field.DATA_DISCREET: _joined(discreet, language),
    }
    days = {
        Field.CLOSED_ON: closed_on(revision, zone), Field.POLICE_TOLD_ON: police_told_on(revision, zone),
        Field.AUTHORITY_TOLD_ON: authority_told_at.astimezone(zone).date() if authority_told_at else None,
    }  # fmt: skip
    values |= {name: long_date(day, language) for name, day in days.items() if day is not None}
    for name, taken in ((Field.SAFEGUARDS_TAKEN, True), (Field.SAFEGUARDS_PLANNED, False)):
        values[name] = _joined((frame.safeguards[s.value] for s in safeguards(revision, taken=taken)), language)
    return {name.value: value for name, value in values.items() if value}
