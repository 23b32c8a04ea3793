"""What moderators say to a cohort that there is: edit, status."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Literal

from bot.core import markup
from bot.core.call import Call
from bot.core.command import Choice, Command, Param, command
from bot.core.context import Context, Place
from bot.core.errors import BadInput
from bot.core.platform import Inspector
from bot.core.reply import Button, Fields, Reply, Text, say
from bot.core.values import CohortRef, RoomRef, UnitRef, Zone, suggest_zones
from bot.db.announcement import Announcement
from bot.db.inbox import SqlDrafts
from bot.db.insert import insert_once
from bot.db.work import Database, Work
from bot.features.cohort import notified, wording
from bot.features.cohort.calendar.pacing import Pace, Slot
from bot.features.cohort.calendar.timeline import Timeline
from bot.features.cohort.proposal import Proposal, Proposals, Wish, dates_that_change, place_of
from bot.features.cohort.rounds import Rounds, start_next
from bot.features.cohort.seeing import Seeing
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.people.service import People
from bot.features.people.tables import Account
from bot.features.roadmap.track import Library


def suggest_zone(ctx: Context, typed: str) -> list[Choice]:
    """Return time zones that contain what was typed."""
    return [Choice(z, z) for z in suggest_zones(typed)]


def suggest_unit(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[Choice]:
    """Return units of the cohort's roadmap, or of the first roadmap."""
    library = cohorts.library
    roadmap = next(iter(library.values())).roadmap
    if ctx.actor.cohort_id is not None:
        roadmap = cohorts.here(ctx).roadmap
    return [Choice(label, str(roadmap.unit(unit_id).number)) for label, unit_id in roadmap.suggestions(typed)]


