"""Find who sees which channel and what they and the bot may do there, and check it for doctor and new groups."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import discord

from bot.chat.platform import Finding, Findings
from bot.commands.context import MODERATES, AccessReport, Account, Place
from bot.commands.room_access import Fresh
from bot.messages import markup
from bot.platforms.discord.client import FORUM, MEDIA, DiscordApi
from bot.platforms.discord.form import ROOMS
from bot.platforms.discord.limits import TRAITS
from bot.platforms.discord.manifest import IN_FORUM, NEEDED, WELCOME, WITHOUT
from bot.platforms.discord.render import Payload

_NOT_HERE = {10004, 10007, 10013, 50001}
"""Unknown Guild, Member, User; Missing Access: the bot or the person is not in the server."""


class DiscordChannelAccess:
    """Checks who sees which channel; each response of Discord is cached for a minute."""

    def __init__(self, api: DiscordApi) -> None:
        self._api = api
        self._servers: Fresh[str, tuple[Payload, dict[str, Payload]] | None] = Fresh(self._fetch_server)
        self._members: Fresh[tuple[str, str], Payload | None] = Fresh(self._fetch_member)

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return which of these channels a person sees; a failed request raises its own error."""
        tenants = sorted({room.tenant for room in rooms if room.tenant is not None})
        views = await asyncio.gather(*(self._check_server(tenant, account.id, rooms) for tenant in tenants))
        return AccessReport(
            _unite(v.seen for v in views),
            _unite(v.gone for v in views),
            {tenant: grants for v in views for tenant, grants in v.grants.items()},
            frozenset[str]().union(*(v.absent for v in views)),
            _unite(v.owned for v in views),
            {tenant: trusted for v in views for tenant, trusted in v.trusted.items()},
        )

    async def _check_server(self, tenant: str, person: str, rooms: frozenset[Place]) -> AccessReport:
        server, member = await asyncio.gather(self._servers.get(tenant), self._members.get((tenant, person)))
        here = frozenset(room for room in rooms if room.tenant == tenant)
        if server is None:
            return AccessReport(gone=here)
        if member is None:
            return AccessReport(absent=frozenset({tenant}))
        guild, channels = server
        whole = compute_permissions(guild, {}, member, person)
        gone = frozenset(room for room in here if room.room not in channels)
        held = {room: compute_permissions(guild, channels[room.room], member, person) for room in here - gone}
        seen = frozenset(room for room, may in held.items() if may.view_channel)
        # nobody is known to have made a channel; who manages it has it from who manages the server
        owned = frozenset(room for room in seen if held[room].manage_channels)
        trusted = {tenant: ((str(guild["owner_id"]), "the server's owner"),)} if guild.get("owner_id") else {}
        grants = _list_grants(member, whole)
        if whole.administrator:  # no channel was ever closed to them, so they are told what became of each
            return AccessReport(seen | gone, grants={tenant: grants}, owned=owned, trusted=trusted)
        return AccessReport(seen, gone, {tenant: grants}, owned=owned, trusted=trusted)

    async def present(self, account: Account) -> Account | None:
        """Return a person's current account in their server, None if they left; a failed request raises its error."""
        tenant = account.tenant or ""
        server, member = await asyncio.gather(self._servers.get(tenant), self._members.get((tenant, account.id)))
        if server is None or member is None:
            return None
        guild, user = server[0], member.get("user") or {}
        name = member.get("nick") or user.get("global_name") or user.get("username") or account.name
        grants = _list_grants(member, compute_permissions(guild, {}, member, account.id))
        return replace(
            account, name=str(name), grants=grants, tenant_name=str(guild.get("name") or ""), realm="", tenancy=TRAITS
        )

    async def _fetch_server(self, tenant: str) -> tuple[Payload, dict[str, Payload]] | None:
        try:
            guild, channels = await asyncio.gather(self._api.guild(tenant), self._api.channels(tenant))
        except (discord.Forbidden, discord.NotFound) as trouble:
            if trouble.code in _NOT_HERE:
                return None
            raise
        return guild, {str(channel["id"]): channel for channel in channels}

    async def _fetch_member(self, key: tuple[str, str]) -> Payload | None:
        try:
            return await self._api.member(*key)
        except (discord.Forbidden, discord.NotFound) as trouble:
            if trouble.code in _NOT_HERE:
                return None
            raise


def _list_grants(member: Payload, may: discord.Permissions) -> frozenset[str]:
    """Return the roles of a member, and whether managing or administering the server moderates."""
    roles = frozenset(f"role:{role}" for role in member.get("roles") or ())
    return roles | {MODERATES} if may.administrator or may.manage_guild else roles


