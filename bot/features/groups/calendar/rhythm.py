"""Wall times of the weekly post, the deadline and quiet hours: pure functions from days and zones to instants."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bot.commands.parameter_types import between, parse_clock
from bot.messages.errors import BadInput

GRACE = timedelta(hours=12)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EXAMPLE = "mon 09:00 - sun 21:00"
_SLOT = re.compile(r"(\w+)\.?,?\s+(?:at\s+)?(\S.*)", re.IGNORECASE)
_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_LONGEST_MINUTES = _WEEK_MINUTES - int(GRACE.total_seconds()) // 60


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a wall time; a DST gap shifts it forward, an overlap takes the first instant."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def add_days(instant: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Move an instant by whole local days, so that it keeps its wall time."""
    if days == 0:
        return instant.astimezone(UTC)
    local = instant.astimezone(zone)
    return local_instant(local.date() + timedelta(days=days), local.time(), zone)


@dataclass(frozen=True)
class Rhythm:
    """The weekly post and deadline as wall times in the group's zone; 0 is Monday."""

    post_weekday: int = 0
    post_time: time = time(9)
    due_weekday: int = 6
    due_time: time = time(21)

    def __post_init__(self) -> None:
        """Refuse a rhythm whose week leaves no time for the work or for the late period."""
        if not (0 <= self.post_weekday <= 6 and 0 <= self.due_weekday <= 6):
            raise ValueError("A weekday is a number from 0 (Monday) to 6 (Sunday).")
        post = _get_minute_of_week(self.post_weekday, self.post_time)
        due = _get_minute_of_week(self.due_weekday, self.due_time)
        span = (due - post - 1) % _WEEK_MINUTES + 1
        if span > _LONGEST_MINUTES:
            hours = GRACE // timedelta(hours=1)
            raise ValueError(
                f"The late period is {hours} hours. With a deadline on {_format_slot(due)} it would end after the next "
                f"post on {_format_slot(post)}. Choose {_format_slot(post + _LONGEST_MINUTES)} or earlier."
            )
        if span < _DAY_MINUTES:
            raise ValueError(
                f"The deadline on {_format_slot(due)} is less than a day after the post on {_format_slot(post)}. "
                f"Choose {_format_slot(post + _DAY_MINUTES)} or later."
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "mon 09:00 - sun 21:00".

        Raises:
            ValueError: with a sentence that says what to write instead.
        """
        post, due = (_SLOT.fullmatch(side) for side in between(text) or ("", ""))
        if post is None or due is None:
            raise ValueError(
                f'I can\'t read "{text.strip()}". Type the day and time of the post, a dash, and the day and time of '
                f'the deadline. Example: "{_EXAMPLE}"'
            )
        return cls(_parse_weekday(post[1]), _parse_time(post[2]), _parse_weekday(due[1]), _parse_time(due[2]))

    def __str__(self) -> str:
        """Return the text that `parse` reads."""
        return f"{DAYS[self.post_weekday]} {self.post_time:%H:%M} - {DAYS[self.due_weekday]} {self.due_time:%H:%M}"

    def next_post(self, from_at: datetime, zone: ZoneInfo) -> datetime:
        """Return the first post slot at or after an instant."""
        return _find_weekly(self.post_weekday, self.post_time, from_at, zone)

    def next_due(self, from_at: datetime, zone: ZoneInfo) -> datetime:
        """Return the first due slot at or after an instant."""
        return _find_weekly(self.due_weekday, self.due_time, from_at, zone)


def _get_minute_of_week(weekday: int, at: time) -> int:
    return weekday * _DAY_MINUTES + at.hour * 60 + at.minute


def _format_slot(minute_of_week: int) -> str:
    day, minute = divmod(minute_of_week % _WEEK_MINUTES, _DAY_MINUTES)
    return f"{DAYS[day]} {minute // 60:02}:{minute % 60:02}"


def _parse_weekday(word: str) -> int:
    for number, name in enumerate(_FULL_DAYS):
        if len(word) >= 2 and name.startswith(word.lower()):
            return number
    raise ValueError(f'"{word}" is not a weekday. Choose mon, tue, wed, thu, fri, sat or sun.')


def _parse_time(word: str) -> time:
    try:
        return parse_clock(word)
    except BadInput:
        raise ValueError(f'"{word}" is not a time. Choose 00:00 to 23:59. Example: 09:00') from None


def _find_weekly(weekday: int, at: time, from_at: datetime, zone: ZoneInfo) -> datetime:
    # One day earlier, because a gap may shift yesterday's wall time into today.
    day = from_at.astimezone(zone).date() - timedelta(days=1)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while (instant := local_instant(day, at, zone)) < from_at:
        day += timedelta(days=7)
    return instant


BEFORE_QUIET = timedelta(minutes=15)


def is_quiet(at: datetime, start: time, end: time, zone: ZoneInfo) -> bool:
    """Whether an instant is within the quiet hours, which may cross midnight; equal ends mean none."""
    local = at.astimezone(zone).time()
    if start == end:
        return False
    return start <= local < end if start < end else local >= start or local < end


def find_quiet_end(after: datetime, end: time, zone: ZoneInfo) -> datetime:
    """Return the first end of quiet hours after an instant."""
    day = after.astimezone(zone).date()
    at = local_instant(day, end, zone)
    return at if at > after else local_instant(day + timedelta(days=1), end, zone)


def move_to_waking(wanted_at: datetime, now: datetime, start: time, end: time, zone: ZoneInfo) -> datetime:
    """Return when a message wanted at an instant is sent: before the quiet hours if still possible, else after."""
    at = max(find_reminder_at(wanted_at, start, end, zone), now)
    return find_quiet_end(at, end, zone) if is_quiet(at, start, end, zone) else at


def find_reminder_at(wanted_at: datetime, start: time, end: time, zone: ZoneInfo) -> datetime:
    """Return when a reminder wanted at an instant is sent: then, or a quarter of an hour before the quiet hours."""
    if not is_quiet(wanted_at, start, end, zone):
        return wanted_at
    day = wanted_at.astimezone(zone).date()
    began = local_instant(day, start, zone)
    if began > wanted_at:
        began = local_instant(day - timedelta(days=1), start, zone)
    return began - BEFORE_QUIET
