"""The rules of check-ins: their unit, their limits, and how to undo them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.commands.context import Context
from bot.delivery import outbox
from bot.features import command_links
from bot.features.checkins import milestones, sharing, wording
from bot.features.checkins.checkin_log import CheckinState, MemberView, Scores, has_kept
from bot.features.checkins.milestones import FIRST, Milestone
from bot.features.checkins.scoring import Score
from bot.features.checkins.standings import store_known
from bot.features.checkins.tables import Checkin, CheckinChange
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.service import Groups, lock_group
from bot.features.groups.tables import Away
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.features.rules import MOST_AWAY, MOST_MINUTES
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, NotFound, TryLater
from bot.messages.numerals import lasting
from bot.messages.reply import Button
from bot.storage.insert import insert

AGAIN_WITHIN = timedelta(minutes=10)
"""Within which the same check-in is more likely a slip than more work."""
CLOCKS_APART = timedelta(minutes=5)
"""How far the platform's clock, which dates a check-in, may lie behind ours, which opened its unit: NTP keeps both
within seconds, a machine without it drifts by minutes in a month."""


def is_out(opened: Opened, at: datetime) -> bool:
    """Whether a unit had opened at an event's time; small clock differences are tolerated."""
    return opened.slot.opens_at <= at + CLOCKS_APART


class Turnout(ABC):
    """Counts who completed a unit; a service above the check-ins implements it."""

    @abstractmethod
    def count(self, timeline: Timeline, unit_id: str, now: datetime) -> tuple[int, int]:
        """Return how many have completed the unit and how many take part in it; zeros if nothing may be said.

        Both count only members whom others may read about.
        """


class NextStep(ABC):
    """Says what a receipt offers besides the check-in; a service above the check-ins implements it."""

    @abstractmethod
    def offer_next(self, ctx: Context, timeline: Timeline, unit_id: str) -> tuple[str, Button] | None:
        """Return a line of small text and its button; None if there is nothing to offer."""


