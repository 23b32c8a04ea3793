"""Processed events, for idempotence, and drafts: failed forms and private answers that are stored for an hour."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.commands.ports import ANYBODY as ANYBODY
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.reply import Reply
from bot.storage.base import Base
from bot.storage.engine import is_sqlite
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Database, Work

KEPT = timedelta(days=1)
DRAFT_KEPT = timedelta(hours=1)
HEARD_S = 1.0
"""Time-out for claiming an event; Discord allows three seconds for a first response."""


class InboxRow(Base):
    """One event, by a digest of the platform's key, which may contain a person's room and message time."""

    __tablename__ = "processed_event"
    __table_args__ = (UniqueConstraint("key"), Index(None, "accepted_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    state: Mapped[Literal["claimed", "answered"]] = mapped_column(String(10))
    accepted_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class Draft(Base):
    """Typed arguments or a reply, stored for an hour for one account or for anybody."""

    __tablename__ = "draft"
    __table_args__ = (Index(None, "expires_at"),)

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    account_id: Mapped[int] = mapped_column(index=True)
    call: Mapped[str] = mapped_column(Text)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    expires_at: Mapped[datetime]


class SqlInbox:
    """Implements `commands.ports.Inbox`."""

    def accept(self, work: Work, key: str, now: datetime) -> bool:
        """Store the key as answered; False if it was already."""
        return None is not insert_once(
            work.session, InboxRow, key=_digest(key), state="answered", accepted_at=now, answered_at=now
        )

    def release(self, work: Work, key: str) -> None:
        """Delete the key, so that it can be accepted again."""
        work.session.execute(delete(InboxRow).where(InboxRow.key == _digest(key)))

    def knows(self, work: Work, key: str) -> bool:
        """Whether the key is stored."""
        return work.session.scalar(select(InboxRow.id).where(InboxRow.key == _digest(key))) is not None

    def claim(self, work: Work, key: str, now: datetime, until: datetime) -> bool:
        """Lease the key; False if it is answered or has an unexpired lease.

        The lease lasts as long as from `now` to `until`, by the machine's clock.
        """
        lease, key = work.made_at + (until - now), _digest(key)
        if insert_once(work.session, InboxRow, key=key, state="claimed", accepted_at=now, lease_until=lease):
            return True
        overdue = update(InboxRow).where(
            InboxRow.key == key, InboxRow.state == "claimed", InboxRow.lease_until <= work.made_at
        )
        return work.session.scalars(overdue.values(lease_until=lease).returning(InboxRow.id)).first() is not None

    def finish(self, work: Work, key: str, now: datetime) -> None:
        """Mark the leased key as answered."""
        done = update(InboxRow).where(InboxRow.key == _digest(key))
        work.session.execute(done.values(state="answered", lease_until=None, answered_at=now))


class Hearing:
    """Decides which of several processes handles an event that all of them receive: the first to store its key.

    On SQLite there is one process. If the database times out, every process handles the event.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._is_alone = database, is_sqlite(database.url)

    async def __call__(self, key: str) -> bool:
        """Whether this process is the first to store the key."""
        if self._is_alone:
            return True
        try:
            return await self._database.run(
                lambda work: SqlInbox().accept(work, f"heard:{key}", work.made_at), within_s=HEARD_S
            )
        except TryLater:
            return True


class SqlDrafts:
    """Implements `commands.ports.Drafts`."""

    def keep(
        self, work: Work, account_id: int, call: Call, reply: Reply | None, now: datetime, draft_id: str = ""
    ) -> str:
        """Store a draft for an hour and return its id: 8 random URL-safe characters.

        Args:
            account_id: its owner; `ANYBODY` for public content.
            draft_id: an id chosen by the caller.
        """
        draft_id = draft_id or secrets.token_urlsafe(6)
        data = reply.to_json() if reply else None
        work.session.add(
            Draft(id=draft_id, account_id=account_id, call=call.pack(), reply=data, expires_at=now + DRAFT_KEPT)
        )
        return draft_id

    def drop(self, work: Work, draft_id: str, account_id: int) -> None:
        """Delete a draft of this account."""
        work.session.execute(delete(Draft).where(Draft.id == draft_id, Draft.account_id == account_id))

    def find(self, work: Work, draft_id: str, account_id: int, now: datetime) -> tuple[Call, Reply | None] | None:
        """Return a draft if it is this account's or anybody's and hasn't expired."""
        whose = Draft.account_id.in_((account_id, ANYBODY))
        chosen = select(Draft).where(Draft.id == draft_id, whose, Draft.expires_at > now)
        draft = work.session.scalars(chosen).first()
        if draft is None:
            return None
        return Call.unpack(draft.call), Reply.from_json(draft.reply) if draft.reply else None


def _digest(key: str) -> str:
    return blake2b(key.encode(), digest_size=20).hexdigest()


def sweep(work: Work, now: datetime, retention: timedelta = KEPT) -> int:
    """Delete events older than `retention` and expired drafts; return their number."""
    old = delete(InboxRow).where(InboxRow.accepted_at < now - retention).returning(InboxRow.id)
    expired = delete(Draft).where(Draft.expires_at <= now).returning(Draft.id)
    return len(work.session.scalars(old).all()) + len(work.session.scalars(expired).all())
