"""One group at one instant: read once, used by every scheduled post."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from bot.commands.context import Place
from bot.curriculum.track import Track
from bot.delivery.outbox import OutboxRow
from bot.features.buddies.service import UnitPairs, list_pairs
from bot.features.checkins.standings import KEPT
from bot.features.checkins.tables import Away
from bot.features.groups import message_keys as keys
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort, Membership, Occurrence
from bot.features.people.tables import AccountRow
from bot.features.plans.service import list_pledges
from bot.features.plans.tables import Pledge
from bot.features.quiz.reviews import Reviewer, count_due, day, list_reviewers
from bot.features.quiz.warm_up import WarmUp, WarmUps
from bot.features.rules import GOAL_PERCENT
from bot.features.schedule.outage_detection import list_outages
from bot.features.schedule.tables import Mute, Outage, PlatformOutage
from bot.features.standings.group_standings import Roll, Standings

Calendar = tuple[object, ...]
KEYS_AT_ONCE = 1000
"""Keys in one statement: SQLite takes 32,766 values, PostgreSQL 65,535."""


@dataclass(frozen=True)
class Goal:
    """How many units of a part the shown members have completed together, and their goal.

    Args:
        kept: completed units, summed over members.
        of: the goal.
        whole: the sum if every member completed every unit in which they take part.
        units, members: how many units of the part count, and how many members take part today.
    """

    kept: int
    of: int
    whole: int
    units: int
    members: int


class Group:
    """A group's timeline, members and scores at `now`."""

    def __init__(self, cohorts: Cohorts, cohort: Cohort, now: datetime) -> None:
        self.cohorts = cohorts
        self.cohort = cohort
        self.now = now
        self._sent: dict[str, bool] = {}

    @cached_property
    def timeline(self) -> Timeline:
        """The group's timeline."""
        return self.cohorts.timeline(self.cohort)

    @cached_property
    def roll(self) -> Roll:
        """How all members stand."""
        return Roll(self.cohorts, self.timeline, self.now)

    @property
    def public(self) -> Roll:
        """How the members stand whom the channel may read about."""
        return self.roll.public

    @cached_property
    def reminded(self) -> Sequence[AccountRow]:
        """The members who asked for reminders, by name."""
        chosen = (
            select(AccountRow)
            .join(Membership, Membership.account_id == AccountRow.id)
            .where(Membership.cohort_id == self.cohort.id, Membership.left_at.is_(None), Membership.wants_reminders)
        )
        return self.cohorts.session.scalars(chosen.order_by(AccountRow.name, AccountRow.id)).all()

    @cached_property
    def pledges(self) -> Mapping[tuple[str, int], tuple[Pledge, AccountRow]]:
        """The pledges for open units, by unit and account."""
        units = [opened.slot.unit_id for opened in self.timeline.open_units(self.now)]
        pledges = list_pledges(self.cohorts.session, self.cohort.id, units)
        return {(pledge.unit_id, account.id): (pledge, account) for pledge, account in pledges}

    @cached_property
    def standings(self) -> Standings:
        """The standings of members who asked for reminders or pledged something, by account."""
        asked = [account.id for account in self.reminded]
        return self.roll.rows_of({*asked, *(account_id for _, account_id in self.pledges)})

    @cached_property
    def reviewers(self) -> Mapping[int, Reviewer]:
        """The members who want review reminders, by account."""
        return {reviewer.account.id: reviewer for reviewer in list_reviewers(self.cohorts.session, self.cohort.id)}

    def count_due(self, who: Reviewer, zone: ZoneInfo) -> int:
        """Return how many review questions are due for a member on their current local day."""
        return count_due(self.cohorts.session, who, day(self.now, zone))

    @cached_property
    def pairs(self) -> Mapping[str, UnitPairs]:
        """The buddy pairs of each open unit, by the unit's id."""
        units = [opened.slot.unit_id for opened in self.timeline.open_units(self.now)]
        return list_pairs(self.cohorts.session, self.cohort.id, units)

    @cached_property
    def absences(self) -> Sequence[Away]:
        """The absences that are not over in every time zone."""
        over_by = self.now.date() - timedelta(days=1)  # somewhere it is still yesterday
        last_on = func.coalesce(Away.ended_on, Away.until_on)
        chosen = select(Away).where(Away.cohort_id == self.cohort.id, last_on >= over_by)
        return self.cohorts.session.scalars(chosen).all()

    def is_away(self, account_id: int, day: date) -> bool:
        """Whether an account announced an absence on one of its local days, from yesterday on."""
        return any(a.account_id == account_id and a.from_on <= day <= (a.ended_on or a.until_on) for a in self.absences)

    def is_mostly_away(self, opened: Opened, account: AccountRow) -> bool:
        """Whether an account is away for at least half of a unit's days."""
        zone = ZoneInfo(account.zone or self.cohort.zone)
        first, last = (at.astimezone(zone).date() for at in (opened.slot.opens_at, opened.slot.deadline_at))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return 2 * sum(self.is_away(account.id, day) for day in days) >= len(days)

    @cached_property
    def place(self) -> Place:
        """The group's channel."""
        return self.cohorts.place(self.cohort)

    @cached_property
    def mutes(self) -> set[tuple[int, str]]:
        """The (account, unit) pairs without further reminders."""
        chosen = select(Mute).where(Mute.cohort_id == self.cohort.id)
        return {(m.account_id, m.unit_id) for m in self.cohorts.session.scalars(chosen)}

    @cached_property
    def outages(self) -> Sequence[Outage | PlatformOutage]:
        """The bot's outages on this platform, the latest first."""
        return list_outages(self.cohorts.session, self.place.platform)

    @cached_property
    def opening_at(self) -> datetime | None:
        """When the next unit opens; None while none is planned."""
        planned = self.timeline.planned(self.now)
        return planned[0].opens_at if planned else None

    @cached_property
    def track(self) -> Track:
        """The group's course."""
        return self.cohorts.tracks_of(self.cohort)[self.timeline.roadmap.id]

    def before(self, opened: Opened) -> list[Opened]:
        """Return the units that opened before another one, in order."""
        return [other for other in self.timeline.opened if other.slot.opens_at < opened.slot.opens_at]

    def asked(self, opened: Opened) -> WarmUp | None:
        """Return the warm-up that a unit's post asks."""
        return WarmUps(self.cohorts.work).find(self.cohort.id, self.track, opened.slot.unit_id)

    def warm_up(self, opened: Opened) -> WarmUp | None:
        """Return the warm-up that a unit's post asks, or will ask once it is out."""
        if (asked := self.asked(opened)) is not None or self.has_sent(self.key(opened.slot.unit_id, "post")):
            return asked
        if not self.cohort.has_warm_ups:
            return None
        before = [self.timeline.roadmap.heir(earlier.slot.unit_id) for earlier in self.before(opened)]
        return WarmUps(self.cohorts.work).choose(self.cohort.id, self.track, opened.slot.unit_id, before)

    @property
    def calendar(self) -> Calendar:
        """All facts that decide when and where something is posted, for comparison with a later read."""
        c = self.cohort
        settings = (c.room, c.zone, c.rhythm, c.pace, c.has_reminders, c.end_asked_at, c.closed_at, c.ended_at)
        return settings, self.timeline.opened, self.timeline.pauses, tuple(self.timeline.decided.items())

    def has_sent(self, key: str) -> bool:
        """Whether a message of this key was ever queued."""
        return key in self.sent([key])

    def sent(self, keys: Collection[str]) -> set[str]:
        """Return the keys whose message was ever queued."""
        unknown = [key for key in keys if key not in self._sent]
        for start in range(0, len(unknown), KEYS_AT_ONCE):
            asked = unknown[start : start + KEYS_AT_ONCE]
            queued = set(self.cohorts.session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(asked))))
            self._sent |= {key: key in queued for key in asked}
        return {key for key in keys if self._sent[key]}

    def key(self, unit_id: str, kind: str) -> str:
        """Return the message key of something that belongs to a unit; it holds no date and no channel."""
        return keys.make_key(self.cohort.id, unit_id, kind)

    def counted(self, opened: Opened) -> str:
        """Return "23 of 60 checked in, 9 pledged"; hidden members are not counted."""
        n_kept, n_part = self.public.count_kept(opened.slot.unit_id), self.public.count_part(opened.slot.unit_id)
        text = f"{n_kept} of {n_part} checked in" if n_part else ""
        return ", ".join(filter(None, (text, self._pledged(opened))))

    def _pledged(self, opened: Opened) -> str:
        """Return how many pledged the unit; after it has closed, how many of them completed it."""
        if opened.slot.opens_at > self.now:
            return ""
        if self.now >= opened.slot.grace_until:
            n_kept = self.count_kept_pledges(opened)
            return f"{n_kept} of them had pledged it" if n_kept else ""
        n_pledged = len(self.public.rows_of([a for unit_id, a in self.pledges if unit_id == opened.slot.unit_id]))
        return f"{n_pledged} pledged" if n_pledged else ""

    def count_kept_pledges(self, opened: Opened) -> int:
        """Return how many shown members pledged a unit and completed it."""
        unit_id = opened.slot.unit_id
        pledges = list_pledges(self.cohorts.session, self.cohort.id, [unit_id])
        rows = self.public.rows_of([account.id for _, account in pledges]) if pledges else {}
        return sum(self.public.outcome(row, unit_id) in KEPT for row in rows.values())

    def goal(self, opened: Opened) -> Goal | None:
        """Return the group's progress in a unit's part; None if its posts show no goal."""
        if self.cohort.channel_shows != "goal":
            return None
        way = self.timeline.roadmap
        leg, newest = way.leg_of(opened.slot.unit_id), self.timeline.opened[-1:]
        is_current = any(way.leg_of(running.slot.unit_id) is leg for running in newest)
        n_kept, part, units = self.public.count_leg() if is_current else (0, 0, 0)
        ahead = sum(way.leg_of(slot.unit_id) is leg for slot in self.timeline.planned(self.now))
        members = self.public.count_awake()
        whole = part + ahead * members
        goal = -(-whole * GOAL_PERCENT // 100)
        return Goal(n_kept, goal, whole, units + ahead, members) if goal else None

    def was_away(self, at: datetime) -> bool:
        """Whether the bot was down, or disconnected from this platform, at an instant."""
        return any(outage.from_at <= at < outage.until_at for outage in self.outages)

    def refresh(self) -> None:
        """Drop cached reads after a unit has opened."""
        for name in ("timeline", "roll", "pledges", "standings", "opening_at"):
            self.__dict__.pop(name, None)


def select_occurrence(cohort_id: int, unit_id: str) -> Select[Occurrence]:
    """Return the query for an opened unit of a group."""
    return select(Occurrence).where(Occurrence.cohort_id == cohort_id, Occurrence.unit_id == unit_id)
