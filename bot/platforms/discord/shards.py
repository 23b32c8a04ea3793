"""Run a gateway client for each group of shards that this process has leased, and close those that others have."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.base.rate_limiter import LimiterStore, LocalLimiterStore, Rate
from bot.chat.shards import LeasedShards, ShardLeases, split_shards

LOOK_S, HANDOVER_LOOK_S = 1.0, 0.25
CUT_OFF_S = 6.0
"""Seconds without a renewal after which other processes may have taken this one's groups: see `cluster/shards`."""
STUCK_S, EACH_S = 60.0, 6.0
"""Seconds without a connection, and more for each shard, after which a client is closed and others may try. The SDK
waits longer from try to try, up to 17 minutes; a new client begins at once."""
SETTLED_S = 8.0
"""Seconds until a process that was cut off from the database has answered all that it received. Only then is it known
what nobody has answered: people must not read that nothing was saved of what is saved."""
IDENTIFY = Rate(1 / 5.5)
"""Rate of new sessions in each of Discord's `max_concurrency` buckets. Discord allows one every five seconds; the
extra half second is for a busy machine, which may send one late and the next on time.

Source: https://discord.com/developers/docs/events/gateway#sharding-max-concurrency
"""
_AHEAD_S, _LEAVE_S, _AGAIN_S = 3600.0, 1.0, 0.1
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


class ShardClient(Protocol):
    """A connection for some shards."""

    @property
    def is_connected(self) -> bool:
        """Whether all of its shards are connected."""

    async def serve(self) -> None:
        """Connect and stay connected; return if it was closed, raise if it cannot connect."""

    async def catch_up(self, since: datetime) -> None:
        """Answer what was said since then, while nobody was connected."""

    async def close(self) -> None:
        """Close the connection."""


AnyClient = TypeVar("AnyClient", bound=ShardClient)


@dataclass
class RunningClient(Generic[AnyClient]):
    """A client of a group of shards.

    Args:
        missing_since: the loop's time since which it is not connected; None while it is.
        silent_since: since when nobody was connected, until it has caught up.
    """

    client: AnyClient
    serving: asyncio.Task[None]
    missing_since: float | None
    silent_since: datetime | None = None


