"""The check against Art. 34(2): what is missing is named, for whom, in which language; nothing that is there is missed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.notices.notice import Audience, Field, Notice, Reader, SectionKey, SectionText
from dpo_app.core.notices.notice_check import FindingLevel, NoticeCheck, check_notice, missing
from dpo_app.core.persons.channel import Channel
from tests.builders import a_revision

E = ExposureState
FIELDS = {language: {each.value: "x" for each in Field} for language in ("fi", "sv")}
READERS = [
    (Reader("fi", E.CONFIRMED, Channel.EMAIL), 20), (Reader("fi", E.POSSIBLE, Channel.LETTER), 7),
    (Reader("sv", E.CONFIRMED, Channel.OFFICER, 12), 3),
]  # fmt: skip


def whole(*languages: str) -> tuple[SectionText, ...]:
    """Return a text for each section and language, for everybody."""
    return tuple(
        SectionText(key, language, "Koodi ((code))." if key is SectionKey.GENUINE else "Teksti.")
        for language in languages
        for key in SectionKey
    )


def found(texts: tuple[SectionText, ...], languages: tuple[str, ...] = ("fi", "sv")) -> list[tuple[str, str, str, int]]:
    notice = Notice(1, 1, 1, languages, texts)
    return [
        (each.check.value, each.language, each.exposure.value if each.exposure else "", each.persons)
        for each in missing(check_notice(notice, a_revision(), READERS, FIELDS))
    ]


def test_a_whole_notice_lacks_nothing() -> None:
    assert found(whole("fi", "sv")) == []


@pytest.mark.parametrize("section", list(SectionKey))
def test_a_section_left_out_is_named_for_each_kind_of_reader(section: SectionKey) -> None:
    texts = tuple(text for text in whole("fi", "sv") if (text.section, text.language) != (section, "fi"))
    lacking = found(texts)
    assert {(language, exposure, count) for _check, language, exposure, count in lacking} == {
        ("fi", "confirmed", 20), ("fi", "possible", 7),
    }  # fmt: skip
    assert len({check for check, *_rest in lacking}) == 1


def test_blank_text_is_no_text() -> None:
    texts = tuple(replace(t, text=" \n") if t.section is SectionKey.CONTACT else t for t in whole("fi", "sv"))
    assert {check for check, *_rest in found(texts)} == {"contact"}


def test_an_audience_that_reads_nothing_is_named() -> None:
    only = Audience(exposures=frozenset({E.CONFIRMED}))
    texts = tuple(replace(t, audience=only) if t.section is SectionKey.YOUR_DATA else t for t in whole("fi", "sv"))
    assert found(texts) == [("their_data", "fi", "possible", 7)]
    email = Audience(channels=frozenset({Channel.EMAIL}))
    texts = tuple(replace(t, audience=email) if t.section is SectionKey.GENUINE else t for t in whole("fi", "sv"))
    assert [(e, n) for _c, _l, e, n in found(texts)] == [("possible", 7), ("confirmed", 3)]
    grown = Audience(min_age=18)
    texts = tuple(replace(t, audience=grown) if t.section is SectionKey.CONSEQUENCES else t for t in whole("fi", "sv"))
    assert found(texts) == [("consequences", "sv", "confirmed", 3)], "a child reads nothing here"


def test_a_language_that_somebody_reads_is_never_replaced_by_another() -> None:
    assert found(whole("fi"), ("fi",)) == [("language", "sv", "", 3)]


@pytest.mark.parametrize(
    ("section", "text", "check", "detail"),
    [
        (SectionKey.CONTACT, "Soita ((fone)).", NoticeCheck.PLACEHOLDERS, "unknown_placeholder:fone"),
        (SectionKey.CONTACT, "Soita ((phone).", NoticeCheck.PLACEHOLDERS, "loose_placeholder:"),
        (SectionKey.CONTACT, "[a](http://x.example/)", NoticeCheck.FORBIDDEN, "link:http://x.example/"),
        (SectionKey.WHAT_HAPPENED, "Tunnus 010190-901X.", NoticeCheck.FORBIDDEN, "national_id"),
        (SectionKey.WHAT_HAPPENED, "Tunnus 010105A901X.", NoticeCheck.FORBIDDEN, "national_id"),
        (SectionKey.HEADING, "Terveystietosi on viety", NoticeCheck.FORBIDDEN, "health_word"),
        (SectionKey.GENUINE, "Viesti on aito.", NoticeCheck.GENUINE, "no_code"),
        (SectionKey.WHAT_HAPPENED, "Hoitotietosi on viety", NoticeCheck.FORBIDDEN, "health_word_in_mail"),
        (SectionKey.CONTACT, "[a](https://y.example/a)", NoticeCheck.FORBIDDEN, "foreign_link:https://y.example/a"),
    ],
)  # fmt: skip
def test_what_may_not_stand_there(section: SectionKey, text: str, check: NoticeCheck, detail: str) -> None:
    texts = tuple(
        replace(each, text=text) if (each.section, each.language) == (section, "fi") else each
        for each in whole("fi", "sv")
    )
    findings = check_notice(Notice(1, 1, 1, ("fi", "sv"), texts), a_revision(), READERS, FIELDS)
    stops = [each for each in findings if each.level is FindingLevel.STOP]
    assert (check, section, "fi", detail) in [(e.check, e.section, e.language, e.detail) for e in stops]


def test_a_letter_may_name_what_an_e_mail_may_not() -> None:
    by_letter = frozenset({Channel.LETTER, Channel.OFFICER})
    texts = (
        *whole("fi", "sv"),
        SectionText(SectionKey.YOUR_DATA, "fi", "Potilastietosi: https://y.example/a", Audience(channels=by_letter)),
    )
    assert found(texts) == []
    own = replace(whole("fi")[0], text="Lue https://www.x.example/tiedote", section=SectionKey.CONTACT)
    fields = {"fi": {each.value: "https://x.example/" for each in Field}}
    stops = missing(check_notice(Notice(1, 1, 1, ("fi",), (*whole("fi"), own)), a_revision(), READERS[:2], fields))
    assert not stops, "the organisation's own page may be linked"


def test_a_field_without_value_is_named_not_left_blank() -> None:
    texts = tuple(replace(t, text="((web page))") if t.section is SectionKey.CONTACT else t for t in whole("fi", "sv"))
    fields = {"fi": {}, "sv": {"web page": "https://x.example/"}}
    findings = missing(check_notice(Notice(1, 1, 1, ("fi", "sv"), texts), a_revision(), READERS, fields))
    assert [(e.language, e.detail) for e in findings] == [("fi", "no_value:web page")]


def test_hard_sentences_and_mixed_certainty_are_hints_that_stop_nothing() -> None:
    long = " ".join(["sana"] * 30) + "."
    texts = tuple(replace(t, text=long) if t.section is SectionKey.WHAT_WE_DID else t for t in whole("fi", "sv"))
    findings = check_notice(Notice(1, 1, 1, ("fi", "sv"), texts), a_revision(), READERS, FIELDS)
    assert missing(findings) == ()
    checks = {each.check for each in findings}
    assert NoticeCheck.PLAIN in checks and NoticeCheck.CERTAINTY in checks
    nobody = check_notice(Notice(1, 1, 1, ("fi",), whole("fi")), a_revision(), [], FIELDS)
    assert "no_readers" in [each.detail for each in nobody]
