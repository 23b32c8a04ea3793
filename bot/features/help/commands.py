"""Help: the next step for a person, all commands, and an overview of their groups."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import MODERATES, Context
from bot.commands.registry import Registry
from bot.features import command_links
from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.scoring import Score
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.command_page.wording import page
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.commands import settings
from bot.features.groups.memberships import Tie, list_ties
from bot.features.groups.tables import Group
from bot.features.groups.visibility import GroupVisibility, list_met, list_newest
from bot.features.groups.wording import describe_open_unit, describe_position, join_buttons
from bot.features.help import wording
from bot.features.help.wording import LISTED, SHOWN
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.features.report.service import read
from bot.features.resolution.actor import list_reachable
from bot.features.solutions.service import Solutions
from bot.features.solutions.wording import describe_waiting_units
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Button, Reply, Text


def suggest_next_step(ctx: Context, progress: Progress) -> tuple[str, tuple[Button, ...]]:
    """Return the next thing for somebody in a sentence, and the buttons that do it."""
    if ctx.actor.group_id is None:
        return _suggest_group(ctx, progress)
    timeline = progress.groups.here(ctx)
    group = timeline.group
    position = describe_position(timeline, ctx.now)
    is_member = "member" in ctx.actor.roles
    if group.closed_at is not None or group.ended_at is not None:
        is_moderator = "moderator" in ctx.actor.roles
        return position, wording.after_end(group, is_member=is_member, is_moderator=is_moderator)
    if not is_member:
        where = wording.introduce(group, is_here=ctx.place.room == group.room)
        return f"{where} {position}", (wording.join(group.id),)
    running = timeline.running(ctx.now)
    if running is None:
        return position, (wording.my_progress(group.id),)
    if progress.has_kept(ctx, timeline, running):
        return f"{position} {wording.CHECKED_IN}", (wording.my_progress(group.id),)
    check_in = wording.check_in(group, running.slot.unit_id)
    return f"{position} {describe_open_unit(running, ctx.now)}", (check_in,)


def _suggest_group(ctx: Context, progress: Progress) -> tuple[str, tuple[Button, ...]]:
    """Return the next thing where no group is meant."""
    if several := list_reachable(progress.groups.work, ctx):
        if _has_part(ctx, progress, several):
            return wording.SEVERAL, wording.choose_group(several)
        return wording.joinable(several), join_buttons(several)
    if ctx.place.tenant is None:
        seen = list_met(progress.groups.work, ctx)
        return wording.joinable(seen) if seen else wording.NONE_SEEN, join_buttons(seen)
    if "moderator" in ctx.actor.roles:
        return wording.NO_GROUP_FOR_MODERATOR, (wording.set_up(is_primary=True),)
    return wording.NO_GROUP, (wording.set_up(is_primary=False),)


def _has_part(ctx: Context, progress: Progress, groups: Sequence[Group]) -> bool:
    """Whether somebody moderates here, or is in these groups: a person's groups come before those to join."""
    return "moderator" in ctx.actor.roles or GroupVisibility.by(progress.groups.session, ctx).is_member(groups[0])


def suggest_command(ctx: Context, typed: str, *, registry: Registry) -> list[SuggestedValue]:
    """Return the commands that contain what was typed."""
    return [SuggestedValue(c.name, c.name) for c in registry.shown if typed.lower() in c.name][:25]


@command("help", writes=False, after_end=True, own=True)
def help_(
    ctx: Context,
    command: Annotated[
        str | None, Param("Command (to read more about)", example="checkin", max=40, suggest=suggest_command)
    ] = None,
    *,
    registry: Registry,
    progress: Progress,
) -> Reply:
    """Show what comes next and what you can do."""
    commands = [c for c in registry.shown if c.allows(ctx.actor.roles) and (not c.policy.founds or _may_found(ctx))]
    if command:
        named = command.lstrip("/").lower().split()
        if named[:1] == [wording.ALL]:
            return wording.all_page(named[-1], commands)
        return _explain(ctx, registry, " ".join(named), progress)
    text, buttons = suggest_next_step(ctx, progress)
    is_member = "member" in ctx.actor.roles
    usual = [c for c in commands if c.name != command_links.JOIN.name or (ctx.actor.group_id and not is_member)]
    return wording.help_page(text, buttons, usual, settings.ask(ctx.actor.group_id) if is_member else None)


def _may_found(ctx: Context) -> bool:
    """Whether a moderator may found groups here too: one who moderates a single group may not."""
    if MODERATES in ctx.actor.grants or not ctx.actor.may_own:
        return MODERATES in ctx.actor.grants
    return ctx.place.tenant is not None and not ctx.place.is_direct and bool(ctx.sight.owns(ctx.place.whole))


def _explain(ctx: Context, registry: Registry, named: str, progress: Progress) -> Reply:
    command = registry.find(named)
    group = registry.list_group(named)
    if command is None and group:
        return wording.command_group(named, group)
    if command is None or command.hidden:
        similar = difflib.get_close_matches(named, list(registry.typed_names), 3, 0.6)
        raise NotFound(wording.no_such_command(named, similar))
    about = page(ctx, command)
    if command.role != "member" or command.allows(ctx.actor.roles):
        return about
    text, buttons = suggest_next_step(ctx, progress)
    joins = tuple(b for b in buttons if isinstance(b.target, Call) and b.target.name == command_links.JOIN.name)
    return wording.with_joins(about, text, joins) if joins else about


