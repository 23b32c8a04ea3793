"""Shards of a bot, served by its processes: here each is a platform of its own on one database, before a gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord.http import Route

from bot.base.rate_limiter import LocalLimiterStore
from bot.chat.platform import Refused
from bot.chat.shards import ShardLeases, WantedShards
from bot.cluster.process_registry import ProcessRegistry
from bot.cluster.shards import DatabaseShardLeases
from bot.platforms.discord import shards
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import Client
from bot.platforms.discord.shards import IdentifyTurns
from bot.storage.unit_of_work import Database
from tests.platforms.discord.shardworld import Gateway, standing, until
from tests.platforms.discord.world import Free, World
from tests.storage.sample_app import make_tables

LASTS, GRACE = timedelta(seconds=0.8), timedelta(seconds=0.1)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database that the processes share, and a look at it every few milliseconds."""
    monkeypatch.setattr(shards, "LOOK_S", 0.05)
    monkeypatch.setattr(shards, "HANDOVER_LOOK_S", 0.02)
    monkeypatch.setattr(shards, "SETTLED_S", 0.05)
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    address = f"sqlite:///{tmp_path / 'trailmate.db'}"
    make_tables(address)
    with Database(address) as started:
        yield started


@dataclass
class Process:
    """One of the processes of a bot; what it is told is remembered for all, as rows would be."""

    gateway: Gateway
    world: World
    leases: ShardLeases | None
    wanted: WantedShards = field(default_factory=WantedShards)
    platform: DiscordPlatform = field(init=False)
    running: asyncio.Task[None] = field(init=False)
    reports: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        address = self.gateway.url.replace("ws://", "http://").replace("/gateway", "/api")
        self.platform = DiscordPlatform(
            "token",
            api_url=address,
            gateway_url=self.gateway.url,
            limiter_store=Free(),
            first=self._first,
            shards=self.wanted,
            leases=self.leases,
        )
        opened = self.platform._open_client

        def open_in_haste(*given: Any) -> Client:
            client = opened(*given)
            client._connection.guild_ready_timeout = 0.02  # how long the SDK waits for one more server
            return client

        self.platform._open_client = open_in_haste  # type: ignore[method-assign, assignment]
        self.running = asyncio.create_task(
            self.platform.run(self.world.registry, self.world.dispatcher, self.reports.append)
        )

    async def _first(self, key: str) -> bool:
        is_new = key not in self.gateway.heard
        self.gateway.heard.add(key)
        return is_new

    @property
    def mine(self) -> tuple[int, ...]:
        """The shards for which it is connected."""
        return tuple(sorted(shard for client in self.platform._connections for shard in client._up))

    async def end(self) -> None:
        """End as at SIGTERM."""
        await self.platform.part(4)
        await self._over()

    async def die(self) -> None:
        """End without a word: what it has in the database stays until its time is over."""

        async def leave() -> None: ...

        if self.leases is not None:
            self.leases.leave = leave  # type: ignore[method-assign]
        await self._over()

    async def is_killed(self) -> None:
        """End as at kill -9: the connections are cut, and no word ends their sessions."""
        await self._stop_renewing()
        own = {info._parent.ws.session_id for client in self.platform._connections for info in client.shards.values()}
        for session in self.gateway.living:
            if session.id in own:
                assert session.socket._req is not None and session.socket._req.transport is not None
                session.socket._req.transport.abort()
        await self.die()

    async def _stop_renewing(self) -> None:
        """Stop as a killed process does; here its database thread lives on, and could renew a lease after the end."""

        async def hang(*_: object, **__: object) -> None:
            await asyncio.Event().wait()

        if isinstance(self.leases, DatabaseShardLeases):
            self.leases.renew = hang  # type: ignore[method-assign, assignment]
            await self.leases._database.run(lambda work: None)  # after what was begun before

    async def _over(self) -> None:
        self.running.cancel()
        with suppress(asyncio.CancelledError):
            await self.running


