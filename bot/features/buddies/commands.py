"""What members say of buddies: whether they want one, and whether they met."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.features import command_links
from bot.features.buddies import wording
from bot.features.buddies.service import Buddies, UnitPairs
from bot.features.buddies.tables import BuddyWish
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import GROUP
from bot.features.groups.service import Groups
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.numerals import counted, spelt
from bot.messages.reply import Button, Fields, Reply, Text, say

ASKED = (
    r"(?:have|get|find|see|meet|want|need|change|leave|stop having) (?:a |an |my |the |some |another |new )*"
    r"(?:study )?(?:budd(?:y|ies)|partners?|peers?)(?: to (?:learn|study|work) with)?",
    r"(?:be|get) paired(?: up)?(?: with (?:somebody|someone|another member|others))?",
    r"(?:learn|study|work) (?:together )?with (?:somebody|someone|another member|a partner)",
)
"""How people ask who want somebody to learn with."""
HOW = (
    "For each unit I pair you with another member who wants it too, somebody new as long as there is one. Each of you "
    "gets a private message with a question to begin with; how you meet is up to you two."
)
SEEN = "Your buddy sees your name and how far your clock is from theirs."


@command("buddies", role="member", group="needed", which=GROUP, own=True, asked=ASKED, spoken=("buddy",))
def buddies(
    ctx: Context,
    wanted: Annotated[Literal["on", "off"] | None, Param("A buddy for each unit (on or off)", example="on")] = None,
    *,
    groups: Groups,
    buddies: Buddies,
) -> Reply:
    """Somebody to learn with for each unit: on, off, or how it stands."""
    timeline = groups.here(ctx)
    group_id, account_id = timeline.group.id, ctx.actor.account_id
    if timeline.group.closed_at is not None:
        return _render_over(ctx, timeline, buddies)
    if wanted is not None:
        buddies.keep(group_id, account_id, is_on=wanted == "on", now=ctx.now)
        return _render_begun(ctx, timeline, buddies) if wanted == "on" else _render_stopped(timeline)
    wish = buddies.wish(group_id, account_id)
    if wish is None or not wish.is_on:
        wants = Button("Pair me", command_links.BUDDIES.call(group_id, wanted="on"), "primary")
        return say(HOW, SEEN, title="Buddies", buttons=(wants,))
    return _render_standing(ctx, timeline, buddies, wish)


def _render_over(ctx: Context, timeline: Timeline, buddies: Buddies) -> Reply:
    """Return how it went, once the season is over: nobody is paired any more, whatever they want."""
    weeks = buddies.weeks(timeline.group.id, ctx.actor.account_id)
    n_met = sum(week.has_met for week in weeks)
    met = f", and told me that you met in {spelt(n_met)} of them" if n_met else ""
    had = f"You had a buddy for {counted(len(weeks), 'unit')}{met}. Thank you for being there."
    return say(f"{wording.OVER} {had if weeks else ''}".rstrip(), title="Buddies")


def _render_begun(ctx: Context, timeline: Timeline, buddies: Buddies) -> Reply:
    others = buddies.count(timeline.group.id) - 1
    company = f"{counted(others, 'other').capitalize()} so far." if others else "You are the first here so far."
    return say(
        f"{wording.describe_next_pairs(timeline, ctx.now)} {company} {SEEN}",
        title="I pair you from now on",
        tone="good",
        buttons=(Button("No, thanks", command_links.BUDDIES.call(timeline.group.id, wanted="off")),),
    )


def _render_stopped(timeline: Timeline) -> Reply:
    back = Button("Pair me again", command_links.BUDDIES.call(timeline.group.id, wanted="on"))
    return say("No more buddies. Whoever has you for this unit is told.", tone="good", buttons=(back,))


def _render_standing(ctx: Context, timeline: Timeline, buddies: Buddies, wish: BuddyWish) -> Reply:
    """Return how it stands for somebody who takes part."""
    group_id, account_id = timeline.group.id, ctx.actor.account_id
    running, weeks = timeline.running(ctx.now), buddies.weeks(group_id, account_id)
    slot = running.slot if running is not None else None
    pair = buddies.pair(group_id, slot.unit_id, account_id) if slot is not None else UnitPairs({})
    partners = pair.of(account_id) if account_id in pair.members else []
    n_met = sum(week.has_met for week in weeks)
    is_told = bool(n_met) or not wish.rests_from  # the sentence on a break says it otherwise
    rows = (
        (f"For unit {slot.number}" if slot is not None else "Now", wording.format_names(partners) or "nobody"),
        ("Units with a buddy", str(len(weeks))),
        *([("Met", counted(n_met, "time").capitalize() if n_met else "not yet")] if is_told else []),
    )
    may_answer = slot is not None and partners and not pair.members[account_id].answer
    return Reply(
        (Fields(rows), Text(wording.RESTING if wish.rests_from else wording.describe_next_pairs(timeline, ctx.now))),
        (
            *([wording.again(timeline)] if wish.rests_from else []),
            *(wording.answers(timeline, slot) if slot is not None and may_answer else ()),
            wording.stop(timeline),
        ),
        title="Buddies",
    )


@command("met", hidden=True, role="member", group="needed", own=True)
def met(
    ctx: Context,
    unit: Annotated[UnitRef, Param("Unit")],
    met: Annotated[bool, Param("Whether you met")],
    *,
    groups: Groups,
    buddies: Buddies,
) -> Reply:
    """Say whether you met your buddy."""
    timeline = groups.here(ctx)
    group_id, account_id = timeline.group.id, ctx.actor.account_id
    target = timeline.roadmap.find(unit)
    if not buddies.answer(group_id, target.id, account_id, met=met):
        raise NotFound(f"You had no buddy for unit {target.number}. {markup.typed('buddies')} shows how it stands.")
    ahead = wording.describe_next_pairs(timeline, ctx.now)
    if not met:
        return say(f"Thank you for saying so; weeks can be full. {ahead}", tone="good")
    n_met = sum(week.has_met for week in buddies.weeks(group_id, account_id))
    return say(f"Good to hear. You have met a buddy {counted(n_met, 'time')}. {ahead}", tone="good")


COMMANDS: tuple[Command, ...] = (buddies, met)
