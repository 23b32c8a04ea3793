"""What a command was given, as short as a record needs it: neither texts nor names of people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core import call, markup
from bot.core.command import Command, ParamSpec
from bot.core.values import Kind
from bot.features.audit.tables import REASON_MAX, SAID_MAX

SHORT = 60
"""Characters of a text that is a name rather than somebody's words."""
_SILENT = frozenset({"confirm", "reason", "plan", "page", "of"})
"""What says nothing of what was done, or stands beside it."""
_UNTOLD = frozenset({Kind.FILE, Kind.URL})
"""Kinds of which only is told that one was given."""
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\dZ")
"""An instant as a button carries it."""


@dataclass(frozen=True)
class Spelled:
    """What a command was given: its short arguments, its reason, and the member whom it names, as they were named.

    `account_id` is that member's number where it was given instead.
    """

    said: str
    reason: str
    member: str
    account_id: int | None = None


def spell(command: Command, args: Mapping[str, object]) -> Spelled:
    """Return what a command was given."""
    given = [(param, args[param.name]) for param in command.params if _is_given(param, args)]
    told = [_told(param, value) for param, value in given if param.key not in _SILENT and not _is_person(param)]
    member = next((str(value) for param, value in given if param.kind is Kind.MEMBER), "")
    numbered = next((value for param, value in given if param.says.is_account), None)
    reason = str(args.get("reason") or "")
    return Spelled(
        markup.clip(markup.clean(", ".join(told)), SAID_MAX),
        markup.clip(markup.clean(reason), REASON_MAX),
        member,
        numbered if isinstance(numbered, int) else None,
    )


def in_zone(said: str, zone: str) -> str:
    """Return what a command was given with its instants as the clocks of a zone show them."""

    def local(found: re.Match[str]) -> str:
        try:
            at = datetime.fromisoformat(found[0]).astimezone(ZoneInfo(zone))
        except (ValueError, OverflowError):  # somebody's own words
            return found[0]
        return f"{at:%Y-%m-%d %H:%M} ({zone})"

    return _INSTANT.sub(local, said)


_WHO = frozenset({Kind.MEMBER, Kind.COHORT})


def _is_person(param: ParamSpec) -> bool:
    return param.kind in _WHO or param.says.is_account


def _is_given(param: ParamSpec, args: Mapping[str, object]) -> bool:
    return args.get(param.name) not in (None, "") and args[param.name] != param.default


def _told(param: ParamSpec, value: object) -> str:
    says = param.says
    is_theirs = param.kind is Kind.TEXT and (says.long or says.mentions or param.characters > SHORT)
    if is_theirs or param.kind in _UNTOLD:
        return f"{param.key}: …"
    return f"{param.key}: {call.spelled({param.key: value})[param.key]}"
