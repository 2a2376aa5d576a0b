"""Is a notice to persons complete? Art. 34(2) with Art. 33(3)(b) to (d), section by section, for everybody who will
read it (domain/notices.md section 1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dpo_app.core.facts.breach import Revision
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.notices.notice import Field, Notice, Reader, SectionKey, SectionText, Slot
from dpo_app.core.notices.notice_html import site_of
from dpo_app.core.notices.notice_text import TextProblem, placeholders, problems, reads, texts_for
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.national_id import id_in


class NoticeCheck(StrEnum):
    """What is checked."""

    HEADING = "heading"
    NATURE = "nature"
    THEIR_DATA = "their_data"
    CERTAINTY = "certainty"
    CONSEQUENCES = "consequences"
    MEASURES = "measures"
    UNCONFIRMED = "unconfirmed"
    ADVICE = "advice"
    CONTACT = "contact"
    GENUINE = "genuine"
    SIGNATURE = "signature"
    PLACEHOLDERS = "placeholders"
    FORBIDDEN = "forbidden"
    LANGUAGE = "language"
    PLAIN = "plain"
    EASY = "easy"
    CONSISTENT = "consistent"


class FindingLevel(StrEnum):
    """Whether a finding forbids approval."""

    STOP = "stop"
    WARN = "warn"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or doubtful: where, in which language, for how many persons."""

    check: NoticeCheck
    level: FindingLevel
    section: SectionKey | None = None
    language: str = ""
    exposure: ExposureState | None = None
    persons: int = 0
    detail: str = ""


_NEEDED = {
    NoticeCheck.HEADING: SectionKey.HEADING,
    NoticeCheck.NATURE: SectionKey.WHAT_HAPPENED,
    NoticeCheck.THEIR_DATA: SectionKey.YOUR_DATA,
    NoticeCheck.CONSEQUENCES: SectionKey.CONSEQUENCES,
    NoticeCheck.MEASURES: SectionKey.WHAT_WE_DID,
    NoticeCheck.ADVICE: SectionKey.WHAT_YOU_CAN_DO,
    NoticeCheck.CONTACT: SectionKey.CONTACT,
    NoticeCheck.GENUINE: SectionKey.GENUINE,
    NoticeCheck.SIGNATURE: SectionKey.SIGNATURE,
}
#: Sections whose words can be easy or hard; a name, a phone number or a code cannot.
_EASY = (
    SectionKey.WHAT_HAPPENED, SectionKey.YOUR_DATA, SectionKey.CONSEQUENCES, SectionKey.WHAT_WE_DID,
    SectionKey.WHAT_YOU_CAN_DO,
)  # fmt: skip
#: The points of Art. 34(2) that the line under the editor counts.
ARTICLE_34_2 = (
    NoticeCheck.NATURE, NoticeCheck.THEIR_DATA, NoticeCheck.CONSEQUENCES, NoticeCheck.MEASURES, NoticeCheck.ADVICE,
    NoticeCheck.CONTACT, NoticeCheck.GENUINE,
)  # fmt: skip
#: Words that speak of health: never in the heading, which becomes the subject of an e-mail.
HEALTH_WORDS = {
    "fi": ("terveys", "terapi", "potilas", "hoito", "diagnoos", "lääkär", "sairau", "mielenterveys"),
    "sv": ("hälsa", "hälso", "terapi", "patient", "vård", "diagnos", "läkar", "sjukdom"),
    "en": ("health", "therap", "patient", "medical", "diagnos", "treatment", "illness"),
    "de": ("gesundheit", "therap", "patient", "diagnos", "behandlung", "krank"),
}
LONG_SENTENCE_WORDS = 25
_CHECK_OF = {TextProblem.LINK: NoticeCheck.FORBIDDEN, TextProblem.UNCONFIRMED: NoticeCheck.UNCONFIRMED}
_WEB = re.compile(r"https?://[^\s<>()\"\]]+")


def check_notice(
    notice: Notice,
    revision: Revision,
    readers: Sequence[tuple[Reader, int]],
    fields: Mapping[str, Mapping[str, str]],
) -> tuple[Finding, ...]:
    """Return what is missing or doubtful, what stops first. `readers` are all kinds of persons in scope with their
    numbers; `fields` are the values by language."""
    categories = frozenset(category.value for category in revision.categories)
    findings = [
        *_languages(notice, readers),
        *_coverage(notice, readers, categories),
        *_contents(notice, fields),
        *_by_mail(notice, readers, categories, fields),
        *_certainty(notice),
        *_easy(notice, readers, categories),
    ]
    if not readers:
        findings.append(Finding(NoticeCheck.CONSISTENT, FindingLevel.WARN, detail="no_readers"))
    order = {level: place for place, level in enumerate(FindingLevel)}
    return tuple(sorted(findings, key=lambda f: (order[f.level], list(NoticeCheck).index(f.check), -f.persons)))


