"""What moderators say to a cohort that there is: edit, status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from bot.core import markup
from bot.core.call import SEEN
from bot.core.command import Command, Param, command
from bot.core.context import Context, Place
from bot.core.platform import Inspector
from bot.core.reply import Block, Button, Fields, Reply, Text
from bot.core.values import RoomRef, UnitRef, Zone
from bot.db.work import Database, Work
from bot.features import ways
from bot.features.cohort import home, notified, wording
from bot.features.cohort.calendar.pacing import Pace
from bot.features.cohort.calendar.timeline import Timeline
from bot.features.cohort.editing import Editing, Extras
from bot.features.cohort.params import BREAKS, COHORT, CONFIRM, FIRST_UNIT, PACE, RHYTHM, ROADMAP, SHOWS, START, ZONE
from bot.features.cohort.pending import CHANGED, Pending, is_stale, mark
from bot.features.cohort.proposal import Proposal, Proposals, Wish
from bot.features.cohort.rounds import start_next
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort, Shows
from bot.features.roadmap.track import Library


def initial_edit(ctx: Context, *, cohorts: Cohorts) -> Mapping[str, str]:
    """Return the cohort's settings as the form opens."""
    cohort = cohorts.here(ctx).cohort
    return {
        "name": cohort.name,
        "timezone": cohort.zone,
        "start": cohort.starts_on.isoformat(),
        "channel": cohort.room,
        "rhythm": cohort.rhythm,
        SEEN: mark(Proposal.of(cohort)),
    }


CHANGES = (
    r"(?:change|move|edit|rename|shift|postpone|set) (?:the |our )?(?:start|deadline|rhythm|channel|schedule|pace|dates"
    r"|cohort|group|course|name of the group|group's name)",
    r"(?:make|add|appoint|name) (?:me|someone|somebody|him|her|them|a friend|another|other|an?|more)?(?: an?| as an?)?"
    r" ?(?:moderators?|leads?|admins?|organi[sz]ers?)|(?:become|be) (?:a |the )?(?:moderator|lead|admin|organi[sz]er)",
)
"""How people ask who want the group to be another."""


