"""Live sessions: plan, answer, host in turn, move and cancel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from bot.features.groups.service import Groups, lock_group
from bot.features.groups.tables import Away, Group, Membership
from bot.features.live_sessions.tables import HourAnswer, HourHost, LiveHour, Says
from bot.features.live_sessions.time_finder import AHEAD
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.errors import BadInput, NotFound, TryLater
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work

MOST = 5
"""Most planned live sessions of a group."""
FARTHEST = 6 * AHEAD
"""How far ahead one is planned."""
NO_TURN = "no turn to host"


class Hours:
    """The live sessions of groups, in one unit of work."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self.session, self._groups = work.session, groups

    def list_coming(self, group_id: int, now: datetime) -> list[LiveHour]:
        """Return the live sessions that are not over, the next first."""
        chosen = select(LiveHour).where(LiveHour.group_id == group_id, LiveHour.cancelled_at.is_(None))
        rows = self.session.scalars(chosen.order_by(LiveHour.starts_at, LiveHour.id))
        return [row for row in rows if row.ends_at > now]

    def coming(self, group_id: int, now: datetime, hour_id: int | None = None, *, plans: bool = False) -> LiveHour:
        """Return a coming live session, the next if none is named; NotFound if there is none.

        It locks the group; `plans` says that the reader can plan one.
        """
        lock_group(self.session, group_id)
        hours = self.list_coming(group_id, now)
        if hour_id is not None:
            hours = [row for row in hours if row.id == hour_id]
        if not hours:
            that = "That live session is over or cancelled" if hour_id is not None else "No live sessions are planned"
            who = "Plan" if plans else "A moderator can plan"
            raise NotFound(f"{that}. {who} one with {markup.typed('manage session plan')}.")
        return hours[0]

    def check(self, group: Group, at: datetime, minutes: int, now: datetime, but: LiveHour | None = None) -> None:
        """Refuse a time that isn't possible; `but` is the session that moves. It locks the group."""
        lock_group(self.session, group.id)
        others = [row for row in self.list_coming(group.id, now) if row is not but]
        if group.closed_at is not None:
            raise BadInput("The season is over, so there are no more live sessions.", field="at")
        if not now < at <= now + FARTHEST:
            when = "has already passed" if at <= now else "is more than twelve weeks ahead"
            is_near = abs(at - now) < 5 * FARTHEST  # no platform shows the ends of the calendar
            instant = markup.moment(at, group.zone) if is_near else "that"
            raise BadInput(f"**Day and time**: {instant} {when}.", field="at")
        if any(row.starts_at < at + timedelta(minutes=minutes) and at < row.ends_at for row in others):
            raise BadInput("**Day and time**: there's already a live session at that time.", field="at")
        if but is None and len(others) >= MOST:
            raise BadInput(f"{MOST} live sessions are already planned. Cancel one first.", field="at")

    def beside(self, group: Group, at: datetime, now: datetime, but: LiveHour | None = None) -> list[LiveHour]:
        """Return the live sessions on the same local day, without the one that moves."""
        day = _get_day(at, group.zone)
        coming = self.list_coming(group.id, now)
        return [row for row in coming if row is not but and _get_day(row.starts_at, group.zone) == day]

    def plan(self, row: LiveHour, host_id: int | None) -> LiveHour:
        """Store a live session with its host."""
        self.session.add(row)
        self._seat(row, host_id)
        return row

    # ------------------------------------------------------------ who comes

    def answer(self, hour: LiveHour, account_id: int, says: Says, now: datetime) -> None:
        """Store whether a member comes."""
        insert_once(self.session, HourAnswer, hour_id=hour.id, account_id=account_id, says=says, at=now)
        row = self.session.scalars(
            select(HourAnswer).where(HourAnswer.hour_id == hour.id, HourAnswer.account_id == account_id)
        ).one()
        row.says, row.at = says, now
        self.session.flush()

    def tally(self, hour: LiveHour) -> Counter[str]:
        """Return the count of each answer; the host counts as coming, even without an answer."""
        host = self.host(hour)
        chosen = (
            select(HourAnswer.says, func.count())
            .join(Membership, Membership.account_id == HourAnswer.account_id)
            .where(HourAnswer.hour_id == hour.id, Membership.group_id == hour.group_id, Membership.left_at.is_(None))
            .group_by(HourAnswer.says)
        )
        if host is not None:
            chosen = chosen.where(HourAnswer.account_id != host.id)
        counts = Counter[str]({} if host is None else {"coming": 1})
        for says, members in self.session.execute(chosen):
            counts[says] += members
        return counts

    def said_by(self, account_id: int, hours: Collection[LiveHour]) -> Mapping[int, Says]:
        """Return a member's answers, by session."""
        ids = [hour.id for hour in hours]
        chosen = select(HourAnswer).where(HourAnswer.account_id == account_id, HourAnswer.hour_id.in_(ids))
        return {row.hour_id: row.says for row in self.session.scalars(chosen)}

    def list_who(self, hour: LiveHour, *says: Says) -> list[AccountRow]:
        """Return the members who gave one of these answers."""
        chosen = (
            select(AccountRow)
            .join(HourAnswer, HourAnswer.account_id == AccountRow.id)
            .join(Membership, Membership.account_id == AccountRow.id)
            .where(
                HourAnswer.hour_id == hour.id,
                HourAnswer.says.in_(says),
                Membership.group_id == hour.group_id,
                Membership.left_at.is_(None),
            )
        )
        return list(self.session.scalars(chosen.order_by(AccountRow.id)))

    def list_concerned(self, hour: LiveHour, but: int | None) -> list[AccountRow]:
        """Return the members to tell of a change: those who come, may come or host, without the one who makes it."""
        accounts = {account.id: account for account in self.list_who(hour, "coming", "perhaps")}
        if (host := self.host(hour)) is not None:
            accounts[host.id] = host
        return [account for account in accounts.values() if account.id != but]

    def zones(self, group: Group) -> Counter[str]:
        """Return how many members live in each zone; unknown zones count as the group's."""
        return Counter(account.zone or group.zone for _, account in self._groups.list_members(group.id))

    # ------------------------------------------------------------ who hosts

    def agree(self, group_id: int, account_id: int, now: datetime) -> list[LiveHour]:
        """Add a member to the hosts in turn; return the coming sessions without a host."""
        lock_group(self.session, group_id)
        insert_once(self.session, HourHost, group_id=group_id, account_id=account_id, agreed_at=now)
        return [row for row in self.list_coming(group_id, now) if row.starts_at > now and self.host(row) is None]

    def step_back(self, group_id: int, account_id: int, now: datetime) -> list[LiveHour]:
        """Remove a member from the hosts, and hand over their sessions; return these."""
        lock_group(self.session, group_id)
        agreement = (HourHost.group_id == group_id, HourHost.account_id == account_id)
        self.session.execute(delete(HourHost).where(*agreement))
        coming = self.list_coming(group_id, now)
        changed = [row for row in coming if row.starts_at > now and row.host_id == account_id]
        for row in changed:
            self.pass_on(row)
        return changed

    def take(self, hour: LiveHour, account: AccountRow, now: datetime) -> None:
        """Make a member host a session without a host; TryLater if they are away that day."""
        zone = account.zone or self.session.get_one(Group, hour.group_id).zone
        if self._is_away(hour.group_id, account.id, _get_day(hour.starts_at, zone)):
            back = markup.typed("away off")
            raise TryLater(f"You're away on that day. If you can come after all, type {back} first.")
        self._seat(hour, account.id)
        self.answer(hour, account.id, "coming", now)

    def host(self, hour: LiveHour) -> AccountRow | None:
        """Return a session's host; None without one, or if they have left."""
        if hour.host_id is None:
            return None
        membership = self._groups.find_membership(hour.group_id, hour.host_id)
        is_in = membership is not None and membership.left_at is None
        return self.session.get(AccountRow, hour.host_id) if is_in else None

    def has_lost_host(self, hour: LiveHour) -> bool:
        """Whether a session's host has left, was forgotten, or is away that day."""
        if hour.host_id is None or (host := self.host(hour)) is None:
            return hour.has_host
        zone = host.zone or self.session.get_one(Group, hour.group_id).zone
        return self._is_away(hour.group_id, host.id, _get_day(hour.starts_at, zone))

    def pass_on(self, hour: LiveHour) -> None:
        """Give the session to the next host in turn who hasn't declined it."""
        self._seat(hour, self.next_host(hour.group_id, hour.starts_at, hour.id))

    def _seat(self, hour: LiveHour, host_id: int | None) -> None:
        hour.host_id, hour.has_host = host_id, host_id is not None
        self.session.flush()

    def next_host(self, group_id: int, at: datetime, hour_id: int | None = None) -> int | None:
        """Return the next host: who hosted least, then longest ago, then agreed first.

        Args:
            hour_id: of a session; members who declined it are skipped.
        """
        absent = select(HourAnswer.account_id).where(HourAnswer.hour_id == hour_id, HourAnswer.says == "not")
        chosen = (
            select(HourHost, AccountRow.zone, Group.zone)
            .join(AccountRow, AccountRow.id == HourHost.account_id)
            .join(Group, Group.id == HourHost.group_id)
            .join(Membership, (Membership.account_id == HourHost.account_id) & (Membership.group_id == group_id))
            .where(HourHost.group_id == group_id, Membership.left_at.is_(None), HourHost.account_id.not_in(absent))
            .order_by(HourHost.id)
        )
        free = [
            row.account_id
            for row, own, homes in self.session.execute(chosen)
            if not self._is_away(group_id, row.account_id, _get_day(at, own or homes))
        ]
        held = self.hosted(group_id)
        return min(free, key=lambda account_id: held.get(account_id, (0, "")), default=None)

    def hosted(self, group_id: int) -> dict[int, tuple[int, str]]:
        """Return how often members host or hosted, and when last, by account."""
        chosen = (
            select(LiveHour.host_id, func.count(), func.max(LiveHour.starts_at))
            .where(LiveHour.group_id == group_id, LiveHour.cancelled_at.is_(None), LiveHour.host_id.is_not(None))
            .group_by(LiveHour.host_id)
        )
        return {account: (n, str(last)) for account, n, last in self.session.execute(chosen) if account is not None}

    def _is_away(self, group_id: int, account_id: int, on: date) -> bool:
        covers = (Away.from_on <= on, func.coalesce(Away.ended_on, Away.until_on) >= on)
        chosen = select(Away.id).where(Away.group_id == group_id, Away.account_id == account_id, *covers)
        return self.session.scalar(chosen.limit(1)) is not None


