"""How long a post of one platform waits while another platform hangs: its rows are due as well, and first.

python -m benchmarks.relays [HUNG ROWS]

Each relay takes a step a second, as in the real process. A hung delivery ends by the relay's time-out, here 1.5 s
instead of 15 s, so that the measure takes seconds instead of minutes.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.base.clock import MovableClock
from bot.chat.platform import Deliver, Post, Sent
from bot.commands.context import Place
from bot.delivery import outbox, relay
from bot.delivery.relay import Relay
from bot.maintenance import migrate
from bot.messages.reply import say
from bot.storage.unit_of_work import Database, Work

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TIME_OUT_S, RELAY_S, POSTS = 1.5, 1.0, 5


def announce(work: Work, key: str, place: Place, due_at: datetime) -> None:
    """Queue a message, in this commit or in an older one."""
    try:
        from bot.delivery.outbox import Announcement
    except ModuleNotFoundError:
        outbox.announce(work, place, say(key), key=key, due_at=due_at)  # type: ignore[call-arg, misc, arg-type]
    else:
        outbox.announce(work, Announcement(key, place, say(key), due_at))


def relays(database: Database, delivers: dict[str, Deliver]) -> list[Relay]:
    """Return what carries the outbox: one relay a platform, or in an older commit one for all."""
    clock = MovableClock(NOW)
    try:
        return [Relay(database, name, deliver, clock=clock, owner="one") for name, deliver in delivers.items()]
    except TypeError:
        return [Relay(database, delivers, clock=clock, owner="one")]  # type: ignore[call-arg, arg-type]


async def measure(folder: Path, hung: int) -> list[float]:
    """Return the seconds that each of a few posts waited, queued one after the other while the other platform hangs."""
    url = f"sqlite:///{folder / 'trailmate.db'}"
    migrate.upgrade(url)
    arrived: dict[str, asyncio.Event] = {f"post {n}": asyncio.Event() for n in range(POSTS)}

    async def hang(_post: Post, _again: bool) -> Sent:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    async def deliver(post: Post, _again: bool) -> Sent:
        arrived[post.key].set()
        return Sent(post.key)

    relay.DELIVERY_S = TIME_OUT_S
    waited = []
    with Database(url) as database:
        for n in range(hung):
            place, due_at = Place("slack", "T1", f"C{n:07}"), NOW - timedelta(minutes=1)
            await database.run(lambda work, n=n, place=place, due_at=due_at: announce(work, f"hung {n}", place, due_at))
        carrying = [
            asyncio.create_task(_carry(relay)) for relay in relays(database, {"slack": hang, "discord": deliver})
        ]
        await asyncio.sleep(RELAY_S / 2)
        for n, (key, event) in enumerate(arrived.items()):
            room = Place("discord", "1", str(n))
            await database.run(lambda work, key=key, room=room: announce(work, key, room, NOW))
            began = time.perf_counter()
            await event.wait()
            waited.append(time.perf_counter() - began)
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)
    return waited


async def _carry(one: Relay) -> None:
    while True:
        await asyncio.gather(one.step(), asyncio.sleep(RELAY_S))


def main() -> None:
    """Measure in a folder of its own."""
    hung = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        waited = asyncio.run(measure(Path(folder), hung))
    print(f"{hung} hung rows, time-out {TIME_OUT_S} s: another platform's first post waits {waited[0]:.2f} s")
    print(f"its posts wait at median {statistics.median(waited):.2f} s, at worst {max(waited):.2f} s")


if __name__ == "__main__":
    main()
