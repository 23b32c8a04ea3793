"""Commands of quizzes, tests before a part, spaced reviews and warm-ups.

A quiz is one private message that changes with each answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from itertools import chain, zip_longest
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.curriculum import lookup
from bot.curriculum.bank import BankItem, NumericAnswer
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import GROUP, OUTSIDE_COURSE, member_action, suggest_part, suggest_unit
from bot.features.groups.service import Groups
from bot.features.quiz import reviews, wording
from bot.features.quiz.attempt import Posed, figure, parse_number
from bot.features.quiz.reviews import MAX_CAP, Reviews, day
from bot.features.quiz.service import BRIDGE, Attempt, Prospects, Quizzes
from bot.features.quiz.tables import ReviewHabit
from bot.features.quiz.warm_up import WarmUps
from bot.features.quiz.weekly_round import find_weekly_round
from bot.features.resolution.actor import list_reachable
from bot.features.resolution.subject import choose_track
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Button, Reply

QUESTIONS = 10


def over(
    ctx: Context, track: Track, timeline: Timeline | None, named: str, quizzes: Quizzes
) -> tuple[str, Sequence[BankItem]]:
    """Return the key of a part's test, and ten questions on the units before the part or before the group's unit.

    Raises:
        NotFound: there is no such part, it is the first, or there are no questions.
    """
    leg = lookup.find_part(track.roadmap.parts, named)
    running = timeline.running(ctx.now) if timeline is not None else None
    at = track.roadmap.unit(running.slot.unit_id) if running is not None else None
    before: Sequence[Unit] = [unit for unit in leg.units if at is not None and unit.number < at.number]
    if not before or (at is not None and at.number > leg.last):
        before = track.roadmap.parts[leg.number - 2].units if leg.number > 1 else ()
    if not before:
        raise NotFound("Part 1 is the first part, so you're ready for it.", field="part")
    banks = [track.banks[unit.id].items for unit in before if unit.id in track.banks]
    if not banks:
        raise NotFound("There are no questions yet on the units before that.", field="part")
    share = -(-QUESTIONS // len(banks))
    picked = [quizzes.pick(ctx.actor.account_id, track, items, share) for items in banks]
    mixed = [item for item in chain.from_iterable(zip_longest(*picked)) if item is not None]
    return f"{BRIDGE}{leg.number}", mixed[:QUESTIONS]


USUAL, MOST = 5, 20

"""Questions of one quiz by default, and at most."""

PART = Param("Part to start at", example="2", max=100, suggest=suggest_part, in_form=False, formerly=("leg",))

OF = Param("Quiz", in_form=False)

AT = Param("Question", in_form=False)

LETTER = Param("Letter", example="A", max=1)

WANTED = IntentPattern(
    r"^\W*(?:please |can you |let'?s )?(?:quiz|test|examine) (?:me|us)\W*(?:please)?\W*$",
    "Take a quiz",
    "You can take a short quiz on the unit.",
)

CONTINUES = IntentPattern(
    r"^\W*(?:please )?(?:continue|resume|finish|go on with) (?:my|the) quiz\W*$",
    "Continue quiz",
    "You can continue your quiz.",
)


@command(
    "quiz",
    group="choose",
    which=GROUP,
    after_end=True,
    own=True,
    title="A quiz",
    spoken=("quiz me", "test me"),
    hints=(WANTED, CONTINUES),
    asked=(r"(?:do|take|get|start|have) (?:a |the |another )?(?:quiz|test|questions)",),
)
def quiz(
    ctx: Context,
    unit: Annotated[UnitRef | None, Param("Unit (leave empty for the current one)", suggest=suggest_unit)] = None,
    count: Annotated[int, Param("Questions (leave empty for five)", example="5", min=1, max=MOST)] = USUAL,
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    part: Annotated[str | None, PART] = None,
    *,
    groups: Groups,
    quizzes: Quizzes,
) -> Reply:
    """Take a short private quiz on a unit."""
    track = choose_track(ctx, groups, course, "which course should I quiz you on")
    if part is not None:
        timeline = groups.here(ctx) if ctx.actor.group_id is not None else None
        return render_attempt(quizzes.begin(ctx, track, *over(ctx, track, timeline, part, quizzes)))
    chosen = _find_unit(ctx, groups, track, unit)
    under_way = quizzes.find_open(ctx, track)
    if under_way is not None and (unit is None or under_way.row.unit_id == chosen.id):
        new_questions = quiz_new.call(ctx.actor.group_id, **_make_args(ctx, track, chosen), count=count)
        return wording.render_position(under_way, go_on=quiz_go.call(of=under_way.row.id), new_questions=new_questions)
    return _begin(ctx, quizzes, track, chosen, count)


def _find_unit(ctx: Context, groups: Groups, track: Track, named: str | None) -> Unit:
    """Return the named unit, or else the newest opened one; the first before that."""
    if named:
        return track.roadmap.find(named)
    if ctx.actor.group_id is None:
        return track.roadmap.units[0]
    timeline = groups.here(ctx)
    out = timeline.running(ctx.now) or next(reversed(timeline.opened), None)
    return timeline.unit(out.slot) if out is not None else timeline.roadmap.unit(timeline.group.first_unit)


def way(ctx: Context, track: Track, unit: Unit) -> Call:
    """Return the Call that begins a quiz on a unit."""
    return quiz.call(ctx.actor.group_id, **_make_args(ctx, track, unit))


def _make_args(ctx: Context, track: Track, unit: Unit) -> dict[str, str]:
    """Return a button's arguments for a unit; without a group they name the course."""
    named = {"unit": str(unit.number)}
    return named if ctx.actor.group_id is not None else {**named, "course": track.id}


