"""Answer questions about a group: its units, dates, rules, people, leaderboard and the asker's own record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.commands.command import Command
from bot.commands.context import Context, Role
from bot.commands.registry import Registry
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.features import command_links, rules
from bot.features.ask.group_questions import GroupQuestion
from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.service import Progress
from bot.features.command_page import page
from bot.features.group_access.actor import list_moderated, list_own_groups, list_reachable
from bot.features.group_access.subject import MOST_OFFERED, find_current_unit
from bot.features.groups import wording
from bot.features.groups.calendar.pacing import GRACE
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.service import Groups, name_moderators
from bot.features.groups.tables import Group
from bot.features.groups.visibility import list_governed
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.wording import line
from bot.features.quiz import commands as quiz_commands
from bot.features.standings.group_standings import Roll, read_board
from bot.features.standings.leaderboard import BoardRow
from bot.features.standings.wording import render_table
from bot.features.units import wording as unit_wording
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.numerals import counted, lasting, numbered, spelt
from bot.messages.reply import Button, Reply, Text, say


def of_unit(ctx: Context, asked: GroupQuestion, timeline: Timeline) -> Reply:
    """Return what a unit asks of its learners: the one that is named, else the running one, else the next."""
    units = timeline.roadmap.units
    if asked.unit is not None and not 1 <= asked.unit <= len(units):
        return no_such(timeline)
    unit = units[asked.unit - 1] if asked.unit is not None else find_current_unit(ctx, timeline)
    if unit is None:
        return say(wording.describe_position(timeline, ctx.now))
    details = {"exercise": _format_exercise, "resources": _format_resources, "hours": _format_hours}[asked.subject](
        unit
    )
    name = f"**{markup.escape(timeline.roadmap.label(unit))}**"
    opened = timeline.find(unit.id)
    due = f"_Due {wording.format_when(opened.slot.deadline_at, timeline.group.zone)}._" if opened else ""
    blocks = tuple(Text(text) for text in (f"{name}\n{details}", due) if text)
    return Reply(blocks, (Button("The unit", command_links.TOPIC.call(timeline.group.id, unit=unit.id), "primary"),))


def quiz(ctx: Context, timeline: Timeline, track: Track) -> Reply:
    """Say whether the unit at hand has questions, with the way to them."""
    unit = find_current_unit(ctx, timeline)
    if unit is None or unit.id not in track.banks:
        return say(f"No questions are written for it. {wording.describe_position(timeline, ctx.now)}")
    count = counted(len(track.banks[unit.id].items), "question")
    sentence = f"**{markup.escape(timeline.roadmap.label(unit))}** has {count} to try yourself on, whenever you like."
    return say(sentence, buttons=(Button("Quiz", quiz_commands.way(ctx, track, unit), "primary"),))


def last(ctx: Context, timeline: Timeline) -> Reply:
    """Say which unit came before the one at hand."""
    running = timeline.running(ctx.now)
    over = [opened for opened in timeline.opened if opened is not running]
    if not over:
        return say(f"No unit came before. {wording.describe_position(timeline, ctx.now)}")
    slot = over[-1].slot
    summary = markup.prose(timeline.unit(slot).summary)
    text = f"Before came {wording.format_slot(timeline, slot)}.\n{summary}".strip()
    return say(
        text, buttons=(Button("That unit", command_links.TOPIC.call(timeline.group.id, unit=slot.unit_id), "primary"),)
    )


def capstone(timeline: Timeline) -> Reply:
    """Say what grows through the whole roadmap."""
    goal, way = timeline.roadmap.capstone, Button("Roadmap", command_links.ROADMAP.call(timeline.group.id))
    if goal is None:
        return say("This roadmap has no capstone.", buttons=(way,))
    return say(f"**{markup.escape(goal.title)}**\n{markup.prose(goal.summary)}", buttons=(way,))


def no_such(timeline: Timeline) -> Reply:
    """Say how many units there are where another one is named."""
    way = Button("Roadmap", command_links.ROADMAP.call(timeline.group.id))
    return say(f"The roadmap has {len(timeline.roadmap.units)} units.", buttons=(way,))


def _format_exercise(unit: Unit) -> str:
    if not unit.exercise.task:
        return "No exercise is written for it."
    done = f"\n_Done when:_ {markup.prose(unit.exercise.done_when)}" if unit.exercise.done_when else ""
    return f"{markup.prose(unit.exercise.task)}{done}"


def _format_resources(unit: Unit) -> str:
    return unit_wording.resources(unit) or "No resources are listed for it."


def _format_hours(unit: Unit) -> str:
    minutes = sum(resource.minutes for resource in unit.resources if resource.need == "must")
    reading = f" What must be read of it takes some {minutes} minutes." if minutes else ""
    short = f"\n_Only 30 minutes?_ {markup.prose(unit.exercise.short)}" if unit.exercise.short else ""
    whole = f"About {counted(unit.hours, 'hour')}, reading and exercise together." if unit.hours else ""
    return (f"{whole}{reading}".strip() or "Nobody has said how long it takes.") + short


SEVERAL = 4
"""Groups whose records answer one question."""

RULES = frozenset({"lapse", "late", "must", "worth"})

NO_ROLES: frozenset[Role] = frozenset()

MODERATOR: frozenset[Role] = frozenset({"moderator"})


def answered(
    ctx: Context, asked: GroupQuestion, groups: Groups, registry: Registry, *, is_alone: bool = False
) -> Reply | None:
    """Return the answer to a question about the group, or None where there is no group whose record has it.

    The rules are everybody's.

    Args:
        is_alone: nobody but the asker reads the answer.

    Raises:
        NotFound: several may be meant, and others would read their names.
    """
    if ctx.actor.group_id is not None or asked.command is not None:
        return of_group(ctx, asked, groups, registry, is_alone=is_alone)
    if asked.subject in RULES:
        return _answer_rule(ctx, asked, None)
    own = list_reachable(groups.work, ctx)
    meant = own or list_governed(groups.session, ctx, list_moderated(groups.work, ctx))
    if meant and not ctx.place.is_direct:
        which = (Button(markup.clip(c.name, 40), replace(ctx.call, group=c.id)) for c in meant[:MOST_OFFERED])
        raise NotFound("Which cohort do you mean?", buttons=tuple(which))
    if not meant:
        return None
    held = {tie.group.id: tie.roles for tie in list_own_groups(groups.work, ctx)}
    there = [(group, held.get(group.id, NO_ROLES if own else MODERATOR)) for group in meant[:SEVERAL]]
    return _answer_for_several(ctx, asked, groups, registry, there)


def _answer_for_several(
    ctx: Context,
    asked: GroupQuestion,
    groups: Groups,
    registry: Registry,
    meant: Sequence[tuple[Group, frozenset[Role]]],
) -> Reply:
    """Return each group's answer on its own line; equal answers share a line."""
    names_by_text: dict[str, list[str]] = {}
    buttons: list[Button] = []
    for group, roles in meant:
        there = replace(ctx, actor=replace(ctx.actor, group_id=group.id, roles=ctx.actor.roles | roles))
        try:
            reply = of_group(there, asked, groups, registry, is_alone=True)
        except Astray as astray:
            reply = say(astray.sentence)
        text = "\n".join(block.markdown for block in reply.blocks if isinstance(block, Text))
        names_by_text.setdefault(text, []).append(f"**{markup.escape(group.name, 60)}**")
        buttons += [replace(b, label=markup.clip(f"{b.label}: {group.name}", 40)) for b in reply.buttons]
    if len(names_by_text) == 1:
        return say(next(iter(names_by_text)), buttons=tuple(buttons))
    return say(
        "\n".join(f"{' and '.join(names)}: {text}" for text, names in names_by_text.items()), buttons=tuple(buttons)
    )


