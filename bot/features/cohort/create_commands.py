"""What a moderator says to start a cohort: the form, the preview, and the round that follows another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.platform import Inspector
from bot.core.reply import Button, Reply, Text
from bot.core.values import RoomRef, UnitRef, Zone
from bot.db.work import Database
from bot.features import ways
from bot.features.cohort import home, wording
from bot.features.cohort.calendar.pacing import Pace
from bot.features.cohort.founding import Founding, Members, Predecessor
from bot.features.cohort.params import BREAKS, CONFIRM, FIRST_UNIT, LEG, PACE, RHYTHM, ROADMAP, START, ZONE
from bot.features.cohort.pending import Pending
from bot.features.cohort.proposal import Proposal, Proposals, Wish
from bot.features.cohort.service import Cohorts
from bot.features.roadmap.track import Library

MEMBERS = Param("Members: those of the round before, or new", in_form=False)


def initial_create(ctx: Context, *, cohorts: Cohorts) -> Mapping[str, str]:
    """Return what the round before in the room suggests; nothing for the first one."""
    return Founding(cohorts).initial(ctx, ctx.call.args.get("channel") or ctx.place.room)


@command(
    "cohort create",
    form=True,
    role="moderator",
    slow=True,
    cohort="none",
    title="Start a cohort",
    form_note="You see a preview before anything is posted.",
    initial=initial_create,
)
async def cohort_create(
    ctx: Context,
    name: Annotated[str, Param("Name (of the group)", example="Night owls", max=60)],
    timezone: Annotated[Zone | None, replace(ZONE, needed=lambda ctx: not ctx.actor.has_zone)] = None,
    start: Annotated[date | None, START] = None,
    channel: Annotated[RoomRef | None, Param("Channel (this one if empty)", example="#study")] = None,
    rhythm: Annotated[str | None, RHYTHM] = None,
    pace: Annotated[Pace | None, PACE] = None,
    first_unit: Annotated[UnitRef | None, FIRST_UNIT] = None,
    roadmap: Annotated[str | None, ROADMAP] = None,
    leg: Annotated[str | None, LEG] = None,
    breaks: Annotated[bool | None, BREAKS] = None,
    members: Annotated[Members | None, MEMBERS] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Start a group on the roadmap in a channel; shows a preview first."""
    if channel is not None:
        home.named(inspector, ctx, channel)
    wish = Wish(name, timezone, start, channel, rhythm, pace, first_unit, roadmap, leg, breaks)
    proposal = await database.run(lambda work: Proposals(Cohorts(work, library)).new(ctx, wish), writes=False)
    await home.check(inspector, home.place_of(ctx, proposal.room))
    if confirm:
        return await database.run(lambda work: _created(ctx, Cohorts(work, library), wish, members))
    return await database.run(lambda work: _preview(ctx, Cohorts(work, library), proposal, members))


def _preview(ctx: Context, cohorts: Cohorts, proposal: Proposal, members: Members | None) -> Reply:
    before = Founding(cohorts).find_predecessor(ctx, proposal.room, members)
    timeline = Proposals(cohorts).timeline(ctx, proposal)
    planned = timeline.planned(ctx.now)
    here = "this channel" if proposal.room == ctx.place.room else "the channel you named"
    rest = wording.remaining(timeline, planned)
    said = (
        Text(f"Nothing is posted yet. On Confirm I post a welcome in {here}."),
        cut_off(before) if before else None,
        wording.settings(proposal, timeline),
        Text("**The first posts**"),
        wording.first_posts(timeline, planned),
        Text(rest) if rest else None,
        invited(before, members) if before else None,
    )
    pending = Pending.keep(cohorts.work, ctx, cohort_create)
    may_carry = before is not None and before.members > 0 and members != "same"
    carry = (pending.confirm("Confirm, same people", "plain", members="same"),) if may_carry else ()
    return Reply(
        tuple(block for block in said if block is not None),
        (pending.confirm(), *carry, pending.change()),
        title=f"A new cohort: {markup.escape(proposal.name)}",
    )


def invited(before: Predecessor, members: Members | None) -> Text:
    """Return how the people of the round before come in."""
    count = before.members
    who = f"{count} {'person' if count == 1 else 'people'} of **{markup.escape(before.cohort.name)}**"
    if members == "same":
        return Text(f"From the start in it: {who}. The welcome says so, and each may leave.")
    return Text(f"Invited by the welcome: {who}.")


def cut_off(before: Predecessor) -> Text | None:
    """Return what the start takes from the round before: one channel belongs to one cohort at a time."""
    if before.catches_up_until is None:
        return None
    until = markup.moment(before.catches_up_until, before.cohort.zone, "day")
    return Text(
        f"**Catching up in {markup.escape(before.cohort.name)} ends with this start**; it would stay open until "
        f"{until}. Its record stays, and the welcome says so. To let them finish, start after "
        "that day: the button in the closing post keeps working."
    )


def _created(ctx: Context, cohorts: Cohorts, wish: Wish, members: Members | None) -> Reply:
    cohort = Founding(cohorts).found(ctx, wish, members)
    timeline = cohorts.timeline(cohort)
    return Reply(
        (
            Text("The welcome is on its way to the channel. People join with its button."),
            wording.first_posts(timeline, timeline.planned(ctx.now)),
        ),
        (
            Button("Join it yourself", ways.JOIN.call(cohort.id)),
            Button("See the next post", ways.PREVIEW.call(cohort.id)),
        ),
        title=f"{markup.escape(cohort.name)} is set up",
        tone="good",
        replaces=True,
    )


COMMANDS: tuple[Command, ...] = (cohort_create,)
