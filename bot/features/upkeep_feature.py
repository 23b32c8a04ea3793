"""Upkeep, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.doctor import commands, retry
from bot.features.export import commands as taking_along
from bot.features.feature import Feature
from bot.features.help import commands as help
from bot.features.help import fallback, overview
from bot.features.preview import commands as preview
from bot.features.privacy import commands as privacy
from bot.features.privacy.tables import ForgottenMark
from bot.features.report import commands as report_commands

FEATURE = Feature(
    "upkeep",
    commands=(
        *help.COMMANDS,
        *overview.COMMANDS,
        *fallback.COMMANDS,
        *report_commands.COMMANDS,
        *preview.COMMANDS,
        *commands.COMMANDS,
        *retry.COMMANDS,
        *taking_along.COMMANDS,
        *privacy.COMMANDS,
    ),
    tables=(ForgottenMark,),
)