@dataclass(frozen=True)
class PersonGroups:
    """The running groups that somebody has to do with.

    Args:
        mine: those that they are in.
        moderated: those that they moderate and see.
        others: those that they see besides.
    """

    mine: list[Tie]
    moderated: list[Group]
    others: list[Group]

    @classmethod
    def of(cls, progress: Progress, ctx: Context, *, with_others: bool) -> PersonGroups:
        """Return the caller's groups.

        Args:
            with_others: whether those that they see besides are looked for also where they have some of their own.
        """
        tenant = People(progress.groups.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        held, is_trusted = ctx.actor.grants, MODERATES in ctx.actor.grants
        ties = list_ties(progress.session, tenant, ctx.actor.account_id, held, trusted=is_trusted)
        running = [t for t in ties if t.group.ended_at is None]
        memberships = [t for t in running if t.is_member]
        governs = [t.group for t in running if t.is_named or (is_trusted and tenant is not None)]
        is_alone = ctx.place.tenant is None
        here = list_newest(progress.session, ctx.place.platform) if is_alone else [t.group for t in running]
        own = [*(t.group for t in memberships), *governs]
        looked = [c for c in here if c not in own] if with_others or not memberships else []
        seen = GroupVisibility.by(progress.session, ctx).among([*governs, *looked]).groups
        return cls(memberships, [c for c in governs if c in seen], [c for c in looked if c in seen])


@command(
    "home",
    writes=False,
    group="none",
    after_end=True,
    asked=(r"(?:see|find|know|show|check) where (?:i|we) stand", r"^where do (?:i|we) stand"),
)
def home(ctx: Context, *, progress: Progress, solutions: Solutions) -> Reply:
    """See where you stand in each of your groups."""
    groups = PersonGroups.of(progress, ctx, with_others=False)
    if not groups.mine and not groups.moderated:
        return _greet_newcomer(ctx, progress, groups.others)
    own = [_describe_own(ctx, progress, solutions, tie, is_only=len(groups.mine) == 1) for tie in groups.mine[:SHOWN]]
    moderated = [(group, _describe_moderated(ctx, progress, group)) for group in groups.moderated[:SHOWN]]
    return wording.home(
        own,
        len(groups.mine),
        moderated,
        len(groups.moderated),
        only=groups.mine[0].group if len(groups.mine) == 1 else None,
        all_groups=see_groups.call(),
    )


def _describe_own(
    ctx: Context, progress: Progress, solutions: Solutions, tie: Tie, *, is_only: bool
) -> tuple[Text, Button | None]:
    """Return what a member reads of a group of theirs, and its button: to check in while that is still to be done."""
    try:
        timeline = progress.groups.timeline(tie.group)
    except Astray as astray:
        return wording.lost_group(astray), None
    score = _find_score(ctx, progress, tie, timeline)
    running = timeline.running(ctx.now)
    state = next((s.state for s in score.states if running and s.unit_id == running.slot.unit_id), "open")
    is_open = running is not None and state not in KEPT
    status = "" if running is None else describe_open_unit(running, ctx.now) if is_open else wording.CHECKED_IN
    waiting = describe_waiting_units([unit.number for unit in solutions.list_waiting(ctx, timeline)])
    text = wording.own_group(tie.group, describe_position(timeline, ctx.now), status, score, waiting, is_only=is_only)
    if running is None or not is_open:
        return text, wording.see_progress(tie.group, is_named=not is_only)
    return text, wording.check_in(tie.group, running.slot.unit_id, is_named=not is_only)


def _find_score(ctx: Context, progress: Progress, tie: Tie, timeline: Timeline) -> Score:
    assert tie.membership is not None
    account = progress.session.get_one(AccountRow, ctx.actor.account_id)
    return Scores(progress.session, timeline, [(tie.membership, account)], ctx.now).by_account[account.id]


def _describe_moderated(ctx: Context, progress: Progress, group: Group) -> Text:
    try:
        timeline = progress.groups.timeline(group)
    except Astray as astray:
        return wording.lost_group(astray)
    facts = read(progress, timeline, ctx)
    return wording.moderated_group(group, describe_position(timeline, ctx.now), facts)


def _greet_newcomer(ctx: Context, progress: Progress, others: list[Group]) -> Reply:
    if others:
        lines = _list_lines(ctx, progress, others)
        return wording.welcome_to_join(lines, others)
    text, buttons = suggest_next_step(ctx, progress)
    return wording.welcome(text, buttons=buttons)


def _list_lines(ctx: Context, progress: Progress, groups: Sequence[Group]) -> str:
    return wording.list_lines([_format_group(ctx, progress, group) for group in groups[:LISTED]], len(groups))


def _format_group(ctx: Context, progress: Progress, group: Group) -> str:
    try:
        position = describe_position(progress.groups.timeline(group), ctx.now)
    except Astray as astray:
        return astray.lack
    return wording.group_line(group, position)


@command(
    "groups",
    writes=False,
    group="none",
    after_end=True,
    spoken=("my groups",),
    asked=(r"(?:see|find|list|show|get) (?:my|the|all|all the|other|more) (?:study )?(?:groups|cohorts)",),
    answers=(
        r"(?:which|what) (?:study )?(?:groups|cohorts) (?:are there|am i in|(?:can|may) i join|do (?:you|we) have)",
    ),
)
def see_groups(ctx: Context, *, progress: Progress) -> Reply:
    """List your groups and the groups you can join."""
    groups = PersonGroups.of(progress, ctx, with_others=True)
    own = [tie.group for tie in groups.mine]
    moderated = [c for c in groups.moderated if c not in own]
    if not (own or moderated):
        return _greet_newcomer(ctx, progress, groups.others)
    own_lines, moderated_lines, other_lines = (
        _list_lines(ctx, progress, some) for some in (own, moderated, groups.others)
    )
    return wording.own_groups(own_lines, moderated_lines, other_lines, own, groups.others)


COMMANDS: tuple[Command, ...] = (
    help_,
    home,
    see_groups,
)