def unseat(work: Work, account_id: int) -> None:
    """Wake the schedule for groups whose live sessions a forgotten person hosts."""
    hosted = select(LiveHour.group_id).where(LiveHour.host_id == account_id, LiveHour.cancelled_at.is_(None))
    for group in work.session.scalars(select(Group).where(Group.id.in_(hosted), Group.ended_at.is_(None))).all():
        group.wake_at = group.confirmed_at  # past by whatever clock


def _get_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def is_off(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a session was cancelled or moved since a message was queued, or its season is over."""
    hour = work.session.get(LiveHour, args["hour"])
    if hour is None or hour.cancelled_at is not None or int(hour.starts_at.timestamp()) != args["starts"]:
        return True
    closed_at = work.session.get_one(Group, hour.group_id).closed_at
    return closed_at is not None and closed_at < hour.starts_at


def is_no_turn(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a session is off, or its host changed since a message to them was queued."""
    return is_off(work, args) or work.session.get_one(LiveHour, args["hour"]).host_id != args["account"]


def is_needless(work: Work, args: Mapping[str, Any]) -> bool:
    """Whether a reminder is needless: its reader doesn't come, or hosts the session now."""
    if is_off(work, args) or not is_no_turn(work, args):
        return True
    chosen = (
        select(HourAnswer.id)
        .join(LiveHour, LiveHour.id == HourAnswer.hour_id)
        .join(
            Membership,
            (Membership.account_id == HourAnswer.account_id) & (Membership.group_id == LiveHour.group_id),
        )
        .where(
            HourAnswer.hour_id == args["hour"],
            HourAnswer.account_id == args["account"],
            HourAnswer.says == "coming",
            Membership.left_at.is_(None),
        )
    )
    return work.session.scalar(chosen) is None


CHECKS = {"live hour is off": is_off, "no reminder of a live hour": is_needless, NO_TURN: is_no_turn}
"""The checks that a queued message may name in `unless`."""
