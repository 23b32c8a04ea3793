"""The preview, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.preview import commands

FEATURE = Feature("preview", commands=commands.COMMANDS)
