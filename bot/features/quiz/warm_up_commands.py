"""The buttons of a warm-up below a unit's post."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Cohorts
from bot.features.quiz import wording
from bot.features.quiz.commands import LETTER, make_reading_button, quiz
from bot.features.quiz.warm_up import WarmUp, WarmUps
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Button, Reply, Text


@command("warmup", hidden=True, role="member", cohort="needed", after_end=True)
def warmup(
    ctx: Context,
    unit: Annotated[UnitRef, Param("Unit")],
    pick: Annotated[str, LETTER],
    *,
    cohorts: Cohorts,
    warm_ups: WarmUps,
) -> Reply:
    """Answer the question below a unit's post; only you see how it went."""
    timeline = cohorts.here(ctx)
    cohort = timeline.cohort
    warm_up = warm_ups.find(cohort.id, cohorts.tracks_of(cohort)[timeline.roadmap.id], unit)
    if warm_up is None or pick not in warm_up.posed.letters:
        another = Button("A quiz", quiz.call(cohort.id), "primary")
        raise NotFound("That question is not there any more. A quiz asks others.", buttons=(another,))
    if is_over(timeline, unit):
        given = warm_ups.given(warm_up, ctx.actor.account_id)
        return _render_answer(
            warm_up, given, "It is over by now" + (f"; you chose {given}." if given else ", and counts no more.")
        )
    if warm_ups.answer(warm_up, ctx.actor.account_id, pick, ctx.now):
        cohorts.wake(cohort, ctx.now)
        counted = replace(warm_up, counts={**warm_up.counts, pick: warm_up.counts.get(pick, 0) + 1})
        return _render_answer(counted, pick, group=ctx.actor.group)
    given = warm_ups.given(warm_up, ctx.actor.account_id)
    return _render_answer(warm_up, given, f"You have chosen {given} already, and that stays.")


def is_over(timeline: Timeline, unit_id: str) -> bool:
    """Whether the right answer is public: with the next unit's post, or the season's last post."""
    newest = timeline.opened[-1].slot.unit_id if timeline.opened else None
    return newest != unit_id or timeline.cohort.closed_at is not None or timeline.cohort.ended_at is not None


def letters(warm_up: WarmUp) -> tuple[Button, ...]:
    """Return the buttons that answer a warm-up."""
    unit = warm_up.unit_id
    return tuple(
        Button(letter, warmup.call(warm_up.cohort_id, unit=unit, pick=letter)) for letter in warm_up.posed.letters
    )


def _render_answer(warm_up: WarmUp, given: str | None, first: str = "", group: str = "") -> Reply:
    """Return the private outcome of an answer; without an answer, the right one.

    Args:
        group: the group's unescaped name, shown on the receipt.
    """
    posed = replace(warm_up.posed, given=given)
    source = posed.item.source
    opens = make_reading_button(warm_up.track, warm_up.cohort_id, source, "Read about it")
    outcome = wording.outcome(posed) if given else [wording.resolved(warm_up)]
    more = [Text(f"_{wording.answered(warm_up)}_")] if given else []
    where = Text(f"Source: {markup.escape(source.heading, 120)}")
    more += [Text(f"_In {markup.escape(group)}._")] if group else []
    reply = Reply(
        (*outcome, *more, where), (opens,) if opens else (), title="Warm-up", tone="good" if posed.is_right else "plain"
    )
    return reply.headed_by(Text(f"_{first}_")) if first else reply


COMMANDS: tuple[Command, ...] = (warmup,)
