"""Answer questions about a group: its units, dates, rules, people, leaderboard and the asker's own record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import Command
from bot.commands.context import Context, Role
from bot.commands.registry import Registry
from bot.curriculum.track import Track
from bot.features.ask import wording
from bot.features.ask.group_questions import GroupQuestion
from bot.features.checkins.service import Progress
from bot.features.command_page.wording import page
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.service import Groups, name_moderators
from bot.features.groups.tables import Group
from bot.features.groups.visibility import list_governed
from bot.features.live_sessions.service import Hours
from bot.features.quiz import commands as quiz_commands
from bot.features.resolution.actor import list_moderated, list_own_groups, list_reachable
from bot.features.resolution.subject import MOST_OFFERED, find_current_unit
from bot.features.standings.group_standings import Roll, read_board
from bot.features.standings.leaderboard import BoardRow
from bot.messages.errors import NotFound
from bot.messages.reply import Reply

SEVERAL = 4
"""Groups whose records answer one question."""

RULES = frozenset({"lapse", "late", "must", "worth"})

NO_ROLES: frozenset[Role] = frozenset()

MODERATOR: frozenset[Role] = frozenset({"moderator"})


def answered(
    ctx: Context, asked: GroupQuestion, groups: Groups, registry: Registry, *, is_alone: bool = False
) -> Reply | None:
    """Return the answer to a question about the group, or None if no group's record has it.

    The rules are the same in every group.

    Args:
        is_alone: nobody but the asker reads the answer.

    Raises:
        NotFound: several groups may be meant, and others would read their names.
    """
    if ctx.actor.group_id is not None or asked.command is not None:
        return of_group(ctx, asked, groups, registry, is_alone=is_alone)
    if asked.subject in RULES:
        return _answer_rule(ctx, asked, None)
    own = list_reachable(groups.work, ctx)
    candidates = own or list_governed(groups.session, ctx, list_moderated(groups.work, ctx))
    if candidates and not ctx.place.is_direct:
        buttons = wording.choose_group([(c.name, replace(ctx.call, group=c.id)) for c in candidates[:MOST_OFFERED]])
        raise NotFound("Which group do you mean?", buttons=buttons)
    if not candidates:
        return None
    held = {tie.group.id: tie.roles for tie in list_own_groups(groups.work, ctx)}
    default = NO_ROLES if own else MODERATOR
    pairs = [(group, held.get(group.id, default)) for group in candidates[:SEVERAL]]
    return _answer_for_several(ctx, asked, groups, registry, pairs)


def _answer_for_several(
    ctx: Context,
    asked: GroupQuestion,
    groups: Groups,
    registry: Registry,
    pairs: Sequence[tuple[Group, frozenset[Role]]],
) -> Reply:
    """Return each group's answer on its own line; equal answers share a line."""
    replies: list[tuple[str, Reply]] = []
    for group, roles in pairs:
        group_ctx = replace(ctx, actor=replace(ctx.actor, group_id=group.id, roles=ctx.actor.roles | roles))
        try:
            reply = of_group(group_ctx, asked, groups, registry, is_alone=True)
        except Astray as astray:
            reply = wording.refusal(astray)
        replies.append((group.name, reply))
    return wording.answers_of_groups(replies)


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
            return wording.capstone(timeline)
        case "lapse" | "worth" | "late" | "must":
            return _answer_rule(ctx, asked, timeline)
        case "count":
            return answer_count(ctx, timeline, groups)
        case "meeting":
            return answer_meeting(ctx, timeline, groups)
        case "people" | "moderators" | "roadmap":
            return _describe_group(ctx, asked, timeline, groups)
        case "unit" if asked.unit is not None:
            return _answer_unit(ctx, asked.unit, timeline)
        case _:
            return _answer_position(ctx, asked, timeline)


def of_unit(ctx: Context, asked: GroupQuestion, timeline: Timeline) -> Reply:
    """Return what a unit asks of its learners: the named one, else the running one, else the next."""
    units = timeline.roadmap.units
    if asked.unit is not None and not 1 <= asked.unit <= len(units):
        return wording.unknown_unit(timeline)
    unit = units[asked.unit - 1] if asked.unit is not None else find_current_unit(ctx, timeline)
    if unit is None:
        return wording.position(timeline, ctx.now)
    opened = timeline.find(unit.id)
    due_at = opened.slot.deadline_at if opened else None
    render = {
        "exercise": wording.unit_exercise,
        "resources": wording.unit_resources,
        "hours": wording.unit_hours,
    }[asked.subject]
    return render(timeline, unit, due_at)


def quiz(ctx: Context, timeline: Timeline, track: Track) -> Reply:
    """Say whether the current unit has questions, with a button to them."""
    unit = find_current_unit(ctx, timeline)
    bank = track.find_bank(unit.id) if unit is not None else None
    if unit is None or bank is None:
        return wording.no_quiz(timeline, ctx.now)
    return wording.unit_quiz(timeline, unit, len(bank.items), quiz_commands.way(ctx, track, unit))


def last(ctx: Context, timeline: Timeline) -> Reply:
    """Say which unit came before the current one."""
    running = timeline.running(ctx.now)
    over = [opened for opened in timeline.opened if opened is not running]
    return wording.previous_unit(timeline, over[-1].slot) if over else wording.no_previous_unit(timeline, ctx.now)


