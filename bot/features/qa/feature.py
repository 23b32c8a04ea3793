"""Questions and answers, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData
from bot.features.qa import commands

FEATURE = Feature(
    "qa",
    commands=commands.COMMANDS,
    personal_data=PersonalData(
        seen="A question stands only where you asked it, and no message text goes to a log.",
    ),
)
