"""What a notice may say that the organisation has done: each sentence of a ready wording hangs on facts, and one that
facts cannot carry stands in the text as `((confirm: …))` until somebody has confirmed it.

Art. 34(2) with Art. 33(3)(d) asks for the measures taken or proposed. A person who reads that the police know, or that
the way in is closed, relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, tzinfo
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.facts.breach import Measure, MeasureKind, Revision
from dpo_app.core.facts.fact_choices import Answer, EventKind, MeasureState, Safeguard
from dpo_app.core.notices.notice import SectionKey, SectionText


class Claim(StrEnum):
    """A condition of a ready wording's text (`needs`): what the facts must say for it to be true."""

    AUTHORITY_TOLD = "authority_told"
    POLICE_TOLD = "police_told"
    POLICE_TOLD_UNDATED = "police_told_undated"
    CLOSED = "closed"
    SAFEGUARDS_TAKEN = "safeguards_taken"
    SAFEGUARDS_PLANNED = "safeguards_planned"
    NOT_IDENTIFIABLE = "not_identifiable"


EVERY_CLAIM = frozenset(Claim)


class OpenClaim(NamedTuple):
    """A sentence that nobody has confirmed yet: its number among those of the notice, from 1, the place of its text,
    and the sentence."""

    number: int
    place: int
    section: SectionKey
    language: str
    sentence: str


_OPEN = re.compile(r"\(\(\s*confirm:\s*([^()]*?)\s*\)\)")
_UNFINISHED = frozenset({MeasureState.UNDER_WAY, MeasureState.PLANNED})


def unconfirmed(sentence: str) -> str:
    """Return a sentence as a text holds it until somebody confirms it."""
    return f"((confirm: {sentence.replace('(', '[').replace(')', ']')}))"


def open_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text that nobody has confirmed."""
    return tuple(match.group(1) for match in _OPEN.finditer(text))


def open_claims(texts: Sequence[SectionText]) -> tuple[OpenClaim, ...]:
    """Return all sentences of a notice that nobody has confirmed, in the order of its texts."""
    found = ((place, text, each) for place, text in enumerate(texts) for each in open_sentences(text.text))
    return tuple(
        OpenClaim(number, place, text.section, text.language, sentence)
        for number, (place, text, sentence) in enumerate(found, 1)
    )


def settle(
    texts: Sequence[SectionText], stands: Iterable[int], left_out: Iterable[int] = (),
    written: Mapping[int, str] | None = None,
) -> tuple[SectionText, ...]:  # fmt: skip
    """Return the texts with open claims decided, by number: one that stands loses its brackets, one left out goes, one
    that is written anew is replaced. A text of which nothing remains goes with it."""
    decided: dict[int, str | None] = dict.fromkeys(left_out, "") | dict.fromkeys(stands, None)
    decided |= dict(written or {})
    number = 0

    def settled(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        if number not in decided:
            return match.group(0)
        own = decided[number]
        return match.group(1) if own is None else own

    result = []
    for text in texts:
        said = _OPEN.sub(settled, text.text)
        if said == text.text:
            result.append(text)
            continue
        tidy = "\n".join(
            line.rstrip() for line in re.sub(r" {2,}", " ", said).splitlines() if line.strip(" -*") or not line
        )
        if tidy.strip():
            result.append(replace(text, text=tidy.strip(), wording=""))
    return tuple(result)


def closed_on(revision: Revision, zone: tzinfo) -> date | None:
    """Return the day on which the breach was contained: the event of that kind, else the last measure that contains it,
    if none of them is still under way or planned."""
    days = [each.at.astimezone(zone).date() for each in revision.events if each.kind is EventKind.CONTAINED]
    if days:
        return max(days)
    containing = [each for each in revision.measures if each.kind is MeasureKind.CONTAIN]
    if any(each.standing in _UNFINISHED for each in containing):
        return None
    return max(
        (each.done_on for each in containing if each.standing is MeasureState.DONE and each.done_on), default=None
    )


def police_told_on(revision: Revision, zone: tzinfo) -> date | None:
    """Return the day of the first report to the police that the events name."""
    days = [each.at.astimezone(zone).date() for each in revision.events if each.kind is EventKind.POLICE_REPORT]
    return min(days, default=None)


def safeguards(revision: Revision, *, taken: bool) -> tuple[Safeguard, ...]:
    """Return the safeguards that measures have strengthened, or are going to; one that is done is not planned too."""
    done = _kinds(revision.measures, frozenset({MeasureState.DONE}))
    return done if taken else tuple(s for s in _kinds(revision.measures, _UNFINISHED) if s not in done)


def _kinds(measures: Sequence[Measure], states: frozenset[MeasureState]) -> tuple[Safeguard, ...]:
    kinds = (each.safeguard for each in measures if each.standing in states)
    return tuple(dict.fromkeys(each for each in kinds if each is not None and each is not Safeguard.OTHER))


def claims_of(revision: Revision, authority_told: bool) -> frozenset[Claim]:
    """Return what the facts carry. `authority_told`: a notice to an authority was handed in and not withdrawn."""
    police = police_told_on(revision, UTC)
    holds = {
        Claim.AUTHORITY_TOLD: authority_told,
        Claim.POLICE_TOLD: police is not None,
        Claim.POLICE_TOLD_UNDATED: police is None and revision.reporting.police is Answer.YES,
        Claim.CLOSED: closed_on(revision, UTC) is not None,
        Claim.SAFEGUARDS_TAKEN: bool(safeguards(revision, taken=True)),
        Claim.SAFEGUARDS_PLANNED: bool(safeguards(revision, taken=False)),
        Claim.NOT_IDENTIFIABLE: any(not each.identifiable for each in revision.windows),
    }
    return frozenset(claim for claim, true in holds.items() if true)


def done_texts(revision: Revision) -> tuple[str, ...]:
    """Return what the measures that are done say, in the officer's own words."""
    return tuple(each.text for each in revision.measures if each.standing is MeasureState.DONE and each.text.strip())
