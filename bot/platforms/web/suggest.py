"""Values that the page can suggest by a parameter's kind alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.command import Choice, ParamSpec
from bot.core.values import WEEKDAYS, Kind, suggest_zones
from bot.platforms.web.people import GENERAL, Person

_DAYS = ("today", "tomorrow", *(f"next {day}" for day in WEEKDAYS))
_MOST = 25


def suggestions(param: ParamSpec, typed: str, people: Sequence[Person], zone: str | None) -> list[Choice]:
    """Return values that begin with what is typed, or contain it for zones; `zone` is the browser's own."""
    match param.kind:
        case Kind.CHOICE:
            return _beginning(param.choices, typed)
        case Kind.BOOL:
            return _beginning(("yes", "no"), typed)
        case Kind.DATE:
            return _beginning(_DAYS, typed)
        case Kind.ROOM:
            return _beginning((GENERAL,), typed.lstrip("#"))
        case Kind.ZONE:
            own = [zone] if zone and typed.lower() in zone.lower() else []
            return [Choice(z, z) for z in dict.fromkeys([*own, *suggest_zones(typed, _MOST)])]
        case Kind.MEMBER:
            said = typed.lstrip("@").lower()
            fits = [p for p in people if p.name.lower().startswith(said) or p.id.startswith(said)]
            return [Choice(p.name, p.id) for p in fits[:_MOST]]
        case _:
            return []


def _beginning(words: Sequence[str], typed: str) -> list[Choice]:
    said = typed.lower()
    return [Choice(w, w) for w in words if w.lower().startswith(said)]
