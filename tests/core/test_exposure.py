from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.facts.exposure import (
    EXPOSURE_ORDER,
    Certainty,
    ExposureReason,
    ExposureState,
    PartialDate,
    Window,
    assess,
)
from dpo_app.core.partial_date import age_on, format_partial, parse_partial
from tests.builders import W1, W2

WORKED = [
    ("2012-09-23", "", "confirmed", 3), ("2018-11-30", "", "confirmed", 3), ("2018-12-01", "", "possible", 2),
    ("2019-03-31", "", "possible", 2), ("2019-04-01", "", "not_exposed", 0), ("2010-01-01", "2018-10-31", "not_exposed", 0),
    ("2010-01-01", "2018-11-01", "confirmed", 1), ("2010-01-01", "2018-12-15", "confirmed", 3),
    ("2018-12-10", "2018-12-10", "possible", 2), ("", "", "undetermined", 0), ("", "2018-10-31", "not_exposed", 0),
    ("", "2019-01-15", "undetermined", 3), ("2019-02-01", "2018-01-01", "undetermined", 0),
    ("2018-11", "", "confirmed", 3), ("2019-03", "", "possible", 2), ("2019", "", "undetermined", 2),
]  # fmt: skip


@pytest.mark.parametrize(("registered", "removed", "state", "windows"), WORKED)
def test_worked_examples(registered: str, removed: str, state: str, windows: int) -> None:
    found = assess([W1, W2], parse_partial(registered), parse_partial(removed))
    assert (found.state.value, found.windows) == (state, windows)


def test_a_shortened_window_keeps_the_reason() -> None:
    shorter = Window("copy", W1.begins_on, date(2018, 11, 5), W1.intrusion, W1.disclosure)
    found = assess([shorter, W2], PartialDate.day(date(2018, 11, 10)), None)
    assert found.state is ExposureState.POSSIBLE
    assert found.windows == 2


def test_no_windows_is_said() -> None:
    assert assess([], PartialDate.day(date(2018, 1, 1)), None).reason is ExposureReason.NO_WINDOWS


days = st.dates(date(2015, 1, 1), date(2021, 1, 1))
optional = st.none() | days.map(PartialDate.day)


@st.composite
def a_window(draw: st.DrawFn) -> Window:
    begin = draw(days)
    length = draw(st.integers(0, 400))
    return Window("w", begin, begin + timedelta(days=length), Certainty.LIKELY, draw(st.sampled_from(Certainty)))


@given(st.lists(a_window(), max_size=3), optional, optional, st.integers(0, 200))
def test_widening_a_window_makes_nobody_less_exposed(
    windows: list[Window], registered: PartialDate | None, removed: PartialDate | None, days_more: int
) -> None:
    wider = [
        Window(w.name, w.begins_on - timedelta(days=days_more), (w.ends_on or w.begins_on) + timedelta(days=days_more),
               w.intrusion, w.disclosure)
        for w in windows
    ]  # fmt: skip
    before, after = assess(windows, registered, removed), assess(wider, registered, removed)
    if before.state is not ExposureState.UNDETERMINED:
        assert EXPOSURE_ORDER.index(after.state) <= EXPOSURE_ORDER.index(before.state) or (
            after.state is ExposureState.UNDETERMINED
        )


@given(optional, optional)
def test_nobody_without_a_date_is_silently_not_exposed(
    registered: PartialDate | None, removed: PartialDate | None
) -> None:
    found = assess([W1, W2], registered, removed)
    if registered is None and (removed is None or removed.latest >= W1.begins_on):
        assert found.state is ExposureState.UNDETERMINED


@pytest.mark.parametrize("text", ["2018-11-01", "2018-11", "2018", ""])
def test_partial_dates_are_written_as_they_are_read(text: str) -> None:
    assert format_partial(parse_partial(text)) == text


def test_age_is_never_guessed_upwards() -> None:
    assert age_on("2012-06-10", date(2026, 6, 9)) == 13
    assert age_on("2011", date(2026, 11, 24)) == 14
    assert age_on("", date(2026, 1, 1)) is None
