"""Pacing: which unit opens when, through pauses, clock changes and calendars."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.features.groups.calendar.pacing import (
    GRACE,
    Pause,
    Rhythm,
    Slot,
    UnitWindow,
    extend_deadline,
    find_catch_up_end,
    find_closing_at,
    list_before_start,
    local_instant,
    plan_slots,
)

BERLIN = ZoneInfo("Europe/Berlin")
RHYTHM = Rhythm()
MONDAY = date(2026, 1, 5)


def units(n: int, start: date = date(2026, 1, 1), end: date = date(2026, 6, 30), prefix: str = "u") -> list[UnitWindow]:
    return [UnitWindow(f"{prefix}{number}", start, end) for number in range(1, n + 1)]


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return local_instant(date(year, month, day), time(hour, minute), BERLIN)


def walls(instants: Sequence[datetime], zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{instant.astimezone(zone):%a %m-%d %H:%M}" for instant in instants]


def opens(slots: Sequence[Slot], zone: ZoneInfo = BERLIN) -> list[str]:
    return walls([slot.opens_at for slot in slots], zone)


def dues(slots: Sequence[Slot], zone: ZoneInfo = BERLIN) -> list[str]:
    return walls([slot.deadline_at for slot in slots], zone)


# Weekly and fortnightly


def test_a_unit_a_week_opens_in_the_hour_in_which_the_last_grace_ends() -> None:
    slots = plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    assert opens(slots) == ["Mon 01-05 09:00", "Mon 01-12 09:00", "Mon 01-19 09:00"]
    assert dues(slots) == ["Sun 01-11 21:00", "Sun 01-18 21:00", "Sun 01-25 21:00"]
    assert [slot.grace_until for slot in slots[:-1]] == [slot.opens_at for slot in slots[1:]]


@pytest.mark.parametrize(
    ("starts_on", "first_due", "second_post"),
    [
        (date(2026, 1, 6), "Sun 01-11 21:00", "Mon 01-12 09:00"),  # Tuesday: five days and twelve hours
        (date(2026, 1, 7), "Sun 01-18 21:00", "Mon 01-19 09:00"),  # Wednesday: four days would be too few
        (date(2026, 1, 11), "Sun 01-18 21:00", "Mon 01-19 09:00"),
    ],
)
def test_the_first_post_keeps_its_day_and_its_deadline_is_five_days_off(
    starts_on: date, first_due: str, second_post: str
) -> None:
    first, second = plan_slots(units(2), starts_on, 0, "1 week", RHYTHM, BERLIN)
    assert first.opens_at == local_instant(starts_on, RHYTHM.post_time, BERLIN)
    assert dues([first]) == [first_due]
    assert opens([second]) == [second_post]


def test_five_days_are_wall_days_so_that_a_clock_change_does_not_cost_a_week() -> None:
    rhythm = Rhythm.parse("tue 21:00 - sun 21:00")
    (first,) = plan_slots(units(1), date(2026, 3, 24), 0, "1 week", rhythm, BERLIN)
    assert dues([first]) == ["Sun 03-29 21:00"]


def test_two_weeks_give_each_unit_two_weeks() -> None:
    slots = plan_slots(units(3), MONDAY, 0, "2 weeks", RHYTHM, BERLIN)
    assert opens(slots) == ["Mon 01-05 09:00", "Mon 01-19 09:00", "Mon 02-02 09:00"]
    assert dues(slots) == ["Sun 01-18 21:00", "Sun 02-01 21:00", "Sun 02-15 21:00"]


def test_the_first_unit_can_be_a_later_one_and_keeps_its_number() -> None:
    slots = plan_slots(units(9), MONDAY, 6, "1 week", RHYTHM, BERLIN)
    assert [(slot.unit_id, slot.number) for slot in slots] == [("u7", 7), ("u8", 8), ("u9", 9)]
    assert list_before_start(units(9), MONDAY, 6, "1 week") == ["u1", "u2", "u3", "u4", "u5", "u6"]


def test_a_start_today_after_the_hour_opens_when_it_was_confirmed() -> None:
    confirmed_at = berlin(2026, 1, 6, 21, 30)
    (first,) = plan_slots(units(1), date(2026, 1, 6), 0, "1 week", RHYTHM, BERLIN, confirmed_at=confirmed_at)
    assert first.opens_at == confirmed_at
    assert dues([first]) == ["Sun 01-18 21:00"]  # four days and 23 hours would be too few
    (early,) = plan_slots(units(1), date(2026, 1, 6), 0, "1 week", RHYTHM, BERLIN, confirmed_at=berlin(2026, 1, 2, 12))
    assert opens([early]) == ["Tue 01-06 09:00"]


def test_a_roadmap_without_units_or_a_first_unit_beyond_it_plans_nothing() -> None:
    assert plan_slots([], MONDAY, 0, "1 week", RHYTHM, BERLIN) == []
    assert plan_slots(units(3), MONDAY, 3, "1 week", RHYTHM, BERLIN) == []
    assert plan_slots([], MONDAY, 0, "calendar", RHYTHM, BERLIN) == []


# What has opened is stored


def test_opened_units_are_never_planned_again() -> None:
    whole = plan_slots(units(5), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    for n_opened in range(6):
        rest = plan_slots(units(5), MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=whole[:n_opened])
        assert rest == whole[n_opened:]


def test_a_new_rhythm_and_zone_touch_only_what_has_not_opened() -> None:
    opened = plan_slots(units(4), MONDAY, 0, "1 week", RHYTHM, BERLIN)[:2]
    kolkata, rhythm = ZoneInfo("Asia/Kolkata"), Rhythm.parse("wed 18:00 - mon 12:00")
    rest = plan_slots(units(4), MONDAY, 0, "1 week", rhythm, kolkata, opened=opened)
    assert opens(rest, kolkata) == ["Wed 01-21 18:00", "Wed 01-28 18:00"]
    assert dues(rest, kolkata) == ["Mon 01-26 12:00", "Mon 02-02 12:00"]


def test_a_grace_made_longer_by_an_outage_does_not_move_the_next_post() -> None:
    (first, *_) = plan_slots(units(2), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    longer = replace(first, grace_until=first.grace_until + timedelta(hours=8))
    (second,) = plan_slots(units(2), MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=[longer])
    assert opens([second]) == ["Mon 01-12 09:00"]


def test_a_unit_posted_by_hand_is_followed_by_the_next_after_its_deadline() -> None:
    first, second, third = plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    by_hand = replace(second, opens_at=berlin(2026, 1, 8, 15))
    assert plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=[by_hand, first]) == [third]


def test_a_unit_put_before_the_running_one_comes_next_if_its_phase_runs() -> None:
    opened = plan_slots(units(4), MONDAY, 0, "1 week", RHYTHM, BERLIN)[:2]
    moved = [units(4)[index] for index in (0, 3, 1, 2)]
    assert [slot.unit_id for slot in plan_slots(moved, MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=opened)] == [
        "u4",
        "u3",
    ]


def test_a_unit_put_into_a_phase_that_is_over_is_not_posted_afterwards() -> None:
    over, running = units(2, date(2026, 1, 1), date(2026, 1, 31)), units(2, date(2026, 2, 1), prefix="v")
    opened = plan_slots([*over, *running], MONDAY, 0, "1 week", RHYTHM, BERLIN)[:3]
    edited = [over[0], replace(over[0], unit_id="new"), over[1], *running]
    rest = plan_slots(edited, MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=opened)
    assert [(slot.unit_id, slot.number) for slot in rest] == [("v2", 5)]


def test_what_lies_before_all_that_has_opened_is_not_posted_afterwards() -> None:
    began_at_the_third = plan_slots(units(4), MONDAY, 2, "1 week", RHYTHM, BERLIN)[:1]
    rest = plan_slots(units(4), MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=began_at_the_third)
    assert [slot.unit_id for slot in rest] == ["u4"]


def test_a_unit_that_left_the_roadmap_after_opening_still_counts_for_the_time() -> None:
    opened = plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN)[:2]
    rest = plan_slots([units(3)[0], units(3)[2]], MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=opened)
    assert [(slot.unit_id, slot.number) for slot in rest] == [("u3", 2)]
    assert opens(rest) == ["Mon 01-19 09:00"]


def test_a_post_too_late_to_send_moves_to_the_next_post_slot() -> None:
    opened = plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN)[:1]
    in_time = plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=opened, after=berlin(2026, 1, 12, 8))
    assert opens(in_time) == ["Mon 01-12 09:00", "Mon 01-19 09:00"]
    too_late = plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=opened, after=berlin(2026, 1, 27, 8))
    assert opens(too_late) == ["Mon 02-02 09:00", "Mon 02-09 09:00"]


# Clock changes


@pytest.mark.parametrize("week_of_change", [date(2026, 3, 23), date(2026, 10, 19)])
@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut"]
)
@pytest.mark.parametrize("text", ["mon 09:00 - sun 21:00", "sun 12:00 - sun 00:00", "sun 14:30 - sun 02:30"])
def test_a_clock_change_never_costs_a_week(week_of_change: date, zone: str, text: str) -> None:
    rhythm, there = Rhythm.parse(text), ZoneInfo(zone)
    slots = plan_slots(units(8), week_of_change - timedelta(days=14), 0, "1 week", rhythm, there)[1:]
    days = [slot.opens_at.astimezone(there).date() for slot in slots]
    assert {after - before for before, after in pairwise(days)} == {timedelta(days=7)}
    assert all(slot.grace_until - slot.deadline_at == GRACE for slot in slots)


def test_grace_is_twelve_elapsed_hours_also_when_the_clock_changes_inside_it() -> None:
    rhythm = Rhythm.parse("sun 12:00 - sun 00:00")
    opened = plan_slots(units(1), date(2026, 3, 15), 0, "1 week", rhythm, BERLIN)
    second, third = plan_slots(units(3), date(2026, 3, 15), 0, "1 week", rhythm, BERLIN, opened=opened)
    assert walls([second.deadline_at, second.grace_until]) == ["Sun 03-29 00:00", "Sun 03-29 13:00"]
    assert opens([third]) == ["Sun 03-29 12:00"]


# Pauses


def test_units_wait_for_the_end_of_a_pause() -> None:
    pause = Pause(berlin(2026, 1, 12, 9), berlin(2026, 1, 26, 9))
    slots = plan_slots(units(3), MONDAY, 0, "1 week", RHYTHM, BERLIN, pauses=[pause])
    assert opens(slots) == ["Mon 01-05 09:00", "Mon 01-26 09:00", "Mon 02-02 09:00"]
    assert dues(slots)[0] == "Sun 01-11 21:00"


def test_a_pause_that_ends_in_the_week_waits_for_the_post_day() -> None:
    pause = Pause(berlin(2026, 1, 10, 9), berlin(2026, 1, 14, 18))
    slots = plan_slots(units(2), MONDAY, 0, "1 week", RHYTHM, BERLIN, pauses=[pause])
    assert opens(slots) == ["Mon 01-05 09:00", "Mon 01-19 09:00"]


def test_pauses_that_meet_are_waited_for_one_after_the_other() -> None:
    pauses = [
        Pause(berlin(2026, 1, 18, 0), berlin(2026, 1, 27, 0)),
        Pause(berlin(2026, 1, 12, 0), berlin(2026, 1, 19, 0)),
    ]
    slots = plan_slots(units(2), MONDAY, 0, "1 week", RHYTHM, BERLIN, pauses=pauses)
    assert opens(slots) == ["Mon 01-05 09:00", "Mon 02-02 09:00"]


def test_a_pause_without_end_stops_the_plan_where_it_begins() -> None:
    pause = Pause(berlin(2026, 1, 15, 0))
    slots = plan_slots(units(5), MONDAY, 0, "1 week", RHYTHM, BERLIN, pauses=[pause])
    assert opens(slots) == ["Mon 01-05 09:00", "Mon 01-12 09:00"]


def test_a_group_can_begin_after_a_pause() -> None:
    pause = Pause(berlin(2026, 1, 1, 0), berlin(2026, 1, 15, 0))
    slots = plan_slots(units(2), date(2026, 1, 7), 0, "1 week", RHYTHM, BERLIN, pauses=[pause])
    assert opens(slots) == ["Mon 01-19 09:00", "Mon 01-26 09:00"]


# Extensions


def test_a_running_deadline_moves_by_weeks_and_keeps_its_wall_time() -> None:
    (slot,) = plan_slots(units(1), date(2026, 3, 16), 0, "1 week", RHYTHM, BERLIN)
    moved = extend_deadline(slot, BERLIN, timedelta(weeks=2))
    assert walls([moved.deadline_at, moved.grace_until]) == ["Sun 04-05 21:00", "Mon 04-06 09:00"]
    assert (moved.unit_id, moved.number, moved.opens_at) == (slot.unit_id, slot.number, slot.opens_at)


@pytest.mark.parametrize(
    ("by", "due"),
    [
        (timedelta(0), "Sun 01-11 21:00"),
        (timedelta(hours=1), "Mon 01-12 21:00"),
        (timedelta(days=3, hours=5), "Thu 01-15 21:00"),
        (berlin(2026, 1, 9, 12), "Sun 01-11 21:00"),
        (berlin(2026, 1, 14, 21), "Wed 01-14 21:00"),
        (berlin(2026, 1, 14, 22), "Thu 01-15 21:00"),
    ],
)
def test_an_extension_rounds_up_to_whole_days(by: timedelta | datetime, due: str) -> None:
    (slot,) = plan_slots(units(1), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    assert dues([extend_deadline(slot, BERLIN, by)]) == [due]


def test_a_deadline_is_never_moved_earlier() -> None:
    (slot,) = plan_slots(units(1), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    with pytest.raises(ValueError, match="never earlier"):
        extend_deadline(slot, BERLIN, timedelta(days=-1))


def test_an_extension_keeps_a_longer_grace() -> None:
    (slot,) = plan_slots(units(1), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    longer = replace(slot, grace_until=slot.deadline_at + timedelta(hours=60))
    assert extend_deadline(longer, BERLIN, timedelta(days=1)).grace_until == longer.grace_until


def test_the_next_unit_follows_an_extended_deadline() -> None:
    (slot,) = plan_slots(units(1), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    rest = plan_slots(
        units(2), MONDAY, 0, "1 week", RHYTHM, BERLIN, opened=[extend_deadline(slot, BERLIN, timedelta(weeks=2))]
    )
    assert opens(rest) == ["Mon 01-26 09:00"]


# Closing


def test_the_closing_post_takes_the_slot_after_the_last_grace_and_four_weeks_of_catching_up_follow() -> None:
    (last,) = plan_slots(units(1), date(2026, 2, 23), 0, "1 week", RHYTHM, BERLIN)
    closing = find_closing_at(last, RHYTHM, BERLIN)
    assert closing is not None
    assert walls([closing, find_catch_up_end(closing, BERLIN)]) == ["Mon 03-02 09:00", "Mon 03-30 09:00"]


def test_the_closing_post_waits_for_pauses() -> None:
    (last,) = plan_slots(units(1), MONDAY, 0, "1 week", RHYTHM, BERLIN)
    assert find_closing_at(last, RHYTHM, BERLIN, [Pause(berlin(2026, 1, 12, 0))]) is None
    until = find_closing_at(last, RHYTHM, BERLIN, [Pause(berlin(2026, 1, 12, 0), berlin(2026, 1, 13, 0))])
    assert until == berlin(2026, 1, 19, 9)
