"""The `review` command: spaced repetition, a few questions a day."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.features.group_access.actor import list_reachable
from bot.features.groups.service import Cohorts
from bot.features.groups.wording import format_previous
from bot.features.quiz.commands import quiz, render_attempt
from bot.features.quiz.reviews import MOST, Reviews, day
from bot.features.quiz.service import Quizzes
from bot.features.quiz.tables import ReviewHabit
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Button, Fields, Reply, Text, say

Nudge = Literal["no", "daily", "weekly"]
NUDGES = {"no": "no", "daily": "on days when something is due", "weekly": "on Mondays when something is due"}


@command(
    "review",
    cohort="none",
    after_end=True,
    own=True,
    title="Review",
    spoken=("repeat",),
    asked=(r"(?:review|repeat|revise|refresh) (?:old |my |the )?(?:questions|quiz|units|material)",),
)
def review(
    ctx: Context,
    cap: Annotated[int | None, Param("Questions a day, at most", example="10", min=1, max=MOST)] = None,
    hour: Annotated[time | None, Param("Hour (of a word about it)", example="18:00")] = None,
    nudge: Annotated[Nudge | None, Param("Tell me when questions are due")] = None,
    *,
    cohorts: Cohorts,
    quizzes: Quizzes,
    reviews: Reviews,
) -> Reply:
    """What you have answered comes back when you are about to forget it, a few questions a day."""
    if cap is not None or hour is not None or nudge is not None:
        return _change_habit(ctx, reviews, cap, hour, nudge)
    if (under_way := quizzes.find_review(ctx)) is not None:
        return render_attempt(under_way)
    begins, ends = day(ctx.now, ZoneInfo(ctx.actor.zone))
    habit = reviews.habit(ctx.actor.account_id)
    left = habit.cap - reviews.count_reviewed(ctx.actor.account_id, begins)
    due_items = reviews.due(ctx.actor.account_id, ends)
    if due_items is None:
        return _nothing(ctx, cohorts, reviews)
    if left <= 0:
        more = f"{markup.typed(f'review cap={min(habit.cap * 2, MOST)}')} makes it more."
        return say(f"You have done the {counted(habit.cap, 'question')} of today. The others wait. {more}", tone="good")
    track, due = due_items
    items = due[:left]
    secrets.SystemRandom().shuffle(items)
    return render_attempt(quizzes.begin(ctx, track, "", items))


def _nothing(ctx: Context, cohorts: Cohorts, reviews: Reviews) -> Reply:
    at, has_quiz = reviews.next_due_at(ctx.actor.account_id), _has_questions(ctx, cohorts)
    if at is None:
        first = "Here comes back what you have answered in a quiz, when you are about to forget it."
        begin = (Button("Begin with a quiz", quiz.call(), "primary"),)
        return say(first, buttons=begin) if has_quiz else say(f"{first} Your roadmap has no questions yet.")
    when = markup.moment(at, ctx.actor.zone, "day")
    buttons = (Button("A quiz", quiz.call()),) if has_quiz else ()
    return say(f"Nothing is due. The next question comes back on {when}.", buttons=buttons)


def _has_questions(ctx: Context, cohorts: Cohorts) -> bool:
    """Whether a quiz could have any questions: in the person's groups, or else in any course here."""
    groups = list_reachable(cohorts.work, ctx)
    walked = [cohorts.tracks_of(group).get(group.roadmap_id) for group in groups] or cohorts.tracks(ctx).values()
    return any(track is not None and track.banks for track in walked)


def _change_habit(ctx: Context, reviews: Reviews, cap: int | None, hour: time | None, nudge: Nudge | None) -> Reply:
    """Store a person's review habit, and show the change."""
    habit = reviews.habit(ctx.actor.account_id)
    at = habit.hour if hour is None else hour
    now = ReviewHabit(cap=cap or habit.cap, hour=at, nudge=nudge or habit.nudge)
    reviews.keep(ctx.actor.account_id, cap=now.cap, hour=now.hour, nudge=now.nudge, now=ctx.now)
    word = _describe_habit(now, is_named=hour is not None)
    rows = (
        ("Questions a day, at most", f"{now.cap}{format_previous(str(habit.cap), str(now.cap))}"),
        (
            "A word when some are due",
            f"{word}{format_previous(_describe_habit(habit, is_named=False), _describe_habit(now, is_named=False))}",
        ),
    )
    off = markup.typed("review nudge=no")
    note_text = f"It comes with a reminder of that day, never beside one, and goes on after the season. {off} stops it."
    note = Text(note_text) if now.nudge != "no" else None
    shown_now = Reply((Fields(rows), *([note] if note else [])), (Button("Review now", review.call(), "primary"),))
    return replace(shown_now, title="Your reviews", tone="good")


def _describe_habit(habit: ReviewHabit, *, is_named: bool) -> str:
    label = NUDGES[habit.nudge]
    if habit.nudge != "no":
        return f"{label}, at {habit.hour:%H:%M}"
    return f"{label}; {habit.hour:%H:%M} is kept for when you want one" if is_named else label


COMMANDS: tuple[Command, ...] = (review,)
