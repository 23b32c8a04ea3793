"""The id of the current event, for log lines and for error references that people see."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_EVENT: ContextVar[str] = ContextVar("event", default="")


@contextmanager
def event(known: str | None = None) -> Iterator[str]:
    """Run the body as one event and yield its id of six characters; a nested event keeps the outer id.

    Args:
        known: the id of an event that continues here, perhaps from another process.
    """
    if present := _EVENT.get():
        yield present
        return
    token = _EVENT.set(known or secrets.token_hex(3))
    try:
        yield _EVENT.get()
    finally:
        _EVENT.reset(token)


def present() -> str:
    """Return the id of the current event; "" outside any."""
    return _EVENT.get()