def _begin(ctx: Context, quizzes: Quizzes, track: Track, unit: Unit, count: int) -> Reply:
    require_questions(track)
    bank = track.find_bank(unit.id)
    if bank is None:
        raise NotFound(
            f"There are no questions on {markup.escape(unit.title, 100)} yet. "
            f"Try another unit, such as {markup.typed(f'quiz {_first_with_questions(track)}')}.",
            field="unit",
        )
    picked = quizzes.pick(ctx.actor.account_id, track, bank.items, count)
    return render_attempt(quizzes.begin(ctx, track, unit.id, picked))


def require_questions(track: Track) -> None:
    """Raise NotFound if a course has no questions."""
    if not track.banks:
        raise NotFound(f"**{markup.escape(track.title, 100)}** has no quiz questions yet.", field="course")


def _first_with_questions(track: Track) -> int:
    return next((unit.number for unit in track.roadmap.units if unit.id in track.banks), 1)


@command("quiz new", hidden=True, group="choose", after_end=True, own=True)
def quiz_new(
    ctx: Context,
    unit: Annotated[UnitRef, Param("Unit")],
    count: Annotated[int, Param("Questions", min=1, max=MOST)],
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    *,
    groups: Groups,
    quizzes: Quizzes,
) -> Reply:
    """Start another quiz."""
    track = choose_track(ctx, groups, course, "which course should I quiz you on")
    return _begin(ctx, quizzes, track, track.roadmap.find(unit), count)


@command("quiz go", hidden=True, group="none")
def quiz_go(ctx: Context, of: Annotated[int, OF], *, quizzes: Quizzes, prospects: Prospects) -> Reply:
    """Continue a quiz."""
    attempt = quizzes.get(ctx, of)
    is_over = attempt.next is None and attempt.row.unit_id != "" and attempt.row.group_id is not None
    back = wording.describe_return(quizzes.list_due(attempt), ctx.actor.zone) if attempt.next is None else ""
    return render_attempt(attempt, prospect=prospects.after(ctx, attempt) if is_over else None, back=back)


@command("quiz pick", hidden=True, group="none")
def quiz_pick(
    ctx: Context,
    of: Annotated[int, OF],
    at: Annotated[int, AT],
    pick: Annotated[str, LETTER],
    *,
    quizzes: Quizzes,
) -> Reply:
    """Choose an answer."""
    attempt = quizzes.get(ctx, of)
    posed = attempt.at(at)
    if posed is None or posed.given is not None or pick not in posed.letters:
        return _render_late(attempt, posed)
    chosen, is_answer = posed.pressed(pick)
    if is_answer:
        return _render_outcome(quizzes.answer(ctx, attempt, posed, chosen), at)
    return render_attempt(quizzes.choose(attempt, posed, chosen), at)


