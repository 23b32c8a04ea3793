"""Pictures of a member's progress and of the leaderboard."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.drawing import board_card, progress_card
from bot.drawing.board_card import BoardCard, Skipped
from bot.drawing.progress_card import ProgressCard
from bot.features.checkins.checkin_log import MemberView
from bot.features.standings import wording
from bot.features.standings.leaderboard import SkippedRows
from bot.messages.reply import Image, Table


def draw_member(ctx: Context, view: MemberView) -> Image:
    """Return the picture of a member's progress, under the name that others see."""
    score, group = view.score, view.timeline.group
    units: list[progress_card.Unit] = [state.state for state in score.states]
    units += ["to come" for _ in view.timeline.left]
    start, window = progress_card.window(units)
    numbers = [state.number for state in score.states]
    minutes = Counter[date]()
    for fact in view.scores.facts(view.account.id):
        minutes[fact.day] += fact.minutes
    since, days = progress_card.days(minutes, _find_first_day(view, minutes), _find_last_day(ctx, view))
    card = ProgressCard(
        view.membership.alias or view.account.name,
        group.name,
        window,
        score.streak,
        score.best_streak,
        score.freezes_held,
        score.points,
        since,
        days,
        (numbers[0] if numbers else 1) + start,
    )
    return wording.render_progress_picture(view, card)


def _find_first_day(view: MemberView, minutes: Counter[date]) -> date:
    """Return the first day to draw: when the group had begun and the member had joined, or an earlier check-in."""
    opened = view.timeline.opened
    began: datetime = max([view.membership.joined_at, *(opened_unit.slot.opens_at for opened_unit in opened[:1])])
    return min([began.astimezone(view.timeline.zone).date(), *minutes])


def _find_last_day(ctx: Context, view: MemberView) -> date:
    """Return today, or the day on which the group ended."""
    over = view.timeline.group.ended_at
    return over.astimezone(ZoneInfo(ctx.actor.zone)).date() if over is not None else ctx.today


def draw_board(title: str, span: str, rows: wording.Rows, table: Table, *, has_head: bool = True) -> Image:
    """Return the picture of the leaderboard as its reader sees it.

    Args:
        has_head: whether the picture shows the title and the span, because its message doesn't.
    """
    drawn = [
        Skipped(row.n_rows)
        if isinstance(row, SkippedRows)
        else board_card.LeaderboardRow(row.rank, row.name, row.points, row.is_me, wording.format_note(row))
        for row in rows
    ]
    card = BoardCard(title if has_head else "", span, drawn)
    return wording.render_board_picture(title, rows, card, table)
