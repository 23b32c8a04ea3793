"""Numbers and time spans in words. Pure."""

from __future__ import annotations

from datetime import timedelta

SPELT = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNITS = (("week", timedelta(weeks=1)), ("day", timedelta(days=1)), ("hour", timedelta(hours=1)))


def spelt(number: int) -> str:
    """Return a whole number as a word up to twelve, in digits beyond."""
    return SPELT[number] if 0 <= number < len(SPELT) else str(number)


def counted(number: int, noun: str) -> str:
    """Return "one unit" or "four units"."""
    return f"{spelt(number)} {noun}{'' if number == 1 else 's'}"


def describe_times(number: int) -> str:
    """Return "once", "twice" or "three times"."""
    return {1: "once", 2: "twice"}.get(number, f"{spelt(number)} times")


def numbered(number: int, noun: str) -> str:
    """Return "1 unit" or "4 units", for tables and logs."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def lasting(span: timedelta) -> str:
    """Return a span in the greatest unit that divides it: "four weeks", "90 minutes"."""
    for noun, unit in _UNITS:
        if span % unit == timedelta():
            return counted(span // unit, noun)
    return counted(span // timedelta(minutes=1), "minute")
