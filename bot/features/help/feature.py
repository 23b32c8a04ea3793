"""Help, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.help import commands, fallback

FEATURE = Feature("help", commands=(*commands.COMMANDS, *fallback.COMMANDS))
