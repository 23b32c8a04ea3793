"""Standings, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.standings import commands, transfer
from bot.features.standings.group_standings import PublicTurnout

FEATURE = Feature(
    "standings",
    commands=(
        *commands.COMMANDS,
        *transfer.COMMANDS,
        *commands.RULING_COMMANDS,
        *commands.CORRECTION_COMMANDS,
    ),
    services=(PublicTurnout,),
)