class ShardRunner(Generic[AnyClient]):
    """Keeps this process connected for the groups of shards that it has leased.

    Args:
        open_client: returns a client for some shards of so many.
        report: called with "ready" if this process is connected for all of its groups, "partly" if for some, "standby"
            if other processes have all, else "connecting".
    """

    def __init__(
        self,
        open_client: Callable[[Sequence[int], int], AnyClient],
        leases: ShardLeases,
        report: Callable[[str], None],
    ) -> None:
        self._open, self._leases, self._report = open_client, leases, report
        self._leased: LeasedShards | None = None
        self._running: dict[int, RunningClient[AnyClient]] = {}
        self._catching_up: set[asyncio.Task[None]] = set()
        self._ending = asyncio.Event()
        self._renewed_at, self._gives_up_until = 0.0, 0.0
        self._reported = ""

    @property
    def clients(self) -> list[AnyClient]:
        """The clients of this process."""
        return [running.client for running in self._running.values()]

    @property
    def state(self) -> str:
        """The state of this process's connections, for /healthz."""
        connected = self._list_connected()
        if not self._running:
            return "standby" if self._leased is not None and self._leased.are_all_leased else "connecting"
        if len(connected) == len(self._running):
            return "ready"
        return "partly" if connected else "connecting"

    def tell(self) -> None:
        """Report the state if it changed."""
        if self.state != self._reported:
            self._reported = self.state
            self._report(self.state)

    async def run(self, count: int) -> None:
        """Look each second which groups are this process's; raise what a client cannot connect for.

        Args:
            count: how many shards there are, where no living process goes by another number.
        """
        try:
            while not self._ending.is_set():
                await self._look(count)
                if self._leased is not None and self._leased.count != count:
                    log.warning(
                        "Discord's shards stay %d, not %d, while another gateway uses that: to change it, stop all",
                        self._leased.count,
                        count,
                    )
                    count = self._leased.count
                await asyncio.sleep(LOOK_S)
            await asyncio.Event().wait()  # what is served stays served until it is handed over
        finally:
            for task in self._catching_up:
                task.cancel()
            for group in list(self._running):
                await self._close(group)

    async def part(self, within_s: float) -> None:
        """Give all groups back, and serve them until other processes are connected, for at most `within_s`.

        What was said while nobody was connected is answered now: nobody else knows of it.
        """
        self._ending.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                if self._catching_up:
                    await asyncio.wait(self._catching_up, timeout=within_s / 2)
                while self._running and self._leased is not None:
                    await self._renew(self._leased.count, gives_up=True)
                    await self._close_served()
                    if not self._leased.processes:
                        return
                    await asyncio.sleep(HANDOVER_LOOK_S)

    async def leave(self) -> None:
        """Give up all groups, after the connections are closed."""
        with suppress(Exception):  # what is not said is known a little later
            await asyncio.wait_for(self._leases.leave(), _LEAVE_S)

    async def _look(self, count: int) -> None:
        now = asyncio.get_running_loop().time()
        await self._reap()
        await self._renew(count, gives_up=now < self._gives_up_until)
        if self._leased is None or self._ending.is_set():
            return
        if self._leased.processes > 1 and asyncio.get_running_loop().time() - self._renewed_at > CUT_OFF_S:
            log.warning("the database is away: other processes may serve Discord by now")
            for group in list(self._running):
                await self._close(group)
        else:
            await self._close_served()
            await self._check_clients(now)
            for group in self._leased.mine:
                if group not in self._running:
                    self._begin(group, self._leased)
        self.tell()

    async def _renew(self, count: int, *, gives_up: bool) -> None:
        """Renew the leases; keep what is known if the database cannot be reached."""
        began_at = asyncio.get_running_loop().time()
        try:
            self._leased = await self._leases.renew(count, self._list_connected(), gives_up=gives_up)
            self._renewed_at = began_at
        except Exception as trouble:  # noqa: BLE001  (whatever keeps us from it, the next look tries again)
            log.debug("the leases of shards are not renewed: %s", type(trouble).__name__)

    def _list_connected(self) -> list[int]:
        return [group for group, running in self._running.items() if running.client.is_connected]

    def _begin(self, group: int, leased: LeasedShards) -> None:
        shards = split_shards(leased.count)[group]
        client = self._open(shards, leased.count)
        now = asyncio.get_running_loop().time()
        since = leased.silent_since.get(group)
        self._running[group] = RunningClient(client, asyncio.create_task(client.serve()), now, since)

    async def _close_served(self) -> None:
        """Close the clients of groups that another process is connected for."""
        assert self._leased is not None
        for group in self._leased.served & self._running.keys():
            log.info("group %d of the shards is another process's now", group)
            await self._close(group)

    async def _check_clients(self, now: float) -> None:
        """Begin to catch up for clients that got connected, and close those that did not.

        If there are other processes, they get all groups for as long as this one waited.
        """
        assert self._leased is not None
        for group, running in list(self._running.items()):
            if running.client.is_connected:
                if running.silent_since is not None:
                    self._catch_up(running.client, running.silent_since)
                running.missing_since = running.silent_since = None
                continue
            running.missing_since = running.missing_since or now
            patience_s = STUCK_S + EACH_S * len(split_shards(self._leased.count)[group])
            if now - running.missing_since > patience_s:
                log.warning("group %d of the shards gets no connection", group)
                await self._close(group)
                self._gives_up_until = now + patience_s if self._leased.processes > 1 else 0.0

    def _catch_up(self, client: ShardClient, since: datetime) -> None:
        task = asyncio.create_task(_catch_up_later(client, since, self._ending))
        self._catching_up.add(task)
        task.add_done_callback(self._catching_up.discard)

    async def _reap(self) -> None:
        """Forget clients that ended; raise what one cannot connect for."""
        for group, running in list(self._running.items()):
            if running.serving.done():
                del self._running[group]
                await running.serving

    async def _close(self, group: int) -> None:
        running = self._running.pop(group)
        await running.client.close()
        await end(running.serving)


async def end(serving: asyncio.Task[None]) -> None:
    """Cancel a client's task until it ends: the SDK swallows a cancellation while it connects a shard again."""
    while not serving.done():
        serving.cancel()
        await asyncio.wait({serving}, timeout=_AGAIN_S)
    await asyncio.gather(serving, return_exceptions=True)


async def _catch_up_later(client: ShardClient, since: datetime, ending: asyncio.Event) -> None:
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), SETTLED_S)
        await client.catch_up(since)
    except Exception as trouble:  # noqa: BLE001  (what was said meanwhile stays unanswered)
        log.info("what was said before is not caught up with (%s)", type(trouble).__name__)
