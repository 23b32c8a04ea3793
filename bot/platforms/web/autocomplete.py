"""Complete a half-typed line: with command names, then with parameters and their values."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.commands import parsing
from bot.commands.command import Command, ParamSpec, SuggestedValue
from bot.commands.parameter_types import WEEKDAYS, Kind, suggest_zones
from bot.commands.registry import Registry
from bot.platforms.web.people import GENERAL, PagePerson

_DAYS = ("today", "tomorrow", *(f"next {day}" for day in WEEKDAYS))

_MOST = 25


def suggestions(param: ParamSpec, typed: str, people: Sequence[PagePerson], zone: str | None) -> list[SuggestedValue]:
    """Return values that begin with the typed text, or contain it for zones; `zone` is the browser's own."""
    match param.kind:
        case Kind.CHOICE:
            return _filter_by_prefix(param.choices, typed)
        case Kind.BOOL:
            return _filter_by_prefix(("yes", "no"), typed)
        case Kind.DATE:
            return _filter_by_prefix(_DAYS, typed)
        case Kind.ROOM:
            return _filter_by_prefix((GENERAL,), typed.lstrip("#"))
        case Kind.ZONE:
            own = [zone] if zone and typed.lower() in zone.lower() else []
            return [SuggestedValue(z, z) for z in dict.fromkeys([*own, *suggest_zones(typed, _MOST)])]
        case Kind.MEMBER:
            prefix = typed.lstrip("@").lower()
            fits = [p for p in people if p.name.lower().startswith(prefix) or p.id.startswith(prefix)]
            return [SuggestedValue(p.name, p.id) for p in fits[:_MOST]]
        case _:
            return []


def _filter_by_prefix(words: Sequence[str], typed: str) -> list[SuggestedValue]:
    prefix = typed.lower()
    return [SuggestedValue(w, w) for w in words if w.lower().startswith(prefix)]


Suggest = Callable[[Command, ParamSpec, str], Awaitable[list[SuggestedValue]]]

MOST = 8

_ANY_WORD = "word"


@dataclass(frozen=True)
class Option:
    """A completion: the whole line after choosing it, its label, and a note."""

    line: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class LineCompletion:
    """Options in order, and the words of the command's usage with the current parameter marked."""

    options: tuple[Option, ...] = ()
    usage: tuple[tuple[str, bool], ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class Half:
    """A line whose command is known.

    Args:
        before: the text before the current value.
        typed: the value so far; several words if the parameter accepts them.
        param: the value's parameter.
        stem: the text before the last word.
        free: the parameters that the last word may name.
    """

    command: Command
    before: str
    typed: str
    param: ParamSpec | None
    stem: str
    free: tuple[ParamSpec, ...] = ()


async def complete(registry: Registry, text: str, suggest: Suggest) -> LineCompletion:
    """Return the completions of `text`."""
    half = dissect(registry, text)
    if half is None:
        names = parsing.complete(registry, text.lstrip())[:25]
        return LineCompletion(
            tuple(Option(_begin_line(c), c.name, c.summary) for n in names if (c := registry.find(n)))
        )
    options: list[Option] = []
    if half.param is not None:
        choices = (await suggest(half.command, half.param, half.typed))[:MOST]
        label = half.param.says.label
        options += [Option(f"{half.before}{_quote(c.value)} ", c.label, label) for c in choices]
    options += [Option(f"{half.stem}{p.key}=", f"{p.key}=", p.says.label) for p in half.free]
    usage = tuple((_format_parameter(p), p is half.param) for p in half.command.offered)
    return LineCompletion(tuple(options), ((half.command.name, False), *usage), half.command.summary)


def dissect(registry: Registry, text: str) -> Half | None:
    """Return the parts of a line with a complete command; None while the command's name is being typed."""
    for count in (3, 2, 1):
        match = re.match(rf"\s*/?((?:\S+\s+){{{count - 1}}}\S+)\s", text)
        command = registry.find(" ".join(match[1].lower().split())) if match else None
        if match and command is not None and not command.hidden:
            return _split_half(command, text[: match.end()], text[match.end() :])
    return None


def _split_half(command: Command, head: str, rest: str) -> Half:
    cut = max(rest.rfind(" "), rest.rfind("\n")) + 1
    before, typed = rest[:cut], rest[cut:]
    stem = head + before
    taken = parsing.split(command, before)
    key, equals, value = typed.partition("=")
    named = command.param(key) if equals else None
    if named is not None:
        return Half(command, f"{stem}{key}=", value.lstrip('"'), named, stem)
    param, whole = _find_receiver(command, before, typed or _ANY_WORD)
    if not typed and not (param is not None and param.key in taken and param.kind is Kind.TEXT):
        param = next((p for p in command.offered if p.key not in taken), None)
    elif not typed:
        return Half(command, stem, "", param, stem)  # in the middle of a text: no names after every word
    free = tuple(p for p in command.offered if p.key not in taken and not p.required and (p is not param or not typed))
    named_so = tuple(p for p in free if p.key.startswith(typed.lower()))
    if typed and rest.endswith(whole):
        return Half(command, head + rest[: len(rest) - len(whole)], whole, param, stem, named_so)
    return Half(command, stem, typed, param, stem, named_so)


def _find_receiver(command: Command, before: str, typed: str) -> tuple[ParamSpec | None, str]:
    """Return the parameter of the last word, and the whole value including that word."""
    without, with_it = parsing.split(command, before), parsing.split(command, before + typed)
    key = next((k for k, v in with_it.items() if without.get(k) != v), None)
    return (command.param(key), with_it[key]) if key is not None else (None, typed)


def _begin_line(command: Command) -> str:
    return f"{command.name} " if command.params else command.name


def _format_parameter(param: ParamSpec) -> str:
    return param.key.upper() if param.required else f"[{param.key}=]"


def _quote(value: str) -> str:
    return f'"{value}"' if re.search(r"\s", value) else value
