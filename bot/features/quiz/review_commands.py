"""What comes back to a person, a few questions a day."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.numerals import counted
from bot.core.reply import Button, Fields, Reply, Text, say
from bot.features.quiz.commands import quiz, shown
from bot.features.quiz.reviews import MOST, Reviews, day
from bot.features.quiz.service import Quizzes
from bot.features.quiz.tables import ReviewHabit

Nudge = Literal["no", "daily", "weekly"]
NUDGES = {"no": "no", "daily": "on days when something is due", "weekly": "on Mondays when something is due"}


@command(
    "review", cohort="none", after_end=True, own=True, title="Review", spoken=("repeat",),
    asked=(r"(?:review|repeat|revise|refresh) (?:old |my |the )?(?:questions|quiz|units|material)",),
)  # fmt: skip
def review(
    ctx: Context,
    cap: Annotated[int | None, Param("Questions a day, at most", example="10", min=1, max=MOST)] = None,
    hour: Annotated[time | None, Param("Hour (of a word about it)", example="18:00")] = None,
    nudge: Annotated[Nudge | None, Param("Tell me when questions are due")] = None,
    *,
    quizzes: Quizzes,
    reviews: Reviews,
) -> Reply:
    """What you have answered comes back when you are about to forget it, a few questions a day."""
    if cap is not None or hour is not None or nudge is not None:
        return _settled(ctx, reviews, cap, hour, nudge)
    if (under_way := quizzes.find_review(ctx)) is not None:
        return shown(under_way)
    begins, ends = day(ctx.now, ZoneInfo(ctx.actor.zone))
    habit = reviews.habit(ctx.actor.account_id)
    left = habit.cap - reviews.count_reviewed(ctx.actor.account_id, begins)
    found = reviews.due(ctx.actor.account_id, ends)
    if found is None:
        return _nothing(ctx, reviews)
    if left <= 0:
        more = f"{markup.typed(f'review cap={min(habit.cap * 2, MOST)}')} makes it more."
        return say(f"You have done the {counted(habit.cap, 'question')} of today. The others wait. {more}", tone="good")
    track, due = found
    items = due[:left]
    secrets.SystemRandom().shuffle(items)
    return shown(quizzes.begin(ctx, track, "", items))


def _nothing(ctx: Context, reviews: Reviews) -> Reply:
    at = reviews.next_due_at(ctx.actor.account_id)
    if at is None:
        first = "Here comes back what you have answered in a quiz, when you are about to forget it."
        return say(first, buttons=(Button("Begin with a quiz", quiz.call(), "primary"),))
    when = markup.moment(at, ctx.actor.zone, "day")
    return say(f"Nothing is due. The next question comes back on {when}.", buttons=(Button("A quiz", quiz.call()),))


def _settled(ctx: Context, reviews: Reviews, cap: int | None, hour: time | None, nudge: Nudge | None) -> Reply:
    """Keep what was said of a person's habit, and show it."""
    habit = reviews.habit(ctx.actor.account_id)
    at = habit.hour if hour is None else hour
    now = ReviewHabit(cap=cap or habit.cap, hour=at, nudge=nudge or habit.nudge)
    reviews.keep(ctx.actor.account_id, cap=now.cap, hour=now.hour, nudge=now.nudge)
    rows = (
        ("Questions a day, at most", str(now.cap)),
        ("A word when some are due", NUDGES[now.nudge] + (f", at {now.hour:%H:%M}" if now.nudge != "no" else "")),
    )
    note = Text("It comes with a reminder of that day, never beside one.") if now.nudge != "no" else None
    shown_now = Reply((Fields(rows), *([note] if note else [])), (Button("Review now", review.call(), "primary"),))
    return replace(shown_now, title="Your reviews", tone="good")


COMMANDS: tuple[Command, ...] = (review,)
