"""What a member's crowd of questions costs the others: their questions and check-ins, with and without turns.

python -m benchmarks.fairness [COUNT]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.commands.context import Account, Invocation, Place
from bot.commands.in_flight import PerUserQueue
from bot.messages.call import Call
from bot.messages.reply import Reply
from tests.harness import World, world

OTHERS = 10
EVERYTHING = 1_000_000


async def _unseen(_reply: Reply) -> None:
    return None


async def _timed(living: World, who: str, call: Call, key: str) -> float:
    event = Invocation(call, Account("local", "local", who, who.title()), Place("local", "local", "general"), key)
    began = time.perf_counter()
    assert await living.app.dispatcher.answer(event, _unseen) is not None
    return time.perf_counter() - began


async def crowd(folder: Path, count: int, *, in_turn: bool) -> tuple[list[float], list[float]]:
    """Return seconds of the others' questions and check-ins while one member has `count` questions under way."""
    async with world(folder) as living:
        await living.begin("ada", *(f"m{n}" for n in range(OTHERS)))
        if not in_turn:
            living.app.dispatcher._slow_turns = PerUserQueue(EVERYTHING, EVERYTHING, "")
        flood = [
            asyncio.create_task(_timed(living, "ada", Call("consult", {"question": f"what is list {n}?"}), f"f:{n}"))
            for n in range(count)
        ]
        question = Call("consult", {"question": "what is a set?"})
        note = Call("checkin", {"minutes": "5", "note": "a little"})

        async def other(n: int) -> tuple[float, float]:
            await asyncio.sleep(0.1 * n)
            return await _timed(living, f"m{n}", question, f"q:{n}"), await _timed(living, f"m{n}", note, f"c:{n}")

        times = await asyncio.gather(*(other(n) for n in range(OTHERS)))
        await asyncio.gather(*flood)
        return [ask_s for ask_s, _ in times], [check_s for _, check_s in times]


def main() -> None:
    """Measure both ways and print the medians."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for in_turn in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            asked, checked = asyncio.run(crowd(Path(folder), count, in_turn=in_turn))
        print(
            f"{'in turn' if in_turn else 'without turns':14} {count} questions of one member; "
            f"another's question p50 {statistics.median(asked):6.2f} s, worst {max(asked):6.2f} s; "
            f"a check-in p50 {statistics.median(checked):6.2f} s, worst {max(checked):6.2f} s"
        )


if __name__ == "__main__":
    main()
