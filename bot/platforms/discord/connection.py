"""A connection to Discord: passes on interactions and messages.

The gateway can be behind a proxy. Repeated dials are slowed down; the SDK resumes what is cut.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
import yarl
from discord.http import HTTPClient

from bot.base.event import event
from bot.chat.platform import Arrived, First, ReportState, ReportUsable, alone
from bot.commands.context import Place
from bot.messages.reply import Reply
from bot.platforms.discord import decode, limits, manifest, render
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.commands import CommandRegistrar
from bot.platforms.discord.decode import NAME
from bot.platforms.discord.listen import Interactions, Messages
from bot.platforms.discord.rate_limit import Buckets, watch

log = logging.getLogger(__name__)

_FREE_DIALS, _WITHIN_S, _LONGEST_S, _REMEMBERED = 6, 60.0, 30.0, 8192

"""Dials of each shard without a pause within a minute; each further one waits twice as long, up to `_LONGEST_S`."""

_SILENT_S = 45.0

"""Seconds without a frame after which the SDK connects again. Discord asks for a heartbeat every 41 seconds.

Source: https://discord.com/developers/docs/events/gateway#heartbeat-interval
"""

MOST_MISSED = 50

"""Messages of a channel that are read to find those that nobody heard."""


class Dialler:
    """Dials the gateway for the SDK, with pauses.

    Without it the SDK dials again at once if the gateway accepts and closes a connection.

    Args:
        address: the gateway's address; None keeps the one that Discord names.
        shards: returns the number of shards that it dials for.
    """

    def __init__(self, address: str | None, shards: Callable[[], int] = lambda: 1) -> None:
        self._shards = shards
        self._address = yarl.URL(address) if address else None
        self._past: deque[float] = deque(maxlen=_REMEMBERED)

    def install(self, http: HTTPClient) -> None:
        """Replace the SDK's own dialling in a client."""
        setattr(http, "ws_connect", partial(self.dial, http.ws_connect))  # noqa: B010  the SDK has no other way in

    async def dial(self, connect: Callable[..., Awaitable[Any]], url: str, *, compress: int = 0) -> Any:
        """Open a connection, after a pause if there have been many."""
        pause = self.pause(asyncio.get_running_loop().time())
        if pause:
            log.warning("the gateway keeps closing; next dial in %.0f s", pause)
            await asyncio.sleep(pause)
        self._past.append(asyncio.get_running_loop().time())
        return await connect(self.address(url), compress=compress)

    def pause(self, now: float) -> float:
        """Return how many seconds to wait before a dial at `now`."""
        recent = sum(1 for at in self._past if now - at < _WITHIN_S)
        over = recent - _FREE_DIALS * self._shards()
        return 0.0 if over < 0 else min(_LONGEST_S, 2.0 ** min(over, 10))

    def address(self, url: str) -> str:
        """Return the address to dial in place of `url`, with the same query."""
        if self._address is None:
            return url
        return str(self._address.with_query(yarl.URL(url).query))


_LEAVE_S = 3.0

"""Seconds that answers on their way have when the platform ends."""


@dataclass
class Events:
    """What a process does with the events of all of its connections.

    Args:
        first: whether this process takes an event that several hear.
        busy: what is answered at the moment.
    """

    interactions: Interactions
    messages: Messages
    report_usable: ReportUsable
    arrived: Arrived
    first: First = alone
    busy: set[asyncio.Task[None]] = field(default_factory=set)


