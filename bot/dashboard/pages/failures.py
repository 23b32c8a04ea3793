"""Failures: messages that did not arrive, why, and how to fix it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.dashboard.page import MODERATORS, DashboardPage, Viewer
from bot.delivery.outbox import OutboxRow
from bot.features.doctor.commands import doctor, is_retry_useful, list_unsent, post_again, retry
from bot.features.groups import message_keys
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort, Membership
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


def read(viewer: Viewer, *, work: Work, cohorts: Cohorts) -> Mapping[str, object]:
    """Return what of a group did not arrive."""
    ctx, cohort = viewer.ctx, cohorts.get(viewer.cohort_id)
    place = cohorts.place(cohort)
    failures = list_unsent(work, place.platform, place.tenant, [cohort], ctx.now)
    beat, astray = find_last_beat(work.session), cohorts.astray(cohort)
    closed = _list_unreachable(work, cohort)
    can = failures.held or any(is_retry_useful(row, cohort, ctx) for row in failures.rows)
    return {
        "held": [SuspendedRow(channel.parked_at, channel.reason) for channel in failures.held],
        "lost": [_describe_lost(cohorts, cohort, row) for row in failures.rows[:SHOWN]],
        "more": max(0, len(failures.rows) - SHOWN),
        "closed": closed[:NAMED],
        "closed_more": max(0, len(closed) - NAMED),
        "cut_off": find_cut_off(work.session, place.platform, ctx.now),
        "platform": place.platform.capitalize(),
        "stands_still": beat if beat is not None and ctx.now - beat > OVERDUE else None,
        "astray": astray.sentence if astray is not None else "",
        "mends": (
            *post_again(cohorts, cohort, ctx),
            *([Button("Try again now", retry.call(cohort.id), "primary")] if can else []),
        ),
        "checking": Button("Check permissions and all else now", doctor.call(cohort.id)),
    }


def _describe_lost(cohorts: Cohorts, cohort: Cohort, row: OutboxRow) -> Lost:
    why = markup.escape(row.error or "It came too late to be of use.", 400)
    return Lost(_describe_message(cohorts, cohort, row), row.due_at, STATES.get(row.state, row.state), why)


def _describe_message(cohorts: Cohorts, cohort: Cohort, row: OutboxRow) -> str:
    """Describe a message from its key; a direct message is only called that."""
    if row.place.is_direct:
        return "A direct message"
    if row.action != "post":
        return "A change of an earlier message"
    if row.thread_title is None or cohorts.astray(cohort) is not None:
        return "A message for the channel"
    unit_id = next(iter(message_keys.split_key(row.key)), "")
    roadmap = cohorts.timeline(cohort).roadmap
    return f"The post of {roadmap.unit(unit_id).label}" if roadmap.knows(unit_id) else "A post with its thread"


def _list_unreachable(work: Work, cohort: Cohort) -> list[str]:
    """Return the names of members who accept no direct messages."""
    chosen = (
        select(AccountRow.name)
        .join(Membership, Membership.account_id == AccountRow.id)
        .where(Membership.cohort_id == cohort.id, Membership.left_at.is_(None), AccountRow.unreachable_at.is_not(None))
    )
    return list(work.session.scalars(chosen.order_by(AccountRow.name, AccountRow.id).limit(NAMED + 100)))


def count(viewer: Viewer, *, work: Work, cohorts: Cohorts) -> int:
    """Return how much did not arrive."""
    cohort = cohorts.get(viewer.cohort_id)
    place = cohorts.place(cohort)
    failures = list_unsent(work, place.platform, place.tenant, [cohort], viewer.ctx.now)
    return len(failures.held) + len(failures.rows)


FAILURES = DashboardPage("failures", "Failures", MODERATORS, "failures.html", read, count=count)
