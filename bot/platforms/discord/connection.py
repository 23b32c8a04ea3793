"""The connection to Discord: passes on interactions and messages, and registers the commands.

The gateway can be behind a proxy. Repeated dials are slowed down, and a silent connection is closed and resumed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import discord
import yarl
from discord.app_commands import Translator
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient

from bot.base.event import event
from bot.chat.platform import Arrived, CommandService, First, ReportState, ReportUsable, alone
from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.platforms.discord import commands, decode, greeting, limits, manifest
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.commands import AsWritten, translated
from bot.platforms.discord.listen import Interactions, Messages
from bot.platforms.discord.rate_limit import Buckets, watch
from bot.platforms.discord.render import Payload
from bot.platforms.discord.shards import Keeper
from bot.platforms.discord.thread_roots import ThreadRootCache

log = logging.getLogger(__name__)

_FREE_DIALS, _WITHIN_S, _LONGEST_S, _REMEMBERED = 6, 60.0, 30.0, 8192

"""Dials of each shard without a pause within a minute; each further one waits twice as long, up to `_LONGEST_S`."""

_LOOK_S, _SILENT = 1.0, 4000

"""How often heartbeats are checked, and a close code after which the session can be resumed."""


async def at_once() -> None:
    """Wait for nothing."""


class Dialler:
    """Dials the gateway for the SDK, with pauses.

    Without it the SDK dials again at once if the gateway accepts and closes a connection.

    Args:
        address: the gateway's address; None keeps the one that Discord names.
        lines: returns the number of shards that it dials for.
        may: waits until it may dial.
    """

    def __init__(
        self,
        http: HTTPClient,
        address: str | None,
        lines: Callable[[], int] = lambda: 1,
        may: Callable[[], Awaitable[None]] = at_once,
    ) -> None:
        self._dial, self._http, self._lines, self._may = http.ws_connect, http, lines, may
        self._address = yarl.URL(address) if address else None
        self._past: deque[float] = deque(maxlen=_REMEMBERED)

    def install(self) -> None:
        """Replace the SDK's own dialling."""
        setattr(self._http, "ws_connect", self.dial)  # noqa: B010  the SDK has no other way in

    async def dial(self, url: str, *, compress: int = 0) -> Any:
        """Open a connection, after a pause if there have been many."""
        await self._may()
        pause = self.pause(asyncio.get_running_loop().time())
        if pause:
            log.warning("the gateway keeps closing; next dial in %.0f s", pause)
            await asyncio.sleep(pause)
        self._past.append(asyncio.get_running_loop().time())
        return await self._dial(self.address(url), compress=compress)

    def pause(self, now: float) -> float:
        """Return how many seconds to wait before a dial at `now`."""
        recent = sum(1 for at in self._past if now - at < _WITHIN_S)
        over = recent - _FREE_DIALS * self._lines()
        return 0.0 if over < 0 else min(_LONGEST_S, 2.0 ** min(over, 10))

    def address(self, url: str) -> str:
        """Return the address to dial in place of `url`, with the same query."""
        if self._address is None:
            return url
        return str(self._address.with_query(yarl.URL(url).query))


