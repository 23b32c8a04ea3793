"""What is next for one person: whatever they say, they are led on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.context import Context
from bot.features import command_links
from bot.features.checkins.service import Progress
from bot.features.group_access.actor import list_reachable
from bot.features.groups import wording
from bot.features.groups.rounds import make_next_round_button
from bot.features.groups.tables import Cohort
from bot.features.groups.visibility import MOST_JOINED, Seeing, list_met, make_join_buttons
from bot.messages import markup
from bot.messages.reply import Button

NONE_SEEN = "You are in no cohort yet. Join one in its channel, and you can write to me here."


def onward(ctx: Context, progress: Progress) -> tuple[str, tuple[Button, ...]]:
    """Return the next thing for somebody in a sentence, and the buttons that do it."""
    if ctx.actor.cohort_id is None:
        if several := list_reachable(progress.cohorts.work, ctx):
            if not _has_part(ctx, progress, several):
                return _describe_joinable(several), make_join_buttons(several)
            which = (Button(markup.clip(c.name, 40), command_links.HELP.call(c.id)) for c in several[:20])
            return "There are several groups for you here.", (
                Button("Where I stand", command_links.HOME.call(), "primary"),
                *which,
            )
        if ctx.place.tenant is None:
            seen = list_met(progress.cohorts.work, ctx)
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
    timeline = progress.cohorts.here(ctx)
    cohort_id = timeline.cohort.id
    position = wording.describe_position(timeline, ctx.now)
    if timeline.cohort.closed_at is not None or timeline.cohort.ended_at is not None:
        return position, _offer_after_end(ctx, timeline.cohort)
    if "member" not in ctx.actor.roles:
        return _describe_met(ctx, timeline.cohort) + position, (
            Button("Join", command_links.JOIN.call(cohort_id), "primary"),
        )
    running = timeline.running(ctx.now)
    if running is not None and not progress.has_kept(ctx, timeline, running):
        call = command_links.CHECKIN.ask(cohort_id, unit=running.slot.unit_id)
        return f"{position} {wording.describe_open_unit(running, ctx.now)}", (Button("Check in", call, "primary"),)
    done = " You have checked in: see you for the next one." if running is not None else ""
    return f"{position}{done}", (Button("My progress", command_links.PROGRESS.call(cohort_id), "primary"),)


def _has_part(ctx: Context, progress: Progress, cohorts: Sequence[Cohort]) -> bool:
    """Whether somebody moderates here, or is in these groups, as who is in one means none that they are not in."""
    return "moderator" in ctx.actor.roles or Seeing.by(progress.cohorts.session, ctx).is_member(cohorts[0])


def _describe_joinable(seen: Sequence[Cohort]) -> str:
    """Return which groups somebody who is in none may join, and where these meet."""
    rooms = (f"**{markup.escape(c.name, 60)}** in {markup.room(c.room, 'its channel')}" for c in seen[:MOST_JOINED])
    more = f", and {len(seen) - MOST_JOINED} more" if len(seen) > MOST_JOINED else ""
    return f"You are in no group yet. You may join with a click: {', '.join(rooms)}{more}."


def _describe_met(ctx: Context, cohort: Cohort) -> str:
    """Return which group a guest may join, and where it meets if that is not where they say this."""
    name = f"**{markup.escape(cohort.name)}**"
    if ctx.place.room == cohort.room:
        return f"{name} learns here. "
    return f"{name} learns in {markup.room(cohort.room, 'a channel of its own')}. "


def _offer_after_end(ctx: Context, cohort: Cohort) -> tuple[Button, ...]:
    """Return what is left to do once the group has finished."""
    progress = Button("My progress", command_links.PROGRESS.call(cohort.id), "primary")
    catch_up = Button("Catch up", command_links.CHECKIN.ask(cohort.id))
    is_member = "member" in ctx.actor.roles
    return (
        *([progress] if is_member else []),
        *([catch_up] if is_member and cohort.ended_at is None else []),
        *([make_next_round_button(cohort)] if "moderator" in ctx.actor.roles else []),
    )
