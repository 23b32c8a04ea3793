"""Streak repairs: when one is possible, what it takes, and the `repair` command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.commands.command import Command
from bot.commands.context import Context
from bot.curriculum.content import CoursePart
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.checkins import wording
from bot.features.checkins.checkin_log import MemberView
from bot.features.checkins.scoring import LedgerLine, Score
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import settle
from bot.features.checkins.tables import Repair
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.params import member_action
from bot.features.quiz import commands as quiz_commands
from bot.features.quiz.service import Attempt, Prospects, Quizzes
from bot.features.rules import REPAIRABLE
from bot.messages import markup
from bot.messages.reply import Reply
from bot.storage.insert import insert_once


@dataclass(frozen=True)
class Break:
    """The end of a streak that can still matter.

    Args:
        line: of the unit that ended it.
        streak: how long it was.
    """

    line: LedgerLine
    streak: int

    @property
    def until(self) -> datetime:
        """The instant until which it can be repaired."""
        return self.line.grace_until + REPAIRABLE


def find_break(scored: Score, now: datetime) -> Break | None:
    """Return where the streak ended, if recently and no later unit was missed, so that a repair restores a streak."""
    streak, streak_break = 0, None
    for line in scored.ledger:
        if line.outcome == "missed":
            streak_break = Break(line, streak) if streak else None
        streak = line.streak
    return streak_break if streak_break is not None and now < streak_break.until else None


@dataclass(frozen=True)
class Chance:
    """A streak that its member can repair, and what that takes.

    Args:
        streak: how long it was.
        quiz: the course with the unit's questions; None without questions, so that catching up is enough.
    """

    opened: Opened
    leg: CoursePart
    streak: int
    until: datetime
    is_caught_up: bool
    is_passed: bool
    quiz: Track | None

    @property
    def is_ready(self) -> bool:
        """Whether all conditions are met."""
        return self.is_caught_up and self.is_passed


@dataclass(frozen=True)
class Spent:
    """A streak that can't be repaired because the part's repair was used for another unit.

    Args:
        ended: the number of the unit that ended it.
        used: the number of the unit that was repaired.
    """

    streak: int
    ended: int
    used: int


class Repairs:
    """Finds streaks that can be repaired, and repairs them."""

    def __init__(self, progress: Progress, quizzes: Quizzes) -> None:
        self._progress, self._quizzes = progress, quizzes

    def find(self, view: MemberView, now: datetime) -> Chance | None:
        """Return what a member can repair now: the last recent break, in a part without a repair of theirs."""
        broken, way = self._broken(view, now), view.timeline.roadmap
        opened = view.timeline.find(broken.line.unit_id) if broken is not None else None
        if broken is None or opened is None or self._used(view, opened.slot.unit_id):
            return None
        unit_id = opened.slot.unit_id
        leg = way.part_of(unit_id)
        track = self._progress.groups.tracks_of(view.timeline.group).get(way.id)
        quiz = track if track is not None and way.heir(unit_id) in track.banks else None
        is_passed = quiz is None or self._quizzes.has_passed(view.account.id, quiz, way.heir(unit_id))
        state = next(state.state for state in view.score.states if state.unit_id == unit_id)
        return Chance(opened, leg, broken.streak, broken.until, state == "caught up", is_passed, quiz)

    def find_spent(self, view: MemberView, now: datetime) -> Spent | None:
        """Return a streak that can't be repaired only because another repair was made in that part."""
        broken = self._broken(view, now)
        used = self._used(view, broken.line.unit_id) if broken is not None else []
        return Spent(broken.streak, broken.line.number, used[0]) if broken is not None and used else None

    @staticmethod
    def _broken(view: MemberView, now: datetime) -> Break | None:
        broken = find_break(view.score, now) if view.timeline.group.ended_at is None else None
        return broken if broken is not None and view.timeline.find(broken.line.unit_id) is not None else None

    @staticmethod
    def _used(view: MemberView, unit_id: str) -> list[int]:
        """Return the numbers of the units at which the member repaired a streak in the leg of a unit."""
        way, repaired = view.timeline.roadmap, view.scores.repaired(view.account.id)
        leg = way.part_of(unit_id)
        return [
            line.number for line in view.score.ledger if line.unit_id in repaired and way.part_of(line.unit_id) is leg
        ]

    def make(self, ctx: Context, view: MemberView) -> tuple[MemberView, Chance | None, bool]:
        """Repair the caller's streak if all conditions are met; return view, chance, and whether it was done."""
        chance = self.find(view, ctx.now)
        if chance is None or not chance.is_ready:
            return view, chance, False
        group = view.timeline.group
        insert_once(
            self._progress.session,
            Repair,
            group_id=group.id,
            account_id=view.account.id,
            unit_id=chance.opened.slot.unit_id,
            leg=chance.leg.number,
            made_at=ctx.now,
        )
        settle(self._progress.session, view.timeline, [view.account.id], ctx.now)
        self._progress.groups.wake(group, ctx.now)
        return self._progress.mine(ctx), chance, True


