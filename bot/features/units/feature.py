"""What anybody reads of the course and its units, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.units import commands

FEATURE = Feature("units", commands=(*commands.COURSE_COMMANDS, *commands.COMMANDS, *commands.READING_COMMANDS))
