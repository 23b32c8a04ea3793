"""What the process writes to a terminal: log lines, other lines and one progress line that do not run together."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TextIO, cast

Progress = Callable[[int, int], None]
"""Called with (done, in all)."""

log = logging.getLogger(__name__)
_lock = threading.RLock()
_progress_line = ""
"""What the last line of the terminal shows until another line needs its place."""


def tell(line: str) -> None:
    """Print a line on standard output at once, in the place of the progress line."""
    with _lock:
        _draw("")
        print(line, flush=True)


class _AboveProgress:
    """Not an `io` object: Python flushes such an object when it collects it, and by then its stream may be closed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text that ends a line."""
        with _lock:
            _draw("")
            return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()


def above_progress(stream: TextIO) -> TextIO:
    """Return a stream for the log, whose whole lines take the place of the progress line."""
    return cast("TextIO", _AboveProgress(stream))


@contextlib.contextmanager
def progress(what: str, unit: str) -> Iterator[Progress]:
    """Show how far something is: a line on a terminal that goes when it is done, else a line of the log each tenth."""
    if not sys.stderr.isatty():
        yield _into_log(what, unit)
        return
    try:
        yield lambda done, total: _draw(f"{what}: {done} of {total} {unit}")
    finally:
        _draw("")


def _draw(line: str) -> None:
    """Replace the progress line; "" erases it until the next step."""
    global _progress_line
    with _lock:
        if line != _progress_line:
            # spaces instead of an escape sequence, which not every terminal on Windows knows
            sys.stderr.write(f"\r{' ' * len(_progress_line)}\r{line}")
            sys.stderr.flush()
            _progress_line = line


def _into_log(what: str, unit: str) -> Progress:
    last = [-1]

    def show(done: int, total: int) -> None:
        tenth = done * 10 // max(total, 1)  # of nothing, nothing is told
        if total and tenth != last[0]:
            last[0] = tenth
            log.info("%s: %d of %d %s", what, done, total, unit)

    return show
