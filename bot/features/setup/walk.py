"""The way from nothing to a running group, step by step; each step is drawn anew from what was said so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.chat.platform import Findings, Inspector
from bot.commands.context import Context, Place
from bot.curriculum import track as tracks
from bot.curriculum.track import Library, Track
from bot.features.courses import own_roadmap
from bot.features.groups import commands
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.create_group import Founding, Members, Predecessor
from bot.features.groups.preview import GroupWish, Proposal, Proposals
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort
from bot.features.setup import plan as plans
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.storage.unit_of_work import Database, Work

Step = Literal["roadmap", "start", "zone", "week", "channel", "post"]
STEPS: tuple[Step, ...] = get_args(Step)
Change = Callable[[Cohorts, GroupWish], GroupWish]
"""Given what was said so far, what it is now; BadInput or NotFound say why it cannot be."""


@dataclass(frozen=True)
class Scene:
    """All that a step shows.

    Args:
        plan: names what was said so far.
        tracks: what the server may learn from.
        has_zone: whether anybody has said the group's zone, or the caller has one.
        room: a token that leads to where the group will live; empty where that is still to be said.
        problem: why it cannot be founded as it is, whatever its room lets the bot do.
        findings: what the bot may do in the room.
        before: the round before in the room.
        is_lost: whether the roadmap that was chosen before is there no more.
    """

    step: Step
    plan: str
    proposal: Proposal
    timeline: Timeline
    tracks: tuple[Track, ...]
    has_zone: bool
    room: str
    problem: BadInput | None
    findings: Findings
    before: Predecessor | None
    is_lost: bool = False

    @property
    def track(self) -> Track:
        """What the group will learn from."""
        return next(track for track in self.tracks if track.id == self.proposal.roadmap_id)

    @property
    def may_go_on(self) -> bool:
        """Whether nothing stands in the way of the next step."""
        if self.step == "zone":
            return self.has_zone
        if self.step in ("channel", "post"):
            return self.problem is None and all(finding.ok for finding in self.findings)
        return True


@dataclass(frozen=True)
class SetupWalk:
    """One person's way through the steps."""

    ctx: Context
    database: Database
    library: Library
    inspector: Inspector

    async def to(self, step: Step, plan: str | None, change: Change | None = None) -> Scene:
        """Return a step, changed as asked, and keep what was said; without a plan a new one begins.

        Where the roadmap was removed meanwhile, it is the first step.
        """
        ctx, is_lost = self.ctx, False

        def look(work: Work) -> tuple[GroupWish, Proposal, BadInput | None, Predecessor | None]:
            nonlocal step, is_lost
            cohorts = Cohorts(work, self.library)
            wish = plans.get(work, ctx, plan) if plan else plans.make_first(ctx, cohorts)
            wish = change(cohorts, wish) if change is not None else wish
            is_lost = wish.roadmap is not None and tracks.find(cohorts.tracks(ctx), wish.roadmap) is None
            if is_lost:
                step, wish = "roadmap", restart_plan(wish, None)
            proposal = Proposals(cohorts).sketch(ctx, wish)
            is_last = step in ("channel", "post")
            return (
                wish,
                proposal,
                _find_problem(cohorts, ctx, wish) if is_last else None,
                Founding(cohorts).find_predecessor(ctx, proposal.room) if is_last else None,
            )

        wish, proposal, problem, before = await self.database.run(look, writes=False)
        room = commands.get_place(ctx, proposal.room)
        findings: Findings = ()
        if step in ("channel", "post") and not room.is_direct:
            findings = await commands.inspect_room(self.inspector, room)

        def keep(work: Work) -> tuple[str, Timeline, tuple[Track, ...]]:
            cohorts = Cohorts(work, self.library)
            timeline = Proposals(cohorts).timeline(ctx, proposal)
            return plans.keep(work, ctx, wish), timeline, _sort_own_first(cohorts.tracks(ctx))

        plan_id, timeline, known = await self.database.run(keep)
        has_zone = wish.timezone is not None or ctx.actor.has_zone
        named = "" if room.is_direct else self._token(room)
        return Scene(step, plan_id, proposal, timeline, known, has_zone, named, problem, findings, before, is_lost)

    async def found(self, plan: str, members: Members | None) -> tuple[Cohort, Timeline, str]:
        """Found the group and return it with a token of its room; BadInput says what has come in the way meanwhile."""
        ctx = self.ctx

        def look(work: Work) -> Proposal:
            plans.check_unused(work, plan)
            return Proposals(Cohorts(work, self.library)).new(ctx, plans.get(work, ctx, plan))

        def write(work: Work) -> tuple[Cohort, Timeline]:
            plans.use_up(work, ctx, plan)
            cohorts = Cohorts(work, self.library)
            cohort = Founding(cohorts).found(ctx, plans.get(work, ctx, plan), members)
            return cohort, cohorts.timeline(cohort)

        proposal = await self.database.run(look, writes=False)
        room = commands.get_place(ctx, proposal.room)
        await commands.check_room(self.inspector, room)
        cohort, timeline = await self.database.run(write)
        return cohort, timeline, self._token(room)

    def _token(self, room: Place) -> str:
        return markup.room(room.room, self.inspector.room_name(room))


def restart_plan(wish: GroupWish, roadmap: str | None) -> GroupWish:
    """Return a wish for another roadmap, from its beginning; that one may have no dates to go by."""
    return replace(
        wish, roadmap=roadmap, first_unit=None, leg=None, pace=None if wish.pace == "calendar" else wish.pace
    )


def _sort_own_first(library: Library) -> tuple[Track, ...]:
    """Return what a server may learn from, what it brought itself first."""
    return tuple(sorted(library.values(), key=lambda track: own_roadmap.parse_id(track.id) is None))


def _find_problem(cohorts: Cohorts, ctx: Context, wish: GroupWish) -> BadInput | None:
    """Return why a group cannot be founded like this, or None."""
    try:
        Proposals(cohorts).new(ctx, wish)
    except BadInput as problem:
        return problem
    return None
