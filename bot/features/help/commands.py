"""Help: the next step for a person, all commands, and an overview of their groups."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import MODERATES, Context
from bot.commands.registry import Registry
from bot.features import command_links
from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.scoring import Score
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.command_page import page
from bot.features.group_access.actor import list_reachable
from bot.features.groups import wording
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.commands import settings
from bot.features.groups.create_group import make_next_round_button
from bot.features.groups.memberships import Tie, list_ties
from bot.features.groups.tables import Group
from bot.features.groups.visibility import MOST_JOINED, Seeing, list_met, list_newest, make_join_buttons
from bot.features.groups.wording import describe_open_unit, describe_position
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.features.report.commands import report
from bot.features.report.service import GroupReport, Several, read
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.numerals import counted
from bot.messages.reply import Block, Button, Reply, Text, say
from bot.understanding import speech

NONE_SEEN = "You are in no cohort yet. Join one in its channel, and you can write to me here."


def suggest_next_step(ctx: Context, progress: Progress) -> tuple[str, tuple[Button, ...]]:
    """Return the next thing for somebody in a sentence, and the buttons that do it."""
    if ctx.actor.group_id is None:
        if several := list_reachable(progress.groups.work, ctx):
            if not _has_part(ctx, progress, several):
                return _describe_joinable(several), make_join_buttons(several)
            which = (Button(markup.clip(c.name, 40), command_links.HELP.call(c.id)) for c in several[:20])
            return "There are several groups for you here.", (
                Button("Where I stand", command_links.HOME.call(), "primary"),
                *which,
            )
        if ctx.place.tenant is None:
            seen = list_met(progress.groups.work, ctx)
            return _describe_joinable(seen) if seen else NONE_SEEN, make_join_buttons(seen)
        if "moderator" in ctx.actor.roles:
            return (
                "No cohort runs here yet. Setting one up takes a minute, and you see its first post before anything "
                "goes out.",
                (Button("Set up a group", command_links.SETUP.call(), "primary"),),
            )
        return (
            "No cohort runs here yet. The button sets one up, or tells you who can.",
            (Button("Set up a group", command_links.SETUP.call()),),
        )
    timeline = progress.groups.here(ctx)
    group_id = timeline.group.id
    position = wording.describe_position(timeline, ctx.now)
    if timeline.group.closed_at is not None or timeline.group.ended_at is not None:
        return position, _offer_after_end(ctx, timeline.group)
    if "member" not in ctx.actor.roles:
        return _describe_met(ctx, timeline.group) + position, (
            Button("Join", command_links.JOIN.call(group_id), "primary"),
        )
    running = timeline.running(ctx.now)
    if running is not None and not progress.has_kept(ctx, timeline, running):
        call = command_links.CHECKIN.ask(group_id, unit=running.slot.unit_id)
        return f"{position} {wording.describe_open_unit(running, ctx.now)}", (Button("Check in", call, "primary"),)
    done = " You have checked in: see you for the next one." if running is not None else ""
    return f"{position}{done}", (Button("My progress", command_links.PROGRESS.call(group_id), "primary"),)


def _has_part(ctx: Context, progress: Progress, groups: Sequence[Group]) -> bool:
    """Whether somebody moderates here, or is in these groups, as who is in one means none that they are not in."""
    return "moderator" in ctx.actor.roles or Seeing.by(progress.groups.session, ctx).is_member(groups[0])


def _describe_joinable(seen: Sequence[Group]) -> str:
    """Return which groups somebody who is in none may join, and where these meet."""
    rooms = (f"**{markup.escape(c.name, 60)}** in {markup.room(c.room, 'its channel')}" for c in seen[:MOST_JOINED])
    more = f", and {len(seen) - MOST_JOINED} more" if len(seen) > MOST_JOINED else ""
    return f"You are in no group yet. You may join with a click: {', '.join(rooms)}{more}."


def _describe_met(ctx: Context, group: Group) -> str:
    """Return which group a guest may join, and where it meets if that is not where they say this."""
    name = f"**{markup.escape(group.name)}**"
    if ctx.place.room == group.room:
        return f"{name} learns here. "
    return f"{name} learns in {markup.room(group.room, 'a channel of its own')}. "


def _offer_after_end(ctx: Context, group: Group) -> tuple[Button, ...]:
    """Return what is left to do once the group has finished."""
    progress = Button("My progress", command_links.PROGRESS.call(group.id), "primary")
    catch_up = Button("Catch up", command_links.CHECKIN.ask(group.id))
    is_member = "member" in ctx.actor.roles
    return (
        *([progress] if is_member else []),
        *([catch_up] if is_member and group.ended_at is None else []),
        *([make_next_round_button(group)] if "moderator" in ctx.actor.roles else []),
    )


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
    """What you can do here, and what comes next for you."""
    if command:
        return _explain(ctx, registry, command.lstrip("/").lower(), progress)
    text, buttons = suggest_next_step(ctx, progress)
    commands = [c for c in registry.shown if c.allows(ctx.actor.roles) and (not c.policy.founds or _may_found(ctx))]
    everyday = [c for c in commands if c.role != "moderator"]
    blocks = [Text(text), Text(f"**You can**\n{_list_commands(everyday)}")]
    if moderating := [c for c in commands if c.role == "moderator"]:
        blocks.append(Text(f"**As a moderator**\n{_list_commands(moderating)}"))
    blocks.append(Text(f"More about one: {markup.typed('help checkin')}. A question to me is asked of the notes."))
    return Reply(tuple(blocks), buttons, title="Trailmate")


def _may_found(ctx: Context) -> bool:
    """Whether a moderator may found groups here too: one who moderates a single group may not."""
    if MODERATES in ctx.actor.grants or not ctx.actor.may_own:
        return MODERATES in ctx.actor.grants
    return ctx.place.tenant is not None and not ctx.place.is_direct and bool(ctx.sight.owns(ctx.place.whole))


def _list_commands(commands: list[Command]) -> str:
    # a name that is manners is nothing but manners where it stands alone
    return "\n".join(
        _format_command(c.name if not speech.read(c.name).is_manners else c.example, c.summary) for c in commands
    )


@lru_cache(maxsize=256)
def _format_command(typed: str, summary: str) -> str:
    return f"- {markup.typed(typed)} {summary}"


def _explain(ctx: Context, registry: Registry, named: str, progress: Progress) -> Reply:
    command = registry.find(named)
    group = [c for c in registry.shown if c.name.startswith(named + " ")]
    if command is None and group:
        return Reply((Text(_list_commands(group)),), title=markup.escape(named, 40))
    if command is None or command.hidden:
        close = difflib.get_close_matches(named, [c.name for c in registry.shown], 3, 0.6)
        near = f"Near it: {', '.join(map(markup.typed, close))}." if close else f"{markup.typed('help')} lists them."
        raise NotFound(f"There is no command “{markup.escape(named, 40)}”. {near}")
    read = page(ctx, command)
    if command.role != "member" or command.allows(ctx.actor.roles):
        return read
    text, buttons = suggest_next_step(ctx, progress)
    joins = tuple(b for b in buttons if isinstance(b.target, Call) and b.target.name == command_links.JOIN.name)
    return replace(read, blocks=(*read.blocks, Text(text)), buttons=joins) if joins else read


SHOWN, LISTED, NAMED = 4, 10, 5
"""Groups that the overview shows whole and that a list has, and members that are named."""


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
        seen = Seeing.by(progress.session, ctx).among([*governs, *looked]).groups
        return cls(memberships, [c for c in governs if c in seen], [c for c in looked if c in seen])


@command(
    "home",
    writes=False,
    group="none",
    after_end=True,
    asked=(r"(?:see|find|know|show|check) where (?:i|we) stand", r"^where do (?:i|we) stand"),
)
def home(ctx: Context, *, progress: Progress) -> Reply:
    """Where you stand in each of your groups, and what comes next."""
    groups = PersonGroups.of(progress, ctx, with_others=False)
    if not groups.mine and not groups.moderated:
        return _greet_newcomer(ctx, progress, groups.others)
    blocks: list[Block] = []
    doing: list[Button] = []
    for tie in groups.mine[:SHOWN]:
        block, button = _describe_own(ctx, progress, tie, is_only=len(groups.mine) == 1)
        blocks.append(block)
        doing += [button] if button else []
    if len(groups.mine) > SHOWN:
        blocks.append(Text(f"And {counted(len(groups.mine) - SHOWN, 'group')} more: {markup.typed('groups')}"))
    reports = [Button(_label("Report", c, groups.moderated), report.call(c.id)) for c in groups.moderated[:SHOWN]]
    blocks += [_describe_moderated(ctx, progress, group) for group in groups.moderated[:SHOWN]]
    only = groups.mine[0].group.id if len(groups.mine) == 1 else None
    own_settings = (Button("Settings", settings.ask(only)),) if groups.mine else ()
    buttons = (
        *doing,
        Button("Ask", command_links.ASK.ask(only)),
        *own_settings,
        *reports,
        Button("My groups", see_groups.call()),
    )
    return Reply(tuple(blocks), buttons, title="Where you stand")


def _describe_own(ctx: Context, progress: Progress, tie: Tie, *, is_only: bool) -> tuple[Text, Button | None]:
    """Return what a member reads of a group of theirs, and the button that checks in while that is still to be done."""
    try:
        timeline = progress.groups.timeline(tie.group)
    except Astray as astray:
        return Text(astray.sentence), None
    score = _find_score(ctx, progress, tie, timeline)
    running = timeline.running(ctx.now)
    state = next((s.state for s in score.states if running and s.unit_id == running.slot.unit_id), "open")
    is_open = running is not None and state not in KEPT
    status = "" if running is None else describe_open_unit(running, ctx.now) if is_open else "You have checked in."
    where = f"**{markup.escape(tie.group.name)}**\n{describe_position(timeline, ctx.now)} {status}".rstrip()
    text = f"{where}\n{checkin_wording.describe_balance(score, tie.group)}\n{checkin_wording.render_strip(score)}"
    if running is None or not is_open:
        return Text(text), None
    label = "Check in" if is_only else markup.clip(f"Check in: {tie.group.name}", 40)
    return Text(text), Button(label, command_links.CHECKIN.ask(tie.group.id, unit=running.slot.unit_id), "primary")


def _find_score(ctx: Context, progress: Progress, tie: Tie, timeline: Timeline) -> Score:
    assert tie.membership is not None
    account = progress.session.get_one(AccountRow, ctx.actor.account_id)
    return Scores(progress.session, timeline, [(tie.membership, account)], ctx.now).by_account[account.id]


def _describe_moderated(ctx: Context, progress: Progress, group: Group) -> Text:
    """Return a few lines of a group's report."""
    try:
        timeline = progress.groups.timeline(group)
    except Astray as astray:
        return Text(astray.sentence)
    lines = _list_facts(read(progress, timeline, ctx)) or [describe_position(timeline, ctx.now)]
    return Text(f"**{markup.escape(group.name)}, for its moderators**\n" + "\n".join(f"- {line}" for line in lines))


