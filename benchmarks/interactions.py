"""What a command costs through each chat library: the bot, and a handler of that library that says the same.

python -m benchmarks.interactions [COUNT] [--through discord slack]

Discord's client talks to a server in this process, without a network; Slack's by a socket to the tests' stub. What they
take is in both numbers, so read the difference; on Discord it holds what that server adds to each task and timer. The
bot's command is kept in memory: what the database takes is measured by `checkins` and `commands`. Bolt's own `respond`
would open a connection for each answer: here its handler keeps one, as the bot does.

A command is over once the chat's side has its answer; the next is typed at once, and what either does after the answer
is counted with the next. Nothing waits for an idle machine: after a pause of 50 ms the same code takes twice as long.
What the chat's side was sent is counted, and a command that was answered by more than one request, or not with the
greeting, ends it. Every wait is bounded; what hangs ends with the stacks of all threads.
"""

from __future__ import annotations

import argparse
import asyncio
import faulthandler
import gc
import logging
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import discord
import simcord
from aiohttp import ClientSession, web
from simcord._settlement import _active_callbacks
from simcord.backend.models import Interaction
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.commands.command import command
from bot.commands.context import Context
from bot.messages import markup
from bot.messages.reply import Reply, say
from bot.platforms.slack.adapter import SlackPlatform
from tests.kit import Memory
from tests.platforms.discord.world import World, connected
from tests.platforms.slack.people import Person
from tests.platforms.slack.stub import APP_TOKEN, BOT_TOKEN, StubSlack

WARM, BATCH = 40, 20
STEP_S, END_S, ALL_S = 10.0, 5.0, 300.0
"""How long one command may take, an end, and all of it."""


@dataclass(frozen=True)
class Chat:
    """One chat's side.

    Args:
        ask: has somebody type the command, and returns when the chat's side has the answer.
        requests: what the chat's side was sent so far.
    """

    ask: Callable[[], Awaitable[Any]]
    requests: Callable[[], list[str]]