def suggest_cohort(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[Choice]:
    """Return the tenant's running cohorts that the caller sees."""
    tenant = People(cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    running = [c for c in cohorts.list_running(tenant.id if tenant else 0) if typed.lower() in c.name.lower()]
    return [Choice(c.name, c.name) for c in Seeing.by(cohorts.session, ctx).among(running).cohorts]


def suggest_start(ctx: Context, typed: str) -> list[Choice]:
    """Return sensible first days."""
    return [Choice(d, d) for d in ("today", "tomorrow", "next monday") if typed.lower() in d]


def suggest_rhythm(ctx: Context, typed: str) -> list[Choice]:
    """Return a few usual weeks."""
    return [Choice(r, r) for r in RHYTHMS if typed.strip().lower() in r]


def suggest_roadmap(ctx: Context, typed: str, *, library: Library) -> list[Choice]:
    """Return the roadmaps by their titles."""
    titles = [track.title for track in library.values()]
    return [Choice(markup.clip(t, 100), t) for t in titles if typed.strip().lower() in t.lower()][:25]


RHYTHMS = (
    "mon 09:00 - sun 21:00", "mon 09:00 - fri 18:00", "wed 18:00 - tue 18:00", "fri 17:00 - thu 20:00",
    "sat 10:00 - fri 20:00",
)  # fmt: skip
ZONE = Param("Time zone", example="Europe/Berlin", suggest=suggest_zone)
START = Param("Day of the first post", example="next monday", suggest=suggest_start)
RHYTHM = Param("Post and deadline, each week", example="mon 09:00 - sun 21:00", max=40, suggest=suggest_rhythm)
FIRST_UNIT = Param("First unit (by number or title)", suggest=suggest_unit, in_form=False)
ROADMAP = Param("Roadmap (by its title)", example="genai-2026", max=100, suggest=suggest_roadmap, in_form=False)
PACE = Param("Pace (weekly, every two weeks or by dates)", in_form=False)
COHORT = Param("Cohort (the one of this channel if empty)", suggest=suggest_cohort, max=60, in_form=False)
CONFIRM = Param("Go ahead without a preview", example="yes", in_form=False)


async def check_room(inspector: Inspector, ctx: Context, room: str) -> None:
    """Refuse a room in which the bot could not do its work yet; the sentence says what is missing."""
    place = place_of(ctx, room)
    await inspector.prepare(place)
    wrong = [f for f in await inspector.look(place) if not f.ok]
    if wrong:
        mends = "\n".join(f"- {f.said}" for f in wrong)
        raise BadInput(f"I could not do my work in that channel yet:\n{mends}", field="channel")


def initial_edit(ctx: Context, *, cohorts: Cohorts) -> Mapping[str, str]:
    """Return the cohort's settings as the form opens."""
    cohort = cohorts.here(ctx).cohort
    return {
        "name": cohort.name, "timezone": cohort.zone, "start": cohort.starts_on.isoformat(), "channel": cohort.room,
        "rhythm": cohort.rhythm,
    }  # fmt: skip


@command(
    "cohort edit", form=True, role="moderator", slow=True, cohort="needed", title="Change the cohort",
    form_note="Units that are out keep their dates. You see what changes before you confirm.", initial=initial_edit,
)  # fmt: skip
async def cohort_edit(
    ctx: Context,
    name: Annotated[str | None, Param("Name (of the group)", example="Night owls", max=60)] = None,
    timezone: Annotated[Zone | None, ZONE] = None,
    start: Annotated[date | None, START] = None,
    channel: Annotated[RoomRef | None, Param("Channel (where the group meets)", example="#study")] = None,
    rhythm: Annotated[str | None, RHYTHM] = None,
    pace: Annotated[Pace | None, PACE] = None,
    first_unit: Annotated[UnitRef | None, FIRST_UNIT] = None,
    roadmap: Annotated[str | None, ROADMAP] = None,
    reminders: Annotated[
        Literal["on", "off"] | None, Param("Reminders in thread and by message", in_form=False)
    ] = None,
    moderators: Annotated[
        str | None, Param("Moderators to add", example="@ada @ben", in_form=False, mentions=True)
    ] = None,
    notify: Annotated[
        str | None, Param("Role that a unit's post pings, or off", example="@learners", max=80, in_form=False)
    ] = None,
    reason: Annotated[str, Param("Reason, told with dates that move", example="exams", max=200, in_form=False)] = "",
    cohort: Annotated[CohortRef | None, COHORT] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Change a cohort; shows which dates move before you confirm."""
    wish = Wish(name, timezone, start, channel, rhythm, pace, first_unit, roadmap)

    def draft(work: Work) -> tuple[Proposal, Place, str | None]:
        cohorts = Cohorts(work, library)
        timeline = cohorts.here(ctx)
        home = cohorts.place(timeline.cohort)
        role_id = notified.chosen(notify, home) if notify else None
        return Proposals(cohorts).changed(ctx, timeline, wish), home, role_id

    proposal, home, role_id = await database.run(draft, writes=False)
    if proposal.room != home.room:
        await check_room(inspector, ctx, proposal.room)
    if role_id is not None:
        await notified.check(inspector, replace(home, room=proposal.room), role_id)
    extras = Extras(reminders, moderators, notify, reason)
    run = _edit if confirm else _preview_edit
    return await database.run(lambda work: run(ctx, Cohorts(work, library), wish, extras))


@dataclass(frozen=True)
class Extras:
    """What else an edit may change, as it was typed; it moves no date."""

    reminders: str | None
    moderators: str | None
    notify: str | None
    reason: str = ""


def _preview_edit(ctx: Context, cohorts: Cohorts, wish: Wish, extras: Extras) -> Reply:
    timeline = cohorts.here(ctx)
    proposal = Proposals(cohorts).changed(ctx, timeline, wish)
    after = Proposals(cohorts).timeline(ctx, proposal, timeline)
    pairs = dates_that_change(timeline.planned(ctx.now), after.planned(ctx.now))
    zone = proposal.zone
    lines = [wording.moved_line(after.label(b), a, b, zone) for a, b in pairs[:4]]
    more = f"\nand {wording.later(len(pairs) - 4)}." if len(pairs) > 4 else ""
    also = [f"Channel: {markup.room(proposal.room, 'a new channel')}"] if proposal.room != timeline.cohort.room else []
    also += [f"Reminders: {extras.reminders}"] if extras.reminders else []
    also += [f"Moderators to add: {wording.people(extras.moderators)}"] if extras.moderators else []
    if extras.notify:
        also.append(
            f"A unit's post notifies: {notified.shown(notified.chosen(extras.notify, cohorts.place(timeline.cohort)))}"
        )
    draft = SqlDrafts().keep(cohorts.work, ctx.actor.account_id, ctx.call, None, ctx.now)
    return Reply(
        (
            wording.settings(proposal, after, wording.settings(Proposal.of(timeline.cohort), timeline)),
            Text("**Dates that change**\n" + "\n".join(lines) + more if pairs else "No date changes."),
            *([Text("\n".join(also))] if also else []),
        ),
        (
            Button("Confirm", Call("cohort edit", {"draft": draft, "confirm": "yes"}, timeline.cohort.id), "primary"),
            Button("Change", Call("cohort edit", {"draft": draft}, timeline.cohort.id, ask=True)),
        ),
        title=f"Change {markup.escape(timeline.cohort.name)}?",
    )


def _edit(ctx: Context, cohorts: Cohorts, wish: Wish, extras: Extras) -> Reply:
    timeline = cohorts.here(ctx)
    cohort = timeline.cohort
    proposal = Proposals(cohorts).changed(ctx, timeline, wish)
    before, old = timeline.planned(ctx.now), cohorts.place(cohort)
    proposal.apply(cohort)
    if not timeline.opened:
        cohort.confirmed_at = ctx.now
    if extras.reminders is not None:
        cohort.has_reminders = extras.reminders == "on"
    if extras.notify is not None:
        cohort.notified_role = notified.chosen(extras.notify, old)
    added = _add_moderators(ctx, cohorts, cohort, extras.moderators or "")
    cohorts.wake(cohort, ctx.now)
    cohorts.session.flush()
    after = cohorts.timeline(cohort)
    moved = dates_that_change(before, after.planned(ctx.now))
    count = "1 date" if len(moved) == 1 else f"{len(moved)} dates"
    told = f"{count} moved; the channel is told once." if moved else "No date moved."
    _tell_the_room(ctx, cohorts, after, moved, extras.reason, old)
    brought = cohorts.bring_posts(cohort, old) if cohort.room != old.room else 0
    if brought:
        told += f" What waited for the old channel ({brought}) goes out in the new one."
    return replace(
        say(told, f"Now moderating as well: {added}." if added else "", title="Changed", tone="good"), replaces=True
    )


def _tell_the_room(
    ctx: Context, cohorts: Cohorts, after: Timeline, moved: list[tuple[Slot, Slot]], reason: str, old: Place
) -> None:
    """Announce the dates that moved, and bring the welcome up to date."""
    cohort, work = after.cohort, cohorts.work
    if moved:
        key = f"c{cohort.id}:dates:{int(ctx.now.timestamp())}"
        post = wording.new_dates(after, moved, reason)
        work.announce(Announcement(key, cohorts.place(cohort), post, ctx.now, ctx.now + timedelta(days=2)))
    if cohort.closed_at is None and cohort.room == old.room:
        welcome = wording.welcome(after, ctx.now, Rounds(cohorts).origin(cohort))
        work.revise(f"c{cohort.id}:welcome", welcome, due_at=ctx.now, every_s=0)


def _add_moderators(ctx: Context, cohorts: Cohorts, cohort: Cohort, text: str) -> str:
    added = []
    for role in re.findall(r"<@&(\d+)>", text):
        cohorts.add_moderator(cohort, f"role:{role}")
        added.append(wording.role(role))
    people = People(cohorts.work)
    scope = ctx.place.tenant or "" if ctx.place.platform != "discord" else ""
    for external_id, label in re.findall(r"<@!?([A-Za-z0-9]+)(?:\|([^>]*))?>", text):
        name = markup.clip(markup.clean(label).strip(), 80) or "someone"
        insert_once(
            cohorts.session, Account, platform=ctx.place.platform, scope=scope, external_id=external_id, name=name
        )
        row = people.find_account(ctx.place.platform, scope, external_id)
        if row is not None:
            cohorts.add_moderator(cohort, f"account:{row.id}")
            added.append(markup.name(external_id, row.name))
    for word in re.sub(r"<[^>]*>", " ", text).replace(",", " ").split():
        _, account = cohorts.find_member(cohort, word.lstrip("@"))
        cohorts.add_moderator(cohort, f"account:{account.id}")
        added.append(markup.name(account.external_id, account.name))
    return ", ".join(added)


@command("cohort status", role="moderator", writes=False, cohort="needed", after_end=True)
def cohort_status(ctx: Context, cohort: Annotated[CohortRef | None, COHORT] = None, *, cohorts: Cohorts) -> Reply:
    """Show a cohort's settings, where it is and what comes next."""
    timeline = cohorts.here(ctx)
    row = timeline.cohort
    members = cohorts.list_members(row.id)
    planned = timeline.planned(ctx.now)
    proposal = Proposal.of(row)
    names = ", ".join(
        [markup.name(a.external_id, a.name) for a in cohorts.moderators(row)]
        + [wording.role(one) for one in cohorts.moderator_roles(row)]
    )
    facts = (
        ("Now", wording.position(timeline, ctx.now)),
        ("Members", f"{len(members)}, {sum(m.wants_reminders for m, _ in members)} of them reminded by message"),
        ("Reminders", "on" if row.has_reminders else "off"),
        ("A unit's post notifies", notified.shown(row.notified_role)),
        ("Moderators", names),
    )
    coming = (Text("**Next**"), wording.first_posts(timeline, planned)) if row.closed_at is None else ()
    return Reply(
        (Fields(facts), wording.settings(proposal, timeline), *coming),
        (Button("Report", Call("report", {}, row.id)), *_ways_on(row)),
        title=markup.escape(row.name),
    )


def _ways_on(row: Cohort) -> tuple[Button, ...]:
    if row.closed_at is not None or row.ended_at is not None:
        return (start_next(row),)
    return (
        Button("See the next post", Call("preview", {}, row.id)),
        Button("Change", Call("cohort edit", {}, row.id, ask=True)),
    )


COMMANDS: tuple[Command, ...] = (cohort_edit, cohort_status)
