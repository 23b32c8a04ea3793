"""Collect facts about the last closed unit for moderators; `wording` renders them.

Also: drafts of messages that moderators send to members, and who reads the digest. No list names people who moderate
by a role, so reading the digest proves that they may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, func, literal, select, union_all
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.commands.context import Context
from bot.delivery.outbox import OutboxRow
from bot.features.ask.question_log import Questions, Retention
from bot.features.audit.service import AuditEntry
from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.milestones import is_return
from bot.features.checkins.sharing import find_sharer
from bot.features.checkins.standings import KEPT
from bot.features.checkins.tables import Checkin
from bot.features.gaps.service import Gaps
from bot.features.groups import late_join, message_keys
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.service import Groups, Member
from bot.features.groups.tables import Away, Group, Membership
from bot.features.live_sessions.tables import LiveHour
from bot.features.people.tables import AccountRow, Tenant
from bot.features.quiz.strengths import Missed, list_most_missed
from bot.features.rules import FADING_AFTER
from bot.features.standings.group_standings import Roll
from bot.features.thanks.service import Thanks
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import put
from bot.storage.read_cache import read_cached


class DigestReader(Base):
    """Somebody who moderates without being named, when they last proved it by reading the digest, and what they want.

    `is_told` is whether they hear that there is a new one.
    """

    __tablename__ = "digest_reader"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_told: Mapped[bool] = mapped_column(default=True)


class KindWord(Base):
    """A moderator had the bot write to a member, so that nobody is written to twice a week."""

    __tablename__ = "nudge"
    __table_args__ = (Index("ix_nudge_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


NUDGE_EVERY = timedelta(days=7)
"""Minimum time between two such messages to a member, from any moderator in any group."""


def list_recent_nudges(session: Session, accounts: Collection[int], since: datetime) -> dict[int, datetime]:
    """Return when members were last written to, of those who were since an instant."""
    chosen = (
        select(KindWord.account_id, func.max(KindWord.at))
        .where(KindWord.account_id.in_(accounts), KindWord.at > since)
        .group_by(KindWord.account_id)
    )
    return {account_id: at for account_id, at in session.execute(chosen)}  # noqa: C416


READER_FOR = timedelta(days=30)
"""How long after their last reading they get notices."""


def note_reader(ctx: Context, groups: Groups, group: Group) -> DigestReader | None:
    """Record that the caller may read the digest; return None for named moderators, who get it anyway."""
    if any(moderator.id == ctx.actor.account_id for moderator in groups.moderators(group)):
        return None
    row = {"group_id": group.id, "account_id": ctx.actor.account_id, "proved_at": ctx.now, "is_told": True}
    put(groups.session, DigestReader, [row], left_alone=("is_told",))
    return groups.session.get_one(DigestReader, (group.id, ctx.actor.account_id), populate_existing=True)


def list_readers(groups: Groups, group: Group, closed_at: datetime, now: datetime) -> Sequence[AccountRow]:
    """Return the unnamed moderators to notify: those who read a digest within the month."""
    named = tuple(moderator.id for moderator in groups.moderators(group))
    chosen = (
        select(AccountRow)
        .join(DigestReader, DigestReader.account_id == AccountRow.id)
        .where(DigestReader.group_id == group.id, DigestReader.is_told, DigestReader.proved_at > now - READER_FOR)
        .where(DigestReader.proved_at < closed_at, AccountRow.id.not_in(named))
    )

    def read() -> Sequence[AccountRow]:
        return groups.session.scalars(chosen.order_by(AccountRow.id)).all()

    asked = ("told of digests", group.id, closed_at, now, named)
    return read_cached(groups.session, asked, (DigestReader, AccountRow), read)


def find_last_sign(groups: Groups, group: Group) -> datetime:
    """Return when a moderator last changed something, checked in, or proved their role by reading a digest.

    Without any such sign it is when the group was confirmed.
    """
    named = [moderator.id for moderator in groups.moderators(group)]
    signs = union_all(
        select(func.max(AuditEntry.at)).where(AuditEntry.group_id == group.id, AuditEntry.account_id.is_not(None)),
        select(func.max(Checkin.at)).where(Checkin.group_id == group.id, Checkin.account_id.in_(named)),
        select(func.max(DigestReader.proved_at)).where(DigestReader.group_id == group.id),
    )
    return max([group.confirmed_at, *(at for at in groups.session.scalars(signs) if at is not None)])


REGULARS = 3
"""Most members who are asked to help to lead."""


def list_regulars(groups: Groups, timeline: Timeline, now: datetime) -> list[AccountRow]:
    """Return the members with the longest streaks who don't moderate the group by name and get messages."""
    streaks = {account_id: row["streak"] for account_id, row in Roll(groups, timeline, now).rows.items()}
    moderators = {moderator.id for moderator in groups.moderators(timeline.group)}
    members = [account for _, account in groups.list_members(timeline.group.id) if account.unreachable_at is None]
    regulars = [account for account in members if account.id not in moderators and streaks.get(account.id)]
    return sorted(regulars, key=lambda account: -streaks[account.id])[:REGULARS]


