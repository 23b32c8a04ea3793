"""Suggest values while somebody types an option of a slash command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.commands.command import ParamSpec, SuggestedValue
from bot.commands.parameter_types import Kind, parse_date, parse_minutes, suggest_zones
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.platforms.discord import limits
from bot.platforms.discord.render import Payload

_DAYS = ("today", "tomorrow", "next monday", "next friday", "in 1 week", "in 2 weeks", "in 4 weeks")
_MINUTES = (15, 30, 45, 60, 90, 120, 180)


def fixed(param: ParamSpec, typed: str) -> list[SuggestedValue]:
    """Return suggestions that need no look-up: zones, lengths of time, days."""
    match param.kind:
        case Kind.ZONE:
            return [SuggestedValue(zone, zone) for zone in suggest_zones(typed, limits.LIMITS.choices)]
        case Kind.MINUTES:
            return _suggest_lengths(typed)
        case Kind.DATE:
            return [SuggestedValue(day, day) for day in _suggest_days(typed)]
        case _:
            return []


def _suggest_lengths(text: str) -> list[SuggestedValue]:
    try:
        typed = int(parse_minutes(text))
    except BadInput:
        typed = 0
    wanted = [typed] if typed else []
    wanted += [m for m in _MINUTES if m not in wanted and (not text.strip() or str(m).startswith(text.strip()))]
    return [SuggestedValue(_format_length(m), str(m)) for m in wanted]


def _format_length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(p for p in parts if p)


def _suggest_days(text: str) -> list[str]:
    wanted = [day for day in _DAYS if text.strip().lower() in day]
    try:
        parse_date(text, date(2026, 1, 1))
    except BadInput:
        return wanted
    return list(dict.fromkeys([text.strip(), *wanted]))


def choices(suggested: Sequence[SuggestedValue]) -> list[Payload]:
    """Return suggestions for Discord, without values that are longer than Discord accepts."""
    fitting = [
        {
            "name": markup.clip(markup.clean(suggestion.label) or suggestion.value, limits.CHOICE),
            "value": suggestion.value,
        }
        for suggestion in suggested
        if 0 < len(suggestion.value) <= limits.CHOICE
    ]
    return fitting[: limits.LIMITS.choices]
