"""Values of a notice in the reader's language."""

from __future__ import annotations

import pytest

from dpo_app.services.notices.notice_fields import hours_in


@pytest.mark.parametrize(
    ("text", "own", "language", "said"),
    [
        ("ma–pe 8–18", "fi", "en", "Mon–Fri 8–18"), ("ma-pe 8-18, la 10-14", "fi", "sv", "mån-fre 8-18, lör 10-14"),
        ("mån–tors 9–16", "sv", "fi", "ma–to 9–16"), ("ma–pe 8–18", "fi", "fi", "ma–pe 8–18"), ("8–18", "fi", "en", "8–18"),
        ("arkisin 8–18", "fi", "en", "arkisin 8–18"), ("9 to 17", "en", "fi", "9 to 17"), ("", "fi", "en", ""),
    ],
)  # fmt: skip
def test_days_of_opening_hours_are_in_the_readers_language(text: str, own: str, language: str, said: str) -> None:
    assert hours_in(text, own, language) == said
