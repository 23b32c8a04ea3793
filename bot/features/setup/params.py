"""What the steps of a setup ask for beyond a cohort's own parameters, and what their forms open filled with."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.command import Param, SuggestedValue
from bot.commands.context import Context
from bot.curriculum import track as tracks
from bot.curriculum.track import Track
from bot.features.groups.params import suggest_parts
from bot.features.groups.preview import GroupWish, Proposals
from bot.features.groups.service import Cohorts
from bot.features.setup import plan as plans

NAME = Param("Name (of the group)", example="Night owls", max=60)
CHANNEL = Param("Channel", example="#study")
PLAN = Param("Plan", in_form=False)


def _track(ctx: Context, cohorts: Cohorts) -> Track | None:
    """Return the track that the plan has; None where it is gone."""
    wish, known = _wish(ctx, cohorts), cohorts.tracks(ctx)
    return tracks.find(known, wish.roadmap) if wish.roadmap else next(iter(known.values()), None)


def suggest_unit(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[SuggestedValue]:
    """Return units of the roadmap that the plan has."""
    if (track := _track(ctx, cohorts)) is None:
        return []
    units = track.roadmap.suggestions(typed, most=len(track.roadmap.units))
    return [SuggestedValue(label, str(track.roadmap.unit(unit_id).number)) for label, unit_id in units]


def suggest_leg(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[SuggestedValue]:
    """Return legs of the roadmap that the plan has."""
    return suggest_parts(track, typed) if (track := _track(ctx, cohorts)) is not None else []


LEG = Param("Leg (empty for all)", example="2", max=100, suggest=suggest_leg)
FIRST_UNIT = Param("First unit (by number or words of its title)", example="7", suggest=suggest_unit)


def _wish(ctx: Context, cohorts: Cohorts) -> GroupWish:
    plan = ctx.call.args.get("plan")
    return plans.get(cohorts.work, ctx, plan) if plan else plans.make_first(ctx, cohorts)


def initial(ctx: Context, *, cohorts: Cohorts) -> Mapping[str, str]:
    """Return what a step's form opens filled with: what the plan has by now."""
    wish = _wish(ctx, cohorts)
    proposal = Proposals(cohorts).sketch(ctx, wish)
    has_zone = wish.timezone is not None or ctx.actor.has_zone
    way = cohorts.tracks(ctx)[proposal.roadmap_id].roadmap
    leg = str(way.leg_of(proposal.last_unit).number) if proposal.last_unit else ""
    breaks = "" if proposal.pace == "calendar" else "yes" if proposal.has_breaks else "no"
    return {
        "name": proposal.name,
        "start": proposal.starts_on.isoformat(),
        "rhythm": proposal.rhythm,
        "pace": proposal.pace,
        "first_unit": str(way.unit(proposal.first_unit).number),
        "leg": leg,
        "breaks": breaks,
        "timezone": proposal.zone if has_zone else "",
        "channel": "" if ctx.place.is_direct and wish.channel is None else proposal.room,
    }
