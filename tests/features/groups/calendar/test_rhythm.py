"""Rhythm: what people write, and what clocks do to it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.groups.calendar.rhythm import Rhythm, add_days, local_instant
from tests.examples import examples

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mon 09:00 - sun 21:00", Rhythm()),
        ("Monday 9:00 – Sunday 21:00", Rhythm()),
        ("  MON 9 to sun 21 ", Rhythm()),
        ("mo 09:00-su 21:00", Rhythm()),
        ("mon 9am - sun 9pm", Rhythm()),
        ("'mon 9 AM - sun 21.00'", Rhythm()),
        ("“mon at 9 a.m. – sun at 9 p.m.”", Rhythm()),
        ("from mon 9am to sun 9pm", Rhythm()),
        ("wed 18:30 — tue 22:15", Rhythm(2, time(18, 30), 1, time(22, 15))),
        ("thurs 00:00 until wednes 12:00", Rhythm(3, time(0), 2, time(12))),
    ],
)
def test_a_rhythm_is_read_the_way_people_write_it(text: str, meant: Rhythm) -> None:
    assert Rhythm.parse(text) == meant


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("every monday", 'Example: "mon 09:00 - sun 21:00"'),
        ("", 'Example: "mon 09:00 - sun 21:00"'),
        ("mun 09:00 - sun 21:00", '"mun" is not a weekday. Choose mon, tue'),
        ("m 09:00 - sun 21:00", '"m" is not a weekday'),
        ("mon 25:00 - sun 21:00", '"25:00" is not a time. Choose 00:00 to 23:59'),
        ("mon 09:00 - sun 21:60", '"21:60" is not a time'),
        ("mon 9:0 - sun 21:00", '"9:0" is not a time'),
        ("mon 09:00 - sun 23:59", "Choose sun 21:00 or earlier"),
        ("mon 09:00 - mon 09:00", "Choose sun 21:00 or earlier"),
        ("mon 09:00 - mon 20:00", "Choose tue 09:00 or later"),
    ],
)
def test_a_wrong_rhythm_is_answered_with_what_to_write_instead(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        Rhythm.parse(text)
    assert advice in str(told.value)


def test_a_weekday_outside_the_week_is_refused() -> None:
    with pytest.raises(ValueError, match="0 \\(Monday\\) to 6"):
        Rhythm(post_weekday=7)


@examples(100)
@given(st.integers(0, 6), st.times(), st.integers(0, 6), st.times())
def test_every_rhythm_that_exists_reads_its_own_text(post_day: int, post: time, due_day: int, due: time) -> None:
    to_minute = (post.replace(second=0, microsecond=0), due.replace(second=0, microsecond=0))
    try:
        rhythm = Rhythm(post_day, to_minute[0], due_day, to_minute[1])
    except ValueError:
        return
    assert Rhythm.parse(str(rhythm)) == rhythm


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30)),  # gap: 03:30 summer time
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30)),  # overlap: the first
        ("America/New_York", date(2026, 3, 8), time(2, 30), datetime(2026, 3, 8, 7, 30)),
        ("America/New_York", date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30)),
        ("Asia/Kolkata", date(2026, 1, 5), time(9), datetime(2026, 1, 5, 3, 30)),
        ("Pacific/Kiritimati", date(2026, 1, 5), time(9), datetime(2026, 1, 4, 19)),
        ("Pacific/Pago_Pago", date(2026, 1, 5), time(9), datetime(2026, 1, 5, 20)),
        ("America/Havana", date(2026, 3, 8), time(0), datetime(2026, 3, 8, 5)),  # midnight does not exist: 01:00
        ("Pacific/Apia", date(2011, 12, 30), time(9), datetime(2011, 12, 30, 19)),  # the day does not exist
    ],
)
def test_a_gap_shifts_forward_and_an_overlap_takes_the_first(zone: str, day: date, at: time, instant: datetime) -> None:
    assert local_instant(day, at, ZoneInfo(zone)) == instant.replace(tzinfo=UTC)


def test_the_second_hour_of_an_overlap_is_never_chosen() -> None:
    assert local_instant(date(2026, 10, 25), time(2, 30, fold=1), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_week_later_keeps_the_wall_time_over_a_clock_change() -> None:
    before = local_instant(date(2026, 3, 22), time(21), BERLIN)
    assert add_days(before, 7, BERLIN) == local_instant(date(2026, 3, 29), time(21), BERLIN)
    assert (add_days(before, 7, BERLIN) - before).total_seconds() == (7 * 24 - 1) * 3600


def test_zero_days_later_is_the_same_instant_even_in_an_overlap() -> None:
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # 01:30 for the second time
    assert add_days(second, 0, NEW_YORK) == second


def test_the_next_slot_is_at_or_after_the_instant() -> None:
    slot = datetime(2026, 1, 5, 8, tzinfo=UTC)  # Monday 09:00
    assert Rhythm().next_post(slot, BERLIN) == slot
    assert Rhythm().next_post(slot.replace(second=1), BERLIN) == datetime(2026, 1, 12, 8, tzinfo=UTC)
    assert Rhythm().next_due(slot, BERLIN) == datetime(2026, 1, 11, 20, tzinfo=UTC)


def test_a_slot_on_a_day_that_does_not_exist_falls_on_the_day_after() -> None:
    friday = Rhythm.parse("fri 09:00 - thu 21:00")
    apia = ZoneInfo("Pacific/Apia")  # there was no Friday, 30 December 2011
    assert friday.next_post(datetime(2011, 12, 30, 12, tzinfo=UTC), apia).astimezone(apia).date() == date(2011, 12, 31)
