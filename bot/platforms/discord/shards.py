"""Keep this process connected for its own shards, and release shards that another process has taken over."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import discord
import yarl

from bot.base.rate_limiter import LimiterStore, LocalLimiterStore, Rate
from bot.chat.platform import ReportState
from bot.chat.shards import ShardShares, ShardSharing, UnsharedShards, WantedShards
from bot.platforms.discord import session_resume

LOOK_S, PARTING_LOOK_S = 1.0, 0.25
IDENTIFY = Rate(1 / 5.5)
"""Rate of new sessions in each of Discord's `max_concurrency` buckets. Discord allows one every five seconds; the
extra half second is for a busy machine, which may send one late and the next on time.

Source: https://discord.com/developers/docs/events/gateway#sharding-max-concurrency
"""
STUCK_S = 30.0
"""Seconds without a connection after which a shard goes to a process that has all of its own."""
_EACH_S = 6.0
"""Extra seconds for each of this process's shards, because they are connected one after the other."""
CUT_OFF_S = 6.0
"""Seconds without the database after which other processes take over this one's shards: see `cluster/shards`."""
_AHEAD_S, _LEAVE_S = 3600.0, 1.0
_DOUBLINGS = 6
"""The SDK waits at most two to this power seconds before it dials again; its default of ten means 17 minutes."""
log = logging.getLogger(__name__)


class IdentifyTurns:
    """Decides when this process may begin a session, with limits that all processes of the bot share."""

    def __init__(self, limiter_store: LimiterStore | None = None) -> None:
        self._limiter_store = limiter_store or LocalLimiterStore()
        self.buckets = 1

    async def wait(self, shard: int) -> None:
        """Wait until a session of a shard may begin."""
        name = f"discord identify {shard % self.buckets}"
        wait_s = await self._limiter_store.take(name, IDENTIFY, 1, _AHEAD_S)
        if wait_s > 0:
            await asyncio.sleep(wait_s)


