"""Limits hold in every window that slides, across pauses, and a server that asks for it is given time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.mail.pacing import DAY, HOUR, MINUTE, RECOVER_AFTER, Limits, Pace


@given(
    st.integers(0, 30), st.integers(0, 60), st.integers(0, 80), st.lists(st.floats(0, 3 * HOUR), max_size=40),
    st.integers(0, 20),
)  # fmt: skip
def test_never_more_than_the_limit_in_any_window(
    minute: int, hour: int, day: int, pauses: list[float], before: int
) -> None:
    limits = Limits(minute, hour, day)
    times = [float(n) for n in range(before)]
    pace, now, sent = Pace(limits, times), 20.0, list(times)
    for pause in (0.0, *pauses):
        for _n in range(3):
            now += pace.wait(now)
            pace.taken(now)
            sent.append(now)
        now += pause
    for limit, window in ((minute, MINUTE), (hour, HOUR), (day, DAY)):
        if not limit:
            continue
        ours = [t for t in sent if t >= 20.0]
        for place, end in enumerate(ours):
            inside = [t for t in sent if end - window + 1e-6 < t <= end]
            old = [t for t in times if end - window + 1e-6 < t <= end]
            assert len(inside) <= max(limit, len(old) + (1 if place else 0)) or len(old) >= limit


def test_messages_of_a_minute_are_spread() -> None:
    pace = Pace(Limits(per_minute=30))
    pace.taken(100.0)
    assert pace.wait(100.0) == 2.0 and pace.wait(101.5) == 0.5 and pace.wait(103.0) == 0.0


def test_what_left_before_a_restart_counts() -> None:
    pace = Pace(Limits(per_hour=3), [0.0, 10.0, 20.0])
    assert pace.wait(30.0) == HOUR - 30.0
    assert Pace(Limits(per_hour=3), [0.0, 10.0]).wait(30.0) == 0.0


def test_slower_when_asked_and_faster_again_by_and_by() -> None:
    pace = Pace(Limits(per_minute=80))
    pace.asked_to_slow()
    assert pace.per_minute == 20 and pace.slowed
    for _n in range(RECOVER_AFTER):
        pace.went_well()
    assert pace.per_minute == 25
    for _n in range(RECOVER_AFTER * 10):
        pace.went_well()
    assert pace.per_minute == 80 and not pace.slowed
    free = Pace(Limits())
    free.asked_to_slow()
    assert free.per_minute == 240


def test_how_long_a_run_takes() -> None:
    assert Limits(per_minute=30).seconds_for(33_000) == 66_000
    assert Limits(per_day=10_000).seconds_for(33_000) == 3 * DAY, "the fourth day begins after three"
    assert Limits().seconds_for(33_000) == 0.0
