"""What moderators say to stop a cohort for a while, or for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import BadInput
from bot.core.numerals import lasting
from bot.core.reply import Button, Reply, Text, say
from bot.features.cohort import wording
from bot.features.cohort.calendar.pacing import CATCH_UP_DAYS
from bot.features.cohort.calendar.pausing import Pausing
from bot.features.cohort.calendar.timeline import Astray
from bot.features.cohort.params import COHORT, CONFIRM
from bot.features.cohort.pending import CHANGED, Pending, is_stale, mark
from bot.features.cohort.proposal import Proposal, dates_that_change
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort

CATCH_UP = lasting(timedelta(days=CATCH_UP_DAYS))
LONGEST_PAUSE = 26
"""Weeks of a pause that has an end."""


@command(
    "cohort pause",
    role="moderator",
    cohort="needed",
    which=COHORT,
    title="Pause the cohort",
    asked=(r"(?:pause|halt|interrupt) (?:the |our )?(?:group|cohort|course)",),
)
def cohort_pause(
    ctx: Context,
    weeks: Annotated[int | None, Param("Weeks (until resumed if empty)", example="2", min=1, max=LONGEST_PAUSE)] = None,
    from_: Annotated[date | None, Param("From (the next post if empty)", example="now")] = None,
    reason: Annotated[str, Param("Reason, shown to the group", example="holidays", max=200)] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Pause a cohort: streaks are safe, check-ins stay open; shows the new dates first."""
    timeline = cohorts.here(ctx)
    pausing = Pausing(cohorts)
    pause = pausing.proposed(ctx, timeline, weeks, from_)
    zone = timeline.cohort.zone
    until = f"until {wording.when(pause.until_at, zone)}" if pause.until_at else "until you resume"
    rests_on = mark(Proposal.of(timeline.cohort), timeline.opened, timeline.pauses)
    if confirm and not is_stale(ctx, rests_on):
        pausing.begin(ctx, timeline, pause, reason)
        since = "" if pause.from_at <= ctx.now else f"from {wording.when(pause.from_at, zone)} "
        reply = say(f"{markup.escape(timeline.cohort.name)} pauses {since}{until}. The channel is told.", tone="good")
        return replace(reply, replaces=True)
    after, moved = pausing.moved(timeline, pause, ctx.now)
    lines = [CHANGED] if is_stale(ctx, rests_on) else []
    lines += [f"From {wording.when(pause.from_at, zone)} {until}."]
    if moved is not None and pause.until_at:
        lines.append(f"The running unit's deadline moves to {wording.when(moved.deadline_at, zone)}.")
    elif moved is not None:
        lines.append("The running unit is held until you resume.")
    pairs = dates_that_change(timeline.planned(ctx.now), after.planned(ctx.now))
    dates = [f"- {after.label(b)}: {wording.when(b.opens_at, zone)}" for _, b in pairs[:4]]
    pending = Pending.keep(cohorts.work, ctx, cohort_pause, timeline.cohort.id, rests_on=rests_on)
    return Reply(
        (Text(" ".join(lines)), *([Text("**New dates**\n" + "\n".join(dates))] if dates else [])),
        (pending.confirm(),),
        title=f"Pause {markup.escape(timeline.cohort.name)}?",
    )


@command("cohort resume", role="moderator", cohort="needed", which=COHORT)
def cohort_resume(ctx: Context, *, cohorts: Cohorts) -> Reply:
    """End a pause now; the channel is told when the next unit comes."""
    after = Pausing(cohorts).resume(ctx, cohorts.here(ctx))
    return Reply(
        (wording.first_posts(after, after.planned(ctx.now)),),
        title=f"{markup.escape(after.cohort.name)} goes on",
        tone="good",
    )


@command(
    "cohort end",
    role="moderator",
    cohort="needed",
    which=COHORT,
    asked=(r"(?:end|stop|close|finish|delete) (?:the |our |an? )?(?:group|cohort|course)",),
)
def cohort_end(
    ctx: Context,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """End a cohort early with a closing post; catching up stays open for a while."""
    row = cohorts.get(ctx.actor.cohort_id)
    if (astray := cohorts.astray(row)) is not None:
        return _end_astray(ctx, row, astray, confirm=confirm)
    if row.closed_at is not None or row.end_asked_at is not None:
        raise BadInput(f"{markup.escape(row.name)} has already finished.")
    if confirm:
        row.end_asked_at = ctx.now
        cohorts.wake(row, ctx.now)
        reply = say(f"The closing post is on its way. Catching up stays open {CATCH_UP}.", tone="good")
        return replace(reply, replaces=True, title=f"{markup.escape(row.name)} ends")
    board = " with the final board" if row.has_board else ""
    return Reply(
        (
            Text(
                f"I post a closing message{board}, stop posts and reminders, cancel live hours that are planned, and "
                f"keep catching up open for {CATCH_UP}, or until the next round starts in its channel. Nothing is "
                "deleted. This cannot be undone."
            ),
        ),
        (Button("End it", cohort_end.call(row.id, confirm=True), "danger"),),
        title=f"End {markup.escape(row.name)}?",
        tone="warn",
    )


def _end_astray(ctx: Context, row: Cohort, astray: Astray, *, confirm: bool) -> Reply:
    """End a cohort that no closing post can be written for, at once."""
    if confirm:
        row.end_asked_at = row.end_asked_at or ctx.now
        row.closed_at = row.closed_at or ctx.now
        row.ended_at, row.wake_at = ctx.now, None
        reply = say("Its channel is free, and its record is kept for when its roadmap is back.", tone="good")
        return replace(reply, replaces=True, title=f"{markup.escape(row.name)} has ended")
    told = "I would end it at once, without a closing post and without catching up. Nothing is deleted. "
    return Reply(
        (Text(f"{astray.sentence}\n\n{told}This cannot be undone."),),
        (Button("End it", cohort_end.call(row.id, confirm=True), "danger"),),
        title=f"End {markup.escape(row.name)}?",
        tone="warn",
    )


COMMANDS: tuple[Command, ...] = (cohort_pause, cohort_resume, cohort_end)
