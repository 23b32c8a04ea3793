"""Delivery problems: messages that did not arrive, why, and how to fix it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.dashboard.page import MODERATORS, DashboardPage, Viewer
from bot.delivery.outbox import OutboxRow
from bot.features.doctor.commands import doctor, is_retry_useful, list_unsent, post_again, retry
from bot.features.groups import message_keys
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.features.schedule.outage_detection import OVERDUE, find_cut_off, find_last_beat
from bot.messages import markup
from bot.messages.reply import Button
from bot.storage.unit_of_work import Work

SHOWN, NAMED = 30, 20
STATES = {"failed": "given up", "expired": "too late"}


@dataclass(frozen=True)
class SuspendedRow:
    """A suspended channel."""

    since: datetime
    why: str


@dataclass(frozen=True)
class Lost:
    """A message that did not arrive."""

    what: str
    due_at: datetime
    state: str
    why: str


def read(viewer: Viewer, *, work: Work, groups: Groups) -> Mapping[str, object]:
    """Return what of a group did not arrive."""
    ctx, group = viewer.ctx, groups.get(viewer.group_id)
    place = groups.place(group)
    failures = list_unsent(work, place.platform, place.tenant, [group], ctx.now)
    beat, astray = find_last_beat(work.session), groups.astray(group)
    closed = _list_unreachable(work, group)
    can = failures.held or any(is_retry_useful(row, group, ctx) for row in failures.rows)
    return {
        "held": [SuspendedRow(channel.parked_at, channel.reason) for channel in failures.held],
        "lost": [_describe_lost(groups, group, row) for row in failures.rows[:SHOWN]],
        "more": max(0, len(failures.rows) - SHOWN),
        "closed": closed[:NAMED],
        "closed_more": max(0, len(closed) - NAMED),
        "cut_off": find_cut_off(work.session, place.platform, ctx.now),
        "platform": place.platform.capitalize(),
        "stands_still": beat if beat is not None and ctx.now - beat > OVERDUE else None,
        "astray": astray.sentence if astray is not None else "",
        "mends": (
            *post_again(groups, group, ctx),
            *([Button("Try again", retry.call(group.id), "primary")] if can else []),
        ),
        "checking": Button("Run all checks", doctor.call(group.id)),
    }


def _describe_lost(groups: Groups, group: Group, row: OutboxRow) -> Lost:
    why = markup.escape(row.error or "It was too late.", 400)
    return Lost(_describe_message(groups, group, row), row.due_at, STATES.get(row.state, row.state), why)


def _describe_message(groups: Groups, group: Group, row: OutboxRow) -> str:
    """Describe a message from its key; a direct message is only called that."""
    if row.place.is_direct:
        return "A direct message"
    if row.action != "post":
        return "A change of an earlier message"
    if row.thread_title is None or groups.astray(group) is not None:
        return "A message for the channel"
    unit_id = next(iter(message_keys.split_key(row.key)), "")
    roadmap = groups.timeline(group).roadmap
    return f"The post of {roadmap.unit(unit_id).label}" if roadmap.knows(unit_id) else "A post with its thread"


def _list_unreachable(work: Work, group: Group) -> list[str]:
    """Return the names of members who accept no direct messages."""
    chosen = (
        select(AccountRow.name)
        .join(Membership, Membership.account_id == AccountRow.id)
        .where(Membership.group_id == group.id, Membership.left_at.is_(None), AccountRow.unreachable_at.is_not(None))
    )
    return list(work.session.scalars(chosen.order_by(AccountRow.name, AccountRow.id).limit(NAMED + 100)))


def count(viewer: Viewer, *, work: Work, groups: Groups) -> int:
    """Return how much did not arrive."""
    group = groups.get(viewer.group_id)
    place = groups.place(group)
    failures = list_unsent(work, place.platform, place.tenant, [group], viewer.ctx.now)
    return len(failures.held) + len(failures.rows)


FAILURES = DashboardPage("failures", "Delivery problems", MODERATORS, "failures.html", read, count=count)
