"""What a command costs through each chat library: the bot, and a handler of that library that says the same.

python -m benchmarks.interactions [COUNT] [--through discord slack]

Discord's client talks to a server in this process, Slack's by a socket to the tests' stub: what these take is in both
numbers, so read the difference. The bot's commands are the tests' own and kept in memory: what the database takes is
measured by `checkins` and `commands`. Every wait is bounded; what hangs ends with the stacks of all threads.
"""

from __future__ import annotations

import argparse
import asyncio
import faulthandler
import logging
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import discord
import simcord
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.adapter import SlackPlatform
from tests.platforms.discord.world import connected
from tests.platforms.slack.people import Person
from tests.platforms.slack.stub import APP_TOKEN, BOT_TOKEN, StubSlack
from tests.platforms.slack.world import World

Ask = Callable[[], Awaitable[Any]]
"""Has somebody type the command, and waits until they read the answer."""
WARM = 20
STEP_S, END_S, ALL_S = 10.0, 5.0, 300.0
"""How long one command may take, an end, and all of it."""


async def cost_ms(ask: Ask, count: int) -> float:
    """Return the processor time of a command, the median of all."""
    spent = []
    for _ in range(WARM + count):
        began = time.process_time()
        async with asyncio.timeout(STEP_S):
            await ask()
        spent.append(time.process_time() - began)
    return statistics.median(spent[WARM:]) * 1000


class Empty(discord.AutoShardedClient):
    """A client with one command, which greets."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = discord.app_commands.CommandTree(self)

        @self.tree.command(name="hello", description="Greet")
        async def hello(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("Hello Ada", ephemeral=True)

    async def setup_hook(self) -> None:
        """Register the command."""
        await self.tree.sync()


@asynccontextmanager
async def bare_discord() -> AsyncIterator[Ask]:
    """Yield a command of discord.py alone."""
    async with simcord.run(Empty(), shard_count=1, settle_timeout=8) as env:
        guild = env.create_guild("Study hall")
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("ada", global_name="Ada"))
        await env.settle()
        yield lambda: ada.slash(channel, "hello")


@asynccontextmanager
async def our_discord() -> AsyncIterator[Ask]:
    """Yield the same command of the bot."""
    async with connected() as server:
        yield lambda: server.ada.slash(server.channel, "hello")


def _slack(stub: StubSlack) -> Ask:
    ada = Person(stub, "U1ADA", "ada")

    async def ask() -> None:
        known = len(stub.responses)
        await ada.slash("help", url=stub.url(str(known)))  # an address takes a few answers, and the bot keeps count
        while len(stub.responses) == known:  # noqa: ASYNC110  (the stub tells nobody; the step is bounded)
            await asyncio.sleep(0.005)

    return ask


@asynccontextmanager
async def bare_slack() -> AsyncIterator[Ask]:
    """Yield a command of bolt alone."""
    known = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0BOT", bot_id="B1", bot_token=BOT_TOKEN)

    async def authorize(**_: Any) -> AuthorizeResult:
        return known

    async with AsyncExitStack() as ending:
        stub = StubSlack()
        await stub.start()
        ending.push_async_callback(_ended, stub.stop)
        client = AsyncWebClient(BOT_TOKEN, base_url=stub.api_url)
        app = AsyncApp(client=client, authorize=authorize, signing_secret="", request_verification_enabled=False)

        @app.command("/study")
        async def study(ack: Any, respond: Any) -> None:
            await ack()
            await respond("Hello ada")

        handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=client)
        ending.push_async_callback(_ended, handler.close_async)
        await asyncio.wait_for(handler.connect_async(), STEP_S)  # type: ignore[no-untyped-call]
        await asyncio.wait_for(stub.connected.wait(), STEP_S)
        yield _slack(stub)


@asynccontextmanager
async def our_slack() -> AsyncIterator[Ask]:
    """Yield the same command of the bot."""
    async with AsyncExitStack() as ending:
        stub, world = StubSlack(), World()
        await stub.start()
        ending.push_async_callback(_ended, stub.stop)
        platform = SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=stub.api_url)
        running = asyncio.create_task(platform.run(world.registry, world.dispatcher, lambda _: None))

        async def end() -> None:
            running.cancel()
            await asyncio.wait({running}, timeout=END_S)

        ending.push_async_callback(_ended, end)
        await asyncio.wait_for(stub.connected.wait(), STEP_S)
        yield _slack(stub)


async def _ended(end: Callable[[], Awaitable[Any]]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(end(), END_S)


PAIRS = {"discord": ("discord.py", bare_discord, our_discord), "slack": ("bolt", bare_slack, our_slack)}


async def measure(through: list[str], count: int) -> None:
    """Print a line for each library."""
    for name in through:
        library, bare, ours = PAIRS[name]
        spent = []
        for there in (bare, ours):
            async with there() as ask:
                spent.append(await cost_ms(ask, count))
        plain, bot = spent
        print(
            f"{library}: an empty handler {plain:.2f} ms of processor time, the bot {bot:.2f} ms, "
            f"{bot - plain:.2f} ms more, ratio {bot / plain:.2f}",
            flush=True,
        )


def main() -> None:
    """Measure each library in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=100)
    parser.add_argument("--through", nargs="*", default=[*PAIRS], choices=[*PAIRS])
    given = parser.parse_args()
    faulthandler.dump_traceback_later(ALL_S, exit=True)
    logging.disable(logging.WARNING)
    asyncio.run(measure(given.through, given.count))
    faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main()