def of_group(
    ctx: Context, asked: GroupQuestion, groups: Groups, registry: Registry, *, is_alone: bool = False
) -> Reply:
    """Return the answer; parts that only some may see are behind a button if the answer may be public."""
    command = registry.find(asked.command) if asked.command is not None else None
    if command is not None:
        return _show_help(ctx, command)
    timeline = groups.here(ctx)
    match asked.subject:
        case "mine" | "board":
            return _answer_standing(ctx, asked, timeline, groups, is_alone=is_alone)
        case "checked in":
            return _answer_who(ctx, timeline, groups)
        case "exercise" | "resources" | "hours":
            return of_unit(ctx, asked, timeline)
        case "quiz":
            return quiz(ctx, timeline, groups.tracks_of(timeline.group)[timeline.roadmap.id])
        case "last":
            return last(ctx, timeline)
        case "capstone":
            return capstone(timeline)
        case "lapse" | "worth" | "late" | "must":
            return _answer_rule(ctx, asked, timeline)
        case "count":
            return answer_count(ctx, timeline, groups)
        case "meeting":
            return answer_meeting(ctx, timeline, groups)
        case "people" | "moderators" | "roadmap":
            return _describe_group(ctx, asked, timeline, groups)
        case "unit" if asked.unit is not None:
            return _answer_unit(ctx, asked.unit, groups)
        case _:
            return _answer_position(ctx, asked, timeline)


