"""How long the first question after a start waits while the notes are read beside it, and the one after that.

python -m benchmarks.first [SECONDS ...]

SECONDS after the start it is asked, 0, 1 and 3 if not given; each is a process of its own. "restart" finds the vectors
of the notes, which a first run computes; "first start" has none. No chat model is asked.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time

from bot.answers.index.chunks import SourceId
from bot.runtime import settings
from bot.runtime.answer_engine import open_notebook

TRACK = SourceId("genai-2026")
QUESTIONS = ("what is a list", "what is dropout")


def main(delays: list[str]) -> None:
    """Print a line for each delay, with vectors and without."""
    with tempfile.TemporaryDirectory() as kept:
        _run("0", kept, "--whole")
        for delay in delays or ["0", "1", "3"]:
            print(f"restart, after {delay} s: {_run(delay, kept)}", flush=True)
            with tempfile.TemporaryDirectory() as fresh:
                print(f"first start, after {delay} s: {_run(delay, fresh)}", flush=True)


def _run(delay: str, folder: str, *more: str) -> str:
    asked = [sys.executable, "-m", "benchmarks.first", "--once", delay, folder, *more]
    ran = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603
    return ran.stdout.strip()


async def once(delay: float, folder: str, *, is_whole: bool) -> None:
    """Start, ask two questions and print the milliseconds of each."""
    notebook = await asyncio.to_thread(open_notebook, settings.load(_env_file=None, TRAILMATE_DATA_DIR=folder))
    reading = asyncio.create_task(notebook.read())
    if is_whole:
        await reading
    await asyncio.sleep(delay)
    took = []
    for question in QUESTIONS:
        began = time.perf_counter()
        await notebook.answerer.answer([question], [TRACK])
        took.append(f"{(time.perf_counter() - began) * 1000:.0f} ms")
    print(", then ".join(took), "" if reading.done() else "(still reading)", flush=True)
    os._exit(0)  # what is still embedded is of no use


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        asyncio.run(once(float(sys.argv[2]), sys.argv[3], is_whole="--whole" in sys.argv))
    else:
        main(sys.argv[1:])
