"""Commands that set up a group: one message goes through the steps and changes in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.chat.platform import Inspector
from bot.commands.command import Command, IntentPattern, Param, SuggestedValue, command
from bot.commands.context import MODERATES, Context
from bot.commands.parameter_types import Attachment, RoomRef, UnitRef, Zone
from bot.commands.refusals import not_allowed
from bot.curriculum import track as tracks
from bot.curriculum.track import Library, Track
from bot.features import command_links
from bot.features.custom_courses import commands as outlines
from bot.features.custom_courses import wording as outline_wording
from bot.features.custom_courses.service import Outlines
from bot.features.groups import commands
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import Pace
from bot.features.groups.confirmation import Pending
from bot.features.groups.create_group import Members
from bot.features.groups.params import BREAKS, CONFIRM, COURSE, PACE, RHYTHM, START, ZONE, suggest_parts
from bot.features.groups.preview import GroupWish, Proposals
from bot.features.groups.service import Groups
from bot.features.groups.visibility import GroupVisibility
from bot.features.setup import service as plans
from bot.features.setup import wording
from bot.features.setup.service import STEPS, Change, Scene, SetupWalk, Step, restart_plan
from bot.messages import markup
from bot.messages.errors import BadInput, NotFound
from bot.messages.reply import Button, Reply, say
from bot.storage.unit_of_work import Database, Work

NAME = Param("Group name", example="Night owls", max=60)
CHANNEL = Param("Channel", example="#study")
PLAN = Param("Plan", in_form=False)


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
    part = str(way.leg_of(proposal.last_unit).number) if proposal.last_unit else ""
    breaks = "" if proposal.pace == "calendar" else "yes" if proposal.has_breaks else "no"
    return {
        "name": proposal.name,
        "start": proposal.starts_on.isoformat(),
        "rhythm": proposal.rhythm,
        "pace": proposal.pace,
        "first_unit": str(way.unit(proposal.first_unit).number),
        "part": part,
        "breaks": breaks,
        "timezone": proposal.zone if has_zone else "",
        "channel": "" if ctx.place.is_direct and wish.channel is None else proposal.room,
    }


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

    return render_step(await SetupWalk(ctx, database, library, inspector).to("roadmap", None, change))


def _running(ctx: Context, groups: Groups, room: str) -> Reply | None:
    """Return what someone is told where a group lives; None where none does that they see."""
    group = plans.find_running(ctx, groups, room)
    if group is None:
        return None
    timeline, seeing = groups.timeline(group), GroupVisibility.by(groups.session, ctx)
    elsewhere = Button("Use another channel", setup_channel.ask())
    return wording.runs(
        timeline,
        elsewhere if setup.allows(ctx.actor.roles) else Button("See help", command_links.HELP.call(group.id)),
        is_member=seeing.is_member(group),
        may_change=MODERATES in ctx.actor.grants or seeing.moderates(group),
        now_said=group_wording.describe_position(timeline, ctx.now),
    )


def _named(ctx: Context, groups: Groups, wish: GroupWish, name: str | None, start: date | None) -> GroupWish:
    named = replace(wish, name=name or wish.name, start=start or wish.start)
    # "today" is the group's day, wherever whoever says it lives
    return replace(named, start=Proposals(groups).sketch(ctx, named).starts_on) if start else named


@command("setup step", hidden=True, role="moderator", slow=True, in_place=True, group="none")
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
    return render_step(await SetupWalk(ctx, database, library, inspector).to(step, plan))


@command(
    "setup course", formerly=("setup take",), hidden=True, role="moderator", slow=True, in_place=True, group="none"
)
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
    return render_step(await SetupWalk(ctx, database, library, inspector).to("roadmap", plan, take_course(ctx, course)))


def take_course(ctx: Context, course: str) -> Change:
    """Return the change to another course, from its beginning."""

    def change(groups: Groups, wish: GroupWish) -> GroupWish:
        return restart_plan(wish, tracks.get(groups.tracks(ctx), course).id)

    return change


@command(
    "setup unit",
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    group="none",
    title="First unit",
    initial=initial,
)
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
    return render_step(await walk.to("roadmap", plan, lambda _, wish: replace(wish, first_unit=first_unit, leg=None)))


@command(
    "setup part",
    formerly=("setup leg",),
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    group="none",
    title="Choose a part",
    initial=initial,
)
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
    return render_step(await walk.to("roadmap", plan, lambda _, wish: replace(wish, first_unit=None, leg=part)))


@command(
    "setup name",
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    group="none",
    title="Name and start",
    form_note="You'll see a preview before I post anything.",
    initial=initial,
)
async def setup_name(
    ctx: Context,
    name: Annotated[str | None, NAME] = None,
    start: Annotated[date | None, START] = None,
    step: Annotated[Step, Param("Step", in_form=False)] = "start",
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Set the group's name and first day."""
    walk = SetupWalk(ctx, database, library, inspector)
    return render_step(await walk.to(step, plan, lambda groups, wish: _named(ctx, groups, wish, name, start)))


