"""The rules of pledges: their unit, their reminder's time, and sharing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.commands.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Within
from bot.features import command_links
from bot.features.checkins.service import Progress
from bot.features.checkins.sharing import LASTS
from bot.features.groups import message_keys
from bot.features.groups.calendar.rhythm import move_to_waking
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.plans.date_phrases import find_moment, find_next
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, NotFound, TryLater
from bot.messages.reply import Button, Reply
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import put

PLEDGE_MAX = 200


class Pledge(Base):
    """What a member means to do for a unit, in a sentence of their own.

    `remind_at` is when they mean to begin, None if they said no time; `is_silent` that no reminder is to come.
    """

    __tablename__ = "pledge"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    unit_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    text: Mapped[str] = mapped_column(String(PLEDGE_MAX))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_silent: Mapped[bool] = mapped_column(default=False)


LATER = timedelta(hours=3)
"""How much later "later today" is."""


@dataclass(frozen=True)
class MemberPlan:
    """A member's own pledge for a unit, if there is one."""

    timeline: Timeline
    opened: Opened
    account: AccountRow
    membership: Membership
    pledge: Pledge | None

    @property
    def zone(self) -> ZoneInfo:
        """The member's zone, or the group's until it is known."""
        return ZoneInfo(self.account.zone or self.timeline.group.zone)


def is_hushed(pledge: Pledge, membership: Membership) -> bool:
    """Whether a member turned off the pledge's reminder, or later all reminders."""
    return pledge.is_silent or (membership.stopped_at is not None and membership.stopped_at >= pledge.said_at)


def find_pledge_time(pledge: Pledge, opened: Opened, account: AccountRow, zone: ZoneInfo) -> datetime | None:
    """Return when the reminder at the pledge's own time comes, outside quiet hours; None without such a time."""
    if pledge.is_silent or pledge.remind_at is None:
        return None
    at = move_to_waking(pledge.remind_at, pledge.said_at, account.quiet_from, account.quiet_until, zone)
    return at if max(at, pledge.remind_at) < opened.slot.deadline_at else None