def _answer_position(ctx: Context, asked: GroupQuestion, timeline: Timeline) -> Reply:
    """Say where the group is, what comes next or last."""
    group_id, planned = timeline.group.id, timeline.planned(ctx.now)
    if asked.subject in ("next", "end") and planned:
        lead, slot = ("Next comes", planned[0]) if asked.subject == "next" else ("The last is", planned[-1])
        that = Button("That unit", command_links.TOPIC.call(group_id, unit=slot.unit_id))
        return say(f"{lead} {wording.format_slot(timeline, slot)}.", buttons=(that,))
    here = () if asked.subject == "next" else (Button("The unit", command_links.TOPIC.call(group_id), "primary"),)
    return say(wording.describe_position(timeline, ctx.now), buttons=here)


def _answer_standing(
    ctx: Context, asked: GroupQuestion, timeline: Timeline, groups: Groups, *, is_alone: bool
) -> Reply:
    """Show a member's standing privately; put it behind a button if others read the answer."""
    group_id, is_open = timeline.group.id, is_alone and "member" in ctx.actor.roles
    if asked.subject == "mine":
        if is_open:
            return answer_own_standing(ctx, timeline, groups)
        button = Button("My progress", command_links.PROGRESS.call(group_id), "primary")
        return say("That is yours alone to see.", buttons=(button,))
    if is_open:
        return answer_leaderboard(ctx, timeline, groups)
    return say(
        "The leaderboard is for members.", buttons=(Button("Leaderboard", command_links.LEADERBOARD.call(group_id)),)
    )