def _unite(rooms: Iterable[frozenset[Place]]) -> frozenset[Place]:
    return frozenset[Place]().union(*rooms)


_REQUIRES_TAG = 1 << 4
_THREADS = {10, 11, 12}
_ROLE, _MEMBER = 0, 1


async def fetch_permissions(api: DiscordApi, room: str, me: str) -> tuple[Payload, discord.Permissions]:
    """Fetch a channel, or a thread's channel, and the bot's permissions there with all overrides.

    Args:
        me: the bot's own id.
    """
    channel = await api.channel(room)
    if channel["type"] in _THREADS:
        channel = await api.channel(str(channel["parent_id"]))
    guild = await api.guild(str(channel["guild_id"]))
    member = await api.member(str(channel["guild_id"]), me)
    return channel, compute_permissions(guild, channel, member, me)


async def check_room(api: DiscordApi, place: Place, me: str) -> Findings:
    """Return findings about a channel.

    Args:
        me: the bot's own id.
    """
    try:
        channel, held = await fetch_permissions(api, place.room, me)
    except (discord.Forbidden, discord.NotFound):
        fix = "Give me View Channel there, or choose another channel."
        return (Finding(False, "I cannot see this channel", fix),)
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
        fix = f"Edit {named} and switch off that people have to select tags when posting."
        findings.append(Finding(False, f"{named} wants a tag on every post", fix))
    return tuple(findings)


async def check_role(api: DiscordApi, place: Place, role_id: str, me: str) -> Findings:
    """Check whether a post in a channel can notify a role: anyone may mention it, or the bot may mention all."""
    try:
        guild = await api.guild(place.tenant or "")
        channel = await api.channel(place.room)
        member = await api.member(place.tenant or "", me)
    except (discord.Forbidden, discord.NotFound):
        return ()  # the look at the channel says what is wrong
    held = next((entry for entry in guild.get("roles") or () if str(entry["id"]) == role_id), None)
    if held is None:
        fix = f"Choose another one with {markup.typed('manage edit')} and its notify, or write `off` there."
        return (Finding(False, "The role that unit posts notify isn't in this server", fix),)
    named = "@" + markup.escape(str(held.get("name") or role_id), 100)
    if held.get("mentionable") or compute_permissions(guild, channel, member, me).mention_everyone:
        return (Finding(True, f"Unit posts can notify {named}"),)
    fix = f"In Server Settings, Roles, {named}, turn on “Allow anyone to @mention this role”."
    return (Finding(False, f"I can't mention {named}, so unit posts notify nobody", fix),)


def _refuse_kind(named: str, kind: int) -> Finding:
    fix = "Choose a text, announcement or forum channel."
    if kind == MEDIA:
        return Finding(False, f"{named} is a media channel", fix)
    return Finding(False, f"{named} is not a text channel", fix)


def _check_permission(named: str, permission: str, ok: bool) -> Finding:
    if ok:
        return Finding(True, f"{named}: {permission}")
    where = f"Edit {named}, Permissions, and allow {permission} for my role. Check the channel's overrides too."
    return Finding(False, f"{named}: {permission} is missing", where)


def compute_permissions(guild: Payload, channel: Payload, member: Payload, me: str) -> discord.Permissions:
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


async def check_server(api: DiscordApi, tenant: str | None, *, is_ready: bool, commands: str) -> Findings:
    """Return findings about the connection, the commands and a server.

    Args:
        is_ready: whether the gateway is connected.
        commands: why the slash commands are not registered; empty if they are.
    """
    findings = [
        Finding(is_ready, "Connected to Discord" if is_ready else "Not connected to Discord", _advise_unless(is_ready)),
        Finding(True, "No privileged intent is needed for mentions, replies and direct messages"),
        Finding(not commands, commands or "Slash commands are registered", _advise_unless(not commands)),
    ]
    if tenant is not None:
        try:
            guild = await api.guild(tenant)
            findings.append(
                Finding(True, "Member of the server " + markup.escape(str(guild.get("name") or tenant), 100))
            )
        except (discord.Forbidden, discord.NotFound):
            fix = "Invite me again with the link of `trailmate manifest discord`."
            findings.append(Finding(False, "I am not in this server", fix))
    return tuple(findings)


def _advise_unless(ok: bool) -> str:
    return "" if ok else "I'll keep trying. If this lasts, check the log."
