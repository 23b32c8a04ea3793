"""The connection to Discord: hands interactions and messages over, and registers the commands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import discord
from discord.app_commands import Translator

from bot.core.context import Place
from bot.core.event import event
from bot.core.platform import Arrived, Desk, First, Mended, ReportState, alone
from bot.core.registry import Registry
from bot.platforms.discord import arrival, commands, decode, limits, manifest
from bot.platforms.discord.buckets import Buckets, watch
from bot.platforms.discord.client import Api
from bot.platforms.discord.gateway import Heartbeats
from bot.platforms.discord.listen import Interactions, Messages
from bot.platforms.discord.render import Payload
from bot.platforms.discord.shards import Keeper
from bot.platforms.discord.strand import Heads
from bot.platforms.discord.translation import AsWritten, translated

log = logging.getLogger(__name__)
_LEAVE_S = 3.0
"""Seconds that answers on their way have when the platform ends."""
_OTHERS_S = 2.0
"""Seconds that another process has to register the commands."""


class Client(discord.AutoShardedClient):
    """The connection: hands interactions and messages over, and registers the commands."""

    shows_all = False
    first: First = staticmethod(alone)
    listens = True
    """Whether it takes events; who does not registers nothing either."""
    translator: Translator = AsWritten()

    def __init__(
        self, api: Api, registry: Registry, dispatcher: Desk, report: ReportState, mended: Mended, arrived: Arrived
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
        api.kind_of, api.may_attach = self._kind, self._may_attach
        self.is_open = False
        self.registration_trouble = "The slash commands are not registered yet"
        self._api, self._registry = api, registry
        self.keeper = Keeper(self, report)
        self._mended, self._arrived = mended, arrived
        self.heartbeats = Heartbeats(lambda: [line._parent.ws for line in self.shards.values()])
        self._watching: asyncio.Task[None] | None = None
        heads = Heads(api)
        self._interactions = Interactions(api, registry, dispatcher, heads)
        self._messages = Messages(api, registry, dispatcher, heads)
        self._busy: set[asyncio.Task[None]] = set()

    @property
    def own_id(self) -> str:
        """The bot's own id."""
        assert self.user is not None
        return str(self.user.id)

    def _kind(self, channel: str) -> int | None:
        """Return what kind a channel is, where its server is one of this process's shards."""
        found = self.get_channel(int(channel))
        return int(found.type.value) if isinstance(found, discord.abc.GuildChannel) else None

    def _may_attach(self, channel: str) -> bool | None:
        """Return whether the bot has Attach Files in a channel, if its server is one of this process's shards."""
        found = self.get_channel(int(channel))
        if not isinstance(found, discord.abc.GuildChannel | discord.Thread) or found.guild.me is None:
            return None
        try:
            return found.permissions_for(found.guild.me).attach_files
        except discord.ClientException:  # the channel of a thread is not known
            return None

    async def setup_hook(self) -> None:
        """Register the commands as soon as the token is accepted."""
        self.is_open = True
        await self.register()

    async def register(self) -> None:
        """Register the commands if they differ from what Discord holds; a failure is kept for doctor."""
        application = self.application_id
        assert application is not None
        drawn = commands.registration(self._registry, shows_all=self.shows_all)
        wanted = [await translated(one, self.translator) for one in drawn]
        try:
            found = await self._api.commands(application)
            if self.listens and commands.differs(wanted, found):
                found = await self._registered(application, wanted)
            self._api.known = commands.known(found, self._registry)
        except discord.HTTPException as trouble:
            self.registration_trouble = f"Discord refused the slash commands (code {trouble.code})"
            log.warning("Discord refused the slash commands (status %d, code %d)", trouble.status, trouble.code)
        except discord.RateLimited as trouble:
            self.registration_trouble = (
                f"Discord takes the slash commands in {trouble.retry_after:.0f} s at the earliest"
            )
            log.warning("Discord takes the slash commands in %.0f s at the earliest", trouble.retry_after)
        else:
            self.registration_trouble = ""

    async def _registered(self, application: int, wanted: list[Payload]) -> list[Payload]:
        """Register commands, unless another process does so at this moment."""
        if not await self.keeper.sharing.may_register():
            await asyncio.sleep(_OTHERS_S)
            found = await self._api.commands(application)
            if not commands.differs(wanted, found):
                return found
        log.info("registering %d slash commands", len(wanted))
        return await self._api.register(application, wanted)

    async def launch_shards(self) -> None:
        """Connect for the shards of this process, in place of the SDK's all."""
        await self.keeper.begin()
        self._watching = asyncio.create_task(self.heartbeats.watch())

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait until a session may begin, in place of the SDK's five seconds."""
        await self.keeper.turns.wait(shard_id or 0)

    async def on_ready(self) -> None:
        """Say that the bot is there, and try once more what failed before."""
        for shard, line in self.shards.items():
            if not line.is_closed():
                self.keeper.is_up(shard)
        if self.registration_trouble:
            await self.register()
        await self._mended(Place(decode.NAME, None, ""))

    async def on_shard_ready(self, shard: int) -> None:
        """Say that a shard is there, with its servers."""
        self.keeper.is_up(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Say that a shard is there again."""
        self.keeper.is_up(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Say that a shard is away."""
        self.keeper.is_down(shard)

    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Say that a channel has changed, perhaps to let the bot in."""
        await self._mended(Place(decode.NAME, str(after.guild.id), str(after.id)))

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """Say that a channel is there, perhaps one that was hidden."""
        await self._mended(Place(decode.NAME, str(channel.guild.id), str(channel.id)))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Say that a role may do other things than before: the bot's, or everyone's."""
        if before.permissions != after.permissions:
            await self._mended(Place(decode.NAME, str(after.guild.id), ""))

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Say that the bot has other roles; Discord tells of no other member."""
        await self._mended(Place(decode.NAME, str(after.guild.id), ""))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say that the bot is in a server, perhaps again, and greet it where that is news."""
        await self._mended(Place(decode.NAME, str(guild.id), ""))
        if self.user is not None:
            await self._counted(arrival.greet(self._api, guild, self.user.id, self._arrived))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Say that a server is back, and greet it if the bot was let in while it was away."""
        await self.on_guild_join(guild)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a slash command, click or form."""
        take = partial(self._interactions.take, interaction)
        await self._counted(self._once(interaction.id, take, interaction.guild_id))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention, reply or direct message."""
        await self._take(message, message.id, self._messages.take)

    async def on_raw_message_edit(self, edit: discord.RawMessageUpdateEvent) -> None:
        """Answer a message whose edit puts in what was forgotten."""
        message = edit.message
        await self._take(message, f"{message.id}:{message.edited_at}", self._messages.take_edit)

    async def _take(
        self, message: discord.Message, key: object, take: Callable[[discord.Message, int], Awaitable[None]]
    ) -> None:
        if self.user is not None and decode.addressed(message, self.user.id):
            server = message.guild.id if message.guild is not None else None
            await self._counted(self._once(key, partial(take, message, self.user.id), server))

    async def _once(self, key: object, take: Callable[[], Awaitable[None]], server: int | None) -> None:
        """Take an event unless another process does."""
        if not self.keeper.is_elsewhere(server) and await self.first(f"{decode.NAME}:{key}"):
            await take()

    async def _counted(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            with event():
                await work
        finally:
            self._busy.discard(task)

    async def leave(self) -> None:
        """Let answers on their way out, then close the connection."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=_LEAVE_S)
        self.is_open = False
        if self._watching is not None:
            self._watching.cancel()
        self.keeper.stop()
        await self.close()
        await self.keeper.leave()
