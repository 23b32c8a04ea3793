"""Standings, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.standings import commands, moderator_commands, transfer

FEATURE = Feature(
    "standings",
    commands=(
        *commands.COMMANDS,
        *transfer.COMMANDS,
        *moderator_commands.RULING_COMMANDS,
        *moderator_commands.COMMANDS,
    ),
)
