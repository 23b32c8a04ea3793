"""Discord's gateway and the few routes that a bot needs to connect, for several processes of one bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

BOT, BO = "900", "901"


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
        replied: messages to the bot alone to which it has replied before.
        resumed: how many connections took a session up again.
        replays: how many events that were heard before are told again where a session is taken up.
    """

    shards: int = 4
    buckets: int = 16
    url: str = ""
    began: list[Session] = field(default_factory=list)
    living: list[Session] = field(default_factory=list)
    left: list[Session] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
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

    async def write(self, key: str, text: str = "/hello") -> None:
        """Have a person write to the bot alone."""
        user = {"id": BO, "username": "bo", "discriminator": "0", "avatar": None, "global_name": "Bo"}
        message = {
            "id": key, "channel_id": "70", "author": user, "content": text, "type": 0, "attachments": [], "embeds": [],
            "mentions": [], "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False, "flags": 0,
            "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "components": [],
        }  # a table of data # fmt: skip
        for session in (*self.serving(0), *self.left):
            await session.tell("MESSAGE_CREATE", message)

    async def until_answered(self, *keys: str) -> None:
        """Wait until each of these was answered, and a moment more."""
        await until(lambda: set(keys) <= set(self.answered))
        await asyncio.sleep(0.02)

    async def rest(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.asked.append(f"{request.method} {path}")
        user = {"id": BOT, "username": "bot", "discriminator": "0", "avatar": None, "bot": True}
        said: Any = {}
        if path == "users/@me":
            said = user
        elif path == "oauth2/applications/@me":
            said = {"id": BOT, "name": "bot", "description": "", "icon": None, "owner": user, "bot_public": True,
                    "bot_require_code_grant": False, "verify_key": "", "flags": 0}  # a table of data # fmt: skip
        elif path == "gateway/bot":
            limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": self.buckets}
            said = {"url": self.url, "shards": self.shards, "session_start_limit": limits}
        elif path.endswith("/commands"):
            self.registered = await request.json() if request.method == "PUT" else self.registered
            said = [{**one, "id": str(n)} for n, one in enumerate(self.registered, 1)]
        elif path == "channels/70/messages":
            if request.method == "GET":
                return _json([{"author": user, "message_reference": {"message_id": key}} for key in self.replied])
            self.answered.append((await request.json())["message_reference"]["message_id"])
            said = {"id": "7"}
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
        user = {"id": BOT, "username": "bot", "discriminator": "0", "avatar": None, "bot": True}
        ready = {
            "v": 10,
            "user": user,
            "guilds": [],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": BOT, "flags": 0},
        }
        await session.tell("READY", ready)

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
