"""Whether a line of a room where people talk is meant for the bot although it only begins like a command. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.commands import parsing
from bot.commands.command import Command, ParamSpec
from bot.commands.parameter_types import Kind
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.understanding import speech

COINED = frozenset({"checkin", "leaderboard", "pledge"})
"""Names that hardly any sentence begins with; what follows a pledge is prose, and its writer's alone."""


def is_meant(registry: Registry, call: Call, said: str) -> bool:
    """Whether a line that begins with a command's name gives what that command takes, rather than going on as prose.

    `join us at eight`, `progress bar is stuck` and `void is a C keyword` are said to people.
    """
    command = registry.find(call.name)
    assert command is not None
    rest = " ".join(said.split()[command.name.count(" ") + 1 :]).strip(" ,.;:")
    if not call.args or not rest:
        return not rest
    if command.name in COINED or "=" in rest or rest[0] in "\"'":
        return True
    if command.name == registry.fallback:
        saying = speech.read(rest)
        return saying.is_question or saying.is_topic
    if command.name == registry.root:
        return registry.find(rest.lower()) is not None
    first = next(p for p in command.params if p.key in call.args)
    return _gives(command, first, rest)


def _gives(command: Command, first: ParamSpec, rest: str) -> bool:
    shapes: Mapping[Kind, Callable[[str], bool]] = {
        Kind.MEMBER: lambda text: text[0] in "@<" or " " not in text,
        Kind.UNIT: lambda text: text[0].isdigit() or " " not in text,
        Kind.COHORT: lambda text: text[0].isupper() or text[0].isdigit(),
        Kind.TEXT: lambda text: (first.required and " " in command.name) or _is_suggested(first, text),
    }
    looks_right = shapes.get(first.kind)
    return looks_right(rest) if looks_right else parsing.reads(command, rest)


def _is_suggested(param: ParamSpec, text: str) -> bool:
    """Whether a text looks like an id that was put into the line for what was chosen."""
    return param.says.suggest is not None and re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)+", text) is not None
