"""Upkeep, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.upkeep import doctor, heard, help, overview, preview, privacy, report_commands, retrying, taking_along
from bot.features.upkeep.tables import ForgottenMark

FEATURE = Feature(
    "upkeep",
    commands=(
        *help.COMMANDS,
        *overview.COMMANDS,
        *heard.COMMANDS,
        *report_commands.COMMANDS,
        *preview.COMMANDS,
        *doctor.COMMANDS,
        *retrying.COMMANDS,
        *taking_along.COMMANDS,
        *privacy.COMMANDS,
    ),
    tables=(ForgottenMark,),
)
