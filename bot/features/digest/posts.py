"""Send moderators one digest for all their groups, in their first waking hour after a unit closed.

Also ask moderators who do nothing for some time whether they are there, and then members who can help.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OutboxRow, find_row, is_in
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.digest import service, wording
from bot.features.digest.service import list_readers
from bot.features.groups import message_keys
from bot.features.groups.calendar.rhythm import find_quiet_end, is_quiet
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.people.tables import AccountRow
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

FOR = timedelta(days=3)
"""How long after a unit's end its digest may be sent."""
GATHERED_FOR = timedelta(minutes=1)
"""How long a digest waits for the digests of its reader's other groups."""


@dataclass(frozen=True)
class Digested:
    """Sends a moderator a group's digest; adds it to a waiting digest of another group, if there is one."""

    account_id: int
    message: Announcement

    def store(self, work: Work) -> None:
        """Store it."""
        waiting = self._find_waiting(work.session)
        if not outbox.announce(work, self.message) or waiting is None:
            return
        waiting.reply = wording.gather(Reply.from_json(waiting.reply), self.message.reply).to_json()
        if (row := find_row(work.session, self.message.key)) is not None:
            row.state = "skipped"

    def _find_waiting(self, session: Session) -> OutboxRow | None:
        """Return another group's digest that waits for this moderator."""
        chosen = select(OutboxRow).where(
            is_in(("due",)),
            OutboxRow.platform == self.message.place.platform,
            OutboxRow.room == self.message.place.room,
            OutboxRow.key.endswith(f":digest:{self.account_id}", autoescape=True),
            OutboxRow.tries == 0,
        )
        return session.scalars(chosen.order_by(OutboxRow.id).limit(1).with_for_update()).first()


def digests(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the last unit's digest for each named moderator who has not had it, and a notice for the others."""
    unit, waiting = _list_waiting(snapshot)
    due = [account for account, at in waiting if at <= snapshot.now]
    if unit is None or not due or (digest := service.of(snapshot.groups, snapshot.timeline, snapshot.now)) is None:
        return
    named = {moderator.id for moderator in snapshot.groups.moderators(snapshot.group)}
    for account in due:
        reply = (
            wording.render_digest(snapshot.timeline, digest.read_by(account.id))
            if account.id in named
            else wording.notice(snapshot.group)
        )
        place = snapshot.groups.direct(snapshot.group, account)
        until = unit.slot.grace_until + FOR
        yield Digested(
            account.id,
            Announcement(_make_key(snapshot, unit, account), place, reply, snapshot.now + GATHERED_FOR, until),
        )


def next_digest(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next moderator is awake."""
    return min((at for _, at in _list_waiting(snapshot)[1] if at > snapshot.now), default=None)


def _list_waiting(snapshot: GroupSnapshot) -> tuple[Opened | None, list[tuple[AccountRow, datetime]]]:
    """Return the last closed unit, and its waiting recipients with the earliest time for each."""
    unit = service.last_closed(snapshot.timeline, snapshot.now)
    if unit is None or not snapshot.group.has_digest or snapshot.now >= unit.slot.grace_until + FOR:
        return None, []
    by_role = list_readers(snapshot.groups, snapshot.group, unit.slot.grace_until, snapshot.now)
    recipients = [
        (account, _make_key(snapshot, unit, account))
        for account in (*snapshot.groups.moderators(snapshot.group), *by_role)
    ]
    sent = snapshot.find_sent([key for _, key in recipients])
    return unit, [
        (account, _find_waking_time(snapshot, account, unit.slot.grace_until))
        for account, key in recipients
        if key not in sent
    ]


def _find_waking_time(snapshot: GroupSnapshot, account: AccountRow, at: datetime) -> datetime:
    zone = ZoneInfo(account.zone or snapshot.group.zone)
    at = max(at, snapshot.now)
    sleeps = is_quiet(at, account.quiet_from, account.quiet_until, zone)
    return find_quiet_end(at, account.quiet_until, zone) if sleeps else at


def _make_key(snapshot: GroupSnapshot, unit: Opened, account: AccountRow) -> str:
    return snapshot.key(unit.slot.unit_id, f"digest:{account.id}")


ABSENT_AFTER = timedelta(days=7)
"""How long no moderator does anything before the bot asks them, as the next unit closes; then it asks members."""


def ask_for_leads(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield a message to each named moderator as a unit closes in their absence, then one to the regular members."""
    since, closings = _list_closings(snapshot)
    at = next((at for at in closings if at <= snapshot.now < at + FOR), None)
    if at is None:
        return
    groups, group = snapshot.groups, snapshot.group
    moderators, is_first = groups.moderators(group), at == closings[0]
    reply = wording.render_absence(group, since) if is_first else wording.render_search(group, moderators, since)
    asked = moderators if is_first else service.list_regulars(groups, snapshot.timeline, snapshot.now)
    kind = f"{'absent' if is_first else 'search'}:{since:%Y%m%d}"
    accounts = {message_keys.make_key(group.id, kind, account.id): account for account in asked}
    if not snapshot.find_sent(accounts.keys()):
        for key, account in accounts.items():
            due_at = _find_waking_time(snapshot, account, at)
            yield Announcement(key, groups.direct(group, account), reply, due_at, at + FOR)


def next_closing(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next unit closes in the moderators' absence."""
    return min((at for at in _list_closings(snapshot)[1] if at > snapshot.now), default=None)


@read_once
def _list_closings(snapshot: GroupSnapshot) -> tuple[datetime, list[datetime]]:
    """Return the last sign of a moderator, and the first two closings of units a week or more after it."""
    since = service.find_last_sign(snapshot.groups, snapshot.group)
    closings = sorted(opened.slot.grace_until for opened in snapshot.timeline.opened)
    return since, [at for at in closings if at >= since + ABSENT_AFTER][:2]


POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (
    ScheduledPost("digest", digests, next_digest),
    ScheduledPost("search for leads", ask_for_leads, next_closing),
)
