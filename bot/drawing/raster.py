"""Make a PNG of an SVG in a separate process, which stays for the next picture.

The library holds Python's lock while it draws. That is a tenth of a second in which the bot would answer no event. A
crash of the library on a strange name or font also ends only that process.
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
"""Processes at a time, seconds that a picture may take, pictures after which a process is replaced, and seconds without
a picture after which it ends."""
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from bot.drawing import raster; raster.main()"
_CARRIED, _SYSTEM = b"-", b"+"
"""The first byte of a request: whether its SVG needs the machine's fonts."""


def make_worker(program: str = _PROGRAM) -> Worker:
    """Return a process that draws. It starts with its first picture."""
    return Worker([sys.executable, "-P", "-c", program, str(Path(__file__).parents[2])], PICTURES)


_free: LifoQueue[Worker] = LifoQueue()
for _ in range(AT_ONCE):
    _free.put(make_worker())


def png(svg: bytes, *, with_system: bool) -> bytes:
    """Return an SVG as PNG in light colours; raise SubprocessError on any failure.

    Args:
        with_system: whether to use the machine's fonts for characters that the bundled fonts lack, which takes longer.
    """
    worker = _free.get()
    try:
        return ask_worker(worker, svg, with_system=with_system)
    finally:
        _free.put(worker)


def ask_worker(worker: Worker, svg: bytes, *, with_system: bool) -> bytes:
    """Have one process make the PNG; `png` chooses a free one."""
    return worker.ask((_SYSTEM if with_system else _CARRIED) + svg, PATIENCE_S)


def main() -> None:
    """Answer each SVG on the standard input with its PNG, in a process of `make_worker`."""
    import resvg_py  # nothing of it is needed in the process that hands pictures over

    fonts = sorted(map(str, FONTS.glob("*.ttf")))

    def draw(handed: bytes) -> bytes:
        return resvg_py.svg_to_bytes(
            svg_string=handed[1:].decode(), zoom=ZOOM, font_files=fonts, skip_system_fonts=handed[:1] != _SYSTEM
        )

    work(draw, IDLE_S)
