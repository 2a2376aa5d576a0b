"""The form as data: its schema, its words in every language, the web forms, and what a fault in a file says."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from dpo_app import bootstrap
from dpo_app.core.authority.authority_template import Need, template_from_document, web_form_from_document
from dpo_app.core.errors import InputError, RuleError
from dpo_app.paths import resources

FORMS = bootstrap.forms()
TEMPLATE = FORMS.template()
FOLDER = Path(__file__).parent.parent.parent / "resources" / "forms"
DOCUMENT: dict[str, Any] = tomllib.loads((FOLDER / f"{TEMPLATE.id}.toml").read_text("utf-8"))
#: Mandatory fields, those that may stay open, and all 100 fields by number, as the published transcription counts them.
MANDATORY = {3, 4, 12, 13, 14, 21, 22, 23, 29, 38, 44, 48, 50, 51, 55, 60, 61, 62, 63, 65, 66, 67, 70, 71, 72, 75, 85,
             87, 89, 90, 92, 94, 97, 113, 120}  # fmt: skip
OPEN = {44, 56, 57, 60, 61, 65, 66, 67, 68, 70, 71, 72, 73, 79, 80, 81, 82, 83, 84, 85, 86, 87, 89, 90, 97, 99}
COUNTS = {(3, 7): 5, (10, 19): 10, (21, 26): 6, (29, 31): 3, (33, 36): 4, (38, 41): 4, (44, 53): 10, (55, 63): 9,
          (65, 68): 4, (70, 73): 4, (75, 76): 2, (79, 87): 9, (89, 90): 2, (92, 92): 1, (94, 95): 2, (97, 106): 10,
          (109, 111): 3, (113, 118): 6, (120, 123): 4, (125, 126): 2}  # fmt: skip


def test_the_template_has_its_hundred_fields() -> None:
    assert len(TEMPLATE.fields) == 100 == sum(COUNTS.values())
    assert {each.no for each in TEMPLATE.fields} == {n for a, b in COUNTS for n in range(a, b + 1)}
    assert {each.no for each in TEMPLATE.fields if each.need is Need.MANDATORY} == MANDATORY
    assert {each.no for each in TEMPLATE.fields if each.open} == OPEN
    assert TEMPLATE.status == "draft" and TEMPLATE.note


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_field_section_and_option_has_its_word(language: str) -> None:
    words = FORMS.words(language)
    assert set(words.fields) == {each.key for each in TEMPLATE.fields}
    assert set(words.sections) == set(TEMPLATE.sections)
    for each in TEMPLATE.fields:
        if each.group:
            assert set(each.options) <= set(words.options[each.group]), each.key
    groups = {each.group for each in TEMPLATE.fields if each.group}
    assert set(words.options) == groups
    said = [*words.fields.values(), *words.sections.values(), words.to_be_determined]
    assert all(text.strip() == text and text for text in said)


def test_a_language_without_words_is_no_silent_fallback() -> None:
    assert FORMS.languages() == ("en", "fi", "sv")
    with pytest.raises(RuleError) as caught:
        FORMS.words("de")
    assert caught.value.code == "no_form_words"
    with pytest.raises(InputError):
        FORMS.template("../x")


def test_the_web_forms_place_every_field_once() -> None:
    forms = {each.stem: FORMS.web_form(each.stem) for each in (resources() / "forms" / "web").glob("*.toml")}
    assert set(forms) >= {"FI", "SE", "DE", "DE-NW", "FR", "IE", "NL", "ES", "UK"}
    for each in forms.values():
        assert each is not None
        FORMS.directory().find(each.authority)
        assert sorted(no for section in each.sections for no in section.fields) == sorted(TEMPLATE.by_number())
        assert each.citation and all(section.title for section in each.sections)
        assert not each.verified, "an order that somebody has compared names the day"
    assert FORMS.web_form("AT") is None and FORMS.web_form("../web/FI") is None


@pytest.mark.parametrize(("change", "said"), [
    (lambda d: d["field"][0].update(strange=1), "unknown key strange"),
    (lambda d: d["field"][5].update(group="none"), "no group none"),
    (lambda d: d["field"][5].update(section="none"), "no section none"),
    (lambda d: d["field"][5].update(no=3), "number or key not in order"),
    (lambda d: d["field"][2].update(when=[{"field": "persons", "is": ["x"]}]), "does not come before"),
    (lambda d: d["field"][2].update(when=[{"field": "subtype", "is": ["gone"]}]), "no option gone"),
    (lambda d: d.update(withdrawal=[999]), "no field 999"), (lambda d: d.update(more=1), "unknown key more"),
    (lambda d: d["field"][4].update(group="yes_no"), "a choice has a group"),
])  # fmt: skip
def test_a_fault_in_the_file_is_named(change: Any, said: str) -> None:
    document = deepcopy(DOCUMENT)
    change(document)
    with pytest.raises(ValueError, match=said):
        template_from_document(document)


def test_a_fault_in_a_web_form_is_named() -> None:
    form = {"id": "X", "authority": "FI", "language": "fi", "title": "x", "citation": "x", "verified_on": ""}
    for fields, said in (([3, 999], "no field 999"), ([3, 3], "field 3 twice")):
        with pytest.raises(ValueError, match=said):
            web_form_from_document(form | {"section": [{"title": "a", "fields": fields}]}, TEMPLATE)