def missing(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that forbid approval."""
    return tuple(each for each in findings if each.level is FindingLevel.STOP)


def _languages(notice: Notice, readers: Sequence[tuple[Reader, int]]) -> list[Finding]:
    """Everybody reads a language that the notice has: a silent fallback is not allowed."""
    lacking: Counter[str] = Counter()
    for reader, count in readers:
        if reader.language not in notice.languages:
            lacking[reader.language] += count
    return [
        Finding(NoticeCheck.LANGUAGE, FindingLevel.STOP, language=language, persons=count)
        for language, count in lacking.most_common()
    ]


def _coverage(notice: Notice, readers: Sequence[tuple[Reader, int]], categories: frozenset[str]) -> list[Finding]:
    """Everybody reads something under each needed section."""
    lacking: Counter[tuple[NoticeCheck, str, ExposureState]] = Counter()
    for reader, count in readers:
        if reader.language not in notice.languages:
            continue
        sections = {
            text.section
            for text in notice.texts
            if text.language == reader.language and text.text.strip() and _reaches(text, reader, categories)
        }
        for check, section in _NEEDED.items():
            if section not in sections:
                lacking[check, reader.language, reader.exposure] += count
    return [
        Finding(check, FindingLevel.STOP, _NEEDED[check], language, exposure, count)
        for (check, language, exposure), count in lacking.most_common()
    ]


def _reaches(text: SectionText, reader: Reader, categories: frozenset[str]) -> bool:
    """Whoever stands on the public rung or with the officer may get the text of a letter."""
    if reader.channel in (Channel.OFFICER, Channel.PUBLIC, Channel.NONE):
        reader = reader._replace(channel=Channel.LETTER)
    return reads(text.audience, reader, categories)


def _contents(notice: Notice, fields: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    findings: list[Finding] = []
    for text in notice.texts:
        where = (text.section, text.language)
        for problem, name in problems(text.text):
            check = _CHECK_OF.get(problem, NoticeCheck.PLACEHOLDERS)
            findings.append(Finding(check, FindingLevel.STOP, *where, detail=f"{problem.value}:{name}"))
        own = fields.get(text.language, {})
        for name in sorted(placeholders(text.text)):
            if name in set(Field) and not own.get(name):
                findings.append(Finding(NoticeCheck.PLACEHOLDERS, FindingLevel.STOP, *where, detail=f"no_value:{name}"))
        if id_in(text.text):
            findings.append(Finding(NoticeCheck.FORBIDDEN, FindingLevel.STOP, *where, detail="national_id"))
        words = HEALTH_WORDS.get(text.language, ())
        if text.section is SectionKey.HEADING and any(w in text.text.casefold() for w in words):
            findings.append(Finding(NoticeCheck.FORBIDDEN, FindingLevel.STOP, *where, detail="health_word"))
        if text.section is SectionKey.GENUINE and Slot.CODE.value not in placeholders(text.text):
            findings.append(Finding(NoticeCheck.GENUINE, FindingLevel.STOP, *where, detail="no_code"))
        longest = max((len(s.split()) for s in re.split(r"[.!?:]\s|\n", text.text)), default=0)
        if longest > LONG_SENTENCE_WORDS:
            findings.append(Finding(NoticeCheck.PLAIN, FindingLevel.HINT, *where, detail=f"long_sentence:{longest}"))
    return findings


def _by_mail(
    notice: Notice, readers: Sequence[tuple[Reader, int]], categories: frozenset[str],
    fields: Mapping[str, Mapping[str, str]],
) -> list[Finding]:  # fmt: skip
    """What somebody will get by e-mail names no health (letters-and-email.md 5.3: bystanders, lock screens and shared
    mailboxes read it) and links nowhere but to the organisation's own site, or it looks like a trap."""
    by_mail = [reader for reader, _count in readers if reader.channel is Channel.EMAIL]
    findings = []
    for text in notice.texts:
        if not any(r.language == text.language and reads(text.audience, r, categories) for r in by_mail):
            continue
        where = (text.section, text.language)
        said = text.text.casefold()
        if text.section is not SectionKey.HEADING and any(w in said for w in HEALTH_WORDS.get(text.language, ())):
            findings.append(Finding(NoticeCheck.FORBIDDEN, FindingLevel.STOP, *where, detail="health_word_in_mail"))
        own = site_of(fields.get(text.language, {}).get(Field.WEB_PAGE, ""))
        for link in dict.fromkeys(_WEB.findall(text.text)):
            if not own or site_of(link) != own:
                findings.append(
                    Finding(NoticeCheck.FORBIDDEN, FindingLevel.STOP, *where, detail=f"foreign_link:{link}")
                )
    return findings


def _easy(notice: Notice, readers: Sequence[tuple[Reader, int]], categories: frozenset[str]) -> list[Finding]:
    """Who needs easy language reads the usual words where there are no others: said, and not forbidden."""
    lacking: Counter[tuple[SectionKey, str]] = Counter()
    for reader, count in readers:
        if not reader.easy or reader.channel is Channel.EMAIL or reader.language not in notice.languages:
            continue
        own = [notice.texts[place] for place in texts_for(notice, reader._replace(channel=Channel.LETTER), categories)]
        for section in dict.fromkeys(text.section for text in own if text.section in _EASY and not text.audience.easy):
            lacking[section, reader.language] += count
    return [
        Finding(NoticeCheck.EASY, FindingLevel.WARN, section, language, persons=count)
        for (section, language), count in lacking.most_common()
    ]


def _certainty(notice: Notice) -> list[Finding]:
    """Nobody who is *possibly* exposed may read the words for *confirmed*, nor the other way: a text on what happened
    or on their data that is for everybody says the same to both."""
    findings = []
    for section in (SectionKey.WHAT_HAPPENED, SectionKey.YOUR_DATA):
        for language in notice.languages:
            own = [t for t in notice.texts if t.section is section and t.language == language]
            mixed = [
                text
                for text in own
                if ExposureState.CONFIRMED in (text.audience.exposures or set(ExposureState))
                and (text.audience.exposures or set(ExposureState))
                & {ExposureState.POSSIBLE, ExposureState.LIKELY, ExposureState.UNDETERMINED}
            ]
            if mixed and section is SectionKey.YOUR_DATA:
                findings.append(Finding(NoticeCheck.CERTAINTY, FindingLevel.WARN, section, language))
    return findings
