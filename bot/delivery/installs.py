"""Installs of the bot: one row for each tenant, with its encrypted token."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.chat.installs import Install, Sealed
from bot.delivery.processed_events import SqlInbox
from bot.storage.base import Base
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Database, Work

if TYPE_CHECKING:
    from bot.storage.token_encryption import Vault  # reads a library that only those need who keep secrets


class InstallRow(Base):
    """The install of one tenant; the installing person isn't stored."""

    __tablename__ = "install"
    __table_args__ = (UniqueConstraint("platform", "tenant"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    sealed_token: Mapped[str] = mapped_column(Text)
    bot_user: Mapped[str] = mapped_column(String(64))
    bot_id: Mapped[str] = mapped_column(String(64))
    installed_at: Mapped[datetime]


class SqlInstalls:
    """Implements `chat.installs.Installs` for one platform.

    Args:
        now: the clock for new installs and keys.
    """

    def __init__(self, database: Database, vault: Vault, platform: str, now: Callable[[], datetime]) -> None:
        self._database, self._vault, self._platform, self._now = database, vault, platform, now

    async def find(self, tenant: str) -> Install | None:
        """Return the install of a tenant, None if there is none; raises Sealed."""
        row = await self._database.run(lambda work: _find(work, self._platform, tenant), writes=False)
        if row is None:
            return None
        token = self._vault.open(row.sealed_token)
        return Install(row.tenant, row.name, token, row.bot_user, row.bot_id, row.installed_at)

    async def keep(self, install: Install) -> None:
        """Store an install; it replaces an earlier one of the tenant."""
        values = {
            "name": install.name[:200],
            "sealed_token": self._vault.close(install.token),
            "bot_user": install.bot_user,
            "bot_id": install.bot_id,
            "installed_at": install.at or self._now(),
        }
        whose = {"platform": self._platform, "tenant": install.tenant}

        def put(work: Work) -> None:
            if insert_once(work.session, InstallRow, **whose, **values) is None:
                work.session.execute(update(InstallRow).filter_by(**whose).values(**values))

        await self._database.run(put)

    async def remove(self, tenant: str, until: datetime | None) -> bool:
        """Delete the install of a tenant with its token; False if there is none or it is newer than `until`."""
        whose = [InstallRow.platform == self._platform, InstallRow.tenant == tenant]
        whose += [] if until is None else [InstallRow.installed_at <= until]
        gone = delete(InstallRow).where(*whose).returning(InstallRow.id)
        return await self._database.run(lambda work: work.session.scalar(gone) is not None)

    async def sealed(self) -> Collection[str]:
        """Return the tenants whose tokens can't be decrypted."""
        rows = await self._database.run(lambda work: list_installs(work, self._platform), writes=False)
        return [row.tenant for row in rows if not is_open(self._vault, row)]

    async def once(self, key: str) -> bool:
        """Store a key for as long as events are kept; return False if it was stored before."""
        return await self._database.run(lambda work: SqlInbox().accept(work, key, self._now()))

    async def release(self, key: str) -> None:
        """Delete a key, so that `once` accepts it again."""
        await self._database.run(lambda work: SqlInbox().release(work, key))


def _find(work: Work, platform: str, tenant: str) -> InstallRow | None:
    chosen = select(InstallRow).where(InstallRow.platform == platform, InstallRow.tenant == tenant)
    return work.session.scalars(chosen).first()


def list_installs(work: Work, platform: str) -> list[InstallRow]:
    """Return all installs on a platform, oldest first."""
    chosen = select(InstallRow).where(InstallRow.platform == platform)
    return list(work.session.scalars(chosen.order_by(InstallRow.id)))


def is_open(vault: Vault, row: InstallRow) -> bool:
    """Whether the token of an install can be decrypted."""
    try:
        vault.open(row.sealed_token)
    except Sealed:
        return False
    return True


def renew(work: Work, platform: str, vault: Vault) -> tuple[int, list[str]]:
    """Encrypt all tokens with the newest key; return their number, and the tenants whose tokens can't be decrypted."""
    rows = list_installs(work, platform)
    sealed = [row.tenant for row in rows if not is_open(vault, row)]
    for row in rows:
        if row.tenant not in sealed:
            row.sealed_token = vault.renew(row.sealed_token)
    return len(rows) - len(sealed), sealed
