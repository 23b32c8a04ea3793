"""Commands that set up a group: one message goes through the steps and changes in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.chat.platform import Inspector
from bot.commands.command import Command, IntentPattern, Param, SuggestedValue, command
from bot.commands.context import MODERATES, Context
from bot.commands.parameter_types import Attachment, RoomRef, UnitRef, Zone
from bot.commands.refusals import not_allowed
from bot.curriculum import track as tracks
from bot.curriculum.track import Library, Track
from bot.features.custom_courses import commands as outlines
from bot.features.custom_courses import wording as outline_wording
from bot.features.custom_courses.service import Outlines
from bot.features.groups import commands
from bot.features.groups.calendar.pacing import Pace
from bot.features.groups.confirmation import Pending
from bot.features.groups.create_group import Members
from bot.features.groups.params import BREAKS, CONFIRM, COURSE, PACE, RHYTHM, START, ZONE, suggest_parts
from bot.features.groups.preview import GroupWish, Proposals
from bot.features.groups.service import Groups
from bot.features.groups.visibility import GroupVisibility
from bot.features.setup import service as plans
from bot.features.setup import wording
from bot.features.setup.service import Change, SetupWalk, Step, restart_plan
from bot.messages.errors import BadInput, NotFound
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work

NAME = Param("Group name", example="Night owls", max=60)
CHANNEL = Param("Channel", example="#study")
LISTED_COURSE = replace(COURSE, label="Course", in_form=True, listed=True)
PLAN = Param("Plan", in_form=False)
WEEK_HOURS = Param("Hours that members have in a week", example="4", min=1, max=40)


def _track(ctx: Context, groups: Groups) -> Track | None:
    """Return the track that the plan has; None where it is gone."""
    wish, known = _wish(ctx, groups), groups.tracks(ctx)
    return tracks.find(known, wish.roadmap) if wish.roadmap else next(iter(known.values()), None)


def suggest_unit(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return units of the course that the plan has."""
    if (track := _track(ctx, groups)) is None:
        return []
    units = track.roadmap.suggestions(typed, most=len(track.roadmap.units))
    return [SuggestedValue(label, str(track.roadmap.unit(unit_id).number)) for label, unit_id in units]