@dataclass
class Bot:
    """A bot of several processes before one gateway; what of it still runs at the end of a test ends then."""

    gateway: Gateway
    database: Database
    world: World = field(default_factory=World)
    processes: list[Process] = field(default_factory=list)

    def begin(self, name: str) -> Process:
        """Begin one of the processes that share the shards."""
        presence = ProcessRegistry({"gateway"}, name)
        return self.begin_as(DatabaseShardLeases(self.database, presence, "discord", LASTS, GRACE))

    def begin_as(self, leases: ShardLeases | None, wanted: WantedShards | None = None) -> Process:
        begun = Process(self.gateway, self.world, leases, wanted or WantedShards())
        self.processes.append(begun)
        return begun

    async def begin_two(self) -> tuple[Process, Process]:
        """Begin one that is connected, and one that stands by."""
        active = self.begin("active")
        await until(lambda: active.reports[-1:] == ["ready"])
        standby = self.begin("standby")
        await until(lambda: standby.reports[-1:] == ["standby"])
        return active, standby


@asynccontextmanager
async def bot(database: Database, shards: int = 4) -> AsyncIterator[Bot]:
    async with standing(shards=shards) as gateway:
        made = Bot(gateway, database)
        try:
            yield made
        finally:
            for process in reversed(made.processes):
                if not process.running.done():
                    await process.end()


async def test_two_processes_share_four_shards_and_one_that_dies_is_taken_over(database: Database) -> None:
    async with bot(database) as made:
        gateway = made.gateway
        first = made.begin("first")
        await until(gateway.are_served)
        second = made.begin("second")
        await until(lambda: len(second.mine) == len(first.mine) == 2 and gateway.are_served())
        for shard in range(4):
            await gateway.slash(shard, f"5{shard}")
        await gateway.slash(0, "54", is_direct=True)
        await gateway.until_answered("50", "51", "52", "53", "54")
        await first.die()
        await until(lambda: second.mine == (0, 1, 2, 3) and gateway.are_served(), 10)
        for shard in range(4):
            await gateway.slash(shard, f"6{shard}")
        await gateway.until_answered("60", "61", "62", "63")
        assert sorted(gateway.answered) == ["50", "51", "52", "53", "54", "60", "61", "62", "63"]
        assert gateway.asked.count("PUT applications/900/commands") == 1


