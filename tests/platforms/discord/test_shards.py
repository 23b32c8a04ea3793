"""Shards of a bot, served by its processes: here each is a platform of its own on one database, before a gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord.http import Route

from bot.base.rate_limiter import LocalLimiterStore
from bot.chat.shards import ShardShares, ShardSharing, UnsharedShards, WantedShards
from bot.cluster.process_registry import ProcessRegistry
from bot.cluster.shards import SharedShards
from bot.platforms.discord import session_resume, shards
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import Client
from bot.platforms.discord.shards import IdentifyTurns
from bot.storage.unit_of_work import Database
from tests.platforms.discord.shardworld import Gateway, standing, until
from tests.platforms.discord.world import Free, World
from tests.storage.sample_app import make_tables

LASTS = timedelta(seconds=0.8)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database that the processes share, and a look at it every few milliseconds."""
    monkeypatch.setattr(shards, "LOOK_S", 0.05)
    monkeypatch.setattr(shards, "PARTING_LOOK_S", 0.02)
    monkeypatch.setattr(session_resume, "SETTLED_S", 0.05)
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
    sharing: ShardSharing
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
            sharing=self.sharing,
        )
        opened = self.platform.open

        def open_in_haste(*given: Any) -> Client:
            client = opened(*given)
            client._connection.guild_ready_timeout = 0.02  # how long the SDK waits for one more server
            return client

        self.platform.open = open_in_haste  # type: ignore[method-assign, assignment]
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
        client = self.platform._client
        return tuple(sorted(client.keeper._up)) if client is not None else ()

    async def end(self) -> None:
        """End as at SIGTERM."""
        await self.platform.part(4)
        await self._over()

    async def die(self) -> None:
        """End without a word: what it has in the database stays until its time is over."""
        self.sharing.leave = UnsharedShards().leave  # type: ignore[method-assign]
        await self._over()

    async def is_killed(self) -> None:
        """End as at kill -9: the connections are cut, and no word ends their sessions."""
        for session in self.gateway.living:
            if session.shard[0] in self.mine:
                assert session.socket._req is not None and session.socket._req.transport is not None
                session.socket._req.transport.abort()
        await self.die()

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
        return self.begin_as(SharedShards(self.database, ProcessRegistry({"gateway"}, name), "discord", LASTS))

    def begin_as(self, sharing: ShardSharing, wanted: WantedShards | None = None) -> Process:
        begun = Process(self.gateway, self.world, sharing, wanted or WantedShards())
        self.processes.append(begun)
        return begun

    async def begin_two(self) -> tuple[Process, Process]:
        """Begin one that is connected, and one that stands by."""
        one = self.begin("one")
        await until(lambda: one.reports[-1:] == ["ready"])
        two = self.begin("two")
        await until(lambda: two.reports[-1:] == ["standby"])
        return one, two


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
        one = made.begin("one")
        await until(gateway.are_served)
        two = made.begin("two")
        await until(lambda: len(two.mine) == len(one.mine) == 2 and gateway.are_served())
        for shard in range(4):
            await gateway.slash(shard, f"5{shard}")
        await gateway.slash(0, "54", is_direct=True)
        await gateway.until_answered("50", "51", "52", "53", "54")
        await one.die()
        await until(lambda: two.mine == (0, 1, 2, 3) and gateway.are_served(), 10)
        for shard in range(4):
            await gateway.slash(shard, f"6{shard}")
        await gateway.until_answered("60", "61", "62", "63")
        assert sorted(gateway.answered) == ["50", "51", "52", "53", "54", "60", "61", "62", "63"]
        assert gateway.asked.count("PUT applications/900/commands") == 1


