"""The report on a group and its export, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.report import commands

FEATURE = Feature("report", commands=commands.COMMANDS)
