"""Which event is being answered: by an id that all that is logged on its way carries, and who is told of a fault."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_EVENT: ContextVar[str] = ContextVar("event", default="")


@contextmanager
def event() -> Iterator[str]:
    """Have what is done inside be one event, and yield its id: six characters; inside another it is the same one."""
    known = _EVENT.get()
    if known:
        yield known
        return
    token = _EVENT.set(secrets.token_hex(3))
    try:
        yield _EVENT.get()
    finally:
        _EVENT.reset(token)


def present() -> str:
    """Return the id of the event that is being answered; "" outside of any."""
    return _EVENT.get()
