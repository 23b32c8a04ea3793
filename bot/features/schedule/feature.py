"""The schedule's parts, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.schedule import commands, post_preview, posts, reminders
from bot.features.schedule.tables import Beat, Mute, Outage, PlatformBeat, PlatformOutage

FEATURE = Feature(
    "schedule",
    commands=(*commands.COMMANDS, *commands.PLAN_COMMANDS, *commands.DEADLINE_COMMANDS, *post_preview.COMMANDS),
    tables=(Beat, Outage, PlatformBeat, PlatformOutage, Mute),
    posts=posts.POSTS,
    checks=reminders.CHECKS,
    personal_data=PersonalData(
        kept=(StoredData(Mute.account_id, "You turned off reminders for these units.", "deleted"),),
    ),
)
