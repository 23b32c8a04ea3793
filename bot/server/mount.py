"""What a part of the bot gives the server, to be asked for by the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aiohttp import web


def admit_anybody(request: web.Request) -> None:
    """Refuse nobody."""


def end_nothing() -> None:
    """Leave nothing open."""


@dataclass(frozen=True)
class Mount:
    """Routes with what stands before them.

    Args:
        name: how the log calls it.
        routes: asked for at each start of the server.
        admit: raises an HTTPException for a request that may not be answered.
        is_public: whether other machines may ask for it; if not, it is there only where the server is on loopback.
        end: ends the answers that stay open, when the server ends.
    """

    name: str
    routes: Callable[[], Iterable[web.RouteDef]]
    admit: Callable[[web.Request], None] = admit_anybody
    is_public: bool = False
    end: Callable[[], None] = end_nothing
