"""What is kept about the sender can be used by what reads it later."""

from __future__ import annotations

import pytest

from dpo_app.core.errors import InputError
from dpo_app.core.organisation import Organisation
from tests.builders import an_organisation


def test_a_whole_one_is_kept_as_it_is() -> None:
    made = an_organisation()
    assert made.checked() is made
    assert Organisation.from_document(made.to_document()) == made


@pytest.mark.parametrize(("field", "value", "code"), [
    ("country", "Finland", "organisation_country"), ("country", "XQ", "organisation_country"),
    ("language", "FI", "organisation_language"), ("language", "qq", "organisation_language"),
    ("time_zone", "Europe/Helsingfors", "organisation_zone"), ("time_zone", "../etc", "organisation_zone"),
    ("time_zone", "", "organisation_zone"), ("email", "privacy at example", "organisation_email"),
    ("web_page", "example.com", "organisation_web_page"), ("web_page", "javascript:x", "organisation_web_page"),
])  # fmt: skip
def test_what_cannot_be_read_is_told_by_field(field: str, value: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        an_organisation(**{field: value}).checked()
    assert caught.value.code == code
