"""The steps from nothing to a running group; each step is drawn from the plan so far.

A plan is stored as a draft for an hour, and the buttons of each step name it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

from bot.chat.platform import Findings, Inspector
from bot.commands.context import Context, Place
from bot.curriculum import track as tracks
from bot.curriculum.content import Unit
from bot.curriculum.track import Library, Track
from bot.delivery.processed_events import SqlDrafts, SqlInbox
from bot.features.courses import own_roadmap
from bot.features.custom_courses.service import Outlines
from bot.features.groups import commands
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.create_group import Founding, Members, Predecessor, make_next_name
from bot.features.groups.preview import GroupWish, Proposal, Proposals
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.groups.visibility import GroupVisibility
from bot.features.people.service import People
from bot.messages import markup
from bot.messages.call import Call, spelled
from bot.messages.errors import BadInput, NotAllowed, NotFound
from bot.storage.unit_of_work import Database, Work

SETUP = "setup"
GROUP = "Study group"


def store_plan(work: Work, ctx: Context, wish: GroupWish) -> str:
    """Keep a wish for an hour, for its author alone, and return the id of the plan; what was kept before stays."""
    return SqlDrafts().keep(work, ctx.actor.account_id, Call(SETUP, spelled(asdict(wish))), None, ctx.now)


def get_plan(work: Work, ctx: Context, plan: str) -> GroupWish:
    """Return the wish that was kept; NotFound if it is too old or somebody else's."""
    draft = SqlDrafts().find(work, plan, ctx.actor.account_id, ctx.now)
    if draft is None:
        raise NotFound(f"That's over an hour old or for somebody else. Please start again with {markup.typed(SETUP)}.")
    args: dict[str, Any] = dict(draft[0].args)
    start, breaks = args.pop("start", None), args.pop("breaks", None)
    hours = args.pop("hours", None)
    return GroupWish(
        **args,
        start=date.fromisoformat(start) if start else None,
        breaks=breaks and breaks == "yes",
        hours=int(hours) if hours else None,
    )


def check_plan_unused(work: Work, plan: str) -> None:
    """Refuse a plan that was carried out before."""
    if SqlInbox().knows(work, _done(plan)):
        raise NotAllowed("That's already done. A second click changes nothing.")


def use_up_plan(work: Work, ctx: Context, plan: str) -> None:
    """Note that a plan is carried out; NotAllowed if it was before."""
    if not SqlInbox().accept(work, _done(plan), ctx.now):
        check_plan_unused(work, plan)


def _done(plan: str) -> str:
    return f"draft:{plan}"


def make_first_plan(ctx: Context, groups: Groups, room: str | None = None) -> GroupWish:
    """Return what a plan begins with: what the round before in the room suggests, else a name and a zone used here.

    Args:
        room: where the group is to live; None is the room of the Call, until another is named.
    """
    suggested = Founding(groups).initial(ctx, room or ctx.place.room)
    wish = GroupWish(
        name=suggested.get("name"),
        timezone=suggested.get("timezone"),
        channel=suggested.get("channel", room),
        rhythm=suggested.get("rhythm"),
        pace=suggested.get("pace"),
        roadmap=suggested.get("course"),
        leg=suggested.get("part"),
    )
    around = _list_around(ctx, groups)
    name = wish.name or GROUP
    while name.lower() in {group.name.lower() for group in around}:
        name = make_next_name(name)
    zone = wish.timezone or (None if ctx.actor.has_zone or not around else around[-1].zone)
    return replace(wish, name=name, timezone=zone)


def find_running(ctx: Context, groups: Groups, room: str) -> Group | None:
    """Return the group that lives in a room, if the caller sees it."""
    return next((group for group in _list_around(ctx, groups) if group.room == room and group.closed_at is None), None)


def _list_around(ctx: Context, groups: Groups) -> list[Group]:
    """Return the running groups of the tenant that the caller sees, oldest first."""
    tenant = People(groups.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    return GroupVisibility.by(groups.session, ctx).among(groups.list_running(tenant.id)).groups if tenant else []


Step = Literal["roadmap", "start", "zone", "week", "channel", "post"]
STEPS: tuple[Step, ...] = get_args(Step)
Change = Callable[[Groups, GroupWish], GroupWish]
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
        hours: that members have in a week; 0 if nobody said so.
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
    hours: int = 0

    @property
    def unit_hours(self) -> int:
        """The hours that members have for a unit; 0 if nobody said so."""
        return self.hours * (2 if self.proposal.pace == "2 weeks" else 1)

    @property
    def long_units(self) -> list[Unit]:
        """The units that take more hours than members have."""
        units = self.timeline.roadmap.units if self.hours else ()
        return [unit for unit in units if unit.hours > self.unit_hours]

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
            groups = Groups(work, self.library)
            wish = get_plan(work, ctx, plan) if plan else make_first_plan(ctx, groups)
            wish = change(groups, wish) if change is not None else wish
            is_lost = wish.roadmap is not None and tracks.find(groups.tracks(ctx), wish.roadmap) is None
            if is_lost:
                step, wish = "roadmap", restart_plan(wish, None)
            proposal = Proposals(groups).sketch(ctx, wish)
            is_last = step in ("channel", "post")
            return (
                wish,
                proposal,
                _find_problem(groups, ctx, wish) if is_last else None,
                Founding(groups).find_predecessor(ctx, proposal.room) if is_last else None,
            )

        wish, proposal, problem, before = await self.database.run(look, writes=False)
        room = commands.get_place(ctx, proposal.room)
        findings: Findings = ()
        if step in ("channel", "post") and not room.is_direct:
            findings = await commands.inspect_room(self.inspector, room)

        def keep(work: Work) -> tuple[str, Timeline, tuple[Track, ...]]:
            groups = Groups(work, self.library)
            timeline = Proposals(groups).timeline(ctx, proposal)
            return store_plan(work, ctx, wish), timeline, _sort_own_first(groups.tracks(ctx))

        plan_id, timeline, known = await self.database.run(keep)
        has_zone = wish.timezone is not None or ctx.actor.has_zone
        named = "" if room.is_direct else self._token(room)
        return Scene(
            step,
            plan_id,
            proposal,
            timeline,
            known,
            has_zone,
            named,
            problem,
            findings,
            before,
            is_lost,
            wish.hours or 0,
        )

    async def found(self, plan: str, members: Members | None) -> tuple[Group, Timeline, str]:
        """Found the group and return it with a token of its room; BadInput says what has come in the way meanwhile."""
        ctx = self.ctx

        def look(work: Work) -> Proposal:
            check_plan_unused(work, plan)
            return Proposals(Groups(work, self.library)).new(ctx, get_plan(work, ctx, plan))

        def write(work: Work) -> tuple[Group, Timeline]:
            use_up_plan(work, ctx, plan)
            groups = Groups(work, self.library)
            group = Founding(groups).found(ctx, get_plan(work, ctx, plan), members)
            Outlines(work, groups).add_notes(ctx, group)
            return group, groups.timeline(group)

        proposal = await self.database.run(look, writes=False)
        room = commands.get_place(ctx, proposal.room)
        await commands.check_room(self.inspector, room)
        group, timeline = await self.database.run(write)
        return group, timeline, self._token(room)

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


def _find_problem(groups: Groups, ctx: Context, wish: GroupWish) -> BadInput | None:
    """Return why a group cannot be founded like this, or None."""
    try:
        Proposals(groups).new(ctx, wish)
    except BadInput as problem:
        return problem
    return None
