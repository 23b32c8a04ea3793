"""Parameters that several commands take, with their suggestions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.commands.command import Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import suggest_zones
from bot.curriculum import track as tracks
from bot.curriculum.track import Track
from bot.features.groups.service import Groups
from bot.features.groups.visibility import GroupVisibility
from bot.features.people.service import People
from bot.messages import markup


def suggest_zone(ctx: Context, typed: str) -> list[SuggestedValue]:
    """Return time zones that contain what was typed."""
    return [SuggestedValue(z, z) for z in suggest_zones(typed)]


def suggest_unit(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return units of the group's course; without a group, of the named or only course."""
    if ctx.actor.group_id is not None:
        roadmap = groups.here(ctx).roadmap
    elif (track := tracks.choose(groups.tracks(ctx), ctx.call.args.get("course"))) is not None:
        roadmap = track.roadmap
    else:
        return []
    return [SuggestedValue(label, str(roadmap.unit(unit_id).number)) for label, unit_id in roadmap.suggestions(typed)]


def suggest_part(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return the parts of the named course, or of the first."""
    library = groups.tracks(ctx)
    return suggest_parts(tracks.choose(library, ctx.call.args.get("course")) or next(iter(library.values())), typed)


def suggest_parts(track: Track, typed: str) -> list[SuggestedValue]:
    """Return the parts of a course whose labels contain the typed text."""
    text = typed.strip().casefold()
    legs = [leg for leg in track.roadmap.parts if text in leg.label.casefold()]
    return [SuggestedValue(markup.clip(leg.label, 100), str(leg.number)) for leg in legs][:25]


def suggest_group(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return the tenant's running groups that the caller sees."""
    tenant = People(groups.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    running = [c for c in groups.list_running(tenant.id if tenant else 0) if typed.lower() in c.name.lower()]
    return [SuggestedValue(c.name, c.name) for c in GroupVisibility.by(groups.session, ctx).among(running).groups]


def suggest_start(ctx: Context, typed: str) -> list[SuggestedValue]:
    """Return sensible first days."""
    return [SuggestedValue(d, d) for d in ("today", "tomorrow", "next monday") if typed.lower() in d]


def suggest_rhythm(ctx: Context, typed: str) -> list[SuggestedValue]:
    """Return a few usual weeks."""
    return [SuggestedValue(r, r) for r in RHYTHMS if typed.strip().lower() in r]


def suggest_course(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return the courses by title; their unique ids become the value."""
    text = typed.strip().casefold()
    tracks = [track for track in groups.tracks(ctx).values() if text in track.title.casefold() or text in track.id]
    return [SuggestedValue(markup.clip(track.title, 100), track.id) for track in tracks][:25]


RHYTHMS = (
    "mon 09:00 - sun 21:00",
    "mon 09:00 - fri 18:00",
    "wed 18:00 - tue 18:00",
    "fri 17:00 - thu 20:00",
    "sat 10:00 - fri 20:00",
)
ZONE = Param("Time zone", example="Europe/Berlin", suggest=suggest_zone)
START = Param("Date of the first post", example="next monday", suggest=suggest_start)
RHYTHM = Param("Weekly post and deadline", example="mon 09:00 - sun 21:00", max=40, suggest=suggest_rhythm)
FIRST_UNIT = Param("First unit (number or title)", suggest=suggest_unit, in_form=False)
PART = Param(
    "Part (leave empty for the whole course)",
    example="2",
    max=100,
    suggest=suggest_part,
    in_form=False,
    formerly=("leg",),
)
BREAKS = Param("A free week after each part", example="no", in_form=False)
COURSE = Param(
    "Course (title or ID)",
    example="genai-2026",
    max=100,
    suggest=suggest_course,
    in_form=False,
    formerly=("roadmap",),
)
OUTSIDE_COURSE = replace(COURSE, label="Course (outside a group)")
PACE = Param("Pace (one week, two weeks or set dates)", in_form=False)
GROUP = Param("Group (leave empty for this channel's)", suggest=suggest_group, max=60, in_form=False)
SHOWS = Param("Posts show the leaderboard, a goal or nothing", in_form=False)
CONFIRM = Param("Go ahead without a preview", example="yes", in_form=False, offered=False)

moderator_command = partial(command, role="moderator", group="needed", which=GROUP)
member_command = partial(command, role="member", group="needed", which=GROUP)
moderator_action = partial(command, hidden=True, role="moderator", group="needed")
member_action = partial(command, hidden=True, role="member", group="needed")
"""Commands about one group; only buttons and forms reach an action."""
