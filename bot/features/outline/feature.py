"""Roadmaps out of pasted outlines, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.outline import commands
from bot.features.outline.service import Outlines

FEATURE = Feature("outline", commands=commands.COMMANDS, services=(Outlines,))
