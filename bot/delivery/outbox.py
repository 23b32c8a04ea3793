"""The transactional outbox: announcements commit with the facts that they report, and the relay sends them later."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.base.event import present
from bot.chat.platform import Action
from bot.commands.context import Place
from bot.messages.reply import Reply
from bot.storage.base import Base
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class OpensThread:
    """Open a thread with this title on the message."""

    title: str


@dataclass(frozen=True)
class Within:
    """Send the message into the thread of another message, after that was sent.

    If there is no thread or it takes nothing, the message goes to the room.
    """

    key: str


Thread = OpensThread | Within


@dataclass(frozen=True)
class Unless:
    """A named check just before sending that may drop the message."""

    check: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Announcement:
    """A message to send after the transaction that queues it has committed.

    Args:
        key: unique for ever; the same key is the same message.
        due_at, expires_at: the period in which to send it; a message into a thread must expire.
    """

    key: str
    place: Place
    reply: Reply
    due_at: datetime
    expires_at: datetime | None = None
    thread: Thread | None = None
    unless: Unless | None = None

    def __post_init__(self) -> None:
        if isinstance(self.thread, Within) and self.expires_at is None:
            raise ValueError("a post into a thread must have an end: threads go away")


State = Literal["due", "sending", "sent", "threading", "expired", "skipped", "failed", "parked", "left"]

WAITING: tuple[State, ...] = ("due", "sending", "threading", "parked")

TROUBLE: tuple[State, ...] = ("parked", "failed", "expired")


def tag_of(key: str, era: str = "") -> str:
    """Return the hidden tag of a message by which it can be found again: 20 URL-safe characters.

    Args:
        era: distinguishes it from a message with the same key before a restore (`delivery/outbox_lease`).
    """
    return urlsafe_b64encode(blake2b(f"{key}{era and f' {era}'}".encode(), digest_size=15).digest()).decode()


class OutboxRow(Base):
    """One message to send, edit or delete.

    `due_at` and `expires_at` are by the app's clock, which a demo moves; `not_before`, `lease_until`, `sent_at` and
    `created_at` by the machine's. `zone` is that of its place, None in old rows. `tag` is that of the message: an edit
    has its post's. `event_id` is the event that queued it last, for the log. `revision` counts changes to an edit, so
    that a change made while it is being sent is sent too.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "state", "due_at"),
        Index(None, "platform", "tenant", "room", "state"),
        Index(None, "parent_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    tag: Mapped[str] = mapped_column(String(20))
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(80))
    thread: Mapped[str | None] = mapped_column(String(80))
    action: Mapped[Action] = mapped_column(String(8))
    parent_key: Mapped[str | None] = mapped_column(String(200))
    in_thread: Mapped[bool] = mapped_column(default=False)
    thread_title: Mapped[str | None] = mapped_column(String(200))
    unless: Mapped[str | None] = mapped_column(String(40))
    unless_args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reply: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    every_s: Mapped[int] = mapped_column(default=0)
    state: Mapped[State] = mapped_column(String(10), default="due")
    revision: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_ref: Mapped[str | None] = mapped_column(String(120))
    sent_thread: Mapped[str | None] = mapped_column(String(120))
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    is_late: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str | None] = mapped_column(String(64))
    event_id: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[datetime]

    @property
    def place(self) -> Place:
        """The place of the message."""
        return Place(self.platform, self.tenant or None, self.room, self.thread)

    @property
    def is_beside(self) -> bool:
        """Whether it is a post that belongs to another one but is outside its thread."""
        return self.action == "post" and self.parent_key is not None and not self.in_thread


def is_in(states: Sequence[State], of: type[OutboxRow] = OutboxRow) -> ColumnElement[bool]:
    """Return the condition that a row is in one of some states, as literals in the SQL.

    With parameters, PostgreSQL would switch to a generic plan that reads all rows: nearly every row is "sent".
    """
    return of.state.in_(bindparam(None, list(states), expanding=True, literal_execute=True))


def find_row(session: Session, key: str, *, lock: bool = False) -> OutboxRow | None:
    """Return the row of a key, or None."""
    chosen = select(OutboxRow).where(OutboxRow.key == key)
    return session.scalars(chosen.with_for_update() if lock else chosen, execution_options=_FRESH).first()


_FRESH = {"populate_existing": True}


def announce(work: Work, announcement: Announcement) -> bool:
    """Queue a post to send after this transaction has committed; False if its key was ever queued."""
    session, made_at = work.session, work.made_at
    place, unless = announcement.place, announcement.unless
    parent_key = announcement.thread.key if isinstance(announcement.thread, Within) else None
    if parent_key is not None and (parent := find_row(session, parent_key)) is not None:
        place = Place(parent.platform, parent.tenant or None, parent.room, place.thread, place.zone)
    return None is not insert_once(
        session,
        OutboxRow,
        key=announcement.key,
        tag=tag_of(announcement.key),
        platform=place.platform,
        tenant=place.tenant or "",
        room=place.room,
        thread=place.thread,
        action="post",
        parent_key=parent_key,
        in_thread=parent_key is not None,
        thread_title=announcement.thread.title if isinstance(announcement.thread, OpensThread) else None,
        unless=unless.check if unless else None,
        unless_args=dict(unless.args) if unless else {},
        reply=announcement.reply.to_json(),
        due_at=announcement.due_at,
        expires_at=announcement.expires_at,
        created_at=made_at,
        zone=place.zone,
        event_id=present() or None,
    )