async def test_a_process_that_ends_is_connected_until_another_is(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        active, standby = await made.begin_two()
        assert gateway.are_served()
        ending, lost = asyncio.create_task(active.end()), 0
        while not ending.done():
            lost += not gateway.living
            await asyncio.sleep(0.005)
        assert lost == 0
        assert standby.reports[-1] == "ready" and gateway.are_served()


async def test_while_two_are_connected_each_event_is_answered_once(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        active, standby = await made.begin_two()
        ending = asyncio.create_task(active.end())
        for number in range(50, 80):
            await gateway.slash(0, f"{number}")
            await asyncio.sleep(0.01)
        await ending
        await gateway.until_answered(*(f"{number}" for number in range(50, 80)))
        assert len(gateway.answered) == 30 and standby.mine == (0,)


async def test_what_is_said_while_nobody_is_connected_is_answered_by_who_comes_next(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        gateway.open_channel()
        active, standby = await made.begin_two()
        spoken = await gateway.say("before")
        await gateway.until_answered(spoken)
        await active.is_killed()
        await until(lambda: not gateway.living)
        refused, missed = await gateway.say("refused"), await gateway.say("missed")
        gateway.reply(refused)  # the process was only cut off, and has said that nothing was saved
        await gateway.until_answered(missed)
        await until(lambda: standby.reports[-1:] == ["ready"] and len(gateway.living) == 1)
        later = await gateway.say("later")
        await gateway.until_answered(later)
        assert gateway.answered == [spoken, missed, later]


async def test_a_process_that_ends_answers_first_what_nobody_heard(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "SETTLED_S", 600.0)
    async with bot(database, 1) as made:
        gateway = made.gateway
        gateway.open_channel()
        active, standby = await made.begin_two()
        await active.is_killed()
        await until(lambda: not gateway.living)
        missed = await gateway.say("missed")
        await until(lambda: standby.reports[-1:] == ["ready"] and len(gateway.living) == 1)
        runner = standby.platform._runner
        assert runner is not None
        await until(lambda: bool(runner._catching_up))
        third = made.begin("third")
        await until(lambda: third.reports[-1:] == ["standby"])
        assert missed not in gateway.answered
        await standby.end()
        assert missed in gateway.answered and third.mine == (0,)


async def test_who_is_cut_off_from_the_database_closes_before_another_has_its_part(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "CUT_OFF_S", LASTS.total_seconds())
    async with bot(database, 1) as made:
        gateway = made.gateway
        active, standby = await made.begin_two()
        await asyncio.sleep(0.1)

        async def away(*_: object, **__: object) -> None:
            raise OSError

        with monkeypatch.context() as cut:
            cut.setattr(active.leases, "renew", away)
            await until(lambda: not active.platform._connections)
            await until(lambda: standby.reports[-1:] == ["ready"])
            assert gateway.serving(0) == gateway.living and len(gateway.living) == 1
        await until(lambda: active.reports[-1:] == ["standby"] and len(gateway.living) == 1)
        await gateway.slash(0, "50")
        await gateway.until_answered("50")
        assert gateway.answered == ["50"]


async def test_a_process_that_does_not_get_through_to_discord_keeps_no_shard(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "STUCK_S", 0.3)
    monkeypatch.setattr(shards, "EACH_S", 0.0)
    async with bot(database, 2) as made:
        gateway = made.gateway
        stuck = made.begin("stuck")
        await until(lambda: stuck.mine == (0, 1))
        stuck.platform._dialler.pause = lambda now: 30.0  # type: ignore[method-assign]
        for session in list(gateway.living):
            await session.socket.close(code=4000)
        well = made.begin("well")
        await until(lambda: well.mine == (0, 1) and gateway.are_served())
        assert "connecting" in stuck.reports


async def test_a_client_that_is_stuck_is_opened_again_if_no_other_process_is_there(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "STUCK_S", 0.3)
    monkeypatch.setattr(shards, "EACH_S", 0.0)
    async with bot(database, 1) as made:
        gateway = made.gateway
        alone = made.begin("alone")
        await until(lambda: alone.mine == (0,))
        before = alone.platform._connections
        pause = alone.platform._dialler.pause
        alone.platform._dialler.pause = lambda now: 30.0  # type: ignore[method-assign]
        for session in list(gateway.living):
            await session.socket.close(code=4000)
        await until(lambda: alone.platform._connections not in ([], before))
        alone.platform._dialler.pause = pause  # type: ignore[method-assign]
        await until(lambda: alone.reports[-1:] == ["ready"])


async def test_an_only_process_stays_connected_while_the_database_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "CUT_OFF_S", 0.1)
    async with bot(database, 2) as made:
        gateway = made.gateway
        alone = made.begin("alone")
        await until(lambda: alone.mine == (0, 1))

        async def away(*_: object, **__: object) -> None:
            raise OSError

        monkeypatch.setattr(alone.leases, "renew", away)
        await asyncio.sleep(LASTS.total_seconds() + 0.1)
        assert gateway.are_served() and len(gateway.began) == 2


async def test_a_process_whose_shards_are_named_takes_these_alone(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        named = made.begin_as(None, WantedShards(4, (1, 3)))
        await until(lambda: named.reports[-1:] == ["ready"])
        assert sorted(session.shard for session in gateway.living) == [(1, 4), (3, 4)]


async def test_one_process_asks_discord_no_more_than_the_sdk_does(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        alone = made.begin_as(None)
        await until(lambda: alone.reports[-1:] == ["ready"])
        assert gateway.asked == [
            "GET users/@me",
            "GET oauth2/applications/@me",
            "GET applications/900/commands",
            "PUT applications/900/commands",
            "GET gateway/bot",
        ]


async def test_a_token_that_discord_rejects_at_the_gateway_is_refused(database: Database) -> None:
    async with bot(database, 1) as made:
        active, _ = await made.begin_two()
        await made.gateway.living[0].socket.close(code=4004)
        with pytest.raises(Refused, match="DISCORD_TOKEN"):
            await asyncio.wait_for(active.running, 5)


async def test_sessions_begin_five_seconds_apart_in_each_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    limiter_store = LocalLimiterStore(lambda: 100.0)
    first, second = IdentifyTurns(limiter_store), IdentifyTurns(limiter_store)
    first.buckets = second.buckets = 2
    for shard in range(3):
        await first.wait(shard)
        await second.wait(shard)
    assert waited == pytest.approx([5.5, 5.5, 11, 16.5])


async def test_a_process_without_one_of_its_shards_is_connected_in_part(database: Database) -> None:
    async with bot(database, 2) as made:
        alone = made.begin_as(None)
        await until(lambda: alone.reports[-1:] == ["ready"])
        client = alone.platform._connected()
        alone.reports.clear()
        for shard in (1, 0):
            await client.on_shard_disconnect(shard)
        for shard in (1, 0):
            await client.on_shard_resumed(shard)
        assert alone.reports == ["partly", "connecting", "partly", "ready"]
