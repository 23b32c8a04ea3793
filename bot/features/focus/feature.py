"""Declaration of focus sessions."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.focus import commands, posts, service
from bot.features.focus.service import Focus
from bot.features.focus.tables import FocusSession, FocusTime

FEATURE = Feature(
    "focus",
    commands=commands.COMMANDS,
    tables=(FocusSession, FocusTime),
    services=(Focus,),
    posts=posts.POSTS,
    sweeps=(service.sweep,),
    personal_data=PersonalData(
        texts=(FocusSession.voice,),
        kept=(
            StoredData(
                FocusTime.account_id,
                "Counts the time that your group studies together.",
                "unlinked",
                title="Focus sessions",
                holds="with start, end and whether you checked in",
            ),
        ),
        seen="Your group sees who takes part in a focus session. Hidden members are counted, but not named.",
    ),
)
