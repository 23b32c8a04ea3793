"""What anybody reads of the course and its units, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.units import commands, course_commands, reading_commands

FEATURE = Feature("units", commands=(*course_commands.COMMANDS, *commands.COMMANDS, *reading_commands.COMMANDS))