def _list_facts(facts: GroupReport) -> list[str]:
    if not facts.members:
        return ["Nobody has joined yet. The welcome post has the button."]
    lines = []
    if (unit := facts.unit) is not None:
        lines.append(f"{unit.kept.count} of {unit.expected} have checked in")
        lines += [f"Not yet: {_name_some(unit.missing)}"] if unit.missing.count else []
    lines += [f"Fading: {counted(len(facts.fading), 'member')}"] if facts.fading else []
    lines += [f"Resting: {counted(facts.resting.count, 'member')}"] if facts.resting.count else []
    return lines


def _name_some(several: Several) -> str:
    names = ", ".join(markup.name(person.external_id, person.name) for person in several.first[:NAMED])
    return names + (f" and {several.count - NAMED} more" if several.count > NAMED else "")


def _label(label: str, group: Group, among: Sequence[Group]) -> str:
    return label if len(among) == 1 else markup.clip(f"{label}: {group.name}", 40)


def _greet_newcomer(ctx: Context, progress: Progress, others: list[Group]) -> Reply:
    """Return what somebody can do who is in no group."""
    more = Button("What can you do?", help_.call())
    if others:
        text = "You are in no group yet. To join one takes a click, and you may leave it at any time."
        return say(
            text,
            _list_lines(ctx, progress, others),
            title="Welcome",
            buttons=(*make_join_buttons(others, LISTED), more),
        )
    text, buttons = suggest_next_step(ctx, progress)
    return say(text, title="Welcome", buttons=(*buttons, more))


