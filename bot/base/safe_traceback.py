"""Tracebacks for the log: where and what kind, never the text, which may hold what somebody wrote."""

from __future__ import annotations

import logging
import time
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TextIO

FOLDED_S = 60.0
MOST_FOLDED = 500


async def logged(doing: Awaitable[Any], log: logging.Logger) -> Any:
    """Await what nobody waits for, and log what becomes of it if it fails."""
    try:
        return await doing
    except Exception:
        log.exception("an event was not answered")
        return None


def trace(error: BaseException) -> str:
    """Return the frames and the kinds of an exception and of those behind it, the first one first."""
    parts: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        kind = f"{type(one).__module__}.{type(one).__qualname__}"
        inner = "".join(trace(e) for e in one.exceptions) if isinstance(one, BaseExceptionGroup) else ""
        parts.append("".join(traceback.format_tb(one.__traceback__)) + f"{kind}\n{inner}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "which led to\n".join(reversed(parts))


class FoldingHandler(logging.StreamHandler[TextIO]):
    """Writes a warning or fault once a minute, with how often it was repeated: a log is to be read, and fits a disk.

    Args:
        monotonic: seconds that only grow.
    """

    def __init__(self, stream: TextIO | None = None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._monotonic = monotonic
        self._said: OrderedDict[tuple[str, str], _Said] = OrderedDict()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it if the same was written within a minute."""
        now = self._monotonic()
        self._tell_repeats(now - FOLDED_S)
        if record.levelno >= logging.WARNING:
            key = (record.name, record.getMessage())
            if key in self._said:
                self._said[key].repeats += 1
                return
            self._said[key] = _Said(now, record)
        super().emit(record)

    def close(self) -> None:
        """Write what is still counted."""
        self._tell_repeats(self._monotonic() + FOLDED_S)
        super().close()

    def _tell_repeats(self, until: float) -> None:
        """Write how often what was said until then has been repeated since."""
        while self._said:
            key, said = next(iter(self._said.items()))
            if said.at > until and len(self._said) <= MOST_FOLDED:
                return
            del self._said[key]
            if said.repeats:
                first = said.record
                line = f"{first.getMessage().splitlines()[0]} … {said.repeats:,} more times within a minute"
                again = logging.LogRecord(first.name, first.levelno, first.pathname, first.lineno, line, None, None)
                super().emit(again)


@dataclass
class _Said:
    """A record that was written, when, and how often it has come again."""

    at: float
    record: logging.LogRecord
    repeats: int = 0
