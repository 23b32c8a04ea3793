"""How many distinct functions of the bot a check-in on Discord passes, outside the features, on all threads.

python -m benchmarks.layers [--list]

The real bot runs behind the real adapter; Discord is simulated in this process. The second check-in of a member is
counted, from the adapter's handler to the answer, so that caches are warm. Comprehensions and lambdas are not counted:
later versions of Python do not call the former. `--list` prints each function with its module.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import simcord

from bot.messages.picture import EMPTY
from bot.platforms.discord.adapter import DiscordPlatform
from tests.harness import MONDAY, World, world
from tests.platforms.discord.world import Free

BOT = Path(__file__).resolve().parent.parent / "bot"
APART = BOT / "features"

Function = tuple[str, str]
"""A module below `bot/` and the qualified name of a function in it."""


class Profile:
    """Collects the functions that are called while it counts; threads are watched from their start."""

    def __init__(self) -> None:
        self.functions: set[Function] = set()
        self._counts = False

    def watch(self) -> None:
        """Watch this thread and all that start later."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count in the body."""
        self._counts = True
        try:
            yield
        finally:
            self._counts = False

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        if self._counts and event == "call":
            path = Path(frame.f_code.co_filename)
            is_ours = path.is_relative_to(BOT) and not path.is_relative_to(APART)
            if is_ours and not frame.f_code.co_name.startswith("<"):
                self.functions.add((str(path.relative_to(BOT)), frame.f_code.co_qualname))


async def _check_in_twice(bot: World, profile: Profile) -> None:
    async def usable(place: Any) -> None: ...

    async def arrived(*_: Any) -> None: ...

    platform = DiscordPlatform("token", limiter_store=Free(), report_usable=usable, arrived=arrived, gallery=EMPTY)
    client = platform.open(bot.app.registry, bot.app.dispatcher, print)
    async with simcord.run(client, shard_count=1, settle_timeout=30) as env:
        guild = env.create_guild("Study hall")
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("ada", global_name="Ada"))
        await env.settle()
        where = {"platform": "discord", "tenant": str(guild.id), "room": str(channel.id)}
        created = await bot.say("mo", "cohort create name=Owls timezone=UTC confirm=yes", **where)
        assert created.tone == "good", created.plain()
        await ada.slash(channel, "join")
        await bot.to(MONDAY.replace(hour=10))
        await ada.slash(channel, "checkin", minutes="20", note="began to read")
        with profile.counting():
            answer = await ada.slash(channel, "checkin", minutes="25", note="went on")
        assert answer.response is not None, "the check-in was not answered"


async def _run(profile: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder)) as bot:
            await _check_in_twice(bot, profile)


def main() -> None:
    """Print the number of functions by package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print each function")
    lists = parser.parse_args().list
    profile = Profile()
    profile.watch()
    asyncio.run(_run(profile))
    packages = Counter(module.partition("/")[0] for module, _ in profile.functions)
    for package, count in packages.most_common():
        print(f"{package:15} {count:4}")
    print(f"{'all':15} {len(profile.functions):4}")
    if lists:
        for module, function in sorted(profile.functions):
            print(f"  {module}  {function}")


if __name__ == "__main__":
    main()
