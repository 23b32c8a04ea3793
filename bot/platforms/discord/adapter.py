"""Discord as a platform: connects, answers, delivers, inspects."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import Any

import discord
from discord.http import Route

from bot.base.rate_limiter import LimiterStore
from bot.chat.platform import (
    Arrived,
    CommandService,
    Findings,
    First,
    Later,
    Post,
    Refused,
    ReportState,
    ReportUsable,
    Sent,
    alone,
    unheard,
    unsaid,
)
from bot.chat.shards import ShardLeases, WantedShards
from bot.commands.context import AccessReport, Account, Place
from bot.commands.registry import Registry
from bot.messages.picture import EMPTY, Gallery
from bot.messages.reply import Reply
from bot.platforms.discord import channel_access, decode, deliver, limits, render
from bot.platforms.discord.channel_access import DiscordChannelAccess
from bot.platforms.discord.client import DiscordApi, hide_tokens
from bot.platforms.discord.commands import NOT_REGISTERED, CommandRegistrar
from bot.platforms.discord.connection import Client, Dialler, Events
from bot.platforms.discord.listen import Interactions, Messages
from bot.platforms.discord.markdown import is_id
from bot.platforms.discord.rate_limit import from_the_outbox
from bot.platforms.discord.shards import IdentifyTurns, ShardRunner, end
from bot.platforms.discord.thread_roots import ThreadRootCache

_NOT_YET_S = 5.0
_RENEW_S = 600.0
"""How often a process that takes no events fetches the registered commands, to link them in messages."""

_NOT_LET_IN = "Discord rejects DISCORD_TOKEN. Copy the token again from the Developer Portal, page Bot."
_FINAL = {
    4004: _NOT_LET_IN,
    4010: "Discord rejects the shard. Restart the bot.",
    4011: "Discord requires more shards than this bot offers. Restart the bot.",
    4013: "Discord doesn't know the intents that the bot asks for. Update Trailmate.",
    4014: "Discord forbids an intent that the bot asks for: in the Developer Portal, page Bot, look at Privileged "
    "Gateway Intents; Trailmate needs none of them.",
}
"""Close codes after which Discord will never let the bot in, each with its fix."""


class DiscordPlatform:
    """Serves Discord.

    Args:
        token: the bot's token.
        api_url: base of the REST API, for those behind a proxy.
        gateway_url: address of the gateway, for those behind a proxy.
        report_usable: called when a channel may take messages again.
        arrived: posts the greeting in a server that the bot has joined.
        gallery: draws the pictures of messages.
        first: whether this process takes an event; Discord sends each event to every connected process.
        limiter_store: the store of the bot's rate limit, which processes may share.
        shards: the configured shards.
        leases: which process has which shards; None if this one has all of them, or those that are configured.
        shows_all: whether everyone sees the moderators' commands; else only people who manage the server.
    """

    name = decode.NAME
    prefix = "/"
    limits = limits.LIMITS

    def __init__(
        self,
        token: str,
        *,
        api_url: str | None = None,
        gateway_url: str | None = None,
        report_usable: ReportUsable = unheard,
        arrived: Arrived = unsaid,
        gallery: Gallery = EMPTY,
        first: First = alone,
        shows_all: bool = False,
        limiter_store: LimiterStore | None = None,
        shards: WantedShards | None = None,
        leases: ShardLeases | None = None,
    ) -> None:
        self._wanted, self._leases, self._turns = shards or WantedShards(), leases, IdentifyTurns(limiter_store)
        self._shows_all, self._first = shows_all, first
        self._token, self._api_url = token, api_url
        self._report_usable, self._arrived = report_usable, arrived
        self._client: Client | None = None
        self._runner: ShardRunner[Client] | None = None
        self._registrar: CommandRegistrar | None = None
        self._events: Events | None = None
        self._dialler = Dialler(gateway_url, lambda: max(1, sum(len(c.shards) for c in self._connections)))
        self._api = DiscordApi(lambda: self._connected().http, limiter_store)
        self._api.gallery = gallery
        self._api.kind_of, self._api.may_attach = self._find_kind, self._may_attach
        self._sight = DiscordChannelAccess(self._api)

    def fits(self, reply: Reply) -> bool:
        """Whether one message shows the whole of a reply."""
        return render.fits(reply, self._api.known)

    def open(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> Client:
        """Return a client that is wired and not yet connected.

        If other processes share the shards, it only makes requests; a ShardRunner opens a client for each group.
        """
        if self._api_url:
            Route.BASE = self._api_url.rstrip("/")
        may_register = self._leases.may_register if self._leases is not None else _always
        self._registrar = CommandRegistrar(self._api, registry, may_register, shows_all=self._shows_all)
        roots = ThreadRootCache(self._api)
        self._events = Events(
            Interactions(self._api, registry, dispatcher, roots),
            Messages(self._api, registry, dispatcher, roots),
            self._report_usable,
            self._arrived,
            self._first,
        )
        self._client = self._open_client(self._wanted.ids, self._wanted.count, report)
        return self._client

    def _open_client(self, shards: Sequence[int], count: int | None, report: ReportState) -> Client:
        assert self._registrar is not None and self._events is not None
        client = Client(
            self._token,
            self._api,
            self._registrar,
            self._events,
            report,
            self._turns.wait,
            shards=shards,
            shard_count=count,
        )
        self._dialler.install(client.http)
        return client

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve until cancelled; raise Refused if Discord will never accept the token, an intent or a shard."""
        hide_tokens()
        report("connecting")
        client = self.open(registry, dispatcher, report)
        try:
            await self._serve(client.serve() if self._leases is None else self._share(client, self._leases, report))
        except discord.LoginFailure:
            raise Refused(_NOT_LET_IN) from None
        except discord.PrivilegedIntentsRequired:
            raise Refused(_FINAL[4014]) from None
        except discord.ConnectionClosed as closed:
            if closed.code in _FINAL:
                raise Refused(_FINAL[closed.code]) from None
            raise
        finally:
            await client.leave()
            if self._runner is not None:
                await self._runner.leave()

    async def _share(self, client: Client, leases: ShardLeases, report: ReportState) -> None:
        """Serve the shards that this process leases; `client` only makes requests."""
        await client.login(self._token)
        recommended, _, session_limits = await client.http.get_bot_gateway()
        self._turns.buckets = max(1, session_limits["max_concurrency"])

        def open_shards(shards: Sequence[int], count: int) -> Client:
            return self._open_client(shards, count, lambda _: runner.tell())

        self._runner = runner = ShardRunner(open_shards, leases, report)
        await runner.run(self._wanted.count or recommended)

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Deliver and inspect through REST only until cancelled; raise Refused if Discord rejects the token."""
        hide_tokens()
        report("connecting")
        client = self.open(registry, dispatcher, report)
        assert self._registrar is not None
        self._registrar.registers = False
        self._api.refused.clear()
        try:
            await client.login(self._token)
            report("ready")
            while not await self._is_refused(_RENEW_S):
                await self._registrar.register(int(client.own_id))
        except discord.LoginFailure:
            pass
        finally:
            await client.leave()
        raise Refused(_NOT_LET_IN)

    async def part(self, within_s: float) -> None:
        """Hand this process's shards over to others before it ends; it answers until they take over."""
        if self._runner is not None:
            await self._runner.part(within_s)

    async def _is_refused(self, within_s: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._api.refused.wait(), within_s)
        return self._api.refused.is_set()

    async def _serve(self, work: Coroutine[Any, Any, None]) -> None:
        """Serve until the work ends or a request shows that the token is no longer valid."""
        self._api.refused.clear()
        serving = asyncio.create_task(work)
        refused = asyncio.create_task(self._api.refused.wait())
        try:
            await asyncio.wait({serving, refused}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                raise Refused(_NOT_LET_IN)
            await serving
        finally:
            refused.cancel()
            await end(serving)

    @property
    def _connections(self) -> list[Client]:
        if self._runner is not None:
            return list(self._runner.clients)
        return [self._client] if self._client is not None and self._client.is_open else []

    def _find_kind(self, channel: str) -> int | None:
        """Return a channel's kind if its server is on one of this process's shards."""
        return next((kind for client in self._connections if (kind := client.find_kind(channel)) is not None), None)

    def _may_attach(self, channel: str) -> bool | None:
        """Return whether the bot has Attach Files in a channel, if its server is on one of this process's shards."""
        return next((may for client in self._connections if (may := client.may_attach(channel)) is not None), None)

    def _connected(self) -> Client:
        if self._client is None or not self._client.is_open:
            raise Later(_NOT_YET_S, "Discord is not connected yet")
        return self._client

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post; `again` looks for its tag first. Raises Gone, Later, DeliveryUnknown, ThreadFailed."""
        with from_the_outbox():
            return await deliver.deliver(self._api, post, again, self._connected().own_id)

    def last_event_s(self) -> float | None:
        """Return how many seconds ago Discord last sent anything; None while it is not connected."""
        silences = [silence for client in self._connections if (silence := client.last_event_s) is not None]
        return max(silences, default=None)

    def is_room(self, text: str) -> bool:
        """Whether a text can be a channel's id."""
        return is_id(text)

    def room_name(self, room: str) -> str:
        """Return "", because a channel's id means nothing to people."""
        return ""

    async def inspect(self, place: Place) -> Findings:
        """Check a channel, or the server if the place has no room."""
        if place.is_direct:
            return ()
        if place.room:
            return await channel_access.check_room(self._api, place, self._connected().own_id)
        client, registrar = self._client, self._registrar
        if client is None or registrar is None or not client.is_open:
            trouble = registrar.trouble if registrar is not None else NOT_REGISTERED
            return await channel_access.check_server(self._api, None, is_ready=False, commands=trouble)
        state = self._runner.state if self._runner is not None else client.state
        is_ready = state in ("ready", "standby") or not registrar.registers
        return await channel_access.check_server(self._api, place.tenant, is_ready=is_ready, commands=registrar.trouble)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Check whether a post in a channel can notify a role."""
        return await channel_access.check_role(self._api, place, role_id, self._connected().own_id)

    async def prepare(self, place: Place) -> None:
        """Do nothing, because a bot cannot join a Discord channel by itself."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return which of these channels a person sees, and with which roles."""
        return await self._sight.sees(account, rooms)

    async def present(self, account: Account) -> Account | None:
        """Return a person's current account in their server; None if they are not in it."""
        return await self._sight.present(account)


async def _always() -> bool:
    return True