TO_BEGIN = timedelta(days=3)
"""Share of a unit's time that a new member must have had to count as able to start with it."""
MILESTONE = 4
"""Every multiple of this streak earns a thank you."""
Kind = Literal["never", "fading"]
Deed = Literal["hosted", "shared", "thanked", "streak", "returned"]


@dataclass(frozen=True)
class Quiet:
    """A member who may need a word.

    Args:
        why: the rule by which they check in less.
        missed: the units that a member missed who never started and was then excused.
        wrote_at: when a moderator last wrote to them through the bot, if that was within the week.
        is_reached: whether they accept direct messages.
    """

    account: AccountRow
    kind: Kind
    wrote_at: datetime | None
    is_reached: bool
    why: str = ""
    missed: int = 0

    @property
    def may_be_written_to(self) -> bool:
        """Whether the bot may write to them now."""
        return self.wrote_at is None and self.is_reached


@dataclass(frozen=True)
class Thanked:
    """A member to thank, and for what.

    Args:
        count: of sessions that they hosted, 0 if it was the only one; of units in a row.
    """

    account: AccountRow
    deed: Deed
    count: int = 0


@dataclass(frozen=True)
class Digest:
    """A group after the unit that closed last.

    Args:
        questions: questions since the unit opened that the notes do not answer, newest first.
        missed: questions of quizzes that were missed most since that unit opened, without names.
        is_break: a free week passes between two legs.
    """

    unit: Opened
    kept: int
    quiet: tuple[Quiet, ...]
    thanks: tuple[Thanked, ...]
    questions: tuple[str, ...]
    missed: tuple[Missed, ...]
    is_break: bool

    def read_by(self, account_id: int) -> Digest:
        """Return the digest without the entries about its reader."""
        quiet = tuple(member for member in self.quiet if member.account.id != account_id)
        return replace(
            self, quiet=quiet, thanks=tuple(thank for thank in self.thanks if thank.account.id != account_id)
        )


def last_closed(timeline: Timeline, now: datetime) -> Opened | None:
    """Return the unit whose late period ended last; None before the first."""
    closed = [opened for opened in timeline.opened if opened.slot.grace_until <= now]
    return max(closed, key=lambda opened: opened.slot.grace_until, default=None)


