"""Resume the session of a dead process, to receive what its shard missed.

Discord repeats all events since the given sequence number to the process that resumes a session, and sends the old
process nothing more. The old process may be alive but cut off from the database, and may have told people so. Stored
facts must match what people read. So repeated messages wait until the old process has said all that it may say, and
are then handled if nobody has replied to them. Repeated commands are dropped, because they are too old by then.
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
"""Events that are useful even when late; the new session brings the rest."""
SETTLED_S = 8.0
"""Seconds until a process that is cut off from the database has answered everything it received."""
Answered = Callable[[str], Awaitable[Container[str]]]
"""Returns the ids of the newest messages in a channel that the bot has replied to."""
_MOST = 5000
_DIAL_S, _LONGEST_S, _LOOK_S = 10.0, 60.0, 0.05
_DOMAIN = ".discord.gg"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GatewaySession:
    """What is needed to resume a session.

    Args:
        number: the sequence number of the last event.
        gateway: the address for resuming.
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
        """Parse the text of `packed`; return None for any other text."""
        with suppress(ValueError, TypeError):
            id_, number, gateway = json.loads(text)
            return cls(str(id_), int(number), str(gateway))
        return None

    def packed(self) -> str:
        """Return the session as text; "" if that is too long to store."""
        text = json.dumps([self.id, self.number, self.gateway])
        return text if len(text) <= LINE else ""

    def is_at(self, gateway: yarl.URL) -> bool:
        """Whether its address is the known gateway or under Discord's domain; only Discord may see the token."""
        at = yarl.URL(self.gateway)
        return at.host == gateway.host or (at.scheme == "wss" and (at.host or "").endswith(_DOMAIN))


async def hear(
    client: discord.AutoShardedClient,
    shard: int,
    session: GatewaySession,
    is_up: Callable[[], bool],
    answered: Answered,
) -> int:
    """Resume a session and pass on its events until this process has its own session; return their number.

    Args:
        is_up: whether this process has its own session and knows the shard's servers.
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
    """Return the ids of recent messages in a channel that the bot has replied to; none without Read Message History."""
    own = (message for message in await api.history(channel) if message["author"]["id"] == me)
    return frozenset(str((message.get("message_reference") or {}).get("message_id")) for message in own)


async def _read(line: DiscordWebSocket) -> None:
    with suppress(Exception):  # closed, or unknown by now: there is nothing more to hear
        while True:
            await line.poll_event()


class _Heard:
    """Events that wait until the SDK knows their server; before, it would take a channel for a direct message."""

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
        """Whether Discord has repeated everything, so that further events are new."""
        return self._whole_at is not None

    @property
    def whole_s(self) -> float:
        """Seconds since Discord finished repeating."""
        return 0.0 if self._whole_at is None else asyncio.get_running_loop().time() - self._whole_at

    @property
    def is_empty(self) -> bool:
        """Whether no event waits."""
        return not self._waiting

    def hand_on(self, *, is_last: bool = False) -> None:
        """Pass on new events whose server is known, in order within a server; all of them if `is_last`."""
        waiting, self._waiting = self._waiting, deque(maxlen=_MOST)
        for name, data in waiting:
            if is_last or self._knows(data.get("guild_id")):
                self._client._connection.parsers[name](data)
            else:
                self._waiting.append((name, data))

    async def hand_on_repeated(self, answered: Answered) -> None:
        """Pass on repeated messages that nobody has replied to."""
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