class Heartbeats:
    """Reconnects if the gateway doesn't acknowledge a heartbeat before the next one is due.

    The SDK waits for any frame for a minute instead.

    Args:
        lines: returns the connections that stand.

    Source: https://discord.com/developers/docs/events/gateway#heartbeat-interval
    """

    def __init__(self, lines: Callable[[], Iterable[DiscordWebSocket]]) -> None:
        self._lines = lines
        self._unacknowledged: WeakKeyDictionary[DiscordWebSocket, float] = WeakKeyDictionary()

    async def watch(self) -> None:
        """Close silent connections until cancelled; the SDK resumes their sessions."""
        while True:
            await asyncio.sleep(_LOOK_S)
            for line in list(self._lines()):
                if self._is_silent(line, time.perf_counter()):
                    log.warning("shard %s: a heartbeat was not acknowledged; connecting again", line.shard_id)
                    await line.close(_SILENT)

    def _is_silent(self, line: DiscordWebSocket, now: float) -> bool:
        beats = getattr(line, "_keep_alive", None)
        if beats is None or beats.interval is None:
            return False
        sent = self._unacknowledged.pop(line, beats._last_send)
        if beats._last_ack >= sent:  # that one is acknowledged, a later one may not be
            sent = beats._last_send
        if beats._last_ack >= sent:
            return False
        self._unacknowledged[line] = sent
        return bool(now - sent >= beats.interval)

    @property
    def last_event_s(self) -> float | None:
        """How many seconds ago the most silent connection last received anything; None if none stands."""
        beats = [keep for line in self._lines() if (keep := getattr(line, "_keep_alive", None)) is not None]
        return max((time.perf_counter() - keep._last_recv for keep in beats), default=None)


_LEAVE_S = 3.0

"""Seconds that answers on their way have when the platform ends."""

_OTHERS_S = 2.0

"""Seconds that another process has to register the commands."""


