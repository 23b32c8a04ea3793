"""What a member does to repair a streak."""

from __future__ import annotations

from dataclasses import replace

from bot.core import markup
from bot.core.command import Command, command
from bot.core.context import Context
from bot.core.numerals import lasting
from bot.core.reply import Button, Reply, Text, say
from bot.features import ways
from bot.features.progress import wording
from bot.features.progress.repairs import Chance, Repairs
from bot.features.progress.service import Mine, Progress
from bot.features.quiz import commands as quiz_commands
from bot.features.quiz.prospects import Prospects
from bot.features.quiz.service import Attempt
from bot.features.rules import QUIZ_PASS, QUIZ_QUESTIONS, REPAIRABLE


@command(
    "repair", hidden=True, role="member", cohort="needed", own=True,
    asked=(r"(?:repair|restore|mend|fix|get back|win back) (?:my |a |the )?(?:broken |lost )?streak",),
)  # fmt: skip
def repair(ctx: Context, *, repairs: Repairs) -> Reply:
    """Repair your streak, or say what it still takes."""
    mine, chance, is_done = repairs.make(ctx)
    cohort_id = mine.timeline.cohort.id
    if chance is None:
        within = lasting(REPAIRABLE)
        return say(f"There is no streak of yours to repair now: once a leg it can be, for {within} after its end.")
    if is_done:
        return say(
            f"{wording.balance(mine.score)} One repair a leg: this was that of leg {chance.leg.number}.",
            title="Repaired", tone="good", buttons=(Button("My progress", ways.PROGRESS.call(cohort_id), "primary"),),
        )  # fmt: skip
    return Reply((Text(offered(mine, chance)),), steps(ctx, mine, chance), title="Repair your streak")


def offered(mine: Mine, chance: Chance) -> str:
    """Return what repairs a streak, and until when."""
    label, until = markup.escape(mine.timeline.label(chance.opened.slot)), chance.until
    if chance.is_ready:
        return f"Your streak of {chance.streak} can go on: all that repairs it is there. The button does it."
    catch_up = "" if chance.is_caught_up else "catch up on it"
    quiz = "" if chance.is_passed else f"pass its quiz ({QUIZ_PASS} of {QUIZ_QUESTIONS} right)"
    todo = " and ".join(filter(None, (catch_up, quiz)))
    return (
        f"Your streak of {chance.streak} can go on: **{label}** is where it ended. To repair it, {todo}, until "
        f"{markup.moment(until, mine.timeline.cohort.zone)}."
    )


def steps(ctx: Context, mine: Mine, chance: Chance) -> tuple[Button, ...]:
    """Return the buttons of what is left to do."""
    cohort_id, unit_id = mine.timeline.cohort.id, chance.opened.slot.unit_id
    catch_up = Button("Catch up", ways.CHECKIN.ask(cohort_id, unit=unit_id), "primary")
    left = [] if chance.is_caught_up else [catch_up]
    if chance.quiz is not None and not chance.is_passed:
        unit = mine.timeline.roadmap.unit(mine.timeline.roadmap.heir(unit_id))
        left.append(Button("Quiz", quiz_commands.way(ctx, chance.quiz, unit)))
    return tuple(left)


class Mending(Prospects):
    """Tells whoever has passed a quiz that it repairs their streak, or does with one thing more."""

    def __init__(self, progress: Progress, repairs: Repairs) -> None:
        self._progress, self._repairs = progress, repairs

    def after(self, ctx: Context, attempt: Attempt) -> Reply | None:
        """Return what the quiz of a unit does for a streak that ended there."""
        cohort_id = attempt.row.cohort_id
        member = self._progress.cohorts.find_membership(cohort_id, ctx.actor.account_id) if cohort_id else None
        if member is None or member.left_at is not None:
            return None
        mine = self._progress.mine(replace(ctx, actor=replace(ctx.actor, cohort_id=cohort_id)))
        chance = self._repairs.find(mine, ctx.now)
        if chance is None or attempt.row.unit_id != mine.timeline.roadmap.heir(chance.opened.slot.unit_id):
            return None
        mend = (Button("Repair my streak", ways.REPAIR.call(cohort_id), "primary"),)
        return Reply((Text(offered(mine, chance)),), mend if chance.is_ready else steps(ctx, mine, chance))


COMMANDS: tuple[Command, ...] = (repair,)
