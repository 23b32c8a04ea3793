"""Pacing: what holds for every rhythm, zone, start and pause."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.features.groups.calendar.pacing import (
    GRACE,
    Pace,
    Pause,
    Rhythm,
    UnitWindow,
    add_days,
    extend_deadline,
    local_instant,
    plan_slots,
)
from tests.examples import examples

ZONES = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Europe/Berlin", "America/New_York"]


def units(n: int, start: date = date(2026, 1, 1), end: date = date(2026, 6, 30), prefix: str = "u") -> list[UnitWindow]:
    return [UnitWindow(f"{prefix}{number}", start, end) for number in range(1, n + 1)]


rhythms = st.builds(
    lambda post_day, post, minutes: _rhythm(post_day, post, minutes),
    st.integers(0, 6),
    st.times(),
    st.integers(24 * 60, 6 * 24 * 60 + 12 * 60),
)
starts = st.dates(date(2025, 1, 1), date(2027, 12, 31))
paces = st.sampled_from(["1 week", "2 weeks", "calendar"])


def _rhythm(post_day: int, post: time, minutes: int) -> Rhythm:
    due = datetime(2024, 1, 1 + post_day, post.hour, post.minute) + timedelta(minutes=minutes)
    return Rhythm(post_day, post.replace(second=0, microsecond=0), due.weekday(), due.time())


@st.composite
def pause_lists(draw: st.DrawFn) -> list[Pause]:
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        from_at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 24 * 1200)))
        hours = draw(st.none() | st.integers(1, 24 * 60))
        pauses.append(Pause(from_at, None if hours is None else from_at + timedelta(hours=hours)))
    return pauses


@examples(100)
@given(st.sampled_from(ZONES), starts, paces, rhythms, pause_lists(), st.integers(1, 12), st.integers(0, 4))
def test_slots_rise_hold_one_unit_each_keep_wall_time_and_avoid_pauses(
    zone: str, starts_on: date, pace: Pace, rhythm: Rhythm, pauses: list[Pause], n_units: int, first_index: int
) -> None:
    there = ZoneInfo(zone)
    roadmap = [*units(n_units, starts_on, starts_on + timedelta(days=120), "a"), *units(3, prefix="b")]
    slots = plan_slots(roadmap, starts_on, first_index, pace, rhythm, there, pauses=pauses)
    moments = [slot.opens_at for slot in slots]
    assert moments == sorted(set(moments))
    assert len({slot.unit_id for slot in slots}) == len(slots)
    assert not any(pause.covers(moment) for pause in pauses for moment in moments)
    for slot in slots:
        assert roadmap[slot.number - 1].unit_id == slot.unit_id
        assert slot.opens_at < slot.deadline_at
        for instant, weekday, at in (
            (slot.opens_at, rhythm.post_weekday, rhythm.post_time),
            (slot.deadline_at, rhythm.due_weekday, rhythm.due_time),
        ):
            day = instant.astimezone(there).date()
            assert instant.tzinfo is UTC
            assert instant == local_instant(day, at, there)
            assert day.weekday() == weekday or slot is slots[0]
    for slot, following in pairwise(slots):
        assert following.opens_at >= slot.grace_until - timedelta(hours=1)


@examples(100)
@given(st.sampled_from(ZONES), starts, rhythms, st.integers(0, 6))
def test_without_pauses_a_weekly_group_posts_every_week_of_the_year(
    zone: str, starts_on: date, rhythm: Rhythm, n_opened: int
) -> None:
    there = ZoneInfo(zone)
    slots = plan_slots(units(53), starts_on, 0, "1 week", rhythm, there)
    days = [slot.opens_at.astimezone(there).date() for slot in slots[1:]]
    assert days[-1] - days[0] == timedelta(weeks=51)
    assert slots[0].deadline_at >= add_days(slots[0].opens_at, 5, there)
    assert plan_slots(units(53), starts_on, 0, "1 week", rhythm, there, opened=slots[:n_opened]) == slots[n_opened:]


@examples(100)
@given(st.sampled_from(ZONES), starts, rhythms, st.integers(0, 24 * 60))
def test_an_extension_keeps_the_wall_time_and_is_never_too_short(
    zone: str, starts_on: date, rhythm: Rhythm, hours: int
) -> None:
    there, by = ZoneInfo(zone), timedelta(hours=hours)
    (slot,) = plan_slots(units(1), starts_on, 0, "1 week", rhythm, there)
    for moved, least in (
        (extend_deadline(slot, there, by), add_days(slot.deadline_at, by.days, there)),
        (extend_deadline(slot, there, slot.deadline_at + by), slot.deadline_at + by),
    ):
        day = moved.deadline_at.astimezone(there).date()
        assert moved.deadline_at == local_instant(day, slot.deadline_at.astimezone(there).time(), there)
        assert moved.deadline_at >= least
        assert moved.grace_until - moved.deadline_at == GRACE


@examples(100)
@given(
    st.sampled_from(ZONES),
    starts,
    st.sampled_from(["1 week", "2 weeks"]),
    rhythms,
    st.lists(st.integers(1, 8), min_size=1, max_size=5),
    st.integers(0, 12),
    st.integers(0, 6),
)
def test_a_break_is_a_week_between_legs_and_nowhere_else_in_every_zone_and_season(
    zone: str, starts_on: date, pace: Pace, rhythm: Rhythm, legs: list[int], n_opened: int, first_index: int
) -> None:
    there = ZoneInfo(zone)
    roadmap = [
        UnitWindow(f"u{leg}.{place}", starts_on, starts_on, leg)
        for leg, size in enumerate(legs, 1)
        for place in range(size)
    ]
    flat = [replace(unit, leg=0) for unit in roadmap]
    slots = plan_slots(roadmap, starts_on, first_index, pace, rhythm, there)
    without = plan_slots(flat, starts_on, first_index, pace, rhythm, there)
    assert [slot.unit_id for slot in slots] == [slot.unit_id for slot in without]
    breaks = 0
    for before, slot, plain in zip([None, *slots], slots, without, strict=False):
        breaks += before is not None and roadmap[before.number - 1].leg != roadmap[slot.number - 1].leg
        days = slot.opens_at.astimezone(there).date() - plain.opens_at.astimezone(there).date()
        assert days == timedelta(weeks=breaks)
    assert plan_slots(roadmap, starts_on, first_index, pace, rhythm, there, opened=slots[:n_opened]) == slots[n_opened:]
