"""The worked example lies in the days before today, whatever the computer's clock says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dpo_app.core.facts.breach_document import revision_from_document
from dpo_app.paths import resources
from dpo_app.services.desk.example_dates import FIRST_MOVED, TOLD_UNTIL, moved_to
from dpo_app.services.desk.make_example import example_document

DOCUMENT: dict[str, Any] = example_document(resources() / "example")
ZONE = "Europe/Helsinki"


def test_on_its_own_day_nothing_moves() -> None:
    assert moved_to(DOCUMENT, TOLD_UNTIL + timedelta(days=1), ZONE) == DOCUMENT


@pytest.mark.parametrize("today", [date(2026, 9, 30), date(2026, 11, 26), date(2027, 3, 29), date(2031, 1, 2)])
def test_all_that_is_told_was_known_before_today_and_is_one_story(today: date) -> None:
    moved = moved_to(DOCUMENT, today, ZONE)
    first, second = revision_from_document(moved["breach"]), revision_from_document(moved["revision"])
    assert first.awareness.at == second.awareness.at <= first.known_as_of <= second.known_as_of
    assert second.known_as_of.date() == today - timedelta(days=1)
    # The time on the wall stays, over summer time, too; the first 72 hours end tomorrow.
    assert (second.known_as_of.hour, second.known_as_of.minute) == (21, 30)
    assert (second.awareness.at + timedelta(hours=72)).date() in (today + timedelta(days=1), today + timedelta(days=2))
    assert [w.begins_on for w in second.windows] == [date(2024, 11, 1), date(2024, 12, 1)]


def test_days_in_texts_and_the_reference_move_along() -> None:
    moved = moved_to(DOCUMENT, date(2027, 1, 2), ZONE)
    assert moved["revision"]["source"] == "Report of the investigators, 1 January 2027"
    assert moved["breach"]["reference"] == "2027-01/3"
    assert moved["names"] == DOCUMENT["names"]


def test_what_happened_long_before_stays() -> None:
    document = {
        "day": date(2025, 3, 31),
        "at": datetime.fromisoformat("2026-08-31T10:00:00+03:00"),
        "text": "1 May 2020",
    }
    assert date(2026, 8, 31) < FIRST_MOVED
    assert moved_to(document, date(2030, 1, 1), ZONE) == document
