"""Tracebacks for the log without exception messages, which may contain what people wrote."""

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
    """Await a background task and log its failure."""
    try:
        return await doing
    except Exception:
        log.exception("an event was not answered")
        return None


def trace(error: BaseException) -> str:
    """Return the frames and types of an exception and its causes, root cause first."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = f"{type(current).__module__}.{type(current).__qualname__}"
        inner = "".join(trace(e) for e in current.exceptions) if isinstance(current, BaseExceptionGroup) else ""
        parts.append("".join(traceback.format_tb(current.__traceback__)) + f"{kind}\n{inner}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "which led to\n".join(reversed(parts))


class FoldingHandler(logging.StreamHandler[TextIO]):
    """Writes an identical warning or error once a minute, with a count of repeats, to keep the log short.

    Args:
        monotonic: a monotonic clock in seconds.
    """

    def __init__(self, stream: TextIO | None = None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._monotonic = monotonic
        self._recent: OrderedDict[tuple[str, str], _LoggedRecord] = OrderedDict()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it if an identical one was written within a minute."""
        now = self._monotonic()
        self._write_repeats(now - FOLDED_S)
        if record.levelno >= logging.WARNING:
            key = (record.name, record.getMessage())
            if key in self._recent:
                self._recent[key].repeats += 1
                return
            self._recent[key] = _LoggedRecord(now, record)
        super().emit(record)

    def close(self) -> None:
        """Write the remaining counts."""
        self._write_repeats(self._monotonic() + FOLDED_S)
        super().close()

    def _write_repeats(self, until: float) -> None:
        """Write the repeat counts of records that were first written before `until`."""
        while self._recent:
            key, entry = next(iter(self._recent.items()))
            if entry.at > until and len(self._recent) <= MOST_FOLDED:
                return
            del self._recent[key]
            if entry.repeats:
                first = entry.record
                line = f"{first.getMessage().splitlines()[0]} … {entry.repeats:,} more times within a minute"
                again = logging.LogRecord(first.name, first.levelno, first.pathname, first.lineno, line, None, None)
                super().emit(again)


@dataclass
class _LoggedRecord:
    """A written record with its time and the number of repeats."""

    at: float
    record: logging.LogRecord
    repeats: int = 0
