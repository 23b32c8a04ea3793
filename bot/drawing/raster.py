"""Makes a PNG of an SVG, in a process of its own that stays for the next one.

The library keeps Python's lock for as long as it draws, a tenth of a second in which no event would be answered; and
whatever befalls it with some name or font befalls no bot.
"""

from __future__ import annotations

import sys
from pathlib import Path
from queue import LifoQueue

from bot.base.worker_process import Worker, work

FONTS = Path(__file__).with_name("fonts")
ZOOM = 2
"""Pixels of a PNG for one unit of a drawing."""
AT_ONCE, PATIENCE_S, PICTURES, IDLE_S = 2, 5.0, 500, 60.0
"""Processes at a time, seconds that a picture may take, pictures after which a process has served its time, and seconds
without one after which it ends."""
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from bot.drawing import raster; raster.main()"
_CARRIED, _SYSTEM = b"-", b"+"
"""What stands before an SVG: whether it needs the machine's fonts."""


def draughtsman(program: str = _PROGRAM) -> Worker:
    """Return a process that draws, begun when it is first needed."""
    return Worker([sys.executable, "-P", "-c", program, str(Path(__file__).parents[2])], PICTURES)


_free: LifoQueue[Worker] = LifoQueue()
for _ in range(AT_ONCE):
    _free.put(draughtsman())


def png(svg: bytes, *, with_system: bool) -> bytes:
    """Return an SVG as PNG in light colours; raise SubprocessError on any failure.

    Args:
        with_system: whether to use the machine's fonts for characters that the bundled fonts lack, which takes longer.
    """
    worker = _free.get()
    try:
        return worker.ask((_SYSTEM if with_system else _CARRIED) + svg, PATIENCE_S)
    finally:
        _free.put(worker)


def main() -> None:
    """Make a PNG of each SVG that comes, as the process that `draughtsman` describes."""
    import resvg_py  # nothing of it is needed in the process that hands pictures over

    fonts = sorted(map(str, FONTS.glob("*.ttf")))

    def draw(handed: bytes) -> bytes:
        return resvg_py.svg_to_bytes(
            svg_string=handed[1:].decode(), zoom=ZOOM, font_files=fonts, skip_system_fonts=handed[:1] != _SYSTEM
        )

    work(draw, IDLE_S)
