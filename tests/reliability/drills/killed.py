"""The bot, killed at a named point: python -m tests.reliability.drills.killed POINT WORD...

A point is `module:name@before` or `@after` of a function; `*3` behind it is its third time; `outer>point` only counts
while the function `outer` runs; `TERM!` before it tells the process to end, and does not kill it. Nothing happens
before the file `armed` lies in the folder where it was started.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.reliability.drills.bot import ARMED

_POINT = re.compile(
    r"(?P<told>TERM!)?(?:(?P<outer>[\w.]+:[\w.]+)>)?(?P<name>[\w.]+:[\w.]+)@(?P<when>before|after)(?:\*(?P<n>\d+))?"
)


class Point:
    """Counts how often it is passed, and kills at its time."""

    def __init__(self, spelled: str) -> None:
        read = _POINT.fullmatch(spelled)
        assert read is not None, f"{spelled!r} is no point"
        self._number = signal.SIGTERM if read["told"] else signal.SIGKILL
        self._left, self._inside, self._needs_inside = int(read["n"] or 1), 0, read["outer"] is not None
        if read["outer"]:
            surround(read["outer"], self._within)
        surround(read["name"], functools.partial(self._passed, read["when"]))

    @contextmanager
    def _within(self) -> Iterator[None]:
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    @contextmanager
    def _passed(self, when: str) -> Iterator[None]:
        if when == "before":
            self._count()
        yield
        if when == "after":
            self._count()

    def _count(self) -> None:
        if not Path(ARMED).exists() or (self._needs_inside and not self._inside):
            return
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), self._number)


def surround(named: str, around: Callable[[], Any]) -> None:
    """Have a function run within a context, wherever it is called by the name under which it is found."""
    module, _, path = named.partition(":")
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, import_module(module))
    inner = getattr(owner, name)

    @functools.wraps(inner)
    async def waiting(*args: Any, **more: Any) -> Any:
        with around():
            return await inner(*args, **more)

    @functools.wraps(inner)
    def plainly(*args: Any, **more: Any) -> Any:
        with around():
            return inner(*args, **more)

    setattr(owner, name, waiting if inspect.iscoroutinefunction(inner) else plainly)


if __name__ == "__main__":
    from bot.__main__ import main

    Point(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
