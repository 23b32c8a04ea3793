"""Which rows of the outbox may go out now, and how one relay takes them so that no other does.

When the database was last put back from a backup: what was due until then may have gone out, unknown to it.
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
from bot.storage.read_cache import recall
from bot.storage.unit_of_work import Work


class Restoration(Base):
    """A backup that was put back: when it was made, and when it came back."""

    __tablename__ = "restoration"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    restored_at: Mapped[datetime]


def may_be_there(session: Session, row: OutboxRow) -> bool:
    """Whether a post that was never tried may stand there all the same, sent before an older database came back."""
    if row.action != "post":
        return False
    return any(row.due_at <= restored_at for restored_at in _list(session))


def era(session: Session, at: datetime) -> str:
    """Return the mark of what falls due at an instant: "" before a first backup was put back.

    What was kept after that backup is lost, and its numbers are given again. So what is due from then on has another
    mark than what had these numbers; what was due until then has its own again, by which it is found where it stands.
    """
    last = max((one for one in _list(session) if one < at), default=None)
    return "" if last is None else str(int(last.timestamp()))


def _list(session: Session) -> Sequence[datetime]:
    chosen = select(Restoration.restored_at)
    return recall(session, Restoration, (Restoration,), lambda: session.scalars(chosen).all())


Closed = tuple[str, State]

"""A row that needs no relay any more, for whoever counts: its platform and its state."""

Check = Callable[[Work, dict[str, Any]], bool]

"""A named `unless`: True drops the post."""

OnTrouble = Callable[[Work, OutboxRow], None]

BATCH = 50

"""Rows leased at once: six turns of those that go out side by side, so that news waits for few of them."""

SWEEP = 200

"""Rows closed in one transaction: a week's leftovers of many groups come in several, and others write in between."""

LEASE = timedelta(seconds=60)

"""Longer than a delivery and its mark; taken again just before each delivery."""

_CLAIMS = 0x7472_6C79

"""The advisory lock of those who claim."""

LATE_AFTER = timedelta(minutes=10)

"""A post says that it is late from here on: after less, people look at their clock and wonder."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A leased row: `tries` counts this one and fences off whoever held the row before.

    Args:
        event_id: of what queued it, for the log.
    """

    id: int
    tries: int
    event_id: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class LeasedRow:
    """A row that is about to be delivered, as it was when the lease was renewed."""

    claim: Claim
    post: Post
    again: bool
    revision: int


def late(reply: Reply, due_at: datetime, zone: str | None = None) -> Reply:
    """Return the reply headed by a line that says when it was due, in UTC where no zone is known."""
    line = Text(f"_Late: I should have said this {markup.moment(due_at, zone or 'UTC')}._")
    return reply.headed_by(line)


def beside(reply: Reply, thread_title: str) -> Reply:
    """Return the reply headed by the thread that it was meant for."""
    line = Text(f"_For the thread \u201c{markup.escape(thread_title)}\u201d:_")
    return reply.headed_by(line)


def read_message(work: Work, row: OutboxRow) -> Reply:
    """Return what a row shows where it goes: its reply, below the thread that it was meant for and when it was due."""
    reply = Reply.from_json(row.reply)
    parent = find_row(work.session, row.parent_key) if row.parent_key else None
    if row.is_beside and parent is not None and parent.thread_title:
        reply = beside(reply, parent.thread_title)
    return late(reply, row.due_at, row.zone) if row.is_late else reply


def tell(on_trouble: OnTrouble | None, work: Work, row: OutboxRow) -> None:
    """Report a row that was not sent; a fault in the report never undoes what is reported."""
    work.session.flush()
    if on_trouble is None:
        return
    try:
        with work.session.begin_nested():
            on_trouble(work, row)
    except Exception as error:  # noqa: BLE001  (a fault in the report never undoes what is reported)
        log.error("reporting the trouble of outbox row %d failed\n%s", row.id, trace(error))


def is_anything_due(work: Work, platform: str, now: datetime, real: datetime) -> bool:
    """Return whether `sweep` or the platform's `claim` would find a row; a reader may ask."""
    asked = {"platform": platform, "now": now, "real": real}
    return bool(work.session.scalar(_anything_due(), asked))


_PLATFORM: BindParameter[str] = bindparam("platform")

_NOW, _REAL = bindparam("now", type_=UtcDateTime()), bindparam("real", type_=UtcDateTime())


@cache
def _anything_due() -> Select[bool]:
    """Return the statement, built once: an idle process asks it every second for each platform."""
    return select(
        or_(
            exists().where(*_is_past(_NOW, _REAL)),
            exists().where(*is_let_out(_REAL)),
            exists(_orphans().with_only_columns(OutboxRow.id)),
            exists().where(*_may_go(_PLATFORM, _NOW, _REAL)),
        )
    )


