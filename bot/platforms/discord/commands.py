"""Draw the commands as Discord's slash commands, and register them if they differ from the registered ones.

A `Translator` of the SDK can translate each name and description.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.form import ROOMS, VOICES
from bot.platforms.discord.markdown import Commands, Registered
from bot.platforms.discord.render import Payload


class AsWritten(Translator):
    """Leaves names and descriptions in English."""

    async def translate(self, _string: locale_str, _locale: Locale, _context: TranslationContextTypes) -> str | None:
        """Return None, which means no translation."""
        return None


async def translated(drawn: Payload, translator: Translator) -> Payload:
    """Return a command, option or choice with the translations that the translator has."""
    context: TranslationContextTypes = TranslationContext(TranslationContextLocation.other, drawn)
    made = dict(drawn)
    for key in ("name", "description"):
        if key in drawn:
            source = locale_str(drawn[key])
            texts = {locale.value: await translator.translate(source, locale, context) for locale in Locale}
            if texts := {language: text for language, text in texts.items() if text}:
                made[f"{key}_localizations"] = texts
    for key in ("options", "choices"):
        if key in drawn:
            made[key] = [await translated(item, translator) for item in drawn[key]]
    return made


_CHAT_INPUT = _SUB_COMMAND = 1

_SUB_COMMAND_GROUP = 2

ON_MESSAGE = 3

"""The type of a command in the menu of a message."""

_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _FILE = 3, 4, 5, 6, 7, 11

_TYPES = {
    Kind.INT: _INTEGER,
    Kind.BOOL: _BOOLEAN,
    Kind.MEMBER: _USER,
    Kind.ROOM: _CHANNEL,
    Kind.FILE: _FILE,
    Kind.DOCUMENT: _FILE,
}

_MANAGERS = str(discord.Permissions(manage_guild=True).value)

"""The permission to see moderators' commands; a server can change it under Integrations."""

_IN_SERVERS, _WITH_THE_BOT = 0, 1

_TO_SERVERS = 0


def registration(registry: Registry, *, shows_all: bool = False) -> list[Payload]:
    """Return the bodies to register: the menu's commands, those of several words as subcommands of their groups.

    Args:
        shows_all: whether everyone sees the moderators' commands; else only people who manage the server.
    """
    roots: dict[str, Payload] = {}
    for command in registry.menu:
        first, *inner = command.name.split(" ")
        if not inner:
            roots[first] = _draw_root(first, command.summary, _draw_options(command))
            continue
        group = roots.setdefault(first, _draw_root(first, _describe_group(registry, first), []))
        if len(inner) > 1:
            group = _find_subgroup(registry, group, inner[0])
        group["options"].append(
            {"type": _SUB_COMMAND, "name": inner[-1], **_describe(command.summary), "options": _draw_options(command)}
        )
    drawn = [*roots.values(), *map(_draw_menu_command, registry.on_message)]
    closed = set() if shows_all else _find_moderator_commands(registry)
    return [
        command | {"default_member_permissions": _MANAGERS if command["name"] in closed else None} for command in drawn
    ]


def _describe_group(registry: Registry, group: str) -> str:
    """Return what a group is for; without a menu that says so, its commands."""
    names = (c.name.removeprefix(f"{group} ") for c in registry.menu if c.name.startswith(f"{group} "))
    return registry.purposes.get(group) or f"{group.capitalize()}: {', '.join(names)}"


def _find_subgroup(registry: Registry, root: Payload, name: str) -> Payload:
    """Return a group within a root, added if it is not there yet."""
    options: list[Payload] = root["options"]
    drawn = next((option for option in options if option["name"] == name), None)
    if drawn is None:
        purpose = _describe_group(registry, f"{root['name']} {name}")
        drawn = {"type": _SUB_COMMAND_GROUP, "name": name, **_describe(purpose), "options": []}
        options.append(drawn)
    return drawn


def _find_moderator_commands(registry: Registry) -> set[str]:
    """Return the names of entries that only moderators can use; for a group this holds for each of its commands."""
    open_to_more = {command.name.split(" ")[0] for command in registry.menu if command.role != "moderator"}
    roots = {command.name.split(" ")[0] for command in registry.menu} - open_to_more
    return roots | {
        command.on_message.label
        for command in registry.on_message
        if command.on_message and command.role == "moderator"
    }


def _draw_menu_command(command: Command) -> Payload:
    assert command.on_message is not None
    return {
        "type": ON_MESSAGE,
        "name": command.on_message.label,
        "contexts": [_IN_SERVERS],
        "integration_types": [_TO_SERVERS],
    }


def _draw_root(name: str, summary: str, options: list[Payload]) -> Payload:
    return {
        "type": _CHAT_INPUT,
        "name": name,
        **_describe(summary),
        "options": options,
        "contexts": [_IN_SERVERS, _WITH_THE_BOT],
        "integration_types": [_TO_SERVERS],
    }


def _describe(words: str) -> Payload:
    return {"description": markup.clip(words, limits.DESCRIPTION)}