class Pledges:
    """Keeps pledges of members."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.groups = progress.groups
        self._session = progress.session

    def mine(self, ctx: Context, unit: str | None) -> MemberPlan:
        """Return the caller's pledge for a unit: the one named, else the oldest open one that they have not kept.

        Raises:
            TryLater: no unit is open for a pledge.
        """
        timeline = self.groups.here(ctx)
        account = self._session.get_one(AccountRow, ctx.actor.account_id)
        membership = self.groups.find_membership(timeline.group.id, account.id)
        assert membership is not None
        opened = (
            Progress.named(ctx, timeline, unit, "You can make a plan then.") if unit else self._running(ctx, timeline)
        )
        key = (timeline.group.id, account.id, opened.slot.unit_id)
        return MemberPlan(timeline, opened, account, membership, self._session.get(Pledge, key))

    def _running(self, ctx: Context, timeline: Timeline) -> Opened:
        ahead = [o for o in timeline.opened if o.slot.opens_at <= ctx.now < o.slot.deadline_at]
        unkept = [o for o in ahead if not self._progress.has_kept(ctx, timeline, o)]
        if chosen := unkept[:1] or ahead[-1:]:
            return chosen[0]
        planned = timeline.planned(ctx.now)
        opens = f"The next one opens {markup.moment(planned[0].opens_at, timeline.group.zone)}." if planned else ""
        raise TryLater(f"You can make a plan when a unit is open. {opens}".strip())

    def find_last(self, plan: MemberPlan) -> Pledge | None:
        """Return the newest pledge that the member made for another unit of the group."""
        chosen = select(Pledge).where(
            Pledge.group_id == plan.timeline.group.id,
            Pledge.account_id == plan.account.id,
            Pledge.unit_id != plan.opened.slot.unit_id,
        )
        return self._session.scalars(chosen.order_by(Pledge.said_at.desc()).limit(1)).first()

    def make(self, ctx: Context, plan: MemberPlan, text: str) -> MemberPlan:
        """Store a member's pledge; it replaces an earlier one for the unit."""
        slot = plan.opened.slot
        self.require_ahead(ctx, plan)
        sentence = " ".join(markup.clean(text).split())
        row = {
            "group_id": plan.timeline.group.id,
            "account_id": plan.account.id,
            "unit_id": slot.unit_id,
            "text": sentence,
            "said_at": ctx.now,
            "remind_at": find_moment(sentence, ctx.now, ZoneInfo(ctx.actor.zone)),
            "is_silent": False,
        }
        put(self._session, Pledge, [row], left_alone=() if plan.pledge is None else ("is_silent",))
        if plan.pledge is not None:
            self._session.refresh(plan.pledge)
        return self._changed(ctx, plan)

    def require_ahead(self, ctx: Context, plan: MemberPlan) -> None:
        """Raise NotAllowed if the unit is over or completed."""
        number, group = plan.opened.slot.number, markup.escape(ctx.actor.group)
        unit = f"unit {number} in {group}" if group else f"unit {number}"
        if ctx.now >= plan.opened.slot.deadline_at:
            raise NotAllowed(f"The deadline of {unit} has passed. {describe_next_plan(ctx, plan)}".rstrip())
        if self._progress.has_kept(ctx, plan.timeline, plan.opened):
            raise NotAllowed(f"You've already checked in for {unit}. {describe_next_plan(ctx, plan)}".rstrip())

    def set_time(self, ctx: Context, plan: MemberPlan, day: str | None, at: time | None) -> MemberPlan:
        """Set the reminder's time to the next such day and hour, or turn the reminder off for "never"."""
        pledge = get_own(plan)
        if day == "never":
            pledge.is_silent = True
            return self._changed(ctx, plan)
        remind_at = find_next(day or "", at, ctx.now, ZoneInfo(ctx.actor.zone))
        if remind_at is None:
            raise BadInput("Choose a day or a time, for example Wed and 19:00.", field="day")
        deadline_at = plan.opened.slot.deadline_at
        if remind_at >= deadline_at:
            due = markup.moment(deadline_at, plan.timeline.group.zone)
            raise BadInput(f"**Day**: the unit is due {due}. Choose a time before that.", field="day")
        pledge.remind_at, pledge.is_silent, pledge.said_at = remind_at, False, ctx.now
        return self._changed(ctx, plan)

    def postpone(self, ctx: Context, plan: MemberPlan) -> MemberPlan:
        """Move the reminder some hours ahead, out of quiet hours."""
        pledge, deadline_at = get_own(plan), plan.opened.slot.deadline_at
        hours = (plan.account.quiet_from, plan.account.quiet_until, plan.zone)
        at = move_to_waking(ctx.now + LATER, ctx.now, *hours)
        if at - ctx.now < LATER / 4:  # the quiet hours are about to begin
            at = move_to_waking(ctx.now + LATER, ctx.now + LATER, *hours)
        if at >= deadline_at:
            due = markup.moment(deadline_at, plan.timeline.group.zone)
            check_in = command_links.CHECKIN.ask(plan.timeline.group.id, unit=plan.opened.slot.unit_id)
            raise NotAllowed(
                f"The unit is due before that, {due}. Half an hour counts too.", buttons=(Button("Check in", check_in),)
            )
        pledge.remind_at, pledge.is_silent, pledge.said_at = at, False, ctx.now
        return self._changed(ctx, plan)

    def silence(self, group_id: int, account_id: int, unit_id: str) -> None:
        """Turn a pledge's reminder off, if there is a pledge."""
        pledge = self._session.get(Pledge, (group_id, account_id, unit_id))
        if pledge is not None:
            pledge.is_silent = True

    def drop(self, ctx: Context, plan: MemberPlan) -> None:
        """Delete a pledge, also from the thread."""
        self._session.delete(get_own(plan))
        self._session.flush()
        outbox.withdraw(self.groups.work, self._shared_as(plan))
        self.groups.wake(plan.timeline.group, ctx.now)

    def share(self, ctx: Context, plan: MemberPlan, post: Reply) -> None:
        """Post a pledge in its unit's thread, or update it there."""
        group, slot = plan.timeline.group, plan.opened.slot
        require_running(ctx, plan)
        within, key = Within(message_keys.make_post_key(group.id, slot.unit_id)), self._shared_as(plan)
        place = self.groups.place(group)
        if not outbox.announce(self.groups.work, Announcement(key, place, post, ctx.now, ctx.now + LASTS, within)):
            outbox.revise(self.groups.work, key, post, due_at=ctx.now)

    def _shared_as(self, plan: MemberPlan) -> str:
        """Return the key of a pledge's post in the thread; a withdrawn post keeps its own."""
        named = (make_share_key(plan, nth) for nth in count(1))
        return next(key for key in named if not outbox.is_closed(self.groups.work, key))

    def _changed(self, ctx: Context, plan: MemberPlan) -> MemberPlan:
        self._session.flush()
        self.groups.wake(plan.timeline.group, ctx.now)
        return self.mine(ctx, plan.opened.slot.unit_id)