async def test_a_process_that_ends_is_connected_until_another_is(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        one, two = await made.begin_two()
        assert gateway.are_served()
        assert one.platform._client is not None
        again = one.platform._client.shards[0]._parent._backoff
        assert max(again.delay() for _ in range(200)) <= 64, "Discord is away for an hour, and the bot no longer"
        ending, lost = asyncio.create_task(one.end()), 0
        while not ending.done():
            lost += not gateway.living
            await asyncio.sleep(0.005)
        assert lost == 0
        assert two.reports[-1] == "ready" and gateway.are_served()


async def test_what_is_said_while_nobody_is_connected_is_answered_by_who_comes_next(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        one, two = await made.begin_two()
        await gateway.slash(0, "50")
        await gateway.until_answered("50")
        await asyncio.sleep(0.1)  # as long as it takes to say how far it is
        await one.is_killed()
        await until(lambda: not gateway.living)
        gateway.replied.append("51")  # it was not dead, and has said that nothing was kept
        for key in ("51", "52"):
            await gateway.write(key)
        await gateway.slash(0, "53")  # Discord takes no answer to it any more, or another one's
        await gateway.until_answered("52")
        await until(lambda: two.reports[-1:] == ["ready"] and len(gateway.living) == 1)
        await gateway.slash(0, "54")
        await gateway.write("55")
        await gateway.until_answered("54", "55")
        assert gateway.answered[:2] == ["50", "52"] and {*gateway.answered[2:]} == {"54", "55"}
        assert gateway.resumed == 1 and not gateway.left, "what was taken up is ended, once there is another"


async def test_who_is_cut_off_from_the_database_stays_away_once_another_has_its_part(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "CUT_OFF_S", LASTS.total_seconds())
    async with bot(database, 1) as made:
        gateway = made.gateway
        one, two = await made.begin_two()
        await asyncio.sleep(0.1)

        async def away(*_: object, **__: object) -> None:
            raise OSError

        with monkeypatch.context() as cut:
            cut.setattr(one.sharing, "look", away)
            await until(lambda: two.reports[-1:] == ["ready"] and one.mine == ())
            await asyncio.sleep(0.2)
            assert gateway.serving(0) == gateway.living and len(gateway.living) == 1
        await until(lambda: one.reports[-1:] == ["standby"] and len(gateway.living) == 1)
        await gateway.slash(0, "50")
        await gateway.until_answered("50")
        assert gateway.answered == ["50"]


async def test_a_session_that_discord_has_forgotten_keeps_nobody_from_beginning_one(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        one = made.begin("one")
        await until(lambda: one.reports[-1:] == ["ready"])
        await asyncio.sleep(0.1)
        await one.is_killed()
        await until(lambda: not gateway.living)
        gateway.left.clear()
        two = made.begin("two")
        await until(lambda: two.reports[-1:] == ["ready"])
        await gateway.slash(0, "50")
        await gateway.until_answered("50")
        assert gateway.resumed == 0 and two.platform._client is not None
        tried = two.platform._client.keeper._catching_up.values()
        await until(lambda: bool(tried) and all(task.done() for _, task in tried))


async def test_a_process_that_does_not_get_through_to_discord_keeps_no_shard(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "STUCK_S", 0.1)
    monkeypatch.setattr(shards, "_EACH_S", 0.0)
    async with bot(database, 2) as made:
        gateway = made.gateway
        one = made.begin("one")
        await until(lambda: one.mine == (0, 1))
        monkeypatch.setattr("bot.platforms.discord.connection._FREE_DIALS", -9)  # who dials now waits for long
        for session in list(gateway.living):
            await session.socket.close(code=4000)
        await until(lambda: one.mine == ())
        monkeypatch.setattr("bot.platforms.discord.connection._FREE_DIALS", 99)
        two = made.begin("two")
        await until(lambda: two.mine == (0, 1) and gateway.are_served())
        assert "connecting" in one.reports
        await one.end()


async def test_what_none_can_say_changes_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bot(database, 2) as made:
        gateway = made.gateway
        one = made.begin("one")
        await until(lambda: one.mine == (0, 1))

        async def away(*_: object, **__: object) -> None:
            raise OSError

        monkeypatch.setattr(one.sharing, "look", away)
        await asyncio.sleep(LASTS.total_seconds() + 0.1)
        assert gateway.are_served() and len(gateway.began) == 2


async def test_a_process_whose_shards_are_named_takes_these_alone(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        one = made.begin_as(UnsharedShards((1, 3)), WantedShards(4, (1, 3)))
        await until(lambda: one.reports[-1:] == ["ready"])
        assert sorted(one.shard for one in gateway.living) == [(1, 4), (3, 4)]


async def test_one_process_asks_discord_no_more_than_ever(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        one = made.begin_as(UnsharedShards())
        await until(lambda: one.reports[-1:] == ["ready"])
        assert gateway.asked == [
            "GET users/@me",
            "GET oauth2/applications/@me",
            "GET applications/900/commands",
            "PUT applications/900/commands",
            "GET gateway/bot",
        ]


async def test_sessions_begin_five_seconds_apart_in_each_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    limiter_store = LocalLimiterStore(lambda: 100.0)
    one, two = IdentifyTurns(limiter_store), IdentifyTurns(limiter_store)
    one.buckets = two.buckets = 2
    for shard in range(3):
        await one.wait(shard)
        await two.wait(shard)
    assert waited == pytest.approx([5.5, 5.5, 11, 16.5])


@pytest.mark.parametrize(
    ("owner", "server", "is_elsewhere"),
    [("me", "me", False), ("other", "me", False), ("other", "other", True), ("me", "other", False)],
)
async def test_what_another_process_serves_is_not_answered_here(owner: str, server: str, is_elsewhere: bool) -> None:
    keeper = shards.Keeper(discord.AutoShardedClient(intents=discord.Intents.none()), lambda _: None)
    assert not keeper.is_elsewhere(1 << 22), "as long as it is not known"
    keeper._shares = ShardShares(2, "me", frozenset({"me", "other"}), {0: "me", 1: owner}, {0: "me", 1: server})
    assert keeper.is_elsewhere(1 << 22) is is_elsewhere
    assert not keeper.is_elsewhere(None) and not keeper.is_elsewhere(2 << 22)


async def test_an_event_of_what_another_process_serves_is_left_to_it(database: Database) -> None:
    async with bot(database, 1) as made:
        gateway = made.gateway
        one = made.begin_as(UnsharedShards())
        await until(lambda: one.reports[-1:] == ["ready"])
        assert one.platform._client is not None
        keeper = one.platform._client.keeper
        before, keeper._shares = keeper._shares, ShardShares(1, "me", frozenset(), {0: "other"}, {0: "other"})
        await gateway.slash(0, "50")
        await gateway.write("51")
        await asyncio.sleep(0.05)
        keeper._shares = before
        await gateway.slash(0, "52")
        await gateway.until_answered("52")
        assert gateway.answered == ["52"]


async def test_a_process_without_one_of_its_shards_is_connected_in_part_and_not_away() -> None:
    told: list[str] = []
    keeper = shards.Keeper(discord.AutoShardedClient(intents=discord.Intents.none()), told.append)
    for shard in (0, 1):
        keeper.is_up(shard)
    keeper.is_down(1)
    keeper.is_down(0)
    keeper.is_up(1)
    keeper.is_up(0)
    assert told == ["ready", "partly", "connecting", "partly", "ready"]


def test_what_the_sdk_shows_nobody_of_a_shard_is_where_it_was() -> None:
    client = discord.AutoShardedClient(intents=discord.Intents.none())
    client._reconnect = True  # as `connect` sets it
    inside = discord.shard.Shard(SimpleNamespace(shard_id=0), client, lambda _: None)  # type: ignore[arg-type]
    used = {
        "ShardInfo._parent": (discord.ShardInfo(inside, 1), "_parent"),
        "Shard.ws": (inside, "ws"),
        "Shard._backoff": (inside, "_backoff"),
        "ExponentialBackoff._max": (discord.backoff.ExponentialBackoff(), "_max"),
        "AutoShardedClient._connection": (client, "_connection"),
        **{f"ConnectionState.{name}": (client._connection, name) for name in ("parsers", "shard_ids", "_remove_guild")},
    }
    gone = [name for name, (owner, attribute) in used.items() if not hasattr(owner, attribute)]
    assert not gone, f"discord.py {discord.__version__} has no {', '.join(gone)}: discord/shards.py and gap.py use them"
    inside._backoff._max = shards._DOUBLINGS
    longest = max(inside._backoff.delay() for _ in range(200))
    assert longest <= 2**shards._DOUBLINGS, "ExponentialBackoff._max bounds no more how long a shard waits"
