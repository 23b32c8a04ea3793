"""The stored messages of the local platform, for the web page and the terminal."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, func, select, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.base.clock import Clock
from bot.chat.feed import FeedCount, RoomMessage, Spot
from bot.cluster import pg_notify
from bot.messages.characters import make_valid
from bot.messages.reply import UNREADABLE, Reply
from bot.storage.base import Base
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Database, Work

log = logging.getLogger(__name__)
REF_DIGITS = 18

PLATFORM = "local"
"""What accounts and places call the platform whose rooms these are."""


class FeedMessage(Base):
    """One message; a removed one keeps its key, so that a repeated delivery doesn't restore it."""

    __tablename__ = "feed_message"
    __table_args__ = (UniqueConstraint("key"), Index(None, "room", "thread", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    room: Mapped[str] = mapped_column(String(80))
    thread: Mapped[str] = mapped_column(String(80), default="")
    thread_title: Mapped[str] = mapped_column(String(200), default="")
    author: Mapped[str] = mapped_column(String(80), default="")
    reply: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    is_removed: Mapped[bool] = mapped_column(default=False)


class SqlFeed:
    """Implements `chat.feed.Feed`; a message's ref is its row id, and a thread's id is the ref of its message."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def add(self, key: str, room: str, thread: str | None, reply: Reply, author: str = "") -> str:
        """Store a message and return its ref; the same key is stored once."""
        now = self._clock.now()

        def store(work: Work) -> int:
            added = insert_once(
                work.session,
                FeedMessage,
                key=key,
                room=room,
                thread=thread or "",
                author=author,
                reply=reply.to_json(),
                at=now,
            )
            if added is not None:
                pg_notify.tell(work, pg_notify.ROOM)
                return added
            return work.session.scalars(select(FeedMessage.id).where(FeedMessage.key == key)).one()

        return str(await self._database.run(store))

    async def edit(self, ref: str, reply: Reply) -> None:
        """Replace a message's text; does nothing if it doesn't exist."""
        await self._change(ref, reply=reply.to_json())

    async def remove(self, ref: str) -> None:
        """Remove a message."""
        await self._change(ref, reply=Reply().to_json(), is_removed=True)

    async def open_thread(self, ref: str, title: str) -> str:
        """Open a thread on a message, once, and return the thread's id."""
        await self._change(ref, thread_title=title)
        return ref

    async def find(self, ref: str) -> RoomMessage | None:
        """Return a message; None if it was removed."""
        if not _is_ref(ref):
            return None
        chosen = select(FeedMessage).where(FeedMessage.id == int(ref), FeedMessage.is_removed.is_(False))

        def read(work: Work) -> RoomMessage | None:
            row = work.session.scalar(chosen)
            return _build_message(row) if row is not None else None

        return await self._database.run(read, writes=False)

    async def _change(self, ref: str, **values: object) -> None:
        if not _is_ref(ref):
            return
        chosen = update(FeedMessage).where(FeedMessage.id == int(ref), FeedMessage.is_removed.is_(False))

        def change(work: Work) -> None:
            work.session.execute(chosen.values(**values))
            pg_notify.tell(work, pg_notify.ROOM)

        await self._database.run(change)

    async def list_messages(self, room: str, thread: str | None = None, last: int = 100) -> list[RoomMessage]:
        """Return the newest messages of a room or thread, oldest first."""
        chosen = select(FeedMessage).where(
            FeedMessage.room == room, FeedMessage.thread == (thread or ""), FeedMessage.is_removed.is_(False)
        )

        def read(work: Work) -> list[RoomMessage]:
            rows = work.session.scalars(chosen.order_by(FeedMessage.id.desc()).limit(last)).all()
            return [_build_message(row) for row in reversed(rows)]

        return await self._database.run(read, writes=False)

    async def tally(self, spots: Collection[Spot]) -> Mapping[Spot, FeedCount]:
        """Return the message count of each spot, without empty ones."""
        room, thread = FeedMessage.room, FeedMessage.thread
        chosen = (
            select(room, thread, func.count(), func.max(FeedMessage.id))
            .where(tuple_(room, thread).in_([(r, t or "") for r, t in spots]), FeedMessage.is_removed.is_(False))
            .group_by(room, thread)
        )

        def read(work: Work) -> Mapping[Spot, FeedCount]:
            return {
                (r, t or None): FeedCount(count, str(newest)) for r, t, count, newest in work.session.execute(chosen)
            }

        return await self._database.run(read, writes=False)


def _is_ref(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= REF_DIGITS


def _build_message(row: FeedMessage) -> RoomMessage:
    try:
        reply = Reply.from_json(row.reply)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        log.error("message %d cannot be read: %s", row.id, type(fault).__name__)
        reply = UNREADABLE
    author, title = make_valid(row.author), make_valid(row.thread_title)
    return RoomMessage(str(row.id), row.room, row.thread or None, author, reply, row.at, title)
