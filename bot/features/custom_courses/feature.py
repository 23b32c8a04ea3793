"""Roadmaps out of pasted outlines, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.custom_courses import commands
from bot.features.custom_courses.service import Outlines
from bot.features.feature import Feature

FEATURE = Feature("custom_courses", commands=commands.COMMANDS, services=(Outlines,))
