"""Suggestions for a form's field, as the options of a select. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.commands import parameter_types
from bot.commands.command import SuggestedValue
from bot.platforms.slack import limits
from bot.platforms.slack.render import words


def option(label: str, value: str) -> dict[str, Any]:
    """Return an option of a select."""
    return {"text": words(label, limits.OPTION), "value": value[: limits.VALUE]}


def options(choices: Sequence[SuggestedValue]) -> list[dict[str, Any]]:
    """Return suggestions as options, without values that are too long."""
    fit = [c for c in choices if 0 < len(c.value) <= limits.VALUE]
    return [option(c.label, c.value) for c in fit[: limits.LIMITS.choices]]


def zones(typed: str) -> list[SuggestedValue]:
    """Return suggestions for a time zone."""
    return [SuggestedValue(zone, zone) for zone in parameter_types.suggest_zones(typed)]
