"""Installs of the bot, on platforms with a separate token for each tenant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Sealed(Exception):
    """A token can't be decrypted with the current keys; the text tells the operator what to do."""


@dataclass(frozen=True)
class Install:
    """The bot in one tenant.

    Args:
        tenant: the platform's id of the server or workspace.
        name: the name of the tenant; hostile.
        token: acts as the bot there.
        bot_user: the bot's own account.
        bot_id: the bot's second id, on platforms that have two.
        at: the time of the last install; None if unknown.
    """

    tenant: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    bot_id: str = ""
    at: datetime | None = None


class Installs(Protocol):
    """The stored installs of one platform."""

    async def find(self, tenant: str) -> Install | None:
        """Return the install of a tenant, None if there is none; raises Sealed."""

    async def keep(self, install: Install) -> None:
        """Store an install; it replaces an earlier one of the tenant."""

    async def remove(self, tenant: str, until: datetime | None) -> bool:
        """Delete the install of a tenant with its token; False if there is none.

        Args:
            until: a newer install stays; None deletes any.
        """

    async def sealed(self) -> Collection[str]:
        """Return the tenants whose tokens can't be decrypted."""

    async def once(self, key: str) -> bool:
        """Store a key; return False if it was stored before."""

    async def release(self, key: str) -> None:
        """Delete a key, so that `once` accepts it again."""
