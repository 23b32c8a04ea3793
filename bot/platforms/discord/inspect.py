"""Check channels and servers, for doctor and before a group is created."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.chat.platform import Finding, Findings
from bot.commands.context import Place
from bot.messages import markup
from bot.platforms.discord.client import FORUM, MEDIA, DiscordApi
from bot.platforms.discord.form import ROOMS
from bot.platforms.discord.manifest import IN_FORUM, NEEDED, WELCOME, WITHOUT
from bot.platforms.discord.render import Payload

_REQUIRES_TAG = 1 << 4
_THREADS = {10, 11, 12}
_ROLE, _MEMBER = 0, 1


async def held_in(api: DiscordApi, room: str, me: str) -> tuple[Payload, discord.Permissions]:
    """Fetch a channel, or a thread's channel, and the bot's permissions there with all overrides.

    Args:
        me: the bot's own id.
    """
    channel = await api.channel(room)
    if channel["type"] in _THREADS:
        channel = await api.channel(str(channel["parent_id"]))
    guild = await api.guild(str(channel["guild_id"]))
    member = await api.member(str(channel["guild_id"]), me)
    return channel, permissions(guild, channel, member, me)


async def room(api: DiscordApi, place: Place, me: str) -> Findings:
    """Return findings about a channel.

    Args:
        me: the bot's own id.
    """
    try:
        channel, held = await held_in(api, place.room, me)
    except (discord.Forbidden, discord.NotFound):
        mend = "Give me View Channel there, or choose another channel."
        return (Finding(False, "I cannot see this channel", mend),)
    named = "#" + markup.escape(str(channel.get("name") or channel["id"]), 100)
    if channel["type"] not in ROOMS:
        return (_refuse_kind(named, channel["type"]),)
    is_forum = channel["type"] == FORUM
    needed = IN_FORUM if is_forum else NEEDED
    findings = [_check_permission(named, permission, bool(getattr(held, flag))) for flag, permission in needed.items()]
    findings += [
        Finding(
            True,
            f"{named}: {permission} is missing, so {WITHOUT[flag]}",
            "Allow it for my role if you miss that.",
            is_optional=True,
        )
        for flag, permission in WELCOME.items()
        if not getattr(held, flag)
    ]
    if is_forum and int(channel.get("flags") or 0) & _REQUIRES_TAG:
        mend = f"Edit {named} and switch off that people have to select tags when posting."
        findings.append(Finding(False, f"{named} wants a tag on every post", mend))
    return tuple(findings)


async def role(api: DiscordApi, place: Place, role_id: str, me: str) -> Findings:
    """Check whether a post in a channel can notify a role: anyone may mention it, or the bot may mention all."""
    try:
        guild = await api.guild(place.tenant or "")
        channel = await api.channel(place.room)
        member = await api.member(place.tenant or "", me)
    except (discord.Forbidden, discord.NotFound):
        return ()  # the look at the channel says what is wrong
    held = next((entry for entry in guild.get("roles") or () if str(entry["id"]) == role_id), None)
    if held is None:
        mend = f"Choose another one with {markup.typed('cohort edit')} and its notify, or write `off` there."
        return (Finding(False, "The role that a unit's post notifies is not in this server", mend),)
    named = "@" + markup.escape(str(held.get("name") or role_id), 100)
    if held.get("mentionable") or permissions(guild, channel, member, me).mention_everyone:
        return (Finding(True, f"A unit's post can notify {named}"),)
    mend = f"In Server Settings, Roles, {named}, switch on that anyone may @mention this role."
    return (Finding(False, f"I may not mention {named}, so a unit's post would notify nobody", mend),)


def _refuse_kind(named: str, kind: int) -> Finding:
    mend = "Choose a text, announcement or forum channel."
    if kind == MEDIA:
        return Finding(False, f"{named} is a media channel, made for pictures and films", mend)
    return Finding(False, f"{named} is not a text channel", mend)


def _check_permission(named: str, permission: str, ok: bool) -> Finding:
    if ok:
        return Finding(True, f"{named}: {permission}")
    where = f"Edit {named}, Permissions, and allow {permission} for my role; an override there may deny it."
    return Finding(False, f"{named}: {permission} is missing", where)


def permissions(guild: Payload, channel: Payload, member: Payload, me: str) -> discord.Permissions:
    """Return what a member may do in a channel.

    Source: https://discord.com/developers/docs/topics/permissions#permission-overwrites
    """
    roles = {str(role) for role in member.get("roles") or ()}
    everyone = str(guild["id"])
    value = 0
    for role in guild.get("roles") or ():
        if str(role["id"]) in roles or str(role["id"]) == everyone:
            value |= int(role["permissions"])
    if str(guild.get("owner_id")) == me or discord.Permissions(value).administrator:
        return discord.Permissions.all()
    overrides: list[Payload] = channel.get("permission_overwrites") or []
    value = _apply_overrides(value, (o for o in overrides if str(o["id"]) == everyone))
    value = _apply_overrides(value, (o for o in overrides if int(o["type"]) == _ROLE and str(o["id"]) in roles))
    value = _apply_overrides(value, (o for o in overrides if int(o["type"]) == _MEMBER and str(o["id"]) == me))
    return discord.Permissions(value)


def _apply_overrides(value: int, overrides: Iterable[Payload]) -> int:
    allow = deny = 0
    for override in overrides:
        allow |= int(override["allow"])
        deny |= int(override["deny"])
    return (value & ~deny) | allow


async def server(api: DiscordApi, tenant: str | None, *, is_ready: bool, commands: str) -> Findings:
    """Return findings about the connection, the commands and a server.

    Args:
        is_ready: whether the gateway is connected.
        commands: why the slash commands are not registered; empty if they are.
    """
    findings = [
        Finding(is_ready, "Connected to Discord" if is_ready else "Not connected to Discord", _advise_unless(is_ready)),
        Finding(True, "No privileged intent is needed: mentions, replies and direct messages arrive without one"),
        Finding(not commands, commands or "Slash commands are registered", _advise_unless(not commands)),
    ]
    if tenant is not None:
        try:
            guild = await api.guild(tenant)
            findings.append(
                Finding(True, "Member of the server " + markup.escape(str(guild.get("name") or tenant), 100))
            )
        except (discord.Forbidden, discord.NotFound):
            mend = "Invite me again with the link of `trailmate manifest discord`."
            findings.append(Finding(False, "I am not in this server", mend))
    return tuple(findings)


def _advise_unless(ok: bool) -> str:
    return "" if ok else "I try again by myself; if it stays so, look into the log."
