"""Select and lease the outbox rows that may be sent now, and track restores from backups.

After a restore, posts that were due before it may have been sent without a record in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.base.safe_traceback import trace
from bot.chat.platform import Post
from bot.delivery.outbox import WAITING, OutboxRow, State, find_row, is_in, tag_of
from bot.delivery.suspended_channels import Instant, is_held, is_let_out, let_out
from bot.messages import markup
from bot.messages.reply import Reply, Text
from bot.storage.base import Base, UtcDateTime
from bot.storage.read_cache import read_cached
from bot.storage.unit_of_work import Work

TOO_LATE = "I couldn't send it in time."
"""The error of a message that expired before its first attempt."""


class Restoration(Base):
    """A restored backup: when it was made, and when it was restored."""

    __tablename__ = "restoration"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    restored_at: Mapped[datetime]


def may_be_there(session: Session, row: OutboxRow) -> bool:
    """Whether a post without a delivery attempt may have been sent before a restore."""
    if row.action != "post":
        return False
    return any(row.due_at <= restored_at for restored_at in _list(session))


def era(session: Session, at: datetime) -> str:
    """Return the era of a post that is due at an instant: "" before the first restore.

    A restore reuses row ids of lost rows. Posts due after it get another era, so their tags differ from lost posts with
    the same key. Posts due before it keep their era, so that existing messages are found by their tags.
    """
    last = max((restored_at for restored_at in _list(session) if restored_at < at), default=None)
    return "" if last is None else str(int(last.timestamp()))


def _list(session: Session) -> Sequence[datetime]:
    chosen = select(Restoration.restored_at)
    return read_cached(session, Restoration, (Restoration,), lambda: session.scalars(chosen).all())


Closed = tuple[str, State]

"""The platform and state of a closed row, for metrics."""

Check = Callable[[Work, dict[str, Any]], bool]

"""A check for `unless`; True drops the post."""

OnTrouble = Callable[[Work, OutboxRow], None]

BATCH = 50

"""Rows leased at once; small, so that new posts don't wait for many others."""

SWEEP = 200

"""Most rows closed in one transaction, so that other writes get in between."""

LEASE = timedelta(seconds=60)

"""Longer than a delivery with its marking; renewed just before each delivery."""

_CLAIMS = 0x7472_6C79

"""The advisory lock for claims."""

LATE_AFTER = timedelta(minutes=10)

"""The delay after which a post says that it is late."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A leased row; `tries` includes this attempt and is the fencing token against earlier holders.

    Args:
        event_id: the event that queued it, for the log.
    """

    id: int
    tries: int
    event_id: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class LeasedRow:
    """A row to deliver, as of the renewal of its lease."""

    claim: Claim
    post: Post
    again: bool
    revision: int


def late(reply: Reply, due_at: datetime, zone: str | None = None) -> Reply:
    """Return the reply below a line that says when it was due, in UTC if no zone is known."""
    line = Text(f"_Late: this was due {markup.moment(due_at, zone or 'UTC')}._")
    return reply.headed_by(line)


def beside(reply: Reply, thread_title: str) -> Reply:
    """Return the reply below the title of the thread that it was meant for."""
    line = Text(f"_For the thread \u201c{markup.escape(thread_title)}\u201d:_")
    return reply.headed_by(line)


def read_message(work: Work, row: OutboxRow) -> Reply:
    """Return a row's message: its reply, below its missing thread's title and its due time if the post was late."""
    reply, post = Reply.from_json(row.reply), row
    if row.action == "edit" and (edited := find_row(work.session, row.parent_key or "")) is not None:
        post = edited
    thread = find_row(work.session, post.parent_key) if post.parent_key else None
    if post.is_beside and thread is not None and thread.thread_title:
        reply = beside(reply, thread.thread_title)
    return late(reply, post.due_at, post.zone) if post.is_late else reply


def tell(on_trouble: OnTrouble | None, work: Work, row: OutboxRow) -> None:
    """Report an unsent row; an error in the callback doesn't roll back the transaction."""
    work.session.flush()
    if on_trouble is None:
        return
    try:
        with work.session.begin_nested():
            on_trouble(work, row)
    except Exception as error:  # noqa: BLE001  (a fault in the report never undoes what is reported)
        log.error("reporting the trouble of outbox row %d failed\n%s", row.id, trace(error))


def is_anything_due(work: Work, platform: str, now: datetime, real: datetime) -> bool:
    """Whether `sweep` or the platform's `claim` would find a row; works on a read-only connection."""
    asked = {"platform": platform, "now": now, "real": real}
    return bool(work.session.scalar(_anything_due(), asked))


_PLATFORM: BindParameter[str] = bindparam("platform")

_NOW, _REAL = bindparam("now", type_=UtcDateTime()), bindparam("real", type_=UtcDateTime())


