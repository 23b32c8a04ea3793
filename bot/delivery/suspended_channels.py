"""Suspended (parked) rooms: hold back their posts, retry them, or move them to another room."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    Text,
    UniqueConstraint,
    case,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.chat.platform import TokenRejected
from bot.commands.context import Place
from bot.delivery.outbox import WAITING, OutboxRow, find_row, is_in
from bot.storage.base import Base
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work

log = logging.getLogger(__name__)
FIRST_TRY, LAST_TRY = timedelta(minutes=10), timedelta(hours=4)
"""The least and greatest interval between retries of a parked room."""

Instant = datetime | BindParameter[datetime]
"""An instant, or the parameter of a statement."""


class SuspendedChannel(Base):
    """A room that takes no messages until somebody fixes it; its posts wait.

    From `next_try_at` (machine's clock) on, one message is sent as a test; the first that arrives frees the room.
    """

    __tablename__ = "suspended_channel"
    __table_args__ = (UniqueConstraint("platform", "tenant", "room"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    parked_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]


def park_room(work: Work, place: Place, reason: str, at: datetime) -> bool:
    """Park a room; if it is parked already, double its wait and return False."""
    is_new = None is not insert_once(
        work.session,
        SuspendedChannel,
        platform=place.platform,
        tenant=place.tenant or "",
        room=place.room,
        reason=reason,
        parked_at=at,
        next_try_at=at + FIRST_TRY,
    )
    if is_new:
        log.warning(
            "%s on %s is held back; doctor says why, and it is tried again", _describe_place(place), place.platform
        )
    parked = find_parked(work, place)
    if not is_new and parked is not None:
        parked.reason = reason
        parked.next_try_at = at + min(max(at - parked.parked_at, FIRST_TRY), LAST_TRY)
    return is_new


def _describe_place(place: Place) -> str:
    return "somebody's direct messages" if place.is_direct else f"room {place.room}"


def find_parked(work: Work, place: Place) -> SuspendedChannel | None:
    """Return the row of a parked room, or None."""
    return work.session.scalars(select(SuspendedChannel).where(*_match_place(place))).first()


def _match_place(place: Place) -> list[ColumnElement[bool]]:
    """Return the conditions for parked rooms of a place; without a room, all of the tenant; without a tenant, all."""
    within = [SuspendedChannel.platform == place.platform]
    if place.room or place.tenant is not None:
        within.append(SuspendedChannel.tenant == (place.tenant or ""))
    return [*within, SuspendedChannel.room == place.room] if place.room else within


def _match_suspended() -> list[ColumnElement[bool]]:
    return [
        SuspendedChannel.platform == OutboxRow.platform,
        SuspendedChannel.tenant == OutboxRow.tenant,
        SuspendedChannel.room == OutboxRow.room,
    ]


def is_held(real: Instant) -> ColumnElement[bool]:
    """Return the condition that a row's room is parked and not due for a retry."""
    return exists().where(*_match_suspended(), SuspendedChannel.next_try_at > real)


def free_room(work: Work, place: Place) -> bool:
    """Unpark a room; False if it wasn't parked."""
    freed = delete(SuspendedChannel).where(*_match_place(place)).returning(SuspendedChannel.id)
    is_freed = work.session.scalars(freed).first() is not None
    if is_freed:
        log.info("%s on %s is held back no more", _describe_place(place), place.platform)
    return is_freed


def try_rooms(work: Work, place: Place, at: datetime) -> bool:
    """Retry parked rooms at once: this room; without a room, all of the tenant; without a tenant, all.

    Messages there that wait for a valid token are retried too. False if nothing waits; a read-only connection changes
    nothing.
    """
    rooms = work.session.scalars(select(SuspendedChannel).where(*_match_place(place))).all()
    rows = work.session.scalars(select(OutboxRow).where(*_awaits_token(place))).all()
    if work.writes:
        for parked in rooms:
            parked.next_try_at = at
        for row in rows:
            row.not_before = None
    return bool(rooms or rows)


def _awaits_token(place: Place) -> list[ColumnElement[bool]]:
    within = [OutboxRow.platform == place.platform]
    if place.room or place.tenant is not None:
        within.append(OutboxRow.tenant == (place.tenant or ""))
    if place.room:
        within.append(OutboxRow.room == place.room)
    is_rejected = OutboxRow.error == TokenRejected.REASON
    return [*within, is_in(("due", "threading")), OutboxRow.not_before.is_not(None), is_rejected]


def is_let_out(real: Instant) -> list[ColumnElement[bool]]:
    """Return the conditions for parked rows whose room is free or due for a retry."""
    return [is_in(("parked",)), ~is_held(real)]


def let_out(work: Work, real: datetime) -> None:
    """Release parked rows whose room is free or due for a retry; the first row of a room is the test."""
    again = update(OutboxRow).where(*is_let_out(real))
    state = case((OutboxRow.sent_ref.is_(None), "due"), else_="threading")
    again = again.values(state=state, not_before=None, error=None)
    work.session.execute(again.execution_options(synchronize_session=False))


def is_awaited(work: Work, place: Place) -> bool:
    """Whether any row waits for a room."""
    waits = select(OutboxRow.id).where(
        OutboxRow.platform == place.platform,
        OutboxRow.tenant == (place.tenant or ""),
        OutboxRow.room == place.room,
        OutboxRow.action == "post",
        is_in(WAITING),
    )
    return work.session.scalar(waits.limit(1)) is not None


def list_parked(work: Work, platform: str, tenant: str | None) -> list[SuspendedChannel]:
    """Return the parked rooms of a tenant, oldest first."""
    chosen = select(SuspendedChannel).where(
        SuspendedChannel.platform == platform, SuspendedChannel.tenant == (tenant or "")
    )
    return list(work.session.scalars(chosen.order_by(SuspendedChannel.id)))


def follow(work: Work, prefix: str, old: Place, room: str) -> int:
    """Move waiting posts of a room to another room of the tenant; return their number.

    Posts into a thread of the old room still go there, unless that room is parked.

    Args:
        prefix: the key prefix of the posts to move.
    """
    is_held_back = find_parked(work, old) is not None
    chosen = select(OutboxRow).where(
        OutboxRow.key.startswith(prefix, autoescape=True),
        OutboxRow.platform == old.platform,
        OutboxRow.tenant == (old.tenant or ""),
        OutboxRow.room == old.room,
        is_in(WAITING),
        OutboxRow.sent_ref.is_(None),
    )
    moved = 0
    for row in work.session.scalars(chosen.order_by(OutboxRow.id).with_for_update()):
        parent = find_row(work.session, row.parent_key) if row.parent_key else None
        is_left_behind = parent is not None and parent.sent_ref is not None and parent.room == old.room
        if is_left_behind and (row.action != "post" or (row.in_thread and not is_held_back)):
            continue
        row.in_thread = row.in_thread and not is_left_behind
        row.room, row.thread, row.state, row.error, row.not_before = room, None, "due", None, None
        row.lease_owner = row.lease_until = None
        moved += row.action == "post"
        work.session.flush()
    return moved


@dataclass(frozen=True)
class Queue:
    """The posts of a platform that could be sent now: their number, and the wait of the oldest in seconds."""

    due: int
    lag_s: float


def queues(work: Work, now: datetime) -> dict[str, Queue]:
    """Return the queue of each platform that has waiting posts.

    Parked rooms don't count, nor do edits, which wait on purpose.
    """
    chosen = (
        select(OutboxRow.platform, func.count(), func.min(OutboxRow.due_at))
        .where(
            is_in(("due", "sending")),
            OutboxRow.due_at <= now,
            OutboxRow.action != "edit",
            ~exists().where(*_match_suspended()),
        )
        .group_by(OutboxRow.platform)
    )
    rows = work.session.execute(chosen)
    return {platform: Queue(count, (now - oldest).total_seconds()) for platform, count, oldest in rows}


def lag(work: Work, now: datetime) -> float:
    """Return how many seconds the oldest sendable post has waited; 0 if there is none."""
    return max((queue.lag_s for queue in queues(work, now).values()), default=0.0)


def count_parked(work: Work) -> dict[str, int]:
    """Return the number of parked rooms by platform, without zeros."""
    chosen = select(SuspendedChannel.platform, func.count()).group_by(SuspendedChannel.platform)
    return {platform: int(count) for platform, count in work.session.execute(chosen)}
