"""Doctor, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.doctor import commands
from bot.features.feature import Feature

FEATURE = Feature("doctor", commands=commands.COMMANDS)
