"""Which event is being answered: by an id that all that is logged on its way carries, and who is told of a fault."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_EVENT: ContextVar[str] = ContextVar("event", default="")


@contextmanager
def event(known: str | None = None) -> Iterator[str]:
    """Have what is done inside be one event, and yield its id: six characters; inside another it is the same one.

    Args:
        known: the id of an event that goes on here, of which another process may have done the first part.
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
    """Return the id of the event that is being answered; "" outside of any."""
    return _EVENT.get()
