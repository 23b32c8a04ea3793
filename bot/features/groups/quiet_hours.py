"""Move reminders out of quiet hours: to before them if possible, and never past the deadline. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.features.groups.calendar.rhythm import local_instant

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
