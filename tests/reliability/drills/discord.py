"""Discord gone wrong: its gateway closes, takes up again, forgets; rooms, the server and the token are taken away."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web

from tests.platforms.discord.shardworld import (
    BOT,
    USER,
    Gateway,
    Session,
    channel_data,
    guild_data,
    make_snowflake,
    message_data,
)
from tests.reliability.drills.bot import Bot
from tests.reliability.drills.frame import Scene, drill, expect

GUILD, TOKEN = "4194305", "discord-drill-token"
DELETED, HIDDEN, MUTE, OPEN = "1001", "1002", "1003", "1004"
SEES = "1024"


@dataclass
class Discord(Gateway):
    """A server with four channels, in which whatever the bot does is written down.

    Args:
        rooms: what stands in each channel.
        closed: the status and code with which a channel refuses.
        is_revoked: whether the token is good no more.
        late: what was answered once more, and refused for that.
        spoken: what people have written, of all channels.
        sent: what the bot has written, of all channels, as it reads it.
    """

    shards: int = 1
    rooms: dict[str, list[str]] = field(default_factory=lambda: {room: [] for room in (DELETED, HIDDEN, MUTE, OPEN)})
    closed: dict[str, tuple[int, int]] = field(default_factory=dict)
    is_revoked: bool = False
    spoken: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    nonces: dict[str, str] = field(default_factory=dict)
    late: Counter[str] = field(default_factory=Counter)

    async def start(self, s: Scene) -> None:
        """Stand until the drill is over, and have bots come here."""
        at = await s.stack.enter_async_context(self.standing())
        s.given |= {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": f"http://{at}/api", "DISCORD_GATEWAY_URL": self.url}

    @property
    def guild(self) -> dict[str, Any]:
        """The server, as its members see it."""
        return guild_data(GUILD, [self._channel(room) for room in self.rooms])

    def _channel(self, room: str) -> dict[str, Any]:
        """Return a channel with the id of its last message."""
        ids = [message["id"] for message in (*self.spoken, *self.sent) if message["channel_id"] == room]
        return channel_data(room, GUILD) | {"last_message_id": max(ids, key=int, default=None)}

    async def rest(self, request: web.Request) -> web.Response:
        """Answer a request."""
        path = request.match_info["path"]
        kind, _, rest = path.partition("/")
        if self.is_revoked:
            return answered({"message": "401: Unauthorized", "code": 0}, 401)
        if kind == "guilds":
            return answered(self.guild if "/" not in rest else [])
        room, _, what = rest.partition("/")
        if kind == "interactions" and room in self.answered:
            self.late[room] += 1
            return answered({"message": "Interaction has already been acknowledged.", "code": 40060}, 400)
        if kind == "webhooks":  # an answer that was promised before
            return answered({"id": "6999"})
        if kind != "channels" or room not in self.rooms:
            return await super().rest(request)
        if room in self.closed:
            status, code = self.closed[room]
            return answered({"message": "no", "code": code}, status)
        if not what:
            return answered(self._channel(room))
        if what != "messages" or request.method != "POST":
            after = int(request.query.get("after", 0))
            here = (message for message in (*self.spoken, *self.sent) if message["channel_id"] == room)
            newest = sorted(here, key=lambda message: -int(message["id"]))
            return answered([message for message in newest if int(message["id"]) > after])
        return answered({"id": self._stands(room, await request.json())})

    def _stands(self, room: str, body: dict[str, Any]) -> str:
        """Have a message stand in a channel, once for each nonce, and return its id."""
        nonce = body.pop("nonce", None) if body.pop("enforce_nonce", False) else None
        if nonce in self.nonces:
            return self.nonces[nonce]
        number = str(make_snowflake())
        self.rooms[room].append(json.dumps(body))
        if "message_reference" in body:
            body["message_reference"]["channel_id"] = room
        self.sent.append(message_data(number, room, GUILD, USER, "") | {"mentions": []} | body)
        if nonce is not None:
            self.nonces[nonce] = number
        return number

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a connection, unless the token is good no more."""
        if not self.is_revoked:
            return await super().gateway(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close(code=4004)
        return socket

    async def _ready(self, session: Session) -> None:
        await super()._ready(session)
        await session.tell("GUILD_CREATE", self.guild)

    async def upset(self, trouble: str) -> None:
        """Have the connection go wrong."""
        socket = self.living[-1].socket
        match trouble:
            case "anew":
                await socket.send_json({"op": 7, "d": None})
            case "close":
                await socket.close(code=4000)
            case "late":
                await socket.close(code=4009)
            case "cut":
                assert socket._req is not None and socket._req.transport is not None
                socket._req.transport.abort()
            case _:
                await socket.send_json({"op": 9, "d": trouble == "resumable"})

    async def tell(self, name: str, data: Any) -> None:
        """Tell the bot of something; each of its sessions, and those that wait to be taken up."""
        for session in (*self.living, *self.left):
            await session.tell(name, data)

    async def written(self, key: str, text: str, room: str = OPEN) -> None:
        """Have somebody write to the bot in a channel."""
        self.spoken.append(self.message(key, text, room))
        await self.tell("MESSAGE_CREATE", self.spoken[-1])

    def message(self, key: str, text: str, room: str = OPEN) -> dict[str, Any]:
        """Return what somebody writes to the bot."""
        return message_data(key, room, GUILD, _person(key), f"<@{BOT}> {text}")

    def replies(self, key: str) -> list[str]:
        """Return what stands below a message that somebody wrote."""
        return [json.dumps(one) for one in self.sent if (one.get("message_reference") or {}).get("message_id") == key]

    async def typed(self, key: str, name: str = "help", who: str = "", **options: str) -> None:
        """Have somebody type a command."""
        given = [{"name": one, "type": 3, "value": said} for one, said in options.items()]
        await self.interact(key, 2, {"id": "1", "name": name, "type": 1, "options": given}, who)

    async def clicked(self, key: str, who: str, call: str) -> None:
        """Have somebody click a button of a message of the bot's."""
        message = {**self.message("7999", "a post"), "author": USER}
        await self.interact(key, 3, {"custom_id": call, "component_type": 2}, who, message=message)

    async def interact(self, key: str, kind: int, data: dict[str, Any], who: str = "", **more: Any) -> None:
        """Tell of an interaction.

        Args:
            who: whose it is, if not that of somebody who does nothing else.
        """
        member = {
            "user": _person(who or key),
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "permissions": "0",
            "flags": 0,
        }
        event = {
            "id": key,
            "application_id": BOT,
            "type": kind,
            "token": f"t{key}",
            "version": 1,
            "locale": "en-US",
            "data": data,
            "entitlements": [],
            "app_permissions": "0",
            "authorizing_integration_owners": {},
            "attachment_size_limit": 1,
            "guild_id": GUILD,
            "member": member,
            "channel_id": OPEN,
            "channel": self._channel(OPEN),
            **more,
        }
        await self.tell("INTERACTION_CREATE", event)

    def host(self, s: Scene) -> None:
        """Have the group that lives in the database be on this server, in the open channel."""
        s.change(f"UPDATE tenant SET platform = 'discord', external_id = '{GUILD}'")
        s.change(f"UPDATE study_group SET room = '{OPEN}'")

    def has(self, room: str, post: str) -> int:
        """Return how often a post stands in a channel."""
        return sum(f"This is {post}." in one for one in self.rooms[room])


def _person(key: str) -> dict[str, Any]:
    """Return somebody who does no more than this."""
    return {"id": f"9{key}", "username": f"bo{key}", "discriminator": "0", "avatar": None, "global_name": f"Bo {key}"}


def answered(said: Any, status: int = 200) -> web.Response:
    """Return an answer as Discord gives it."""
    answer = web.json_response(said, status=status, headers={"Via": "1.1 here"})
    answer.headers["Content-Type"] = "application/json"
    return answer


async def _on_discord(s: Scene) -> tuple[Discord, Bot]:
    discord = Discord()
    await discord.start(s)
    bot = s.bot()
    await bot.begin(said="discord is ready")
    return discord, bot


@drill(
    does="The gateway asks for a reconnect, closes, is cut, and ends the session, both resumable and not",
    sees="After each of these, a command is answered once",
    holds="Each event once in the inbox",
)
async def discord_closes_the_gateway(s: Scene) -> None:
    discord, _ = await _on_discord(s)

    for n, trouble in enumerate(("anew", "close", "cut", "resumable", "over", "late")):
        before = discord.resumed + len(discord.began)
        await discord.upset(trouble)
        await s.until(partial(_is_back, discord, before), 60, f"it is back after {trouble}")
        await asyncio.sleep(1)
        await discord.typed(f"50{n}")
        await s.until(partial(discord.answered.count, f"50{n}"), 30, f"it answers after {trouble}")
    await asyncio.sleep(2)
    assert set(Counter(discord.answered).values()) == {1} and not discord.late, discord.late
    assert discord.resumed >= 3 and len(discord.began) >= 2, (discord.resumed, len(discord.began))


def _is_back(discord: Discord, before: int) -> bool:
    return discord.resumed + len(discord.began) > before and bool(discord.living)


@drill(
    does="A channel is deleted, one hidden, one closed to posts; two are restored. The bot is kicked and returns",
    sees="Other channels get their posts at once. Waiting posts come when the channel or the server is back",
    holds="Rows `parked` with the reason, then `sent`. Rows for the deleted channel stay `parked`",
)
async def discord_takes_rooms_away(s: Scene) -> None:
    discord, _ = await _on_discord(s)
    discord.closed = {DELETED: (404, 10003), HIDDEN: (403, 50001), MUTE: (403, 50013)}
    for room in discord.rooms:
        s.announce(f"post in {room}", room, "discord", GUILD)
    await s.until(lambda: s.count("outbox", "state = 'parked'") == 3, 60, "three are parked")
    await s.until(lambda: discord.has(OPEN, f"post in {OPEN}"), 30, "the other has its post")
    del discord.closed[HIDDEN], discord.closed[MUTE]
    await discord.tell("CHANNEL_UPDATE", {**channel_data(HIDDEN, GUILD), "topic": "open again"})
    await s.until(lambda: discord.has(HIDDEN, f"post in {HIDDEN}"), 40, "the hidden one has its post")
    (everyone,) = discord.guild["roles"]
    await discord.tell("GUILD_ROLE_UPDATE", {"guild_id": GUILD, "role": {**everyone, "permissions": SEES}})
    await s.until(lambda: discord.has(MUTE, f"post in {MUTE}"), 40, "the third has its post")
    discord.closed |= {OPEN: (403, 50001)}
    await discord.tell("GUILD_DELETE", {"id": GUILD})
    s.announce("post outside", OPEN, "discord", GUILD)
    await s.until(lambda: s.count("suspended_channel", f"room = '{OPEN}'"), 40, "it is held back")
    del discord.closed[OPEN]
    await discord.tell("GUILD_CREATE", discord.guild)
    await s.until(lambda: discord.has(OPEN, "post outside"), 40, "what waited for the server is there")
    assert [discord.has(room, f"post in {room}") for room in discord.rooms] == [0, 1, 1, 1]
    left = "SELECT room, state FROM outbox WHERE state <> 'sent'"
    await s.until(lambda: s.rows(left) == [(DELETED, "parked")], 40, "the deleted one's is held back again")


@drill(
    does="Discord revokes the bot's token and later accepts it again",
    sees="The page works. The post that was due on Discord comes after a restart with a valid token",
    holds="The row waits, then is `sent`; /healthz and the log name the token to check",
)
async def discord_revokes_the_token(s: Scene) -> None:
    discord, bot = await _on_discord(s)
    discord.is_revoked = True
    s.announce("post", OPEN, "discord", GUILD)
    await s.until(lambda: s.count("outbox", "error LIKE '%token%'"), 30, "the post waits for a token")
    for session in discord.living:  # the bot has closed it itself if another request was refused
        await session.socket.close(code=4004)
    await s.until(lambda: _is_refused(bot), 90, "Discord is refused")
    page = await s.page(bot)
    expect(await page.say("mo", "help"), "What you can do")
    assert not s.count("outbox", "state = 'sent'")
    discord.is_revoked = False
    await bot.end()
    await bot.begin(said="discord is ready")
    await s.until(lambda: discord.has(OPEN, "post") == 1, 60, "the post is there")


async def _is_refused(bot: Bot) -> bool:
    said = await bot.health()
    return said["platforms"]["discord"] == "refused" and "DISCORD_TOKEN" in " ".join(said["fixes"])
