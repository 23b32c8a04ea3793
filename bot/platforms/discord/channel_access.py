"""Who sees which channel, and with which roles, computed from what Discord holds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import discord

from bot.commands.context import MODERATES, AccessReport, Account, Place
from bot.commands.room_access import Fresh
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.inspect import permissions
from bot.platforms.discord.limits import TRAITS
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
        whole = permissions(guild, {}, member, person)
        gone = frozenset(room for room in here if room.room not in channels)
        held = {room: permissions(guild, channels[room.room], member, person) for room in here - gone}
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
        grants = _list_grants(member, permissions(guild, {}, member, account.id))
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