@cache
def _anything_due() -> Select[bool]:
    """Build the statement, once: an idle process runs it every second for each platform."""
    return select(
        or_(
            exists().where(*_is_past(_NOW, _REAL)),
            exists().where(*is_let_out(_REAL)),
            exists(_select_orphans().with_only_columns(OutboxRow.id)),
            exists().where(*_may_go(_PLATFORM, _NOW, _REAL)),
        )
    )


def sweep(
    work: Work, now: datetime, real: datetime, checks: Mapping[str, Check], on_trouble: OnTrouble | None
) -> list[Closed]:
    """Close expired rows and rows with an unsent parent, and release parked ones; return the closed rows.

    Covers every platform, even one without a relay.
    """
    past = select(OutboxRow).where(*_is_past(now, real))
    rows = work.session.scalars(past.order_by(OutboxRow.id).limit(SWEEP).with_for_update(skip_locked=True)).all()
    for row in rows:
        expire(work, row, checks, on_trouble)
    let_out(work, real)
    return [(row.platform, row.state) for row in (*rows, *_close_orphans(work, on_trouble))]


def _is_past(now: Instant, real: Instant) -> list[ColumnElement[bool]]:
    return [is_in(WAITING), OutboxRow.expires_at <= now, _is_free(real)]


def _is_free(real: Instant) -> ColumnElement[bool]:
    return or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until <= real)


def expire(work: Work, row: OutboxRow, checks: Mapping[str, Check], on_trouble: OnTrouble | None) -> None:
    """Close an expired row: as sent if only its thread is missing, as skipped if its `unless` check drops it."""
    if row.unless is not None and _check_needless(work, row, checks):
        close(row, "skipped")
        return
    if row.sent_ref is not None and row.action == "post":
        row.state, row.error = "sent", row.error or "I couldn't open it in time."
    else:
        doubt = "I tried, so it may be there." if row.tries else TOO_LATE
        row.state, row.error = "expired", f"{row.error} {doubt}" if row.error else doubt
    row.lease_owner = row.lease_until = None
    tell(on_trouble, work, row)


def _is_needless(work: Work, row: OutboxRow, checks: Mapping[str, Check]) -> bool:
    return row.unless is not None and row.state != "threading" and checks[row.unless](work, row.unless_args)


def _check_needless(work: Work, row: OutboxRow, checks: Mapping[str, Check]) -> bool:
    """Whether the `unless` check drops a row; False if the check fails, so that other rows are still closed."""
    try:
        with work.session.begin_nested():
            return _is_needless(work, row, checks)
    except Exception as error:  # noqa: BLE001  (one row's fault stays its own)
        log.error("judging outbox row %d failed\n%s", row.id, trace(error))
        return False


def _close_orphans(work: Work, on_trouble: OnTrouble | None) -> list[OutboxRow]:
    """Close rows that wait for an unsent post, and send rows that wait for a missing thread to the room instead."""
    chosen = _select_orphans().order_by(OutboxRow.id).limit(SWEEP).with_for_update(skip_locked=True, of=OutboxRow)
    rows = work.session.execute(chosen).all()
    for row, post in rows:
        if post.sent_ref is not None:
            row.in_thread = False
        elif row.action != "post" or post.state == "skipped":
            close(row, "skipped")
        else:
            close(row, "failed", "The post it belongs to wasn't sent.")
            tell(on_trouble, work, row)
    return [row for row, _ in rows]


@cache
def _select_orphans() -> Select[OutboxRow, OutboxRow]:
    """Select rows that wait in vain, each with its parent post."""
    parent = aliased(OutboxRow)
    is_parent = parent.key == OutboxRow.parent_key
    unsent = and_(is_parent, parent.sent_ref.is_(None), is_in(("failed", "expired", "skipped"), parent))
    threadless = and_(is_parent, OutboxRow.in_thread, is_in(("sent",), parent), parent.sent_thread.is_(None))
    return select(OutboxRow, parent).join(parent, or_(unsent, threadless)).where(is_in(("due",)))


def _is_ready(row: type[OutboxRow]) -> ColumnElement[bool]:
    """Return the condition that the row's parent, if any, is sent, with its thread if that is needed."""
    parent = aliased(OutboxRow)
    has_thread = or_(row.in_thread.is_(False), parent.sent_thread.is_not(None))
    return or_(
        row.parent_key.is_(None), exists().where(parent.key == row.parent_key, parent.sent_ref.is_not(None), has_thread)
    )


