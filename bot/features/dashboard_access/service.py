"""The dashboard's address, one-time links to it, and the visits that they begin."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.commands import context
from bot.commands.context import Context
from bot.features.people.tables import AccountRow, Tenant
from bot.messages.errors import TryLater
from bot.storage.base import Base
from bot.storage.insert import insert
from bot.storage.unit_of_work import Work


class DashboardLink(Base):
    """A link that signs one person in once; only a hash of it is kept."""

    __tablename__ = "dashboard_link"
    __table_args__ = (UniqueConstraint("account_id", "tenant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DashboardVisit(Base):
    """A browser in which somebody is signed in; only a hash of its cookie is kept.

    `seal_key` closes the forms of its pages: a browser never learns it.
    """

    __tablename__ = "dashboard_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    seal_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


DASHBOARD_PATH = "/dashboard"
ENTER_PATH = f"{DASHBOARD_PATH}/enter"


@dataclass(frozen=True)
class Address:
    """Where people reach the dashboard.

    Args:
        public: what the operator set; None if it is not set.
        local: where the machine itself reaches it; None while nothing is served there.
    """

    public: str | None
    local: Callable[[], str | None]

    def enter(self, token: str, group_id: int | None) -> str | None:
        """Return the address of a link that leads to a group, or to one's first; None where none can be given."""
        return self.of(f"{ENTER_PATH}/{token}" + (f".{group_id}" if group_id is not None else ""))

    def of(self, path: str) -> str | None:
        """Return the address of a path, None where there is none to be given."""
        base = self.public or self.local()
        return f"{base}{path}" if base else None

    def require(self, ctx: Context, what: str) -> None:
        """Raise TryLater if the caller's browser cannot reach this address; only moderators read what to set.

        Args:
            what: what the caller asked for, with which the sentence begins.
        """
        if self.public or (not ctx.actor.tenancy.is_remote and self.local()):
            return
        step = (
            "Ask the bot's operator to set `TRAILMATE_PUBLIC_URL` to the bot's public address, such as "
            "`https://study.example.org`, and to restart the bot."
            if "moderator" in ctx.actor.roles
            else "Ask a moderator to set it up with the bot's operator."
        )
        raise TryLater(f"{what} isn't set up yet. {step}")


LINK_LASTS, IDLE, LASTS = timedelta(minutes=10), timedelta(hours=12), timedelta(days=7)
"""How long a link waits for its click, and how long a visit lasts without a request, and at most."""
NOTED_EVERY = timedelta(minutes=5)
"""Minimum time between two updates of a visit's last request."""
MOST_VISITS = 10
"""Maximum number of signed-in browsers of a person; the least recently used one is signed out."""


@dataclass(frozen=True)
class Visit:
    """A browser in which somebody is signed in.

    Args:
        account: as far as we know them; what they may do only their platform can say.
        zone: in which times are told to them where nothing says more of it.
    """

    id: int
    seal_key: bytes = field(repr=False)
    account_id: int
    account: context.Account
    seen_at: datetime
    zone: str = "UTC"


class Visits:
    """Links and visits, in one unit of work; they last by the machine's clock, which a demo doesn't move."""

    def __init__(self, work: Work) -> None:
        self._session, self._now = work.session, work.made_at

    def make_link(self, account_id: int, tenant_id: int) -> str:
        """Return the token of a new link for one person in one tenant; an earlier one of theirs leads nowhere then."""
        token = secrets.token_urlsafe(32)
        of = DashboardLink.account_id == account_id, DashboardLink.tenant_id == tenant_id
        self._session.execute(delete(DashboardLink).where(*of))
        insert(
            self._session,
            DashboardLink,
            key_hash=_hash(token),
            account_id=account_id,
            tenant_id=tenant_id,
            expires_at=self._now + LINK_LASTS,
        )
        return token

    def begin(self, token: str) -> str | None:
        """Exchange a link for the key of a new visit; return None if the link is used, expired or unknown."""
        used = delete(DashboardLink).where(DashboardLink.key_hash == _hash(token), DashboardLink.expires_at > self._now)
        link = self._session.execute(used.returning(DashboardLink.account_id, DashboardLink.tenant_id)).first()
        if link is None:
            return None
        chosen = select(DashboardVisit.id).where(DashboardVisit.account_id == link.account_id)
        visit_ids = list(self._session.scalars(chosen.order_by(DashboardVisit.seen_at.desc())))
        self._session.execute(delete(DashboardVisit).where(DashboardVisit.id.in_(visit_ids[MOST_VISITS - 1 :])))
        key = secrets.token_urlsafe(32)
        insert(
            self._session,
            DashboardVisit,
            key_hash=_hash(key),
            seal_key=secrets.token_bytes(32),
            account_id=link.account_id,
            tenant_id=link.tenant_id,
            began_at=self._now,
            seen_at=self._now,
        )
        return key

    def find(self, key: str) -> Visit | None:
        """Return the visit of a key, unless it has expired."""
        chosen = (
            select(DashboardVisit, AccountRow, Tenant)
            .join(AccountRow, AccountRow.id == DashboardVisit.account_id)
            .join(Tenant, Tenant.id == DashboardVisit.tenant_id)
            .where(
                DashboardVisit.key_hash == _hash(key),
                DashboardVisit.seen_at > self._now - IDLE,
                DashboardVisit.began_at > self._now - LASTS,
            )
        )
        result = self._session.execute(chosen).first()
        if result is None:
            return None
        visit, row, tenant = result
        realm = None if row.scope == tenant.external_id else row.scope
        account = context.Account(
            row.platform, tenant.external_id, row.external_id, row.name, tenant_name=tenant.name, realm=realm
        )
        return Visit(visit.id, visit.seal_key, row.id, account, visit.seen_at, row.zone or "UTC")

    def note(self, visit_id: int) -> None:
        """Note that a visit goes on."""
        visit = self._session.get(DashboardVisit, visit_id)
        if visit is not None:
            visit.seen_at = self._now

    def end(self, visit_id: int) -> None:
        """End a visit."""
        self._session.execute(delete(DashboardVisit).where(DashboardVisit.id == visit_id))

    def end_all(self, account_id: int) -> int:
        """End all visits of a person, and the links that wait for them; return how many visits there were."""
        self._session.execute(delete(DashboardLink).where(DashboardLink.account_id == account_id))
        ended = delete(DashboardVisit).where(DashboardVisit.account_id == account_id)
        return len(self._session.scalars(ended.returning(DashboardVisit.id)).all())


def sweep(work: Work, _now: datetime) -> int:
    """Delete links and visits that are over; return how many."""
    links = delete(DashboardLink).where(DashboardLink.expires_at <= work.made_at).returning(DashboardLink.id)
    real = work.made_at
    is_over = or_(DashboardVisit.seen_at <= real - IDLE, DashboardVisit.began_at <= real - LASTS)
    visits = delete(DashboardVisit).where(is_over).returning(DashboardVisit.id)
    return len(work.session.scalars(links).all()) + len(work.session.scalars(visits).all())


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