@command(
    "cohort edit",
    form=True,
    role="moderator",
    slow=True,
    cohort="needed",
    which=COHORT,
    title="Change the cohort",
    form_note="Units that are out keep their dates. You see what changes before you confirm.",
    initial=initial_edit,
    asked=CHANGES,
)
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
    breaks: Annotated[bool | None, BREAKS] = None,
    reminders: Annotated[bool | None, Param("Reminders in thread and by message", example="no", in_form=False)] = None,
    hints: Annotated[bool | None, Param("A hint before the exercise's answer", example="no", in_form=False)] = None,
    quiz_points: Annotated[bool | None, Param("A point for a day with a quiz", example="yes", in_form=False)] = None,
    warmups: Annotated[bool | None, Param("A warm-up below a unit's post", example="no", in_form=False)] = None,
    pictures: Annotated[bool | None, Param("Pictures in posts and answers", example="no", in_form=False)] = None,
    channel_shows: Annotated[Shows | None, SHOWS] = None,
    moderators: Annotated[
        str | None, Param("Moderators to add", example="@ada @ben", in_form=False, mentions=True)
    ] = None,
    notify: Annotated[
        str | None,
        Param("Role that a unit's post pings, or off", example="@learners", max=80, in_form=False, mentions=True),
    ] = None,
    reason: Annotated[str, Param("Reason, told with dates that move", example="exams", max=200, in_form=False)] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Change a cohort; shows which dates move before you confirm."""
    if channel is not None:
        home.named(inspector, ctx, channel)
    wish = Wish(name, timezone, start, channel, rhythm, pace, first_unit, roadmap, breaks=breaks)

    def look(work: Work) -> tuple[Proposal, Place, str | None]:
        cohorts = Cohorts(work, library)
        timeline = cohorts.here(ctx)
        old = cohorts.place(timeline.cohort)
        role_id = notified.chosen(notify, old) if notify else None
        return Proposals(cohorts).changed(ctx, timeline, wish), old, role_id

    proposal, old, role_id = await database.run(look, writes=False)
    if proposal.room != old.room:
        await home.check(inspector, home.place_of(ctx, proposal.room))
    if role_id is not None:
        await notified.check(inspector, replace(old, room=proposal.room), role_id)
    extras = Extras(reminders, hints, quiz_points, warmups, pictures, channel_shows, moderators, notify, reason)
    run = _edit if confirm else _preview
    return await database.run(lambda work: run(ctx, Cohorts(work, library), wish, extras))


QUIZZED = "_Days with a quiz that this group has had so far earn their point as well._"


def _on(is_on: bool) -> str:
    return "on" if is_on else "off"


def _preview(ctx: Context, cohorts: Cohorts, wish: Wish, extras: Extras) -> Reply:
    editing = Editing(cohorts)
    outlook = editing.outlook(ctx, wish)
    proposal, cohort = outlook.proposal, outlook.before.cohort
    editing.find_named(ctx, cohort, extras.moderators or "")
    was = wording.settings(Proposal.of(cohort), outlook.before)
    also = [f"Channel: {markup.room(proposal.room, 'a new channel')}"] if proposal.room != cohort.room else []
    also += [f"{label}: {now}{wording.was(old, now)}" for label, old, now in _wished(cohort, extras)]
    also += [QUIZZED] if extras.quiz_points and not cohort.has_quiz_points else []
    also += [f"Moderators to add: {wording.people(extras.moderators)}"] if extras.moderators else []
    if extras.notify:
        also.append(f"A unit's post notifies: {notified.shown(notified.chosen(extras.notify, cohorts.place(cohort)))}")
    rests_on = mark(Proposal.of(cohort))
    pending = Pending.keep(cohorts.work, ctx, cohort_edit, cohort.id, rests_on=rests_on)
    return Reply(
        (
            *([Text(CHANGED)] if is_stale(ctx, rests_on) else []),
            wording.settings(proposal, outlook.after, was),
            wording.dates(outlook.after, outlook.moved),
            *([Text("\n".join(also))] if also else []),
        ),
        (pending.confirm(), pending.change()),
        title=f"Change {markup.escape(cohort.name)}?",
    )


def _wished(cohort: Cohort, extras: Extras) -> list[tuple[str, str, str]]:
    """Return what else is asked for: label, value as it is, value as it would be."""
    switches = (
        ("Reminders", cohort.has_reminders, extras.reminders),
        ("A hint before the exercise's answer", cohort.has_hints, extras.hints),
        ("A point for a day with a quiz", cohort.has_quiz_points, extras.quiz_points),
        ("A warm-up below a unit's post", cohort.has_warm_ups, extras.warm_ups),
        ("Pictures", cohort.has_pictures, extras.pictures),
    )
    shown = [("Posts show", wording.shows(cohort.channel_shows), wording.shows(extras.shows))] if extras.shows else []
    return [*((label, _on(was), _on(now)) for label, was, now in switches if now is not None), *shown]


def _edit(ctx: Context, cohorts: Cohorts, wish: Wish, extras: Extras) -> Reply:
    timeline = cohorts.here(ctx)
    if is_stale(ctx, mark(Proposal.of(timeline.cohort))):
        return _preview(ctx, cohorts, wish, extras)
    before = _rows(cohorts, timeline)
    done = Editing(cohorts).carry_out(ctx, wish, extras)
    count = "1 date" if len(done.moved) == 1 else f"{len(done.moved)} dates"
    told = f"{count} moved; the channel is told once." if done.moved else "No date moved."
    if done.brought:
        told += f" What waited for the old channel ({done.brought}) goes out in the new one."
    added = f"Now moderating as well: {', '.join(done.moderators)}." if done.moderators else ""
    changed = wording.changes(before, _rows(cohorts, cohorts.here(ctx)))
    blocks: list[Block] = [Fields(changed)] if changed else []
    blocks += [Text(one) for one in (told, added) if one]
    return Reply(tuple(blocks), title="Changed" if changed or added else "Nothing changed", tone="good", replaces=True)


def _rows(cohorts: Cohorts, timeline: Timeline) -> wording.Rows:
    """Return what an edit can change: each setting, those of the calendar first."""
    row = timeline.cohort
    where = ("Channel", markup.room(row.room, "a channel"))
    return (*wording.settings(Proposal.of(row), timeline).rows, where, *_chosen(row))


@command("cohort status", role="moderator", writes=False, cohort="needed", which=COHORT, after_end=True)
def cohort_status(ctx: Context, *, cohorts: Cohorts) -> Reply:
    """Show a cohort's settings, where it is and what comes next."""
    timeline = cohorts.here(ctx)
    row = timeline.cohort
    planned = timeline.planned(ctx.now)
    now = ("Now", wording.position(timeline, ctx.now))
    coming = (Text("**Next**"), wording.first_posts(timeline, planned)) if row.closed_at is None else ()
    return Reply(
        (
            Fields((now, *facts(cohorts, row))),
            wording.settings(Proposal.of(row), timeline),
            *coming,
        ),
        (Button("Report", ways.REPORT.call(row.id)), *_ways_on(row)),
        title=markup.escape(row.name),
    )


def facts(cohorts: Cohorts, row: Cohort) -> tuple[tuple[str, str], ...]:
    """Return who is in a cohort, and what it has chosen beside its calendar."""
    members, reminded = cohorts.count_members(row.id)
    return (
        ("Members", f"{members}, {reminded} of them reminded by message"),
        *_chosen(row),
        ("Moderators", ", ".join(_moderating(cohorts, row))),
    )


def _chosen(row: Cohort) -> wording.Rows:
    return (
        ("Reminders", _on(row.has_reminders)),
        ("A hint before the exercise's answer", _on(row.has_hints)),
        ("A point for a day with a quiz", _on(row.has_quiz_points)),
        ("A warm-up below a unit's post", _on(row.has_warm_ups)),
        ("Pictures", _on(row.has_pictures)),
        ("Posts show", wording.shows(row.channel_shows)),
        ("Weekly digest for moderators", _on(row.has_digest)),
        ("A unit's post notifies", notified.shown(row.notified_role)),
    )


def _moderating(cohorts: Cohorts, row: Cohort) -> list[str]:
    """Return who moderates a cohort by name or role."""
    names = [markup.name(a.external_id, a.name) for a in cohorts.moderators(row)]
    return names + [wording.role(one) for one in cohorts.moderator_roles(row)]


def _ways_on(row: Cohort) -> tuple[Button, ...]:
    if row.closed_at is not None or row.ended_at is not None:
        return (start_next(row),)
    return (
        Button("See the next post", ways.PREVIEW.call(row.id)),
        Button("Change", cohort_edit.ask(row.id)),
    )


COMMANDS: tuple[Command, ...] = (cohort_edit, cohort_status)