@member_action(
    "repair",
    own=True,
    asked=(r"(?:repair|restore|mend|fix|get back|win back) (?:my |a |the )?(?:broken |lost )?streak",),
)
def repair(ctx: Context, *, progress: Progress, repairs: Repairs) -> Reply:
    """Repair your streak."""
    view, chance, is_done = repairs.make(ctx, progress.mine(ctx))
    if chance is None:
        return wording.render_no_repair(describe_spent(repairs, view, ctx))
    if is_done:
        progress_call = command_links.PROGRESS.call(view.timeline.group.id)
        return wording.render_repaired(view, chance.leg.number, progress=progress_call)
    return _render_offer(ctx, view, chance, has_title=True)


def describe_spent(repairs: Repairs, view: MemberView, ctx: Context) -> str:
    """Return why a recent streak can't be repaired; empty unless an earlier repair is the reason."""
    spent = repairs.find_spent(view, ctx.now)
    return "" if spent is None else wording.render_repair_spent(spent.streak, spent.ended, spent.used)


def after_check_in(ctx: Context, repairs: Repairs, view: MemberView, unit_id: str) -> tuple[MemberView, Reply | None]:
    """Return the view after a check-in, and what the check-in did for a broken streak or what is left to do."""
    view, chance, is_done = repairs.make(ctx, view)
    if chance is None or not (is_done or chance.opened.slot.unit_id == unit_id):
        return view, None
    if is_done:
        return view, wording.render_repaired(view, chance.leg.number)
    return view, _render_offer(ctx, view, chance)


def describe_offer(view: MemberView, chance: Chance) -> str:
    """Return what repairs the streak, and until when."""
    return wording.render_repair_offer(
        chance.streak,
        markup.escape(view.timeline.label(chance.opened.slot)),
        markup.moment(chance.until, view.timeline.group.zone),
        is_caught_up=chance.is_caught_up,
        is_passed=chance.is_passed,
    )


def _render_offer(
    ctx: Context, view: MemberView, chance: Chance, *, has_title: bool = False, has_failed_quiz: bool = False
) -> Reply:
    """Return what repairs the streak, with the steps that are left."""
    group_id, unit_id, way = view.timeline.group.id, chance.opened.slot.unit_id, view.timeline.roadmap
    quiz = None
    if chance.quiz is not None and not chance.is_passed:
        quiz = quiz_commands.way(ctx, chance.quiz, way.unit(way.heir(unit_id)))
    return wording.render_repair_steps(
        describe_offer(view, chance),
        catch_up=None if chance.is_caught_up else command_links.CHECKIN.ask(group_id, unit=unit_id),
        quiz=quiz,
        has_title=has_title,
        has_failed_quiz=has_failed_quiz,
    )


class Mending(Prospects):
    """Repairs a member's streak after a passed quiz, or says what is left to do."""

    def __init__(self, progress: Progress, repairs: Repairs) -> None:
        self._progress, self._repairs = progress, repairs

    def after(self, ctx: Context, attempt: Attempt) -> Reply | None:
        """Return what the quiz of a unit does for a streak that ended there."""
        group_id = attempt.row.group_id
        member = self._progress.groups.find_membership(group_id, ctx.actor.account_id) if group_id else None
        if member is None or member.left_at is not None:
            return None
        ctx = replace(ctx, actor=replace(ctx.actor, group_id=group_id))
        view = self._progress.mine(ctx)
        chance, way = self._repairs.find(view, ctx.now), view.timeline.roadmap
        if chance is None:
            used = self._repairs.find_spent(view, ctx.now)
            is_its = used is not None and attempt.row.unit_id == way.heir(way.units[used.ended - 1].id)
            return wording.render_no_repair(describe_spent(self._repairs, view, ctx)) if is_its else None
        if attempt.row.unit_id != way.heir(chance.opened.slot.unit_id):
            return None
        view, _, is_done = self._repairs.make(ctx, view)
        if is_done:
            return wording.render_repaired(view, chance.leg.number)
        return _render_offer(ctx, view, chance, has_failed_quiz=not attempt.is_passed)


COMMANDS: tuple[Command, ...] = (repair,)
