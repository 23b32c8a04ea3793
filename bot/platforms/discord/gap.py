"""What was said to a shard after its process died: another takes up its session, until it has one of its own.

Discord repeats to whoever takes up a session all that came since the number that is named. The one that died had said
its numbers a moment before, so that some of it was answered already: each event is taken once, whoever hears it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket

from bot.core.shards import LINE

TAKEN = ("INTERACTION_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE")
"""Kinds of events that are of use when they are late; what else happened stands in the session that begins."""
_MOST = 5000
_DIAL_S, _LONGEST_S, _LOOK_S = 10.0, 60.0, 0.05
_DOMAIN = ".discord.gg"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """What a session is taken up again by.

    Args:
        number: of the last event that came.
        gateway: the address at which it is to be taken up.
    """

    id: str
    number: int
    gateway: str

    @classmethod
    def of(cls, line: DiscordWebSocket) -> Session | None:
        """Return the session of a connection, if it has begun one."""
        if line.session_id is None or line.sequence is None:
            return None
        return cls(line.session_id, line.sequence, str(line.gateway))

    @classmethod
    def unpacked(cls, text: str) -> Session | None:
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


async def hear(client: discord.AutoShardedClient, shard: int, session: Session, is_up: Callable[[], bool]) -> int:
    """Take up a session, and hand on what came to it until this process has one of its own; return how much came.

    Args:
        is_up: whether it has one, and knows the servers of the shard.
    """
    line = await asyncio.wait_for(
        DiscordWebSocket.from_client(
            client, resume=True, gateway=yarl.URL(session.gateway), shard_id=shard,
            session=session.id, sequence=session.number,
        ),
        _DIAL_S,
    )  # fmt: skip
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
    return heard.hand_on(is_last=True)


async def _read(line: DiscordWebSocket) -> None:
    with suppress(Exception):  # closed, or unknown by now: there is nothing more to hear
        while True:
            await line.poll_event()


class _Heard:
    """What comes, handed on to the SDK once it knows the server: else it would take a channel for a direct message."""

    def __init__(self, client: discord.AutoShardedClient) -> None:
        self._client, self.is_whole, self._count = client, False, 0
        self._waiting: deque[tuple[str, Any]] = deque(maxlen=_MOST)
        self.parsers: dict[str, Callable[[Any], Any]] = {name: partial(self._take, name) for name in TAKEN}
        self.parsers["RESUMED"] = self._end

    def _take(self, name: str, data: Any) -> None:
        self._waiting.append((name, data))
        self._count += 1

    def _end(self, _data: Any) -> None:
        self.is_whole = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be handed on."""
        return not self._waiting

    def hand_on(self, *, is_last: bool = False) -> int:
        """Hand on what may be, in order within a server; return how much has come until now."""
        waiting, self._waiting = self._waiting, deque(maxlen=_MOST)
        for name, data in waiting:
            if is_last or self._knows(data.get("guild_id")):
                self._client._connection.parsers[name](data)
            else:
                self._waiting.append((name, data))
        return self._count

    def _knows(self, server: str | None) -> bool:
        found = self._client.get_guild(int(server)) if server else None
        return server is None or (found is not None and not found.unavailable)