class Progress:
    """Records check-ins and absences, and reads members' standings."""

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self.session = groups.session

    def mine(self, ctx: Context) -> MemberView:
        """Return the caller's view; in a writing Call it locks the group."""
        if self.groups.work.writes and ctx.actor.group_id is not None:
            lock_group(self.session, ctx.actor.group_id)
        timeline = self.groups.here(ctx)
        membership = self.groups.find_membership(timeline.group.id, ctx.actor.account_id)
        if membership is None and timeline.group.ended_at is not None:
            name = markup.escape(timeline.group.name)
            raise NotAllowed(f"You weren't in **{name}**, so there is nothing to show.")
        if membership is None:
            raise NotAllowed(
                "You're not a member yet. Join the group to start.",
                buttons=(Button("Join", command_links.JOIN.call(timeline.group.id), "primary"),),
            )
        account = self.session.get_one(AccountRow, ctx.actor.account_id)
        return MemberView(
            timeline, membership, account, Scores(self.session, timeline, [(membership, account)], ctx.now)
        )

    def check_in(
        self, ctx: Context, minutes: int, note: str, link: str | None, unit: str | None
    ) -> tuple[MemberView, Opened, CheckinState]:
        """Record a check-in at the event's time, at the earliest when its unit opened; return the view after it."""
        view = self.mine(ctx)
        opened = self.target(ctx, view, unit)
        day = ctx.now.astimezone(ZoneInfo(ctx.actor.zone)).date()
        self.bound(view, minutes, day)
        account, unit_id, cleaned = view.account.id, opened.slot.unit_id, markup.clean(note)
        at = max(ctx.now, opened.slot.opens_at)
        checkin_id = insert(
            self.session,
            Checkin,
            group_id=view.timeline.group.id,
            account_id=account,
            unit_id=unit_id,
            at=at,
            day=day,
            zone=ctx.actor.zone,
            minutes=minutes,
            note=cleaned,
            link=link,
        )
        standing = CheckinState(unit_id, at, day, checkin_id, account, minutes, cleaned, link)
        after = replace(view, scores=view.scores.adding(standing))
        self._changed(after, ctx.now)
        for milestone in self.list_reached(view, view.score, after.score):
            key = f"milestone:{view.timeline.group.id}:{milestone.key}"
            People(self.groups.work).notify(account, key, wording.render_milestone(milestone), ctx.now)
        return after, opened, standing

    def _changed(self, view: MemberView, now: datetime) -> None:
        """Store the standing after a new fact, and wake the schedule."""
        store_known(self.session, view.scores, (view.membership, view.account), now)
        self.groups.wake(view.timeline.group, now)

    def target(self, ctx: Context, view: MemberView, named: str | None) -> Opened:
        """Return the unit for a check-in: the named one, or else the oldest open one not completed yet."""
        timeline = view.timeline
        if named:
            return self.named(ctx, timeline, named)
        out = [o for o in timeline.opened if is_out(o, ctx.now)]
        open_units = [o for o in out if ctx.now < o.slot.grace_until]
        unkept = [o for o in open_units if not self.has_kept(ctx, timeline, o)]
        chosen = unkept or open_units[-1:] or out[-1:]
        if not chosen:
            raise TryLater(self._none_out(ctx, timeline))
        return chosen[0]

    def milestones(self, ctx: Context, checkin_id: int) -> list[Milestone]:
        """Return the milestones that a check-in of the caller's reached."""
        view, checkin = self.own(ctx, checkin_id)
        then = view.scores.before(checkin)
        before, after = (scores.by_account[view.account.id] for scores in (then, then.adding(checkin)))
        return self.list_reached(view, before, after)

    def list_reached(self, view: MemberView, before: Score, after: Score) -> list[Milestone]:
        """Return a member's milestones; a first check-in counts once per person, not per group."""
        reached = list(milestones.list_reached(before, after, view.timeline.roadmap))
        if not any(milestone.key == FIRST for milestone in reached):
            return reached
        group_id, elsewhere = view.timeline.group.id, select(Checkin.id).where(Checkin.account_id == view.account.id)
        is_known = self.session.scalar(elsewhere.where(Checkin.group_id != group_id).limit(1)) is not None
        return [milestone for milestone in reached if milestone.key != FIRST or not is_known]

    def has_kept(self, ctx: Context, timeline: Timeline, opened: Opened) -> bool:
        """Whether the caller has kept a unit, on time or late."""
        return has_kept(self.session, timeline, ctx.actor.account_id, opened, ctx.now)

    @staticmethod
    def _none_out(ctx: Context, timeline: Timeline) -> str:
        """Return why there is no unit to check in for."""
        zone = timeline.group.zone
        if timeline.opened:
            return wording.render_early_event(ctx.now, timeline.opened[0].slot.opens_at, zone)
        planned = timeline.planned(ctx.now)
        return wording.render_no_open_unit(planned[0].opens_at if planned else None, zone)

    @staticmethod
    def named(ctx: Context, timeline: Timeline, named: str, until_then: str = "You can check in then.") -> Opened:
        """Return the unit that is meant; BadInput if it is none, has not opened, or is left out.

        Args:
            until_then: a sentence about a unit that has not opened yet.
        """
        try:
            unit = timeline.roadmap.find(named)
        except NotFound as unknown:
            raise BadInput(f"**Unit**: {unknown.sentence} Example: `7`", field="unit") from None
        opened = timeline.find(unit.id)
        if opened is not None and is_out(opened, ctx.now):
            return opened
        planned = timeline.planned(ctx.now) if opened is None else [opened.slot]
        slot = next((s for s in planned if s.unit_id == unit.id), None)
        label = markup.escape(unit.label)
        if slot is not None:
            raise BadInput(
                f"**{label}** opens {markup.moment(slot.opens_at, timeline.group.zone)}. {until_then}", field="unit"
            )
        raise BadInput(f"**{label}** isn't part of this group's course.", field="unit")

    @staticmethod
    def bound(view: MemberView, minutes: int, day: date, without: int | None = None) -> None:
        """Refuse minutes that don't fit into a day with its other check-ins."""
        if not 1 <= minutes <= MOST_MINUTES:
            raise BadInput(f"**Time spent**: 1 to {MOST_MINUTES} minutes a day. Example: `45m`", field="minutes")
        spent = sum(s.minutes for s in view.scores.facts(view.account.id) if s.day == day and s.id != without)
        if spent + minutes > MOST_MINUTES:
            left = MOST_MINUTES - spent
            advice = f"Choose at most {left}." if left else "Check in again tomorrow."
            raise BadInput(
                f"**Time spent**: that makes {spent + minutes} minutes today. The limit is {MOST_MINUTES}. {advice}",
                field="minutes",
            )

    @staticmethod
    def repeats(view: MemberView, sent: CheckinState) -> int:
        """Return how often the same check-in was sent within the last minutes, this one included."""
        same = (sent.minutes, sent.note, sent.link)
        facts = view.scores.facts(view.account.id)
        return sum((s.minutes, s.note, s.link) == same and abs(sent.at - s.at) <= AGAIN_WITHIN for s in facts)

    @staticmethod
    def of_unit(view: MemberView, unit_id: str) -> list[CheckinState]:
        """Return the member's check-ins for a unit that stand, oldest first."""
        return sorted((s for s in view.scores.facts(view.account.id) if s.unit_id == unit_id), key=lambda s: s.id)

    def own(self, ctx: Context, checkin_id: int) -> tuple[MemberView, CheckinState]:
        """Return the caller's check-in with this id; NotFound if it isn't theirs or was undone."""
        view = self.mine(ctx)
        checkin = next((s for s in view.scores.facts(view.account.id) if s.id == checkin_id), None)
        if checkin is None:
            raise NotFound("That check-in isn't yours, or you've undone it.")
        return view, checkin

    def find_last_minutes(self, ctx: Context) -> int | None:
        """Return the minutes of the caller's newest check-in in any group; None without one."""
        newest = select(Checkin.minutes).where(Checkin.account_id == ctx.actor.account_id)
        return self.session.scalar(newest.order_by(Checkin.id.desc()).limit(1))

    def last(self, ctx: Context) -> CheckinState:
        """Return the caller's newest check-in that stands."""
        facts = self.mine(ctx).scores.facts(ctx.actor.account_id)
        if not facts:
            raise NotFound("You have no check-in to undo.")
        return max(facts, key=lambda s: s.id)

    def take_back(self, ctx: Context, checkin_id: int) -> None:
        """Undo a check-in during its unit's late period, and remove its shared note."""
        view, checkin = self.own(ctx, checkin_id)
        self._editable(ctx, view, checkin)
        outbox.withdraw(self.groups.work, sharing.make_key(view.timeline.group.id, checkin.id))
        self._change(ctx, view, checkin, "undo", checkin.unit_id, checkin.minutes, checkin.note, checkin.link)

    def amend(self, ctx: Context, checkin_id: int, minutes: int, note: str, link: str | None) -> None:
        """Change a check-in's content; its time stays."""
        view, checkin = self.own(ctx, checkin_id)
        self.bound(view, minutes, checkin.day, without=checkin.id)
        self._change(ctx, view, checkin, "edit", checkin.unit_id, minutes, markup.clean(note), link)

    def move(self, ctx: Context, checkin_id: int, unit: str) -> Opened:
        """Move a check-in to another opened unit, during its own unit's late period."""
        view, checkin = self.own(ctx, checkin_id)
        self._editable(ctx, view, checkin)
        opened = self.named(ctx, view.timeline, unit)
        if not is_out(opened, checkin.at):
            raise BadInput("That unit wasn't open yet when you checked in.", field="unit")
        self._change(ctx, view, checkin, "move", opened.slot.unit_id, checkin.minutes, checkin.note, checkin.link)
        return opened

    @staticmethod
    def _editable(ctx: Context, view: MemberView, checkin: CheckinState) -> None:
        opened = view.timeline.find(checkin.unit_id)
        assert opened is not None
        if ctx.now >= opened.slot.grace_until and checkin.at < opened.slot.grace_until:
            raise NotAllowed(
                "That unit's late period is over, so the check-in stays. If it's wrong, ask a moderator to void it."
            )

    def _change(
        self,
        ctx: Context,
        view: MemberView,
        checkin: CheckinState,
        kind: str,
        unit_id: str,
        minutes: int,
        note: str,
        link: str | None,
    ) -> None:
        self.session.add(
            CheckinChange(
                checkin_id=checkin.id,
                kind=kind,
                unit_id=unit_id,
                minutes=minutes,
                note=note,
                link=link,
                author_id=view.account.id,
                made_at=ctx.now,
            )
        )
        self._changed(self.mine(ctx), ctx.now)

    def go_away(self, ctx: Context, from_on: date, until_on: date, reason: str) -> Away:
        """Record an absence; BadInput if it comes too late or lasts too long."""
        view = self.mine(ctx)
        zone = ZoneInfo(ctx.actor.zone)
        days = [o.slot.deadline_at.astimezone(zone).date() for o in view.timeline.open_units(ctx.now)]
        earliest = min([ctx.today, *days])
        if from_on > until_on:
            from_on, until_on = until_on, from_on
        if from_on < earliest:
            raise BadInput(
                "**From**: choose a day before the unit's late period ends. "
                f"The earliest day is {markup.day(earliest)}.",
                field="from",
            )
        if until_on - from_on >= MOST_AWAY:
            raise BadInput(
                f"**Until**: choose {markup.day(from_on + MOST_AWAY - timedelta(days=1))} or earlier. "
                f"A break lasts {lasting(MOST_AWAY)} at most. You can add another one later.",
                field="until",
            )
        row = Away(
            group_id=view.timeline.group.id,
            account_id=view.account.id,
            from_on=from_on,
            until_on=until_on,
            zone=ctx.actor.zone,
            reason=markup.clean(reason),
            said_at=ctx.now,
        )
        self.session.add(row)
        self._changed(self.mine(ctx), ctx.now)
        return row

    def due_while(self, ctx: Context, away: Away) -> list[Slot]:
        """Return the units whose deadlines fall into an absence, by the current plan."""
        zone = ZoneInfo(away.zone)
        slots = self.groups.here(ctx).to_come(ctx.now)
        return [s for s in slots if away.from_on <= s.deadline_at.astimezone(zone).date() <= away.until_on]

    def come_back(self, ctx: Context) -> int:
        """End every current or coming absence; return how many."""
        timeline = self.groups.here(ctx)
        chosen = select(Away).where(
            Away.group_id == timeline.group.id, Away.account_id == ctx.actor.account_id, Away.until_on >= ctx.today
        )
        open_rows = [a for a in self.session.scalars(chosen) if a.ended_on is None]
        for row in open_rows:
            row.ended_on = ctx.today - timedelta(days=1)
        self._changed(self.mine(ctx), ctx.now)
        return len(open_rows)
