"""Report messages that could not be sent to the member, sharer or moderators concerned."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.context import Place
from bot.curriculum.track import Library
from bot.delivery import outbox, suspended_channels
from bot.delivery.outbox import Announcement, OutboxRow
from bot.delivery.outbox_lease import TOO_LATE
from bot.features.checkins.sharing import find_sharer
from bot.features.groups import message_keys
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Membership
from bot.features.people.service import People
from bot.features.people.tables import AccountRow, Tenant
from bot.features.plans.service import find_pledger
from bot.features.schedule import wording
from bot.messages import markup
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work


def tell_moderators(groups: Groups, group: Group, reply: Reply, key: str, now: datetime) -> None:
    """Message the group's first moderator, and queue the sentence for the others' next private answer; once per key."""
    for i, account in enumerate(groups.moderators(group)):
        if i == 0:
            place = groups.direct(group, account)
            outbox.announce(
                groups.work, Announcement(f"{key}:{account.id}", place, reply, now, now + timedelta(days=2))
            )
        else:
            People(groups.work).notify(account.id, key, _format_line(reply, group.zone), now)


def _format_line(reply: Reply, zone: str | None) -> str:
    """Return a message as one line that fits into another reply."""
    title, body = replace(reply, blocks=()).plain(zone), replace(reply, title="").plain(zone)
    return markup.escape(f"{title}: {body}" if title else body, 500)


class DeliveryFailures:
    """Tells people of messages that could not be sent."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, work: Work, row: OutboxRow, now: datetime) -> None:
        """Report a failed direct message to its member, a leave or a channel failure to moderators; once per cause."""
        tenant = work.session.scalars(
            select(Tenant).where(Tenant.platform == row.platform, Tenant.external_id == row.tenant)
        ).first()
        if tenant is None:
            return
        if (reader := row.place.reader) is not None:
            account = People(work).find_reader(row.platform, row.tenant, reader)
            if account is not None and row.state == "left":
                self._take_out(work, account, now)
            elif account is not None and row.state != "expired":
                _report_unreachable(work, row, account, now)
            return
        pledger = find_pledger(work.session, row.key)
        sharer = pledger or find_sharer(work.session, row.key)
        if sharer is not None and row.state != "parked":
            words = wording.describe_unshared("pledge" if pledger else "note", row.state, row.error or "")
            People(work).notify(sharer.id, f"{row.key}:{row.state}", words, now)
            return
        chosen = select(Group).where(Group.tenant_id == tenant.id, Group.room == row.room, Group.ended_at.is_(None))
        group = work.session.scalars(chosen).first()
        if group is None and row.state == "parked":
            self._bring(work, row)
        elif group is not None and (notice := _describe_for_moderators(work, group, row)) is not None:
            cause, reply = notice
            tell_moderators(Groups(work, self._library), group, reply, f"trouble:{cause}", now)

    def _take_out(self, work: Work, account: AccountRow, now: datetime) -> None:
        """End the memberships of an account that has left, so that counts don't wait for it, and tell moderators."""
        groups = Groups(work, self._library)
        chosen = select(Group).join(Membership, Membership.group_id == Group.id)
        for group in work.session.scalars(
            chosen.where(Membership.account_id == account.id, Membership.left_at.is_(None), Group.ended_at.is_(None))
        ):
            groups.leave(group, account.id, now)
            for moderator in groups.moderators(group):
                if moderator.id != account.id:
                    key = f"left:{group.id}:{account.id}:{now:%Y-%m-%d}"
                    People(work).notify(moderator.id, key, wording.describe_departure(group, account), now)

    def _bring(self, work: Work, row: OutboxRow) -> None:
        """Move the group's queued posts from a channel that is gone to its current channel."""
        group = find_group_by_key(work.session, row.key)
        if group is not None and group.ended_at is None:
            Groups(work, self._library).bring_posts(group, Place(row.platform, row.tenant or None, row.room))


def find_group_by_key(session: Session, key: str) -> Group | None:
    """Return the group that a message's key names."""
    group_id = message_keys.parse_group(key)
    return session.get(Group, group_id) if group_id is not None else None


def _describe_for_moderators(work: Work, group: Group, row: OutboxRow) -> tuple[str, Reply] | None:
    """Return the cause and the reply for moderators; None if the row is well or its parent failed first."""
    reason = row.error or TOO_LATE
    parked = suspended_channels.find_parked(work, row.place)
    if parked is not None:
        return f"parked:{group.id}:{int(parked.parked_at.timestamp())}", wording.render_trouble(group, parked.reason)
    if row.state == "sent":
        return (row.key, wording.render_threadless(group, reason)) if row.thread_title and not row.sent_thread else None
    parent = outbox.find_row(work.session, row.parent_key) if row.parent_key else None
    if parent is not None and parent.sent_ref is None:
        return None
    return row.key, wording.render_unsent(
        group, Reply.from_json(row.reply), reason, is_unit=row.thread_title is not None
    )


def _report_unreachable(work: Work, row: OutboxRow, account: AccountRow, now: datetime) -> None:
    account.unreachable_at = now
    if row.unless is None:  # no reminder, so what it said is news all the same
        People(work).notify(account.id, row.key, _format_line(Reply.from_json(row.reply), account.zone), now)
    People(work).notify(
        account.id,
        f"closed:{now:%Y-%m-%d}",
        wording.describe_closed_messages(),
        now,
    )
