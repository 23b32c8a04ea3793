"""Lines and progress share a terminal: seen through a pseudo-terminal, none runs into another."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

from tests.command_line import ROOT

SCRIPT = """
import logging, sys, time
from bot.runtime import console
above = console.above_progress(sys.stderr)
logging.basicConfig(level=logging.INFO, stream=above, format="%(levelname)s %(name)s: %(message)s")
with console.progress("Indexing notes", "texts") as show:
    show(1, 30)
    console.tell("Trailmate is at http://127.0.0.1:1")
    show(15, 30)
    logging.getLogger("bot").warning("something to read")
    time.sleep(0.2)
    show(30, 30)
console.tell("after")
above, below = console.progress("Indexing notes", "texts"), console.progress("Playing six weeks", "days")
above.__enter__()(1, 2)
below.__enter__()(1, 2)
above.__exit__(None, None, None)
below.__exit__(None, None, None)
console.tell("at the end")
"""


def run(*, on_terminal: bool) -> str:
    inner, outer = pty.openpty()
    fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    stream = outer if on_terminal else subprocess.PIPE
    done = subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT)
    os.close(outer)
    if not on_terminal:
        os.close(inner)
        return done.communicate(timeout=300)[0].decode()
    said = b""
    while True:
        try:
            said += (piece := os.read(inner, 4096))
        except OSError:
            break
        if not piece:
            break
    done.wait(30)
    os.close(inner)
    return said.decode()


def shown(stream: str) -> list[str]:
    """Return the lines that stay on a terminal; a carriage return lets what follows overwrite a line."""
    lines = []
    for line in stream.replace("\r\n", "\n").split("\n"):
        cells: list[str] = []
        for part in re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line).split("\r"):
            cells[: len(part)] = part
        lines.append("".join(cells).rstrip())
    return [line for line in lines if line]


def test_on_a_terminal_every_line_stands_alone_and_the_bar_goes() -> None:
    address, warning, after, *_, end = shown(run(on_terminal=True))
    assert address == "Trailmate is at http://127.0.0.1:1"
    assert warning.endswith("WARNING bot: something to read") and "Indexing" not in warning
    assert (after, end) == ("after", "at the end")


def test_elsewhere_progress_is_a_line_of_the_log() -> None:
    said = run(on_terminal=False)
    assert "INFO bot.runtime.console: Indexing notes: 15 of 30 texts\n" in said
    assert "\nTrailmate is at http://127.0.0.1:1\n" in said


def test_the_log_outlives_its_stream_in_silence() -> None:
    script = """
import os
from bot.runtime.console import above_progress
with open(os.devnull, "w") as stream:
    above = above_progress(stream)
del above
"""
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "")
