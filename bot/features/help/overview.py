"""Where somebody stands in each of their groups, at a glance, and which groups there are for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.command import Command, command
from bot.commands.context import MODERATES, Context
from bot.features import command_links
from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.scoring import Score
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.member_commands import settings
from bot.features.groups.memberships import Tie, list_ties
from bot.features.groups.tables import Cohort
from bot.features.groups.visibility import Seeing, list_newest, make_join_buttons
from bot.features.groups.wording import describe_open_unit, describe_position
from bot.features.help.commands import help_
from bot.features.help.next_steps import onward
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.features.report.commands import report
from bot.features.report.service import GroupReport, Several, read
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Block, Button, Reply, Text, say

SHOWN, LISTED, NAMED = 4, 10, 5
"""Groups that the overview shows whole and that a list has, and members that are named."""


@dataclass(frozen=True)
class Groups:
    """The running groups that somebody has to do with.

    Args:
        mine: those that they are in.
        moderated: those that they moderate and see.
        others: those that they see besides.
    """

    mine: list[Tie]
    moderated: list[Cohort]
    others: list[Cohort]

    @classmethod
    def of(cls, progress: Progress, ctx: Context, *, with_others: bool) -> Groups:
        """Return the caller's groups.

        Args:
            with_others: whether those that they see besides are looked for also where they have some of their own.
        """
        tenant = People(progress.cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        held, is_trusted = ctx.actor.grants, MODERATES in ctx.actor.grants
        ties = list_ties(progress.session, tenant, ctx.actor.account_id, held, trusted=is_trusted)
        running = [t for t in ties if t.cohort.ended_at is None]
        memberships = [t for t in running if t.is_member]
        governs = [t.cohort for t in running if t.is_named or (is_trusted and tenant is not None)]
        is_alone = ctx.place.tenant is None
        here = list_newest(progress.session, ctx.place.platform) if is_alone else [t.cohort for t in running]
        own = [*(t.cohort for t in memberships), *governs]
        looked = [c for c in here if c not in own] if with_others or not memberships else []
        seen = Seeing.by(progress.session, ctx).among([*governs, *looked]).cohorts
        return cls(memberships, [c for c in governs if c in seen], [c for c in looked if c in seen])


@command(
    "home",
    writes=False,
    cohort="none",
    after_end=True,
    asked=(r"(?:see|find|know|show|check) where (?:i|we) stand", r"^where do (?:i|we) stand"),
)
def home(ctx: Context, *, progress: Progress) -> Reply:
    """Where you stand in each of your groups, and what comes next."""
    groups = Groups.of(progress, ctx, with_others=False)
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
    blocks += [_describe_moderated(ctx, progress, cohort) for cohort in groups.moderated[:SHOWN]]
    only = groups.mine[0].cohort.id if len(groups.mine) == 1 else None
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
        timeline = progress.cohorts.timeline(tie.cohort)
    except Astray as astray:
        return Text(astray.sentence), None
    score = _find_score(ctx, progress, tie, timeline)
    running = timeline.running(ctx.now)
    state = next((s.state for s in score.states if running and s.unit_id == running.slot.unit_id), "open")
    is_open = running is not None and state not in KEPT
    status = "" if running is None else describe_open_unit(running, ctx.now) if is_open else "You have checked in."
    where = f"**{markup.escape(tie.cohort.name)}**\n{describe_position(timeline, ctx.now)} {status}".rstrip()
    text = f"{where}\n{checkin_wording.describe_balance(score, tie.cohort)}\n{checkin_wording.render_strip(score)}"
    if running is None or not is_open:
        return Text(text), None
    label = "Check in" if is_only else markup.clip(f"Check in: {tie.cohort.name}", 40)
    return Text(text), Button(label, command_links.CHECKIN.ask(tie.cohort.id, unit=running.slot.unit_id), "primary")


def _find_score(ctx: Context, progress: Progress, tie: Tie, timeline: Timeline) -> Score:
    assert tie.membership is not None
    account = progress.session.get_one(AccountRow, ctx.actor.account_id)
    return Scores(progress.session, timeline, [(tie.membership, account)], ctx.now).by_account[account.id]


def _describe_moderated(ctx: Context, progress: Progress, cohort: Cohort) -> Text:
    """Return a few lines of a group's report."""
    try:
        timeline = progress.cohorts.timeline(cohort)
    except Astray as astray:
        return Text(astray.sentence)
    lines = _list_facts(read(progress, timeline, ctx)) or [describe_position(timeline, ctx.now)]
    return Text(f"**{markup.escape(cohort.name)}, for its moderators**\n" + "\n".join(f"- {line}" for line in lines))


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


def _label(label: str, cohort: Cohort, among: Sequence[Cohort]) -> str:
    return label if len(among) == 1 else markup.clip(f"{label}: {cohort.name}", 40)


def _greet_newcomer(ctx: Context, progress: Progress, others: list[Cohort]) -> Reply:
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
    text, buttons = onward(ctx, progress)
    return say(text, title="Welcome", buttons=(*buttons, more))


def _list_lines(ctx: Context, progress: Progress, cohorts: Sequence[Cohort]) -> str:
    lines = [_format_group(ctx, progress, cohort) for cohort in cohorts[:LISTED]]
    lines += [f"and {len(cohorts) - LISTED} more"] if len(cohorts) > LISTED else []
    return "\n".join(f"- {line}" for line in lines)


def _format_group(ctx: Context, progress: Progress, cohort: Cohort) -> str:
    """Return a group in a line: its name, its room, where it is."""
    try:
        where = describe_position(progress.cohorts.timeline(cohort), ctx.now)
    except Astray as astray:
        return astray.lack
    return f"**{markup.escape(cohort.name)}** in {markup.room(cohort.room, 'its channel')}: {where}"


@command(
    "groups",
    writes=False,
    cohort="none",
    after_end=True,
    spoken=("my groups",),
    asked=(r"(?:see|find|list|show|get) (?:my|the|all|all the|other|more) (?:study )?(?:groups|cohorts)",),
    answers=(
        r"(?:which|what) (?:study )?(?:groups|cohorts) (?:are there|am i in|(?:can|may) i join|do (?:you|we) have)",
    ),
)
def see_groups(ctx: Context, *, progress: Progress) -> Reply:
    """The groups that you are in, those that you moderate, and those that you may join."""
    groups = Groups.of(progress, ctx, with_others=True)
    own = [tie.cohort for tie in groups.mine]
    moderated = [c for c in groups.moderated if c not in own]
    if not (own or moderated):
        return _greet_newcomer(ctx, progress, groups.others)
    parts = (("You are in", own), ("You moderate", moderated), ("You may join", groups.others))
    paragraphs = [f"**{head}**\n{_list_lines(ctx, progress, cohorts)}" for head, cohorts in parts if cohorts]
    standing = [
        Button(markup.clip(f"My progress: {c.name}", 40), command_links.PROGRESS.call(c.id)) for c in own[:LISTED]
    ]
    return say(*paragraphs, title="Your groups", buttons=(*standing, *make_join_buttons(groups.others, LISTED)))


COMMANDS: tuple[Command, ...] = (home, see_groups)
