"""The export of a group, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.export import commands
from bot.features.feature import Feature

FEATURE = Feature("export", commands=commands.COMMANDS)
