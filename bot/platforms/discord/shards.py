"""The shards of this process: connected for those that are its own, let go of those that another has taken over."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import discord
import yarl

from bot.base.rate_limiter import LimiterStore, LocalLimiterStore, Rate
from bot.chat.platform import ReportState
from bot.chat.shards import Alone, Shares, Sharing, Wanted
from bot.platforms.discord import gap

LOOK_S, PARTING_LOOK_S = 1.0, 0.25
IDENTIFY = Rate(1 / 5.5)
"""How often a bot may begin a session, in each of the `max_concurrency` buckets that Discord names: every five seconds.
Half a second more is for a busy machine, which may send one late and the next in time.

Source: https://discord.com/developers/docs/events/gateway#sharding-max-concurrency
"""
STUCK_S = 30.0
"""After how long a shard for which this process gets no connection goes to one that has all of its own."""
_EACH_S = 6.0
"""How much longer each shard that is this process's may take: they are connected one after the other."""
CUT_OFF_S = 6.0
"""After how long without a word from the database others have what was this process's: see `db.shards`."""
_AHEAD_S, _LEAVE_S = 3600.0, 1.0
_DOUBLINGS = 6
"""Two to the power of this are the seconds that the SDK waits at most to dial anew; its own ten are 17 minutes."""
log = logging.getLogger(__name__)


class IdentifyTurns:
    """When this process may begin a session: each bucket's moment is kept where all processes of the bot see it."""

    def __init__(self, paces: LimiterStore | None = None) -> None:
        self._paces = paces or LocalLimiterStore()
        self.buckets = 1

    async def wait(self, shard: int) -> None:
        """Wait until a session of a shard may begin."""
        name = f"discord identify {shard % self.buckets}"
        wait_s = await self._paces.take(name, IDENTIFY, 1, _AHEAD_S)
        if wait_s > 0:
            await asyncio.sleep(wait_s)


