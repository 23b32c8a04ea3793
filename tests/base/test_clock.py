"""The two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from bot.base.clock import MovableClock, SystemClock

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_the_machines_clock_tells_aware_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert before <= now <= datetime.now(UTC)


def test_a_movable_clock_stands_still_until_it_is_moved() -> None:
    clock = MovableClock(AT)
    assert clock.now() == clock.now() == AT
    clock.move_to(AT + timedelta(hours=1))
    assert clock.now() == AT + timedelta(hours=1)


def test_a_movable_clock_never_goes_back() -> None:
    clock = MovableClock(AT)
    clock.move_to(AT - timedelta(hours=1))
    assert clock.now() == AT


def test_a_movable_clock_tells_utc_whatever_it_is_given() -> None:
    clock = MovableClock(AT.astimezone(timezone(timedelta(hours=14))))
    assert clock.now().tzinfo is UTC
    assert clock.now() == AT
