"""Live hours, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.live_sessions import commands, posts
from bot.features.live_sessions.service import CHECKS, Hours, unseat
from bot.features.live_sessions.tables import HourAnswer, HourHost, LiveHour

FEATURE = Feature(
    "live_sessions",
    commands=(*commands.MEMBER_COMMANDS, *commands.COMMANDS),
    tables=(LiveHour, HourAnswer, HourHost),
    services=(Hours,),
    posts=posts.POSTS,
    checks=CHECKS,
    forgets=(unseat,),
    personal_data=PersonalData(
        texts=(
            LiveHour.topic,
            LiveHour.cancelled_for,
        ),
        kept=(
            StoredData(
                HourAnswer.account_id,
                "So that you are reminded of live hours to which you come.",
                "deleted",
                title="Answers to live hours",
            ),
            StoredData(HourHost.account_id, "You agreed to host live hours.", "deleted"),
            StoredData(LiveHour.host_id, "Whoever hosted least is next.", "unlinked", title="Live hours that you host"),
            StoredData(LiveHour.author_id, "Who planned a live hour.", "unlinked"),
        ),
        seen="Of a live hour your cohort sees who hosts it, and how many come, without names.",
    ),
)