def _draw_options(command: Command) -> list[Payload]:
    """Return a command's options; all are optional if the command has a form, which asks for what is missing."""
    drawn = [_draw_option(param, required=param.required and not command.form) for param in command.offered]
    return sorted(drawn, key=lambda option: not option["required"])


def _draw_option(param: ParamSpec, *, required: bool) -> Payload:
    kind = _TYPES.get(param.kind, _STRING)
    option: Payload = {"type": kind, "name": param.key, **_describe(param.says.label), "required": required}
    if param.kind is Kind.CHOICE and len(param.choices) <= limits.LIMITS.choices:
        option["choices"] = [{"name": markup.clip(c, limits.CHOICE), "value": c} for c in param.choices]
    elif param.kind is Kind.ROOM:
        option["channel_types"] = VOICES if param.says.is_voice else ROOMS
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


def differs(wanted: Sequence[Mapping[str, Any]], registered: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the registered commands differ from the wanted ones; ignores order and fields that Discord adds."""
    return _normalise(wanted) != _normalise(registered)


def _normalise(commands: Sequence[Mapping[str, Any]]) -> list[Payload]:
    roots = [
        {
            **_normalise_option(command),
            "contexts": sorted(command.get("contexts") or []),
            "integration_types": sorted(command.get("integration_types") or []),
            "default_member_permissions": command.get("default_member_permissions"),
        }
        for command in commands
    ]
    return sorted(roots, key=lambda root: (root["type"], root["name"]))


def _normalise_option(command: Mapping[str, Any]) -> Payload:
    return {
        "type": command.get("type", _CHAT_INPUT),
        "name": command["name"],
        "description": command.get("description") or "",
        **{words: command.get(words) or {} for words in ("name_localizations", "description_localizations")},
        "required": bool(command.get("required")),
        "autocomplete": bool(command.get("autocomplete")),
        **{bound: command.get(bound) for bound in ("max_length", "min_value", "max_value")},
        "choices": [(c["name"], c["value"], c.get("name_localizations") or {}) for c in command.get("choices") or []],
        "channel_types": sorted(command.get("channel_types") or []),
        "options": [_normalise_option(option) for option in command.get("options") or []],
    }


def known(registered: Sequence[Mapping[str, Any]], registry: Registry) -> Commands:
    """Return the id to link for each command: its own, or that of its root command."""
    ids: dict[str, str] = {}
    for root in registered:
        ids |= dict.fromkeys(_list_names(root), str(root["id"]))
    return {command.name: Registered(ids[command.name], command) for command in registry.menu if command.name in ids}


def _list_names(drawn: Mapping[str, Any]) -> list[str]:
    inner = [o for o in drawn.get("options") or [] if o.get("type") in (_SUB_COMMAND, _SUB_COMMAND_GROUP)]
    return [f"{drawn['name']} {name}" for option in inner for name in _list_names(option)] or [str(drawn["name"])]


NOT_REGISTERED = "The slash commands are not registered yet"
_OTHERS_S = 2.0

"""Seconds that another process has to register the commands."""

log = logging.getLogger(__name__)


class CommandRegistrar:
    """Registers the commands of a bot; a failure is stored for doctor.

    Args:
        shows_all: whether everyone sees the moderators' commands.
        may_register: whether this process may register them, or waits for another one.

    `registers` is False in a process that takes no events: it only reads how the commands are numbered.
    `trouble` says why they are not registered; "" if they are.
    """

    translator: Translator = AsWritten()

    def __init__(
        self, api: DiscordApi, registry: Registry, may_register: Callable[[], Awaitable[bool]], *, shows_all: bool
    ) -> None:
        self.registers = True
        self.trouble = NOT_REGISTERED
        self._api, self._registry, self._may_register, self._shows_all = api, registry, may_register, shows_all

    async def register(self, application: int) -> None:
        """Register the commands if they differ."""
        drawn = registration(self._registry, shows_all=self._shows_all)
        wanted = [await translated(command, self.translator) for command in drawn]
        try:
            registered = await self._api.commands(application)
            if self.registers and differs(wanted, registered):
                registered = await self._register_unless_taken(application, wanted)
            self._api.known = known(registered, self._registry)
        except discord.HTTPException as trouble:
            self.trouble = f"Discord refused the slash commands (code {trouble.code})"
            log.warning("Discord refused the slash commands (status %d, code %d)", trouble.status, trouble.code)
        except discord.RateLimited as trouble:
            self.trouble = f"Discord will accept the slash commands in {trouble.retry_after:.0f} s at the earliest"
            log.warning("Discord will accept the slash commands in %.0f s at the earliest", trouble.retry_after)
        else:
            self.trouble = ""

    async def _register_unless_taken(self, application: int, wanted: list[Payload]) -> list[Payload]:
        """Register commands, unless another process is doing so; wait for it in that case."""
        if not await self._may_register():
            await asyncio.sleep(_OTHERS_S)
            registered = await self._api.commands(application)
            if not differs(wanted, registered):
                return registered
        log.info("registering %d slash commands", len(wanted))
        return await self._api.register(application, wanted)
