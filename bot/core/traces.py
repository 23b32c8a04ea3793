"""Tracebacks for the log: where and what kind, never the text, which may hold what somebody wrote."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType


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


class TraceFormatter(logging.Formatter):
    """Formats a record's exception without its text."""

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return the trace of the exception at hand."""
        return trace(ei[1]).rstrip() if ei[1] is not None else ""
