"""How fast posts go out where a platform allows so much and no more, and how long answers take meanwhile.

python -m benchmarks.pace [POSTS] [--on sqlite postgresql] [--of discord slack] [--processes 1 2]

The platform is a process of its own (`benchmarks.strict`); what sends is the bot as it is wired, with the real SDK, one
or two processes of it. Each post goes to a room of its own. Meanwhile somebody asks for `help` four times a second: on
Discord an interaction as the gateway hands it over, on Slack a command that is answered at its `response_url`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.checkins import postgresql
from bot.base.clock import SystemClock
from bot.commands.context import Account, Invocation, Place
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.delivery.relay import Relay
from bot.delivery.suspended_channels import lag
from bot.maintenance import migrate
from bot.messages.call import Call
from bot.messages.reply import Reply, say
from bot.runtime.app import App
from bot.runtime.composition import build
from bot.runtime.settings import Settings, load
from bot.storage.unit_of_work import Database, Work

ASKS_EVERY_S, AT_A_TIME = 0.25, 500
ALLOWED = {"discord": 50.0, "slack": 5.0}
WORD = {"discord": "requests", "slack": "messages"}


def settings(folder: str, url: str, platform: str, port: int) -> Settings:
    """Return those of a bot that knows one platform."""
    address = f"http://127.0.0.1:{port}"
    told: dict[str, Any] = {"TRAILMATE_DATA_DIR": folder, "TRAILMATE_DATABASE_URL": url, "TRAILMATE_PORT": 0}
    if platform == "discord":
        told |= {"DISCORD_TOKEN": "token", "DISCORD_API_URL": f"{address}/api/v10"}
    else:
        told |= {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": f"{address}/api/"}
    return load(_env_file=None, **told)


def room(platform: str, n: int) -> Place:
    """Return the room of a group."""
    return Place(
        platform, "77" if platform == "discord" else "T1", str(10**6 + n) if platform == "discord" else f"C{n}"
    )


async def send(given: argparse.Namespace) -> None:
    """Be one process that sends until nothing is due; the first is asked meanwhile, and prints when it was."""
    app = build(settings(given.folder, given.url, given.platform, given.port))
    platform: Any = app.platforms[given.platform]
    await app.presence.beat(app.database)
    ready = asyncio.Event()
    reaching = asyncio.create_task(platform.reach(app.registry, app.dispatcher, lambda s: s == "ready" and ready.set()))
    await asyncio.wait_for(ready.wait(), 60)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    asked: dict[str, float] = {}
    asking = asyncio.create_task(_ask(app, given, asked)) if given.asks else None
    relay: Relay = app.relays[given.platform]
    while await app.database.run(lambda work: lag(work, SystemClock().now()), writes=False) > 0:
        await relay.flow()
        await asyncio.sleep(0.2)
    if asking is not None:
        asking.cancel()
    print(json.dumps(asked), flush=True)
    reaching.cancel()
    await asyncio.gather(reaching, return_exceptions=True)
    await app.close()


async def _ask(app: App, given: argparse.Namespace, asked: dict[str, float]) -> None:
    n, tasks = 5000, set()
    while True:
        n += 1
        asked[str(n)] = time.monotonic()
        tasks.add(asyncio.create_task(_interaction(app, n) if given.platform == "discord" else _command(app, given, n)))
        await asyncio.sleep(ASKS_EVERY_S)


async def _interaction(app: App, n: int) -> None:
    client: Any = app.platforms["discord"]._client  # type: ignore[attr-defined]
    user = {"id": "42", "username": "ada", "discriminator": "0", "avatar": None, "global_name": "Ada"}
    client._connection.parse_interaction_create(
        {
            "id": str(n),
            "application_id": "9",
            "type": 2,
            "token": f"token{n}",
            "version": 1,
            "locale": "en-GB",
            "channel_id": "5",
            "channel": {"id": "5", "type": 1, "recipients": [user], "last_message_id": None},
            "user": user,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 1,
            "attachment_size_limit": 10**7,
            "app_permissions": "0",
            "data": {"id": "3", "name": "help", "type": 1, "options": []},
        }
    )


async def _command(app: App, given: argparse.Namespace, n: int) -> None:
    async def show(_: Reply) -> None:
        return None

    who, place = Account("slack", "T1", "U42", "Ada"), Place("slack", "T1", "@U42")
    reply = await app.dispatcher.answer(Invocation(Call("help"), who, place, f"{n}"), show)
    api = app.platforms["slack"]._link.api  # type: ignore[attr-defined]
    await api.respond(f"http://127.0.0.1:{given.port}/hook/{n}", {"text": reply.title if reply else ""})


def fill(url: str, platform: str, posts: int) -> None:
    """Queue a post for each room, all due a moment ago."""
    due_at = SystemClock().now() - timedelta(seconds=1)
    with Database(url) as database:
        for first in range(0, posts, AT_A_TIME):
            numbers = range(first, min(first + AT_A_TIME, posts))

            def queue(work: Work, numbers: range = numbers) -> None:
                for n in numbers:
                    text = say("Why it matters, in a few words.", title=f"Unit {n}")
                    outbox.announce(work, Announcement(f"unit {n}", room(platform, n), text, due_at))

            database.run_sync(queue)


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a module of this package until the end."""
    command = [sys.executable, "-m", *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  (this package)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def measure(platform: str, url: str, folder: Path, posts: int, processes: int) -> str:
    """Send so many posts and return what was seen."""
    fill(url, platform, posts)
    with ExitStack() as stack:
        port = _line(stack.enter_context(started("benchmarks.strict", platform)))
        senders = []
        for n in range(processes):
            (there := folder / str(n)).mkdir()
            words = [
                "--folder",
                str(there),
                "--url",
                url,
                "--platform",
                platform,
                "--port",
                port,
                *(["--asks"] * (n == 0)),
            ]
            senders.append(stack.enter_context(started("benchmarks.pace", "--send", *words)))
        for sender in senders:
            assert _line(sender) == "ready"
        for sender in senders:
            assert sender.stdin is not None
            print("go", file=sender.stdin, flush=True)
        began = time.monotonic()
        lines = [_line(sender) for sender in senders]
        asked: dict[str, float] = json.loads(lines[0])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats") as answer:
            seen = json.load(answer)
    at = sorted(one for one in seen["at"] if one >= began)
    rate = (len(at) - 1) / (at[-1] - at[0])
    waits = sorted(seen["answered"][n] - asked_at for n, asked_at in asked.items() if n in seen["answered"])
    p50, p99 = (1000 * waits[min(len(waits) - 1, int(len(waits) * part))] for part in (0.5, 0.99))
    return (
        f"{seen['posts']} posts, {len(at)} {WORD[platform]} in {at[-1] - at[0]:.1f} s: {rate:.1f} a second, "
        f"{rate / ALLOWED[platform]:.2f} of what is allowed, {seen['refused']} refused; "
        f"{len(waits)} answers meanwhile p50 {p50:.0f} ms, p99 {p99:.0f} ms"
    )


def main() -> None:
    """Measure each case in a folder of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("posts", nargs="?", type=int, default=5000)
    parser.add_argument("--on", nargs="*", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--of", nargs="*", default=["discord", "slack"], choices=["discord", "slack"])
    parser.add_argument("--processes", nargs="*", type=int, default=[1, 2])
    for word in ("folder", "url", "platform", "port"):
        parser.add_argument(f"--{word}", help=argparse.SUPPRESS)
    for word in ("send", "asks"):
        parser.add_argument(f"--{word}", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.send:
        asyncio.run(send(given))
        return
    cases = [(of, on, n) for of in given.of for on in given.on for n in given.processes if n == 1 or on != "sqlite"]
    for of, on, n in cases:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = f"sqlite:///{folder / 'trailmate.db'}" if on == "sqlite" else stack.enter_context(postgresql())
            migrate.upgrade(url)
            print(f"{of}, {on}, {n} process(es): {measure(of, url, folder, given.posts, n)}", flush=True)


if __name__ == "__main__":
    main()
