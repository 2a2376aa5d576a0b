"""What a text becomes: blocks, placeholders, audiences; and the bytes an approval freezes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.notices.notice import Audience, BlockKind, Field, Notice, Reader, SectionKey, SectionText, Slot
from dpo_app.core.notices.notice_text import (
    TextProblem,
    Titles,
    canonical,
    compile_form,
    fill_fields,
    parse,
    placeholders,
    plain_text,
    problems,
    reads,
    texts_for,
)
from dpo_app.core.persons.channel import Channel

E = ExposureState
LETTER = Reader("fi", E.CONFIRMED, Channel.LETTER)


def a_notice(*texts: SectionText) -> Notice:
    return Notice(1, 1, 1, ("fi",), texts)


def test_markup_of_other_kinds_is_text() -> None:
    blocks = parse("# No heading\n\n<b>x</b> & `y` ![z](https://a.example/)\n\n- one\n- **two**")
    assert [block.kind for block in blocks] == [BlockKind.PARAGRAPH] * 2 + [BlockKind.BULLET] * 2
    assert blocks[0].runs[0].text == "# No heading"
    assert "<b>x</b> & `y`" in blocks[1].runs[0].text
    assert blocks[3].runs[0].bold
    (run,) = parse("[x](javascript:alert)")[0].runs
    assert run.link == "" and run.text == "[x](javascript:alert)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("((fone))", [(TextProblem.UNKNOWN_PLACEHOLDER, "fone")]),
        ("((Phone))", [(TextProblem.UNKNOWN_PLACEHOLDER, "Phone")]),
        ("(( phone ))", []),
        ("((phone)", [(TextProblem.LOOSE_PLACEHOLDER, "")]),
        ("phone))", [(TextProblem.LOOSE_PLACEHOLDER, "")]),
        ("(((phone)))", []),
        ("(phone)", []),
        ("[x](https://a.example/)", []),
        ("[x](http://a.example/)", [(TextProblem.LINK, "http://a.example/")]),
    ],
)
def test_problems_are_named(text: str, found: list[tuple[TextProblem, str]]) -> None:
    assert list(problems(text)) == found


def test_a_value_is_never_read_again() -> None:
    blocks = parse("Call ((phone)), ((first name)).")
    filled = fill_fields(blocks, {Field.PHONE.value: "((code)) **x**"})
    assert plain_text(filled, {Slot.FIRST_NAME: "((phone))"}) == "Call ((code)) **x**, ((phone)).\n"
    with pytest.raises(KeyError):
        fill_fields(blocks, {})


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    blocks = parse(text)
    assert plain_text(blocks, dict.fromkeys(Slot, "x")).endswith("\n")
    assert placeholders(text) >= {slot.value for block in blocks for run in block.runs if (slot := run.slot)}


@pytest.mark.parametrize(
    ("audience", "reader", "reached"),
    [
        (Audience(), LETTER, True),
        (Audience(exposures=frozenset({E.POSSIBLE})), LETTER, False),
        (Audience(channels=frozenset({Channel.EMAIL})), LETTER, False),
        (Audience(categories=frozenset({"health"})), LETTER, True),
        (Audience(categories=frozenset({"password"})), LETTER, False),
        (Audience(below_age=18), LETTER._replace(age=17), True),
        (Audience(below_age=18), LETTER._replace(age=18), False),
        (Audience(below_age=18), LETTER, False),
        (Audience(min_age=18), LETTER._replace(age=17), False),
        (Audience(min_age=18), LETTER._replace(age=18), True),
        (Audience(min_age=18), LETTER, True),
    ],
)
def test_who_reads_a_text(audience: Audience, reader: Reader, reached: bool) -> None:
    assert reads(audience, reader, frozenset({"health"})) is reached


def test_texts_come_in_the_order_of_the_sections() -> None:
    notice = a_notice(
        SectionText(SectionKey.SIGNATURE, "fi", "s"), SectionText(SectionKey.CONTACT, "sv", "c"),
        SectionText(SectionKey.HEADING, "fi", "h"), SectionText(SectionKey.GENUINE, "fi", "g"),
    )  # fmt: skip
    places = texts_for(notice, LETTER, frozenset())
    assert places == (2, 3, 0)
    titles = Titles({key.value: key.value.upper() for key in SectionKey}, "Hei {name},", "Hei")
    form = compile_form([notice.texts[n] for n in places], {}, titles)
    assert plain_text(form, {Slot.FULL_NAME: "A B"}) == "h\n\nHei A B,\n\nGENUINE\n\ng\n\ns\n"
    public = compile_form([notice.texts[n] for n in places], {}, titles, salutation=False)
    assert "Hei" not in plain_text(public)


def test_the_frozen_bytes_know_every_word_and_audience() -> None:
    text = SectionText(SectionKey.CONTACT, "fi", "Soita", Audience(exposures=frozenset({E.POSSIBLE})))
    notice = a_notice(text)
    form = canonical(notice)
    for other in (
        replace(text, text="Soita."), replace(text, language="sv"), replace(text, section=SectionKey.GENUINE),
        replace(text, audience=Audience()), replace(text, audience=replace(text.audience, below_age=18)),
        replace(text, audience=replace(text.audience, channels=frozenset({Channel.EMAIL}))), replace(text, wording="a@1"),
    ):  # fmt: skip
        assert canonical(a_notice(other)) != form
    assert canonical(replace(notice, fields={"fi": {"phone": "1"}})) != form
    assert canonical(replace(notice, approved_by="M", approved_at=datetime(2026, 1, 1, tzinfo=UTC))) == form
