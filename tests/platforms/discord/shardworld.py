"""Discord's gateway and the few routes that a bot needs to connect, for several processes of one bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import discord
from aiohttp import web

SEES_AND_WRITES = "68608"
"""View Channel, Send Messages and Read Message History."""

BOT, BO = "900", "901"
GUILD, CHANNEL = str(1 << 22 << 10), "70"
USER = {"id": BOT, "username": "bot", "discriminator": "0", "avatar": None, "bot": True}
_numbers = count()


def make_snowflake() -> int:
    """Return a new id of this moment, as Discord makes them."""
    return discord.utils.time_snowflake(datetime.now(UTC)) + next(_numbers) % 4096


def person_data(user: str, name: str = "bo") -> dict[str, Any]:
    """Return a person as Discord shows them."""
    return {"id": user, "username": name, "discriminator": "0", "avatar": None, "global_name": name.title()}


def channel_data(channel: str, guild: str) -> dict[str, Any]:
    """Return a text channel."""
    return {
        "id": channel, "type": 0, "name": f"room-{channel}", "position": 0, "guild_id": guild, "parent_id": None,
        "permission_overwrites": [], "nsfw": False, "rate_limit_per_user": 0, "topic": None,
    }  # a table of data # fmt: skip


def guild_data(guild: str, channels: list[dict[str, Any]], permissions: str = SEES_AND_WRITES) -> dict[str, Any]:
    """Return a server whose members have these permissions."""
    everyone = {
        "id": guild, "name": "@everyone", "permissions": permissions, "position": 0, "color": 0, "hoist": False,
        "managed": False, "mentionable": False, "flags": 0,
    }  # a table of data # fmt: skip
    return {
        "id": guild, "name": "Study", "owner_id": BO, "roles": [everyone], "emojis": [], "features": [],
        "channels": channels, "threads": [], "stickers": [], "member_count": 2,
        "members": [{"user": USER, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}],
        "voice_states": [], "presences": [], "stage_instances": [], "premium_tier": 0, "verification_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0,
        "system_channel_flags": 0, "afk_timeout": 60, "preferred_locale": "en-US", "guild_scheduled_events": [],
    }  # a table of data # fmt: skip


def message_data(key: str, channel: str, guild: str, author: dict[str, Any], content: str) -> dict[str, Any]:
    """Return a message that mentions the bot."""
    return {
        "id": key, "channel_id": channel, "guild_id": guild, "author": author, "content": content, "type": 0,
        "member": {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}, "mentions": [USER],
        "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False, "flags": 0, "components": [],
        "attachments": [], "embeds": [], "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}+00:00",
        "edited_timestamp": None,
    }  # a table of data # fmt: skip


async def until(is_so: Callable[[], bool], within_s: float = 20.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(within_s):
        while not is_so():
            await asyncio.sleep(0.01)


@dataclass(eq=False)
class Session:
    """What a connection has begun by identifying; it outlives it unless it was ended by a word.

    Args:
        shard: its number and how many there are.
        told: all that it was told, also while nobody was connected.
    """

    socket: web.WebSocketResponse
    shard: tuple[int, int]
    at: float
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """By which it is taken up again."""
        return f"s{id(self)}"

    async def tell(self, name: str, data: Any) -> None:
        """Send an event."""
        self.told.append({"op": 0, "t": name, "s": len(self.told) + 1, "d": data})
        await self.resend(len(self.told) - 1)

    async def resend(self, number: int) -> None:
        """Send what came after the event of a number."""
        for event in self.told[number:]:
            if not self.socket.closed:
                await self.socket.send_json(event)


@dataclass
class Gateway:
    """What stands in for Discord.

    Args:
        shards, buckets: what is recommended, and how many sessions may begin at once.
        left: sessions to which nobody is connected and that nobody has ended.
        messages: what stands in the channel, once there is one, oldest first.
        resumed: how many connections took a session up again.
        replays: how many events that were heard before are told again where a session is taken up.
    """

    shards: int = 4
    buckets: int = 16
    url: str = ""
    began: list[Session] = field(default_factory=list)
    living: list[Session] = field(default_factory=list)
    left: list[Session] = field(default_factory=list)
    has_channel: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    resumed: int = 0
    replays: int = 0
    asked: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    registered: list[Any] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)

    def serving(self, shard: int) -> list[Session]:
        """Return the living sessions of a shard."""
        return [one for one in self.living if one.shard[0] == shard]

    def are_served(self, times: int = 1) -> bool:
        """Whether each shard has so many living sessions."""
        return all(len(self.serving(one)) == times for one in range(self.shards))

    async def slash(self, shard: int, key: str, *, is_direct: bool = False) -> None:
        """Have a person type /hello in a server of a shard, or to the bot alone, which shard 0 hears."""
        guild = str((1000 * self.shards + shard) << 22)
        user = {"id": BO, "username": "bo", "discriminator": "0", "avatar": None, "global_name": "Bo"}
        member = {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "permissions": "0", "flags": 0}
        where = {"user": user, "channel_id": "70"} if is_direct else {"guild_id": guild, "member": member}
        event = {
            "id": key,
            "application_id": BOT,
            "type": 2,
            "token": f"t{key}",
            "version": 1,
            "locale": "en-US",
            "data": {"id": "1", "name": "hello", "type": 1},
            "entitlements": [],
            "app_permissions": "0",
            "authorizing_integration_owners": {},
            "attachment_size_limit": 1,
            **where,
        }
        for session in (*self.serving(0 if is_direct else shard), *self.left):
            if session.shard[0] == (0 if is_direct else shard):
                await session.tell("INTERACTION_CREATE", event)

    def open_channel(self) -> None:
        """Have a server with one channel on shard 0."""
        self.has_channel = True

    @property
    def guild(self) -> dict[str, Any]:
        """The server, as its members see it."""
        last = self.messages[-1]["id"] if self.messages else None
        return guild_data(GUILD, [channel_data(CHANNEL, GUILD) | {"last_message_id": last}])

    async def say(self, text: str) -> str:
        """Have a person mention the bot in the channel; return the message's id."""
        self.messages.append(
            message_data(str(make_snowflake()), CHANNEL, GUILD, person_data(BO), f"<@{BOT}> shout {text}")
        )
        for session in (*self.serving(0), *self.left):
            if session.shard[0] == 0:
                await session.tell("MESSAGE_CREATE", self.messages[-1])
        return str(self.messages[-1]["id"])

    def reply(self, key: str) -> None:
        """Have the bot reply to a message."""
        own = message_data(str(make_snowflake()), CHANNEL, GUILD, USER, "Shouted")
        self.messages.append(own | {"type": 19, "message_reference": {"message_id": key, "channel_id": CHANNEL}})

    async def until_answered(self, *keys: str) -> None:
        """Wait until each of these was answered, and a moment more."""
        await until(lambda: set(keys) <= set(self.answered))
        await asyncio.sleep(0.02)

    async def rest(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.asked.append(f"{request.method} {path}")
        said: Any = {}
        if path == "users/@me":
            said = USER
        elif path == "oauth2/applications/@me":
            said = {"id": BOT, "name": "bot", "description": "", "icon": None, "owner": USER, "bot_public": True,
                    "bot_require_code_grant": False, "verify_key": "", "flags": 0}  # a table of data # fmt: skip
        elif path == "gateway/bot":
            limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": self.buckets}
            said = {"url": self.url, "shards": self.shards, "session_start_limit": limits}
        elif path.endswith("/commands"):
            self.registered = await request.json() if request.method == "PUT" else self.registered
            said = [{**one, "id": str(n)} for n, one in enumerate(self.registered, 1)]
        elif path == f"channels/{CHANNEL}/messages":
            if request.method == "GET":
                after = int(request.query.get("after", 0))
                return _json([message for message in reversed(self.messages) if int(message["id"]) > after])
            self.answered.append((await request.json())["message_reference"]["message_id"])
            self.reply(self.answered[-1])
            said = {"id": self.messages[-1]["id"]}
        elif path.endswith("/callback"):
            self.answered.append(path.split("/")[1])
            return web.Response(status=204)
        return _json(said)

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a connection, which begins a session or takes one up again."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None})
        session: Session | None = None
        try:
            async for message in socket:
                said = message.json()
                if said["op"] == 1:
                    await socket.send_json({"op": 11})
                elif said["op"] == 2:
                    session = Session(socket, tuple(said["d"]["shard"]), asyncio.get_running_loop().time())
                    self.began.append(session)
                    self.living.append(session)
                    await self._ready(session)
                elif said["op"] == 6:
                    known = (one for one in (*self.left, *self.living) if said["d"]["session_id"] == one.id)
                    session = next(known, None)
                    if session is None:
                        await socket.send_json({"op": 9, "d": False})
                        continue
                    self.left = [one for one in self.left if one is not session]
                    self.living += [session] if session not in self.living else []
                    self.resumed += 1
                    before, session.socket = session.socket, socket
                    if not before.closed:  # one alone has a session
                        await before.close(code=4000)
                    await session.resend(max(0, said["d"]["seq"] - self.replays))
                    await session.tell("RESUMED", {})
        finally:
            if session is not None and session.socket is socket:
                self.living.remove(session)
                self.left += [session] if socket.close_code != 1000 else []
        return socket

    async def _ready(self, session: Session) -> None:
        ready = {
            "v": 10,
            "user": USER,
            "guilds": [],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": BOT, "flags": 0},
        }
        await session.tell("READY", ready)
        if self.has_channel and session.shard[0] == 0:
            await session.tell("GUILD_CREATE", self.guild)

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[str]:
        """Stand until the block ends; yield at which host and port."""
        app = web.Application()
        app.router.add_route("*", "/api/{path:.*}", self.rest)
        for path in ("/", "/gateway", "/gateway/"):
            app.router.add_get(path, self.gateway)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        at = f"127.0.0.1:{runner.addresses[0][1]}"
        self.url = f"ws://{at}/gateway"
        try:
            yield at
        finally:
            await runner.cleanup()


def _json(said: Any) -> web.Response:
    answer = web.json_response(said, headers={"Via": "1.1 here"})
    answer.headers["Content-Type"] = "application/json"
    return answer


@asynccontextmanager
async def standing(**given: Any) -> AsyncIterator[Gateway]:
    """Yield a gateway that stands until the block ends."""
    world = Gateway(**given)
    async with world.standing():
        yield world
