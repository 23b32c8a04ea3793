from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.groups.calendar.rhythm import BEFORE_QUIET, find_quiet_end, find_reminder_at, is_quiet, move_to_waking

NIGHT = (time(22), time(8))
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "UTC")


def local(zone: str, day: date, at: time, *, fold: int = 0) -> datetime:
    return datetime.combine(day, at.replace(fold=fold), ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("clock", "quiet"),
    [(time(21, 59), False), (time(22), True), (time(0), True), (time(7, 59), True), (time(8), False)],
)
def test_a_night_crosses_midnight_in_every_zone(zone: str, clock: time, quiet: bool) -> None:
    assert is_quiet(local(zone, date(2026, 6, 10), clock), *NIGHT, ZoneInfo(zone)) is quiet


@pytest.mark.parametrize(
    ("clock", "quiet"), [(time(12, 59), False), (time(13), True), (time(14, 59), True), (time(15), False)]
)
def test_quiet_hours_may_lie_inside_a_day(clock: time, quiet: bool) -> None:
    at = local("Asia/Kolkata", date(2026, 6, 10), clock)
    assert is_quiet(at, time(13), time(15), ZoneInfo("Asia/Kolkata")) is quiet


@pytest.mark.parametrize("hour", range(24))
def test_equal_ends_mean_no_quiet_hours(hour: int) -> None:
    at = datetime(2026, 6, 10, hour, tzinfo=UTC)
    assert not is_quiet(at, time(0), time(0), ZoneInfo("UTC"))
    assert find_reminder_at(at, time(9), time(9), ZoneInfo("UTC")) == at


@pytest.mark.parametrize("zone", ZONES)
def test_a_waking_hour_is_left_alone(zone: str) -> None:
    at = local(zone, date(2026, 6, 10), time(21, 59))
    assert find_reminder_at(at, *NIGHT, ZoneInfo(zone)) == at


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("day", "clock"), [(date(2026, 6, 10), time(23)), (date(2026, 6, 11), time(0)), (date(2026, 6, 11), time(7, 59))]
)
def test_a_quiet_hour_is_moved_before_the_same_night(zone: str, day: date, clock: time) -> None:
    before = local(zone, date(2026, 6, 10), time(22)) - BEFORE_QUIET
    assert find_reminder_at(local(zone, day, clock), *NIGHT, ZoneInfo(zone)) == before


@pytest.mark.parametrize(
    ("zone", "night"), [("Europe/Berlin", date(2026, 3, 28)), ("America/New_York", date(2026, 3, 7))]
)
def test_a_night_with_a_gap_still_begins_at_its_wall_time(zone: str, night: date) -> None:
    morning = local(zone, night + timedelta(days=1), time(7))
    moved = find_reminder_at(morning, *NIGHT, ZoneInfo(zone))
    assert moved.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(night, time(21, 45))


@pytest.mark.parametrize("fold", [0, 1])
def test_both_passes_of_an_overlap_hour_belong_to_the_night(fold: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    twice = local("Europe/Berlin", date(2026, 10, 25), time(2, 30), fold=fold)
    assert is_quiet(twice, *NIGHT, zone)
    moved = find_reminder_at(twice, *NIGHT, zone).astimezone(zone)
    assert moved.replace(tzinfo=None) == datetime(2026, 10, 24, 21, 45)


def test_the_next_waking_is_the_end_of_the_night_today_or_tomorrow() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    at = local("Asia/Kolkata", date(2026, 6, 10), time(3))
    assert find_quiet_end(at, time(8), zone) == local("Asia/Kolkata", date(2026, 6, 10), time(8))
    noon = local("Asia/Kolkata", date(2026, 6, 10), time(8))
    assert find_quiet_end(noon, time(8), zone) == local("Asia/Kolkata", date(2026, 6, 11), time(8))


@given(
    wanted=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    start=st.integers(17, 23),
    end=st.integers(4, 10),
    zone=st.sampled_from(ZONES),
)
def test_a_reminder_moves_to_an_earlier_waking_hour_and_by_less_than_a_day(
    wanted: datetime, start: int, end: int, zone: str
) -> None:
    moved = find_reminder_at(wanted, time(start), time(end), ZoneInfo(zone))
    assert moved <= wanted
    assert wanted - moved < timedelta(hours=19)
    assert not is_quiet(moved, time(start), time(end), ZoneInfo(zone))


@given(
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10)),
    st.integers(-72, 72),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(ZONES),
)
def test_what_is_wanted_at_any_hour_comes_from_now_on_and_in_no_quiet_one(
    now: datetime, hours: int, start: time, end: time, zone: str
) -> None:
    now = now.replace(tzinfo=UTC)
    wanted_at = now + timedelta(hours=hours)
    at = move_to_waking(wanted_at, now, start, end, ZoneInfo(zone))
    assert at >= now
    assert not is_quiet(at, start, end, ZoneInfo(zone))
    if wanted_at >= now and not is_quiet(wanted_at, start, end, ZoneInfo(zone)):
        assert at == wanted_at