def get_own(plan: MemberPlan) -> Pledge:
    """Return the pledge; NotFound if there is none."""
    if plan.pledge is None:
        raise NotFound(
            f"You have no plan for unit {plan.opened.slot.number}. To make one, type {markup.typed('plan')}."
        )
    return plan.pledge


def require_running(ctx: Context, plan: MemberPlan) -> None:
    """Raise NotAllowed if the unit is over, because its thread stays as it is."""
    if ctx.now >= plan.opened.slot.deadline_at:
        closed = f"Unit {plan.opened.slot.number} has closed, so I can't post in its thread."
        raise NotAllowed(f"{closed} {describe_next_plan(ctx, plan)}".rstrip())


def describe_next_plan(ctx: Context, plan: MemberPlan) -> str:
    """Return when the member can make the next plan; empty if no unit is planned."""
    planned = plan.timeline.planned(ctx.now)
    return f"You can make a plan when unit {planned[0].number} opens." if planned else ""


def make_share_key(plan: MemberPlan, nth: int) -> str:
    """Return the key of a pledge's nth sharing."""
    again = (nth,) if nth > 1 else ()
    return message_keys.make_key(plan.timeline.group.id, "pledge", plan.opened.slot.unit_id, plan.account.id, *again)


def find_pledger(session: Session, of_key: str) -> AccountRow | None:
    """Return who shared the pledge with this key; None for other keys."""
    match message_keys.split_key(of_key):
        case ["pledge", _, number, *_] if number.isdecimal():
            return session.get(AccountRow, int(number))
    return None


def count_pledges(session: Session, group_id: int, unit_id: str) -> int:
    """Return how many of a group's present members have pledged something for a unit."""
    chosen = (
        select(func.count())
        .select_from(Pledge)
        .join(Membership, (Membership.account_id == Pledge.account_id) & (Membership.group_id == Pledge.group_id))
        .where(Pledge.group_id == group_id, Pledge.unit_id == unit_id, Membership.left_at.is_(None))
    )
    return session.scalars(chosen).one()


def list_pledges(session: Session, group_id: int, units: Collection[str]) -> Sequence[tuple[Pledge, AccountRow]]:
    """Return the pledges of a group's present members for some units, each with whose it is."""
    chosen = (
        select(Pledge, AccountRow)
        .join(AccountRow, AccountRow.id == Pledge.account_id)
        .join(Membership, (Membership.account_id == Pledge.account_id) & (Membership.group_id == Pledge.group_id))
        .where(Pledge.group_id == group_id, Pledge.unit_id.in_(units), Membership.left_at.is_(None))
    )
    return [(pledge, account) for pledge, account in session.execute(chosen.order_by(AccountRow.name, AccountRow.id))]