class Keeper:
    """Keeps a client connected for the shards of its process.

    Args:
        sharing: where it is kept who has which.
        wanted: what is set.
        report: told "ready" while each of its own is connected, "partly" while some are, "standby" where others have
            all, else "connecting".
        answered: says to which messages of a channel somebody has replied already.
    """

    def __init__(
        self,
        client: discord.AutoShardedClient,
        report: ReportState,
        *,
        sharing: Sharing | None = None,
        wanted: Wanted | None = None,
        turns: IdentifyTurns | None = None,
        answered: gap.Answered | None = None,
    ) -> None:
        self._client, self._report, self._answered = client, report, answered or _nothing
        self.sharing, self._wanted, self.turns = sharing or Alone(), wanted or Wanted(), turns or IdentifyTurns()
        self._shares: Shares | None = None
        self._up: set[int] = set()
        self._away: set[int] = set()
        self._missed_at: dict[int, float] = {}
        self._gateway = yarl.URL()
        self._keeping: asyncio.Task[None] | None = None
        self._launching: asyncio.Task[None] | None = None
        self._catching_up: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self._is_ending, self._told, self._looked_at = False, "", 0.0

    # ------------------------------------------------------------ what the connection tells

    def is_up(self, shard: int) -> None:
        """Take notice that a shard is connected."""
        self._up.add(shard)
        self._away.discard(shard)
        self.tell()

    def is_down(self, shard: int) -> None:
        """Take notice that a shard is not connected any more; it is connected again by the SDK."""
        self._up.discard(shard)
        if self._shares is None or shard in self._shares.mine:
            self._away.add(shard)
        self.tell()

    @property
    def state(self) -> str:
        """What this process is on Discord, for /healthz."""
        if self._shares is None:
            return self._connected(self._up | self._away)
        if mine := set(self._shares.mine):
            return self._connected(mine)
        return "standby" if self._shares.are_all_owned else "connecting"

    def _connected(self, mine: set[int]) -> str:
        if mine and mine <= self._up:
            return "ready"
        return "partly" if mine & self._up else "connecting"

    def is_elsewhere(self, server: int | None) -> bool:
        """Whether another process serves a server, or direct messages, as was last seen: then this one says nothing.

        It may be connected still, or again for a moment, and by itself could not say who of both is the first.
        """
        if self._shares is None:
            return False
        shard = 0 if server is None else (server >> 22) % self._shares.count
        return bool(self._shares.may_go((shard,)))

    @property
    def lines(self) -> int:
        """For how many shards it is to be connected, at least one."""
        return max(1, len(self._shares.mine) if self._shares else 1)

    def tell(self) -> None:
        """Report the state where it is another."""
        if self.state != self._told:
            self._told = self.state
            self._report(self.state)

    # ------------------------------------------------------------ what is done

    async def begin(self) -> None:
        """Ask Discord for its gateway, take this process's shards and begin to connect; look again from then on."""
        recommended, gateway, limits = await self._client.http.get_bot_gateway()
        self._gateway, self.turns.buckets = yarl.URL(gateway), max(1, limits["max_concurrency"])
        count = self._wanted.count or recommended
        while self._shares is None:
            await self._look(count)
            if self._shares is None:
                await asyncio.sleep(LOOK_S)
        if self._shares.count != count:
            log.warning(
                "Discord's shards stay %d, not %d, for as long as another gateway goes by that: to change it, stop all",
                self._shares.count,
                count,
            )
        self._client.shard_count = self._client._connection.shard_count = self._shares.count
        self._follow()
        self.tell()
        if not isinstance(self.sharing, Alone):
            self._keeping = asyncio.create_task(self._keep(count))

    async def may_dial(self) -> None:
        """Wait for as long as others may have this process's part and it cannot know.

        Whoever takes it takes up the sessions too, which ends the connections here: it would come back to tell people
        that nothing is kept, while the other one keeps it.
        """
        while self._may_be_replaced:  # noqa: ASYNC110  (time passes, nothing tells of it)
            await asyncio.sleep(LOOK_S)

    @property
    def _may_be_replaced(self) -> bool:
        is_shared = self._shares is not None and len(self._shares.seats) > 1
        return is_shared and asyncio.get_running_loop().time() - self._looked_at > CUT_OFF_S

    async def part(self, within_s: float) -> None:
        """Hand over to others before the end; it serves until they do, and no longer than it may."""
        if self._shares is None or isinstance(self.sharing, Alone):
            return
        self._is_ending = True
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while True:
                    await self._look(self._shares.count)
                    for shard in self._shares.may_go(self._up):
                        await self._let_go(shard)
                    if not self._up or not self._shares.seats - {self._shares.me}:
                        return
                    await asyncio.sleep(PARTING_LOOK_S)

    def stop(self) -> None:
        """Look and connect no more."""
        self._is_ending = True
        for task in (self._keeping, self._launching, *(task for _, task in self._catching_up.values())):
            if task is not None:
                task.cancel()

    async def leave(self) -> None:
        """Leave everything to others, once the connections are closed."""
        if self._shares is not None:
            with suppress(Exception):  # what is not said is known a little later
                await asyncio.wait_for(self.sharing.leave(), _LEAVE_S)

    async def _keep(self, count: int) -> None:
        while not self._client.is_closed():
            await asyncio.sleep(LOOK_S)
            if self._is_ending:
                return
            await self._look(count)
            assert self._shares is not None
            if self._shares.count != self._client.shard_count:
                log.warning("Discord's shards are %d now: connecting anew", self._shares.count)
                await self._client.close()
                return
            for shard in self._shares.may_go(self._up):
                await self._let_go(shard)
            self._follow()
            self.tell()

    async def _look(self, count: int) -> None:
        """See how it stands; while that cannot be said all goes on as it is: the database may be away for everybody."""
        for shard in list(self._up):  # the SDK tells of a loss as it connects anew, one shard after the other
            if (line := self._client.get_shard(shard)) is None or line.is_closed():
                self.is_down(shard)
        try:
            up, stuck = frozenset(self._up), self._stuck()
            self._shares = await self.sharing.look(
                count, up, lines=self._lines(), stuck=stuck, is_ending=self._is_ending
            )
            self._looked_at = asyncio.get_running_loop().time()
        except Exception as trouble:  # noqa: BLE001  (whatever keeps us from it, the next look tries again)
            log.debug("who has which shards is not known: %s", type(trouble).__name__)

    def _lines(self) -> dict[int, str]:
        """Return by what another process can take up this one's sessions."""
        sessions = {one: gap.GatewaySession.of(self._client.shards[one]._parent.ws) for one in self._up}
        return {one: session.packed() for one, session in sessions.items() if session is not None}

    def _stuck(self) -> list[int]:
        """Return which of its own shards had no connection for too long."""
        now, mine = asyncio.get_running_loop().time(), self._shares.mine if self._shares else ()
        self._missed_at = {one: self._missed_at.get(one, now) for one in mine if one not in self._up}
        patience_s = STUCK_S + _EACH_S * len(mine)
        return [one for one, since in self._missed_at.items() if now - since > patience_s]

    def _follow(self) -> None:
        """Connect for what is this process's and has no connection, one after the other."""
        assert self._shares is not None
        self._client._connection.shard_ids = sorted({*self._shares.mine, *self._client.shards})
        if self._launching is None or self._launching.done():
            missing = [one for one in self._shares.mine if not self._has_line(one)]
            self._launching = asyncio.create_task(self._launch(missing)) if missing else None
        for shard, line in self._shares.left.items():
            if self._catching_up.get(shard, ("",))[0] != line:  # once for each that has died
                self._catching_up[shard] = line, asyncio.create_task(self._catch_up(shard, line))

    async def _catch_up(self, shard: int, line: str) -> None:
        """Hear what was said since the process before died, beside the session that begins."""
        session = gap.GatewaySession.unpacked(line)
        try:
            if session is None or not session.is_at(self._gateway):
                return
            count = await gap.hear(self._client, shard, session, lambda: shard in self._up, self._answered)
        except Exception as trouble:  # noqa: BLE001  (what was missed stays missed; the shard itself is connected)
            log.info("shard %d: the session before is not taken up again (%s)", shard, type(trouble).__name__)
        else:
            log.info("shard %d: %d events came by the session before", shard, count)

    async def _launch(self, missing: list[int]) -> None:
        for shard in missing:
            if self._shares is not None and shard in self._shares.mine and not self._is_ending:
                await self._client.launch_shard(self._gateway, shard)
                self._client.shards[shard]._parent._backoff._max = _DOUBLINGS

    def _has_line(self, shard: int) -> bool:
        """Whether a connection stands, or the SDK is about to make it again."""
        return shard in self._client.shards and (shard in self._away or not self._client.shards[shard].is_closed())

    async def _let_go(self, shard: int) -> None:
        """End the connection for a shard that another process serves, and forget its servers."""
        log.info("shard %d is another process's now", shard)
        self._up.discard(shard)
        line = self._client.get_shard(shard)
        if line is not None:
            await line.disconnect()
        for guild in [guild for guild in self._client.guilds if guild.shard_id == shard]:
            self._client._connection._remove_guild(guild)


async def _nothing(_channel: str) -> frozenset[str]:
    return frozenset()