class Keeper:
    """Keeps a client connected for the shards of its process.

    Args:
        sharing: the store of which process has which shard.
        wanted: the configured shards.
        report: called with "ready" if all of its shards are connected, "partly" if some are, "standby" if other
            processes have all, else "connecting".
        answered: returns which messages of a channel have a reply already.
    """

    def __init__(
        self,
        client: discord.AutoShardedClient,
        report: ReportState,
        *,
        sharing: ShardSharing | None = None,
        wanted: WantedShards | None = None,
        turns: IdentifyTurns | None = None,
        answered: session_resume.Answered | None = None,
    ) -> None:
        self._client, self._report, self._answered = client, report, answered or _find_no_replies
        self.sharing, self._wanted, self.turns = (
            sharing or UnsharedShards(),
            wanted or WantedShards(),
            turns or IdentifyTurns(),
        )
        self._shares: ShardShares | None = None
        self._up: set[int] = set()
        self._away: set[int] = set()
        self._missed_at: dict[int, float] = {}
        self._gateway = yarl.URL()
        self._keeping: asyncio.Task[None] | None = None
        self._launching: asyncio.Task[None] | None = None
        self._catching_up: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self._is_ending, self._reported, self._looked_at = False, "", 0.0

    # ------------------------------------------------------------ what the connection tells

    def is_up(self, shard: int) -> None:
        """Record that a shard is connected."""
        self._up.add(shard)
        self._away.discard(shard)
        self.tell()

    def is_down(self, shard: int) -> None:
        """Record that a shard lost its connection; the SDK connects it again."""
        self._up.discard(shard)
        if self._shares is None or shard in self._shares.mine:
            self._away.add(shard)
        self.tell()

    @property
    def state(self) -> str:
        """The state of this process's connection, for /healthz."""
        if self._shares is None:
            return self._summarise(self._up | self._away)
        if own := set(self._shares.mine):
            return self._summarise(own)
        return "standby" if self._shares.are_all_owned else "connecting"

    def _summarise(self, own: set[int]) -> str:
        if own and own <= self._up:
            return "ready"
        return "partly" if own & self._up else "connecting"

    def is_elsewhere(self, server: int | None) -> bool:
        """Whether another process serves a server, or direct messages, so that this one must not answer.

        This process may still be connected and could not tell by itself which of the two comes first.
        """
        if self._shares is None:
            return False
        shard = 0 if server is None else (server >> 22) % self._shares.count
        return bool(self._shares.may_go((shard,)))

    @property
    def lines(self) -> int:
        """The number of shards that this process connects for, at least one."""
        return max(1, len(self._shares.mine) if self._shares else 1)

    def tell(self) -> None:
        """Report the state if it changed."""
        if self.state != self._reported:
            self._reported = self.state
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
        self._connect_missing()
        self.tell()
        if not isinstance(self.sharing, UnsharedShards):
            self._keeping = asyncio.create_task(self._keep(count))

    async def may_dial(self) -> None:
        """Wait while other processes may have taken over this one's shards without it knowing.

        The other process resumes the sessions, which ends the connections here. If this process dialled again, it would
        tell people that nothing was stored while the other one stores it.
        """
        while self._may_be_replaced:  # noqa: ASYNC110  (time passes, nothing tells of it)
            await asyncio.sleep(LOOK_S)

    @property
    def _may_be_replaced(self) -> bool:
        is_shared = self._shares is not None and len(self._shares.seats) > 1
        return is_shared and asyncio.get_running_loop().time() - self._looked_at > CUT_OFF_S

    async def part(self, within_s: float) -> None:
        """Hand the shards over to other processes; serve until they take over, for at most `within_s`."""
        if self._shares is None or isinstance(self.sharing, UnsharedShards):
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
        """Stop all tasks that watch and connect."""
        self._is_ending = True
        for task in (self._keeping, self._launching, *(task for _, task in self._catching_up.values())):
            if task is not None:
                task.cancel()

    async def leave(self) -> None:
        """Give up all shards, after the connections are closed."""
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
            self._connect_missing()
            self.tell()

    async def _look(self, count: int) -> None:
        """Refresh the shares; keep them if the database cannot be reached, which may affect every process."""
        for shard in list(self._up):  # the SDK tells of a loss as it connects anew, one shard after the other
            if (line := self._client.get_shard(shard)) is None or line.is_closed():
                self.is_down(shard)
        try:
            up, stuck = frozenset(self._up), self._list_stuck()
            self._shares = await self.sharing.look(
                count, up, lines=self._pack_sessions(), stuck=stuck, is_ending=self._is_ending
            )
            self._looked_at = asyncio.get_running_loop().time()
        except Exception as trouble:  # noqa: BLE001  (whatever keeps us from it, the next look tries again)
            log.debug("who has which shards is not known: %s", type(trouble).__name__)

    def _pack_sessions(self) -> dict[int, str]:
        """Return the packed session of each shard, with which another process can resume it."""
        sessions = {
            shard: session_resume.GatewaySession.of(self._client.shards[shard]._parent.ws) for shard in self._up
        }
        return {shard: session.packed() for shard, session in sessions.items() if session is not None}

    def _list_stuck(self) -> list[int]:
        """Return this process's shards that had no connection for too long."""
        now, own = asyncio.get_running_loop().time(), self._shares.mine if self._shares else ()
        self._missed_at = {shard: self._missed_at.get(shard, now) for shard in own if shard not in self._up}
        patience_s = STUCK_S + _EACH_S * len(own)
        return [shard for shard, since in self._missed_at.items() if now - since > patience_s]

    def _connect_missing(self) -> None:
        """Connect this process's shards that have no connection, one after the other."""
        assert self._shares is not None
        self._client._connection.shard_ids = sorted({*self._shares.mine, *self._client.shards})
        if self._launching is None or self._launching.done():
            missing = [shard for shard in self._shares.mine if not self._has_line(shard)]
            self._launching = asyncio.create_task(self._launch(missing)) if missing else None
        for shard, line in self._shares.left.items():
            if self._catching_up.get(shard, ("",))[0] != line:  # once for each that has died
                self._catching_up[shard] = line, asyncio.create_task(self._catch_up(shard, line))

    async def _catch_up(self, shard: int, line: str) -> None:
        """Receive what the shard missed since its last process died, while the new session begins."""
        session = session_resume.GatewaySession.unpacked(line)
        try:
            if session is None or not session.is_at(self._gateway):
                return
            count = await session_resume.hear(self._client, shard, session, lambda: shard in self._up, self._answered)
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
        """Close the connection of a shard that another process serves, and forget its servers."""
        log.info("shard %d is another process's now", shard)
        self._up.discard(shard)
        line = self._client.get_shard(shard)
        if line is not None:
            await line.disconnect()
        for guild in [guild for guild in self._client.guilds if guild.shard_id == shard]:
            self._client._connection._remove_guild(guild)


async def _find_no_replies(_channel: str) -> frozenset[str]:
    return frozenset()