async def cost_ms(chat: Chat, count: int) -> float:
    """Return the processor time of a command, the median of batches of twenty."""
    await _asked(chat, WARM)
    known, spent = len(chat.requests()), []
    for _ in range(max(1, count // BATCH)):
        gc.collect()
        began = time.process_time()
        await _asked(chat, BATCH)
        spent.append((time.process_time() - began) / BATCH)
    sent = chat.requests()[known:]
    if len(sent) != len(spent) * BATCH or not all("Hello" in each for each in sent):
        raise SystemExit(f"{len(spent) * BATCH} commands were answered by {len(sent)} requests, as {sent[:3]}")
    return statistics.median(spent) * 1000


async def _asked(chat: Chat, times: int) -> None:
    for _ in range(times):
        async with asyncio.timeout(STEP_S):
            await chat.ask()


@command("hello", writes=False)
def hello(ctx: Context) -> Reply:
    """Greet privately."""
    return say(f"Hello {markup.escape(ctx.actor.name)}")


class Empty(discord.AutoShardedClient):
    """A client with one command, which greets."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = discord.app_commands.CommandTree(self)

        @self.tree.command(name="hello", description="Greet")
        async def hello(interaction: discord.Interaction) -> None:
            no_one = discord.AllowedMentions.none()
            await interaction.response.send_message("Hello Ada", ephemeral=True, embeds=[], allowed_mentions=no_one)

    async def setup_hook(self) -> None:
        """Register the command."""
        await self.tree.sync()


def _discord(env: simcord.Env, ask: Callable[[], Awaitable[Any]], ending: AsyncExitStack) -> Chat:
    """Have a command end with its answer: else simcord looks until the client is idle, by pauses of 50 ms."""
    answered, responded, settle = asyncio.Event(), Interaction.respond_with_message, env._settle_internal

    def respond(record: Interaction, *given: Any, **named: Any) -> None:
        responded(record, *given, **named)
        answered.set()

    async def until_answered(**_: Any) -> None:
        await answered.wait()
        answered.clear()
        _active_callbacks(
            env._settlement_state()
        )  # which forgets timers that were called off: it looks through all others

    def end() -> None:
        Interaction.respond_with_message = responded  # type: ignore[method-assign]
        env._settle_internal = settle  # type: ignore[method-assign]

    Interaction.respond_with_message = respond  # type: ignore[method-assign, assignment]
    env._settle_internal = until_answered  # type: ignore[method-assign]
    ending.callback(end)
    return Chat(ask, lambda: [f"{each.method} {each.path} {each.json}" for each in env.http_requests])


@asynccontextmanager
async def bare_discord() -> AsyncIterator[Chat]:
    """Yield a command of discord.py alone."""
    async with simcord.run(Empty(), shard_count=1, settle_timeout=8) as env, AsyncExitStack() as ending:
        guild = env.create_guild("Study hall")
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("ada", global_name="Ada"))
        await env.settle()
        yield _discord(env, lambda: ada.slash(channel, "hello"), ending)


@asynccontextmanager
async def our_discord() -> AsyncIterator[Chat]:
    """Yield the same command of the bot."""
    world = World()
    world.dispatcher = world.at([hello])
    world.registry = world.dispatcher.registry
    async with connected(world) as server, AsyncExitStack() as ending:
        yield _discord(server.env, lambda: server.ada.slash(server.channel, "hello"), ending)


class Slack(StubSlack):
    """A Slack that tells when it has an answer, and keeps what it was sent in order."""

    def __init__(self) -> None:
        super().__init__()
        self.answered, self.log = asyncio.Event(), list[str]()

    async def _hook(self, request: web.Request) -> web.Response:
        answer = await super()._hook(request)
        self.log.append(str(self.responses[-1]))
        self.answered.set()
        return answer

    async def _api(self, request: web.Request) -> web.StreamResponse:
        self.log.append(request.path)
        return await super()._api(request)


def _slack(stub: Slack) -> Chat:
    ada = Person(stub, "U1ADA", "ada")

    async def ask() -> None:
        # an address takes a few answers, and the bot keeps count
        await ada.slash("hello", url=stub.url(str(len(stub.responses))))
        await stub.answered.wait()
        stub.answered.clear()

    return Chat(ask, lambda: stub.log)


@asynccontextmanager
async def bare_slack() -> AsyncIterator[Chat]:
    """Yield a command of bolt alone."""
    known = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0BOT", bot_id="B1", bot_token=BOT_TOKEN)

    async def authorize(**_: Any) -> AuthorizeResult:
        return known

    async with AsyncExitStack() as ending:
        stub = Slack()
        await stub.start()
        ending.push_async_callback(_ended, stub.stop)
        client = AsyncWebClient(BOT_TOKEN, base_url=stub.api_url)
        app = AsyncApp(client=client, authorize=authorize, signing_secret="", request_verification_enabled=False)

        session = await ending.enter_async_context(ClientSession())

        @app.command("/study")
        async def study(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            block = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello ada", "verbatim": True}}
            respond = AsyncWebhookClient(body["response_url"], session=session)
            await respond.send(
                text="Hello ada",
                blocks=[block],
                response_type="ephemeral",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )

        handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=client)
        ending.push_async_callback(_ended, handler.close_async)
        await asyncio.wait_for(handler.connect_async(), STEP_S)  # type: ignore[no-untyped-call]
        await asyncio.wait_for(stub.connected.wait(), STEP_S)
        yield _slack(stub)


@asynccontextmanager
async def our_slack() -> AsyncIterator[Chat]:
    """Yield the same command of the bot."""
    async with AsyncExitStack() as ending:
        stub, dispatcher = Slack(), Memory().at([hello])
        await stub.start()
        ending.push_async_callback(_ended, stub.stop)
        platform = SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=stub.api_url)
        running = asyncio.create_task(platform.run(dispatcher.registry, dispatcher, lambda _: None))

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
            async with there() as chat:
                spent.append(await cost_ms(chat, count))
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