class Client(discord.AutoShardedClient):
    """The connection: passes on interactions and messages, and registers the commands."""

    shows_all = False
    first: First = staticmethod(alone)
    listens = True
    """Whether it takes events; if not, it registers no commands either."""
    translator: Translator = AsWritten()

    def __init__(
        self,
        api: DiscordApi,
        registry: Registry,
        dispatcher: CommandService,
        report: ReportState,
        report_usable: ReportUsable,
        arrived: Arrived,
    ) -> None:
        super().__init__(
            intents=manifest.intents(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=limits.PATIENCE_S,
            http_trace=watch(api.gate.hold, api.turn),
        )
        Buckets(self.http).install()
        api.kind_of, api.may_attach = self._find_kind, self._may_attach
        self.is_open = False
        self.registration_trouble = "The slash commands are not registered yet"
        self._api, self._registry = api, registry
        self.keeper = Keeper(self, report)
        self._report_usable, self._arrived = report_usable, arrived
        self.heartbeats = Heartbeats(lambda: [line._parent.ws for line in self.shards.values()])
        self._watching: asyncio.Task[None] | None = None
        heads = ThreadRootCache(api)
        self._interactions = Interactions(api, registry, dispatcher, heads)
        self._messages = Messages(api, registry, dispatcher, heads)
        self._busy: set[asyncio.Task[None]] = set()

    @property
    def own_id(self) -> str:
        """The bot's own id."""
        assert self.user is not None
        return str(self.user.id)

    def _find_kind(self, channel: str) -> int | None:
        """Return a channel's kind if its server is on one of this process's shards."""
        known = self.get_channel(int(channel))
        return int(known.type.value) if isinstance(known, discord.abc.GuildChannel) else None

    def _may_attach(self, channel: str) -> bool | None:
        """Return whether the bot has Attach Files in a channel, if its server is on one of this process's shards."""
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
        await self.register()

    async def register(self) -> None:
        """Register the commands if they differ from those at Discord; a failure is stored for doctor."""
        application = self.application_id
        assert application is not None
        drawn = commands.registration(self._registry, shows_all=self.shows_all)
        wanted = [await translated(command, self.translator) for command in drawn]
        try:
            registered = await self._api.commands(application)
            if self.listens and commands.differs(wanted, registered):
                registered = await self._register_unless_taken(application, wanted)
            self._api.known = commands.known(registered, self._registry)
        except discord.HTTPException as trouble:
            self.registration_trouble = f"Discord refused the slash commands (code {trouble.code})"
            log.warning("Discord refused the slash commands (status %d, code %d)", trouble.status, trouble.code)
        except discord.RateLimited as trouble:
            self.registration_trouble = (
                f"Discord will accept the slash commands in {trouble.retry_after:.0f} s at the earliest"
            )
            log.warning("Discord will accept the slash commands in %.0f s at the earliest", trouble.retry_after)
        else:
            self.registration_trouble = ""

    async def _register_unless_taken(self, application: int, wanted: list[Payload]) -> list[Payload]:
        """Register commands, unless another process is doing so; wait for it in that case."""
        if not await self.keeper.sharing.may_register():
            await asyncio.sleep(_OTHERS_S)
            registered = await self._api.commands(application)
            if not commands.differs(wanted, registered):
                return registered
        log.info("registering %d slash commands", len(wanted))
        return await self._api.register(application, wanted)

    async def launch_shards(self) -> None:
        """Connect only this process's shards; the SDK would connect all of them."""
        await self.keeper.begin()
        self._watching = asyncio.create_task(self.heartbeats.watch())

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait until a session may begin, in place of the SDK's five seconds."""
        await self.keeper.turns.wait(shard_id or 0)

    async def on_ready(self) -> None:
        """Report the shards as connected, and register the commands if that failed before."""
        for shard, line in self.shards.items():
            if not line.is_closed():
                self.keeper.is_up(shard)
        if self.registration_trouble:
            await self.register()
        await self._report_usable(Place(decode.NAME, None, ""))

    async def on_shard_ready(self, shard: int) -> None:
        """Report a shard as connected."""
        self.keeper.is_up(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Report a resumed shard as connected."""
        self.keeper.is_up(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Report a shard as disconnected."""
        self.keeper.is_down(shard)

    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Retry posts of a changed channel, which may let the bot in now."""
        await self._report_usable(Place(decode.NAME, str(after.guild.id), str(after.id)))

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Retry posts of a channel that appeared; it may have been hidden before."""
        await self._report_usable(Place(decode.NAME, str(channel.guild.id), str(channel.id)))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Retry a server's posts if the permissions of a role changed."""
        if before.permissions != after.permissions:
            await self._report_usable(Place(decode.NAME, str(after.guild.id), ""))

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Retry a server's posts if the bot's roles changed; Discord sends no other member's updates."""
        await self._report_usable(Place(decode.NAME, str(after.guild.id), ""))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Retry a server's posts, and greet the server if the bot is new there."""
        await self._report_usable(Place(decode.NAME, str(guild.id), ""))
        if self.user is not None:
            await self._track(greeting.greet(self._api, guild, self.user.id, self._arrived))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Treat a server that is back like a joined one: the bot may have been invited meanwhile."""
        await self.on_guild_join(guild)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a slash command, click or form."""
        take = partial(self._interactions.take, interaction)
        await self._track(self._take_once(interaction.id, take, interaction.guild_id))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention, reply or direct message."""
        await self._take(message, message.id, self._messages.take)

    async def on_raw_message_edit(self, edit: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited message, which may mention the bot only now."""
        message = edit.message
        await self._take(message, f"{message.id}:{message.edited_at}", self._messages.take_edit)

    async def _take(
        self, message: discord.Message, key: object, take: Callable[[discord.Message, int], Awaitable[None]]
    ) -> None:
        if self.user is not None and decode.is_addressed(message, self.user.id):
            server = message.guild.id if message.guild is not None else None
            await self._track(self._take_once(key, partial(take, message, self.user.id), server))

    async def _take_once(self, key: object, take: Callable[[], Awaitable[None]], server: int | None) -> None:
        if not self.keeper.is_elsewhere(server) and await self.first(f"{decode.NAME}:{key}"):
            await take()

    async def _track(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            with event():
                await work
        finally:
            self._busy.discard(task)

    async def leave(self) -> None:
        """Wait for answers that are on their way, then close the connection."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=_LEAVE_S)
        self.is_open = False
        if self._watching is not None:
            self._watching.cancel()
        self.keeper.stop()
        await self.close()
        await self.keeper.leave()
