"""Ready wordings: every incident in every language, whole for everybody, and saying no more than is known."""

from __future__ import annotations

from itertools import product

import pytest

from dpo_app.core.errors import RuleError
from dpo_app.core.facts.breach import SPECIAL, DataCategory
from dpo_app.core.facts.exposure import Certainty, ExposureState, Window
from dpo_app.core.notices.notice import Notice, Reader, SectionKey, Slot
from dpo_app.core.notices.notice_check import HEALTH_WORDS, LONG_SENTENCE_WORDS, FindingLevel, check_notice
from dpo_app.core.notices.notice_text import compile_form, plain_text, texts_for
from dpo_app.core.persons.channel import Channel
from dpo_app.documents.wording import WordingFolder
from dpo_app.paths import resources
from dpo_app.services.notices.notice_fields import fields_for
from tests.builders import W1, W2, a_revision, an_organisation

FOLDER = WordingFolder(resources() / "wording")
LANGUAGES = ("fi", "sv", "en")
INCIDENTS = [info.id for info in FOLDER.all()]
STATES = [state for state in ExposureState if state is not ExposureState.NOT_EXPOSED]
CHANNELS = (Channel.EMAIL, Channel.LETTER)
LIKELY = Window("third", W2.begins_on, W2.ends_on, Certainty.LIKELY, Certainty.LIKELY)
FACTS = a_revision(windows=(W1, LIKELY, W2))
READERS = [
    (Reader(language, state, channel), 1) for language, state, channel in product(LANGUAGES, STATES, CHANNELS)
]  # fmt: skip
SLOTS = {
    Slot.FULL_NAME: "Aino Esimerkki",
    Slot.FIRST_NAME: "Aino",
    Slot.CODE: "K7Q2-M9X4-T3AB",
    Slot.REGISTERED_ON: "x",
}
CATEGORIES = frozenset(category.value for category in FACTS.categories)


def a_notice(incident: str) -> Notice:
    texts = tuple(text for language in LANGUAGES for text in FOLDER.texts(incident, language))
    return Notice(1, 1, 1, LANGUAGES, texts)


def fields(language: str) -> dict[str, str]:
    return dict(fields_for(language, FACTS, an_organisation(), FOLDER.frame(language)))


def read(incident: str, reader: Reader) -> str:
    """Return what a reader reads."""
    notice = a_notice(incident)
    texts = [notice.texts[n] for n in texts_for(notice, reader, CATEGORIES)]
    return plain_text(compile_form(texts, fields(reader.language), FOLDER.frame(reader.language).titles), SLOTS)


def test_the_four_incidents_are_there_in_three_languages() -> None:
    assert INCIDENTS == ["health-theft", "lost-device", "misdirected-mailing", "password-list"]
    assert set(FOLDER.languages()) >= set(LANGUAGES)
    for info in FOLDER.all():
        assert set(info.titles) >= set(LANGUAGES)
    with pytest.raises(RuleError, match="no_wording"):
        FOLDER.texts("health-theft", "xx")


@pytest.mark.parametrize("incident", INCIDENTS)
def test_nothing_that_the_law_asks_for_is_missing_for_anybody(incident: str) -> None:
    findings = check_notice(a_notice(incident), FACTS, READERS, {lang: fields(lang) for lang in LANGUAGES})
    assert [each for each in findings if each.level is not FindingLevel.HINT] == []
    assert [each.detail for each in findings] == [], f"no sentence over {LONG_SENTENCE_WORDS} words"


@pytest.mark.parametrize("incident", INCIDENTS)
def test_the_languages_say_the_same_to_the_same_persons(incident: str) -> None:
    shapes = [[(text.section, text.audience) for text in FOLDER.texts(incident, language)] for language in LANGUAGES]
    key = [sorted(map(str, shape)) for shape in shapes]
    assert key[0] == key[1] == key[2]


@pytest.mark.parametrize("incident", INCIDENTS)
def test_what_is_not_confirmed_is_not_said_as_certain(incident: str) -> None:
    for text in a_notice(incident).texts:
        if text.section in (SectionKey.HEADING, SectionKey.WHAT_HAPPENED, SectionKey.YOUR_DATA):
            states = text.audience.exposures
            assert states, "these sections speak to each certainty apart"
            assert ExposureState.CONFIRMED not in states or states == {ExposureState.CONFIRMED}


@pytest.mark.parametrize(("incident", "language"), list(product(INCIDENTS, LANGUAGES)))
def test_an_email_names_no_special_data_and_a_subject_nothing_at_all(incident: str, language: str) -> None:
    frame = FOLDER.frame(language)
    special = [frame.categories[c.value] for c in DataCategory if c in SPECIAL]
    for state in STATES:
        email = read(incident, Reader(language, state, Channel.EMAIL))
        assert not any(word in email for word in special), state
        heading = email.split("\n", 1)[0].casefold()
        assert not any(word in heading for word in HEALTH_WORDS[language])
        letter = read(incident, Reader(language, state, Channel.LETTER))
        assert frame.categories["health"] in letter, "whoever opens an envelope learns what it was"
    assert not any(word in frame.subject.casefold() for word in HEALTH_WORDS[language])
    assert frame.subject.isprintable() and len(frame.subject) <= 60


@pytest.mark.parametrize(("incident", "language"), list(product(INCIDENTS, LANGUAGES)))
def test_every_message_names_the_code_the_contact_and_the_right_to_complain(incident: str, language: str) -> None:
    authority = {"fi": "tietosuojavaltuutetun", "sv": "klagomål till dataombudsmannen", "en": "complain to the data"}
    breach = {"fi": "henkilötietojen tietoturvaloukkau", "sv": "personuppgiftsincident", "en": "personal data breach"}
    for state, channel in product(STATES, CHANNELS):
        text = read(incident, Reader(language, state, channel))
        for wanted in (
            SLOTS[Slot.CODE],
            "09 000 0000",
            "tietosuoja@example.com",
            authority[language],
            breach[language],
        ):
            assert wanted in text, (state, channel, wanted)
        assert "((" not in text and "\n\n\n" not in text