@command("quiz done", hidden=True, group="none")
def quiz_done(ctx: Context, of: Annotated[int, OF], at: Annotated[int, AT], *, quizzes: Quizzes) -> Reply:
    """Submit the chosen answers."""
    attempt = quizzes.get(ctx, of)
    posed = attempt.at(at)
    if posed is None or posed.given is not None or not posed.chosen:
        return _render_late(attempt, posed)
    return _render_outcome(quizzes.answer(ctx, attempt, posed, posed.chosen), at)


@command("quiz clear", hidden=True, group="none")
def quiz_clear(ctx: Context, of: Annotated[int, OF], at: Annotated[int, AT], *, quizzes: Quizzes) -> Reply:
    """Clear the chosen answers."""
    attempt = quizzes.get(ctx, of)
    posed = attempt.at(at)
    if posed is None or posed.given is not None:
        return _render_late(attempt, posed)
    return render_attempt(quizzes.choose(attempt, posed, ""), at)


@command("quiz number", hidden=True, form=True, group="none", title="Your answer")
def quiz_number(
    ctx: Context,
    number_: Annotated[str, Param("Number", example="0.4", max=40)],
    of: Annotated[int, OF],
    at: Annotated[int, AT],
    *,
    quizzes: Quizzes,
) -> Reply:
    """Answer with a number."""
    attempt = quizzes.get(ctx, of)
    posed = attempt.at(at)
    if posed is None or posed.given is not None or not isinstance(posed.item.form, NumericAnswer):
        return _render_late(attempt, posed)
    return _render_outcome(quizzes.answer(ctx, attempt, posed, figure(parse_number(number_))), at)


@command("quiz rate", hidden=True, group="none")
def quiz_rate(
    ctx: Context,
    of: Annotated[int, OF],
    at: Annotated[int, AT],
    felt: Literal["easy", "guessed"],
    *,
    quizzes: Quizzes,
) -> Reply:
    """Rate how a right answer felt."""
    attempt = quizzes.get(ctx, of)
    posed = attempt.at(at)
    if posed is None or not posed.is_right:
        return _render_late(attempt, posed)
    quizzes.amend(attempt, posed, reviews.EASY if felt == "easy" else reviews.HARD)
    return _render_outcome(attempt, at, lead=wording.describe_rated(is_easy=felt == "easy"), is_rated=True)


@command("quiz stop", hidden=True, group="none")
def quiz_stop(ctx: Context, of: Annotated[int, OF], *, quizzes: Quizzes) -> Reply:
    """Stop the quiz for now."""
    attempt = quizzes.get(ctx, of)
    return wording.render_position(attempt, go_on=quiz_go.call(of=of), is_stopped=True)


@command("quiz again", hidden=True, group="none")
def quiz_again(ctx: Context, of: Annotated[int, OF], *, quizzes: Quizzes) -> Reply:
    """Repeat the questions that you missed."""
    attempt = quizzes.get(ctx, of)
    if attempt.next is not None or not attempt.missed:
        return render_attempt(attempt)
    return render_attempt(
        quizzes.begin(ctx, attempt.track, attempt.row.unit_id, [question.item for question in attempt.missed])
    )


def render_attempt(attempt: Attempt, at: int | None = None, *, prospect: Reply | None = None, back: str = "") -> Reply:
    """Return an attempt at a place, or else at the first unanswered question, or else its result.

    Args:
        prospect: what a finished quiz makes possible, shown below its result.
        back: when its questions come back.
    """
    posed = attempt.at(at) if at is not None else attempt.next
    of = attempt.row.id
    if posed is None:
        more = None
        if attempt.unit is not None:
            named = {"unit": str(attempt.unit.number)}
            named |= {} if attempt.row.group_id is not None else {"course": attempt.track.id}
            more = quiz_new.call(attempt.row.group_id, **named, count=USUAL)
        return wording.render_result(attempt, again=quiz_again.call(of=of), more=more, prospect=prospect, back=back)
    return wording.render_question(
        attempt,
        posed,
        picks={letter: quiz_pick.call(of=of, at=posed.place, pick=letter) for letter in posed.letters},
        number=quiz_number.ask(of=of, at=posed.place),
        done=quiz_done.call(of=of, at=posed.place),
        clear=quiz_clear.call(of=of, at=posed.place),
        stop=quiz_stop.call(of=of),
    )


