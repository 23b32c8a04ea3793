"""Discord as a platform: connects, answers, delivers, inspects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import discord
from discord.app_commands import Translator
from discord.http import Route

from bot.core.context import Account, Place, View
from bot.core.picture import EMPTY, Gallery
from bot.core.platform import Arrived, Desk, Findings, Later, Mended, Post, Refused, ReportState, Sent, unheard, unsaid
from bot.core.registry import Registry
from bot.platforms.discord import arrival, commands, decode, deliver, inspect, limits, manifest, redact
from bot.platforms.discord.client import Api
from bot.platforms.discord.gateway import Dialler
from bot.platforms.discord.listen import Interactions, Messages
from bot.platforms.discord.sight import Sight
from bot.platforms.discord.strand import Heads
from bot.platforms.discord.text import is_id
from bot.platforms.discord.translation import AsWritten, translated

log = logging.getLogger(__name__)
_NOT_YET_S = 5.0
_LEAVE_S = 3.0
"""Seconds that answers on their way have when the platform ends."""

_NOT_LET_IN = "Discord does not accept DISCORD_TOKEN: copy the token again from the Developer Portal, page Bot."
_FINAL = {
    4004: _NOT_LET_IN,
    4010: "Discord refuses the shard: restart the bot.",
    4011: "Discord wants this bot to use more shards than it offers to: restart the bot.",
    4013: "Discord does not know the intents that the bot asks for: update Trailmate.",
    4014: "Discord forbids an intent that the bot asks for: in the Developer Portal, page Bot, look at Privileged "
    "Gateway Intents; Trailmate needs none of them.",
}
"""Close codes after which Discord will never let the bot in, each with its mend."""


class DiscordPlatform:
    """Serves Discord.

    Args:
        token: the bot's token.
        api_url: base of the REST API, for those behind a proxy.
        gateway_url: address of the gateway, for those behind a proxy.
        mended: told when a room may take messages again.
        arrived: says hello where the bot was let in.
        gallery: draws the pictures of messages.
        shows_all: whether what moderators do is shown to all; else to those who manage the server.
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
        mended: Mended = unheard,
        arrived: Arrived = unsaid,
        gallery: Gallery = EMPTY,
        shows_all: bool = False,
    ) -> None:
        self._shows_all = shows_all
        self._token, self._api_url, self._gateway_url = token, api_url, gateway_url
        self._mended, self._arrived = mended, arrived
        self._client: Client | None = None
        self._api = Api(lambda: self._connected().http)
        self._api.gallery = gallery
        self._sight = Sight(self._api)

    def open(self, registry: Registry, dispatcher: Desk, report: ReportState) -> Client:
        """Return a client that is wired and not yet connected."""
        if self._api_url:
            Route.BASE = self._api_url.rstrip("/")
        self._client = Client(self._api, registry, dispatcher, report, self._mended, self._arrived)
        self._client.shows_all = self._shows_all
        Dialler(self._client.http, self._gateway_url).install()
        return self._client

    async def run(self, registry: Registry, dispatcher: Desk, report: ReportState) -> None:
        """Serve until cancelled; a token, intent or shard that Discord will never accept raises Refused."""
        redact.hide_tokens()
        report("connecting")
        client = self.open(registry, dispatcher, report)
        try:
            await self._serve(client)
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

    async def _serve(self, client: Client) -> None:
        """Be connected until that ends, or until a request shows that the token is no longer good."""
        self._api.refused.clear()
        serving = asyncio.create_task(client.start(self._token))
        refused = asyncio.create_task(self._api.refused.wait())
        try:
            await asyncio.wait({serving, refused}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                raise Refused(_NOT_LET_IN)
            await serving
        finally:
            serving.cancel()
            refused.cancel()
            await asyncio.gather(serving, refused, return_exceptions=True)

    def _connected(self) -> Client:
        if self._client is None or not self._client.is_open:
            raise Later(_NOT_YET_S, "Discord is not connected yet")
        return self._client

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post; `again` looks for its tag first. Raises Gone, Later, Unsure, ThreadFailed."""
        return await deliver.deliver(self._api, post, again, self._connected().own_id)

    def is_room(self, text: str) -> bool:
        """Whether a text can be a channel's id."""
        return is_id(text)

    def room_name(self, room: str) -> str:
        """Return nothing: a channel's id says nothing to people."""
        return ""

    async def inspect(self, place: Place) -> Findings:
        """Say what is right and wrong with a channel, or with the server where room is empty."""
        if place.is_direct:
            return ()
        if place.room:
            return await inspect.room(self._api, place, self._connected().own_id)
        client = self._client
        is_ready = client is not None and client.is_ready()
        trouble = client.registration_trouble if client is not None else "The slash commands are not registered yet"
        if client is None or not client.is_open:
            return await inspect.server(self._api, None, is_ready=is_ready, commands=trouble)
        return await inspect.server(self._api, place.tenant, is_ready=is_ready, commands=trouble)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Say whether a post in a channel can notify a role."""
        return await inspect.role(self._api, place, role_id, self._connected().own_id)

    async def prepare(self, place: Place) -> None:
        """Do nothing: a bot cannot let itself into a channel of Discord."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> View:
        """Say which of these channels a person sees, and with which roles."""
        return await self._sight.sees(account, rooms)

    async def present(self, account: Account) -> Account | None:
        """Return somebody as their server has them now."""
        return await self._sight.present(account)


class Client(discord.AutoShardedClient):
    """The connection: hands interactions and messages over, and registers the commands."""

    shows_all = False
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
        )
        # the SDK takes no less than 30 s from its users: a delivery would be cancelled in the middle of such a wait
        self.http.max_ratelimit_timeout = limits.WAIT_S
        self.is_open = False
        self.registration_trouble = "The slash commands are not registered yet"
        self._api, self._registry, self._report = api, registry, report
        self._mended, self._arrived = mended, arrived
        heads = Heads(api)
        self._interactions = Interactions(api, registry, dispatcher, heads)
        self._messages = Messages(api, registry, dispatcher, heads)
        self._busy: set[asyncio.Task[None]] = set()

    @property
    def own_id(self) -> str:
        """The bot's own id."""
        assert self.user is not None
        return str(self.user.id)

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
            if commands.differs(wanted, found):
                found = await self._api.register(application, wanted)
                log.info("registered %d slash commands", len(wanted))
            self._api.known = commands.ids(found)
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

    async def on_ready(self) -> None:
        """Say that the bot is there, and try once more what failed before."""
        self._report("ready")
        if self.registration_trouble:
            await self.register()
        await self._mended(Place(decode.NAME, None, ""))

    async def on_shard_resumed(self, _shard: int) -> None:
        """Say that the bot is there again."""
        self._report("ready")

    async def on_shard_disconnect(self, _shard: int) -> None:
        """Say that the bot is away."""
        self._report("connecting")

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
        await self._counted(self._interactions.take(interaction))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention, reply or direct message."""
        if self.user is not None:
            await self._counted(self._messages.take(message, self.user.id))

    async def on_raw_message_edit(self, edit: discord.RawMessageUpdateEvent) -> None:
        """Answer a message whose edit puts in what was forgotten."""
        if self.user is not None:
            await self._counted(self._messages.take_edit(edit.message, self.user.id))

    async def _counted(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            await work
        finally:
            self._busy.discard(task)

    async def leave(self) -> None:
        """Let answers on their way out, then close the connection."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=_LEAVE_S)
        self.is_open = False
        await self.close()