def _answer_position(ctx: Context, asked: GroupQuestion, timeline: Timeline) -> Reply:
    """Say where the group is, what comes next or last."""
    planned = timeline.planned(ctx.now)
    if asked.subject == "next":
        return wording.next_unit(timeline, planned[0]) if planned else wording.position(timeline, ctx.now)
    if asked.subject == "end" and planned:
        return wording.last_unit(timeline, planned[-1])
    return wording.position(timeline, ctx.now, has_button=True)


def _answer_standing(
    ctx: Context, asked: GroupQuestion, timeline: Timeline, groups: Groups, *, is_alone: bool
) -> Reply:
    """Show a member's standing privately; put it behind a button if others read the answer."""
    is_open = is_alone and "member" in ctx.actor.roles
    if asked.subject == "mine":
        return answer_own_standing(ctx, timeline, groups) if is_open else wording.private_standing(timeline.group.id)
    return answer_leaderboard(ctx, timeline, groups) if is_open else wording.private_leaderboard(timeline.group.id)


def _answer_who(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Say who may see who has checked in."""
    if "moderator" in ctx.actor.roles:
        return wording.checked_in_for_moderators(timeline.group.id)
    return wording.checked_in_for_members(timeline.group.id, name_moderators(groups.session, timeline.group))


def _answer_rule(ctx: Context, asked: GroupQuestion, timeline: Timeline | None) -> Reply:
    """Answer with a rule of points or streaks; a None timeline stands for any group."""
    group_id = timeline.group.id if timeline is not None else None
    match asked.subject:
        case "lapse":
            return wording.streak_rule(group_id)
        case "late":
            return wording.late_rule(timeline, ctx.now)
        case "must":
            unit = find_current_unit(ctx, timeline) if timeline is not None else None
            return wording.checkin_rule(group_id, unit)
        case _:
            return wording.points_rule(
                group_id, has_quiz_points=timeline is not None and timeline.group.has_quiz_points
            )


def _describe_group(ctx: Context, asked: GroupQuestion, timeline: Timeline, groups: Groups) -> Reply:
    """Describe a group; only its members and moderators learn the number of members."""
    if asked.subject == "roadmap":
        return wording.group_course(timeline)
    if asked.subject == "moderators":
        return wording.group_moderators(name_moderators(groups.session, timeline.group))
    if _is_outsider(ctx):
        return wording.for_members_only()
    return wording.group_size(timeline.group, len(groups.list_members(timeline.group.id)))


def _is_outsider(ctx: Context) -> bool:
    return ctx.actor.roles.isdisjoint({"member", "moderator"})


def _show_help(ctx: Context, command: Command) -> Reply:
    """Return a command's help; a command that acts at once needs one more press, because anybody may press it."""
    needs_press = command.writes and not command.form
    return wording.command_help(page(ctx, command), command, ctx.actor.group_id, needs_press=needs_press)


def _answer_unit(ctx: Context, number: int, timeline: Timeline) -> Reply:
    """Say when a unit comes or came, by its number in the course."""
    units = timeline.roadmap.units
    if not 1 <= number <= len(units):
        return wording.unknown_unit(timeline)
    unit = units[number - 1]
    opened = timeline.find(unit.id)
    planned = (slot for slot in timeline.planned(ctx.now) if slot.unit_id == unit.id)
    slot = opened.slot if opened else next(planned, None)
    if slot is not None:
        return wording.unit_dates(timeline, slot)
    return wording.unit_without_dates(timeline, unit, is_skipped=unit in timeline.left_out)


def answer_count(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Say how many have checked in to the running unit, without names, to those who take part."""
    if _is_outsider(ctx):
        return wording.for_members_only()
    running = timeline.running(ctx.now)
    if running is None:
        return wording.position(timeline, ctx.now)
    roll = Roll(groups, timeline, ctx.now).public
    unit_id = running.slot.unit_id
    if not roll.count_part(unit_id):
        return wording.hidden_count(timeline.group.id)
    return wording.checkin_count(timeline, running.slot, roll.count_kept(unit_id), roll.count_part(unit_id))


def answer_meeting(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Say when the group meets live."""
    coming = Hours(groups.work, groups).list_coming(timeline.group.id, ctx.now)
    if coming:
        return wording.live_sessions(timeline.group, coming)
    return wording.no_live_session(name_moderators(groups.session, timeline.group))


LATEST_UNITS = 2
"""Units in a short record; a button shows all."""


def answer_own_standing(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Show a member whether they have checked in, their streak, their points and their latest units."""
    progress = Progress(groups)
    member, running = progress.mine(ctx), timeline.running(ctx.now)
    has_checked_in = running is not None and progress.has_kept(ctx, timeline, running)
    latest = member.score.ledger[-LATEST_UNITS:]
    return wording.own_standing(member, timeline, running, latest, ctx.now, has_checked_in=has_checked_in)


def answer_leaderboard(ctx: Context, timeline: Timeline, groups: Groups) -> Reply:
    """Show who leads and where the reader stands."""
    membership = groups.find_membership(timeline.group.id, ctx.actor.account_id)
    if membership is not None and not membership.sees_board:
        return wording.hidden_leaderboard(timeline.group.id)
    is_over = timeline.group.closed_at is not None
    rows = read_board(Roll(groups, timeline, ctx.now), "season" if is_over else "phase", ctx.actor.account_id)
    if not any(isinstance(row, BoardRow) for row in rows):
        return wording.empty_leaderboard(timeline.group.id)
    return wording.leaderboard(timeline.group.id, rows, is_over=is_over)
