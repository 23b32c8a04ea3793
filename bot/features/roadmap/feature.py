"""Roadmaps, as the rest of the bot sees them: files alone, shown by the commands of others."""

from __future__ import annotations

from bot.features.feature import Feature

FEATURE = Feature("roadmap")
