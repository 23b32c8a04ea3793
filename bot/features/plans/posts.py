"""What posts and reminders tell of pledges: how many pledged a unit, and the reminder at a pledge's own time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.features.checkins.standings import KEPT
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.direct_messages import DueReminder, find_free_at, make_reminder_key
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.people.tables import AccountRow
from bot.features.plans import wording
from bot.features.plans.service import Pledge, find_pledge_time, list_pledges
from bot.features.standings.group_standings import read_public_roll

PLEDGED = "pledge"
"""The one reminder of who has pledged something, at the time that they named."""


@read_once
def read_pledges(snapshot: GroupSnapshot) -> Mapping[tuple[str, int], tuple[Pledge, AccountRow]]:
    """Return the pledges for open units, by unit and account."""
    units = [opened.slot.unit_id for opened in snapshot.timeline.open_units(snapshot.now)]
    pledges = list_pledges(snapshot.groups.session, snapshot.group.id, units)
    return {(pledge.unit_id, account.id): (pledge, account) for pledge, account in pledges}


def find_pledge(snapshot: GroupSnapshot, opened: Opened, account: AccountRow) -> Pledge | None:
    """Return the account's pledge for a unit, or None."""
    entry = read_pledges(snapshot).get((opened.slot.unit_id, account.id))
    return entry[0] if entry is not None else None


def find_pledged_at(snapshot: GroupSnapshot, opened: Opened, account: AccountRow) -> datetime | None:
    """Return when an account is reminded of its pledge; None if the pledge names no time."""
    pledge = find_pledge(snapshot, opened, account)
    return find_pledge_time(pledge, opened, account, snapshot.zone_of(account)) if pledge is not None else None


def find_pledge_reminder(
    snapshot: GroupSnapshot, opened: Opened, account: AccountRow, due_at: datetime
) -> DueReminder | None:
    """Return the reminder of a pledge, once for each time that it names; also on a day with another message."""
    key = make_reminder_key(snapshot, opened, f"{PLEDGED}:{int(due_at.timestamp())}", account)
    if snapshot.has_sent(key):
        return None
    at = find_free_at(snapshot, account, max(due_at, snapshot.now), opened.slot.deadline_at, once_a_day=False)
    return DueReminder(account, key, PLEDGED, due_at, at) if at is not None else None


def format_pledged(snapshot: GroupSnapshot, opened: Opened) -> str:
    """Return how many pledged the unit; after it has closed, how many of them completed it."""
    if opened.slot.opens_at > snapshot.now:
        return ""
    if snapshot.now >= opened.slot.grace_until:
        n_kept = count_kept_pledges(snapshot, opened)
        return wording.format_completed_plans(n_kept)
    accounts = [account_id for unit_id, account_id in read_pledges(snapshot) if unit_id == opened.slot.unit_id]
    n_pledged = len(read_public_roll(snapshot).rows_of(accounts))
    return wording.format_plans(n_pledged)


def count_kept_pledges(snapshot: GroupSnapshot, opened: Opened) -> int:
    """Return how many shown members pledged a unit and completed it."""
    unit_id, public = opened.slot.unit_id, read_public_roll(snapshot)
    pledges = list_pledges(snapshot.groups.session, snapshot.group.id, [unit_id])
    rows = public.rows_of([account.id for _, account in pledges]) if pledges else {}
    return sum(public.outcome(row, unit_id) in KEPT for row in rows.values())
