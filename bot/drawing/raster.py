"""Makes a PNG of an SVG, in a process of its own that stays for the next one.

The library keeps Python's lock for as long as it draws, a tenth of a second in which no event would be answered; and
whatever befalls it with some name or font befalls no bot. The process is this file, run as a script: it draws what it
is handed until nobody hands it anything any more. What goes wrong ends it, and the next picture has a fresh one.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
from pathlib import Path
from queue import LifoQueue
from typing import IO

FONTS = Path(__file__).with_name("fonts")
ZOOM = 2
"""Pixels of a PNG for one unit of a drawing."""
AT_ONCE, PATIENCE_S, PICTURES = 2, 5.0, 500
"""Processes at a time, seconds that a picture may take, and pictures after which a process has served its time."""
_HANDED, _GIVEN = struct.Struct(">?I"), struct.Struct(">I")
"""What stands before an SVG, whether it needs the machine's fonts and its length, and what stands before a PNG."""


class Draughtsman:
    """A process that draws, begun when it is first needed."""

    def __init__(self, script: Path = Path(__file__)) -> None:
        self._script = script
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0

    def draw(self, svg: bytes, *, with_system: bool) -> bytes:
        """Return an SVG as PNG; SubprocessError if the process ends over it or takes too long."""
        process = self._process if self._process is not None and self._left else self._begin()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Timer(PATIENCE_S, process.kill)
        late.start()
        try:
            process.stdin.write(_HANDED.pack(with_system, len(svg)) + svg)
            process.stdin.flush()
            drawn = _read(process.stdout, *_GIVEN.unpack(_read(process.stdout, _GIVEN.size)))
        except (OSError, EOFError) as trouble:
            self.end()
            raise subprocess.SubprocessError("the process that draws has ended") from trouble
        finally:
            late.cancel()
        self._left -= 1
        return drawn

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _begin(self) -> subprocess.Popen[bytes]:
        self.end()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(self._script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._left = PICTURES
        return self._process


_free: LifoQueue[Draughtsman] = LifoQueue()
for _ in range(AT_ONCE):
    _free.put(Draughtsman())


def png(svg: bytes, *, with_system: bool) -> bytes:
    """Return an SVG as PNG, by day; whatever goes wrong is a SubprocessError.

    Args:
        with_system: look for what the carried fonts have not in those of the machine, which takes longer.
    """
    one = _free.get()
    try:
        return one.draw(svg, with_system=with_system)
    finally:
        _free.put(one)


def _read(stream: IO[bytes], size: int) -> bytes:
    read = stream.read(size)
    if len(read) < size:
        raise EOFError
    return read


def main() -> None:
    """Make a PNG of each SVG that comes, until none comes any more."""
    import resvg_py  # nothing of it is needed in the process that hands pictures over

    fonts = sorted(map(str, FONTS.glob("*.ttf")))
    while head := sys.stdin.buffer.read(_HANDED.size):
        with_system, size = _HANDED.unpack(head)
        handed = sys.stdin.buffer.read(size).decode()
        drawn = resvg_py.svg_to_bytes(
            svg_string=handed, zoom=ZOOM, font_files=fonts, skip_system_fonts=not with_system
        )  # fmt: skip
        sys.stdout.buffer.write(_GIVEN.pack(len(drawn)) + drawn)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