class Client(discord.AutoShardedClient):
    """A connection: passes on interactions and messages.

    Args:
        report: called with "ready" if all of its shards are connected, "partly" if some are, else "connecting".
        wait_turn: waits until a session of a shard may begin.
        shards: those that it connects for; None for all.
        shard_count: of all shards; None for as many as Discord recommends.
    """

    def __init__(
        self,
        token: str,
        api: DiscordApi,
        registrar: CommandRegistrar,
        events: Events,
        report: ReportState,
        wait_turn: Callable[[int], Awaitable[None]],
        *,
        shards: Sequence[int] | None = None,
        shard_count: int | None = None,
    ) -> None:
        super().__init__(
            intents=manifest.intents(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=limits.PATIENCE_S,
            heartbeat_timeout=_SILENT_S,
            http_trace=watch(api.gate.hold, api.turn),
            shard_count=shard_count,
        )
        if shards:
            self.shard_ids = list(shards)
        Buckets(self.http).install()
        self.is_open = False
        self._token, self._api, self._registrar, self._events = token, api, registrar, events
        self._report, self._wait_turn = report, wait_turn
        self._up: set[int] = set()
        self._reported = ""

    @property
    def is_connected(self) -> bool:
        """Whether all of its shards are connected."""
        return bool(self._up) and len(self._up) == len(self.shard_ids or range(self.shard_count or 0))

    @property
    def state(self) -> str:
        """The state of its shards, for /healthz."""
        return "ready" if self.is_connected else "partly" if self._up else "connecting"

    @property
    def last_event_s(self) -> float | None:
        """How many seconds ago the most silent shard last received anything; None if none is connected."""
        beats = [getattr(shard._parent.ws, "_keep_alive", None) for shard in self.shards.values()]
        return max((time.perf_counter() - beat._last_recv for beat in beats if beat is not None), default=None)

    @property
    def own_id(self) -> str:
        """The bot's own id."""
        assert self.user is not None
        return str(self.user.id)

    def find_kind(self, channel: str) -> int | None:
        """Return a channel's kind if its server is on one of this connection's shards."""
        known = self.get_channel(int(channel))
        return int(known.type.value) if isinstance(known, discord.abc.GuildChannel) else None

    def may_attach(self, channel: str) -> bool | None:
        """Return whether the bot has Attach Files in a channel, if its server is on one of this connection's shards."""
        known = self.get_channel(int(channel))
        if not isinstance(known, discord.abc.GuildChannel | discord.Thread) or known.guild.me is None:
            return None
        try:
            return known.permissions_for(known.guild.me).attach_files
        except discord.ClientException:  # the channel of a thread is not known
            return None

    async def setup_hook(self) -> None:
        """Register the commands as soon as the token is accepted."""
        self.is_open = True
        await self._register()

    async def _register(self) -> None:
        assert self.application_id is not None
        if self._registrar.trouble:
            await self._registrar.register(self.application_id)

    async def serve(self) -> None:
        """Connect and stay connected until it is closed; raise what Discord refuses."""
        await self.start(self._token)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait until a session may begin, in place of the SDK's five seconds."""
        await self._wait_turn(shard_id or 0)

    async def on_ready(self) -> None:
        """Report the shards as connected, and register the commands if that failed before."""
        self._up = {shard for shard, info in self.shards.items() if not info.is_closed()}
        self._tell()
        await self._register()
        await self._events.report_usable(Place(decode.NAME, None, ""))

    async def on_shard_ready(self, shard: int) -> None:
        """Report a shard as connected."""
        self._up.add(shard)
        self._tell()

    async def on_shard_resumed(self, shard: int) -> None:
        """Report a resumed shard as connected."""
        await self.on_shard_ready(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Report a shard as disconnected."""
        self._up.discard(shard)
        self._tell()

    def _tell(self) -> None:
        if self.state != self._reported:
            self._reported = self.state
            self._report(self.state)

    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Retry posts of a changed channel, which may let the bot in now."""
        await self._events.report_usable(Place(decode.NAME, str(after.guild.id), str(after.id)))

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Retry posts of a channel that appeared; it may have been hidden before."""
        await self._events.report_usable(Place(decode.NAME, str(channel.guild.id), str(channel.id)))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Retry a server's posts if the permissions of a role changed."""
        if before.permissions != after.permissions:
            await self._events.report_usable(Place(decode.NAME, str(after.guild.id), ""))

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Retry a server's posts if the bot's roles changed; Discord sends no other member's updates."""
        await self._events.report_usable(Place(decode.NAME, str(after.guild.id), ""))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Retry a server's posts, and greet the server if the bot is new there."""
        await self._events.report_usable(Place(decode.NAME, str(guild.id), ""))
        if self.user is not None:
            await self._track(greet(self._api, guild, self.user.id, self._events.arrived))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Treat a server that is back like a joined one: the bot may have been invited meanwhile."""
        await self.on_guild_join(guild)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a slash command, click or form."""
        take = partial(self._events.interactions.take, interaction)
        await self._track(self._take_once(interaction.id, take))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention, reply or direct message."""
        await self._take(message, message.id, self._events.messages.take)

    async def on_raw_message_edit(self, edit: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited message, which may mention the bot only now."""
        message = edit.message
        await self._take(message, f"{message.id}:{message.edited_at}", self._events.messages.take_edit)

    async def _take(
        self, message: discord.Message, key: object, take: Callable[[discord.Message, int], Awaitable[None]]
    ) -> None:
        if self.user is not None and decode.is_addressed(message, self.user.id):
            await self._track(self._take_once(key, partial(take, message, self.user.id)))

    async def _take_once(self, key: object, take: Callable[[], Awaitable[None]]) -> None:
        if await self._events.first(f"{decode.NAME}:{key}"):
            await take()

    async def catch_up(self, since: datetime) -> None:
        """Answer mentions and replies since then that have no reply, in channels whose history the bot may read."""
        for guild in self.guilds:
            channels: list[discord.TextChannel | discord.Thread] = [*guild.text_channels, *guild.threads]
            for channel in channels:
                last = channel.last_message_id or 0
                if discord.utils.snowflake_time(last) < since:
                    continue
                try:
                    messages = [message async for message in channel.history(after=since, limit=MOST_MISSED)]
                except discord.Forbidden:
                    continue
                replied = {message.reference.message_id for message in messages if message.reference is not None}
                for message in messages:
                    if message.id not in replied:
                        await self.on_message(message)

    async def _track(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._events.busy.add(task)
        try:
            with event():
                await work
        finally:
            self._events.busy.discard(task)

    async def leave(self) -> None:
        """Wait for answers that are on their way, then close the connection."""
        if self._events.busy:
            await asyncio.wait(self._events.busy, timeout=_LEAVE_S)
        self.is_open = False
        await self.close()


NEW = timedelta(days=7)
"""How long the bot counts as new in a server; it may have been invited before it was started."""


async def greet(api: DiscordApi, guild: discord.Guild, me: int, arrived: Arrived) -> None:
    """Greet a server once if the bot is new there; errors are logged, not raised.

    Args:
        me: the bot's own id.
    """
    own = guild.get_member(me)
    if own is None or own.joined_at is None or discord.utils.utcnow() - own.joined_at > NEW:
        return
    server, owner = str(guild.id), str(guild.owner_id)
    room = _open_room(guild, own)
    read_in = Place(NAME, server, room) if room else Place.direct(NAME, None, owner)

    async def tell(hello: Reply) -> bool:
        # the nonce makes a repeated request harmless
        once = {"nonce": f"h{server}", "enforce_nonce": True}
        try:
            channel = room or await api.open_direct(owner)
            await api.send(channel, {**render.message(hello, commands=api.known), **once})
        except discord.HTTPException as trouble:
            log.info("a hello was not shown (status %d, code %d)", trouble.status, trouble.code)
            return False
        return True

    await arrived(Place(NAME, server, ""), read_in, tell)


def _open_room(guild: discord.Guild, own: discord.Member) -> str | None:
    """Return the server's system channel if the bot may write there."""
    channel = guild.system_channel
    if channel is None:
        return None
    may = channel.permissions_for(own)
    return str(channel.id) if may.view_channel and may.send_messages else None
