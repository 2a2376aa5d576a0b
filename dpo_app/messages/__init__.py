"""Error codes and enum members to sentences: the only home of prose about what went wrong.

Pattern (screens.md 6): what happened, why, what to do. Each area has its own module; `explain` and `word` look them up
in the language of the screen.
"""

from __future__ import annotations

import string
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.errors import DpoError
from dpo_app.i18n import _, form_of
from dpo_app.messages import (
    audit,
    authority,
    breach,
    care,
    clocks,
    common,
    contact,
    enquiry,
    fact_words,
    intake,
    letters,
    linkage,
    mail_trust,
    notice,
    returned_mail,
    risk,
    sending,
    store,
    trial,
)
from dpo_app.messages.field_words import quoted
from dpo_app.messages.sentence import Sentence

_AREAS = (
    common,
    store,
    breach,
    fact_words,
    risk,
    clocks,
    care,
    intake,
    notice,
    letters,
    returned_mail,
    mail_trust,
    sending,
    trial,
    authority,
    enquiry,
    linkage,
    contact,
    audit,
)
SENTENCES: dict[str, Sentence] = {code: each for area in _AREAS for code, each in area.SENTENCES.items()}
_WORDS = {(type(member), member.value): text for area in _AREAS for member, text in area.WORDS}


#: Codes whose field is no path but what somebody wrote, or is in words already.
_RAW = frozenset({"authority_incomplete", "page_lacks", "no_such_field", "bad_layout"})


class Explanation(NamedTuple):
    """What is not so now, why, and the one thing to do; each a sentence or empty."""

    what: str
    why: str
    do: str

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


class _Facts(dict[str, Any]):
    """Facts of an error; one that a sentence names and the error lacks shows as a question mark, not as a crash."""

    def __missing__(self, key: str) -> str:
        return "?"


def fill(template: str, facts: dict[str, Any]) -> str:
    """Return a sentence with its `{fields}` filled from `facts`."""
    return string.Formatter().vformat(template, (), _Facts(facts))


def explain(error: DpoError) -> Explanation:
    """Return the sentences for an error, in the language of the screen."""
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        return Explanation(fill(_(common.SENTENCES["unforeseen"].what), {"code": error.code}), "", "")
    facts = {name: _said(error, name, value) for name, value in error.facts.items()}
    return Explanation(*(fill(form_of(part, error.facts), facts) if part else "" for part in sentence))


def _said(error: DpoError, name: str, value: Any) -> Any:
    """Return a fact of an error as its sentence says it: choices and fields by their words."""
    if isinstance(value, StrEnum):
        return word(value)
    if name == "encoding" and isinstance(value, str):
        return intake.encoding_name(value)
    if name in ("field", "key") and isinstance(value, str) and error.code not in _RAW:
        return quoted(value)
    return value


def explain_detail(detail: str) -> str:
    """Return what a finding of a notice's check names, in the language of the screen; "" for none."""
    code, _colon, value = detail.partition(":")
    return fill(_(notice.DETAILS[code]), {"value": value}) if code in notice.DETAILS else detail


def explain_try(code: str) -> Explanation:
    """Return the sentences for what a try of the mail server found."""
    sentence = sending.TRIES.get(code)
    return Explanation(*(_(part) if part else "" for part in sentence)) if sentence is not None else explain_pause(code)


def explain_pause(code: str) -> Explanation:
    """Return the sentences for why a run of e-mails paused; empty for a run that did not."""
    sentence = sending.PAUSES.get(code) or SENTENCES.get(code)
    if sentence is None:
        return Explanation("", "", "")
    return Explanation(*(_(part) if part else "" for part in sentence))


def msgid(member: StrEnum) -> str:
    """Return the source text of a member's word, to be looked up in any catalogue; the bare value if it has none."""
    text: str = _WORDS.get((type(member), member.value), member.value)
    return text


def word(member: StrEnum) -> str:
    """Return the word for an enum member, in the language of the screen."""
    return _(msgid(member))