def _render_outcome(attempt: Attempt, at: int, *, lead: str = "", is_rated: bool = False) -> Reply:
    """Return whether the answer at a place is right, and why."""
    posed = attempt.at(at)
    assert posed is not None
    of = attempt.row.id
    felt = {}
    if attempt.is_review and posed.is_right and not is_rated:
        felt = {value: quiz_rate.call(of=of, at=at, felt=value) for value in ("easy", "guessed")}
    return wording.render_outcome(attempt, posed, go_on=quiz_go.call(of=of), felt=felt, lead=lead)


def _render_late(attempt: Attempt, posed: Posed | None) -> Reply:
    """Return the reply to a click on an earlier question: its outcome, and the current place."""
    if posed is None or posed.given is None:
        return render_attempt(attempt, posed.place if posed is not None else None)
    is_newest = attempt.next is None or posed is attempt.answered[-1]
    lead = "" if is_newest or attempt.next is None else wording.describe_late(attempt.number(attempt.next))
    return _render_outcome(attempt, posed.place, lead=lead)


@member_action("quiz round")
def quiz_round(ctx: Context, unit: Annotated[UnitRef, Param("Unit")], *, groups: Groups, quizzes: Quizzes) -> Reply:
    """Answer a unit's weekly round."""
    timeline = groups.here(ctx)
    track = groups.tracks_of(timeline.group)[timeline.roadmap.id]
    opened = timeline.find(unit)
    weekly = find_weekly_round(timeline, track, opened) if opened is not None else None
    if weekly is None or not weekly.opens_at <= ctx.now < weekly.closes_at:
        raise NotFound(
            "This round is over. Take a quiz instead.",
            buttons=(Button("Take a quiz", quiz.call(timeline.group.id), "primary"),),
        )
    return render_attempt(quizzes.enter_round(ctx, track, weekly))


COMMANDS: tuple[Command, ...] = (
    quiz,
    quiz_new,
    quiz_go,
    quiz_pick,
    quiz_done,
    quiz_clear,
    quiz_number,
    quiz_rate,
    quiz_stop,
    quiz_again,
    quiz_round,
)


Nudge = Literal["no", "daily", "weekly"]


@command(
    "review",
    group="none",
    after_end=True,
    own=True,
    title="Review",
    spoken=("repeat",),
    asked=(r"(?:review|repeat|revise|refresh) (?:old |my |the )?(?:questions|quiz|units|material)",),
)
def review(
    ctx: Context,
    cap: Annotated[int | None, Param("Most questions a day", example="10", min=1, max=MAX_CAP)] = None,
    hour: Annotated[time | None, Param("Hour of the reminder", example="18:00")] = None,
    nudge: Annotated[Nudge | None, Param("Reminder when questions are due")] = None,
    *,
    groups: Groups,
    quizzes: Quizzes,
    reviews: Reviews,
) -> Reply:
    """Review quiz questions just before you forget them."""
    if cap is not None or hour is not None or nudge is not None:
        return _change_habit(ctx, reviews, cap, hour, nudge)
    if (under_way := quizzes.find_review(ctx)) is not None:
        return render_attempt(under_way)
    forecast = wording.describe_forecast(_read_forecast(ctx, reviews))
    begins, ends = day(ctx.now, ZoneInfo(ctx.actor.zone))
    habit = reviews.habit(ctx.actor.account_id)
    left = habit.cap - reviews.count_reviewed(ctx.actor.account_id, begins)
    due_items = reviews.due(ctx.actor.account_id, ends)
    if due_items is None:
        return _nothing(ctx, groups, reviews, forecast)
    if left <= 0:
        done = wording.render_review_done(habit.cap, min(habit.cap * 2, MAX_CAP))
        return _add_outlook(ctx, reviews, done, forecast)
    track, due = due_items
    items = due[:left]
    secrets.SystemRandom().shuffle(items)
    question = render_attempt(quizzes.begin(ctx, track, "", items))
    return wording.lead_with_forecast(question, forecast)


