"""What questions on the rules and on what a group does together are answered with."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.context import Context
from bot.features import command_links, rules
from bot.features.group_access.subject import find_current_unit
from bot.features.groups import wording
from bot.features.groups.calendar.pacing import GRACE
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Cohorts, name_moderators
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.wording import line
from bot.features.standings.group_standings import Roll
from bot.messages import markup
from bot.messages.numerals import counted, lasting, spelt
from bot.messages.reply import Button, Reply, Text, say

MEMBERS_ONLY = "How many take part is for members to see."


def lapse(cohort_id: int | None) -> Reply:
    """Say what a streak is and what a missed unit does to it, in any group where none is meant."""
    return say(
        f"Each unit with a check-in by its deadline, or in the {lasting(GRACE)} after it, adds one to a streak.\n"
        f"- A missed unit takes a freeze; without one the streak starts anew. You begin with "
        f"{spelt(rules.FIRST_FREEZES)}, {counted(rules.KEPT_PER_FREEZE, 'kept unit')} earn another, and "
        f"{spelt(rules.MOST_FREEZES)} are the most.\n"
        f"- Sick or busy: say {markup.typed('away')}, and your streak waits. A pause of the group or a moderator's "
        "excuse holds it too.\n"
        f"- A streak that ended can be repaired once a leg, for {lasting(rules.REPAIRABLE)}.",
        buttons=(
            Button("My progress", command_links.PROGRESS.call(cohort_id), "primary"),
            Button("Be away", command_links.AWAY.ask(cohort_id)),
        ),
    )


def late(ctx: Context, timeline: Timeline | None) -> Reply:
    """Say until when a unit can be checked in to; None stands for any group."""
    points = rules.BASE_POINTS
    rule = (
        f"A check-in keeps your streak until {lasting(GRACE)} after the deadline; it earns {points['late']} points "
        f"then, {points['kept']} before. Any later you can still catch up on each unit that was out, for "
        f"{points['caught up']} points: {markup.typed('checkin')} takes its number."
    )
    where = f"\n{wording.describe_position(timeline, ctx.now)}" if timeline is not None else ""
    return say(f"{rule}{where}", buttons=(Button("Check in", command_links.CHECKIN.ask(_of(timeline)), "primary"),))


def must(ctx: Context, timeline: Timeline | None) -> Reply:
    """Say what a check-in takes, and what of the running unit is enough; None stands for any group."""
    rule = (
        "Any work on a unit counts as a check-in, finished or not: say how many minutes and what you did. Neither the "
        "exercise nor a quiz has to be done for it, nor all of the reading."
    )
    unit = find_current_unit(ctx, timeline) if timeline is not None else None
    short = f"\n_Only 30 minutes?_ {markup.prose(unit.exercise.short)}" if unit and unit.exercise.short else ""
    return say(f"{rule}{short}", buttons=(Button("Check in", command_links.CHECKIN.ask(_of(timeline)), "primary"),))


def _of(timeline: Timeline | None) -> int | None:
    return timeline.cohort.id if timeline is not None else None


def worth(timeline: Timeline | None) -> Reply:
    """Say what a check-in earns, by when it comes; None stands for any group."""
    hours, points = GRACE // timedelta(hours=1), rules.BASE_POINTS
    quiz = f" A day with a quiz earns {rules.QUIZ_DAY_POINTS}." if timeline and timeline.cohort.has_quiz_points else ""
    return say(
        f"A check-in on time earns {points['kept']} points, within {hours} hours after the deadline {points['late']}, "
        f"later {points['caught up']}. Up to {spelt(rules.MOST_EXTRA_DAYS)} further days of work on a unit earn 1 each."
        + quiz,
        buttons=(Button("My progress", command_links.PROGRESS.call(_of(timeline)), "primary"),),
    )


def count(ctx: Context, timeline: Timeline, cohorts: Cohorts) -> Reply:
    """Say how many have checked in to the running unit, without names, to those who take part."""
    if ctx.actor.roles.isdisjoint({"member", "moderator"}):
        return say(MEMBERS_ONLY)
    running = timeline.running(ctx.now)
    if running is None:
        return say(wording.describe_position(timeline, ctx.now))
    roll = Roll(cohorts, timeline, ctx.now).public
    if not roll.count_part(running.slot.unit_id):
        none = "I show no count here: the group turned counts off, or its members are hidden from the leaderboard."
        return say(none, buttons=(Button("My progress", command_links.PROGRESS.call(timeline.cohort.id), "primary"),))
    sentence = f"{roll.count_kept(running.slot.unit_id)} of {roll.count_part(running.slot.unit_id)} have checked in to"
    check_in = Button("Check in", command_links.CHECKIN.ask(timeline.cohort.id), "primary")
    return say(f"{sentence} **{markup.escape(timeline.label(running.slot))}**.", buttons=(check_in,))


def meeting(ctx: Context, timeline: Timeline, cohorts: Cohorts) -> Reply:
    """Say when the group meets live."""
    coming = Hours(cohorts.work, cohorts).list_coming(timeline.cohort.id, ctx.now)
    if coming:
        return Reply((Text("\n".join(f"Live hour {line(timeline.cohort, hour)}" for hour in coming)),))
    who = " or ".join(name_moderators(cohorts.session, timeline.cohort)) or "A moderator"
    return say(f"No live hour is planned. {who} can plan one with {markup.typed('session plan')}.")
