"""Makes a PNG of an SVG, in a process of its own.

The library keeps Python's lock for as long as it draws, a tenth of a second in which no event would be answered; and
whatever befalls it with some name or font befalls no bot. The process is this file, run as a script.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import resvg_py

FONTS = Path(__file__).with_name("fonts")
ZOOM = 2
"""Pixels of a PNG for one unit of a drawing."""
AT_ONCE, PATIENCE_S = 2, 5.0
"""Processes at a time, and seconds that one may take."""
_free = threading.BoundedSemaphore(AT_ONCE)


def png(svg: bytes, *, with_system: bool) -> bytes:
    """Return an SVG as PNG, by day; whatever goes wrong is a SubprocessError.

    Args:
        with_system: look for what the carried fonts have not in those of the machine, which takes longer.
    """
    with _free:
        command = [sys.executable, "-I", __file__, *(["system"] if with_system else [])]
        ran = subprocess.run(command, input=svg, capture_output=True, timeout=PATIENCE_S, check=True)  # noqa: S603
    return ran.stdout


def main() -> None:
    """Read an SVG and write the PNG."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(), zoom=ZOOM, font_files=sorted(map(str, FONTS.glob("*.ttf"))),
        skip_system_fonts="system" not in sys.argv[1:],
    )  # fmt: skip
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main()