def _read_forecast(ctx: Context, reviews: Reviews) -> list[tuple[date, int]]:
    return reviews.forecast_reviews(ctx.actor.account_id, ctx.today, ZoneInfo(ctx.actor.zone))


def _add_outlook(ctx: Context, reviews: Reviews, reply: Reply, forecast: str) -> Reply:
    """Return a reply with what comes back on the next days, and how much of each part is remembered."""
    return wording.add_outlook(reply, forecast, reviews.estimate_recall(ctx.actor.account_id, ctx.now))


def _nothing(ctx: Context, groups: Groups, reviews: Reviews, forecast: str) -> Reply:
    at, has_quiz = reviews.next_due_at(ctx.actor.account_id), _has_questions(ctx, groups)
    begin = quiz.call() if has_quiz else None
    if at is None:
        return wording.render_review_intro(begin)
    nothing = wording.render_nothing_due(markup.moment(at, ctx.actor.zone, "day"), begin)
    return _add_outlook(ctx, reviews, nothing, forecast)


def _has_questions(ctx: Context, groups: Groups) -> bool:
    """Whether a quiz could have any questions: in the person's groups, or else in any course here."""
    reachable = list_reachable(groups.work, ctx)
    walked = [groups.tracks_of(group).get(group.roadmap_id) for group in reachable] or groups.tracks(ctx).values()
    return any(track is not None and track.banks for track in walked)


def _change_habit(ctx: Context, reviews: Reviews, cap: int | None, hour: time | None, nudge: Nudge | None) -> Reply:
    """Store a person's review habit, and show the change."""
    habit = reviews.habit(ctx.actor.account_id)
    at = habit.hour if hour is None else hour
    now = ReviewHabit(cap=cap or habit.cap, hour=at, nudge=nudge or habit.nudge)
    reviews.keep(ctx.actor.account_id, cap=now.cap, hour=now.hour, nudge=now.nudge, now=ctx.now)
    return wording.render_habit(now, start=review.call(), stop=review.call(nudge="no"), has_named_hour=hour is not None)


REVIEW_COMMANDS: tuple[Command, ...] = (review,)


@member_action("warmup", after_end=True)
def warmup(
    ctx: Context,
    unit: Annotated[UnitRef, Param("Unit")],
    pick: Annotated[str, LETTER],
    *,
    groups: Groups,
    warm_ups: WarmUps,
) -> Reply:
    """Answer the warm-up question of a unit."""
    timeline = groups.here(ctx)
    group = timeline.group
    warm_up = warm_ups.find(group.id, groups.tracks_of(group)[timeline.roadmap.id], unit)
    if warm_up is None or pick not in warm_up.posed.letters:
        raise NotFound(
            "That question is gone. Take a quiz instead.",
            buttons=(Button("Take a quiz", quiz.call(group.id), "primary"),),
        )
    if is_over(timeline, unit):
        given = warm_ups.given(warm_up, ctx.actor.account_id)
        return wording.render_warm_up_answer(warm_up, given, lead=wording.describe_closed(given))
    if warm_ups.answer(warm_up, ctx.actor.account_id, pick, ctx.now):
        groups.wake(group, ctx.now)
        counted = replace(warm_up, counts={**warm_up.counts, pick: warm_up.counts.get(pick, 0) + 1})
        return wording.render_warm_up_answer(counted, pick, group=ctx.actor.group)
    given = warm_ups.given(warm_up, ctx.actor.account_id)
    return wording.render_warm_up_answer(warm_up, given, lead=wording.describe_chosen(given))


def is_over(timeline: Timeline, unit_id: str) -> bool:
    """Whether the right answer is public: with the next unit's post, or the season's last post."""
    newest = timeline.opened[-1].slot.unit_id if timeline.opened else None
    return newest != unit_id or timeline.group.closed_at is not None or timeline.group.ended_at is not None


WARM_UP_COMMANDS: tuple[Command, ...] = (warmup,)
