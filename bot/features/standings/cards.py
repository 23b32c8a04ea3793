"""Pictures of a member's progress and of the leaderboard, with their alternative texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.drawing import board_card, progress_card
from bot.drawing.board_card import BOARD, BoardCard, Skipped
from bot.drawing.progress_card import PROGRESS, ProgressCard
from bot.features.checkins import wording
from bot.features.checkins.member_view import MemberView
from bot.features.standings import wording as standings_wording
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.messages import markup
from bot.messages.numerals import numbered
from bot.messages.reply import Image, Table

ALT_MAX = 900


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
    strip = wording.render_strip(score)
    words = f"{standings_wording.render_summary(view)}\n{strip}" if score.states else strip
    return Image(PROGRESS, card.data(), _describe(card), words)


def _find_first_day(view: MemberView, minutes: Counter[date]) -> date:
    """Return the first day to draw: when the group had begun and the member had joined, or an earlier check-in."""
    opened = view.timeline.opened
    began: datetime = max([view.membership.joined_at, *(opened_unit.slot.opens_at for opened_unit in opened[:1])])
    return min([began.astimezone(view.timeline.zone).date(), *minutes])


def _find_last_day(ctx: Context, view: MemberView) -> date:
    """Return today, or the day on which the group ended."""
    over = view.timeline.group.ended_at
    return over.astimezone(ZoneInfo(ctx.actor.zone)).date() if over is not None else ctx.today


def _format_unit(unit: progress_card.Unit) -> str:
    return unit if unit == "to come" else wording.format_state(unit)


def _describe(card: ProgressCard) -> str:
    counted = Counter(card.units)
    units = ", ".join(f"{count} {_format_unit(unit)}" for unit, count in counted.items()) or "none yet"
    studied = sum(step > 0 for step in card.days)
    return (
        f"Progress card: {numbered(card.streak, 'unit')} in a row, best {card.best}, "
        f"{numbered(card.freezes, 'freeze')}, {numbered(card.points, 'point')}. Units: {units}. "
        f"Studied on {numbered(studied, 'day')} {f'of the last {len(card.days)}' if len(card.days) > 1 else 'so far'}."
    )


def draw_board(
    title: str, span: str, rows: Sequence[BoardRow | SkippedRows], table: Table, *, has_head: bool = True
) -> Image:
    """Return the picture of the leaderboard as its reader sees it.

    Args:
        has_head: whether the picture shows the title and the span, because its message doesn't.
    """
    drawn = [
        Skipped(row.n_rows)
        if isinstance(row, SkippedRows)
        else board_card.LeaderboardRow(row.rank, row.name, row.points, row.is_me, standings_wording.format_note(row))
        for row in rows
    ]
    text = "; ".join(
        f"{row.n_rows} more"
        if isinstance(row, SkippedRows)
        else f"{row.rank} {markup.clip(markup.clean(row.name), 24)}{standings_wording.format_aside(row)} {row.points}"
        for row in rows
    )
    card = BoardCard(title if has_head else "", span, drawn)
    return Image(BOARD, card.data(), markup.clip(f"{title}: {text}", ALT_MAX), "", table)
