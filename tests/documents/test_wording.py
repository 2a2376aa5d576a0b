"""Ready wordings: every incident in every language, whole for everybody, and saying no more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from dpo_app.core.errors import RuleError
from dpo_app.core.facts.breach import SPECIAL, DataCategory, Measure, MeasureKind
from dpo_app.core.facts.exposure import Certainty, ExposureState, Window
from dpo_app.core.facts.fact_choices import Answer, EventKind, MeasureState, Safeguard
from dpo_app.core.facts.fact_values import Event, Reporting
from dpo_app.core.notices.claims import Claim, claims_of, closed_on, open_claims, settle
from dpo_app.core.notices.notice import Field, Notice, Reader, SectionKey, Slot
from dpo_app.core.notices.notice_check import HEALTH_WORDS, LONG_SENTENCE_WORDS, FindingLevel, check_notice
from dpo_app.core.notices.notice_text import compile_form, plain_text, texts_for
from dpo_app.core.persons.channel import Channel
from dpo_app.documents.wording import WordingFolder
from dpo_app.paths import resources
from dpo_app.services.notices.notice_fields import fields_for, when_of
from tests.builders import W1, W2, a_revision, an_organisation

FOLDER = WordingFolder(resources() / "wording")
LANGUAGES = ("fi", "sv", "en")
INCIDENTS = [info.id for info in FOLDER.all()]
STATES = [state for state in ExposureState if state is not ExposureState.NOT_EXPOSED]
CHANNELS = (Channel.EMAIL, Channel.LETTER)
LIKELY = Window("third", W2.begins_on, W2.ends_on, Certainty.LIKELY, Certainty.LIKELY)
AT = datetime(2020, 9, 29, 12, tzinfo=UTC)
FACTS = a_revision(
    windows=(W1, LIKELY, W2),
    events=(Event(EventKind.CONTAINED, AT), Event(EventKind.POLICE_REPORT, AT)),
    measures=(
        Measure(MeasureKind.CONTAIN, "x", AT.date(), safeguard=Safeguard.ACCESS_CONTROL),
        Measure(MeasureKind.PREVENT, "y", safeguard=Safeguard.ENCRYPTION),
    ),
)
HOLDS = claims_of(FACTS, True)
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
    """A notice with everything that the facts hold, and all that was left to confirm confirmed."""
    texts = tuple(text for language in LANGUAGES for text in FOLDER.texts(incident, language, HOLDS))
    texts = settle(texts, [each.number for each in open_claims(texts)])
    return Notice(1, 1, 1, LANGUAGES, texts)


def fields(language: str) -> dict[str, str]:
    return dict(fields_for(language, FACTS, an_organisation(), FOLDER.frame(language), AT))


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


#: What tells in each language that the way in is closed, the police or the authority told.
SAYS = {
    "en": ("closed on", "shut the device", "police on", "to the police", "protection authority on", "strengthen"),
    "fi": (
        "suljettiin",
        "Estimme",
        "poliisille ",
        "rikosilmoituksen",
        "Ilmoitimme henkilötietojen",
        "vahvistaa",
        "vahvistaneet",
    ),
    "sv": ("stängdes", "stängde av", "hos polisen", "till polisen", "Vi anmälde personuppgifts", "stärka", "stärkt"),
}


@pytest.mark.parametrize(("incident", "language"), list(product(INCIDENTS, LANGUAGES)))
def test_nothing_is_said_to_be_done_that_the_facts_do_not_say(incident: str, language: str) -> None:
    def what_we_did(holds: frozenset[Claim]) -> str:
        texts = FOLDER.texts(incident, language, holds)
        return " ".join(text.text for text in texts if text.section is SectionKey.WHAT_WE_DID)

    nothing = what_we_did(frozenset())
    assert not any(sign in nothing for sign in SAYS[language]), nothing
    assert not nothing or nothing.startswith("((confirm: "), (
        "a sentence without a fact waits for somebody to confirm it"
    )
    assert what_we_did(HOLDS).count("((") > nothing.count("((")


def test_a_sentence_that_nobody_confirmed_stops_the_approval() -> None:
    texts = tuple(t for lang in LANGUAGES for t in FOLDER.texts("password-list", lang, HOLDS))
    open_ones = open_claims(texts)
    assert [each.language for each in open_ones] == list(LANGUAGES)
    found = check_notice(
        replace(a_notice("password-list"), texts=texts), FACTS, READERS, {lang: fields(lang) for lang in LANGUAGES}
    )
    stops = [each for each in found if each.level is FindingLevel.STOP]
    assert [each.detail for each in stops] == [f"unconfirmed:{each.sentence}" for each in open_ones]
    left = settle(texts, [1], [2], {3: "We told everybody to choose new passwords."})
    said = " ".join(text.text for text in left)
    assert open_ones[0].sentence in said and open_ones[1].sentence not in said and "new passwords." in said
    assert not open_claims(left) and len(left) == len(texts) - 1, "a text of which nothing remains goes"


def test_a_fact_that_is_taken_back_takes_its_sentence_along() -> None:
    without = dict.fromkeys(LANGUAGES, {k: v for k, v in fields("fi").items() if k != Field.AUTHORITY_TOLD_ON})
    found = check_notice(a_notice("health-theft"), FACTS, READERS, without)
    assert {each.detail for each in found if each.level is FindingLevel.STOP} == {"no_value:authority told on"}


def test_what_is_under_way_is_not_told_as_done() -> None:
    assert closed_on(FACTS, UTC) == date(2020, 9, 29)
    half = a_revision(
        measures=(
            Measure(MeasureKind.CONTAIN, "x", AT.date(), safeguard=Safeguard.LOGGING),
            Measure(MeasureKind.CONTAIN, "y", state=MeasureState.UNDER_WAY, safeguard=Safeguard.ENCRYPTION),
        )
    )
    assert closed_on(half, UTC) is None
    assert claims_of(half, False) == {Claim.SAFEGUARDS_TAKEN, Claim.SAFEGUARDS_PLANNED, Claim.NOT_IDENTIFIABLE}
    undated = a_revision(windows=(W1,), measures=(), reporting=Reporting(police=Answer.YES))
    assert claims_of(undated, True) == {Claim.POLICE_TOLD_UNDATED, Claim.AUTHORITY_TOLD}


@pytest.mark.parametrize(
    ("language", "day", "both", "goes_on"),
    [
        ("fi", "26.11.2018", "ajalla 1.11.2018–30.11.2018 ja 26.11.2018", "26.11.2018 alkaen"),
        ("sv", "den 26.11.2018", "under tiden 1.11.2018–30.11.2018 och den 26.11.2018", "från och med den 26.11.2018"),
        ("en", "on 26 Nov 2018", "in the period 1 Nov 2018 – 30 Nov 2018 and on 26 Nov 2018", "from 26 Nov 2018 on"),
    ],
)
def test_a_window_of_one_day_reads_as_a_day(language: str, day: str, both: str, goes_on: str) -> None:
    periods = FOLDER.frame(language).periods
    one = Window("one", date(2018, 11, 26), date(2018, 11, 26), Certainty.CONFIRMED, Certainty.CONFIRMED)
    assert when_of((one,), language, periods) == day
    assert when_of((W1, one), language, periods) == both
    assert when_of((replace(one, ends_on=None),), language, periods) == goes_on
    assert when_of((W1, W2), language, periods).count(periods["range"].split("{")[0].strip()) == 1
