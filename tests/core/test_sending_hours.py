"""Days and hours of sending: spans on the wall clock, both jumps of it, and what a run's end is worth under limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.errors import InputError
from dpo_app.core.mail.mail_server import MailServer, SignIn
from dpo_app.core.mail.pacing import Limits
from dpo_app.core.mail.sending_hours import (
    ALL_DAYS,
    HoursGate,
    SendingHours,
    hours_as_text,
    hours_from_text,
    wall_instant,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
DAYTIME = SendingHours(ALL_DAYS, 8 * 60, 20 * 60)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(("now", "opens"), [
    ("2026-11-26 07:59", "2026-11-26 08:00"), ("2026-11-26 08:00", None), ("2026-11-26 19:59", None),
    ("2026-11-26 20:00", "2026-11-27 08:00"), ("2026-11-26 23:30", "2026-11-27 08:00"),
    # The night in which the clock goes forward is an hour shorter, that in which it goes back an hour longer.
    ("2027-03-27 20:00", "2027-03-28 08:00"), ("2026-10-24 20:00", "2026-10-25 08:00"),
])  # fmt: skip
def test_outside_its_hours_it_opens_at_the_next_wall_time(now: str, opens: str | None) -> None:
    gate = HoursGate(DAYTIME, HELSINKI)
    expected = _at(opens).astimezone(UTC) if opens is not None else None
    assert gate.opens_at(_at(now).astimezone(UTC)) == expected
    waits = {"2027-03-27 20:00": 11, "2026-10-24 20:00": 13}.get(now)
    if waits is not None:
        assert gate.wait(_at(now).astimezone(UTC)) == waits * 3_600


def test_a_wall_time_that_is_skipped_is_the_jump_and_one_that_comes_twice_its_first() -> None:
    spring, autumn = datetime(2027, 3, 28).date(), datetime(2026, 10, 25).date()
    assert wall_instant(spring, 3 * 60 + 30, HELSINKI) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert wall_instant(autumn, 3 * 60 + 30, HELSINKI) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    early = SendingHours(ALL_DAYS, 3 * 60 + 30, 5 * 60)
    begin, end = early.open_span(datetime(2027, 3, 28, 0, 59, tzinfo=UTC), HELSINKI)
    assert (begin.hour, end.hour) == (1, 2), "from four to five o'clock, summer time"
    begin, end = early.open_span(datetime(2026, 10, 25, 0, 0, tzinfo=UTC), HELSINKI)
    assert end - begin == timedelta(hours=2, minutes=30), "the hour that comes twice is open twice"
    gone = SendingHours(ALL_DAYS, 3 * 60, 4 * 60)
    begin, _end = gone.open_span(datetime(2027, 3, 28, 0, 59, tzinfo=UTC), HELSINKI)
    assert begin == datetime(2027, 3, 29, 0, 0, tzinfo=UTC), "an hour that does not exist does not open"


def test_days_that_are_left_out_are_waited_over() -> None:
    office = SendingHours((0, 1, 2, 3, 4), 9 * 60, 17 * 60)
    assert HoursGate(office, HELSINKI).opens_at(_at("2026-11-27 17:00")) == _at("2026-11-30 09:00")
    assert HoursGate(SendingHours(), HELSINKI).opens_at(_at("2026-11-29 03:00")) is None


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sets(st.integers(0, 6), min_size=1), st.integers(0, 1439), st.integers(1, 1440),
    st.sampled_from(["Europe/Helsinki", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]),
)  # fmt: skip
def test_the_next_span_is_open_lies_ahead_and_says_the_same_when_asked_in_it(
    now: datetime, days: set[int], begins: int, length: int, name: str
) -> None:
    zone = ZoneInfo(name)
    hours = SendingHours(tuple(sorted(days)), begins, min(1440, begins + length))
    begin, end = hours.open_span(now, zone)
    assert now < end and begin < end and end - begin <= timedelta(hours=25)
    assert hours.open_span(begin, zone) == hours.open_span(end - timedelta(seconds=1), zone) == (begin, end)
    assert begin.astimezone(zone).weekday() in hours.days
    gate = HoursGate(hours, zone)
    assert gate.wait(now) == max(0.0, (begin - now).total_seconds()) and gate.wait(begin) == 0.0


def test_a_run_ends_no_sooner_than_its_hours_and_limits_allow() -> None:
    now = _at("2026-11-26 19:00").astimezone(UTC)
    assert DAYTIME.finished(60, Limits(per_minute=1), now, HELSINKI) == _at("2026-11-26 20:00")
    assert DAYTIME.finished(120, Limits(per_minute=1), now, HELSINKI) == _at("2026-11-27 09:00")
    # 33,000 at thirty a minute are 1,100 minutes: one hour today, twelve a day from tomorrow on.
    assert DAYTIME.finished(33_000, Limits(per_minute=30), now, HELSINKI) == _at("2026-11-28 13:20")
    by_day = DAYTIME.finished(33_000, Limits(per_minute=30, per_day=10_000), now, HELSINKI)
    assert by_day == _at("2026-11-29 19:00")
    night = _at("2026-11-26 22:00").astimezone(UTC)
    assert DAYTIME.finished(10, Limits(), night, HELSINKI) == _at("2026-11-27 08:00")
    assert SendingHours().finished(120, Limits(per_minute=1), now, HELSINKI) == _at("2026-11-26 21:00")


@pytest.mark.parametrize(("text", "shown"), [
    ("always", "always"), ("", "always"), ("08-20", "mon,tue,wed,thu,fri,sat,sun 08:00-20:00"),
    ("mon-fri 8:30-17", "mon,tue,wed,thu,fri 08:30-17:00"), ("SAT-MON 0-24", "mon,sat,sun 00:00-24:00"),
    ("wed 23-24", "wed 23:00-24:00"),
])  # fmt: skip
def test_hours_are_typed_and_shown(text: str, shown: str) -> None:
    assert hours_as_text(hours_from_text(text)) == shown
    assert hours_from_text(shown) == hours_from_text(text)


@pytest.mark.parametrize("text", [
    "20-08", "8-8", "mon", "mon-fri", "xyz 8-20", "mon 8-25", "mon 8:60-20", "mon 8-20 tue 8-20", "mon- 8-20,", "8-20 mon",
])  # fmt: skip
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="mail_hours"):
        hours_from_text(text)


def test_a_server_keeps_its_hours() -> None:
    server = MailServer("mail.example.com", hours=SendingHours((0, 4), 60, 120), sign_in=SignIn.NONE)
    assert MailServer.from_document(server.to_document()) == server
    assert MailServer.from_document({"host": "mail.example.com"}).hours.always
    with pytest.raises(InputError, match="mail_hours"):
        MailServer("mail.example.com", hours=SendingHours((), 0, 60)).checked()
