"""Which hours suit people of several zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.features.live_sessions.time_finder import PROPOSED, TimeCandidate, find_best, weigh
from bot.features.schedule.commands import format_exact, parse_when
from bot.messages.errors import BadInput

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("begins", "night", "working"),
    [
        ("2026-03-04T22:00", 0, 0),  # ends as the night begins
        ("2026-03-04T22:30", 1, 0),
        ("2026-03-04T06:00", 1, 0),
        ("2026-03-04T07:00", 0, 0),
        ("2026-03-04T08:00", 0, 0),
        ("2026-03-04T08:30", 0, 1),
        ("2026-03-04T16:59", 0, 1),
        ("2026-03-04T17:00", 0, 0),
        ("2026-03-07T12:00", 0, 0),  # a Saturday
    ],
)
def test_an_hour_is_night_or_working_time_where_any_minute_of_it_is(begins: str, night: int, working: int) -> None:
    found = weigh(at(begins), HOUR, {"UTC": 1})
    assert (found.night, found.working) == (night, working)


def test_each_member_counts_where_they_are() -> None:
    zones = {"Europe/Berlin": 3, "Asia/Kolkata": 2, "America/Los_Angeles": 1}
    evening = at("2026-03-04T17:30", "Europe/Berlin")  # 22:00 in Kolkata, 08:30 in Los Angeles
    assert weigh(evening, HOUR, zones) == TimeCandidate(evening, night=0, working=1)
    assert weigh(at("2026-03-04T19:00", "Europe/Berlin"), HOUR, zones).night == 2


def test_who_lives_in_one_zone_meets_in_the_evening_of_different_days() -> None:
    found = find_best({"Europe/Berlin": 4}, TUESDAY, BERLIN, HOUR)
    assert [f"{one.at.astimezone(BERLIN):%a %H:%M}" for one in found] == ["Wed 19:00", "Thu 19:00", "Fri 19:00"]
    assert all(one.night == one.working == 0 for one in found) and len(found) == PROPOSED


def test_who_lives_far_apart_meets_when_fewest_sleep() -> None:
    zones = {"America/Los_Angeles": 2, "Europe/Berlin": 1, "Australia/Sydney": 1}
    found = find_best(zones, TUESDAY, BERLIN, HOUR)
    fewest = min(weigh(TUESDAY + timedelta(hours=n), HOUR, zones).night for n in range(24, 24 * 14))
    assert [one.night for one in found] == [fewest] * 3
    assert all(TUESDAY + timedelta(days=1) <= one.at <= TUESDAY + timedelta(days=14) for one in found)


def test_an_hour_keeps_its_wall_time_when_clocks_change() -> None:
    saturday = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)  # clocks change on Sunday, 29 March
    found = find_best({"Europe/Berlin": 1}, saturday, BERLIN, HOUR)
    assert {one.at.astimezone(BERLIN).hour for one in found} == {19}
    assert {one.at.astimezone(UTC).hour for one in found} <= {17, 18} and len({one.at for one in found}) == 3


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("sat 18:00", "2026-03-07T17:00"),
        ("tomorrow at 6pm", "2026-03-04T17:00"),
        ("2026-03-14, 18:30", "2026-03-14T17:30"),
        ("2026-03-14T18:30", "2026-03-14T17:30"),
        ("next monday 9", "2026-03-09T08:00"),
        ("in 2 weeks 18.15", "2026-03-17T17:15"),
        ("2026-03-29 02:30", "2026-03-29T01:30"),  # a wall time that there is not
        ("2026-04-14T18:00Z", "2026-04-14T18:00"),
    ],
)
def test_a_day_and_hour_is_read_where_its_author_is(said: str, means: str) -> None:
    read = parse_when(said, TUESDAY.date(), BERLIN)
    assert read == at(means)
    assert parse_when(format_exact(read), TUESDAY.date(), ZoneInfo("Asia/Tokyo")) == read


@pytest.mark.parametrize(
    "said", ["sat", "18:00", "some day 18:00", "sat 25:00", "9999-12-31 23:00\x00", "in 999 weeks 9"]
)
def test_what_is_no_day_with_an_hour_says_how_to_write_one(said: str) -> None:
    try:
        read = parse_when(said, TUESDAY.date(), ZoneInfo("America/Los_Angeles"))
    except BadInput as wrong:
        assert "sat 18:00" in wrong.sentence
    else:
        assert said in ("in 999 weeks 9",) and read.year > 2040


def test_the_last_day_there_is_has_no_evening_everywhere() -> None:
    with pytest.raises(BadInput):
        parse_when("9999-12-31 23:00", TUESDAY.date(), ZoneInfo("America/Los_Angeles"))
