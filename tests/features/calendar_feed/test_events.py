"""The file that calendars read, read back by the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from bot.features.calendar_feed.service import Event, Version, document

AT = datetime(2026, 3, 20, 18, tzinfo=UTC)


def test_times_are_in_the_zone_whose_rules_the_file_has_and_hostile_text_stays_text() -> None:
    evil = "Owls\r\nEND:VEVENT\r\nBEGIN:VALARM; x, y \\n"
    due = Event(1, "u1-due", evil, AT, about="a\nb")
    hour = Event(
        1, "hour-4", "Talk", AT + timedelta(days=14), AT + timedelta(days=14, hours=1), link="https://x.org/a,b"
    )
    data = document([(due, Version(0, AT)), (hour, Version(3, AT))], "America/New_York")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    read: Any = Calendar.from_ical(data)
    first, second = read.walk("VEVENT")
    assert "END:VEVENT" in first["summary"] and not read.walk("VALARM")
    assert (first["uid"], int(first["sequence"])) == ("c1-u1-due@trailmate", 0)
    assert first["dtstart"].dt == AT and "dtend" not in first and first["transp"] == "TRANSPARENT"
    assert b"DTSTART;TZID=America/New_York:20260320T140000" in data and b"BEGIN:VTIMEZONE" in data
    assert second["dtend"].dt == hour.ends_at and int(second["sequence"]) == 3 and second["location"] == hour.link
    assert data == document([(due, Version(0, AT)), (hour, Version(3, AT))], "America/New_York")


def test_what_a_calendar_would_show_is_what_tells_versions_apart() -> None:
    one = Event(1, "u1-due", "Due", AT)
    assert one.mark == Event(1, "u1-due", "Due", AT).mark
    others = [Event(1, "u1-due", "Due!", AT), Event(1, "u1-due", "Due", AT + timedelta(hours=1))]
    others += [Event(1, "u1-due", "Due", AT, is_off=True), Event(1, "u1-due", "Due", AT, AT + timedelta(hours=1))]
    assert len({one.mark, *(other.mark for other in others)}) == 5


def test_an_empty_calendar_is_one() -> None:
    assert Calendar.from_ical(document([], "UTC")).walk("VEVENT") == []
