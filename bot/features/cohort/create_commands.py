"""What a moderator says to start a cohort: the form, the preview, and the round that follows another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from bot.core import markup
from bot.core.call import Call
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.platform import Inspector
from bot.core.reply import Button, Reply, Text
from bot.core.values import RoomRef, UnitRef, Zone
from bot.db.announcement import Announcement
from bot.db.inbox import SqlDrafts
from bot.db.work import Database
from bot.features.cohort import wording
from bot.features.cohort.calendar.pacing import Pace
from bot.features.cohort.commands import CONFIRM, FIRST_UNIT, PACE, RHYTHM, ROADMAP, START, ZONE, check_room
from bot.features.cohort.proposal import Proposal, Proposals, Wish
from bot.features.cohort.rounds import Rounds
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.people.service import People
from bot.features.roadmap.track import Library

MEMBERS = Param("Members: those of the round before, or new", in_form=False)
Members = Literal["new", "same"]
SAME = {"members": "same"}


def initial_create(ctx: Context, *, cohorts: Cohorts) -> Mapping[str, str]:
    """Return what the round before in the room suggests; nothing for the first one."""
    tenant = People(cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    room = ctx.call.args.get("channel") or ctx.place.room
    before = Rounds(cohorts).find_before(tenant.id, room) if tenant else None
    return Rounds(cohorts).initial(before) if before else {}


@command(
    "cohort create", form=True, role="moderator", slow=True, cohort="none", title="Start a cohort",
    form_note="You see a preview before anything is posted.", initial=initial_create,
)  # fmt: skip
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
    members: Annotated[Members | None, MEMBERS] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Start a group on the roadmap in a channel; shows a preview first."""
    wish = Wish(name, timezone, start, channel, rhythm, pace, first_unit, roadmap)
    proposal = await database.run(lambda work: Proposals(Cohorts(work, library)).new(ctx, wish), writes=False)
    await check_room(inspector, ctx, proposal.room)
    if confirm:
        return await database.run(lambda work: _created(ctx, Cohorts(work, library), wish, members))
    return await database.run(lambda work: _preview(ctx, Cohorts(work, library), proposal, members))


def _preview(ctx: Context, cohorts: Cohorts, proposal: Proposal, members: Members | None) -> Reply:
    people, may_carry = _people(ctx, cohorts, proposal, members)
    ending = _ending(ctx, cohorts, proposal)
    timeline = Proposals(cohorts).timeline(ctx, proposal)
    planned = timeline.planned(ctx.now)
    draft = SqlDrafts().keep(cohorts.work, ctx.actor.account_id, ctx.call, None, ctx.now)
    here = "this channel" if proposal.room == ctx.place.room else "the channel you named"
    return Reply(
        (
            Text(f"Nothing is posted yet. On Confirm I post a welcome in {here}."),
            *([Text(ending)] if ending else []),
            wording.settings(proposal, timeline),
            Text("**The first posts**"),
            wording.first_posts(timeline, planned),
            *([Text(rest)] if (rest := wording.remaining(timeline, planned)) else []),
            *([Text(people)] if people else []),
        ),
        (
            Button("Confirm", Call("cohort create", {"draft": draft, "confirm": "yes"}), "primary"),
            *(
                [Button("Confirm, same people", Call("cohort create", {"draft": draft, **SAME, "confirm": "yes"}))]
                if may_carry
                else []
            ),
            Button("Change", Call("cohort create", {"draft": draft}, ask=True)),
        ),
        title=f"A new cohort: {markup.escape(proposal.name)}",
    )


def _people(ctx: Context, cohorts: Cohorts, proposal: Proposal, members: Members | None) -> tuple[str, bool]:
    """Return how the people of the round before come in, and whether that is still to be chosen."""
    tenant = People(cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    rounds, tenant_id = Rounds(cohorts), tenant.id if tenant else 0
    find = rounds.get_before if members == "same" else rounds.find_before
    before = find(tenant_id, proposal.room)
    if before is None:
        return "", False
    count = len(cohorts.list_members(before.id))
    who = f"{count} {'person' if count == 1 else 'people'} of **{markup.escape(before.name)}**"
    if members == "same":
        return f"From the start in it: {who}. The welcome says so, and each may leave.", False
    return f"Invited by the welcome: {who}.", count > 0


def _ending(ctx: Context, cohorts: Cohorts, proposal: Proposal) -> str:
    """Return what the start takes from the round before: one channel belongs to one cohort at a time."""
    tenant = People(cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    rounds = Rounds(cohorts)
    before = rounds.find_before(tenant.id, proposal.room) if tenant else None
    until = rounds.catches_up_until(before) if before else None
    if before is None or until is None:
        return ""
    return (
        f"**Catching up in {markup.escape(before.name)} ends with Confirm**; it would stay open until "
        f"{markup.moment(until, before.zone, 'day')}. Its record stays, and the welcome says so. To let them finish, "
        "confirm nothing now and start after that day: the button in the closing post keeps working."
    )


def create(
    ctx: Context, cohorts: Cohorts, wish: Wish, members: Members | None = None, *, opens_now: bool = False
) -> Cohort:
    """Store a cohort, its creator as moderator, and queue the welcome; frees a room whose cohort has finished."""
    proposal = Proposals(cohorts).new(ctx, wish)
    tenant = People(cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    assert tenant is not None
    rounds = Rounds(cohorts)
    before = rounds.find_before(tenant.id, proposal.room)
    if members == "same":
        before = rounds.get_before(tenant.id, proposal.room)
    was_cut = before is not None and rounds.catches_up_until(before) is not None
    for other in cohorts.list_running(tenant.id):
        if other.room == proposal.room:
            other.ended_at = ctx.now
    cohorts.session.flush()
    cohort = proposal.apply(
        Cohort(
            tenant_id=tenant.id, confirmed_at=ctx.now, created_by=ctx.actor.account_id,
            has_reminders=True, wake_at=ctx.now,
        )
    )  # fmt: skip
    cohorts.session.add(cohort)
    cohorts.session.flush()
    cohorts.add_moderator(cohort, f"account:{ctx.actor.account_id}")
    carried = rounds.carry_over(before, cohort, ctx.now) if before is not None and members == "same" else 0
    timeline = cohorts.timeline(cohort)
    opens_now = opens_now or any(slot.opens_at <= ctx.now for slot in timeline.planned(ctx.now)[:1])
    origin = wording.Origin(before.name, carried, was_cut) if before else None
    post = wording.welcome(timeline, ctx.now, origin, opens_now=opens_now)
    cohorts.work.announce(Announcement(f"c{cohort.id}:welcome", cohorts.place(cohort), post, ctx.now))
    return cohort


def _created(ctx: Context, cohorts: Cohorts, wish: Wish, members: Members | None) -> Reply:
    cohort = create(ctx, cohorts, wish, members)
    timeline = cohorts.timeline(cohort)
    return Reply(
        (
            Text("The welcome is on its way to the channel. People join with its button."),
            wording.first_posts(timeline, timeline.planned(ctx.now)),
        ),
        (
            Button("Join it yourself", Call("join", {}, cohort.id)),
            Button("See the next post", Call("preview", {}, cohort.id)),
        ),
        title=f"{markup.escape(cohort.name)} is set up",
        tone="good",
        replaces=True,
    )


COMMANDS: tuple[Command, ...] = (cohort_create,)