class DigestBuilder:
    """Reads the digest of a group at an instant."""

    def __init__(self, groups: Groups, timeline: Timeline, now: datetime) -> None:
        self._groups, self._timeline, self._now = groups, timeline, now
        self._session, self._group = groups.session, timeline.group
        self._roll = Roll(groups, timeline, now)

    def read(self, unit: Opened) -> Digest:
        """Return the digest of a closed unit."""
        members = self._groups.list_members(self._group.id)
        track = self._groups.tracks_of(self._group).get(self._timeline.roadmap.id)
        since = unit.slot.opens_at
        missed = list_most_missed(self._session, self._group.id, track, since=since) if track is not None else []
        return Digest(
            unit,
            self._roll.count_kept(unit.slot.unit_id),
            tuple(self.quiet(unit, members)),
            tuple(self._list_thanks(unit, members)),
            tuple(self._list_questions(unit)),
            tuple(missed),
            self._timeline.break_at(self._now) is not None,
        )

    def quiet(self, unit: Opened, members: Sequence[Member]) -> Iterator[Quiet]:
        """Yield members who never started, then those who check in less; skip away, resting and excused members.

        An excused member who never started and missed earlier units is included, because no other list has them.
        """
        started = set(self._session.scalars(select(Checkin.account_id).where(Checkin.group_id == self._group.id)))
        away, recent = (
            self._list_away(),
            list_recent_nudges(self._session, [a.id for _, a in members], self._now - NUDGE_EVERY),
        )
        quiet = []
        for membership, account in members:
            row = self._roll.rows[account.id]
            if row["is_resting"] or self._is_away(away, account):
                continue
            reach = (recent.get(account.id), account.unreachable_at is None)
            is_excused = self._is_excused(row, unit)
            if account.id not in started and self._could_begin(membership.joined_at, unit):
                if not is_excused:
                    quiet.append(Quiet(account, "never", *reach))
                elif missed := self._count_missed(membership, account):
                    quiet.append(Quiet(account, "never", *reach, missed=missed))
            elif row["fading"] and not is_excused:
                quiet.append(Quiet(account, "fading", *reach, why=row["fading"]))
        return iter(sorted(quiet, key=lambda member: member.kind == "fading"))

    def _could_begin(self, joined_at: datetime, unit: Opened) -> bool:
        """Whether a new member had enough time to start with a unit."""
        is_spared = unit.slot.unit_id in late_join.list_spared(self._timeline, joined_at)
        return not is_spared and joined_at <= unit.slot.deadline_at - TO_BEGIN

    def _is_excused(self, row: Mapping[str, Any], unit: Opened) -> bool:
        return bool({row["outcome"], self._roll.outcome(row, unit.slot.unit_id)} & {"excused", "away"})

    def _count_missed(self, membership: Membership, account: AccountRow) -> int:
        """Return how many units a member missed before the newest."""
        scored = Scores(self._session, self._timeline, [(membership, account)], self._now).by_account[account.id]
        return sum(state.outcome == "missed" for state in scored.states)

    def _list_away(self) -> Sequence[Away]:
        last_on = func.coalesce(Away.ended_on, Away.until_on)
        return self._session.scalars(
            select(Away).where(Away.group_id == self._group.id, last_on >= self._now.date() - timedelta(days=1))
        ).all()

    def _is_away(self, away: Sequence[Away], account: AccountRow) -> bool:
        today = self._now.astimezone(ZoneInfo(account.zone or self._group.zone)).date()
        return any(a.account_id == account.id and a.from_on <= today <= (a.ended_on or a.until_on) for a in away)

    def _list_thanks(self, unit: Opened, members: Sequence[Member]) -> Iterator[Thanked]:
        accounts = {account.id: account for _, account in members}
        hosted = select(LiveHour).where(
            LiveHour.group_id == self._group.id,
            LiveHour.cancelled_at.is_(None),
            LiveHour.starts_at >= unit.slot.opens_at,
            LiveHour.starts_at < self._now,
        )
        hours = self._session.scalars(hosted.order_by(LiveHour.starts_at)).all()
        hosts = [hour.host_id for hour in hours if hour.ends_at <= self._now]
        for host_id, count in Counter(host for host in hosts if host is not None and host in accounts).items():
            yield Thanked(accounts[host_id], "hosted", 0 if len(hosts) == 1 else count)
        for account in self._list_sharers(unit):
            if account.id in accounts:
                yield Thanked(account, "shared")
        visible = {account.id for membership, account in members if membership.is_shown}
        for account_id in Thanks(self._groups).receivers(self._group, unit.slot.opens_at, self._now):
            if account_id in visible:
                yield Thanked(accounts[account_id], "thanked")
        yield from self._list_keepers(unit, members)

    def _list_sharers(self, unit: Opened) -> list[AccountRow]:
        begun = aliased(OutboxRow)  # the unit's post: the group may have moved since
        there = select(begun.room).where(begun.key == message_keys.make_post_key(self._group.id, unit.slot.unit_id))
        rooms = select(literal(self._group.room)).union(there)
        tenant = self._session.get_one(Tenant, self._group.tenant_id)
        shared = select(OutboxRow.key).where(
            OutboxRow.platform == tenant.platform,
            OutboxRow.tenant == tenant.external_id,
            OutboxRow.room.in_(rooms),
            OutboxRow.key.startswith(message_keys.make_key(self._group.id, "share", ""), autoescape=True),
            OutboxRow.action == "post",
            OutboxRow.due_at >= unit.slot.opens_at,
        )
        sharers = (find_sharer(self._session, key) for key in self._session.scalars(shared.order_by(OutboxRow.id)))
        return list(dict.fromkeys(account for account in sharers if account is not None))

    def _list_keepers(self, unit: Opened, members: Sequence[Member]) -> Iterator[Thanked]:
        """Yield members with long streaks, then members who came back."""
        first: list[Member] = []
        for membership, account in members:
            streak = self._count_streak(self._roll.rows[account.id], unit)
            if streak and streak % MILESTONE == 0:
                yield Thanked(account, "streak", streak)
            elif streak == 1 and unit.slot.number > self._timeline.opened[0].slot.number + FADING_AFTER:
                first.append((membership, account))
        scores = Scores(self._session, self._timeline, first, self._now).by_account if first else {}
        for _, account in first:
            if is_return(scores[account.id], unit.slot.unit_id):
                yield Thanked(account, "returned")

    def _count_streak(self, row: Mapping[str, Any], unit: Opened) -> int:
        """Return a member's streak at the end of a unit; 0 if they did not complete it."""
        if self._roll.outcome(row, unit.slot.unit_id) not in KEPT:
            return 0
        is_running = self._roll.basis.unit != unit.slot.unit_id
        return int(row["streak"]) - (1 if is_running and row["outcome"] in KEPT else 0)

    def _list_questions(self, unit: Opened) -> Iterator[str]:
        retention = Retention()  # what is older than the setting says is swept; a week is asked for here
        gaps = Gaps(self._groups.work, Questions(self._groups.work, retention), retention)
        for question in gaps.list_asked(self._group.id, self._now):
            if not question.is_dismissed and question.at >= unit.slot.opens_at:
                yield question.asked


def find_quiet(groups: Groups, timeline: Timeline, account_id: int, now: datetime) -> Quiet | None:
    """Return a member who may need a message now; None if not."""
    unit = last_closed(timeline, now)
    if unit is None:
        return None
    quiet = DigestBuilder(groups, timeline, now).quiet(unit, groups.list_members(timeline.group.id))
    return next((member for member in quiet if member.account.id == account_id), None)


def of(groups: Groups, timeline: Timeline, now: datetime) -> Digest | None:
    """Return the digest of a group; None before a unit has closed."""
    unit = last_closed(timeline, now)
    return DigestBuilder(groups, timeline, now).read(unit) if unit is not None else None
