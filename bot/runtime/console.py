"""What the process writes to a terminal: lines and progress bars that do not run into each other."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from typing import TextIO, cast

from tqdm import tqdm

Progress = Callable[[int, int], None]
"""Called with (done, in all)."""

log = logging.getLogger(__name__)


def tell(line: str) -> None:
    """Print a line on standard output at once, above whatever progress is shown."""
    tqdm.write(line, file=sys.stdout)
    sys.stdout.flush()


class _AboveProgress:
    """Not an `io` object: Python flushes such an object when it collects it, and by then its stream may be closed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text that ends a line."""
        tqdm.write(text, file=self._stream, end="")
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def above_progress(stream: TextIO) -> TextIO:
    """Return a stream whose whole lines stand above whatever progress is shown, for the log."""
    return cast("TextIO", _AboveProgress(stream))


@contextlib.contextmanager
def progress(what: str, unit: str) -> Iterator[Progress]:
    """Show how far something is: a bar on a terminal that goes when it is done, else a line of the log each tenth."""
    if not sys.stderr.isatty():
        yield _into_log(what, unit)
        return
    with tqdm(desc=what, unit=f" {unit}", leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
    sys.stderr.write("\r")  # a bar that stood below another one leaves the cursor at the end of its line
    sys.stderr.flush()


def _into_log(what: str, unit: str) -> Progress:
    last = [-1]

    def show(done: int, total: int) -> None:
        tenth = done * 10 // max(total, 1)  # of nothing, nothing is told
        if total and tenth != last[0]:
            last[0] = tenth
            log.info("%s: %d of %d %s", what, done, total, unit)

    return show


def counted(what: str) -> Callable[[int, int], None]:
    """Return a progress function that counts on standard error where a person looks on."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {total} {what}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show
