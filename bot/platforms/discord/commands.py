"""The commands as Discord's slash commands: what is registered.

Where translations of the commands would come in: a `Translator` of the SDK, asked for each name and description.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import Locale
from discord.app_commands import (
    TranslationContext,
    TranslationContextLocation,
    TranslationContextTypes,
    Translator,
    locale_str,
)

from bot.commands.command import Command, ParamSpec
from bot.commands.parameter_types import Kind
from bot.commands.registry import Registry
from bot.messages import markup
from bot.platforms.discord import limits
from bot.platforms.discord.form import ROOMS
from bot.platforms.discord.markdown import Commands, Registered
from bot.platforms.discord.render import Payload


class AsWritten(Translator):
    """Leaves names and descriptions as they are written, in English."""

    async def translate(self, _string: locale_str, _locale: Locale, _context: TranslationContextTypes) -> str | None:
        """Return no other text in any language."""
        return None


async def translated(drawn: Payload, translator: Translator) -> Payload:
    """Return a command, option or choice with its words in each language that the translator has."""
    context: TranslationContextTypes = TranslationContext(TranslationContextLocation.other, drawn)
    made = dict(drawn)
    for key in ("name", "description"):
        if key in drawn:
            said = locale_str(drawn[key])
            found = {one.value: await translator.translate(said, one, context) for one in Locale}
            if texts := {language: text for language, text in found.items() if text}:
                made[f"{key}_localizations"] = texts
    for key in ("options", "choices"):
        if key in drawn:
            made[key] = [await translated(one, translator) for one in drawn[key]]
    return made


_CHAT_INPUT = _SUB_COMMAND = 1

ON_MESSAGE = 3

"""The type of a command in the menu of a message."""

_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _FILE = 3, 4, 5, 6, 7, 11

_TYPES = {
    Kind.INT: _INTEGER,
    Kind.BOOL: _BOOLEAN,
    Kind.MEMBER: _USER,
    Kind.ROOM: _CHANNEL,
    Kind.FILE: _FILE,
}

_MANAGERS = str(discord.Permissions(manage_guild=True).value)

"""Who is shown what moderators do, until a server says otherwise under Integrations."""

_IN_SERVERS, _WITH_THE_BOT = 0, 1

_TO_SERVERS = 0


def registration(registry: Registry, *, shows_all: bool = False) -> list[Payload]:
    """Return what to register: one slash command each, two-word names as subcommands of their first word.

    Args:
        shows_all: whether what moderators do is shown to all; else to those who manage the server.
    """
    roots: dict[str, Payload] = {}
    for one in registry.shown:
        first, _, second = one.name.partition(" ")
        if not second:
            roots[first] = _root(first, one.summary, _options(one))
            continue
        group = roots.setdefault(first, _root(first, "", []))
        group["options"].append({"type": _SUB_COMMAND, "name": second, **_said(one.summary), "options": _options(one)})
        names = ", ".join(option["name"] for option in group["options"])
        group |= _said(f"{first.capitalize()}: {names}")
    drawn = [*roots.values(), *map(_on_message, registry.on_message)]
    closed = set() if shows_all else _for_moderators(registry)
    return [one | {"default_member_permissions": _MANAGERS if one["name"] in closed else None} for one in drawn]


def _for_moderators(registry: Registry) -> set[str]:
    """Return the names of what is registered that only moderators can use; of a group each command must be theirs."""
    open_to_more = {one.name.split(" ")[0] for one in registry.shown if one.role != "moderator"}
    roots = {one.name.split(" ")[0] for one in registry.shown} - open_to_more
    return roots | {one.on_message.label for one in registry.on_message if one.on_message and one.role == "moderator"}


def _on_message(command: Command) -> Payload:
    assert command.on_message is not None
    return {
        "type": ON_MESSAGE,
        "name": command.on_message.label,
        "contexts": [_IN_SERVERS],
        "integration_types": [_TO_SERVERS],
    }


def _root(name: str, summary: str, options: list[Payload]) -> Payload:
    return {
        "type": _CHAT_INPUT,
        "name": name,
        **_said(summary),
        "options": options,
        "contexts": [_IN_SERVERS, _WITH_THE_BOT],
        "integration_types": [_TO_SERVERS],
    }


def _said(words: str) -> Payload:
    return {"description": markup.clip(words, limits.DESCRIPTION)}


def _options(command: Command) -> list[Payload]:
    """Return a command's options; a command with a form asks for what is missing itself, so all are optional."""
    drawn = [_option(param, required=param.required and not command.form) for param in command.params]
    return sorted(drawn, key=lambda option: not option["required"])


def _option(param: ParamSpec, *, required: bool) -> Payload:
    kind = _TYPES.get(param.kind, _STRING)
    option: Payload = {"type": kind, "name": param.key, **_said(param.says.label), "required": required}
    if param.kind is Kind.CHOICE and len(param.choices) <= limits.LIMITS.choices:
        option["choices"] = [{"name": markup.clip(c, limits.CHOICE), "value": c} for c in param.choices]
    elif param.kind is Kind.ROOM:
        option["channel_types"] = ROOMS
    elif param.kind is Kind.INT:
        bounds = {"min_value": param.says.min, "max_value": param.says.max}
        option |= {name: bound for name, bound in bounds.items() if bound is not None}
    elif kind == _STRING:
        if suggests(param):
            option["autocomplete"] = True
        if param.kind is Kind.TEXT:
            option["max_length"] = min(param.characters, limits.OPTION_TEXT)
    return option


def suggests(param: ParamSpec) -> bool:
    """Whether values of this parameter are suggested while somebody types."""
    return param.says.suggest is not None or param.kind in {Kind.ZONE, Kind.MINUTES, Kind.DATE}


def differs(wanted: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what Discord holds has to be overwritten; order of commands and fields that Discord adds do not count."""
    return _canon(wanted) != _canon(found)


def _canon(commands: Sequence[Mapping[str, Any]]) -> list[Payload]:
    roots = [
        {
            **_canon_option(command),
            "contexts": sorted(command.get("contexts") or []),
            "integration_types": sorted(command.get("integration_types") or []),
            "default_member_permissions": command.get("default_member_permissions"),
        }
        for command in commands
    ]
    return sorted(roots, key=lambda root: (root["type"], root["name"]))


def _canon_option(one: Mapping[str, Any]) -> Payload:
    return {
        "type": one.get("type", _CHAT_INPUT),
        "name": one["name"],
        "description": one.get("description") or "",
        **{words: one.get(words) or {} for words in ("name_localizations", "description_localizations")},
        "required": bool(one.get("required")),
        "autocomplete": bool(one.get("autocomplete")),
        **{bound: one.get(bound) for bound in ("max_length", "min_value", "max_value")},
        "choices": [(c["name"], c["value"], c.get("name_localizations") or {}) for c in one.get("choices") or []],
        "channel_types": sorted(one.get("channel_types") or []),
        "options": [_canon_option(option) for option in one.get("options") or []],
    }


def known(registered: Sequence[Mapping[str, Any]], registry: Registry) -> Commands:
    """Return what to click for each command: its own id, or that of the command whose subcommand it is."""
    ids: dict[str, str] = {}
    for root in registered:
        inner = [o["name"] for o in root.get("options") or [] if o.get("type") == _SUB_COMMAND]
        names = [f"{root['name']} {name}" for name in inner] or [str(root["name"])]
        ids |= dict.fromkeys(names, str(root["id"]))
    return {one.name: Registered(ids[one.name], one) for one in registry.shown if one.name in ids}
