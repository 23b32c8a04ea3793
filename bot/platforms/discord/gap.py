"""What was said to a shard after its process died: another takes up its session, until it has one of its own.

Discord repeats to whoever takes up a session all that came since the number that is named, and tells nothing more to
who had it. That one is not dead, perhaps, but cut off from the database, and has told people so: what was kept of an
event since must not differ from what they read. So what is repeated waits until that one has said all that it may say,
and then counts if nobody has replied to it. A command that is repeated is too old by then, and is left.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Container
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket

from bot.chat.shards import LINE
from bot.platforms.discord.client import DiscordApi

MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE")
TAKEN = ("INTERACTION_CREATE", *MESSAGES)
"""Kinds of events that are of use when they are late; what else happened stands in the session that begins."""
SETTLED_S = 8.0
"""After how long whoever is cut off from the database has said so, to each that it has heard."""
Answered = Callable[[str], Awaitable[Container[str]]]
"""Returns to which messages of a channel the bot has replied, of the newest."""
_MOST = 5000
_DIAL_S, _LONGEST_S, _LOOK_S = 10.0, 60.0, 0.05
_DOMAIN = ".discord.gg"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GatewaySession:
    """What a session is taken up again by.

    Args:
        number: of the last event that came.
        gateway: the address at which it is to be taken up.
    """

    id: str
    number: int
    gateway: str

    @classmethod
    def of(cls, line: DiscordWebSocket) -> GatewaySession | None:
        """Return the session of a connection, if it has begun one."""
        if line.session_id is None or line.sequence is None:
            return None
        return cls(line.session_id, line.sequence, str(line.gateway))

    @classmethod
    def unpacked(cls, text: str) -> GatewaySession | None:
        """Return what `packed` made; None of anything else."""
        with suppress(ValueError, TypeError):
            id_, number, gateway = json.loads(text)
            return cls(str(id_), int(number), str(gateway))
        return None

    def packed(self) -> str:
        """Return it as text; none where it is longer than can be kept."""
        text = json.dumps([self.id, self.number, self.gateway])
        return text if len(text) <= LINE else ""

    def is_at(self, gateway: yarl.URL) -> bool:
        """Whether it is at Discord's, which alone may see the token: where it is known to be, or under its domain."""
        at = yarl.URL(self.gateway)
        return at.host == gateway.host or (at.scheme == "wss" and (at.host or "").endswith(_DOMAIN))


async def hear(
    client: discord.AutoShardedClient,
    shard: int,
    session: GatewaySession,
    is_up: Callable[[], bool],
    answered: Answered,
) -> int:
    """Take up a session, and hand on what came to it until this process has one of its own; return how much came.

    Args:
        is_up: whether it has one, and knows the servers of the shard.
    """
    line = await asyncio.wait_for(
        DiscordWebSocket.from_client(
            client,
            resume=True,
            gateway=yarl.URL(session.gateway),
            shard_id=shard,
            session=session.id,
            sequence=session.number,
        ),
        _DIAL_S,
    )
    heard = _Heard(client)
    line._discord_parsers = heard.parsers
    reading = asyncio.create_task(_read(line))
    try:
        async with asyncio.timeout(_LONGEST_S):
            while not (is_up() and heard.is_whole) and not (reading.done() and heard.is_empty):
                heard.hand_on()
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        log.warning("shard %d: a session of its own took too long; what was said meanwhile may be lost", shard)
    finally:
        reading.cancel()
        with suppress(Exception):  # whatever is left of it, Discord ends it by itself
            await asyncio.wait_for(line.close(code=1000), _DIAL_S)
    heard.hand_on(is_last=True)
    await asyncio.sleep(SETTLED_S - heard.whole_s)
    await heard.hand_on_repeated(answered)
    return heard.count


async def replied_to(api: DiscordApi, me: str, channel: str) -> frozenset[str]:
    """Return to which messages the bot has replied lately in a channel; none where it may not look back."""
    mine = (one for one in await api.history(channel) if one["author"]["id"] == me)
    return frozenset(str((one.get("message_reference") or {}).get("message_id")) for one in mine)


async def _read(line: DiscordWebSocket) -> None:
    with suppress(Exception):  # closed, or unknown by now: there is nothing more to hear
        while True:
            await line.poll_event()


class _Heard:
    """What comes, handed on to the SDK once it knows the server: else it would take a channel for a direct message."""

    def __init__(self, client: discord.AutoShardedClient) -> None:
        self._client, self.count = client, 0
        self._whole_at: float | None = None
        self._waiting: deque[tuple[str, Any]] = deque(maxlen=_MOST)
        self._repeated: deque[tuple[str, Any]] = deque(maxlen=_MOST)
        self.parsers: dict[str, Callable[[Any], Any]] = {name: partial(self._take, name) for name in TAKEN}
        self.parsers["RESUMED"] = self._end

    def _take(self, name: str, data: Any) -> None:
        self.count += 1
        if self.is_whole:
            self._waiting.append((name, data))
        elif name in MESSAGES and data.get("content"):  # Discord shows no other text than what is for the bot
            self._repeated.append((name, data))

    def _end(self, _data: Any) -> None:
        self._whole_at = asyncio.get_running_loop().time()

    @property
    def is_whole(self) -> bool:
        """Whether all was repeated, so that what comes is new."""
        return self._whole_at is not None

    @property
    def whole_s(self) -> float:
        """For how many seconds all has been repeated."""
        return 0.0 if self._whole_at is None else asyncio.get_running_loop().time() - self._whole_at

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be handed on."""
        return not self._waiting

    def hand_on(self, *, is_last: bool = False) -> None:
        """Hand on what is new and may be, in order within a server."""
        waiting, self._waiting = self._waiting, deque(maxlen=_MOST)
        for name, data in waiting:
            if is_last or self._knows(data.get("guild_id")):
                self._client._connection.parsers[name](data)
            else:
                self._waiting.append((name, data))

    async def hand_on_repeated(self, answered: Answered) -> None:
        """Hand on what Discord has repeated, where nobody has replied to it by now."""
        replied: dict[str, Container[str]] = {}
        for name, data in self._repeated:
            channel = str(data["channel_id"])
            if channel not in replied:
                replied[channel] = await answered(channel)
            if str(data["id"]) not in replied[channel]:
                self._client._connection.parsers[name](data)

    def _knows(self, server: str | None) -> bool:
        guild = self._client.get_guild(int(server)) if server else None
        return server is None or (guild is not None and not guild.unavailable)
