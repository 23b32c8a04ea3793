"""Live sessions, as the rest of the bot sees them."""

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
                "Reminds you of live sessions that you attend.",
                "deleted",
                title="Answers to live sessions",
            ),
            StoredData(HourHost.account_id, "You offered to host live sessions.", "deleted"),
            StoredData(
                LiveHour.host_id,
                "Used to choose who hosts next.",
                "unlinked",
                title="Live sessions you host",
            ),
            StoredData(LiveHour.author_id, "Says who planned a live session.", "unlinked"),
        ),
        seen="Your group sees who hosts a live session and how many people are coming, but not who.",
    ),
)
