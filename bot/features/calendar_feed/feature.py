"""Calendars, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.calendar_feed import commands
from bot.features.calendar_feed.service import Agenda, CalendarEvent, CalendarFeed
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "calendar_feed",
    commands=commands.COMMANDS,
    tables=(CalendarFeed, CalendarEvent),
    services=(Agenda,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                CalendarFeed.account_id,
                "Lets your calendar app read the dates until you turn it off.",
                "deleted",
                title="Calendar",
                holds="a hash of its address",
                is_one=True,
            ),
        ),
        seen="Anyone with your calendar address sees the dates of your groups.",
    ),
)