def _answer_who(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Say who may see who has checked in."""
    group_id = timeline.group.id
    if "moderator" in ctx.actor.roles:
        return say(
            "The report names them, for moderators.", buttons=(Button("Report", command_links.REPORT.call(group_id)),)
        )
    who = " or ".join(name_moderators(groups.session, timeline.group)) or "moderators"
    button = Button("My progress", command_links.PROGRESS.call(group_id), "primary")
    return say(f"Who has checked in is for {who} to see. Your own record is yours.", buttons=(button,))


def _answer_rule(ctx: Context, asked: GroupQuestion, timeline: Timeline | None) -> Reply:
    """Tell a rule of the game; None stands for any group."""
    match asked.subject:
        case "lapse":
            return answer_lapse(timeline.group.id if timeline is not None else None)
        case "late":
            return answer_late(ctx, timeline)
        case "must":
            return answer_must(ctx, timeline)
        case _:
            return answer_worth(timeline)


def _describe_group(ctx: Context, asked: GroupQuestion, timeline: Timeline, groups: Groups) -> Reply:
    """Describe a group; only its members and moderators learn the number of members."""
    group, roadmap = timeline.group, timeline.roadmap
    if asked.subject == "roadmap":
        way = Button("Roadmap", command_links.ROADMAP.call(group.id))
        sentence = f"**{markup.escape(group.name)}** is on **{markup.escape(roadmap.title)}**"
        return say(f"{sentence}, {counted(len(roadmap.units), 'unit')}.", buttons=(way,))
    who = " and ".join(name_moderators(groups.session, group))
    if asked.subject == "moderators":
        return say(f"{who} can help: they moderate here." if who else "Whoever manages this server moderates here.")
    if ctx.actor.roles.isdisjoint({"member", "moderator"}):
        return say(MEMBERS_ONLY)
    count = len(groups.list_members(group.id))
    return say(f"{counted(count, 'member').capitalize()} in **{markup.escape(group.name)}**.")


def _show_help(ctx: Context, command: Command) -> Reply:
    """Return a command's help; a command that acts at once needs one more press, because anybody may press it."""
    read = replace(page(ctx, command), title="")
    if command.form or not command.writes:
        return read
    further = Button(command.title, command_links.HELP.call(ctx.actor.group_id, command=command.name), "primary")
    return replace(read, buttons=(further,))


def _answer_unit(ctx: Context, number: int, groups: Groups) -> Reply:
    """Say when a unit comes or came, by its number in the roadmap."""
    timeline = groups.here(ctx)
    units = timeline.roadmap.units
    if not 1 <= number <= len(units):
        return no_such(timeline)
    unit, is_out = units[number - 1].id, units[number - 1] in timeline.left_out
    opened = timeline.find(unit)
    slot = (
        opened.slot
        if opened
        else next((planned for planned in timeline.planned(ctx.now) if planned.unit_id == unit), None)
    )
    without = "is left out" if is_out else "is not planned for this group"
    sentence = f"{wording.format_slot(timeline, slot)}." if slot else f"Unit {number} {without}."
    return say(sentence, buttons=(Button("That unit", command_links.TOPIC.call(timeline.group.id, unit=unit)),))


MEMBERS_ONLY = "How many take part is for members to see."


def answer_lapse(group_id: int | None) -> Reply:
    """Say what a streak is and what a missed unit does to it, in any group where none is meant."""
    return say(
        f"Each unit with a check-in by its deadline, or in the {lasting(GRACE)} after it, adds one to a streak.\n"
        f"- A missed unit takes a freeze; without one the streak starts again. You begin with "
        f"{spelt(rules.FIRST_FREEZES)}, {counted(rules.KEPT_PER_FREEZE, 'kept unit')} earn another, and "
        f"{spelt(rules.MOST_FREEZES)} are the most.\n"
        f"- Sick or busy: say {markup.typed('away')}, and your streak waits. A pause of the group or a moderator's "
        "excuse holds it too.\n"
        f"- A streak that ended can be repaired once a leg, for {lasting(rules.REPAIRABLE)}.",
        buttons=(
            Button("My progress", command_links.PROGRESS.call(group_id), "primary"),
            Button("Be away", command_links.AWAY.ask(group_id)),
        ),
    )


def answer_late(ctx: Context, timeline: Timeline | None) -> Reply:
    """Say until when a unit can be checked in to; None stands for any group."""
    points = rules.BASE_POINTS
    rule = (
        f"A check-in keeps your streak until {lasting(GRACE)} after the deadline; it earns {points['late']} points "
        f"then, {points['kept']} before. Any later you can still catch up on each unit that was out, for "
        f"{points['caught up']} points: {markup.typed('checkin')} takes its number."
    )
    where = f"\n{wording.describe_position(timeline, ctx.now)}" if timeline is not None else ""
    return say(f"{rule}{where}", buttons=(Button("Check in", command_links.CHECKIN.ask(_of(timeline)), "primary"),))


def answer_must(ctx: Context, timeline: Timeline | None) -> Reply:
    """Say what a check-in takes, and what of the running unit is enough; None stands for any group."""
    rule = (
        "Any work on a unit counts as a check-in, finished or not: say how many minutes and what you did. Neither the "
        "exercise nor a quiz has to be done for it, nor all of the reading."
    )
    unit = find_current_unit(ctx, timeline) if timeline is not None else None
    short = f"\n_Only 30 minutes?_ {markup.prose(unit.exercise.short)}" if unit and unit.exercise.short else ""
    return say(f"{rule}{short}", buttons=(Button("Check in", command_links.CHECKIN.ask(_of(timeline)), "primary"),))


def _of(timeline: Timeline | None) -> int | None:
    return timeline.group.id if timeline is not None else None


def answer_worth(timeline: Timeline | None) -> Reply:
    """Say what a check-in earns, by when it comes; None stands for any group."""
    hours, points = GRACE // timedelta(hours=1), rules.BASE_POINTS
    quiz = f" A day with a quiz earns {rules.QUIZ_DAY_POINTS}." if timeline and timeline.group.has_quiz_points else ""
    return say(
        f"A check-in on time earns {points['kept']} points, within {hours} hours after the deadline {points['late']}, "
        f"later {points['caught up']}. Up to {spelt(rules.MOST_EXTRA_DAYS)} further days of work on a unit earn 1 each."
        + quiz,
        buttons=(Button("My progress", command_links.PROGRESS.call(_of(timeline)), "primary"),),
    )


def answer_count(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Say how many have checked in to the running unit, without names, to those who take part."""
    if ctx.actor.roles.isdisjoint({"member", "moderator"}):
        return say(MEMBERS_ONLY)
    running = timeline.running(ctx.now)
    if running is None:
        return say(wording.describe_position(timeline, ctx.now))
    roll = Roll(groups, timeline, ctx.now).public
    if not roll.count_part(running.slot.unit_id):
        none = "I show no count here: the group turned counts off, or its members are hidden from the leaderboard."
        return say(none, buttons=(Button("My progress", command_links.PROGRESS.call(timeline.group.id), "primary"),))
    sentence = f"{roll.count_kept(running.slot.unit_id)} of {roll.count_part(running.slot.unit_id)} have checked in to"
    check_in = Button("Check in", command_links.CHECKIN.ask(timeline.group.id), "primary")
    return say(f"{sentence} **{markup.escape(timeline.label(running.slot))}**.", buttons=(check_in,))


def answer_meeting(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Say when the group meets live."""
    coming = Hours(groups.work, groups).list_coming(timeline.group.id, ctx.now)
    if coming:
        return Reply((Text("\n".join(f"Live hour {line(timeline.group, hour)}" for hour in coming)),))
    who = " or ".join(name_moderators(groups.session, timeline.group)) or "A moderator"
    return say(f"No live session is planned. {who} can plan one with {markup.typed('manage session plan')}.")


LATEST_UNITS = 2
"""Units of one's record that are told; the whole is a press away."""


def answer_own_standing(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Tell a member whether they have checked in, their streak, their points and what became of the latest units."""
    progress = Progress(groups)
    member, group_id = progress.mine(ctx), timeline.group.id
    running, buttons = (
        timeline.running(ctx.now),
        [Button("My progress", command_links.PROGRESS.call(group_id), "primary")],
    )
    sentences = []
    if running is not None and progress.has_kept(ctx, timeline, running):
        sentences = [f"You have checked in to **{markup.escape(timeline.label(running.slot))}**."]
    elif running is not None:
        sentences = [f"{wording.describe_open_unit(running, ctx.now)} {wording.describe_position(timeline, ctx.now)}"]
        buttons.append(Button("Check in", command_links.CHECKIN.ask(group_id)))
    sentences.append(
        f"{checkin_wording.describe_balance(member.score, member.timeline.group)} "
        f"{checkin_wording.render_points(member)}"
    )
    if latest := member.score.ledger[-LATEST_UNITS:]:
        sentences.append(checkin_wording.render_ledger(member, latest, is_own=True))
    return say("\n".join(sentences), buttons=tuple(buttons))


def answer_leaderboard(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Tell who leads and where the reader stands, as the board does."""
    way = Button("Leaderboard", command_links.LEADERBOARD.call(timeline.group.id))
    membership = groups.find_membership(timeline.group.id, ctx.actor.account_id)
    if membership is not None and not membership.sees_board:
        return say("The leaderboard is off for you. Your points and streak still count.", buttons=(way,))
    is_over = timeline.group.closed_at is not None
    rows = read_board(Roll(groups, timeline, ctx.now), "season" if is_over else "phase", ctx.actor.account_id)
    ranked = [row for row in rows if isinstance(row, BoardRow)]
    if not ranked:
        return say("Nobody is on the leaderboard yet.", buttons=(way,))
    first, own_row = ranked[0], next((row for row in ranked if row.is_me), None)
    span = "over the whole season" if is_over else "in this phase"
    you, they = ("share the lead", "shares the lead") if first.is_shared else ("lead", "leads")
    who = f"You {you}" if first.is_me else f"**{markup.escape(first.name, 40)}** {they}"
    text = f"{who} with {numbered(first.points, 'point')} {span}."
    if own_row is not None and not first.is_me:
        text += f" You are number {own_row.rank}{', shared,' if own_row.is_shared else ''} with {own_row.points}."
    return Reply((Text(text), render_table(rows)), (way,))
