"""Pacing by the calendar: units spread over the dated windows of their phases."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.features.groups.calendar.pacing import (
    Pause,
    Rhythm,
    Slot,
    UnitWindow,
    list_before_start,
    local_instant,
    plan_slots,
)

BERLIN = ZoneInfo("Europe/Berlin")
RHYTHM = Rhythm()
MONDAY = date(2026, 1, 5)


def units(n: int, start: date, end: date, prefix: str) -> list[UnitWindow]:
    return [UnitWindow(f"{prefix}{number}", start, end) for number in range(1, n + 1)]


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return local_instant(date(year, month, day), time(hour, minute), BERLIN)


def opens(slots: Sequence[Slot]) -> list[str]:
    return [f"{slot.opens_at.astimezone(BERLIN):%a %m-%d %H:%M}" for slot in slots]


def dues(slots: Sequence[Slot]) -> list[str]:
    return [f"{slot.deadline_at.astimezone(BERLIN):%a %m-%d %H:%M}" for slot in slots]


PHASES = [
    *units(2, date(2026, 1, 1), date(2026, 1, 31), "a"),
    *units(3, date(2026, 2, 1), date(2026, 2, 28), "b"),
]


def test_the_calendar_spreads_units_evenly_and_each_runs_until_the_next() -> None:
    slots = plan_slots(PHASES, date(2026, 1, 1), 0, "calendar", RHYTHM, BERLIN)
    assert [slot.unit_id for slot in slots] == ["a1", "a2", "b1", "b2", "b3"]
    assert opens(slots) == [
        "Thu 01-01 09:00",
        "Mon 01-19 09:00",
        "Mon 02-02 09:00",
        "Mon 02-16 09:00",
        "Mon 02-23 09:00",
    ]
    assert dues(slots) == [
        "Sun 01-18 21:00",
        "Sun 02-01 21:00",
        "Sun 02-15 21:00",
        "Sun 02-22 21:00",
        "Sun 03-01 21:00",
    ]


def test_the_calendar_begins_with_the_unit_whose_window_is_running() -> None:
    starts_on = date(2026, 2, 12)
    slots = plan_slots(PHASES, starts_on, 0, "calendar", RHYTHM, BERLIN)
    assert [(slot.unit_id, slot.number) for slot in slots] == [("b2", 4), ("b3", 5)]
    assert opens(slots) == ["Thu 02-12 09:00", "Mon 02-23 09:00"]
    assert list_before_start(PHASES, starts_on, 0, "calendar") == ["a1", "a2", "b1"]


@pytest.mark.parametrize(
    ("starts_on", "first_index", "skipped"),
    [
        (date(2025, 12, 1), 0, []),
        (date(2026, 1, 1), 0, []),
        (date(2026, 1, 15), 0, []),
        (date(2026, 1, 16), 0, ["a1"]),
        (date(2026, 2, 1), 0, ["a1", "a2"]),
        (date(2026, 1, 1), 3, ["a1", "a2", "b1"]),
        (date(2026, 3, 1), 0, ["a1", "a2", "b1", "b2", "b3"]),
    ],
)
def test_units_whose_window_is_over_at_the_start_are_never_missed(
    starts_on: date, first_index: int, skipped: list[str]
) -> None:
    assert list_before_start(PHASES, starts_on, first_index, "calendar") == skipped
    planned = [slot.unit_id for slot in plan_slots(PHASES, starts_on, first_index, "calendar", RHYTHM, BERLIN)]
    assert skipped + planned == [unit.unit_id for unit in PHASES]


def test_more_units_than_weeks_go_on_weekly_after_the_window() -> None:
    crowded = [
        *units(4, date(2026, 1, 5), date(2026, 1, 11), "a"),
        *units(1, date(2026, 1, 12), date(2026, 1, 18), "b"),
    ]
    slots = plan_slots(crowded, MONDAY, 0, "calendar", RHYTHM, BERLIN)
    assert opens(slots) == [
        "Mon 01-05 09:00",
        "Mon 01-12 09:00",
        "Mon 01-19 09:00",
        "Mon 01-26 09:00",
        "Mon 02-02 09:00",
    ]
    assert dues(slots)[0] == "Sun 01-11 21:00"


def test_after_a_pause_the_calendar_goes_on_weekly_until_it_has_caught_up() -> None:
    pause = Pause(berlin(2026, 1, 19, 0), berlin(2026, 2, 16, 0))
    slots = plan_slots(PHASES, date(2026, 1, 1), 0, "calendar", RHYTHM, BERLIN, pauses=[pause])
    assert opens(slots)[1:] == ["Mon 02-16 09:00", "Mon 02-23 09:00", "Mon 03-02 09:00", "Mon 03-09 09:00"]


def test_an_opened_calendar_goes_on_with_the_next_unit() -> None:
    whole = plan_slots(PHASES, date(2026, 1, 16), 0, "calendar", RHYTHM, BERLIN)
    assert plan_slots(PHASES, date(2026, 1, 16), 0, "calendar", RHYTHM, BERLIN, opened=whole[:2]) == whole[2:]
