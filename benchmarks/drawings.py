"""Measure the time of a picture, from a card's data to a PNG, and how long the event loop waits meanwhile.

`python -m benchmarks.drawings [TIMES]`; the baseline is the same library called on a thread of this process.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median

import resvg_py

from bot.drawing import raster, text
from bot.drawing.drawings import png, svg
from tests.drawing.cases import CASES

SHOWN = ("53 units, all of them done", "a board of two", "a board of every script")


def here(drawn: bytes) -> bytes:
    """Draw on this process's thread."""
    fonts = sorted(map(str, raster.FONTS.glob("*.ttf")))
    return resvg_py.svg_to_bytes(
        svg_string=drawn.decode(),
        zoom=raster.ZOOM,
        font_files=fonts,
        skip_system_fonts=text.OTHER.encode() not in drawn,
    )


async def measure(draw: Callable[[bytes], bytes], drawn: bytes, times: int, end: Callable[[], None]) -> str:
    """Return the median of some drawings, and the longest that the loop waited."""
    took, waited, spent = list[float](), 0.0, _processor()
    for _ in range(times):
        began = last = time.perf_counter()
        drawing = asyncio.create_task(asyncio.to_thread(draw, drawn))
        while not drawing.done():
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            waited, last = max(waited, now - last), now
        took.append(last - began)
    end()  # what a process has spent is known when it is over
    spent = (_processor() - spent) / times
    told = f"p50 {median(took) * 1000:.0f} ms, worst {max(took) * 1000:.0f} ms"
    return f"{spent * 1000:.0f} ms of processor time, {told}, the loop waits {waited * 1000:.0f} ms"


def _processor() -> float:
    """Return the processor time of this process and those that it ran."""
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main() -> None:
    """Print a line for each card."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    worker = raster.make_worker()

    def in_worker(drawn: bytes) -> bytes:
        return raster.ask_worker(worker, drawn, with_system=text.OTHER.encode() in drawn)

    for name in SHOWN:
        began = time.perf_counter()
        for _ in range(times):
            drawn = svg(CASES[name])
        each = (time.perf_counter() - began) / times * 1000
        print(f"{name}: SVG {each:.1f} ms, {len(drawn) / 1024:.0f} KiB; PNG {len(png(drawn)) / 1024:.0f} KiB")
        print(f"    a process of its own: {asyncio.run(measure(in_worker, drawn, times, worker.end))}")
        print(f"    on a thread of this:  {asyncio.run(measure(here, drawn, times, lambda: None))}")


if __name__ == "__main__":
    main()
