"""Setting up a group, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.setup import commands
from bot.features.setup.greeting import Hello

FEATURE = Feature("setup", commands=commands.COMMANDS, tables=(Hello,))
