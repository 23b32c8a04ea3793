"""Where the bot was let in, on platforms that give it a token of its own for each tenant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Sealed(Exception):
    """A token cannot be read with the keys at hand; the text says what to do, for whoever runs the bot."""


@dataclass(frozen=True)
class Install:
    """The bot in one tenant.

    Args:
        tenant: the platform's id of the server or workspace.
        name: what people call it; hostile.
        token: acts as the bot there.
        bot_user: the bot's own account.
        bot_id: the bot's other id, where the platform has two.
        at: when it was installed last; None where nothing is kept of that.
    """

    tenant: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    bot_id: str = ""
    at: datetime | None = None


class Installs(Protocol):
    """What is kept of installs on one platform."""

    async def find(self, tenant: str) -> Install | None:
        """Return the install in a tenant, None if there is none; raises Sealed."""
        ...

    async def keep(self, install: Install) -> None:
        """Keep an install in place of any earlier one in its tenant."""
        ...

    async def remove(self, tenant: str, until: datetime | None) -> bool:
        """Forget the install in a tenant with its token; False if there is none.

        Args:
            until: an install that is younger stays; None forgets whichever there is.
        """
        ...

    async def sealed(self) -> Collection[str]:
        """Return the tenants whose tokens cannot be read."""
        ...

    async def once(self, key: str) -> bool:
        """Whether a key was never seen before; it is from now on."""
        ...

    async def release(self, key: str) -> None:
        """Forget that a key was seen."""
        ...