def _is_first(real: Instant) -> ColumnElement[bool]:
    """Return the condition that no earlier post of the room is unsent or being delivered.

    Edits, deletes and late threads don't wait.
    """
    earlier, carried = aliased(OutboxRow), aliased(OutboxRow)
    is_entered = exists().where(
        carried.platform == OutboxRow.platform,
        carried.tenant == OutboxRow.tenant,
        carried.room == OutboxRow.room,
        carried.action == "post",
        is_in(("sending",), carried),
        carried.lease_until > real,
        carried.id != OutboxRow.id,
    )
    blocked = exists().where(
        earlier.platform == OutboxRow.platform,
        earlier.tenant == OutboxRow.tenant,
        earlier.room == OutboxRow.room,
        earlier.action == "post",
        is_in(("due", "sending"), earlier),
        or_(
            earlier.due_at < OutboxRow.due_at,
            and_(earlier.due_at == OutboxRow.due_at, earlier.id < OutboxRow.id),
        ),
        _is_ready(earlier),
    )
    return or_(OutboxRow.action != "post", is_in(("threading",)), and_(~blocked, ~is_entered))


def _may_go(platform: BindParameter[str], now: Instant, real: Instant) -> list[ColumnElement[bool]]:
    return [
        is_in(("due", "sending", "threading")),
        OutboxRow.due_at <= now,
        OutboxRow.platform == platform,
        or_(OutboxRow.expires_at.is_(None), OutboxRow.expires_at > now),
        or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= real),
        _is_free(real),
        ~is_held(real),
        _is_ready(OutboxRow),
        _is_first(real),
    ]


@cache
def _select_claimable() -> Select[OutboxRow]:
    """Build the statement, once: building takes longer than running it."""
    chosen = select(OutboxRow).where(*_may_go(_PLATFORM, _NOW, _REAL)).order_by(OutboxRow.due_at, OutboxRow.id)
    return chosen.limit(BATCH).with_for_update(skip_locked=True, of=OutboxRow)


def _is_alone(work: Work, platform: str) -> bool:
    """Take the platform's claim lock until the transaction ends; False if another relay has it."""
    if work.session.get_bind().dialect.name == "sqlite":
        return True  # there is one writer
    return bool(work.session.scalar(select(func.pg_try_advisory_xact_lock(_CLAIMS, func.hashtext(platform)))))


def claim(work: Work, owner: str, platform: str, now: datetime, real: datetime) -> list[Claim]:
    """Lease the rows that may be sent now, oldest first, at most one post for each room.

    Empty while another relay is claiming.
    """
    claims: list[Claim] = []
    if not _is_alone(work, platform):
        return claims
    for row in work.session.scalars(_select_claimable(), {"platform": platform, "now": now, "real": real}):
        row.state = "threading" if row.state == "threading" else "sending"
        row.lease_owner, row.lease_until = owner, real + LEASE
        row.tries += 1
        claims.append(Claim(row.id, row.tries, row.event_id))
    return claims


def find_leased(work: Work, owner: str, claim: Claim) -> OutboxRow | None:
    """Return the row, locked until the transaction ends, if this claim still holds it; else None."""
    row = work.session.get(OutboxRow, claim.id, with_for_update=True, populate_existing=True)
    return row if row is not None and (row.lease_owner, row.tries) == (owner, claim.tries) else None


def prepare(
    work: Work,
    owner: str,
    claim: Claim,
    now: datetime,
    real: datetime,
    checks: Mapping[str, Check],
    on_trouble: OnTrouble | None,
    *,
    says_late: bool = True,
) -> LeasedRow | Closed | None:
    """Renew the lease and check the row; closes a row with nothing to deliver. None if another relay holds it."""
    row = find_leased(work, owner, claim)
    if row is None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        row.tries -= 1
        expire(work, row, checks, on_trouble)
        return row.platform, row.state
    if _is_needless(work, row, checks):
        close(row, "skipped")
        return row.platform, row.state
    row.lease_until = real + LEASE
    parent = find_row(work.session, row.parent_key) if row.parent_key else None
    if parent is not None and row.in_thread:
        row.thread = parent.sent_thread
    elif parent is not None and row.action != "post":
        row.thread = parent.thread
    if row.action == "post" and claim.tries == 1:
        row.tag = tag_of(row.key, era(work.session, row.due_at))
    row.is_late = says_late and row.action == "post" and (row.is_late or now > row.due_at + LATE_AFTER)
    post = Post(
        key=row.key,
        tag=parent.tag if parent is not None and row.action != "post" else row.tag,
        action=row.action,
        place=row.place,
        reply=read_message(work, row),
        ref=parent.sent_ref if parent is not None and row.action != "post" else None,
        thread_title=row.thread_title,
        sent_ref=row.sent_ref if row.state == "threading" else None,
        reply_to=parent.sent_ref if parent is not None and row.is_beside and parent.room == row.room else None,
    )
    return LeasedRow(claim, post, claim.tries > 1 or may_be_there(work.session, row), row.revision)


def close(row: OutboxRow, state: State, error: str | None = None) -> None:
    """Release the lease and set the state of the row."""
    row.state, row.error = state, error
    row.lease_owner = row.lease_until = None
