"""How a day with its hour is read. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.core import markup
from bot.core.errors import BadInput
from bot.core.values import parse_clock, parse_date, unquoted
from bot.features.cohort.calendar.rhythm import local_instant

EXAMPLE = "sat 18:00"
_SPLIT = re.compile(
    r"(?P<day>.+?)(?:,|\s+at|\s+|,?\s+@|(?<=\d)T)\s*(?P<clock>\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?)", re.IGNORECASE
)
_EXACT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")


def exact(at: datetime) -> str:
    """Return an instant as a button carries it, which `parse_when` reads."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def parse_when(text: str, today: date, zone: ZoneInfo) -> datetime:
    """Return the instant of "sat 18:00", "tomorrow at 6pm" or "2026-03-14 18:00" in a zone; raises BadInput."""
    said = unquoted(text)
    if _EXACT.fullmatch(said):
        return datetime.fromisoformat(said)
    found = _SPLIT.fullmatch(said)
    if found is None:
        raise _unread(text)
    try:
        return local_instant(parse_date(found["day"], today), parse_clock(found["clock"]), zone)
    except (BadInput, OverflowError):
        raise _unread(text) from None


def _unread(text: str) -> BadInput:
    return BadInput(
        f"**Day and hour**: I cannot read “{markup.escape(text, 40)}”. Write a day and an hour: `{EXAMPLE}`, "
        "`tomorrow 6pm` or `2026-12-01 18:00`.",
        field="at",
    )