def adopt(session: Session, key: str, place: Place, ref: str, now: datetime, *, made_at: datetime) -> None:
    """Record an existing message as a sent post, so that it can be revised."""
    insert_once(
        session,
        OutboxRow,
        key=key,
        tag=tag_of(key),
        platform=place.platform,
        tenant=place.tenant or "",
        room=place.room,
        thread=place.thread,
        action="post",
        reply=Reply().to_json(),
        due_at=now,
        state="sent",
        sent_ref=ref,
        sent_at=made_at,
        created_at=made_at,
        zone=place.zone,
        event_id=present() or None,
    )


def read_newest(session: Session, key: str) -> Reply | None:
    """Return a post as its newest edit, or else the post itself, was queued; None if unreadable or never queued."""
    row = find_row(session, f"{key}:edit") or find_row(session, key)
    with suppress(KeyError, TypeError, ValueError):
        return Reply.from_json(row.reply) if row is not None else None
    return None


def revise(work: Work, parent_key: str, reply: Reply, *, due_at: datetime, every_s: int = 60) -> bool:
    """Queue an edit of a post; waiting edits are merged and sent at most every `every_s`. False if nothing changes."""
    session, made_at = work.session, work.made_at
    parent = find_row(session, parent_key)
    if parent is None or not _may_change(session, parent):
        return False
    data = reply.to_json()
    key = f"{parent_key}:edit"
    if _insert_child(session, parent, key, "edit", data, due_at, every_s, made_at):
        return True
    row = find_row(session, key, lock=True)
    assert row is not None
    if row.reply == data and row.state in ("due", "sending", "sent"):
        return False
    row.reply, row.due_at, row.every_s, row.room = data, due_at, every_s, parent.room
    row.event_id = present() or None
    row.revision += 1
    if row.state not in ("due", "sending"):
        row.state, row.tries, row.error = "due", 0, None
        row.not_before = row.sent_at + timedelta(seconds=every_s) if row.sent_at else None
    session.flush()
    return True


def complete(session: Session, post: OutboxRow, *, made_at: datetime) -> None:
    """Queue an edit that adds missing pictures to a post, unless an edit is queued already."""
    _insert_child(session, post, f"{post.key}:edit", "edit", post.reply, post.due_at, 60, made_at)


def withdraw(work: Work, parent_key: str) -> bool:
    """Withdraw a post: skip it if it was never tried, else delete it. False if there is none."""
    session, made_at = work.session, work.made_at
    parent = find_row(session, parent_key, lock=True)
    if parent is None or not _may_change(session, parent):
        return False
    pending = update(OutboxRow).where(OutboxRow.key == f"{parent_key}:edit", OutboxRow.state == "due")
    session.execute(pending.values(state="skipped"))
    if parent.state in ("due", "parked") and not parent.tries and parent.sent_ref is None:
        parent.state = "skipped"
        session.flush()
        return True
    return _insert_child(
        session, parent, f"{parent_key}:delete", "delete", Reply().to_json(), parent.due_at, 0, made_at
    )


def is_closed(work: Work, key: str) -> bool:
    """Whether a queued post can't be changed any more, because it was withdrawn or will never be sent."""
    row = find_row(work.session, key)
    return row is not None and not _may_change(work.session, row)


def _may_change(session: Session, parent: OutboxRow) -> bool:
    if parent.sent_ref is None and parent.state not in WAITING:
        return False
    return not session.scalar(select(exists().where(OutboxRow.key == f"{parent.key}:delete")))


def _insert_child(
    session: Session,
    parent: OutboxRow,
    key: str,
    action: Action,
    reply: dict[str, Any],
    due_at: datetime,
    every_s: int,
    made_at: datetime,
) -> bool:
    return None is not insert_once(
        session,
        OutboxRow,
        key=key,
        tag=parent.tag,
        platform=parent.platform,
        tenant=parent.tenant,
        room=parent.room,
        action=action,
        parent_key=parent.key,
        reply=reply,
        due_at=due_at,
        every_s=every_s,
        created_at=made_at,
        event_id=present() or None,
    )


def repeat(row: OutboxRow, room: str, due_at: datetime, expires_at: datetime) -> None:
    """Reset a post so that it is sent again, with its thread."""
    row.room, row.thread, row.in_thread = room, None, row.in_thread or row.is_beside
    row.state, row.due_at, row.expires_at = "due", due_at, expires_at
    row.sent_ref = row.sent_thread = row.sent_at = row.not_before = row.error = None
    row.lease_owner, row.lease_until, row.tries = None, None, 0


def list_trouble(
    session: Session, platform: str, tenant: str | None, *, since: datetime | None = None, last: int = 20
) -> list[OutboxRow]:
    """Return a tenant's parked, failed and expired posts, newest first.

    Args:
        since: leave out posts that were due before.
        last: most rows.
    """
    chosen = select(OutboxRow).where(is_in(TROUBLE), OutboxRow.platform == platform, OutboxRow.tenant == (tenant or ""))
    if since is not None:
        chosen = chosen.where(OutboxRow.due_at >= since)
    return list(session.scalars(chosen.order_by(OutboxRow.due_at.desc(), OutboxRow.id.desc()).limit(last)))
