"""What one's own standing and the board are answered with where nobody else reads it."""

from __future__ import annotations

from bot.commands.context import Context
from bot.features import command_links
from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.service import Progress
from bot.features.groups import wording
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Cohorts
from bot.features.standings.commands import render_table
from bot.features.standings.group_standings import Roll
from bot.features.standings.leaderboard import BoardRow
from bot.features.standings.leaderboard_query import read_board
from bot.messages import markup
from bot.messages.numerals import numbered
from bot.messages.reply import Button, Reply, Text, say

LATEST = 2
"""Units of one's record that are told; the whole is a press away."""


def standing(ctx: Context, timeline: Timeline, cohorts: Cohorts) -> Reply:
    """Tell a member whether they have checked in, their streak, their points and what became of the latest units."""
    progress = Progress(cohorts)
    member, cohort_id = progress.mine(ctx), timeline.cohort.id
    running, buttons = (
        timeline.running(ctx.now),
        [Button("My progress", command_links.PROGRESS.call(cohort_id), "primary")],
    )
    sentences = []
    if running is not None and progress.has_kept(ctx, timeline, running):
        sentences = [f"You have checked in to **{markup.escape(timeline.label(running.slot))}**."]
    elif running is not None:
        sentences = [
            f"{wording.describe_open_unit(running, ctx.now)}"
            f" {wording.describe_position(timeline, ctx.now)}"
        ]
        buttons.append(Button("Check in", command_links.CHECKIN.ask(cohort_id)))
    sentences.append(
        f"{checkin_wording.describe_balance(member.score, member.timeline.cohort)} "
        f"{checkin_wording.render_points(member)}"
    )
    if latest := member.score.ledger[-LATEST:]:
        sentences.append(checkin_wording.render_ledger(member, latest, is_own=True))
    return say("\n".join(sentences), buttons=tuple(buttons))


def board(ctx: Context, timeline: Timeline, cohorts: Cohorts) -> Reply:
    """Tell who leads and where the reader stands, as the board does."""
    way = Button("Leaderboard", command_links.LEADERBOARD.call(timeline.cohort.id))
    membership = cohorts.find_membership(timeline.cohort.id, ctx.actor.account_id)
    if membership is not None and not membership.sees_board:
        return say("You have hidden the board for yourself. Your points and streak go on.", buttons=(way,))
    is_over = timeline.cohort.closed_at is not None
    rows = read_board(Roll(cohorts, timeline, ctx.now), "season" if is_over else "phase", ctx.actor.account_id)
    ranked = [row for row in rows if isinstance(row, BoardRow)]
    if not ranked:
        return say("Nobody is on the board yet.", buttons=(way,))
    first, own_row = ranked[0], next((row for row in ranked if row.is_me), None)
    span = "over the whole season" if is_over else "in this phase"
    you, they = ("share the lead", "shares the lead") if first.is_shared else ("lead", "leads")
    who = f"You {you}" if first.is_me else f"**{markup.escape(first.name, 40)}** {they}"
    text = f"{who} with {numbered(first.points, 'point')} {span}."
    if own_row is not None and not first.is_me:
        text += f" You are number {own_row.rank}{', shared,' if own_row.is_shared else ''} with {own_row.points}."
    return Reply((Text(text), render_table(rows)), (way,))
