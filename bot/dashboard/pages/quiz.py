"""Quizzes and reviews: what is under way or due, and the viewer's results by unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.dashboard.page import READERS, DashboardPage, Viewer
from bot.dashboard.pages.my_progress import due
from bot.features.groups.service import Groups
from bot.features.quiz import commands, wording
from bot.features.quiz.commands import review
from bot.features.quiz.reviews import Reviews
from bot.features.quiz.service import Quizzes
from bot.features.quiz.strengths import list_last_answers
from bot.messages.reply import Button


@dataclass(frozen=True)
class UnitQuestions:
    """A unit that has questions.

    Args:
        right: questions answered correctly when last asked.
    """

    label: str
    right: int
    answered: int
    questions: int
    begin: Button


def read(viewer: Viewer, *, groups: Groups, quizzes: Quizzes, repeats: Reviews) -> Mapping[str, object]:
    """Return what somebody can be asked."""
    ctx, timeline = viewer.ctx, groups.here(viewer.ctx)
    track = groups.tracks_of(timeline.group)[timeline.roadmap.id]
    opened = {timeline.roadmap.heir(unit.slot.unit_id) for unit in timeline.opened}
    last = list_last_answers(groups.session, ctx.actor.account_id, track)
    asked = [
        (unit.id in opened, _describe_unit(ctx, track, unit, last))
        for unit in track.roadmap.units
        if unit.id in track.banks
    ]
    under_way = quizzes.find_open(ctx, track)
    says, reviewing = due(ctx, repeats)
    habit = repeats.habit(ctx.actor.account_id)
    forecast = repeats.forecast_reviews(ctx.actor.account_id, ctx.today, ZoneInfo(ctx.actor.zone))
    return {
        "waiting": wording.describe_position(under_way) if under_way is not None else "",
        "going_on": Button("Continue quiz", commands.quiz_go.call(of=under_way.row.id), "primary")
        if under_way
        else None,
        "due": says,
        "reviewing": reviewing,
        "forecast": [(f"{day:%a}", count) for day, count in forecast] if any(n for _, n in forecast) else [],
        "memory_title": wording.MEMORY,
        "memory": repeats.estimate_recall(ctx.actor.account_id, ctx.now),
        "habit": f"Up to {habit.cap} a day. {_describe_reminders(habit.nudge)}",
        "changing": Button("Change reviews", review.ask()),
        "out": [questions for is_out, questions in reversed(asked) if is_out],
        "ahead": [questions for is_out, questions in asked if not is_out],
    }


def _describe_reminders(nudge: str) -> str:
    return "Reminders: off." if nudge == "no" else f"I'll remind you {wording.NUDGES[nudge]}."


def _describe_unit(ctx: Context, track: Track, unit: Unit, last: Mapping[str, bool]) -> UnitQuestions:
    items = track.banks[unit.id].items
    answered = [last[item.id] for item in items if item.id in last]
    begin = Button("Start quiz", commands.way(ctx, track, unit))
    return UnitQuestions(f"{unit.number} {unit.title}", sum(answered), len(answered), len(items), begin)


QUIZ = DashboardPage("quiz", "Quiz", READERS, "quiz.html", read, takes=("quiz", "review"))