@command(
    "setup zone",
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    group="none",
    title="Time zone",
    initial=initial,
)
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
    return render_step(await walk.to(step, plan, lambda _, wish: _by_clock(ctx, wish, timezone)))


def _by_clock(ctx: Context, wish: GroupWish, zone: Zone) -> GroupWish:
    """Return a wish by another clock; where it was to begin today, it begins on that clock's today."""
    before, after = (ctx.now.astimezone(ZoneInfo(name)).date() for name in (wish.timezone or ctx.actor.zone, zone))
    return replace(wish, timezone=zone, start=after if wish.start == before else wish.start)


@command(
    "setup week",
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    group="none",
    title="Weekly rhythm",
    initial=initial,
)
async def setup_week(
    ctx: Context,
    rhythm: Annotated[str | None, RHYTHM] = None,
    pace: Annotated[Pace | None, replace(PACE, in_form=True)] = None,
    breaks: Annotated[bool | None, replace(BREAKS, in_form=True)] = None,
    plan: Annotated[str | None, PLAN] = None,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Set the group's weekly schedule."""
    walk, with_breaks = SetupWalk(ctx, database, library, inspector), None if pace == "calendar" else breaks
    return render_step(
        await walk.to("week", plan, lambda _, wish: replace(wish, rhythm=rhythm, pace=pace, breaks=with_breaks))
    )


@command(
    "setup channel",
    formerly=("setup room",),
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    group="none",
    title="Channel",
    initial=initial,
)
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
        return render_step(
            await walk.to("roadmap", None, lambda groups, _: plans.make_first_plan(ctx, groups, channel))
        )
    return render_step(await walk.to("channel", plan, lambda _, wish: replace(wish, channel=channel)))


@command(
    "setup create", formerly=("setup found",), hidden=True, role="moderator", slow=True, in_place=True, group="none"
)
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
        return render_step(await walk.to("post", plan))


@command("setup cancel", hidden=True, role="moderator", writes=False, group="none")
def setup_cancel(ctx: Context) -> Reply:
    """Cancel the setup."""
    again = Button("Start again", setup.call())
    return replace(say("Setup cancelled. I haven't posted anything.", buttons=(again,)), replaces=True)


def render_step(scene: Scene) -> Reply:
    """Return a step as its person sees it."""
    title, drawn = wording.title(scene.step), wording.blocks(scene)
    return Reply(
        drawn,
        (*_make_next_button(scene), *_make_change_buttons(scene), *_make_back_button(scene)),
        title=title,
        replaces=True,
    )


def _make_next_button(scene: Scene) -> tuple[Button, ...]:
    """Return what takes a step as it is; nothing where something stands in the way."""
    if not scene.may_go_on:
        return ()
    if scene.step != "post":
        following = STEPS[STEPS.index(scene.step) + 1]
        return (Button("Next", setup_step.call(step=following, plan=scene.plan), "primary"),)
    begin = Button("Start the group", setup_create.call(plan=scene.plan), "primary")
    if scene.before is None or not scene.before.members:
        return (begin,)
    return (begin, Button("Same people", setup_create.call(plan=scene.plan, members="same")))


def _make_change_buttons(scene: Scene) -> tuple[Button, ...]:
    """Return what can be said at a step."""
    plan, again = scene.plan, Button("Check again", setup_step.call(step=scene.step, plan=scene.plan))
    is_lacking = not all(finding.ok for finding in scene.findings)
    match scene.step:
        case "roadmap":
            others = [track for track in scene.tracks if track is not scene.track][: wording.OFFERED]
            return (
                *(
                    Button(markup.clip(other.title, 60), setup_course.call(course=other.id, plan=plan))
                    for other in others
                ),
                *(
                    (Button("Choose a part", setup_part.ask(plan=plan)),)
                    if len(scene.timeline.roadmap.legs) > 1
                    else ()
                ),
                Button("Choose first unit", setup_unit.ask(plan=plan)),
                Button("Paste outline", command_links.SETUP_OUTLINE.ask(plan=plan)),
            )
        case "start":
            return (Button("Change name", setup_name.ask(plan=plan)),)
        case "zone":
            return (Button("Change zone", setup_zone.ask(plan=plan)),) if scene.has_zone else _make_zone_buttons(scene)
        case "week":
            return (Button("Change week", setup_week.ask(plan=plan)),)
        case "channel":
            other = Button("Change channel" if scene.room else "Choose channel", setup_channel.ask(plan=plan))
            return (*((again,) if is_lacking else ()), other)
        case "post":
            name = Button("Change name", setup_name.ask(step="post", plan=plan))
            return (*((again,) if is_lacking else ()), *(() if scene.has_zone else _make_zone_buttons(scene)), name)


def _make_zone_buttons(scene: Scene) -> tuple[Button, ...]:
    """Return what says the zone that nobody has said; a step that shows dates by UTC is where it can be taken."""
    step, plan = scene.step, scene.plan
    return (
        Button("Choose time zone", setup_zone.ask(step=step, plan=plan), "primary"),
        Button("Use UTC", setup_zone.call(timezone="UTC", step=step, plan=plan)),
    )


def _make_back_button(scene: Scene) -> tuple[Button, ...]:
    at, cancel = STEPS.index(scene.step), Button("Cancel", setup_cancel.call())
    elsewhere = wording.find_fixing_step(scene.problem) if scene.problem is not None and scene.has_zone else scene.step
    if scene.step == "post" and elsewhere != scene.step:
        return (Button("Fix it", setup_step.call(step=elsewhere, plan=scene.plan), "primary"), cancel)
    return (Button("Back", setup_step.call(step=STEPS[at - 1], plan=scene.plan)), cancel) if at else (cancel,)


@command(
    "setup outline",
    hidden=True,
    form=True,
    role="moderator",
    slow=True,
    in_place=True,
    group="none",
    title="Paste an outline",
    form_note=outline_wording.ADD_NOTE,
)
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
    outline, name = outlines.read_source(text, file)

    def preview(work: Work) -> Reply:
        draft = Outlines(work, Groups(work, library)).draft(ctx, outline, title or "", name)
        pending = Pending.keep(work, ctx, setup_outline)
        back = Button("Back", setup_step.call(step="roadmap", plan=plan))
        lead = (
            f"If you use this outline, it becomes a course on your {ctx.actor.tenancy.word}. Nobody outside can see it."
        )
        return outline_wording.render_draft(draft, lead, pending.confirm("Use outline"), pending.change(), back)

    def keep(work: Work) -> str:
        plans.get_plan(work, ctx, plan)  # one that is too old is refused before anything is kept
        store = Outlines(work, Groups(work, library))
        return store.add(ctx, store.draft(ctx, outline, title or "", name))

    if not confirm:
        return replace(await database.run(preview), replaces=True)
    roadmap_id = await database.run(keep)
    step = await SetupWalk(ctx, database, library, inspector).to("roadmap", plan, take_course(ctx, roadmap_id))
    return replace(render_step(step), tone="good")


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
