"""Decode Discord's events: slash commands, clicks, forms and messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.commands.context import ALONE, MODERATES, Account, ConversationRef, Invocation, Place
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.platforms.discord.limits import TRAITS
from bot.understanding import intents

NAME = "discord"
_SUB_COMMAND, _SUB_COMMAND_GROUP, _FILE = 1, 2, 11


def account(
    person: discord.abc.User, guild: discord.Guild | None, tenant: int | None, may: discord.Permissions
) -> Account:
    """Return a person's account with their roles; people who manage or administer the server are moderators."""
    grants = {f"role:{role.id}" for role in getattr(person, "roles", ()) if not role.is_default()}
    if may.manage_guild or may.administrator:
        grants.add(MODERATES)
    return Account(
        NAME,
        str(tenant) if tenant else None,
        str(person.id),
        person.display_name,
        grants=frozenset(grants) if tenant else frozenset(),
        tenant_name=(guild.name or "") if guild is not None and tenant else "",
        realm="",
        tenancy=TRAITS,
    )


def place(channel: Any, tenant: int | None, person: int) -> Place:
    """Return the room of an event; for a thread, its channel and the thread.

    Args:
        channel: any of the SDK's channels, or None if the SDK knows none.
    """
    if tenant is None:
        return Place.direct(NAME, None, str(person))
    if isinstance(channel, discord.Thread):
        return Place(NAME, str(tenant), str(channel.parent_id), str(channel.id))
    return Place(NAME, str(tenant), str(channel.id) if channel is not None else "")


def of_interaction(interaction: discord.Interaction[Any], call: Call, strand: ConversationRef = ALONE) -> Invocation:
    """Return the invocation of a slash command, click or form."""
    tenant, person = interaction.guild_id, interaction.user
    who = account(person, interaction.guild, tenant, interaction.permissions)
    where = place(interaction.channel, tenant, person.id)
    return Invocation(call, who, where, f"{NAME}:{interaction.id}", interaction.created_at, strand=strand)


def of_message(message: discord.Message, call: Call, where: Place, strand: ConversationRef) -> Invocation:
    """Return the invocation of a mention, reply or direct message."""
    guild, person = message.guild, message.author
    may = person.guild_permissions if isinstance(person, discord.Member) else discord.Permissions.none()
    who = account(person, guild, guild.id if guild else None, may)
    return Invocation(call, who, where, f"{NAME}:{message.id}", message.created_at, strand=strand)


def is_addressed(message: discord.Message, me: int) -> bool:
    """Whether a message mentions the bot, replies to it or is a direct message.

    Discord sends the text of such messages only. A reply without a ping arrives empty and is not answered.
    """
    if message.author.bot or message.webhook_id or message.type not in _SAID:
        return False
    if message.guild is None or re.search(rf"<@!?{me}>", message.content):
        return True
    answered = message.reference.resolved if message.reference else None
    is_reply = isinstance(answered, discord.Message) and answered.author.id == me
    return bool(message.content) and is_reply


_SAID = {discord.MessageType.default, discord.MessageType.reply}


def parse_text(registry: Registry, content: str, me: int, *, is_direct: bool = False, follows: bool = False) -> Call:
    """Return the Call of a message's text; `follows` if it replies to an answer."""
    mention = re.compile(rf"(?<![ ,:])[ ,:]*<@!?{me}>[ ,:]*")
    return intents.hear(registry, content, "direct" if is_direct else "mention", mention, follows=follows or is_direct)


@dataclass(frozen=True)
class TypedSlashCommand:
    """A slash command as typed; `focused` is the option that is still being typed.

    Args:
        file: Discord's data on the attached file: its name, size and address.
    """

    call: Call
    focused: str = ""
    file: Mapping[str, Any] | None = None


def parse_slash_command(data: Mapping[str, Any]) -> TypedSlashCommand:
    """Return the Call of an application command, or of one that is still being typed."""
    name, options, focused, file = str(data["name"]), data.get("options") or [], "", None
    while options and options[0].get("type") in (_SUB_COMMAND, _SUB_COMMAND_GROUP):
        name, options = f"{name} {options[0]['name']}", options[0].get("options") or []
    args = {}
    for option in options:
        value = option.get("value")
        if option.get("type") == _FILE:
            file = _find_resolved(data, "attachments").get(str(value))
            continue
        args[option["name"]] = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        focused = option["name"] if option.get("focused") else focused
    return TypedSlashCommand(Call(name, args), focused, file)


def find_upload(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return Discord's data on the file of a submitted modal; None without one."""
    return next(iter(_find_resolved(data, "attachments").values()), None)


def upon(registry: Registry, data: Mapping[str, Any]) -> Call | None:
    """Return the Call of a click in the menu of a message; None for any other command."""
    command = next((c for c in registry.on_message if c.on_message and c.on_message.label == data["name"]), None)
    message = _find_resolved(data, "messages").get(str(data.get("target_id")))
    if command is None or message is None:
        return None
    author = message.get("author") or {}
    return command.upon(_read_text(message), "" if author.get("bot") else str(author.get("id") or ""))


def _read_text(message: Mapping[str, Any]) -> str:
    """Return the content and the embeds of a message as text."""
    embeds = message.get("embeds") or []
    parts = (
        part
        for embed in embeds
        for part in (
            embed.get("title"),
            embed.get("description"),
            *(field.get(key) for field in embed.get("fields") or () for key in ("name", "value")),
        )
    )
    return "\n".join(str(part) for part in (message.get("content"), *parts) if part)


def _find_resolved(data: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    return (data.get("resolved") or {}).get(what) or {}