def sweep(
    work: Work, now: datetime, real: datetime, checks: Mapping[str, Check], on_trouble: OnTrouble | None
) -> list[Closed]:
    """Close rows past their time or whose parent was never sent, let out the parked; return what was closed.

    Of every platform, also of one that has no relay any more.
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
    """Close a row past its time; a message whose thread is missing counts as sent, a needless one is no loss."""
    if row.unless is not None and _judged(work, row, checks):
        close(row, "skipped")
        return
    if row.sent_ref is not None and row.action == "post":
        row.state, row.error = "sent", row.error or "It could not be opened in time."
    else:
        doubt = "It was tried, and may be there all the same." if row.tries else "It could not be sent in time."
        row.state, row.error = "expired", f"{row.error} {doubt}" if row.error else doubt
    row.lease_owner = row.lease_until = None
    tell(on_trouble, work, row)


def _is_needless(work: Work, row: OutboxRow, checks: Mapping[str, Check]) -> bool:
    return row.unless is not None and row.state != "threading" and checks[row.unless](work, row.unless_args)


def _judged(work: Work, row: OutboxRow, checks: Mapping[str, Check]) -> bool:
    """Whether a row is needless; where that cannot be said it is not, and others are closed all the same."""
    try:
        with work.session.begin_nested():
            return _is_needless(work, row, checks)
    except Exception as error:  # noqa: BLE001  (one row's fault stays its own)
        log.error("judging outbox row %d failed\n%s", row.id, trace(error))
        return False


def _close_orphans(work: Work, on_trouble: OnTrouble | None) -> list[OutboxRow]:
    """Close what waits for a post that was never sent, and let out beside it what waits for a thread that it lacks."""
    chosen = _orphans().order_by(OutboxRow.id).limit(SWEEP).with_for_update(skip_locked=True, of=OutboxRow)
    rows = work.session.execute(chosen).all()
    for row, post in rows:
        if post.sent_ref is not None:
            row.in_thread = False
        elif row.action != "post" or post.state == "skipped":
            close(row, "skipped")
        else:
            close(row, "failed", "The post that it belongs to was not sent.")
            tell(on_trouble, work, row)
    return [row for row, _ in rows]


@cache
def _orphans() -> Select[OutboxRow, OutboxRow]:
    """Return what waits in vain, each with the post that it waits for."""
    parent = aliased(OutboxRow)
    mine = parent.key == OutboxRow.parent_key
    unsent = and_(mine, parent.sent_ref.is_(None), is_in(("failed", "expired", "skipped"), parent))
    threadless = and_(mine, OutboxRow.in_thread, is_in(("sent",), parent), parent.sent_thread.is_(None))
    return select(OutboxRow, parent).join(parent, or_(unsent, threadless)).where(is_in(("due",)))


def _is_ready(row: type[OutboxRow]) -> ColumnElement[bool]:
    """Return whether the row's parent, if it has one, is out, with its thread where that is needed."""
    parent = aliased(OutboxRow)
    has_thread = or_(row.in_thread.is_(False), parent.sent_thread.is_not(None))
    return or_(
        row.parent_key.is_(None), exists().where(parent.key == row.parent_key, parent.sent_ref.is_not(None), has_thread)
    )


def _is_first(real: Instant) -> ColumnElement[bool]:
    """Return whether no earlier post of the room is unsent and no relay carries one to it.

    Edits, deletes and late threads wait for nobody.
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
def _claimable() -> Select[OutboxRow]:
    """Return the statement, built once: that takes longer than to ask it."""
    chosen = select(OutboxRow).where(*_may_go(_PLATFORM, _NOW, _REAL)).order_by(OutboxRow.due_at, OutboxRow.id)
    return chosen.limit(BATCH).with_for_update(skip_locked=True, of=OutboxRow)


def _is_alone(work: Work, platform: str) -> bool:
    """Whether no other relay claims on the platform until this transaction ends: it could not be seen what it takes."""
    if work.session.get_bind().dialect.name == "sqlite":
        return True  # there is one writer
    return bool(work.session.scalar(select(func.pg_try_advisory_xact_lock(_CLAIMS, func.hashtext(platform)))))


def claim(work: Work, owner: str, platform: str, now: datetime, real: datetime) -> list[Claim]:
    """Lease the rows that may go out now, the oldest first, one post of each room at most, whoever carries them.

    None while another relay does so at this moment.
    """
    claims: list[Claim] = []
    if not _is_alone(work, platform):
        return claims
    for row in work.session.scalars(_claimable(), {"platform": platform, "now": now, "real": real}):
        row.state = "threading" if row.state == "threading" else "sending"
        row.lease_owner, row.lease_until = owner, real + LEASE
        row.tries += 1
        claims.append(Claim(row.id, row.tries, row.event_id))
    return claims


def find_leased(work: Work, owner: str, claim: Claim) -> OutboxRow | None:
    """Return the row if this claim still holds it, locked until the transaction ends."""
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
    """Renew the lease and look a last time; a row with nothing to deliver is closed, one of another relay is None."""
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
    """Give up the lease and leave the row in a state."""
    row.state, row.error = state, error
    row.lease_owner = row.lease_until = None