def suggest_part(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return parts of the course that the plan has."""
    return suggest_parts(track, typed) if (track := _track(ctx, groups)) is not None else []


PART = Param("Part (empty for all)", example="2", max=100, suggest=suggest_part, formerly=("leg",))
FIRST_UNIT = Param("First unit (by number or words of its title)", example="7", suggest=suggest_unit)


def _wish(ctx: Context, groups: Groups) -> GroupWish:
    plan = ctx.call.args.get("plan")
    return plans.get_plan(groups.work, ctx, plan) if plan else plans.make_first_plan(ctx, groups)


def initial(ctx: Context, *, groups: Groups) -> Mapping[str, str]:
    """Return what a step's form opens filled with: what the plan has by now."""
    wish = _wish(ctx, groups)
    proposal = Proposals(groups).sketch(ctx, wish)
    has_zone = wish.timezone is not None or ctx.actor.has_zone
    way = groups.tracks(ctx)[proposal.roadmap_id].roadmap
    part = str(way.part_of(proposal.last_unit).number) if proposal.last_unit else ""
    breaks = "" if proposal.pace == "calendar" else "yes" if proposal.has_breaks else "no"
    return {
        "name": proposal.name,
        "course": proposal.roadmap_id,
        "start": proposal.starts_on.isoformat(),
        "rhythm": proposal.rhythm,
        "pace": proposal.pace,
        "first_unit": str(way.unit(proposal.first_unit).number),
        "part": part,
        "breaks": breaks,
        "hours": str(wish.hours or ""),
        "timezone": proposal.zone if has_zone else "",
        "channel": "" if ctx.place.is_direct and wish.channel is None else proposal.room,
    }


step_command = partial(command, hidden=True, role="moderator", slow=True, in_place=True, group="none")
step_form = partial(step_command, form=True, initial=initial)


STARTS = IntentPattern(
    r"^\W*(?:please |can you |i want to |i(?:'d| would) like to |let'?s |how (?:do|can) (?:i|we) )?"
    r"(?:set ?up|start|begin|create|make|found|open) (?:a|our|my|the|another|new) (?:new )?(?:study )?"
    r"(?:group|cohort|club)\W*$",
    "Start a group",
    "I can set a group up with you in a few steps.",
)
WAY = (
    r"(?:start|create|set up|begin|make|open|found|run|launch|organi[sz]e|have)"
    r" (?:my |our |another |the |an? )?(?:new |own )*(?:study )?(?:cohort|group|course|class|season)"
)
"""What people ask the way to who want a group."""


@command(
    "setup",
    role="moderator",
    refuses_itself=True,
    slow=True,
    in_place=True,
    group="none",
    title="Start a group",
    spoken=("set up",),
    hints=(STARTS,),
    asked=(WAY,),
    formerly=("begin",),
)
async def setup(
    ctx: Context,
    name: Annotated[str | None, NAME] = None,
    start: Annotated[date | None, START] = None,
    course: Annotated[str | None, COURSE] = None,
    channel: Annotated[RoomRef | None, CHANNEL] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Create a group step by step."""
    if ctx.place.tenant is None:
        raise BadInput("A group meets in a channel. Please run this in that channel.")
    if channel is not None:
        commands.refuse_channel_name(inspector, ctx, channel)
    room = channel or ctx.place.room
    here = await database.run(lambda work: _running(ctx, Groups(work, library), room), writes=False)
    if here is not None:
        return here
    if not setup.allows(ctx.actor.roles):
        raise not_allowed(setup, ctx.actor, ctx.place)

    def change(groups: Groups, wish: GroupWish) -> GroupWish:
        if channel is not None:
            wish = plans.make_first_plan(ctx, groups, channel)
        chosen = tracks.get(groups.tracks(ctx), course).id if course else wish.roadmap
        return _named(ctx, groups, replace(wish, roadmap=chosen), name, start)

    return wording.render_step(await SetupWalk(ctx, database, library, inspector).to("roadmap", None, change))


def _running(ctx: Context, groups: Groups, room: str) -> Reply | None:
    """Return the reply where a group meets; None if the caller sees no group there."""
    group = plans.find_running(ctx, groups, room)
    if group is None:
        return None
    timeline, seeing = groups.timeline(group), GroupVisibility.by(groups.session, ctx)
    return wording.runs(
        timeline,
        ctx.now,
        is_member=seeing.is_member(group),
        may_change=MODERATES in ctx.actor.grants or seeing.moderates(group),
        may_set_up=setup.allows(ctx.actor.roles),
    )


def _named(ctx: Context, groups: Groups, wish: GroupWish, name: str | None, start: date | None) -> GroupWish:
    named = replace(wish, name=name or wish.name, start=start or wish.start)
    # "today" is the group's day, wherever whoever says it lives
    return replace(named, start=Proposals(groups).sketch(ctx, named).starts_on) if start else named


@step_command("setup step")
async def setup_step(
    ctx: Context,
    step: Step,
    plan: Annotated[str, PLAN],
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Go to a step of the setup."""
    return wording.render_step(await SetupWalk(ctx, database, library, inspector).to(step, plan))


@step_command("setup course", formerly=("setup take",))
async def setup_course(
    ctx: Context,
    course: Annotated[str, COURSE],
    plan: Annotated[str, PLAN],
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Choose another course."""
    return wording.render_step(
        await SetupWalk(ctx, database, library, inspector).to("roadmap", plan, take_course(ctx, course))
    )


def take_course(ctx: Context, course: str) -> Change:
    """Return the change to another course, from its beginning."""

    def change(groups: Groups, wish: GroupWish) -> GroupWish:
        return restart_plan(wish, tracks.get(groups.tracks(ctx), course).id)

    return change


@step_form("setup unit", title="First unit")
async def setup_unit(
    ctx: Context,
    first_unit: Annotated[UnitRef | None, FIRST_UNIT] = None,
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Choose the first unit."""
    walk = SetupWalk(ctx, database, library, inspector)
    return wording.render_step(
        await walk.to("roadmap", plan, lambda _, wish: replace(wish, first_unit=first_unit, leg=None))
    )


@step_form("setup part", formerly=("setup leg",), title="Choose a part")
async def setup_part(
    ctx: Context,
    part: Annotated[str | None, PART] = None,
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Choose one part of the course."""
    walk = SetupWalk(ctx, database, library, inspector)
    return wording.render_step(await walk.to("roadmap", plan, lambda _, wish: replace(wish, first_unit=None, leg=part)))


@step_form("setup name", title="Name, start and course", form_note="You'll see a preview before I post anything.")
async def setup_name(
    ctx: Context,
    name: Annotated[str | None, NAME] = None,
    start: Annotated[date | None, START] = None,
    course: Annotated[str | None, LISTED_COURSE] = None,
    step: Annotated[Step, Param("Step", in_form=False)] = "start",
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Set the group's name, first day and course."""

    def change(groups: Groups, wish: GroupWish) -> GroupWish:
        chosen = tracks.get(groups.tracks(ctx), course).id if course else ""
        if chosen and chosen != Proposals(groups).sketch(ctx, wish).roadmap_id:
            wish = restart_plan(wish, chosen)
        return _named(ctx, groups, wish, name, start)

    return wording.render_step(await SetupWalk(ctx, database, library, inspector).to(step, plan, change))


@step_form("setup zone", title="Time zone")
async def setup_zone(
    ctx: Context,
    timezone: Annotated[Zone, ZONE],
    step: Annotated[Step, Param("Step", in_form=False)] = "zone",
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Set the group's time zone."""
    walk = SetupWalk(ctx, database, library, inspector)
    return wording.render_step(await walk.to(step, plan, lambda _, wish: _by_clock(ctx, wish, timezone)))


def _by_clock(ctx: Context, wish: GroupWish, zone: Zone) -> GroupWish:
    """Return a wish by another clock; where it was to begin today, it begins on that clock's today."""
    before, after = (ctx.now.astimezone(ZoneInfo(name)).date() for name in (wish.timezone or ctx.actor.zone, zone))
    return replace(wish, timezone=zone, start=after if wish.start == before else wish.start)


@step_form("setup week", title="Weekly rhythm")
async def setup_week(
    ctx: Context,
    rhythm: Annotated[str | None, RHYTHM] = None,
    pace: Annotated[Pace | None, replace(PACE, in_form=True)] = None,
    breaks: Annotated[bool | None, replace(BREAKS, in_form=True)] = None,
    hours: Annotated[int | None, WEEK_HOURS] = None,
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Set the group's weekly schedule."""
    walk, with_breaks = SetupWalk(ctx, database, library, inspector), None if pace == "calendar" else breaks
    return wording.render_step(
        await walk.to(
            "week", plan, lambda _, wish: replace(wish, rhythm=rhythm, pace=pace, breaks=with_breaks, hours=hours)
        )
    )


@step_form("setup channel", formerly=("setup room",), title="Channel")
async def setup_channel(
    ctx: Context,
    channel: Annotated[RoomRef, CHANNEL],
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Choose the group's channel."""
    commands.refuse_channel_name(inspector, ctx, channel)
    walk = SetupWalk(ctx, database, library, inspector)
    if plan is None:
        return wording.render_step(
            await walk.to("roadmap", None, lambda groups, _: plans.make_first_plan(ctx, groups, channel))
        )
    return wording.render_step(await walk.to("channel", plan, lambda _, wish: replace(wish, channel=channel)))


@step_command("setup create", formerly=("setup found",))
async def setup_create(
    ctx: Context,
    plan: Annotated[str, PLAN],
    members: Annotated[Members | None, Param("Members: those of the round before, or new")] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Create the group as planned."""
    walk = SetupWalk(ctx, database, library, inspector)
    try:
        return wording.render_begun(*await walk.found(plan, members))
    except (BadInput, NotFound):  # the last step says what has come in the way meanwhile
        return wording.render_step(await walk.to("post", plan))


@command("setup cancel", hidden=True, role="moderator", writes=False, group="none")
def setup_cancel(ctx: Context) -> Reply:
    """Cancel the setup."""
    return wording.cancelled()


@step_command("setup outline", form=True, title="Paste an outline", form_note=outline_wording.ADD_NOTE)
async def setup_outline(
    ctx: Context,
    plan: Annotated[str, PLAN],
    title: Annotated[str | None, outlines.TITLE] = None,
    text: Annotated[str | None, outlines.TEXT] = None,
    file: Annotated[Attachment | None, outlines.FILE] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Use a course of your own."""
    outline, name = outlines.read_source(ctx, text, file)

    def preview(work: Work) -> Reply:
        draft = Outlines(work, Groups(work, library)).draft(ctx, outline, title or "", name)
        pending = Pending.keep(work, ctx, setup_outline)
        return outline_wording.render_setup_outline(
            draft,
            ctx.actor.tenancy.word,
            confirm=pending.call(),
            change=outlines.keep_correction(work, ctx, pending, draft),
            back=setup_step.call(step="roadmap", plan=plan),
        )

    def keep(work: Work) -> str:
        plans.get_plan(work, ctx, plan)  # one that is too old is refused before anything is kept
        store = Outlines(work, Groups(work, library))
        return store.add(ctx, store.draft(ctx, outline, title or "", name))[0]

    if not confirm:
        return replace(await database.run(preview), replaces=True)
    roadmap_id = await database.run(keep)
    step = await SetupWalk(ctx, database, library, inspector).to("roadmap", plan, take_course(ctx, roadmap_id))
    return replace(wording.render_step(step), tone="good")


COMMANDS: tuple[Command, ...] = (
    setup,
    setup_step,
    setup_course,
    setup_part,
    setup_unit,
    setup_name,
    setup_zone,
    setup_week,
    setup_channel,
    setup_create,
    setup_cancel,
    setup_outline,
)
