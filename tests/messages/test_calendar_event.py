"""What takes place, as calendars take it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from bot.messages.reply import URL_MAX, EventBlock


def happening(name: str = "Owls: live hour", link: str = "") -> EventBlock:
    at = datetime(2026, 3, 29, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    return EventBlock(name, at, at + timedelta(hours=1), "Europe/Berlin", link=link)


def query(of: EventBlock) -> dict[str, list[str]]:
    return parse_qs(urlsplit(of.calendar_url).query)


def test_a_calendar_gets_name_place_and_the_instants_in_utc() -> None:
    said = query(happening(link="https://x.org/call?a=1&b=2"))
    assert said["text"] == ["Owls: live hour"] and said["location"] == ["https://x.org/call?a=1&b=2"]
    assert said["dates"] == ["20260329T070000Z/20260329T080000Z"]


def test_its_address_fits_a_button_whatever_it_is_called_and_wherever_it_is() -> None:
    long = happening("\U0001f989" * 300 + "\n\x02", link="https://x.org/" + "a" * 480)
    assert len(long.calendar_url) <= URL_MAX
    assert "location" not in query(long)
    assert len(happening("ü" * 300).calendar_url) <= URL_MAX


def test_a_hostile_name_stays_on_one_line_and_without_controls() -> None:
    assert happening("a\n\x02b\x03 <@1>").name == "a b <@1>"


def test_it_reads_in_the_zone_that_it_names() -> None:
    assert datetime(2026, 3, 29, 7, tzinfo=UTC) == happening().starts_at
    assert happening().text.endswith("60 minutes")
