"""All drills, in the order in which the table has them."""

from __future__ import annotations

from tests.reliability.drills import (
    balanced_page,
    chats,
    clock,
    discord,
    discord_answers,
    discord_repeats,
    ends,
    gateways,
    kills,
    notes,
    power,
    processes,
    servers_fall,
    slack_answers,
    starts,
    storage,
    workspaces,
)
from tests.reliability.drills.frame import DRILLS, Drill

MODULES = (
    kills,
    power,
    storage,
    servers_fall,
    chats,
    slack_answers,
    workspaces,
    discord,
    discord_answers,
    discord_repeats,
    clock,
    starts,
    ends,
    notes,
    processes,
    gateways,
    balanced_page,
)


def drills() -> dict[str, Drill]:
    """Return every drill by its name."""
    order = [module.__name__ for module in MODULES]
    return dict(sorted(DRILLS.items(), key=lambda item: order.index(item[1].run.__module__)))