def _list_lines(ctx: Context, progress: Progress, groups: Sequence[Group]) -> str:
    lines = [_format_group(ctx, progress, group) for group in groups[:LISTED]]
    lines += [f"and {len(groups) - LISTED} more"] if len(groups) > LISTED else []
    return "\n".join(f"- {line}" for line in lines)


def _format_group(ctx: Context, progress: Progress, group: Group) -> str:
    """Return a group in a line: its name, its room, where it is."""
    try:
        where = describe_position(progress.groups.timeline(group), ctx.now)
    except Astray as astray:
        return astray.lack
    return f"**{markup.escape(group.name)}** in {markup.room(group.room, 'its channel')}: {where}"


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
    """The groups that you are in, those that you moderate, and those that you may join."""
    groups = PersonGroups.of(progress, ctx, with_others=True)
    own = [tie.group for tie in groups.mine]
    moderated = [c for c in groups.moderated if c not in own]
    if not (own or moderated):
        return _greet_newcomer(ctx, progress, groups.others)
    parts = (("You are in", own), ("You moderate", moderated), ("You may join", groups.others))
    paragraphs = [f"**{head}**\n{_list_lines(ctx, progress, listed)}" for head, listed in parts if listed]
    standing = [
        Button(markup.clip(f"My progress: {c.name}", 40), command_links.PROGRESS.call(c.id)) for c in own[:LISTED]
    ]
    return say(*paragraphs, title="Your groups", buttons=(*standing, *make_join_buttons(groups.others, LISTED)))


COMMANDS: tuple[Command, ...] = (
    help_,
    home,
    see_groups,
)
